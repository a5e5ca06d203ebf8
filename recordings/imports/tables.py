"""Our own table (CSV): a recording a line, and a first line that names the columns, in any of the portal's languages."""

import csv
import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recordings.imports.files import MOST_ROWS
from recordings.imports.forms import RowForm, understand_all
from recordings.imports.rows import Reading, Refused, Spot
from rifess.base.spreadsheets.signs import SENTENCES
from rifess.base.text.accent_folding import fold

SEPARATORS = ",;\t"
MOST_COLUMNS = 200
CALLED = {  # also called so, without accents
    "seminar": ["seminario"],
    "seminar_starts_on": ["seminario_desde", "seminario_inicio"],
    "seminar_ends_on": ["seminario_hasta", "seminario_ate", "seminario_fim"],
    "panel": ["painel"],
    "title": ["titulo"],
    "title_es": ["titulo_es"],
    "title_pt": ["titulo_pt"],
    "title_en": ["titulo_en"],
    "summary": ["resumen", "resumo"],
    "summary_es": ["resumen_es", "resumo_es"],
    "summary_pt": ["resumen_pt", "resumo_pt"],
    "summary_en": ["resumen_en", "resumo_en"],
    "languages": ["idiomas", "idioma", "language"],
    "day": ["fecha", "dia", "data", "date"],
    "duration": ["duracion", "duracao"],
    "speakers": ["personas", "pessoas", "people"],
    "addresses": ["direcciones", "enderecos", "enlaces", "links", "address", "direccion", "endereco", "enlace", "link", "url"],
    "topics": ["temas"],
    "source": ["fuente", "fonte"],
}
FIELDS = {word: name for name, words in CALLED.items() for word in [name, *words]}


def columns():
    """What a table may say: the name of each column, the names it may have instead, and what it is in words."""
    return [(name, CALLED[name], field.label) for name, field in RowForm.base_fields.items()]


def read_table(text, name, *, most=MOST_ROWS):
    """The Reading of the table `text` of the file `name`. Raises ValidationError (codes "table", "header", "rows")."""
    lines = _lines(text, most)
    header = next(lines, (1, []))[1]
    columns = _columns(header)
    entries, reading = [], Reading()
    for line, cells in lines:
        if any(cells[len(columns) :]):
            reading.refused.append(Refused(Spot(name, line), _("It has more cells than the first line has names.")))
        elif [*map(fold, cells)] == [*map(fold, header)]:
            reading.refused.append(Refused(Spot(name, line), SENTENCES["names_again"]))
        else:
            values = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
            entries.append((values, Spot(name, line), {}))
    reading += understand_all(entries, counts_seconds=True)
    return reading


def _lines(text, most):
    """Pairs of the line on which a row begins, and its cells; empty rows, which Excel leaves behind, are passed over."""
    declared = text.partition("\n")[0].strip().lower()
    skipped = 1 if declared.startswith("sep=") else 0
    text = text.partition("\n")[2] if skipped else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    begins, count = 1, 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                count += 1
                yield begins + skipped, [cell.replace("\N{NO-BREAK SPACE}", " ").strip() for cell in cells]
            begins = reader.line_num + 1
            if count > most:
                raise ValidationError(_("These are more than %(most)d rows."), code="rows", params={"most": most})
    except csv.Error as error:
        sentence = _("The table breaks in line %(line)d: a quotation mark is not closed, or a cell is too long.")
        raise ValidationError(sentence, code="table", params={"line": begins + skipped}) from error


def _separator(text):
    """What divides the cells, judged by the first line only: texts hold commas too."""
    first = text.lstrip().partition("\n")[0][:5000]
    try:
        return csv.Sniffer().sniff(first, delimiters=SEPARATORS).delimiter
    except csv.Error:
        return max(SEPARATORS, key=first.count)


def names_columns(line):
    """Whether `line` is the first one of a table: several names of columns, and a title among them."""
    try:
        cells = next(csv.reader([line], delimiter=_separator(line)), [])
        return len(cells) > 1 and len([name for name in _columns([cell.strip() for cell in cells]) if name]) > 1
    except (ValidationError, csv.Error):
        return False


def _columns(header):
    """The field of each column. Raises ValidationError (code "header") that says what is expected."""
    header = header[:MOST_COLUMNS]
    names = [FIELDS.get("_".join(fold(cell).replace("_", " ").split())) if cell else "" for cell in header]
    wrong = [cell for cell, name in zip(header, names, strict=True) if name is None]
    twice = [cell for cell, name in zip(header, names, strict=True) if name and names.count(name) > 1]
    if wrong or twice or not {"title", "title_es", "title_pt", "title_en"} & {*names}:
        sentence = _(
            "The first line names the columns, each once, and a title among them. Not understood: %(wrong)s. Known: %(known)s."
        )
        said = {"wrong": ", ".join([*wrong, *twice])[:300] or "–", "known": ", ".join(RowForm.base_fields)}
        raise ValidationError(sentence, code="header", params=said)
    return names
