"""What counts as a link in a name: letters with it go to addresses that nobody has confirmed yet."""

from django.core.exceptions import ValidationError

from members.forms import only_a_name

LINKS = [
    "https://spam.example",
    "Gane ya http://198.51.100.7/x",
    "ftp://a.example/x",
    "www.spam.example",
    "spam.com/oferta",
    "Ana spam.coop:8080/x",
    "бонус.xn--p1ai/x",
    "Ver bit.ly/2x",
    "Evil.Com/x",
    "segob.gob.mx/tramite",
    "Sec.Gob.MX/tramite",
]
NAMES = [
    "Coop.Ltda/Sur",
    "Sec.Gob/Interior",
    "Dir.Gral/Economía",
    "1.er piso",
    "O’Brien-Núñez",
    "S.A. de C.V.",
    "Mtro. José Ma. Pérez",
    "Depto. de Economía Social/Solidaria",
    "INAES",
    "A.C./Red",
    "Unión 25/26",
    "J.R.R. Núñez",
    "Fed. Coop. Nac./Zona 3",
    "Ana Gómez (comercio.justo)",
]


def is_a_name(text):
    try:
        return only_a_name(text) == text
    except ValidationError as refused:
        assert refused.code == "link"
        return False


def test_links_are_refused_and_names_with_points_and_strokes_are_taken():
    assert [text for text in LINKS if is_a_name(text)] == []
    assert [text for text in NAMES if not is_a_name(text)] == []
