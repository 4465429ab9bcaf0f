"""Scans and paper originals at the window: hostile and clumsy files change nothing, bytes go to nobody else."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.province import CLERK, OFFICER
from tests.window_site import NEIGHBOUR, Desk, Seen, scan

from tongban.intake import filling
from tongban.intake.models import PaperEvent

CERTIFICATE = "materials?m=certificate"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\n0000000000 65535 f\ntrailer<</Root 1 0 R>>\nstartxref\n45\n%%EOF"


@pytest.fixture
def prepared(desk: Desk) -> Desk:
    """A draft whose form is filled, so that its checklist is known."""
    wish = desk.story.wish(7)
    application = desk.application("draft")
    filling.save_form(
        application.number, wish.form, desk.story.actor(CLERK), version=application.version, now=desk.story.tick()
    )
    return desk


def uploads(desk: Desk, *files: SimpleUploadedFile, part: str = CERTIFICATE) -> Seen:
    return desk.person().sends_part("draft", part, act="scan", scans=list(files))


def pages(desk: Desk) -> int:
    return desk.application("draft").scans.count()


def test_several_files_at_once_become_pages_in_their_order(prepared: Desk) -> None:
    page = uploads(prepared, scan("二.png", "第二页"), scan("一.png", "第一页"))

    assert page.to.endswith("?m=certificate&done=scanned")
    kept = prepared.application("draft").scans.values_list("page_no", "name", "material_key")
    assert list(kept) == [(1, "二.png", "certificate"), (2, "一.png", "certificate")]


def test_a_photo_opens_the_camera_again_for_the_next_page(prepared: Desk) -> None:
    page = prepared.person().sends_part("draft", CERTIFICATE, act="scan", photo=scan("photo.png"))

    assert "again=photo" in page.to
    assert "data-autostart" in prepared.person().opens(page.to).text


def test_the_same_page_sent_twice_is_kept_once(prepared: Desk) -> None:
    uploads(prepared, scan())
    uploads(prepared, scan())

    assert pages(prepared) == 1


def test_one_bad_file_among_good_ones_keeps_none(prepared: Desk) -> None:
    page = uploads(prepared, scan("好.png"), SimpleUploadedFile("坏.png", b"<script>alert(1)</script>", "image/png"))

    assert page.status == 422
    assert "“坏.png”：只接受 JPG、PNG 图片和 PDF 文件" in page.words
    assert pages(prepared) == 0


def test_a_file_of_fifty_megabytes_is_refused_unread(prepared: Desk) -> None:
    page = uploads(prepared, SimpleUploadedFile("huge.png", bytes(50 * 1024 * 1024), "image/png"))

    assert page.status == 422
    assert "文件超过 20 MB" in page.words
    assert pages(prepared) == 0


def test_files_too_large_together_are_refused(prepared: Desk) -> None:
    files = [SimpleUploadedFile(f"{n}.png", bytes(16 * 1024 * 1024), "image/png") for n in range(4)]

    page = uploads(prepared, *files)

    assert "合起来太大" in page.words
    assert pages(prepared) == 0


def test_no_file_at_all_is_said_so(prepared: Desk) -> None:
    assert "没有选文件，也没有拍照" in uploads(prepared).words


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("a\r\nSet-Cookie: x=1.png", None),
        ('"><script>alert(1)</script>.png', "script.png"),
        ("\u202egnp.exe.png", "gnp.exe.png"),
        ("证书" * 200 + ".png", None),
    ],
)
def test_a_hostile_file_name_is_tamed(prepared: Desk, name: str, kept: str | None) -> None:
    uploads(prepared, scan(name))

    (stored,) = prepared.application("draft").scans.all()
    shown = prepared.person().opens_part("draft", CERTIFICATE).text
    sent = prepared.person().opens_part("draft", f"files/{stored.digest}").response.headers["Content-Disposition"]
    assert len(stored.name) <= 100
    assert not set(stored.name) & set('/\\\r\n"<>\u202e')
    assert kept is None or stored.name == kept
    assert "<script>alert" not in shown
    assert "\r" not in sent
    assert "\n" not in sent
    assert sent.startswith("inline")


def test_a_material_this_item_does_not_ask_for_takes_no_file(prepared: Desk) -> None:
    page = uploads(prepared, scan(), part="materials?m=unheard-of")

    kept = prepared.application("draft").scans.values_list("material_key", flat=True)
    assert page.status == 302
    assert "unheard-of" not in kept


def test_a_page_can_be_taken_out_again(prepared: Desk) -> None:
    uploads(prepared, scan())
    (stored,) = prepared.application("draft").scans.all()

    page = prepared.person().sends_part("draft", CERTIFICATE, act="remove", scan=str(stored.pk))

    assert page.to.endswith("done=removed")
    assert pages(prepared) == 0


def test_a_page_of_another_application_cannot_be_taken_out(prepared: Desk) -> None:
    foreign = prepared.application("filled").scans.first()
    assert foreign is not None
    clerk = prepared.person()

    clerk.sends_part("draft", CERTIFICATE, act="remove", scan=str(foreign.pk))
    malformed = [clerk.sends_part("draft", CERTIFICATE, act="remove", scan=text).status for text in ("x", "", "9" * 30)]

    assert prepared.application("filled").scans.filter(pk=foreign.pk).exists()
    assert malformed == [404, 404, 404]


def test_a_file_is_sent_locked_down_and_as_it_came(prepared: Desk) -> None:
    uploads(prepared, scan())
    (stored,) = prepared.application("draft").scans.all()

    page = prepared.person().opens_part("draft", f"files/{stored.digest}")

    headers = page.response.headers
    assert page.response.content == scan().read()
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Content-Security-Policy"].endswith("sandbox")
    assert headers["Cache-Control"] == "private, no-store"
    assert prepared.audited(action="intake.file", object_id=prepared.numbers["draft"]) == 1


def test_a_pdf_is_sent_as_pdf_in_a_sandbox(prepared: Desk) -> None:
    uploads(prepared, SimpleUploadedFile("变更证明.pdf", PDF, "application/pdf"))
    (stored,) = prepared.application("draft").scans.all()

    page = prepared.person().opens_part("draft", f"files/{stored.digest}")

    assert page.response.headers["Content-Type"] == "application/pdf"
    assert page.response.headers["Content-Security-Policy"].endswith("sandbox")
    assert prepared.person().opens_part("draft", f"files/{stored.digest}/preview").status == 404


def test_a_preview_is_drawn_anew_without_what_the_camera_wrote(prepared: Desk) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # lies on its side
    Image.new("RGB", (3000, 1000), "white").save(out, "JPEG", exif=exif)
    uploads(prepared, SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg"))
    (stored,) = prepared.application("draft").scans.all()

    preview = prepared.person().opens_part("draft", f"files/{stored.digest}/preview").response.content

    assert b"SecretCamera" in prepared.person().opens_part("draft", f"files/{stored.digest}").response.content
    assert b"SecretCamera" not in preview
    with Image.open(io.BytesIO(preview)) as picture:
        assert picture.height > picture.width
        assert max(picture.size) <= 2000


@pytest.mark.parametrize("account", [NEIGHBOUR, OFFICER], ids=lambda account: account.username)
def test_nobody_else_gets_the_bytes(prepared: Desk, account: object) -> None:
    uploads(prepared, scan())
    (stored,) = prepared.application("draft").scans.all()
    person = prepared.person(account)  # type: ignore[arg-type]

    assert person.opens_part("draft", f"files/{stored.digest}").status == 403
    assert person.opens_part("draft", f"files/{stored.digest}/preview").status == 403


def test_a_file_is_found_only_under_its_own_application(prepared: Desk) -> None:
    foreign = prepared.application("filled").scans.first()
    assert foreign is not None
    clerk = prepared.person()

    assert clerk.opens_part("draft", f"files/{foreign.digest}").status == 404
    assert clerk.opens_part("filled", f"files/{foreign.digest}").status == 200
    assert clerk.opens_part("draft", f"files/{'0' * 64}").status == 404


def records(desk: Desk, kind: str, count: str, name: str = "draft") -> Seen:
    return desk.person().sends_part(name, CERTIFICATE, act="paper", kind=kind, pages=count, note="")


def test_taking_an_original_in_and_giving_it_back_is_written_step_by_step(prepared: Desk) -> None:
    taken = records(prepared, PaperEvent.COLLECTED, "4")
    shown = prepared.person().opens_part("draft", CERTIFICATE)
    wrong = records(prepared, PaperEvent.RETURNED, "3")
    returned = records(prepared, PaperEvent.RETURNED, "4")

    assert (taken.status, wrong.status, returned.status) == (302, 422, 302)
    assert "收取，随件转送" in shown.words
    assert "收取的是4页" in wrong.words
    written = prepared.application("draft").paper_events.values_list("kind", "pages", "by")
    assert list(written) == [("collected", 4, CLERK.username), ("returned", 4, CLERK.username)]
    assert "原件还没有收取" in prepared.person().opens_part("draft", CERTIFICATE).words


@pytest.mark.parametrize("count", ["0", "-1", "", "many", "1000", "9" * 40])
def test_pages_are_counted_by_a_sensible_number(prepared: Desk, count: str) -> None:
    page = records(prepared, PaperEvent.COLLECTED, count)

    assert page.status == 422
    assert prepared.application("draft").paper_events.count() == 0


def test_what_was_never_taken_in_cannot_be_returned(prepared: Desk) -> None:
    assert "窗口没有收着这份原件" in records(prepared, PaperEvent.RETURNED, "1").words
