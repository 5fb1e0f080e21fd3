"""Files that tests send: good ones of each kind, and hostile ones."""

import io
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

OFFICE_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def archive(*names: str, **contents: bytes) -> bytes:
    """A zip with these names; `content` is what each holds."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, contents.get("content", b"<x/>"))
    return out.getvalue()


def office(kind: str, *more: str, content: bytes = b"<x/>") -> bytes:
    return archive("[Content_Types].xml", OFFICE_MAIN[kind], *more, content=content)


def png(width: int = 2, height: int = 2) -> bytes:
    head = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + head + zlib.crc32(head).to_bytes(4) + b"\x00" * 12


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
EML = (
    b"From: a@example.org\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nSubject: Accepted\r\n\r\nWe accept.\r\n"
)
GOOD = {
    "letter.pdf": PDF,
    "offer.docx": office("docx"),
    "figures.xlsx": office("xlsx"),
    "deck.pptx": office("pptx"),
    "screen.PNG": png(),
    "photo.jpg": JPG,
    "photo.jpeg": JPG,
    "list.csv": "name,city\nÅsa,Malmö\n".encode(),
    "notes.txt": b"Agreed by phone.",
    "accepted.eml": EML,
}
HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\x00" + b"\x00" * 60
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
BOMB = office("xlsx", "xl/big.xml", content=b"0" * 60_000_000)


def _link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", "x")
        made.writestr("word/document.xml", "x")
        info = zipfile.ZipInfo("word/link")
        info.external_attr = 0o120777 << 16
        made.writestr(info, "/etc/passwd")
    return out.getvalue()


def _encrypted() -> bytes:
    plain = bytearray(office("docx"))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := plain.find(mark, start)) >= 0:
            plain[start + offset] |= 1
            start += 4
    return bytes(plain)


HOSTILE = {
    "empty.pdf": b"",
    "page.html": HTML,
    "page.htm": HTML,
    "page.png": HTML,
    "page.pdf": HTML,
    "page.txt": HTML,
    "page.csv": b"  \n<!DOCTYPE html><p>",
    "image.svg": SVG,
    "image.png": SVG,
    "image.txt": SVG,
    "feed.txt": b'<?xml version="1.0"?><x/>',
    "shell.php": b"<?php system($_GET[0]);",
    "shell.txt": b"<?php system($_GET[0]);",
    "run.sh": b"#!/bin/sh\n",
    "run.txt": b"#!/bin/sh\nrm -rf /\n",
    "setup.exe": EXE,
    "setup.pdf": EXE,
    "setup.jpg": EXE,
    "setup.docx": EXE,
    "letter.pdf.exe": PDF,
    "letter.exe": PDF,
    "no-extension": PDF,
    ".pdf": PDF,
    "letter.pdf ": EXE,
    "archive.zip": archive("a.txt"),
    "archive.docx": archive("a.txt"),
    "archive.xlsx": office("docx"),
    "archive.pptx": office("xlsx"),
    "mail.docx": office("pptx"),
    "macro.docm": office("docx", "word/vbaProject.bin"),
    "macro.docx": office("docx", "word/vbaProject.bin"),
    "macro.xlsx": office("xlsx", "xl/VBAPROJECT.BIN"),
    "macro.xlsm": office("xlsx", "xl/vbaProject.bin"),
    "slip.docx": office("docx", "../../etc/cron.d/x"),
    "slip.xlsx": office("xlsx", "..\\..\\windows\\x"),
    "absolute.pptx": office("pptx", "/etc/passwd"),
    "link.docx": _link(),
    "locked.docx": _encrypted(),
    "bomb.xlsx": BOMB,
    "many.docx": office("docx", *(f"p/{n}" for n in range(5_001))),
    "cut.docx": office("docx")[:60],
    "cut.xlsx": office("xlsx")[:-30],
    "old.docx": OLE,
    "old.doc": OLE,
    "old.xls": OLE,
    "huge.png": png(40_000, 40_000),
    "flat.png": png(0, 10),
    "cut.png": png()[:6],
    "photo.png": JPG,
    "screen.jpg": png(),
    "photo.gif": b"GIF89a" + b"\x00" * 20,
    "cut.jpg": b"\xff\xd8",
    "null.txt": b"a\x00b",
    "null.csv": b"a,b\x00\n",
    "null.eml": EML + b"\x00",
    "utf16.txt": "hello".encode("utf-16"),
    "latin.csv": "Malmö".encode("latin-1"),
    "bare.eml": b"hello",
    "page.eml": HTML,
    "script.js": b"alert(1)",
    "book.epub": archive("mimetype"),
    "app.jar": archive("META-INF/MANIFEST.MF"),
    "link.url": b"[InternetShortcut]\nURL=https://example.org\n",
    "big.txt": b"a" * (25 * 2**20 + 1),
}


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
