"""What a visitor of the demonstration needs beyond the real record. Never run in production."""

import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from events.models import (
    CertificateRules,
    Panel,
    PanelKind,
    QuestionKind,
    RegistrationQuestion,
    RegistrationTerms,
    Seats,
    Seminar,
    SeminarFormat,
    Survey,
    Topic,
)
from members.models import Delegate, DelegateRole, Membership, Person, User
from rifess.base.database.statistics import refresh_statistics
from rifess.base.dates import today_in_the_network
from rifess.base.models import Language
from rifess.portal.demo_data import make_recording

SECRETARY, DELEGATE = "secretaria@rifess.example", "delegada@rifess.example"
SEMINAR, ZONE = "seminario-de-demostracion", "America/Bogota"
DAYS_AHEAD = 60


@dataclass(frozen=True)
class Sample:
    """A panel of the demonstration: `day` counts from 0; texts are in es, pt-br and en."""

    slug: str
    kind: PanelKind
    day: int
    starts: time
    ends: time
    titles: tuple
    summaries: tuple
    topic: str = ""


PANELS = [
    Sample(
        slug="apertura",
        kind=PanelKind.OPENING,
        day=0,
        starts=time(9),
        ends=time(9, 30),
        titles=("Bienvenida", "Boas-vindas", "Welcome"),
        summaries=(
            "Así se verá la apertura de un próximo seminario de la Red.",
            "Assim será apresentada a abertura de um próximo seminário da Rede.",
            "This is how the opening of a coming seminar of the Network will look.",
        ),
    ),
    Sample(
        slug="compras-publicas",
        kind=PanelKind.PANEL,
        day=0,
        starts=time(10),
        ends=time(12),
        topic="politicas-globales",
        titles=("Compras públicas y cooperativas", "Compras públicas e cooperativas", "Public procurement and cooperatives"),
        summaries=(
            "Un panel de ejemplo, con día, hora y tema.",
            "Um painel de exemplo, com dia, horário e tema.",
            "A sample panel, with its day, time and topic.",
        ),
    ),
    Sample(
        slug="finanzas-solidarias",
        kind=PanelKind.WORKSHOP,
        day=1,
        starts=time(9),
        ends=time(11),
        topic="financiamiento",
        titles=("Finanzas solidarias en el territorio", "Finanças solidárias no território", "Solidarity finance close to home"),
        summaries=(
            "Un taller de ejemplo, en la segunda jornada.",
            "Uma oficina de exemplo, no segundo dia.",
            "A sample workshop, on the second day.",
        ),
    ),
    Sample(
        slug="cierre",
        kind=PanelKind.CLOSING,
        day=1,
        starts=time(11, 30),
        ends=time(12, 30),
        titles=("Conclusiones y próximos pasos", "Conclusões e próximos passos", "Conclusions and next steps"),
        summaries=(
            "Aquí se publicarán las conclusiones cuando el seminario termine.",
            "Aqui serão publicadas as conclusões quando o seminário terminar.",
            "The conclusions will be published here when the seminar is over.",
        ),
    ),
]


class Command(BaseCommand):
    help = "For the demonstration only: two accounts, whose secrets are printed this once, a coming seminar, a recording."

    @transaction.atomic
    def handle(self, **options):
        if settings.SITE_URL.startswith("https:"):
            raise CommandError("This is a public portal (SITE_URL is https): a demonstration has no place in it.")
        with translation.override("es"):
            made = [make_secretary(self.stdout.write), make_delegate(self.stdout.write), make_seminar()]
            made.append(self.make_recording())
        if any(made):
            refresh_statistics()
        self.stdout.write("The demonstration is ready." if any(made) else "The demonstration was ready: nothing changed.")

    def make_recording(self):
        """The sample recording, whose address is said when it is new or has changed."""
        made = make_recording()
        if made:
            self.stdout.write(f"Sample recording: {settings.SITE_URL}{made.get_absolute_url()}")
        return made


def make_secretary(say):
    """An account of the secretariat with its second factor, once."""
    group, _created = Group.objects.get_or_create(name="Secretaría")
    made = make_account(SECRETARY, "Secretaría de demostración", say, is_staff=True)
    if made:
        made.groups.add(group)
    return give_second_factor(made or User.objects.get(email=SECRETARY), say) or made


def give_second_factor(user, say):
    """What the administration asks for besides the password, said only now; None when it was there before."""
    if Authenticator.objects.filter(user=user).exists():
        return None
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    say(f"  second factor, for an app that shows codes: {secret}  (said only this once)")
    say(f"    or: otpauth://totp/{user.email}?secret={secret}&issuer={settings.MFA_TOTP_ISSUER}")
    say(f"  without an app, each of these opens once: {' '.join(codes)}")
    return user


def make_delegate(say):
    """A delegate on Mexico's seat, once."""
    seat = Membership.objects.on().members().filter(country="MX").first()
    if seat is None:
        raise CommandError("Mexico has no seat yet. Run “manage.py seed” first.")
    user = make_account(DELEGATE, "Delegada de demostración", say)
    if user:
        person = Person.objects.create(name=user.name, user=user, slug="delegada-de-demostracion")
        mandate = Delegate(
            person=person, membership=seat, role=DelegateRole.ALTERNATE, starts_on=today_in_the_network(), is_public=False
        )
        mandate.full_clean()
        mandate.save()
    return user


def make_account(email, name, say, **rights):
    """An account whose address is verified, with a password said only now; None when it was there before."""
    if User.objects.filter(email__iexact=email).exists():
        return None
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(email, password, name=name, **rights)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    say(f"{name}: {email}  password: {password}  (said only this once)")
    return user


def make_seminar():
    """A coming seminar of two days, marked as a demonstration, once."""
    if Seminar.objects.filter(slug=SEMINAR, is_demonstration=True).exists():
        return None
    first = timezone.localdate(timezone=ZoneInfo(ZONE)) + timedelta(days=DAYS_AHEAD)
    seminar = Seminar(
        slug=SEMINAR,
        title_es="Seminario de demostración",
        title_pt_br="Seminário de demonstração",
        title_en="Demonstration seminar",
        summary_es="Este seminario no existe: sirve para que usted pruebe lo que el portal ofrece antes de un encuentro.",
        summary_pt_br="Este seminário não existe: serve para que você experimente o que o portal oferece antes de um encontro.",
        summary_en="This seminar does not exist: it is here so that you can try what the portal offers before an event.",
        format=SeminarFormat.VIRTUAL,
        starts_on=first,
        ends_on=first + timedelta(days=1),
        time_zone=ZONE,
        is_demonstration=True,
        published_at=timezone.now(),
    )
    seminar.full_clean()
    seminar.save()
    seminar.languages.set(Language.objects.filter(pk__in=["es", "pt-BR"]))
    for position, sample in enumerate(PANELS, start=1):
        make_panel(seminar, position, sample)
    open_registration(seminar)
    return seminar


TOPICS_TO_CHOOSE = [
    ("Compras públicas", "Compras públicas", "Public procurement"),
    ("Finanzas solidarias", "Finanças solidárias", "Solidarity finance"),
    ("Datos y estadísticas", "Dados e estatísticas", "Data and statistics"),
]


def open_registration(seminar):
    """Seats, a question, certificates and a survey, so that taking part can be tried from one end to the other."""
    RegistrationTerms.objects.create(seminar=seminar)
    Seats.objects.create(seminar=seminar, capacity=100)
    CertificateRules.objects.create(seminar=seminar)
    Survey.objects.create(seminar=seminar)
    question = RegistrationQuestion.objects.create(
        seminar=seminar,
        kind=QuestionKind.SEVERAL,
        text_es="¿Qué temas le interesan más?",
        text_pt_br="Quais temas mais lhe interessam?",
        text_en="Which topics interest you most?",
    )
    for position, (es, pt_br, en) in enumerate(TOPICS_TO_CHOOSE, start=1):
        question.options.create(position=position, text_es=es, text_pt_br=pt_br, text_en=en)


def make_panel(seminar, position, sample):
    held_on = seminar.starts_on + timedelta(days=sample.day)
    panel = Panel(seminar=seminar, position=position, slug=sample.slug, kind=sample.kind, held_on=held_on)
    panel.starts_at, panel.ends_at = (datetime.combine(held_on, clock, seminar.zone) for clock in (sample.starts, sample.ends))
    for language, title, summary in zip(("es", "pt_br", "en"), sample.titles, sample.summaries, strict=True):
        setattr(panel, f"title_{language}", title)
        setattr(panel, f"summary_{language}", summary)
    panel.full_clean()
    panel.save()
    panel.topics.set(Topic.objects.filter(slug=sample.topic))
