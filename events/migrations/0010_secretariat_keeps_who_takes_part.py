"""Who takes part is the secretariat's to keep, and nobody else's. The first privacy notice people agree to."""

from datetime import date

from django.db import migrations

from rifess.base.groups import grant

KEPT = [
    "alert",
    "attendance",
    "certificate",
    "certificaterules",
    "interpretationchannel",
    "issuingjob",
    "lettertold",
    "listedparticipant",
    "mailing",
    "panelquestion",
    "platformlist",
    "privacynotice",
    "registration",
    "registrationanswer",
    "registrationquestion",
    "registrationterms",
    "seats",
    "seminarletter",
    "signingkey",
    "stream",
    "survey",
    "surveyresponse",
    "takingpart",
]
FIRST_NOTICE = {
    "es": (
        "La Secretaría de la RIFESS usa estos datos para gestionar su inscripción, enviarle los avisos del seminario, "
        "registrar su asistencia y expedir su constancia. No se publican ni se comparten con terceros. "
        "Puede consultarlos, corregirlos o cancelar su inscripción con el enlace que recibirá por correo. "
        "Cumplido el plazo de conservación que indica el aviso de privacidad del portal, se vuelven anónimos."
    ),
    "pt-br": (
        "A Secretaria da RIFESS usa estes dados para gerir sua inscrição, enviar os avisos do seminário, "
        "registrar sua presença e emitir seu certificado. Eles não são publicados nem compartilhados com terceiros. "
        "Você pode consultá-los, corrigi-los ou cancelar a inscrição pelo link que receberá por e-mail. "
        "Encerrado o prazo de guarda indicado no aviso de privacidade do portal, eles são anonimizados."
    ),
    "en": (
        "The RIFESS secretariat uses these data to manage your registration, send you notices of the seminar, "
        "record your attendance and issue your certificate. They are neither published nor shared with third parties. "
        "You can see them, correct them or cancel your registration with the link you receive by e-mail. "
        "After the period given in the portal's privacy notice they are made anonymous."
    ),
}


def write_the_first_notice(apps, schema_editor):
    texts = {f"text_{language.replace('-', '_')}": words for language, words in FIRST_NOTICE.items()}
    notices = apps.get_model("events", "PrivacyNotice").objects
    notices.get_or_create(version=1, defaults={"text": FIRST_NOTICE["es"], "in_force_since": date(2026, 11, 24), **texts})


class Migration(migrations.Migration):
    dependencies = [("events", "0009_registration_attendance_and_certificates")]
    operations = [
        migrations.RunPython(grant("events", secretariat=KEPT, editors=[]), migrations.RunPython.noop),
        migrations.RunPython(write_the_first_notice, migrations.RunPython.noop),
    ]
