"""The access matrix, walked whole: every role at every door, for every object.

The table says who reads what; what each door must answer follows from it. A door that is added gets a line here: the last
test names those that have none.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone, translation

from events.models import Agreement, Consultation, JoinLink, SeminarKind
from members.models import Audience, DelegateRole, InstitutionProposal, ProposalState
from rifess.base.dates import today_in_the_network
from rifess.portal.search import sync
from tests.make import (
    history_of_what_is_made,
    make_caption,
    make_clip,
    make_delegate,
    make_document,
    make_editor,
    make_institution,
    make_intervention,
    make_membership,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_topic,
    make_trusted,
    make_user,
    make_version,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.one_database("1,600 pages for who may read what: the rules are tested on both in the tests of each queryset"),
]

# Roles by a letter each
VISITOR, NEVER, ENDED, COMING, LEFT = "v", "n", "e", "c", "l"
OBSERVER, PARTNER, ALTERNATE, TITULAR, TECHNICAL = "o", "p", "a", "t", "x"
UNDECIDED, FOR_THE_OBSERVER = "u", "w"  # both speak for a member and for an observer: before they choose, and as the observer
SECRETARY, EDITOR, UNVERIFIED = "S", "E", "s"  # the last: the secretariat without a second factor
ROLES = "vneclopatxuwSEs"
MEMBERS, NETWORK, DESK = set("atx"), set("atxow"), set("SE")
ALL = "colibrí"  # in the names of what a search finds, so that one question asks for everything

READERS = {
    "abierta": set(ROLES),  # published, for everyone: what no door showed of it would prove nothing
    "borrador": DESK,
    "miembros": MEMBERS | DESK,
    "red": NETWORK | DESK,
    "secretaria": DESK,
    "acuerdomiembros": MEMBERS | {SECRETARY},
    "acuerdored": NETWORK | {SECRETARY},
    "consulta": MEMBERS | {SECRETARY},
    "propuestapropia": MEMBERS,  # the secretariat answers it in the administration
    "propuestaajena": set(),
}


@dataclass(frozen=True)
class Kept:
    """An object of the matrix: what is made of it is called one of `names` and its word; `at` are its own addresses, by door."""

    word: str
    names: set
    at: dict


@pytest.fixture(scope="module")
def network(django_db_setup, django_db_blocker):
    """Everything, once for all roles: made in a transaction that is undone at the end."""
    from django.db import transaction

    with django_db_blocker.unblock(), translation.override("es"), transaction.atomic():
        sync.follow()
        with sync.paused(), history_of_what_is_made():
            made = furnish()
        yield made
        sync.rest()
        transaction.set_rollback(True)


@pytest.fixture
def db(network):
    """In place of pytest-django's: these tests read what the module has made, and write nothing."""


def furnish():
    make_trusted("medios.example")
    seats = {
        "member": make_membership(country="MX", institution=make_institution(country="MX")),
        "other": make_membership(country="CO", institution=make_institution(country="CO")),
        "observer": make_membership(category="observer"),
        "partner": make_membership(category="partner"),
        "left": make_membership(country="CL", left_on=today_in_the_network()),
    }
    seminars = {
        "abierta": make_seminar(title=f"Encuentro abierta {ALL}", slug="seminario-abierta", **recent()),
        "borrador": make_seminar(title=f"Encuentro borrador {ALL}", slug="seminario-borrador", published_at=None, **recent()),
        "miembros": make_meeting("miembros", Audience.MEMBERS),
        "red": make_meeting("red", Audience.MEMBERS_AND_OBSERVERS),
    }
    audiences = {
        "abierta": Audience.EVERYONE,
        "borrador": Audience.EVERYONE,
        "miembros": Audience.MEMBERS,
        "red": Audience.MEMBERS_AND_OBSERVERS,
        "secretaria": Audience.SECRETARIAT,
    }
    kept = {word: keep(word, seminars.get(word), audience) for word, audience in audiences.items()}
    kept["acuerdomiembros"] = keep_agreement("acuerdomiembros", Audience.MEMBERS)
    kept["acuerdored"] = keep_agreement("acuerdored", Audience.MEMBERS_AND_OBSERVERS)
    kept["consulta"] = keep_consultation()
    kept["propuestapropia"] = keep_proposal("propuestapropia", seats["member"])
    kept["propuestaajena"] = keep_proposal("propuestaajena", seats["other"])
    return kept, people(seats)


def recent():
    """Days that calendars still show, and on which nothing is near."""
    day = today_in_the_network() - timedelta(days=100)
    return {"starts_on": day, "ends_on": day}


def make_meeting(word, audience):
    held = {"kind": SeminarKind.MEETING, "audience": audience} | recent()
    meeting = make_seminar(title=f"Reunión {word} {ALL}", slug=f"seminario-{word}", **held)
    JoinLink.objects.create(seminar=meeting, join_url=f"https://sala.example/{word}")
    return meeting


def keep(word, seminar, audience):
    """A seminar with a panel, what was said in it, its recording and a paper; for the secretariat only the paper."""
    paper = make_document(title=f"Documento {word} {ALL}", url="", audience=audience, seminar=seminar, slug=f"documento-{word}")
    make_version(paper, name=f"{word}.pdf")
    at = {
        "recordings:document": [paper.slug],
        "document_file": [paper.slug],
        "admin:recordings_document_change": [paper.pk],
    }
    if seminar is None:
        return Kept(word, {"Documento"}, at)
    held = "Reunión" if seminar.kind == SeminarKind.MEETING else "Encuentro"
    return Kept(word, {"Documento", held, "Mesa", "Grabación"}, at | of_seminar(word, seminar))


def of_seminar(word, seminar):
    panel = make_panel(seminar=seminar, title=f"Mesa {word}", slug=f"mesa-{word}")
    panel.topics.add(make_topic(name=f"Tema {word}", slug=f"tema-{word}"))
    said = make_intervention(panel=panel, person=make_person(name=f"Persona {word}", slug=f"persona-{word}"))
    recording = make_recording(
        f"https://medios.example/{word}.mp4", panel=panel, title=f"Grabación {word} {ALL}", slug=f"grabacion-{word}"
    )
    make_clip(recording, said, 0, 30)
    make_caption(recording, (0, 20, f"se dijo {word} aquí"))
    return {
        "events:seminar": [seminar.slug],
        "events:now": [seminar.slug],
        "events:now-part": [seminar.slug],
        "events:panel": [seminar.slug, panel.slug],
        "events:seminar-calendar": [seminar.slug],
        "events:panel-calendar": [seminar.slug, panel.slug],
        "events:calendar-of": ["topic", f"tema-{word}"],
        "recordings:recording": [recording.slug],
        "recording_by_key": [recording.key],
        "search-moments": [recording.slug],
        "recordings:captions": [recording.slug, "es", "floor", "vtt"],
        "recordings:chapters": [recording.slug, "vtt"],
        "recordings:citation": [recording.slug, "bib"],
        "embed": [recording.key],
        "person": [f"persona-{word}"],
        "recordings:of_seminar": [seminar.slug],
        "recordings:of_person": [f"persona-{word}"],
        "recordings:of_topic": [f"tema-{word}"],
        "recordings:feed_of": ["seminar", seminar.slug, "atom"],
        "admin:events_seminar_change": [seminar.pk],
        "admin:events_seminar_history": [seminar.pk],
        "admin:events_panel_change": [panel.pk],
        "admin:recordings_recording_change": [recording.pk],
    }


def keep_agreement(word, audience):
    agreement = Agreement.objects.create(
        number=f"2026/{word}", dated_on=date(2026, 5, 1), title_es=f"Acuerdo {word}", audience=audience
    )
    return Kept(word, {"Acuerdo"}, {"delegation:agreement": [agreement.pk], "admin:events_agreement_change": [agreement.pk]})


def keep_consultation():
    now = timezone.now()
    days = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9), "published_at": now}
    consultation = Consultation.objects.create(question_es="Pregunta consulta", **days)
    at = {name: [consultation.pk] for name in ("delegation:consultation", "admin:events_consultation_change")}
    return Kept("consulta", {"Pregunta"}, at)


def keep_proposal(word, seat):
    author = make_user()
    mandate = make_delegate(user=author, membership=seat, role=DelegateRole.ALTERNATE)
    proposal = InstitutionProposal.objects.create(
        kind="institution",
        membership=seat,
        mandate=mandate,
        made_by=author,
        title=f"Cambio {word}",
        state=ProposalState.SUBMITTED,
        submitted_at=timezone.now(),
        institution=seat.institution,
    )
    return Kept(word, {"Cambio"}, {"delegation:proposal": [proposal.pk], "admin:members_proposal_change": [proposal.pk]})


def people(seats):
    """{role: (its account, the membership it chose)}."""
    today = today_in_the_network()

    def speaking(seat, **given):
        user = make_user()
        make_delegate(user=user, membership=seats[seat], **given)
        return user

    both = make_user()
    person = make_person(user=both)
    for seat in ("other", "observer"):
        make_delegate(person=person, membership=seats[seat], role=DelegateRole.ALTERNATE)
    return {
        VISITOR: (None, None),
        NEVER: (make_user(), None),
        ENDED: (speaking("member", role=DelegateRole.ALTERNATE, ended_on=today), None),
        COMING: (speaking("member", role=DelegateRole.ALTERNATE, starts_on=today + timedelta(days=1)), None),
        LEFT: (speaking("left"), None),
        OBSERVER: (speaking("observer"), None),
        PARTNER: (speaking("partner"), None),
        ALTERNATE: (speaking("member", role=DelegateRole.ALTERNATE), None),
        TITULAR: (speaking("member"), None),
        TECHNICAL: (speaking("member", role=DelegateRole.TECHNICAL), None),
        UNDECIDED: (both, None),
        FOR_THE_OBSERVER: (both, seats["observer"]),
        SECRETARY: (make_secretary(), None),
        EDITOR: (make_editor(), None),
        UNVERIFIED: (make_secretary(second_factor=False), None),
    }


@pytest.fixture(params=ROLES)
def role(request):
    return request.param


@pytest.fixture
def knocking(network, role):
    """The browser of whoever has this role."""
    client, (user, seat) = Client(), network[1][role]
    if user:
        client.force_login(user)
    if seat:
        session = client.session
        session["acts_for"] = seat.pk
        session.save()
    return client


# The doors

PUBLIC_ONLY = {"embed", "recordings:feed_of", "events:calendar-of"}  # for other sites: what any visitor may see, whoever asks
ASK_THEM = {VISITOR, TITULAR, SECRETARY}  # enough to see that they do not look who asks
BEHIND_SIGN_IN = ("delegation:", "admin:")  # who has no account is led to sign in, whether there is such a page or not
SHOWN = {200, 302}
NOT_SHOWN = {404}

NAMES = ("Encuentro", "Reunión", "Mesa", "Persona", "Tema", "Grabación", "Documento", "Acuerdo", "Pregunta", "Cambio")
LISTS = {  # address → the kinds of names that it shows to whoever may read them, and what it is asked
    "home": (set(), {}),
    "events:seminars": ({"Encuentro", "Reunión"}, {}),
    "recordings:recordings": ({"Grabación"}, {}),
    "recordings:documents": ({"Documento"}, {}),
    "people": (set(), {}),
    "network": (set(), {}),
    "search": ({"Encuentro", "Reunión", "Grabación", "Documento"}, {"q": ALL}),
    "search-suggestions": (set(), {"q": ALL}),
    "sitemap": (set(), {}),
    "opensearch": (set(), {}),
    "robots": (set(), {}),
    "delegation:desk": (set(), {}),
    "delegation:meetings": ({"Reunión"}, {}),
    "delegation:agreements": ({"Acuerdo"}, {}),
    "delegation:consultations": ({"Pregunta"}, {}),
    "delegation:proposals": ({"Cambio"}, {}),
    "delegation:directory": (set(), {}),
    "delegation:institution": (set(), {}),
}
FEEDS = {  # what any visitor may see, whoever asks
    ("recordings:feed", "atom"): {},
    ("recordings:feed", "xml"): {},
    ("search-feed", "atom"): {"q": ALL},
    ("events:calendar",): {},
    ("events:calendar-of", "topic", "tema-abierta"): {},
    ("sitemap-of", "seminars"): {},
    ("sitemap-of", "panels"): {},
    ("sitemap-of", "recordings"): {},
    ("sitemap-of", "documents"): {},
    ("sitemap-of", "people"): {},
}
OEMBED = "http://testserver/es/grabaciones/grabacion-{word}/"


def expected_status(door, word, role):
    """The statuses with which `door` may answer `role` about `word`."""
    if door.startswith(BEHIND_SIGN_IN) and role == VISITOR:
        return {302}
    if door.startswith("admin:"):
        return at_the_administration(door, word, role)
    if door in PUBLIC_ONLY:
        return SHOWN if VISITOR in READERS[word] else NOT_SHOWN
    if door.startswith("delegation:") and role == UNDECIDED:
        return {302, 404}  # led to choose first
    return SHOWN if role in READERS[word] else NOT_SHOWN


def at_the_administration(door, word, role):
    if role == SECRETARY:
        return {200}
    if role == EDITOR:
        return {200} if READERS[word] >= DESK else {403, 404}  # content, and nothing of memberships
    return {302, 403, 404}


def test_every_object_answers_at_its_own_doors_only_those_who_may_read_it(network, knocking, role):
    wrong, joining = {}, []
    for kept in network[0].values():
        for door, given in kept.at.items():
            if door in PUBLIC_ONLY and role not in ASK_THEM:
                continue
            response = knocking.get(reverse(door, args=given))
            if response.status_code not in expected_status(door, kept.word, role):
                wrong[door, kept.word] = response.status_code
            if b"sala.example" in response.getvalue() and role != SECRETARY:  # no meeting is near
                joining.append(door)

    assert (wrong, joining) == ({}, [])


def test_every_list_names_only_what_they_may_read_and_all_of_that(network, knocking, role):
    leaks, silent = {}, {}
    for door, (shown, asked) in LISTS.items():
        text = read(knocking, door, **asked)
        for kept in network[0].values():
            told = told_in(text, kept.word)
            if told and role not in READERS[kept.word]:
                leaks[door, kept.word] = told
            if kept.names & shown and not told and should_read(door, kept.word, role):
                silent[door, kept.word] = shown

    assert (leaks, silent) == ({}, {})


def should_read(door, word, role):
    """Whether `role` reads of `word` there: the secretariat reads the delegates' lists in the administration."""
    return role in READERS[word] and not (door.startswith("delegation:") and role in DESK)


def told_in(text, word):
    """The names by which `word` is told of in `text`."""
    return [f"{name} {word}" for name in NAMES if re.search(rf"{name} {word}\b", text)]


def read(client, door, *given, **asked):
    """What is said at a door; nothing where one is sent elsewhere."""
    response = client.get(reverse(door, args=given), asked)
    return unescape(re.sub(r"</?mark>", "", response.getvalue().decode(errors="replace"))) if response.status_code == 200 else ""


@pytest.mark.parametrize("role", sorted(ASK_THEM))
def test_feeds_and_maps_tell_everybody_what_is_public_and_nothing_else(network, knocking):
    told = {address: heard_in(read(knocking, *address, **asked)) for address, asked in FEEDS.items()}
    told |= {("oembed", word): heard_in(read(knocking, "oembed", url=OEMBED.format(word=word))) for word in READERS}

    public = {address for address, words in told.items() if words == ["abierta"]}
    assert {address: words for address, words in told.items() if words not in ([], ["abierta"])} == {}
    assert public == {*FEEDS, ("oembed", "abierta")}


def heard_in(text):
    """The words of the objects of which `text` tells anything, an address included."""
    return [word for word in READERS if told_in(text, word) or re.search(rf"-{word}[/<\"&?]", text)]


def test_every_list_of_the_administration_opens_to_those_whose_work_it_is(network, knocking, role):
    lists = [reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in admin.site._registry]

    answered = {page: knocking.get(page).status_code for page in lists}

    if role == SECRETARY:
        assert {page.split("/admin/")[1] for page, status in answered.items() if status != 200} == FOR_ENGINEERS
    elif role == EDITOR:
        opened = {page.split("/admin/")[1] for page, status in answered.items() if status == 200}
        assert opened == EDITORS_LISTS
    else:
        assert 200 not in answered.values()


FOR_ENGINEERS = {  # tables of the packages, which a superuser may look at
    "auditlog/logentry/",
    "auth/group/",
    "django_tasks_database/dbtaskresult/",
}
EDITORS_LISTS = {
    "events/intervention/",
    "events/panel/",
    "events/seminar/",
    "events/topic/",
    "members/institution/",
    "members/person/",
    "recordings/caption/",
    "recordings/document/",
    "recordings/recording/",
    "search/concept/",
}

# Doors that are walked elsewhere, or lead to nothing that is kept from anybody
ELSEWHERE = {
    "about": "a text for everyone",
    "accessibility": "a text for everyone",
    "contact": "a form for everyone",
    "contact-thanks": "a text for everyone",
    "security": "a text for everyone",
    "change-password": "leads to where the account's owner signs in",
    "health": "says only that it answers",
    "health-live": "says only that it answers",
    "health-ready": "names parts of the portal that are missing, and nothing of their contents; tests/portal/test_health.py",
    "None": "chooses a language",
    "privacy": "a text for everyone",
    "country": "public facts; tests/portal/test_countries.py",
    "institution": "tests/portal/access/test_nothing_leaks.py",
    "poster": "tests/portal/access/test_nothing_leaks.py",
    "recordings:of_country": "tests/portal/access/test_nothing_leaks.py",
    "document_version": "tests/recordings/documents/test_files.py",
    "certificate": "leads to its page, whatever the code; tests/events/certificates/test_certificates.py",
    "certificate-credential": "by the code on the paper; tests/events/certificates/test_certificates.py",
    "certificate-paper": "by the code on the paper; tests/events/certificates/test_certificates.py",
    "events:certificate": "by the code on the paper; tests/events/certificates/test_certificates.py",
    "events:verify": "a form for everyone",
    "events:verify-file": "a form for everyone",
    "issuer": "public facts",
    "revocations": "names nobody; tests/events/certificates/test_certificates.py",
    "signing-key": "public keys",
    "signing-keys": "public keys",
    "verify": "leads to a form for everyone",
    "door": "leads to the desk, whatever the code; tests/events/attendance/test_door.py",
    "events:alert": "by a signed link; tests/events/alerts/test_alerts.py",
    "events:alert-confirm": "by a signed link; tests/events/alerts/test_alerts.py",
    "events:alert-stop": "by a signed link; tests/events/alerts/test_alerts.py",
    "events:alerts": "a form for everyone",
    "my-data": "a form for everyone; tests/portal/personal_data/test_my_data.py",
    "my-data-sent": "a text for everyone",
    "my-data-link": "by a signed link; tests/portal/personal_data/test_my_data.py",
    "registration-data": "by a signed link; tests/portal/personal_data/test_my_data.py",
    "events:alerts-sent": "a text for everyone",
    "events:register": "tests/events/registration/test_registration_pages.py",
    "events:register-delegate": "tests/events/registration/test_registration_pages.py",
    "events:register-sent": "tests/events/registration/test_registration_pages.py",
    "events:registration": "by a signed link; tests/events/registration/test_registration_pages.py",
    "events:registration-accept": "by a signed link; tests/events/registration/test_registration_pages.py",
    "events:registration-calendar": "by a signed link; tests/events/calendar/test_calendars.py",
    "events:registration-cancel": "by a signed link; tests/events/registration/test_registration_pages.py",
    "events:registration-change": "by a signed link; tests/events/registration/test_registration_pages.py",
    "events:registration-confirm": "by a signed link; tests/events/registration/test_registration_pages.py",
    "events:registration-join": "by a signed link; tests/events/consultations/test_joining.py",
    "events:registration-mailings": "by a signed link; tests/events/notifications/test_mailings.py",
    "events:registration-now": "by a signed link; tests/events/live/test_live.py",
    "events:registration-now-part": "by a signed link; tests/events/live/test_live.py",
    "events:registration-vote": "by a signed link; tests/events/live/test_asking.py",
    "events:survey": "by a signed link; tests/events/surveys/test_surveys.py",
    "members:application": "by a signed link; tests/members/test_applications.py",
    "members:end-session": "one's own sessions only; tests/members/accounts/test_signing_in.py",
    "members:invitation": "by a signed link; tests/members/test_invitations.py",
    "members:join": "a form for everyone",
    "members:join-member": "a form for everyone",
    "members:join-observer": "a form for everyone",
    "members:join-partner": "a form for everyone",
    "members:join-sent": "a text for everyone",
    "members:notice-stop": "by a signed link; tests/portal/delegation/test_notices.py",
    "members:welcome": "one's own account only; tests/members/test_invitations.py",
    "delegation:choose": "one's own mandates only; tests/members/mandates/test_standing.py",
    "delegation:data": "one's own data only; tests/portal/personal_data/test_personal_data.py",
    "delegation:data-copy": "one's own data only; tests/portal/personal_data/test_personal_data.py",
    "delegation:edit-proposal": "tests/portal/delegation/test_proposals.py",
    "delegation:notices": "one's own choice only; tests/portal/delegation/test_notices.py",
    "delegation:profile": "one's own profile only; tests/portal/delegation/test_delegation_profile.py",
    "delegation:proposal-file": "tests/portal/delegation/test_proposals.py",
    "delegation:propose": "tests/portal/delegation/test_proposals.py",
    "delegation:vote": "tests/events/consultations/test_consultations.py",
}
NOT_OURS = ("account_", "mfa_", "usersessions_")  # allauth's: tests/members/accounts/test_signing_in.py


def test_every_door_has_its_line_in_the_matrix(network):
    walked = {door for kept in network[0].values() for door in kept.at} | {*LISTS, "oembed"} | {door for door, *_given in FEEDS}

    assert doors() - walked - set(ELSEWHERE) == set()


def test_no_line_of_the_matrix_is_about_a_door_that_is_gone():
    assert set(ELSEWHERE) - doors() == set()


def doors():
    return {name for name in _names(get_resolver()) if not name.startswith(NOT_OURS)}


def _names(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}:{pattern.name}" if namespace else str(pattern.name)
        elif pattern.namespace != "admin":
            yield from _names(pattern, pattern.namespace or namespace)
