"""The pages of a public notice: read and published, posted, objected to, ruled on; and what everybody may read."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.desk_site import Desk, Page
from tests.province import CLERK, OFFICER, REGISTRAR, REVIEWER, STRANGER
from tests.public_notice import FIRST, LAST, accepted, objects, on, photo, posted, published

from tongban.cases.models import Case, NoticeObjection, NoticePosting, ObjectionRuling, PublicNotice
from tongban.directory.recent import forget_kept
from tongban.domain.lifecycle import CaseState
from tongban.domain.reasons import Reasons


def path(case_no: str, part: str = "") -> str:
    return f"/desk/cases/{case_no}/public-notice{f'/{part}' if part else ''}"


def said(key: str = "k1", **changed: str) -> dict[str, str]:
    return {
        "key": key, "name": "陶建民", "contact": "13800138777", "received_on": FIRST.isoformat(),
        "grounds": "我也是法定继承人，没有人问过我。", "evidence": "户口簿复印件一份", **changed,
    }  # fmt: skip


def picture(name: str = "wall.png", data: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or photo(), "image/png")


def everybody(url: str) -> Page:
    return Page(Client().get(url))


@pytest.fixture
def case_no(desk: Desk) -> str:
    return published(desk.story)


def test_the_reviewer_reads_the_notice_before_it_hangs_out(desk: Desk) -> None:
    case_no = accepted(desk.story)
    reviewer = desk.person(REVIEWER)
    case = reviewer.opens(f"/desk/cases/{case_no}/")
    assert "发布公告…" in case.text and "初审通过" not in case.link("发布公告…")

    page = reviewer.opens(f"/desk/cases/{case_no}/move/publish")

    assert "陶浩然" in page.words and "2026年12月14日" in page.words and "公告期" in page.words
    assert not PublicNotice.objects.exists(), "reading publishes nothing"
    assert "还没有发布" in reviewer.opens(path(case_no)).words
    sent = reviewer.sends(f"/desk/cases/{case_no}/move/publish", **page.handle, **confirmed(page))
    assert sent.status == 302, sent.words[:500]
    notice = PublicNotice.objects.get()
    assert "陶浩然" in everybody(f"/notices/{notice.pk}").words


def confirmed(page: Page) -> dict[str, Any]:
    """The proofs the page asks for, all of them."""
    asked = page.text.split('name="evidence" value="')[1:]
    return {"evidence": [one.split('"')[0] for one in asked], "proof": "派出所证明"} if asked else {}


def test_the_desk_posts_and_takes_down_and_the_reviewer_rules(desk: Desk, case_no: str) -> None:
    officer, reviewer = desk.person(OFFICER), desk.person(REVIEWER)
    before = officer.opens(path(case_no))
    assert "还没有存张贴的照片" in before.words and "作出处理" not in before.words

    assert officer.sends(path(case_no, "post"), posted_on=FIRST.isoformat(), photo=picture()).status == 302
    assert officer.sends(path(case_no, "object"), **said()).status == 302
    assert officer.sends(path(case_no, "object"), **said()).status == 302, "the same form sent twice"

    objection = NoticeObjection.objects.get()
    shown = reviewer.opens(path(case_no)).words
    assert "没有人问过我" in shown and "还没有处理" in shown and "作出处理" in shown
    assert "公告张贴照片" in officer.opens(f"/desk/cases/{case_no}/").text
    ruled = reviewer.sends(
        path(case_no, "rule"), objection=str(objection.pk), ruling="dismissed", reason="户口簿证明不是同一家人。"
    )
    assert ruled.status == 302
    assert "户口簿证明不是同一家人" in officer.opens(path(case_no)).words
    answer = officer.opens(officer.opens(f"/desk/cases/{case_no}/").link("公告异议处理告知书"))
    assert answer.response["Content-Type"] == "application/pdf" and b"/Sig" in answer.response.content
    on(desk.story, LAST)
    desk.story.tick(days=1)
    desk.story.settles()
    assert desk.case(case_no).state == CaseState.ACCEPTED


def test_an_upheld_objection_ends_the_case_and_takes_the_notice_down(desk: Desk, case_no: str) -> None:
    number = objects(desk.story, case_no, FIRST)
    pk = PublicNotice.objects.get().pk

    desk.person(REVIEWER).sends(
        path(case_no, "rule"), objection=str(number), ruling="upheld", reason="异议人是继承人。"
    )

    assert desk.case(case_no).state == CaseState.REFUSED
    assert "登记异议" not in desk.person(OFFICER).opens(path(case_no)).words
    gone = everybody(f"/notices/{pk}")
    assert gone.status == 404 and "陶浩然" not in gone.text


@pytest.mark.parametrize(
    ("part", "fields", "word"),
    [
        ("object", {"name": " "}, "谁提出的"),
        ("object", {"contact": ""}, "怎样联系"),
        ("object", {"received_on": "昨天"}, "哪天收到的"),
        ("object", {"received_on": "2026-11-20"}, Reasons.OBJECTION_TOO_LATE.what_zh),
        ("object", {"grounds": "长" * 1001}, "为什么有异议"),
        ("post", {"posted_on": "2026-11-20"}, "张贴的日期不对"),
        ("post", {"posted_on": ""}, "哪天张贴的"),
        ("rule", {"ruling": ""}, "处理结果"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_changes_nothing(
    desk: Desk, case_no: str, part: str, fields: dict[str, str], word: str
) -> None:
    objects(desk.story, case_no, FIRST, key="first")
    given: dict[str, Any] = {
        "object": said(),
        "post": {"posted_on": FIRST.isoformat(), "photo": picture()},
        "rule": {"objection": str(NoticeObjection.objects.get().pk), "ruling": "dismissed", "reason": "查明了"},
    }[part]
    who = REVIEWER if part == "rule" else OFFICER

    page = desk.person(who).sends(path(case_no, part), **{**given, **fields})

    assert page.status in (409, 422) and word in page.words
    assert NoticeObjection.objects.count() == 1
    assert not NoticePosting.objects.exists() and not ObjectionRuling.objects.exists()


@pytest.mark.parametrize(("name", "data"), [("../../wall.png", b"MZ\x90"), ("wall.png", b"<svg onload=alert(1)>")])
def test_what_is_no_picture_is_not_kept(desk: Desk, case_no: str, name: str, data: bytes) -> None:
    page = desk.person(OFFICER).sends(path(case_no, "post"), posted_on=FIRST.isoformat(), photo=picture(name, data))

    assert page.status == 422
    assert not NoticePosting.objects.exists()


def test_others_are_denied_and_that_is_audited(desk: Desk, case_no: str) -> None:
    number = objects(desk.story, case_no, FIRST)
    attempts = (
        (REGISTRAR, "post", {"posted_on": FIRST.isoformat(), "photo": picture()}, "case.post_notice"),
        (REGISTRAR, "object", said("k2"), "case.take_objection"),
        (OFFICER, "rule", {"objection": str(number), "ruling": "upheld", "reason": "是"}, "case.decide_objection"),
        (CLERK, "object", said("k3"), "case.take_objection"),
        (STRANGER, "object", said("k4"), "case.take_objection"),
    )
    for account, part, fields, permission in attempts:
        assert desk.person(account).sends(path(case_no, part), **fields).status == 403
        denied = desk.audited(action=f"denied.{permission}", outcome="denied")
        assert denied and denied[-1].actor_id == account.username
    assert desk.person(STRANGER).opens(path(case_no)).status == 403
    assert desk.case(case_no).state == CaseState.PUBLISHED
    assert NoticeObjection.objects.count() == 1


def test_a_case_that_needs_no_notice_has_no_such_page(desk: Desk) -> None:
    officer = desk.person(OFFICER)

    assert officer.opens(path(desk.cases["accepted"])).status == 404
    assert "public-notice" not in officer.opens_case("accepted").text
    assert officer.sends(path(desk.cases["accepted"], "burn")).status == 404


def test_everybody_reads_what_hangs_out_and_nothing_of_it_is_kept(desk: Desk, case_no: str) -> None:
    pk = PublicNotice.objects.get().pk
    listed = everybody("/notices")
    one = everybody(f"/notices/{pk}")

    for page in (listed, one):
        assert "陶浩然" in page.words and "2026年12月14日" in page.words
        assert page.response["X-Robots-Tag"] == "noindex, noarchive" and page.response["Cache-Control"] == "no-store"
        assert not any(number in page.text for number in personal_numbers(case_no))
    assert f"/notices/{pk}" in everybody("/notices?division=410526").text
    assert "现在没有公告" in everybody("/notices?division=410102").words
    for odd in ("?before=abc", "?before=" + "9" * 40, "?division=999999", "?before=-1"):
        assert everybody("/notices" + odd).status == 200

    posted(desk.story, case_no, FIRST)
    on(desk.story, LAST)
    assert everybody(f"/notices/{pk}").status == 200
    desk.story.tick(days=1)
    desk.story.settles()
    over = everybody(f"/notices/{pk}")
    assert over.status == 404 and "已经撤下" in over.words and "陶浩然" not in over.text
    assert "现在没有公告" in everybody("/notices").words


def personal_numbers(case_no: str) -> set[str]:
    """Document and phone numbers of everybody in the case."""
    parties = Case.objects.get(case_no=case_no).package["parties"]
    found = {str(one.get(key, "")) for one in parties for key in ("id_no", "phone")}
    assert any(len(number) > 10 for number in found)
    return {number for number in found if number}


def test_the_public_list_takes_the_same_statements_however_long_it_is(desk: Desk, case_no: str) -> None:
    forget_kept()
    with CaptureQueriesContext(connection) as few:
        everybody("/notices")
    original = PublicNotice.objects.get()
    cases = Case.objects.exclude(pk=original.case_id).filter(ended_at=None)[:6]
    for case in cases:
        PublicNotice.objects.create(
            case=case, registry=original.registry, content=original.content, published_on=original.published_on,
            ends_on=original.ends_on, workdays=15, published_at=original.published_at, published_by="t",
        )  # fmt: skip
    forget_kept()
    with CaptureQueriesContext(connection) as many:
        assert everybody("/notices").text.count("看公告全文") == 1 + len(cases)
    assert len(many) == len(few)
