"""Which files are taken: the allow-list, the caps, and whether a file's content is what its name says.

Content is judged, never interpreted: images are not decoded, documents are not opened beyond their table of contents.
"""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from io import BytesIO
from pathlib import PurePosixPath

import puremagic
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.lifecycle import Lifecycle

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
EXPORT_STATES = (QUEUED, RUNNING, DONE, FAILED, CANCELLED)
EXPORT = Lifecycle(
    {
        "start": ("queued running", RUNNING),
        "finish": ("running", DONE),
        "fail": ("queued running", FAILED),
        "cancel": ("queued running", CANCELLED),
    },
    by_itself=["start", "finish", "fail"],
)
EXPORT_KINDS = {"csv": "CSV", "xlsx": "Excel"}
MOST_ATTEMPTS = 3
DAYS_KEPT = 7

MEGABYTE = 2**20
MOST_BYTES = 25 * MEGABYTE
MOST_UNPACKED = 200 * MEGABYTE
MOST_PARTS = 5_000
MOST_PIXELS = 60_000_000
MOST_A_DAY = 100
LONGEST_NAME = 160
OFFICE = "application/vnd.openxmlformats-officedocument"

# Signs that only steer how text runs (a right-to-left override can make "fdp.exe" read "exe.pdf"), and control signs.
UNSEEN = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
MARKUP = re.compile(rb"^\s*(<!doctype|<html|<script|<svg|<\?xml|<\?php|#!)", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """A kind of file: its content type and the test that content must pass."""

    content_type: str
    fits: Callable[[bytes], bool]


def _begins_as(extension: str) -> Callable[[bytes], bool]:
    def fits(content: bytes) -> bool:
        try:
            return any(guess.extension == extension for guess in puremagic.magic_string(content[:4096]))
        except (puremagic.PureError, ValueError):
            return False

    return fits


def _png(content: bytes) -> bool:
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    return _begins_as(".png")(content) and 0 < width * height <= MOST_PIXELS


def _office(main_part: str) -> Callable[[bytes], bool]:
    """An office document: an archive with the right main part, no macros, of a sane size when unpacked."""

    def fits(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                return _is_sane(archive.infolist()) and {main_part, "[Content_Types].xml"} <= set(
                    archive.namelist()
                )
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False

    return fits


def _is_sane(parts: list[zipfile.ZipInfo]) -> bool:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    return (
        len(parts) <= MOST_PARTS
        and unpacked <= MOST_UNPACKED
        and unpacked <= max(200 * packed, MEGABYTE)
        and not any(_is_dangerous(part) for part in parts)
    )


def _is_dangerous(part: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(part.filename.replace("\\", "/"))
    encrypted = part.flag_bits & 0x1
    link = (part.external_attr >> 16) & 0o170000 == 0o120000
    return bool(
        encrypted
        or link
        or path.is_absolute()
        or ".." in path.parts
        or path.name.casefold() == "vbaproject.bin"
    )


def _text(content: bytes) -> bool:
    return b"\x00" not in content and not MARKUP.match(content) and _is_utf8(content)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _letter(content: bytes) -> bool:
    headers = BytesHeaderParser().parsebytes(content)
    return b"\x00" not in content and bool(headers["From"]) and bool(headers["Date"])


KINDS = {
    "pdf": Kind("application/pdf", _begins_as(".pdf")),
    "docx": Kind(f"{OFFICE}.wordprocessingml.document", _office("word/document.xml")),
    "xlsx": Kind(f"{OFFICE}.spreadsheetml.sheet", _office("xl/workbook.xml")),
    "pptx": Kind(f"{OFFICE}.presentationml.presentation", _office("ppt/presentation.xml")),
    "png": Kind("image/png", _png),
    "jpg": Kind("image/jpeg", _begins_as(".jpg")),
    "jpeg": Kind("image/jpeg", _begins_as(".jpg")),
    "csv": Kind("text/csv", _text),
    "txt": Kind("text/plain", _text),
    "eml": Kind("message/rfc822", _letter),
}
ACCEPTED = ", ".join(k for k in KINDS if k != "jpeg")


def clean_name(name: str) -> str:
    """The file's name without path and without signs that can not be seen; cut before its extension if too long."""
    bare = UNSEEN.sub("", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, dot, extension = bare.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}{dot}{extension}" if stem else bare[:LONGEST_NAME]


def content_type_of(name: str, content: bytes) -> str:
    """The content type of a file that may be taken.

    Raises ValidationError (codes empty, too_large, kind, content) where it may not.
    """
    require_size(len(content))
    stem, _dot, extension = name.rpartition(".")
    kind = KINDS.get(extension.casefold()) if stem else None
    if kind is None:
        raise ValidationError(_("Files of this kind are not taken. Send one of: %s.") % ACCEPTED, code="kind")
    if not kind.fits(content):
        text = _(
            "The content of this file is not what its name says, or it holds something unsafe (such as macros)."
        )
        raise ValidationError(text, code="content")
    return kind.content_type


def require_size(size: int) -> None:
    """Raise ValidationError for an empty or a too large file."""
    if not size:
        raise ValidationError(_("This file is empty."), code="empty")
    if size > MOST_BYTES:
        raise ValidationError(
            _("This file is larger than %d MB.") % (MOST_BYTES // MEGABYTE), code="too_large"
        )
