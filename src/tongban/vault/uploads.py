"""What an applicant's upload must be before it is kept: a whole JPEG, PNG or PDF, and nothing else at the same time.

The bytes are kept exactly as they came, camera data (EXIF) included: they are evidence, their digest is signed by the
applicant and by the window, and any rewriting would break both.  Pages show re-encoded previews, never these bytes.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from tongban.domain.errors import InvalidInput, Problem

UPLOAD_BYTES_MAX = 20 * 1024 * 1024
IMAGE_PIXELS_MAX = 80_000_000
IMAGE_SIDE_MAX = 20_000
NAME_CHARACTERS_MAX = 100
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
_SUFFIXES = {JPEG: (".jpg", ".jpeg"), PNG: (".png",), PDF: (".pdf",)}
_HEIF_BRANDS = (b"ftypheic", b"ftypheix", b"ftypheif", b"ftypmif1", b"ftyphevc")
_UNDECLARED = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_PDF_HEADER_WINDOW = 1024
_PDF_TRAILER_WINDOW = 2048
_ARCHIVE_MARKS = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF\x00\x00\x00\x00")
_PROGRAM_MARKS = (b"This program cannot be run in DOS mode", b"\x7fELF\x02\x01\x01\x00", b"\x7fELF\x01\x01\x01\x00")
_MARKUP = re.compile(rb"<(?:script[\s>]|iframe[\s>]|!doctype\s+html|html[\s>]|\?php\s)", re.IGNORECASE)
_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
# Within a scan; of fixed length, since a search for `\xff+` takes the square of a long run of fill bytes.
_JPEG_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# A progressive picture has about ten scans; thousands of them keep a decoder busy for minutes.
_JPEG_SEGMENTS_MAX = 2000
_JPEG_SCANS_MAX = 100
_OBJECT_STREAM = re.compile(rb"/ObjStm\b[^\x00]{0,400}?stream\r?\n")
_OBJECT_STREAMS_MAX = 5000
_OBJECT_BYTES_MAX = 64 * 1024 * 1024
_PNG_CHUNKS_MAX = 20_000
_PICTURE_ERRORS = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, struct.error, zlib.error)
_WINDOWS_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def _pdf_names(*names: str) -> re.Pattern[bytes]:
    """A pattern for PDF names in every spelling: each letter may stand as `#` and two hexadecimal digits."""
    spelled = ("".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in name) for name in names)
    return re.compile(f"/(?:{'|'.join(spelled)})(?![A-Za-z0-9])".encode())


_PDF_ACTIVE = _pdf_names("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia")
_PDF_LOCKED = _pdf_names("Encrypt")
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
    visible = "".join(c for c in last if unicodedata.category(c) not in _UNSAFE_CATEGORIES)
    safe = re.sub(r'[<>:"|?*\s]+', " ", visible).strip(" .")
    stem, dot, suffix = safe.rpartition(".")
    if not dot or not suffix.isalnum() or len(suffix) > 5:
        stem, suffix = safe, ""
    endings = _SUFFIXES.get(media_type, ())
    suffix = "." + suffix.lower() if suffix else ""
    if endings and suffix not in endings:
        stem, suffix = safe, endings[0]
    stem = stem.strip(" .")[: NAME_CHARACTERS_MAX - len(suffix)].strip(" .")
    if _WINDOWS_DEVICES.fullmatch(stem):
        stem = "_" + stem
    return (stem or "upload") + suffix


def _content_type(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(_PNG_MAGIC):
        return PNG
    if data.startswith(b"%PDF-"):
        return PDF
    if data[4:12] in _HEIF_BRANDS:
        raise _refuse("不接受 HEIC 图片。", "请在手机“设置—相机—格式”中选“兼容性最佳”后重拍,或截图后上传。")
    raise _refuse("只接受 JPG、PNG 图片和 PDF 文件。", "请拍照、截图或导出为 PDF 后上传。")


def _check_picture(data: bytes, media_type: str) -> None:
    kind = "JPEG" if media_type == JPEG else "PNG"
    if not (_has_sane_scans(data) if kind == "JPEG" else _has_sane_chunks(data)):
        raise _refuse("图片已损坏或不完整。", "请在相册中确认图片能打开,重新拍摄后上传。")
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
    except Image.DecompressionBombError:
        raise _refuse("图片尺寸过大。", "请用较低的分辨率重新扫描或拍摄。") from None
    except _PICTURE_ERRORS:
        raise _refuse("图片已损坏或不完整。", "请在相册中确认图片能打开,重新拍摄后上传。") from None


def _check_pdf(data: bytes) -> None:
    tail = data[-_PDF_TRAILER_WINDOW:]
    if not _PDF_VERSION.match(data) or b"startxref" not in tail or not tail.rstrip(b"\x00\r\n\t ").endswith(b"%%EOF"):
        raise _refuse("PDF 文件已损坏或不完整。", "请重新导出 PDF 后上传。")
    if _PDF_LOCKED.search(data):
        raise _refuse("PDF 文件设有密码。", "请去除密码后重新导出上传。")
    if any(_PDF_ACTIVE.search(part) for part in (data, *_object_streams(data))):
        raise _refuse("PDF 文件内含脚本、附件或程序。", "请用“打印为 PDF”重新导出后上传。")


def _object_streams(data: bytes) -> Iterator[bytes]:
    """The compressed objects of a PDF, where names would otherwise hide from a search."""
    if data.count(b"/ObjStm") > _OBJECT_STREAMS_MAX:
        raise _refuse("PDF 文件过于复杂。", "请用“打印为 PDF”重新导出后上传。")
    left = _OBJECT_BYTES_MAX
    for found in _OBJECT_STREAM.finditer(data):
        try:
            objects = zlib.decompressobj().decompress(memoryview(data)[found.end() :], left)
        except zlib.error:
            continue
        left -= len(objects)
        if left <= 0:
            raise _refuse("PDF 文件过于复杂。", "请用“打印为 PDF”重新导出后上传。")
        yield objects


def _has_sane_chunks(data: bytes) -> bool:
    """Count the chunks of a PNG to its end; false when it has none, or so many that reading them takes minutes."""
    at = len(_PNG_MAGIC)
    for _ in range(_PNG_CHUNKS_MAX):
        if data[at + 4 : at + 8] == b"IEND":
            return True
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return False


def _has_sane_scans(data: bytes) -> bool:
    """Walk the segments of a JPEG to its end mark, without decoding; false when it has none, or too many scans."""
    at, scans = 2, 0
    for _ in range(_JPEG_SEGMENTS_MAX):
        found = _JPEG_MARKER.match(data, at)
        if found is None:
            return False
        marker = found.group(1)
        if marker == b"\xd9":
            return scans > 0
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
        if marker == b"\xda":
            scans += 1
            following = _JPEG_SCAN_END.search(data, at)
            if following is None or scans > _JPEG_SCANS_MAX:
                return False
            at = following.start()
    return False


def _check_single_format(data: bytes, media_type: str) -> None:
    """Refuse a file that another program would read as something else: archive, program, page.

    Cameras append previews and motion clips to a picture, so bytes after its end are not wrong by themselves.
    """
    is_archive = zipfile.is_zipfile(io.BytesIO(data)) or any(mark in data for mark in _ARCHIVE_MARKS)
    is_program = any(mark in data for mark in _PROGRAM_MARKS)
    is_page = media_type != PDF and _MARKUP.search(data) is not None
    is_pdf_too = media_type != PDF and b"%PDF-" in data[:_PDF_HEADER_WINDOW]
    if is_archive or is_program or is_page or is_pdf_too:
        raise _refuse("文件里藏有另一种格式的内容。", "请重新拍照或导出后上传。")


def _refuse(what_zh: str, cure_zh: str) -> InvalidInput:
    return InvalidInput([Problem("file", what_zh, cure_zh)], code="upload_refused")
