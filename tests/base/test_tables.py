"""Tables as programs save them."""

import pytest

from rifess.base.tables import decoded

WORDS = "Núñez;Łódź? no: São João"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_unicode_programs_save_is_text(encoding):
    assert decoded(WORDS.encode(encoding)) == WORDS


def test_what_excel_saves_for_itself_is_text():
    assert decoded("Núñez – “São João”".encode("cp1252")) == "Núñez – “São João”"


@pytest.mark.parametrize("data", [b"a\x00b", b"\x81\x8d", b"\xff\xfea"])
def test_what_is_no_text_is_none(data):
    assert decoded(data) is None
