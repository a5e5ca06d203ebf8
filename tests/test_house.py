"""What a reviewer would forget to look at."""

import ast
import re
from pathlib import Path

import django
import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation.template import templatize
from importlinter.cli import lint_imports

from rifess.static_storage import SHEET, join_imports
from tests.make import (
    make_document,
    make_institution,
    make_intervention,
    make_membership,
    make_panel,
    make_recording,
    make_secretary,
    make_seminar,
)

ROOT = settings.BASE_DIR
ROOMS = ["rifess", "members", "events", "recordings"]
WITH_TABLES = ["members", "events", "recordings", "links", "search"]
OURS = [model for app in WITH_TABLES for model in apps.get_app_config(app).get_models()]
CATALOGUES = ["es", "pt_BR"]
DJANGO_ADMIN = Path(django.__file__).parent / "contrib" / "admin" / "locale"
OURS_IN, DJANGO = ROOT / "rifess" / "locale", Path(django.__file__).parent / "conf" / "locale"
# Pages. E-mail carries its styles in itself: who reads it fetches nothing.
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "email")
LANGUAGES = [code for code, _name in settings.LANGUAGES]


pytestmark = pytest.mark.one_database("reads the files of the repository")


# The plan


@pytest.mark.slow
def test_imports_follow_the_plan_of_the_house(monkeypatch):
    monkeypatch.chdir(ROOT)
    # It would disable every logger that there is, for all tests after it in this process.
    monkeypatch.setattr("importlinter.cli._configure_logging", lambda verbose: None)

    assert lint_imports(no_cache=True) == 0


@pytest.mark.slow
@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_model_says_its_name_and_that_of_its_rows(model):
    assert model.__str__ is not models.Model.__str__
    assert {"verbose_name", "verbose_name_plural"} <= set(model._meta.original_attrs)
    assert isinstance(model._meta.original_attrs["verbose_name"], Promise)


# Three languages


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_catalogue_is_complete(language):
    catalogue = read_catalogue(language)

    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


OUT = {  # words for which the glossary has another one, or that belong to another variety of the language
    "es": r"folios?|añad\w+|ordenador(?:es)?|vídeos?|sólo|guión|exped(?:ir\w*|id[ao]s?|imos|ici\w+)|expid\w+"
    r"|permisos? de quien(?:es)?|reciba un saludo|enlaces? técnicos?|signaturas?|circulad[ao]s?|anular\w*|anulad[ao]s?|trai?ga\w*"
    r"|tráig\w+|lo que nos dejó",
    "pt_BR": r"filiaç\w+|intervenç\w+|pela internet|ficheiros?|ecrã|utilizador\w*|contactos?|diretórios?|pesquisas? de opinião"
    r"|mesa de trabalho|fez uso da palavra|aceite parcial|circulad[ao]s?|anulad[ao]s?|traga\w*|símbolos?"
    r"|participantes a confirmar|no mais tardar",
    "en": r"whoever|holds? no more|good until|unwanted mail|call(?:ed)? off|titulars?|interventions?|somebody|anybody|everybody"
    r"|nobody|e-mails?|one (?:cannot|could)|(?-i:[Tt]he secretariat)|line of time|taken? back|takes? back",
}


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_catalogue_says_one_thing_with_one_word(language):
    assert saying(OUT[language], translations_in(language)) == []


def test_the_english_texts_say_one_thing_with_one_word():
    """The catalogues hold every English text; those of addresses (`<slug:slug>/e-mails/`) are links that people keep."""
    texts = {text for entry in read_catalogue("es") for text in (entry.msgid, entry.msgid_plural) if not text.endswith("/")}

    assert saying(OUT["en"], texts) == []


def test_an_hour_says_that_it_is_that_of_a_city():
    """“09:00 in Bogotá” or “09:00 (Bogotá)” reads as the place where it is held."""
    texts = [*translations_in("es"), *translations_in("pt_BR"), *(entry.msgid for entry in read_catalogue("es"))]

    assert [
        text for text in texts if re.search(r"%\((?:hour|clock|moment|time)\)s,? (?:in |en |em |\()%\(city\)s(?! time)", text)
    ] == []
    assert any("%(hour)s (hora de %(city)s)" in text for text in texts)


def saying(words, texts):
    """Those of `texts` that say one of `words`, a pattern, whatever its case."""
    return [text for text in texts if re.search(rf"(?i)\b(?:{words})\b", text)]


def translations_in(language):
    return [
        text
        for entry in read_catalogue(language).translated_entries()
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        if text
    ]


@pytest.mark.slow
@pytest.mark.parametrize("language", CATALOGUES)
def test_a_catalogue_has_every_text_of_the_code_and_the_templates(language):
    known = {(entry.msgctxt or "", entry.msgid) for entry in [*read_catalogue(language), *read_catalogue(language, DJANGO)]}

    assert sorted(texts_to_translate() - known) == []


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_compiled_catalogue_says_what_its_source_says(language):
    source = read_catalogue(language)

    compiled = polib.mofile(str(Path(source.fpath).with_suffix(".mo")))

    assert said(compiled) == said(source)


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_translation_keeps_the_values_of_its_text(language):
    """A name lost or misspelt between %( and )s is an error page in one language only."""
    lost = {}
    for entry in read_catalogue(language).translated_entries():
        for translated in (entry.msgstr, *entry.msgstr_plural.values()):
            if translated and not values(translated) <= values(f"{entry.msgid} {entry.msgid_plural}"):
                lost[entry.msgid] = translated

    assert lost == {}


@pytest.mark.parametrize("language", CATALOGUES)
def test_the_administration_speaks_each_language(language):
    texts = {entry.msgid for entry in read_catalogue("en", DJANGO_ADMIN)}
    known = {entry.msgid for folder in (DJANGO_ADMIN, OURS_IN) for entry in read_catalogue(language, folder).translated_entries()}

    assert sorted(texts - known) == []


@pytest.mark.parametrize("language", CATALOGUES)
def test_the_administration_s_scripts_speak_each_language(language):
    """What Django's own catalogue lacks stands in ours, and reaches the page that gives the scripts their words."""
    texts = {entry.msgid for entry in read_catalogue("en", DJANGO_ADMIN, "djangojs")}
    theirs = read_catalogue(language, DJANGO_ADMIN, "djangojs").translated_entries()
    ours = read_catalogue(language, name="djangojs").translated_entries()

    assert sorted(texts - {entry.msgid for entry in [*theirs, *ours]}) == []
    compiled = OURS_IN / language / "LC_MESSAGES" / "djangojs.mo"
    assert said(polib.mofile(str(compiled))) == said(read_catalogue(language, name="djangojs"))


@pytest.mark.django_db
def test_the_words_of_the_scripts_are_ours_too(client):
    client.force_login(make_secretary())

    assert "Escriba las horas en la zona" in client.get(reverse("admin:jsi18n")).content.decode()


def test_a_text_page_is_written_in_each_language():
    folders = [folder for folder in sorted((ROOT / "templates" / "pages").iterdir()) if folder.is_dir()]

    assert folders
    for folder in folders:
        assert sorted(page.stem for page in folder.glob("*.html")) == sorted(LANGUAGES), folder.name


def read_catalogue(language, folder=OURS_IN, name="django"):
    return polib.pofile(str(folder / language / "LC_MESSAGES" / f"{name}.po"))


def said(catalogue):
    return {(entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr for entry in catalogue if not entry.obsolete}


def values(text):
    return set(re.findall(r"%\(\w+\)|\{\w*\}", text))


ORDER = {  # where the context and the text stand among the arguments
    "_": (None, 0),
    "gettext": (None, 0),
    "gettext_lazy": (None, 0),
    "gettext_noop": (None, 0),
    "ngettext": (None, 0),
    "ngettext_lazy": (None, 0),
    "pgettext": (0, 1),
    "pgettext_lazy": (0, 1),
    "npgettext": (0, 1),
    "npgettext_lazy": (0, 1),
}
STRING = r"""\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*"""
CALL = re.compile(rf"\b(_|n?p?gettext)\({STRING}(?:,{STRING})?", re.DOTALL)


def texts_to_translate():
    """Pairs of context and text that code and templates ask the catalogue for."""
    found = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            found |= set(texts_in_code(path.read_text()))
    for path in (ROOT / "templates").rglob("*.*"):
        for name, first, second in CALL.findall(templatize(path.read_text())):
            found.add((ast.literal_eval(first), ast.literal_eval(second)) if "p" in name else ("", ast.literal_eval(first)))
    return found


def texts_in_code(code):
    for call in ast.walk(ast.parse(code)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute):
            name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
            context, text = ORDER.get(name, (None, None))
            if text is not None and isinstance(call.args[text], ast.Constant):
                yield (call.args[context].value if context is not None else "", call.args[text].value)


# What a page carries


def test_the_style_sheet_stays_light():
    assert len(join_imports(static_files(), SHEET).encode()) < 35_000


def static_files():
    return {path: (storage, path) for finder in get_finders() for path, storage in finder.list([])}


def test_templates_hold_no_style_or_script_of_their_own():
    assert found_in_templates(r"<style\b|<[^>]*\sstyle=|<script(?![^>]*\ssrc=)|<[^>]*\son[a-z]+=") == {}


def test_templates_fetch_nothing_from_elsewhere():
    assert found_in_templates(r"""(?:\ssrc(?:set)?=|<(?:link|use)[^>]*\shref=)["']?(?:https?:)?//""") == {}


def found_in_templates(pattern):
    """What `pattern` finds in our pages, by template."""
    found = {str(path.relative_to(ROOT)): re.findall(pattern, path.read_text()) for path in TEMPLATES}
    assert found
    return {path: texts for path, texts in found.items() if texts}


def test_style_sheets_fetch_nothing_from_elsewhere():
    sheets = sorted((ROOT / "rifess" / "static").rglob("*.css"))

    assert sheets
    assert [sheet.name for sheet in sheets if re.search(r"""(?:url\(|@import)\s*["']?(?:https?:)?//""", sheet.read_text())] == []


def addresses():
    """One of each kind of page."""
    panel = make_panel()
    return [
        *(reverse(name) for name in ("home", "events:seminars", "recordings:recordings", "recordings:documents")),
        *(reverse(name) for name in ("people", "network", "about", "accessibility", "privacy", "contact")),
        *(row.get_absolute_url() for row in (panel.seminar, panel, make_recording(), make_document())),
        make_intervention(panel=panel).person.get_absolute_url(),
        make_membership(institution=make_institution()).institution.get_absolute_url(),
    ]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_names_its_own_address_and_those_in_the_other_languages(client, language):
    make_seminar()
    with translation.override(language):
        paths = addresses()

    for path in paths:
        page = client.get(path).content.decode()
        assert re.findall(r'<link rel="canonical" href="([^"]+)"', page) == [settings.SITE_URL + path]
        alternates = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page))
        assert {"es", "pt-BR", "en"} <= set(alternates), path
        for address in alternates.values():
            assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200, address


def test_each_decision_has_its_date_its_status_and_a_line_in_the_index():
    index = (ROOT / "docs/adr/README.md").read_text()
    pages = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    lines = []
    for page in pages:
        title, blank, status = page.read_text().splitlines()[:3]
        number, title = re.fullmatch(r"# (\d+)\. (.+)", title).groups()
        assert page.name.startswith(f"{number:0>4}-") and not blank, page.name
        assert re.match(r"2\d{3}-\d\d-\d\d · (proposed|accepted|superseded)", status), page.name
        lines.append(f"- [{page.name[:4]}]({page.name}) {title}")

    assert [line for line in index.splitlines() if line.startswith("- ")] == lines


def test_no_day_is_that_of_the_server():
    """The server's clock is UTC: for six hours of each day its day is not that of the Network, nor of a seminar."""
    modules = [path for app in ("rifess", "members", "events", "recordings") for path in (ROOT / app).rglob("*.py")]

    found = [path.name for path in modules if re.search(r"localdate\(\w*\)|date\.today\(|now\(\)\.date\(", path.read_text())]

    assert found == []


def test_the_glossary_names_what_there_is():
    """A word that leads to a file or a class that is gone leads nobody anywhere."""
    cells = [row.split("|")[4] for row in (ROOT / "docs/glossary.md").read_text().splitlines() if row.startswith("| ")][1:]
    named = {name for cell in cells for name in re.findall("`([^`]+)`", cell)}
    modules = [path for app in ("rifess", "members", "events", "recordings") for path in (ROOT / app).rglob("*.py")]
    classes = {found for path in modules for found in re.findall(r"^class (\w+)", path.read_text(), re.MULTILINE)}

    assert [name for name in named if not (name in classes or (ROOT / name).exists())] == []
    assert len(cells) > 40
