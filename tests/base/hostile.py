"""Files made to cost far more than they weigh, or to do something when they are opened. Each is a few kilobytes or megabytes."""

import struct
import zipfile
import zlib
from io import BytesIO
from random import Random

from PIL import Image

from tests.base.samples import CONTENTS, PDF, WORDPROCESSING, docx, odt, package, picture

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


# Pictures


def jpeg_of_scans(count, size=(2000, 2000)):
    """A progressive JPEG whose last scan comes again and again: some bytes each, and as dear as the picture."""
    made = BytesIO()
    Image.new("L", size, 128).save(made, "JPEG", progressive=True)
    data = made.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * count + b"\xff\xd9"


def jpeg_of_segments(count):
    plain = picture("JPEG")
    return plain[:2] + b"\xff\xfe\x00\x02" * count + plain[2:]


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(*chunks, size=(8, 8)):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def png_of_zeros(size, megabytes):
    """One of many pixels, all alike, interleaved with nothing: it weighs a thousandth of what it unpacks to."""
    return png(chunk(b"IDAT", zlib.compress(bytes(megabytes * 1024**2), 9)), size=size)


PICTURES = {
    "jpeg-200-scans.jpg": lambda: jpeg_of_scans(200),
    "jpeg-20000-scans.jpg": lambda: jpeg_of_scans(20_000),
    "jpeg-2-million-segments.jpg": lambda: jpeg_of_segments(2_000_000),
    "jpeg-without-end.jpg": lambda: picture("JPEG")[:-2] + b"\xff\x00" * 4_000_000,
    "png-bomb.png": lambda: png_of_zeros((7000, 7000), 147),
    "png-text-bombs.png": lambda: png(*[chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000)))] * 2000, chunk(b"IDAT", b"")),
    "png-700000-chunks.png": lambda: png(*[chunk(b"teXt", b"")] * 700_000, chunk(b"IDAT", b"")),
    "png-4-billion.png": lambda: png(chunk(b"IDAT", b""), size=(2**31 - 1, 2**31 - 1)),
}


# PDF


def pdf(objects):
    return PDF.replace(b"trailer", objects + b"trailer")


def packed(content, dictionary=b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>", encode=zlib.compress):
    return b"4 0 obj\n" + dictionary + b"\nstream\n" + encode(content) + b"\nendstream\nendobj\n"


DEEDS = b"1 0 << /S /JavaScript /JS (x) >>"
COSTLY_PDFS = {
    "pdf-names-without-streams.pdf": lambda: pdf(b"/ObjStm " * 400_000),
    "pdf-streams-without-end.pdf": lambda: pdf(b"4 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n" * 60_000),
    "pdf-one-stream-for-many.pdf": lambda: pdf(
        b"4 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n" * 4_000 + zlib.compress(b"0" * 3_000_000, 0)
    ),
    "pdf-bomb.pdf": lambda: pdf(packed(bytes(150 * 1024**2), encode=lambda content: zlib.compress(content, 9))),
    "pdf-many-bombs.pdf": lambda: pdf(packed(bytes(10 * 1024**2)) * 100),
    "pdf-of-openings.pdf": lambda: pdf(b"".join(b"/OpenAction %d 0 R 1 0 obj " % number for number in range(200_000))),
    "pdf-of-objects.pdf": lambda: pdf(b"/OpenAction 1 0 R " + b"1 0 obj " * 1_000_000),
    "pdf-of-slashes.pdf": lambda: pdf(b"/" * 9_000_000),
    "pdf-of-doctypes.pdf": lambda: pdf(b"<!doctype" * 500_000 + b" " * 4_000_000),
    "pdf-of-streams.pdf": lambda: pdf(b"stream" * 1_500_000),
}
PACKS_TWO = b"<< /Type /ObjStm /N 2 /First 11 /Filter /FlateDecode >>"
ACTIVE_PDFS = {
    "far from its dictionary": pdf(packed(DEEDS, b"<< /Type /ObjStm /Filter /FlateDecode" + b" " * 5000 + b">>")),
    "without its type": pdf(packed(DEEDS, b"<< /N 1 /First 4 /Filter /FlateDecode >>")),
    "behind a second filter": pdf(packed(DEEDS.hex().encode(), b"<< /Type /ObjStm /Filter [/FlateDecode /ASCIIHexDecode] >>")),
    "in hexadecimal": pdf(packed(DEEDS, b"<< /Type /ObjStm /Filter /ASCIIHexDecode >>", lambda content: content.hex().encode())),
    "behind a predictor": pdf(packed(DEEDS, b"<< /Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >> >>")),
    "behind a string": pdf(packed(DEEDS, b"<< /Type /ObjStm /Filter /FlateDecode /X (stream\n" + zlib.compress(b"a") + b") >>")),
    "behind another object": pdf(packed(DEEDS, b"<< /Type /ObjStm /Filter /FlateDecode /X (9 0 obj) >>")),
    "with its filter in code": pdf(packed(DEEDS, b"<< /Type /ObjStm /Filt#65r /FlateDecode >>")),
    "with its filter elsewhere": pdf(packed(DEEDS, b"<< /Type /ObjStm /Filter 7 0 R >>")),
    "a page that opens": pdf(b"").replace(b"/Pages", b"/OpenAction << /S /URI /URI (https://x.example) >> /Pages"),
    "a page that opens, elsewhere": pdf(b"9 0 obj\n<< /S /URI /URI (https://x.example) >>\nendobj\n").replace(
        b"/Pages", b"/Open#41ction 9 0 R /Pages"
    ),
    "a page that opens, packed": pdf(packed(b"9 0 12 15 << /S /GoTo >> << /S /URI >>", PACKS_TWO)).replace(
        b"/Pages", b"/OpenAction 12 0 R /Pages"
    ),
    "a page that opens with a leaf": pdf(b"9 0 obj << /AA << /O << /S /URI /URI (https://x.example) >> >> >> endobj "),
    "another file": pdf(b"9 0 obj << /S /GoToR /F (\\\\\\\\server\\\\share) >> endobj "),
    "a file of an address": pdf(b"9 0 obj << /Type /Filespec /FS /URL /F (https://x.example/a.pdf) >> endobj "),
    "cut off": pdf(packed(DEEDS + b"." * 90, encode=lambda content: zlib.compress(content)[:-6])),
}


# Office packages


def relations(kind, target, *, mode='TargetMode="External"', encoding="utf-8", wrap='<?xml version="1.0" encoding="{}"?>'):
    text = f'{wrap.format(encoding)}<Relationships><Relationship Id="r" Type="{RELATIONS}/{kind}" Target="{target}" {mode}/>'
    return (text + "</Relationships>").encode(encoding)


def active_documents():
    """Documents that fetch, run or carry something when they are opened, with the code by which they are refused."""
    rels, where = "word/_rels/document.xml.rels", "https://x.example/a"
    template = relations("attachedTemplate", where)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "macros", docx(**{"word/_rels/settings.xml.rels": template.replace(b'"', b"'")})
    yield "macros", docx(**{"word/_rels/settings.xml.rels": relations("attachedTemplate", where, encoding="utf-16")})
    yield "macros", docx(**{"word/_rels/other.xml.rels": template})
    yield "macros", docx(**{"word/_rels/settings.xml.RELS": template})
    yield "macros", docx(**{"word/_rels/settings.xml.rels": relations("attachedTemplate", where, mode="")})
    yield "fetches", docx(**{rels: relations("image", where)})
    yield "fetches", docx(**{rels: relations("oleObject", "mhtml:https://x.example/a!x-usc:https://x.example/a")})
    yield "fetches", docx(**{rels: relations("frame", "file://server/share")})
    yield "fetches", docx(**{rels: relations("image", r"\\server\share", mode="")})
    yield "fetches", docx(**{rels: relations("image", where, mode='TargetMode="&#69;xternal"')})
    yield "damaged", docx(**{rels: b"<!DOCTYPE x [<!ENTITY e 'External'>]>" + relations("image", where, wrap="")})
    yield "damaged", docx(**{rels: b"<Relationships><Relationship"})
    yield "objects", docx(**{rels: relations("oleObject", "embeddings/oleObject1.bin", mode="")})
    yield "objects", docx(**{rels: relations("aFChunk", "part.html", mode="")})
    yield "objects", docx(**{"word/embeddings/oleObject1.bin": "x"})
    yield "objects", docx(**{"word/media/image1.png": ole})
    yield "objects", docx(**{"word/media/image1.png": docx()})
    yield "objects", odt(**{"Object 1": ole})
    yield "objects", odt(**{"content.xml": "<a xmlns:d='urn:d'><d:object-ole/></a>"})
    yield (
        "macros",
        odt(**{"content.xml": "<a xmlns:s='urn:oasis:names:tc:opendocument:xmlns:script:1.0'><s:event-listener/></a>"}),
    )
    yield "fetches", odt(**{"content.xml": linked("draw:image", "https://x.example/a.png")})
    yield "fetches", odt(**{"styles.xml": linked("draw:image", "../../secret")})
    yield "damaged", odt(**{"content.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"})
    picture_on_a_page = 'INCLUDEPICTURE "https://x.example/a" \\d'
    for instruction in ["DDEAUTO cmd x", " dde cmd x", picture_on_a_page, "INCLUDETEXT //server/a", "LINK x"]:
        yield "fetches", docx(**{"word/footer1.xml": wordprocessing(f"<w:r><w:instrText>{instruction}</w:instrText></w:r>")})
        yield "fetches", docx(**{"word/document.bin": wordprocessing(f"<w:fldSimple w:instr='{instruction}'/>")})
    cut = "<w:instrText>DD</w:instrText></w:r><w:r><w:instrText>EAUTO cmd</w:instrText>"
    cut = f"<w:r><w:fldChar w:fldCharType='begin'/>{cut}<w:fldChar w:fldCharType='separate'/></w:r>"
    yield "fetches", docx(**{"word/document.xml": wordprocessing(cut)})
    yield "fetches", docx(**{"word/document.xml": wordprocessing(cut).encode("utf-16")})
    yield "fetches", docx(**{"word/document.xml": " " * 5000 + wordprocessing(cut)})
    yield "fetches", docx(SHEET, **{"xl/connections.xml": spreadsheet("<connection id='1'/>", root="connections")})
    yield "fetches", docx(SHEET, **{"xl/externalLinks/externalLink1.xml": spreadsheet("<ddeLink ddeService='cmd'/>")})
    for formula in ['_xlfn.WEBSERVICE("https://x.example")', 'IF(1, RTD("x",,"y"))', "cmd|'/c calc'!A0"]:
        yield "fetches", docx(SHEET, **{"xl/worksheets/sheet1.xml": spreadsheet(f"<c><f>{formula}</f></c>")})
    yield "macros", docx(**{"ppt/slides/slide1.xml": "<a><hlinkClick action='ppaction://program'/></a>"})
    yield "damaged", docx(**{"word\\_rels\\settings.xml.rels": template})
    yield "damaged", docx(**{"word/document.xml": "<w:document"})
    for inside in ["<t:dde-connection-decl/>", "<t:dde-source/>", "<t:cell t:formula='of:=WEBSERVICE(&quot;x&quot;)'/>"]:
        yield "fetches", odt(**{"content.xml": f"<a xmlns:t='urn:t'>{inside}</a>"})
    yield "fetches", odt(**{"Object 1/content.xml": linked("draw:image", "https://x.example/a.png")})
    yield "fetches", odt(**{"meta.xml": linked("draw:template", "https://x.example/a.ott")})
    yield "fetches", odt(**{"meta.xml": linked("draw:auto-reload", "a.odt")})
    yield (
        "macros",
        package({"[Content_Types].xml": CONTENTS.format("application/vnd.ms-word.document.macroEnabled").encode("utf-16")}),
    )


def wordprocessing(inside):
    return f"<w:document xmlns:w='urn:w'>{inside}</w:document>"


def spreadsheet(inside, root="worksheet"):
    return f"<{root} xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>{inside}</{root}>"


def linked(tag, target):
    return f"<a xmlns:draw='urn:draw' xmlns:xlink='urn:xlink'><{tag} xlink:href='{target}'/></a>"


def harmless_documents():
    """Documents as people have them: with links to press on, their own pictures, and charts with the table behind them."""
    chart = {
        "ppt/charts/_rels/chart1.xml.rels": relations("package", "../embeddings/Microsoft_Excel_Sheet.xlsx", mode=""),
        "ppt/embeddings/Microsoft_Excel_Sheet.xlsx": docx(SHEET),
    }
    rels = "word/_rels/document.xml.rels"
    yield "a.docx", docx(**{rels: relations("hyperlink", "https://x.example/a")})
    yield "a.docx", docx(**{rels: relations("image", "media/image1.png", mode=""), "word/media/image1.png": picture()})
    yield "a.pptx", docx(WORDPROCESSING.replace("wordprocessingml.document", "presentationml.presentation"), **chart)
    fields = "PAGE", "TOC \\o", 'HYPERLINK "https://x.example/include"', "DATE", "INCLUDED"
    instructions = "".join(f"<w:fldSimple w:instr='{each}'/><w:r><w:instrText>{each}</w:instrText></w:r>" for each in fields)
    yield "a.docx", docx(**{"word/document.xml": wordprocessing(instructions)})
    formulas = "".join(f"<f>{each}</f>" for each in ("SUM(A1:A9)", "IF(A1&gt;2, IMAGES!A1, B1)", "HYPERLINK(A1)", '"a|b"'))
    yield "a.xlsx", docx(SHEET, **{"xl/worksheets/sheet1.xml": spreadsheet(formulas), "xl/drawings/vmlDrawing1.vml": "<xml><br>"})
    yield "a.odt", odt(**{"meta.xml": linked("draw:template", "../../../Templates/a.ott")})
    yield "a.odt", odt(**{"content.xml": linked("draw:a", "https://x.example")})
    yield "a.odt", odt(**{"content.xml": linked("draw:image", "Pictures/1.png"), "Pictures/1.png": picture()})


def stored(parts):
    """A package of pairs of a name and its content: a name may come twice."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, content in parts:
            file.writestr(name, content)
    return made.getvalue()


PADDING = {"docProps/x.bin": Random(1).randbytes(1024**2)}  # what cannot be packed lets the rest unpack to more
COSTLY_PACKAGES = {
    "docx-bomb.docx": lambda: docx(**{"word/document.xml": bytes(190 * 1024**2)}),
    "docx-padded-bomb.docx": lambda: docx(**{"word/document.xml": bytes(190 * 1024**2)}, **PADDING),
    "docx-20000-parts.docx": lambda: stored([(f"word/{number}.xml", "") for number in range(20_000)]),
    "docx-many-large-parts.docx": lambda: docx(
        **{f"word/media/{number}.bin": bytes(1024**2) for number in range(190)}, **PADDING
    ),
    "docx-deep-relations.docx": lambda: docx(**{"word/_rels/document.xml.rels": b"<a>" * 400_000}, **PADDING),
    "odt-of-elements.odt": lambda: odt(**{"content.xml": b"<a>" + b"<b>x</b>" * 400_000 + b"</a>"}, **PADDING),
    "odt-deep.odt": lambda: odt(**{"content.xml": b"<a>" * 600_000}, **PADDING),
}


# Spreadsheets


def xlsx(rows, *, strings=b"<sst/>", sheets=1):
    """A workbook whose first sheet has the XML `rows`; the others have none."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    numbers = range(1, sheets + 1)
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/vnd.openxmlformats-officedocument'
        f'.spreadsheetml.worksheet+xml"/>'
        for number in numbers
    )
    named = "".join(f'<sheet name="H{number}" sheetId="{number}" r:id="r{number}"/>' for number in numbers)
    related = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>' for number in numbers
    )
    packages = "http://schemas.openxmlformats.org/package/2006"
    sheet = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>'
    return stored(
        [
            *PADDING.items(),
            (
                "[Content_Types].xml",
                f'<Types xmlns="{packages}/content-types"><Override PartName="/xl/workbook.xml" ContentType="{SHEET}.main+xml"/>'
                f'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument'
                f'.spreadsheetml.sharedStrings+xml"/>{parts}</Types>',
            ),
            (
                "_rels/.rels",
                f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" Type="{RELATIONS}/officeDocument"'
                f' Target="xl/workbook.xml"/></Relationships>',
            ),
            ("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{RELATIONS}"><sheets>{named}</sheets></workbook>'),
            ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{packages}/relationships">{related}</Relationships>'),
            ("xl/sharedStrings.xml", strings.replace(b"<sst", f'<sst xmlns="{main}"'.encode(), 1)),
            *((f"xl/worksheets/sheet{number}.xml", sheet % (main.encode(), rows if number == 1 else b"")) for number in numbers),
        ]
    )


ROW = b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>'
HONEST_ROWS = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Nombre</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
COSTLY_WORKBOOKS = {
    "xlsx-far-row.xlsx": lambda: xlsx(ROW % (999_999_999, 999_999_999), strings=b"<sst><si><t>x</t></si></sst>"),
    "xlsx-far-column.xlsx": lambda: xlsx(b'<row r="1"><c r="ZZZ1"><v>1</v></c></row>' * 1000),
    "xlsx-million-empty-rows.xlsx": lambda: xlsx(b"<row/>" * 1_040_000 + ROW % (1_040_001, 1_040_001)),
    "xlsx-million-empty-cells.xlsx": lambda: xlsx(b'<row r="1">' + b"<c/>" * 1_000_000 + b"</row>"),
    "xlsx-long-strings.xlsx": lambda: xlsx(
        b"".join(b'<row r="%d">' % n + b'<c t="s"><v>0</v></c>' * 100 + b"</row>" for n in range(1, 5001)),
        strings=b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>",
    ),
    "xlsx-million-strings.xlsx": lambda: xlsx(b"", strings=b"<sst>" + b"<si><t>x</t></si>" * 1_500_000 + b"</sst>"),
    "xlsx-3000-sheets.xlsx": lambda: xlsx(HONEST_ROWS, sheets=3000),
    "xlsx-entities.xlsx": lambda: stored(
        [("[Content_Types].xml", CONTENTS.format(SHEET)), ("xl/workbook.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")]
    ),
}
