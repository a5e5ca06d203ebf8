"""What of recordings and documents is searched: what their pages show, and every word of the captions."""

from django.db.models import Prefetch, prefetch_related_objects

from events.models import Intervention, Panel
from events.search import WITH_SPEAKERS, countries_heard, slugs, voices, words_of
from recordings.captions import from_json, passages
from recordings.models import CaptionKind, Clip, Document, Recording
from rifess.base.text.translated import texts_of
from rifess.search.index import Moment, Source, Thing


def sources():
    return [
        Source("document", documents(), document),
        Source("recording", recordings(), recording, bring_whole_seminars),
    ]


def documents():
    return Document.objects.select_related("institution", "seminar").prefetch_related("topics")


def recordings():
    any_role = Intervention.objects.select_related("person").prefetch_related(*WITH_SPEAKERS)
    return Recording.objects.select_related("panel").prefetch_related(
        "seminar",
        "languages",
        "captions",
        "chapters",
        "seminar__topics",
        "panel__topics",
        Prefetch("intervention", any_role),
        Prefetch("clips", Clip.objects.prefetch_related(Prefetch("intervention", any_role))),
        Prefetch("panel__interventions", spoken().prefetch_related("clips__recording"), to_attr="spoken"),
    )


def bring_whole_seminars(rows):
    """Bring what is said in a seminar, for those of `rows` that are of no panel in particular."""
    panels = Panel.objects.prefetch_related(Prefetch("interventions", spoken(), to_attr="spoken"))
    prefetch_related_objects([row.seminar for row in rows if row.panel is None], Prefetch("panels", panels))


def spoken():
    return Intervention.objects.spoken().select_related("person").prefetch_related(*WITH_SPEAKERS)


def document(row):
    return Thing(
        kind="document",
        object_id=row.pk,
        title=[*texts_of(row, "title"), row.symbol],
        people=[*words_of(row.topics.all()), *(texts_of(row.institution, "name", "acronym") if row.institution else [])],
        body=[*texts_of(row, "summary"), *(texts_of(row.seminar, "title") if row.seminar else [])],
        language=row.language,
        dated_on=row.dated_on,
        labels={
            "topic": slugs(row.topics.all()),
            "country": [row.institution.country.code] if row.institution and row.institution.country else [],
        },
    )


def recording(row):
    """A recording with all that is heard in it: its captions in every language, in passages that overlap."""
    said, topics = heard_in(row), topics_of(row)
    captions = sorted(row.captions.all(), key=lambda caption: caption.kind != CaptionKind.FLOOR)  # what was said comes first
    languages = {*(language.pk for language in row.languages.all()), *(caption.language for caption in captions)}
    return Thing(
        kind="recording",
        object_id=row.pk,
        title=texts_of(row, "title"),
        people=[*words_of(topics), *voices(said)],
        body=[*texts_of(row, "summary"), *told_beside(row, said)],
        spoken=[moment for caption in captions for moment in moments_of(caption)],
        dated_on=row.held_on,
        labels={"topic": slugs(topics), "country": countries_heard(said), "language": sorted(languages)},
        has_transcript=bool(captions),
    )


def heard_in(row):
    """The interventions heard in it, as `recordings.models.hearing` says, of rows that were brought along."""
    said = [row.intervention] if row.intervention else [clip.intervention for clip in row.clips.all()]
    if row.panel is None:
        said += [each for panel in row.seminar.panels.all() for each in panel.spoken]
    elif row.intervention is None:
        said += [each for each in row.panel.spoken if not has_range_beside(each, row)]
    return list(dict.fromkeys(said))


def has_range_beside(intervention, row):
    return any((clip.recording.panel_id, clip.recording.track) == (row.panel_id, row.track) for clip in intervention.clips.all())


def topics_of(row):
    return {*row.seminar.topics.all(), *(row.panel.topics.all() if row.panel else [])}


def told_beside(row, said):
    """What stands beside it on its page: chapters, the titles of what is said, panel and seminar."""
    beside = [*row.chapters.all(), *said, *([row.panel] if row.panel else []), row.seminar]
    return [title for each in beside for title in texts_of(each, "title")]


def moments_of(caption):
    return [
        Moment(each.start, each.end, each.text, each.speaker, caption.language, each.clock)
        for each in passages(from_json(caption.cues))
    ]
