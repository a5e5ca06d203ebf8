"""The recording of the demonstration: a minute made by the project itself, in a seminar that never took place.

What it says stands in seed/demo/. It may be made again at any time: once it is there, only its address follows `SITE_URL`.
"""

import tomllib
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from events.models import Intervention, Panel, Seminar, SeminarFormat
from members.models import Person
from recordings import captions
from recordings.captions.upload import CaptionFile
from recordings.models import Chapter, Clip, Recording, Source
from recordings.publication import publish
from recordings.uploads import keep_captions
from rifess.base.dates import today_in_the_network
from rifess.base.models import Language

FOLDER = Path(__file__).parents[1] / "seed" / "demo"
LANGUAGES = ("es", "pt_br", "en")
VOICES = ("Voz de ejemplo A", "Voz de ejemplo B")  # each speaks through one of the first chapters
SEMINAR = ("Muestra de la memoria", "Exemplo da memória", "Sample of the memory")
SEMINAR_SUMMARIES = (
    "Este seminario no tuvo lugar: está aquí para que usted pruebe cómo se escucha, se lee y se cita una grabación.",
    "Este seminário não aconteceu: está aqui para que você experimente como se ouve, se lê e se cita uma gravação.",
    "This seminar never took place: it is here so that you can try how a recording is heard, read and cited.",
)
PANEL = ("Cómo se usa la memoria de la Red", "Como se usa a memória da Rede", "How the Network’s memory is used")
BIOGRAPHIES = (
    "Voz sintética de la muestra: no es una persona.",
    "Voz sintética do exemplo: não é uma pessoa.",
    "Synthetic voice of the sample: not a person.",
)


def make_recording():
    """The sample with its seminar, voices, chapters and captions, once; None when nothing had to be done."""
    sample = tomllib.loads((FOLDER / "sample.toml").read_text(encoding="utf-8"))
    recording = Recording.objects.filter(slug=sample["slug"], seminar__is_demonstration=True).first()
    if recording:
        return follow_the_address(recording, sample)
    panel = make_panel()
    recording = Recording(
        slug=sample["slug"],
        seminar=panel.seminar,
        panel=panel,
        duration=timedelta(seconds=sample["duration"]),
        **in_each_language("title", texts(sample, "title")),
        **in_each_language("summary", texts(sample, "summary")),
    )
    keep(recording)
    recording.languages.set(Language.objects.filter(pk=sample["language"]))
    keep_address(Source(recording=recording), sample)
    mark(recording, sample["chapters"])
    give_captions(recording, sample["captions"])
    publish(recording)
    return recording


def make_panel():
    """A seminar of one day, marked as a demonstration and over since yesterday, and its only panel."""
    day = today_in_the_network() - timedelta(days=1)
    seminar = Seminar(
        slug="muestra-de-la-memoria",
        format=SeminarFormat.VIRTUAL,
        starts_on=day,
        ends_on=day,
        is_demonstration=True,
        published_at=timezone.now(),
        **in_each_language("title", SEMINAR),
        **in_each_language("summary", SEMINAR_SUMMARIES),
    )
    panel = Panel(seminar=keep(seminar), slug="muestra", held_on=day, **in_each_language("title", PANEL))
    return keep(panel)


def mark(recording, chapters):
    """The chapters and, as ranges, what each of the voices says in one of them."""
    starts = [timedelta(seconds=chapter["start"]) for chapter in chapters]
    for start, chapter in zip(starts, chapters, strict=True):
        keep(Chapter(recording=recording, start=start, **in_each_language("title", texts(chapter, "title"))))
    for position, (name, chapter) in enumerate(zip(VOICES, chapters, strict=False), start=1):
        person = keep(Person(name=name, **in_each_language("biography", BIOGRAPHIES)))
        titles = in_each_language("title", texts(chapter, "title"))
        said = keep(Intervention(panel=recording.panel, person=person, position=position, **titles))
        keep(Clip(recording=recording, intervention=said, start=starts[position - 1], end=starts[position]))


def give_captions(recording, files):
    for file in files:
        data = (FOLDER / file["file"]).read_bytes()
        read = captions.read(data, name=file["file"])
        [caption] = keep_captions(recording, [CaptionFile(file["file"], data, file["language"], file["kind"], read)])
        caption.origin = file["origin"]
        caption.save(update_fields=["origin"])


def follow_the_address(recording, sample):
    """The recording, when its file has another address now; None when nothing had to be done."""
    source = recording.sources.filter(url__endswith=settings.STATIC_URL + sample["file"]).first() or Source(recording=recording)
    if source.url == address_of(sample):
        return None
    keep_address(source, sample)
    return recording


def keep_address(source, sample):
    source.url = address_of(sample)
    source.recognize()
    source.save()  # not `keep`: a form would refuse the name of a machine without a dot, where a demonstration may well be


def address_of(sample):
    """The file's address without a hash, so that it lasts as long as the demonstration."""
    return f"{settings.SITE_URL}{settings.STATIC_URL}{sample['file']}"


def texts(table, field):
    return [table[f"{field}_{language}"] for language in LANGUAGES]


def in_each_language(field, words):
    return {f"{field}_{language}": text for language, text in zip(LANGUAGES, words, strict=True)}


def keep(row):
    row.full_clean()
    row.save()
    return row
