"""Every door through which something of a recording could come out, knocked at by everyone, for each reason to keep it in.

What one door says and another must not is a word: each recording has words of its own that stand nowhere else. A door that is
added gets a line here. That each door shows what may be seen is tested with the same lines: one that says nothing proves nothing.

All of it is furnished once for the whole module, and what the recordings share (somebody who speaks, a topic, a word) leads to
pages that could tell of every one of them: each is asked once.
"""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from operator import attrgetter
from urllib.parse import unquote, urlencode

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image

from events.models import Intervention, Panel, PrintedPosition, Seminar, Topic
from members.models import Audience, DelegateRole, Institution, Person
from recordings.models import ConsentScope, Recording
from rifess.portal.search import sync
from tests.make import (
    history_of_what_is_made,
    make_caption,
    make_chapter,
    make_clip,
    make_consent,
    make_delegate_user,
    make_editor,
    make_institution,
    make_intervention,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_topic,
    make_trusted,
    make_user,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.one_database("1,800 pages for who may read what: the rules are tested on both in the tests of each queryset"),
]
SITE = "medios.example"

ROLES = {
    "visitor": lambda: None,
    "account without a mandate": make_user,
    "delegate of an observer": lambda: make_delegate_user(category="observer"),
    "delegate of a partner": lambda: make_delegate_user(category="partner"),
    "titular": make_delegate_user,
    "alternate": lambda: make_delegate_user(role=DelegateRole.ALTERNATE),
    "delegate whose mandate ended": lambda: make_delegate_user(ended_on=date(2024, 6, 1)),
    "staff without rights": lambda: make_user(is_staff=True),
    "editor": make_editor,
    "secretary": make_secretary,
}
MEMBERS, DESK = {"titular", "alternate"}, {"editor", "secretary"}
SEEN_BY = {  # why a recording is not for everybody, and who sees it all the same
    "abierta": set(ROLES),  # nothing speaks against it: what no door showed of it would be tested nowhere
    "borrador": DESK,
    "retirado": DESK,
    "revocada": DESK,  # a speaker took the permission back
    "estrecha": DESK,  # a speaker allows it within the Network only
    "preparada": DESK,  # its seminar is a draft
    "reservada": DESK | MEMBERS,  # its seminar is for members
    "borrada": set(),
}
HIDDEN = [why for why, roles in SEEN_BY.items() if roles and "visitor" not in roles]
GONE = {"retirado", "revocada"}  # their own address says so to those who may see the seminar
OF_UNSEEN_SEMINARS = {"preparada", "reservada"}


@dataclass(frozen=True)
class Shared:
    """What all recordings have in common. Their titles have a word too, and so has what is said in them."""

    person: Person
    institution: Institution
    topic: Topic


@dataclass(frozen=True)
class Kept:
    """A recording with everything that it can have, and the words that tell of it."""

    recording: Recording
    sibling: Recording
    cousin: Recording
    seminar: Seminar
    panel: Panel
    said: Intervention
    person: Person
    topic: Topic
    shared: Shared
    words: tuple[str, ...]


@pytest.fixture(autouse=True)
def in_spanish():
    with translation.override("es"):
        yield


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker, index_rests):
    """All of them, by why they are not for everybody: furnished once, searchable, and undone after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        sync.follow()
        with translation.override("es"), history_of_what_is_made():
            furnished = furnish_all()
        sync.rest()
        yield furnished
        transaction.set_rollback(True)


def furnish_all():
    make_trusted(SITE)
    shared = Shared(make_person(name="Compartida"), make_institution(), make_topic())
    waiting = make_seminar(waits_for_consent=True)
    seminars = {
        "abierta": make_seminar(starts_on=date(2025, 9, 5), ends_on=date(2025, 9, 6)),
        "revocada": waiting,
        "estrecha": waiting,
        "preparada": make_seminar(title="Encuentropreparada", published_at=None),
        "reservada": make_seminar(title="Encuentroreservada", audience=Audience.MEMBERS),
    }
    given = {"borrador": {"published_at": None}, "retirado": {"withdrawn_on": date(2025, 10, 1)}}
    with sync.paused():
        kept = {why: furnish(why, seminars.get(why, seminars["abierta"]), shared, **given.get(why, {})) for why in SEEN_BY}
        make_consent(kept["revocada"].recording, kept["revocada"].person, withdrawn_on=date(2025, 10, 1))
        make_consent(kept["estrecha"].recording, kept["estrecha"].person, scope=ConsentScope.NETWORK)
    Recording.objects.get(pk=kept["borrada"].recording.pk).delete()
    return kept


def furnish(why, seminar, shared, **given):
    panel, person, topic = make_panel(seminar=seminar, title=f"Mesa{why}"), make_person(name=f"Persona{why}"), make_topic()
    said, too = make_intervention(panel=panel, person=person), make_intervention(panel=panel, person=shared.person)
    for each in (said, too):
        PrintedPosition.objects.create(intervention=each, text_es="Directora", institution=shared.institution, country="UY")
    panel.topics.set([topic, shared.topic])
    given |= {"panel": panel, "slug": f"cinta-{why}", "title_es": f"Titulo{why} repetido", "summary_es": f"Resumen{why}"}
    recording = make_recording(f"https://{SITE}/archivo{why}.mp4", **given)
    recording.poster.save("imagen.png", ContentFile(picture()))
    recording.languages.set(["es"])
    make_clip(recording, said, 10, 30)
    make_clip(recording, too, 30, 40)
    make_chapter(recording, 0, f"Capitulo{why}")
    caption = make_caption(recording, (0, 20, f"dijo{why} común", f"Voz{why}"))
    caption.original.save("dicho.vtt", ContentFile(f"WEBVTT\n\n00:00.000 --> 00:20.000\ndijo{why}\n".encode()))
    sibling = make_recording(panel=panel, part=2, title="Segunda parte")
    cousin = make_recording(panel=make_panel(seminar=make_seminar(starts_on=date(2020, 9, 5), ends_on=None)))
    cousin.panel.topics.add(topic)
    telling = ["Titulo", "Resumen", "Capitulo", "dijo", "Voz", "archivo", "cinta-"]
    if why in OF_UNSEEN_SEMINARS:
        telling += ["Mesa", "Persona", "Encuentro"]
    words = (*(f"{beginning}{why}" for beginning in telling), recording.key)
    return Kept(recording, sibling, cousin, seminar, panel, said, person, topic, shared, words)


def picture():
    drawn = BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "PNG")
    return drawn.getvalue()


# The doors: from what is kept to an address


def at(page, *names):
    """`page` with what `names` say of it: "recording.slug"; other words stand for themselves."""
    return lambda kept: reverse(page, args=[said_of(kept, name) for name in names])


def said_of(kept, name):
    row, _dot, field = name.rpartition(".")
    return attrgetter(name)(kept) if field and hasattr(kept, row.partition(".")[0]) else name


def ask(page, **query):
    """`page` asked for what a function tells of what is kept, or for a fixed word."""
    return lambda kept: f"{page(kept)}?{urlencode({name: how(kept) if callable(how) else how for name, how in query.items()})}"


def the(beginning):
    """The word of a recording that begins so."""
    return lambda kept: next(word for word in kept.words if word.startswith(beginning))


def whole(page):
    return lambda kept: f"http://testserver{page(kept)}"


PAGE, KEY, EMBED = (
    at("recordings:recording", "recording.slug"),
    at("recording_by_key", "recording.key"),
    at("embed", "recording.key"),
)
LIST, SEARCH = at("recordings:recordings"), at("search")

OWN = {  # where there is nothing unless one may see the recording
    "page": PAGE,
    "page at a second": ask(PAGE, t="5,15", lang="es"),
    "short address": KEY,
    "short address at a second": ask(KEY, t="5"),
    "all moments": ask(at("search-moments", "recording.slug"), q="común"),
    **{f"captions as {form}": at("recordings:captions", "recording.slug", "es", "floor", form) for form in ("vtt", "srt", "txt")},
    **{f"chapters as {form}": at("recordings:chapters", "recording.slug", form) for form in ("vtt", "txt", "json")},
    **{f"citation as {form}": at("recordings:citation", "recording.slug", form) for form in ("bib", "ris", "csl.json")},
}
SAY_WITHDRAWN = {name for name in OWN if name.startswith(("page", "short address"))}
AS_FILES = ("captions", "chapters", "citation")
PICTURES = {"poster": at("poster", "recording.key")}  # its answer has no words
FILES = {"captions as uploaded": at("recordings:captions", "recording.slug", "es", "floor", "original")}
ELSEWHERE = {  # for other sites: what any visitor may see, whoever asks
    "embed": EMBED,
    "embed at a second": ask(EMBED, t="5", lang="en"),
    **{
        f"oEmbed of {name}": ask(at("oembed"), url=whole(page), format="json")
        for name, page in {"the page": PAGE, "the short address": KEY, "the embed": EMBED}.items()
    },
}
BESIDE = {  # pages of something else that tell of it
    "seminar": at("events:seminar", "seminar.slug"),
    "panel": at("events:panel", "seminar.slug", "panel.slug"),
    "person": at("person", "shared.person.slug"),
    "institution": at("institution", "shared.institution.slug"),
    "another recording of the panel": at("recordings:recording", "sibling.slug"),
    "a recording on the same topic": at("recordings:recording", "cousin.slug"),
    "recordings of the seminar": at("recordings:of_seminar", "seminar.slug"),
    "recordings of the person": at("recordings:of_person", "shared.person.slug"),
    "recordings of the topic": at("recordings:of_topic", "shared.topic.slug"),
    "recordings of the country": at("recordings:of_country", "uy"),
    "list": LIST,
    "list by words": ask(LIST, q="repetido"),
    "list by seminar": ask(LIST, seminar=lambda kept: kept.seminar.slug),
    "list by person": ask(LIST, person=lambda kept: kept.shared.person.slug),
    "list by topic": ask(LIST, topic=lambda kept: kept.shared.topic.slug),
    "list by country": ask(LIST, country="UY"),
    "list by language": ask(LIST, language="es"),
    "list by duration": ask(LIST, duration="unknown"),
    "list with transcript": ask(LIST, transcript="true"),
    "list by title": ask(LIST, sort="title", q="repetido"),
    "search of the title": ask(SEARCH, q="repetido"),
    "search of what was said": ask(SEARCH, q="común"),
    "search of who speaks": ask(SEARCH, q=lambda kept: kept.shared.person.name, kind="recording"),
    "search narrowed down": ask(SEARCH, q="común", kind="recording", transcript="yes", language="es", country="UY"),
    "suggestions": ask(at("search-suggestions"), q=lambda kept: the("Titulo")(kept)[:-1]),
}
FEEDS = {
    f"{name} as {form}": page
    for form in ("atom", "xml")
    for name, page in {
        "feed": at("recordings:feed", form),
        "feed of the seminar": at("recordings:feed_of", "seminar", "seminar.slug", form),
        "feed of the person": at("recordings:feed_of", "person", "shared.person.slug", form),
        "feed of the topic": at("recordings:feed_of", "topic", "shared.topic.slug", form),
        "feed of a search": ask(at("search-feed", form), q="común"),
    }.items()
} | {"sitemap": at("sitemap"), "sitemap of recordings": at("sitemap-of", "recordings")}
TELLING = ["list", "panel", "search of what was said", "suggestions"]  # for roles that see what another of the same rights sees
OTHERS = {
    "person who only speaks there": at("person", "person.slug"),
    "search, misspelt": ask(SEARCH, q=lambda kept: f"{the('dijo')(kept)[:-1]}x"),
    "home": at("home"),
    "people": at("people"),
    "seminars": at("events:seminars"),
    "documents": at("recordings:documents"),
    "network": at("network"),
    "nowhere": lambda kept: "/es/no-hay/",
}
ADMIN = {
    "admin": at("admin:index"),
    "admin's list": at("admin:recordings_recording_changelist"),
    "admin's search": ask(at("admin:recordings_recording_changelist"), q=the("Titulo")),
    "admin's page": at("admin:recordings_recording_change", "recording.pk"),
    "admin's history": at("admin:recordings_recording_history", "recording.pk"),
    "admin's captions": at("admin:recordings_caption_changelist"),
    "admin's seminar": at("admin:events_seminar_change", "seminar.pk"),
    "admin's addresses": at("admin:links_address_changelist"),
    "admin's import": at("admin:recordings_recording_import"),
}


# Knocking


class Tour:
    """What every one of `doors` says to `client` of what is `kept`, each address asked once."""

    def __init__(self, client, kept, doors):
        self.kept = kept
        self.doors = [(name, why, door(each)) for why, each in kept.items() for name, door in doors.items()]
        self.answers = {address: answer(client, address) for address in {address for _name, _why, address in self.doors}}

    def statuses(self, sees):
        """How the doors answer of what `sees` does not name."""
        return {(name, why): self.answers[address][0] for name, why, address in self.doors if not sees(why)}

    def given(self):
        """Of what something is given."""
        return {why for (_name, why), status in self.statuses(nothing).items() if status == 200}

    def leaks(self, sees):
        """The addresses that tell anything of what `sees` does not name, and what."""
        hidden = [each for why, each in self.kept.items() if not sees(why)]
        said = {address: [word for each in hidden for word in self.told(each, address)] for address in self.answers}
        return {address: words for address, words in said.items() if words}

    def silent(self, sees):
        """The doors that tell nothing of what `sees` names."""
        return [(name, why) for name, why, address in self.doors if sees(why) and not self.told(self.kept[why], address)]

    def told(self, each, address):
        """Which words of one are told at an `address`, but for those by which it was asked."""
        text = self.answers[address][1]
        return [word for word in each.words if word.lower() in text and word.lower() not in unquote(address).lower()]


def answer(client, address):
    """The status, and everything that is said, in small letters: body and headers."""
    response = client.get(address)
    headers = " ".join(value for _name, value in response.items())
    return response.status_code, f"{response.getvalue().decode(errors='replace')} {headers}".lower()


def enter(client, role):
    user = ROLES[role]()
    if user:
        client.force_login(user)
    return client


def nothing(why):
    return False


def what_is_open(why):
    return why == "abierta"


def seen_by(role):
    return lambda why: role in SEEN_BY[why]


@pytest.mark.parametrize("role", ROLES)
def test_its_own_addresses_answer_only_those_who_may_see_it(client, kept, role):
    enter(client, role)

    own, pictures, files = (Tour(client, kept, doors) for doors in (OWN, PICTURES, FILES))

    answered = own.statuses(seen_by(role))
    assert answered == {(name, why): 410 if why in GONE and name in SAY_WITHDRAWN else 404 for name, why in answered}
    assert own.leaks(seen_by(role)) == {}
    assert own.silent(seen_by(role)) == []
    assert pictures.given() == {why for why in SEEN_BY if seen_by(role)(why)}
    assert files.given() == (pictures.given() if role in DESK else set())
    assert Tour(client, kept, {name: BESIDE[name] for name in TELLING}).leaks(seen_by(role)) == {}


@pytest.mark.parametrize("role", ["visitor", "titular", "secretary"])
def test_pages_of_something_else_tell_of_it_only_to_those_who_may_see_it(client, kept, role):
    enter(client, role)

    tour, admin = Tour(client, kept, BESIDE | OTHERS), Tour(client, kept, {} if role in DESK else ADMIN)

    assert tour.leaks(seen_by(role)) == {}
    assert [door for door in tour.silent(seen_by(role)) if door[0] in BESIDE] == []
    assert admin.leaks(nothing) == {}


@pytest.mark.parametrize("role", ["visitor", "titular", "secretary"])
def test_other_sites_feeds_and_the_sitemap_get_what_is_public_whoever_asks(client, kept, role):
    enter(client, role)

    elsewhere, feeds = Tour(client, kept, ELSEWHERE), Tour(client, kept, FEEDS)

    assert elsewhere.leaks(what_is_open) == feeds.leaks(what_is_open) == {}
    assert elsewhere.silent(what_is_open) == feeds.silent(what_is_open) == []
    assert set(elsewhere.statuses(what_is_open).values()) == {404}


def test_an_answer_that_somebody_kept_is_not_confirmed_to_who_may_not_have_it(client, kept):
    desk = Client()
    desk.force_login(make_secretary())
    doors = [door(each) for why, each in kept.items() if why in HIDDEN for name, door in OWN.items() if name.startswith(AS_FILES)]

    tags = {door: desk.get(door)["ETag"] for door in doors}

    assert {client.get(door, headers={"If-None-Match": tag}).status_code for door, tag in tags.items()} == {404}
    assert {client.head(door).status_code for door in doors} == {404}


def test_a_former_address_says_nothing_of_where_it_leads(client, kept):
    for why in HIDDEN:
        recording = Recording.objects.get(pk=kept[why].recording.pk)
        recording.slug = f"nueva-{why}"
        recording.save()

    answers = [answer(client, door(kept[why])) for why in HIDDEN for door in OWN.values()]

    assert {status for status, _said in answers} == {404, 410}
    assert not [said for _status, said in answers if "nueva-" in said]
