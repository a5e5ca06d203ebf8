"""Small files of every kind that is taken, and the means to spoil them."""

import zipfile
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = (
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
)
WORDPROCESSING = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CONTENTS = '<Types><Override PartName="/word/document.xml" ContentType="{}.main+xml"/></Types>'


def package(parts):
    """A ZIP package of `parts`: names and what is in them."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def docx(kind=WORDPROCESSING, **more):
    return package({"[Content_Types].xml": CONTENTS.format(kind), "word/document.xml": "<document/>"} | more)


def odt(**more):
    return package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<text/>"} | more)


def picture(format="PNG", size=(8, 8)):
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, format)
    return made.getvalue()


def upload(data=PDF, name="carta.pdf", type="application/pdf"):
    """A file as a browser sends it; what the browser says of its type is not believed."""
    return SimpleUploadedFile(name, data, type)
