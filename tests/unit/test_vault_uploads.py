"""Uploads: whole pictures and PDFs pass bit for bit; everything else is refused in words an applicant understands."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from tongban.domain.errors import InvalidInput
from tongban.vault.uploads import UPLOAD_BYTES_MAX, check_upload, clean_name


def picture(kind: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def pdf(body: bytes = b"", trailer: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
        + body
        + b"trailer\n<< /Root 1 0 R "
        + trailer
        + b" >>\nstartxref\n0\n%%EOF\n"
    )


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("run.bat", "del *")
    return out.getvalue()


JPEG, PNG, PDF = picture("JPEG"), picture("PNG"), pdf()
EXIF = Image.Exif()
EXIF[0x010E] = "scanner at window 3"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (picture("JPEG", progressive=True), "image/jpeg"),
        (picture("JPEG", exif=EXIF), "image/jpeg"),
        (JPEG + b"\x00" * 64, "image/jpeg"),
        (JPEG + JPEG, "image/jpeg"),
        (JPEG + b"\x00\x00\x00\x18ftypmp42 a clip of the moment", "image/jpeg"),
        (PNG, "image/png"),
        (PDF, "application/pdf"),
        (PDF + b"\r\n\r\n", "application/pdf"),
    ],
)
def test_a_whole_picture_or_pdf_is_kept_bit_for_bit(data: bytes, media_type: str) -> None:
    upload = check_upload(data, media_type, "户口簿.bin")

    assert upload.data == data
    assert upload.size == len(data)
    assert upload.media_type == media_type


@pytest.mark.parametrize("declared", ["", "application/octet-stream", "image/png", "IMAGE/JPEG; q=1"])
def test_the_content_decides_the_type_within_pictures(declared: str) -> None:
    assert check_upload(JPEG, declared, "x.png").media_type == "image/jpeg"
    assert check_upload(JPEG, declared, "x.png").name == "x.png.jpg"


def png_of_claimed_size(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + PNG[33:]


def hidden(names: bytes) -> bytes:
    packed = zlib.compress(b"5 0 << " + names + b" >>")
    return (
        b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream\nendobj\n"
    )


REFUSED = [
    (b"", "image/jpeg", "空"),
    (JPEG + b"\x00" * (50 * 1024 * 1024), "image/jpeg", "20 MB"),
    (b"MZ\x90\x00" + b"\x00" * 200, "image/jpeg", "只接受"),
    (b"\x7fELF\x02\x01\x01\x00" + b"\x00" * 200, "application/pdf", "只接受"),
    (b"#!/bin/sh\nrm -rf /\n", "image/png", "只接受"),
    (b"<html><script>alert(1)</script></html>", "image/jpeg", "只接受"),
    (archive(), "application/pdf", "只接受"),
    (b"GIF89a" + b"\x00" * 50, "image/gif", "只接受"),
    (b"\x00\x00\x00\x18ftypheic\x00\x00", "image/heic", "HEIC"),
    (JPEG, "application/pdf", "不一致"),
    (PDF, "image/jpeg", "不一致"),
    (JPEG[: len(JPEG) // 2], "image/jpeg", "不完整"),
    (JPEG[:-2], "image/jpeg", "不完整"),
    (b"\xff\xd8\xff\xe0" + b"\x00" * 500, "image/jpeg", "不完整"),
    (PNG[: len(PNG) // 2], "image/png", "不完整"),
    (PNG[:60] + bytes((PNG[60] ^ 1,)) + PNG[61:], "image/png", "不完整"),
    (png_of_claimed_size(30_000, 30_000), "image/png", "尺寸"),
    (png_of_claimed_size(30_000, 10), "image/png", "尺寸"),
    (PDF[:-8], "application/pdf", "不完整"),
    (b"%PDF-1.7\njust text\n", "application/pdf", "不完整"),
    (b"\n" + PDF, "application/pdf", "只接受"),
    (JPEG + archive(), "image/jpeg", "另一种格式"),
    (PNG + archive(), "image/png", "另一种格式"),
    (pdf(archive()), "application/pdf", "另一种格式"),
    (JPEG + b"Rar!\x1a\x07\x00", "image/jpeg", "另一种格式"),
    (JPEG + b"<?php system($_GET[0]);", "image/jpeg", "另一种格式"),
    (picture("JPEG", comment=b"<script>alert(1)</script>"), "image/jpeg", "另一种格式"),
    (picture("JPEG", comment=PDF), "image/jpeg", "另一种格式"),
    (PNG + b"\x7fELF\x02\x01\x01\x00", "image/png", "另一种格式"),
    (pdf(b"3 0 obj << /S /JavaScript /JS (x) >> endobj\n"), "application/pdf", "脚本"),
    (pdf(b"3 0 obj << /S /J#61vaScr#69pt /JS (x) >> endobj\n"), "application/pdf", "脚本"),
    (pdf(b"3 0 obj << /S/Launch/F(cmd.exe) >> endobj\n"), "application/pdf", "脚本"),
    (pdf(b"3 0 obj << /Names << /EmbeddedFiles 4 0 R >> >> endobj\n"), "application/pdf", "附件"),
    (pdf(hidden(b"/S /JavaScript /JS (x)")), "application/pdf", "脚本"),
    (pdf(trailer=b"/Encrypt 9 0 R"), "application/pdf", "密码"),
    (b"\xff\xd8\xff\xe0\x00\x02\xff\xd9", "image/jpeg", "不完整"),
]


@pytest.mark.parametrize(("data", "declared", "words"), REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_anything_else_is_refused_with_what_is_wrong_and_what_to_do(data: bytes, declared: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_upload(data, declared, "x")

    (problem,) = refused.value.problems
    assert words in problem.what_zh
    assert problem.cure_zh.startswith("请")
    assert refused.value.code == "upload_refused"


def test_names_that_only_resemble_active_ones_do_not_matter_in_a_pdf() -> None:
    body = b"3 0 obj << /JavaScripts 1 /Launcher 2 /EncryptMetadata false /Names (JavaScript) >> endobj\n"

    assert check_upload(pdf(body + hidden(b"/Length 3")), "application/pdf", "a.pdf").data


def test_a_picture_of_thousands_of_scans_is_refused_before_it_is_decoded() -> None:
    whole = picture("JPEG", progressive=True)
    at = whole.rindex(b"\xff\xda")
    last_scan, end = whole[at:-2], whole[-2:]

    with pytest.raises(InvalidInput, match="损坏"):
        check_upload(whole[:at] + last_scan * 5_000 + end, "image/jpeg", "x.jpg")


def png_of_many_chunks(count: int) -> bytes:
    chunk = b"tEXtk\x00v"
    text = struct.pack(">I", 3) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return PNG[:33] + text * count + PNG[33:]


def test_a_png_of_countless_chunks_is_refused_before_it_is_read() -> None:
    assert check_upload(png_of_many_chunks(50), "image/png", "x.png").size > len(PNG)
    with pytest.raises(InvalidInput, match="损坏"):
        check_upload(png_of_many_chunks(1_000_000), "image/png", "x.png")


def test_a_scan_of_millions_of_fill_bytes_is_refused_in_one_pass() -> None:
    at = JPEG.index(b"\xff\xda") + 14

    with pytest.raises(InvalidInput, match="不完整"):
        check_upload(JPEG[:at] + b"\xff" * 5_000_000, "image/jpeg", "x.jpg")


def test_a_pdf_whose_objects_unpack_without_end_is_refused() -> None:
    bomb = zlib.compress(b"\x00" * 70_000_000)
    body = b"5 0 obj\n<< /Type /ObjStm >>\nstream\n" + bomb + b"\nendstream\nendobj\n"

    for made in (pdf(body), pdf(b"/ObjStm " * 100_000)):
        with pytest.raises(InvalidInput, match="复杂"):
            check_upload(made, "application/pdf", "x.pdf")


def test_the_largest_upload_allowed_passes() -> None:
    padded = JPEG + b"\x00" * (UPLOAD_BYTES_MAX - len(JPEG))

    assert check_upload(padded, "image/jpeg", "x.jpg").size == UPLOAD_BYTES_MAX
    with pytest.raises(InvalidInput):
        check_upload(padded + b"\x00", "image/jpeg", "x.jpg")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../x.jpg", "x.jpg"),
        ("C:\\Users\\王\\桌面\\户口簿 首页.JPG", "户口簿 首页.jpg"),
        ("/etc/passwd", "passwd.jpg"),
        ("身份证\u202egpj.exe", "身份证gpj.exe.jpg"),
        ("a\x00b\r\nc\x1b[31m.jpg", "abc[31m.jpg"),
        ("\u200b\ufeff .. ", "upload.jpg"),
        ("", "upload.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("con.jpg", "_con.jpg"),
        ('a<b>"c|d?.jpeg', "a b c d.jpeg"),
        ("𬭚㛃䶮.jpg", "𬭚㛃䶮.jpg"),
        ("e\u0301.jpg", "\u00e9.jpg"),
        ("\ud800x.jpg", "x.jpg"),
        ("长" * 300 + ".jpg", "长" * 96 + ".jpg"),
    ],
)
def test_a_file_name_is_cleaned_never_trusted(given: str, kept: str) -> None:
    assert clean_name(given, "image/jpeg") == kept
