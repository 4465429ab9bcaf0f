"""What an applicant's upload must be before it is kept: a whole JPEG, PNG or PDF, and nothing else at the same time.

The bytes are kept exactly as they came, camera data (EXIF) included: they are evidence, their digest is signed by the
applicant and by the window, and any rewriting would break both.  Pages show re-encoded previews, never these bytes.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from tongban.domain.errors import InvalidInput, Problem

UPLOAD_BYTES_MAX = 20 * 1024 * 1024
IMAGE_PIXELS_MAX = 80_000_000
IMAGE_SIDE_MAX = 20_000
NAME_CHARACTERS_MAX = 100
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
_SUFFIXES = {JPEG: (".jpg", ".jpeg"), PNG: (".png",), PDF: (".pdf",)}
_UNDECLARED = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_PDF_HEADER_WINDOW = 1024
_PDF_TRAILER_WINDOW = 2048
_ARCHIVE_MARKS = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF\x00\x00\x00\x00")
_PROGRAM_MARKS = (b"This program cannot be run in DOS mode", b"\x7fELF\x02\x01\x01\x00", b"\x7fELF\x01\x01\x01\x00")
_MARKUP = re.compile(rb"<\s*(?:script|iframe|!doctype\s+html|html[\s>]|\?php)", re.IGNORECASE)
_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Encrypt)\b")
_PDF_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_VERSION = re.compile(rb"%PDF-[12]\.\d")


@dataclass(frozen=True, slots=True)
class CleanUpload:
    """An upload that passed: its bytes unchanged, its type by content, a name safe to show and to save."""

    data: bytes
    media_type: str
    name: str

    @property
    def size(self) -> int:
        return len(self.data)


def check_upload(data: bytes, declared_type: str, name: str) -> CleanUpload:
    """Accept a whole JPEG, PNG or PDF of at most 20 MiB; else `InvalidInput` says what is wrong and what to do.

    The type comes from the content; a declared type of another family (a picture called PDF) is refused.
    """
    if not data:
        raise _refuse("文件是空的。", "请重新选择文件后上传。")
    if len(data) > UPLOAD_BYTES_MAX:
        raise _refuse("文件超过 20 MB。", "请压缩图片或分成几个文件后上传。")
    media_type = _content_type(data)
    declared = declared_type.split(";")[0].strip().lower()
    if declared not in _UNDECLARED and declared.split("/")[0] != media_type.split("/")[0]:
        raise _refuse("文件内容与所报类型不一致。", "请确认文件未改过扩展名,重新导出后上传。")
    if media_type == PDF:
        _check_pdf(data)
    else:
        _check_picture(data, media_type)
    _check_single_format(data, media_type)
    return CleanUpload(data, media_type, clean_name(name, media_type))


def clean_name(name: str, media_type: str = "") -> str:
    """A file name without folders, control or direction characters, at most 100 characters, ending as its type does."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    safe = re.sub(r'[<>:"|?*\s]+', " ", visible).strip(" .")
    stem, dot, suffix = safe.rpartition(".")
    if not dot or not suffix.isalnum() or len(suffix) > 5:
        stem, suffix = safe, ""
    endings = _SUFFIXES.get(media_type, ())
    suffix = "." + suffix.lower() if suffix else ""
    if endings and suffix not in endings:
        stem, suffix = safe, endings[0]
    stem = stem.strip(" .")[: NAME_CHARACTERS_MAX - len(suffix)].strip(" .")
    return (stem or "upload") + suffix


def _content_type(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(_PNG_MAGIC):
        return PNG
    if data.startswith(b"%PDF-"):
        return PDF
    raise _refuse("只接受 JPG、PNG 图片和 PDF 文件。", "请拍照、截图或导出为 PDF 后上传。")


def _check_picture(data: bytes, media_type: str) -> None:
    kind = "JPEG" if media_type == JPEG else "PNG"
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as picture:
            width, height = picture.size
            if width * height > IMAGE_PIXELS_MAX or max(width, height) > IMAGE_SIDE_MAX:
                raise _refuse("图片尺寸过大。", "请用较低的分辨率重新扫描或拍摄。")
            if kind == "PNG":
                picture.verify()
            else:
                # Decoding at an eighth reads every byte, so a picture cut short is found, at little cost.
                picture.draft("L", (width // 8 + 1, height // 8 + 1))
                picture.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError):
        raise _refuse("图片已损坏或不完整。", "请在相册中确认图片能打开,重新拍摄后上传。") from None


def _check_pdf(data: bytes) -> None:
    tail = data[-_PDF_TRAILER_WINDOW:]
    if not _PDF_VERSION.match(data) or b"startxref" not in tail or not tail.rstrip(b"\x00\r\n\t ").endswith(b"%%EOF"):
        raise _refuse("PDF 文件已损坏或不完整。", "请重新导出 PDF 后上传。")
    names = _PDF_NAME_ESCAPE.sub(lambda found: bytes((int(found.group(1), 16),)), data)
    active = _PDF_ACTIVE.search(names)
    if active and active.group().endswith(b"Encrypt"):
        raise _refuse("PDF 文件设有密码。", "请去除密码后重新导出上传。")
    if active:
        raise _refuse("PDF 文件内含脚本、附件或程序。", "请用“打印为 PDF”重新导出后上传。")


def _check_single_format(data: bytes, media_type: str) -> None:
    """Refuse a file that another program would read as something else (archive, program, page)."""
    tails = [data] if media_type == PDF else list(_outside_picture(data, media_type))
    is_archive = zipfile.is_zipfile(io.BytesIO(data)) or any(mark in part for part in tails for mark in _ARCHIVE_MARKS)
    is_program = any(mark in part for part in tails for mark in _PROGRAM_MARKS)
    is_page = media_type != PDF and any(_MARKUP.search(part) for part in tails)
    is_pdf_too = media_type != PDF and b"%PDF-" in data[:_PDF_HEADER_WINDOW]
    if is_archive or is_program or is_page or is_pdf_too:
        raise _refuse("文件里藏有另一种格式的内容。", "请重新拍照或导出后上传。")


def _outside_picture(data: bytes, media_type: str) -> Iterator[bytes]:
    """The parts of a picture that are not picture data: its metadata and whatever follows its end.

    Cameras append previews and motion clips, so a tail as such is allowed.
    """
    if media_type == PNG:
        end = data.rfind(b"IEND")
        yield data[: data.find(b"IDAT")]
        yield data[end:]
        return
    scan = data.find(b"\xff\xda")
    yield data[:scan]
    yield data[data.find(b"\xff\xd9", scan) :]


def _refuse(what_zh: str, cure_zh: str) -> InvalidInput:
    return InvalidInput([Problem("file", what_zh, cure_zh)], code="upload_refused")
