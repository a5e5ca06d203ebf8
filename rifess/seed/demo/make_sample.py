"""Make the sample recording and its captions from speech.toml and sample.toml: espeak-ng speaks, Chromium draws, ffmpeg joins.

    python -m rifess.seed.demo.make_sample

Each line is spoken by itself and measured, so that its caption has the times of its speech.
"""

import os
import subprocess
import tomllib
import wave
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from rifess.templatetags.weave import weave_svg

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "static" / "rifess"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
VOICES = {"Voz de ejemplo A": ["+f2", "-s170", "-p55", "-a60"], "Voz de ejemplo B": ["+m3", "-s170", "-p38", "-a60"]}
ACCENTS = {"es": "es-419", "pt_br": "pt-br"}
CAPTIONS = {"es": "sample.es.vtt", "pt_br": "sample.pt-BR.vtt", "en": "sample.en.vtt"}
RATE = 22050  # samples a second, as espeak-ng gives them
LEAD, PAUSE, BREATH = 500, 300, 90  # ms of silence: before a chapter, after a sentence, inside one

SLIDE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="{static}/fonts.css">
<link rel="stylesheet" href="{static}/tokens.css"><style>
* {{ box-sizing: border-box; margin: 0 }}
body {{ width: 640px; height: 360px; display: flex; flex-direction: column; background: var(--deep); color: var(--on-deep);
  font: 20px/1.3 var(--font) }}
main {{ flex: 1; padding: 32px 40px; display: flex; flex-direction: column }}
.brand {{ display: flex; align-items: center; gap: 12px; font-weight: 700 }}
.brand img {{ width: 36px }}
h1 {{ font-size: 42px; line-height: 1.1; margin: auto 0 8px }}
.voice {{ color: var(--on-deep-2); margin-bottom: auto }}
.mark {{ background: var(--maize); color: var(--on-maize); font-weight: 700; padding: 10px 40px }}
.weave {{ display: block; width: 100%; background: var(--deep); fill: none }}
.weave path {{ fill: none; stroke: var(--t1) }}
.weave .t0 {{ stroke: #2f7f70 }} .weave .t2 {{ stroke: #d9694a }}
.weave .t3 {{ stroke: #b9dccf }} .weave .t4 {{ stroke: #7d8fe6 }}
</style>{cloth}<main><p class="brand"><img src="{static}/logo-on-dark.svg" alt="">RIFESS</p><h1>{title}</h1>
<p class="voice">{voice}</p></main><p class="mark">Muestra hecha por el proyecto: no es una sesión de la Red</p>"""


@dataclass
class Line:
    """What one voice says without stopping; `start` and `end` are in ms."""

    chapter: int
    voice: str
    spoken: str
    es: str
    pt_br: str
    en: str
    sound: bytes = b""
    start: int = 0
    end: int = 0

    @property
    def floor(self):
        return getattr(self, self.spoken)


def make():
    sample = tomllib.loads((HERE / "sample.toml").read_text())
    lines = [Line(**values) for values in tomllib.loads((HERE / "speech.toml").read_text())["line"]]
    with TemporaryDirectory() as folder:
        for line in lines:
            line.sound = speak(line, Path(folder) / "line.wav")
        place(lines, sample)
        mix(lines, sample, Path(folder) / "speech.wav")
        draw(lines, sample, Path(folder))
        join(Path(folder), sample)
    for language, name in CAPTIONS.items():
        (HERE / name).write_text(vtt(lines, language))


def speak(line, path):
    """The samples of one line, without the silence that espeak-ng leaves around it."""
    variant, *tempo = VOICES[line.voice]
    subprocess.run(["espeak-ng", "-v", ACCENTS[line.spoken] + variant, *tempo, "-w", path, line.floor], check=True)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (RATE, 2, 1)
        samples = memoryview(file.readframes(file.getnframes())).cast("h")
    heard = [i for i, sample in enumerate(samples) if abs(sample) > 100]
    return bytes(samples[heard[0] : heard[-1] + 1])


def place(lines, sample):
    """Set when each line is said: chapters begin where sample.toml says."""
    starts = [round(chapter["start"] * 1000) for chapter in sample["chapters"]]
    free = 0
    for before, line in zip([None, *lines], lines, strict=False):
        if before is None or before.chapter != line.chapter:
            assert free <= starts[line.chapter - 1], f"chapter {line.chapter} begins before {free} ms"
            free = starts[line.chapter - 1] + LEAD
        line.start = free
        line.end = free + round(len(line.sound) / 2 / RATE * 1000)
        free = line.end + (PAUSE if line.floor.endswith(".") else BREATH)
    assert free <= sample["duration"] * 1000, f"speech ends at {free} ms"


def mix(lines, sample, path):
    whole = bytearray(2 * RATE * sample["duration"])
    for line in lines:
        at = 2 * round(line.start * RATE / 1000)
        whole[at : at + len(line.sound)] = line.sound
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(whole)


def draw(lines, sample, folder):
    """A slide for each turn of a voice, and the list that ffmpeg reads them from."""
    turns = [line for before, line in zip([None, *lines], lines, strict=False) if before is None or turn(before) != turn(line)]
    starts = [moment_of_slide(line, lines, sample) for line in turns] + [sample["duration"]]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 640, "height": 360})
        for number, line in enumerate(turns):
            (folder / "slide.html").write_text(slide(line, sample))
            page.goto((folder / "slide.html").as_uri())
            page.evaluate("document.fonts.ready")
            page.screenshot(path=folder / f"{number}.png")
        browser.close()
    shown = [f"file {number}.png\nduration {end - start:.3f}\n" for number, (start, end) in enumerate(pairwise(starts))]
    (folder / "slides.txt").write_text("".join(shown) + f"file {len(turns) - 1}.png\n")


def turn(line):
    return line.chapter, line.voice


def moment_of_slide(line, lines, sample):
    """A chapter's first slide comes with the chapter, the others with their voice."""
    first = next(other for other in lines if other.chapter == line.chapter)
    return sample["chapters"][line.chapter - 1]["start"] if first is line else line.start / 1000


def slide(line, sample):
    return SLIDE.format(
        static=STATIC.as_uri(),
        cloth=weave_svg("weave", "memoria", pitch=10),
        title=escape(sample["chapters"][line.chapter - 1]["title_es"]),
        voice=escape(line.voice),
    )


def join(folder, sample):
    """H.264 and AAC, which every browser plays; a key picture every five seconds, and the index in front, for seeking."""
    pictures = ["-f", "concat", "-i", "slides.txt", "-vf", "fps=5,format=yuv420p", "-t", str(sample["duration"])]
    sound = ["-i", "speech.wav", "-c:a", "aac", "-b:a", "32k", "-ac", "1", "-ar", str(RATE)]
    video = ["-c:v", "libx264", "-preset", "veryslow", "-tune", "stillimage", "-crf", "28", "-g", "25", "-profile:v", "main"]
    said = ["-map_metadata", "-1", "-metadata", f"title={sample['title_es']}", "-metadata:s:a:0", "language=spa"]
    plain = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-movflags", "+faststart"]
    target = STATIC.parent / sample["file"]
    target.parent.mkdir(exist_ok=True)
    command = ["ffmpeg", "-v", "error", "-y", *pictures[:4], *sound[:2], *pictures[4:], *video, *sound[2:], *said, *plain]
    subprocess.run([*command, target.resolve()], cwd=folder, check=True)


def vtt(lines, language):
    """The captions of one language; those in Spanish are the floor's, where Portuguese stays Portuguese."""
    return "WEBVTT\n\n" + "\n".join(
        f"{clock(line.start)} --> {clock(line.end)}\n<v {line.voice}>{text(line, language)}\n" for line in lines
    )


def text(line, language):
    if language == "es" and line.spoken == "pt_br":
        return f"<lang pt-BR>{escape(line.floor, quote=False)}</lang>"
    return escape(getattr(line, language), quote=False)


def clock(ms):
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


if __name__ == "__main__":
    make()
