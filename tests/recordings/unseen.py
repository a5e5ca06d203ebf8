"""Recordings that are not for everybody, and whoever knocks: a visitor, a delegate of an observer, the secretariat."""

from datetime import date

from members.models import Audience
from tests.make import (
    make_caption,
    make_chapter,
    make_clip,
    make_consent,
    make_delegate_user,
    make_intervention,
    make_panel,
    make_recording,
    make_secretary,
    make_seminar,
    make_trusted,
)

SITE = "medios.example"


def make_unseen(person=None, topic=None):
    """A draft, a withdrawn one, one whose speaker took the permission back, two of closed seminars: each with all it can have."""
    make_trusted(SITE)
    seminars = {
        "draft": make_seminar(),
        "withdrawn": make_seminar(),
        "consent taken back": make_seminar(waits_for_consent=True),
        "of a draft seminar": make_seminar(published_at=None),
        "for members": make_seminar(audience=Audience.MEMBERS),
    }
    given = {"draft": {"published_at": None}, "withdrawn": {"withdrawn_on": date(2025, 1, 1)}}
    return {name: _furnished(seminar, person, topic, **given.get(name, {})) for name, seminar in seminars.items()}


def _furnished(seminar, person, topic, **given):
    panel = make_panel(seminar=seminar)
    said = make_intervention(panel=panel, person=person)
    recording = make_recording(f"https://{SITE}/{panel.pk}.mp4", panel=panel, title="Secreta", **given)
    make_clip(recording, said, 0, 30)
    make_chapter(recording, 0, "Secreta")
    make_caption(recording, (0, 2, "Secreta"))
    if topic:
        seminar.topics.add(topic)
    if seminar.waits_for_consent:
        make_consent(recording, said.person, withdrawn_on=date(2025, 1, 1))
    return recording


def knocking(client, **more):
    """Let each knock in turn, by name: `client` is theirs until the next."""
    askers = {"visitor": None, "delegate": make_delegate_user(category="observer"), "secretary": make_secretary()}
    for name, user in (askers | more).items():
        client.logout()
        if user:
            client.force_login(user)
        yield name
