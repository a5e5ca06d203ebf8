"""The paper of a certificate, read as others read it: by poppler's programs, which know nothing of how it was made."""

import shutil
import subprocess

import pytest
from django.conf import settings

from events.certificates import issue, pdf
from events.certificates.text import said_of
from events.models import CertificateKind, CertificateRules
from tests.make import make_attendance, make_certificate, make_seminar

pytestmark = pytest.mark.django_db
NAMES = ["Łukasz Šimić Ñandú São João", "Ελένη Παπαδοπούλου", "Жуков Иван", "Nguyễn Thị Đặng", "Őry Gyöngyi"]
STRANGE = ["María de los Ángeles " * 5 + "Pérez", "W" * 200, "Ana 😀", "王小明", "محمد علي", "שלום", "\u202eanA"]
HOSTILE = ["#eval(1) $x$ ] *b* _i_", '"}#sys.inputs <l> @r `c` // /*', "= Título\\", "[#image(“/etc/passwd”)]"]


def run(program, paper, folder, *more):
    """What a program of poppler-utils says of a paper."""
    assert shutil.which(program), f"{program} is missing (Debian: apt install poppler-utils): it reads what certificates say"
    (folder / "paper.pdf").write_bytes(paper)
    done = subprocess.run([program, *more], cwd=folder, capture_output=True, check=True, timeout=30)
    return done.stdout.decode(errors="replace")  # the alternative texts of figures are written as they stand in the file


def read(paper, folder):
    """The text of a paper, its lines joined."""
    return " ".join(run("pdftotext", paper, folder, "-layout", "paper.pdf", "-").split())


def paper_of(name, language="es"):
    said = said_of(CertificateKind.ORGANIZATION, make_seminar(title="Compras públicas"), issued_on=make_seminar().starts_on)
    address = f"{settings.SITE_URL}/verificar/7KQ2-M4XD-88PA/"
    return pdf.certificate(said, name=name, code="7KQ2-M4XD-88PA", address=address, language=language)


@pytest.mark.parametrize("name", NAMES)
def test_every_accent_of_a_name_is_in_the_text(name, tmp_path):
    assert name in read(paper_of(name), tmp_path)


@pytest.mark.parametrize("name", HOSTILE)
def test_signs_that_would_be_commands_are_printed_as_they_are(name, tmp_path):
    assert name in read(paper_of(name), tmp_path)


@pytest.mark.parametrize(
    "name", ["María de los Ángeles " * 5 + "Pérez", "W" * 200, "Ana 😀", "王小明", "محمد علي", "שלום", "\u202eanA"]
)
def test_no_name_is_too_long_or_too_strange_for_one_page(name, tmp_path):
    paper = paper_of(name)

    assert "Pages: 1 " in " ".join(run("pdfinfo", paper, tmp_path, "paper.pdf").split())
    assert "Compras públicas" in read(paper, tmp_path)


def test_nothing_of_it_stands_outside_the_page(tmp_path):
    words = run("pdftotext", paper_of("W" * 200), tmp_path, "-bbox", "paper.pdf", "-")

    right = [float(part.split('"')[0]) for part in words.split('xMax="')[1:]]
    assert len(right) > 20 and max(right) < 842


def test_it_says_all_that_was_said_of_who_holds_it(tmp_path):
    seminar = make_seminar(title="Compras públicas")
    CertificateRules.objects.create(seminar=seminar, hours=12, signed_by="Eva Núñez", signed_as="Coordinación")
    certificate = make_certificate(make_attendance(seminar, name="Łukasz Šimić"))

    text = read(issue.pdf_of(certificate), tmp_path)

    said = certificate.said
    lines = [certificate.name, certificate.code, said["title"], said["issued"], *said["details"], "Eva Núñez", "Coordinación"]
    assert [line for line in lines if line not in text] == []


@pytest.mark.parametrize(("language", "tag"), [("es", "es-MX"), ("pt-br", "pt-BR"), ("en", "en-GB")])
def test_it_is_tagged_for_screen_readers_in_its_language(language, tag, tmp_path):
    paper = paper_of("Ana", language)

    tags = run("pdfinfo", paper, tmp_path, "-struct", "paper.pdf")
    about = run("pdfinfo", paper, tmp_path, "paper.pdf")
    assert f"/Lang({tag})".encode() in paper and b"<pdfuaid:part>1<" in paper
    assert "H1" in tags and tags.count("P (block)") >= 6 and tags.count("Figure") == 2
    assert paper.count(b"/Alt(") + paper.count(b"/Alt<") == 2
    assert "Tagged: yes" in " ".join(about.split()) and "Compras públicas" in about


def test_its_fonts_are_our_own_and_inside_it(tmp_path):
    fonts = run("pdffonts", paper_of("Łukasz Жуков"), tmp_path, "paper.pdf").splitlines()[2:]

    families = {line.split()[0].partition("+")[2].partition("-")[0] for line in fonts}
    assert families == {"Rosario", "NotoSans"}
    assert all(" yes yes yes " in line for line in fonts)


def test_a_sample_shows_how_it_will_look_and_is_nobodys(tmp_path):
    seminar = make_seminar(title="Compras públicas")

    texts = [read(issue.sample_of(seminar, kind, "en"), tmp_path) for kind in CertificateKind]

    assert all("Name of the person" in text and issue.SAMPLE_CODE in text for text in texts)
