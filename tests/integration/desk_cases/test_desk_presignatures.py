"""The page of pre-signatures: an officer files one with its scan, sees it, takes it back; a reviewer only looks."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.desk_site import Desk
from tests.province import NOW, OFFICER, REVIEWER

from tongban.cases.models import KeptPreSignature
from tongban.cli import play

URL = "/desk/presignatures/"


def typed() -> dict[str, object]:
    return {
        "document_no": "预签〔2026〕7号", "body_name": "豫北置业示例有限公司", "body_id_no": "91410526MA44000081",
        "signer": "常思远", "items": ["S01", "S25"], "area": "410526001002GB00015\n", "valid_from": NOW.date().isoformat(),
        "valid_until": (NOW.date() + timedelta(days=365)).isoformat(),
        "document": SimpleUploadedFile("授权书.png", play.scan("授权书").data, "image/png"),
    }  # fmt: skip


def test_an_officer_files_a_paper_and_takes_it_back(desk: Desk):
    officer = desk.person(OFFICER).client

    assert officer.post(f"{URL}new", typed() | {"signer": ""}).status_code == 422
    assert officer.post(f"{URL}new", typed()).status_code == 302
    kept = KeptPreSignature.objects.get()
    page = officer.get(URL).content.decode()
    assert "豫北置业示例有限公司" in page
    assert "有效" in page
    assert officer.post(f"{URL}{kept.pk}/", {"reason": ""}).status_code == 422
    assert officer.post(f"{URL}{kept.pk}/", {"reason": "企业来函收回"}).status_code == 302

    assert "企业来函收回" in officer.get(f"{URL}{kept.pk}/").content.decode()
    assert KeptPreSignature.objects.get().revoked_at is not None


def test_a_reviewer_sees_the_paper_and_its_scan_but_changes_nothing(desk: Desk):
    desk.person(OFFICER).client.post(f"{URL}new", typed())
    kept, reviewer = KeptPreSignature.objects.get(), desk.person(REVIEWER).client

    page = reviewer.get(f"{URL}{kept.pk}/").content.decode()

    assert "撤销这份授权" not in page
    assert reviewer.get(f"{URL}{kept.pk}/document")["Content-Type"] == "image/png"
    assert reviewer.post(f"{URL}{kept.pk}/", {"reason": "试试"}).status_code == 403
    assert KeptPreSignature.objects.get().revoked_at is None
