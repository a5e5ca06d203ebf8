"""What a certificate says, line by line, in the active language. It is kept as it was said: later nothing of it changes."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from events.models import AttendanceForm, CertificateKind, CertificateMeasure, InterventionRole, SeminarFormat
from rifess.base.dates import say_days
from rifess.base.text.translated import text_of

HERE = "{seminar}"  # where the title stands in a sentence; it is printed bold


def said_of(kind, seminar, *, issued_on, rules=None, **what):
    """Every line on the paper but the name and the code. `what` is asked by the kind: see the functions below."""
    sentence, details = SAID[kind](seminar, rules=rules, **what)
    return {
        "title": title_of(kind),
        "network": ["RIFESS", _("Ibero-American Network for the Promotion of the Social and Solidarity Economy")],
        "seminar": str(text_of(seminar, "title")),
        "text": _runs(sentence, str(text_of(seminar, "title"))),
        "details": details,
        "signed_by": rules.signed_by if rules else "",
        "signed_as": rules.signed_as if rules else "",
        "issued": _("Issued on %(day)s") % {"day": date_format(issued_on, "DATE_FORMAT")},
        "code_label": pgettext("certificate", "Code"),
        "check": _("Check its authenticity at"),
        "shown_address": urlsplit(settings.SITE_URL).netloc + "/verificar",
        "mark_alt": _("Mark of RIFESS: a weave of nine threads"),
        "qr_alt": _("QR code that leads to the page where this certificate is checked"),
    }


def title_of(kind):
    return {
        CertificateKind.ATTENDANCE: _("Certificate of attendance"),
        CertificateKind.INTERVENTION: _("Speaker certificate"),
        CertificateKind.ORGANIZATION: _("Certificate of organization"),
    }[kind]


def sentences_of(said):
    """What follows the name, as plain sentences."""
    return ["".join(words for words, _is_bold in said["text"]), *said["details"]]


def texts_of(said):
    """All that people wrote and the paper prints, but the name: with the portal's words around it."""
    return [said["seminar"], *(words for words, _is_bold in said["text"]), *said["details"], said["signed_by"], said["signed_as"]]


def _attendance(seminar, *, rules, form, total, panels):
    """`form` in which somebody attended (None: in both), the Total of what, and of how many `panels` there were."""
    values = {"days": say_days(seminar.starts_on, seminar.ends_on), "place": text_of(seminar, "place")}
    sentence = _took_part(form, seminar.format, has_place=bool(values["place"]))
    return sentence % values, [*_hours(rules), *_attended(rules, total, panels)]


def _took_part(form, held, *, has_place):
    """How the person took part, and how the seminar was `held`, as far as both are known."""
    afar = form == AttendanceForm.VIRTUAL
    if held == SeminarFormat.VIRTUAL:
        return _("Took part in {seminar}, held online (%(days)s).") if afar else _("Took part in {seminar} (%(days)s).")
    if held == SeminarFormat.HYBRID and has_place:
        return {
            AttendanceForm.VIRTUAL: _("Took part online in {seminar}, held in %(place)s and online (%(days)s)."),
            AttendanceForm.IN_PERSON: _("Took part in person in {seminar}, held in %(place)s and online (%(days)s)."),
        }.get(form, _("Took part in {seminar}, held in %(place)s and online (%(days)s)."))
    if held == SeminarFormat.HYBRID:
        return {
            AttendanceForm.VIRTUAL: _("Took part online in {seminar}, held in person and online (%(days)s)."),
            AttendanceForm.IN_PERSON: _("Took part in person in {seminar}, held in person and online (%(days)s)."),
        }.get(form, _("Took part in {seminar}, held in person and online (%(days)s)."))
    if has_place and afar:
        return _("Took part online in {seminar}, held in %(place)s (%(days)s).")
    if has_place:
        return _("Took part in {seminar}, held in %(place)s (%(days)s).")
    return _("Took part online in {seminar} (%(days)s).") if afar else _("Took part in {seminar} (%(days)s).")


def _hours(rules):
    if rules and rules.hours:
        yield ngettext("Length: %(count)d hour.", "Length: %(count)d hours.", rules.hours) % {"count": rules.hours}


def _attended(rules, total, panels):
    """Minutes or panels, where the certificate is earned by them."""
    measure = rules.measure if rules else CertificateMeasure.REGISTERED
    if measure == CertificateMeasure.MINUTES:
        hours, minutes = divmod(total.minutes, 60)
        spent = _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
        yield _("Time attended: %(time)s.") % {"time": spent}
    elif measure == CertificateMeasure.PANELS:
        yield ngettext("Panels attended: %(count)d of %(panels)d.", "Panels attended: %(count)d of %(panels)d.", total.panels) % {
            "count": total.panels,
            "panels": max(panels, total.panels),
        }


def _intervention(seminar, *, rules, interventions):
    """The `interventions` of one person, each with its panel."""
    sentence = _("Spoke at {seminar} (%(days)s).") % {"days": say_days(seminar.starts_on, seminar.ends_on)}
    return sentence, list(dict.fromkeys(_part(each) for each in interventions))


def _part(intervention):
    roles = {
        InterventionRole.OPENS: pgettext("part in a panel", "Opening"),
        InterventionRole.CHAIRS: pgettext("part in a panel", "Chair"),
        InterventionRole.MODERATES: pgettext("part in a panel", "Moderation"),
        InterventionRole.SPEAKS: pgettext("part in a panel", "Talk"),
        InterventionRole.REPORTS: pgettext("part in a panel", "Report"),
    }
    values = {"role": roles[intervention.role], "panel": text_of(intervention.panel, "title")}
    return _("%(role)s in the panel “%(panel)s”") % values


def _organization(seminar, *, rules, task=""):
    """`task` in the words of whoever issues it, if any."""
    sentence = _("Was part of the organization of {seminar} (%(days)s).")
    return sentence % {"days": say_days(seminar.starts_on, seminar.ends_on)}, [task] if task else []


def _runs(sentence, title):
    """The sentence as pieces, and whether each is bold."""
    before, _here, after = sentence.partition(HERE)
    return [[before, False], [title, True], [after, False]]


SAID = {
    CertificateKind.ATTENDANCE: _attendance,
    CertificateKind.INTERVENTION: _intervention,
    CertificateKind.ORGANIZATION: _organization,
}
