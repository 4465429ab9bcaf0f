"""The page of taxes, fees and other offices: answered line by line, exemptions approved and taken back, nothing guessed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.desk_site import Desk, Page
from tests.province import HOME, NOW, OFFICER, REVIEWER, SECOND
from tests.public_notice import photo

from tongban.cases import queries
from tongban.cli import examples
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.register import reading


@pytest.fixture
def case_no(desk: Desk) -> str:
    """A sale that waits for housing, taxes and the fee."""
    story, item = desk.story, CATALOGUE["S02"]
    examples.take_units(HOME, NOW)
    wish = examples.wish_of(item, reading.page(EXAMPLE_UNITS[item.example.unit].unit.unit_code), NOW.date().isoformat())
    found = story.hands_over(wish)
    story.settles()
    case_no = queries.case_no_of(found)
    for action, account in (("accept", OFFICER), ("approve_first", REVIEWER), ("approve_second", SECOND)):
        story.moves(case_no, action, account)
    return case_no


def answers(desk: Desk, case_no: str, position: int, **fields: Any) -> Page:
    return desk.person(OFFICER).sends(f"/desk/cases/{case_no}/dues", position=str(position), **fields)


def states(case_no: str) -> list[str]:
    return [line.state for line in queries.dues_of(case_no)]


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("proof.png", photo(), "image/png")


def test_the_page_asks_for_the_next_open_line_and_says_when_all_are_done(desk: Desk, case_no: str) -> None:
    officer = desk.person(OFFICER)
    assert "房屋交易备案审核" in officer.opens(f"/desk/cases/{case_no}/dues").words

    assert answers(desk, case_no, 1, outcome="settled", voucher_no="备案-1").status == 302
    assert answers(desk, case_no, 2, outcome="settled", voucher_no="税-1", amount="8000").status == 302
    assert answers(desk, case_no, 3, outcome="settled", voucher_no="票-1", amount="80").status == 302

    assert states(case_no) == ["settled", "settled", "settled"]
    assert "都已办结，可以登簿" in officer.opens(f"/desk/cases/{case_no}/dues").words


def test_an_exemption_is_approved_by_somebody_keeps_its_paper_and_can_be_taken_back(desk: Desk, case_no: str) -> None:
    exempt = {"outcome": "exempt", "voucher_no": "小微-1", "amount": ""}
    told = answers(desk, case_no, 3, **exempt)
    assert told.status == 422 and "谁批准免缴" in told.words and "没有存免收的材料" in told.words
    assert states(case_no)[2] == "open"

    assert answers(desk, case_no, 3, **exempt, approver="李科长", paper=scan()).status == 302
    officer = desk.person(OFFICER)
    page = officer.opens(f"/desk/cases/{case_no}/dues")
    assert "由李科长批准免缴" in page.words
    assert "免缴材料" in officer.opens(f"/desk/cases/{case_no}/").text
    assert officer.sends(f"/desk/cases/{case_no}/dues/recover", position="3", reason="").status == 422
    assert officer.sends(f"/desk/cases/{case_no}/dues/recover", position="3", reason="查询单是假的").status == 302
    assert states(case_no)[2] == "recovery"


def test_who_approved_and_the_paper_are_asked_only_of_an_exemption(desk: Desk, case_no: str) -> None:
    closed = 'data-when="outcome" data-answers="exempt" hidden>'
    assert answers(desk, case_no, 1, outcome="settled", voucher_no="备案-1").status == 302
    assert closed in desk.person(OFFICER).opens(f"/desk/cases/{case_no}/dues").text

    told = answers(desk, case_no, 3, outcome="exempt", voucher_no="小微-1", amount="")

    assert told.status == 422 and closed not in told.text and 'data-answers="exempt">' in told.text


def test_who_may_not_answer_reads_and_cannot_send(desk: Desk, case_no: str) -> None:
    reviewer = desk.person(REVIEWER)

    page = reviewer.opens(f"/desk/cases/{case_no}/dues")

    assert page.status == 200 and "登记结果" not in page.words
    sent = reviewer.sends(f"/desk/cases/{case_no}/dues", position="1", outcome="settled", voucher_no="备案-1")
    assert sent.status == 403 and states(case_no)[0] == "open"
    assert desk.audited(action="denied.case.answer_due")


def test_a_spoilt_paper_is_told_and_nothing_is_lost(desk: Desk, case_no: str) -> None:
    spoilt = SimpleUploadedFile("../../x.exe", b"MZ", "image/png")

    page = answers(desk, case_no, 3, outcome="exempt", voucher_no="小微-1", approver="李科长", paper=spoilt)

    assert page.status == 422 and "小微-1" in page.text and states(case_no)[2] == "open"


def test_what_an_exemption_needs_is_not_called_optional_and_no_amount_is_asked_with_it(
    desk: Desk, case_no: str
) -> None:
    for position, paid in ((1, ""), (2, "8000")):
        assert answers(desk, case_no, position, outcome="settled", voucher_no="号", amount=paid).status == 302

    told = answers(desk, case_no, 3, outcome="exempt", voucher_no="小微-1", amount="")

    labels = dict(re.findall(r'<label[^>]* for="id_(\w+)">(.*?)</label>', told.text))
    assert {name for name in ("amount", "approver", "paper", "note") if "选填" in labels[name]} == {"note"}
    assert 'data-when="outcome" data-answers="settled" hidden>' in told.text
    paying = answers(desk, case_no, 3, outcome="settled", voucher_no="", amount="")
    assert 'data-when="outcome" data-answers="settled">' in paying.text and "没有填缴了多少钱" in paying.words


@pytest.mark.parametrize(("outcome", "words"), [("settled", "审核通过"), ("not_due", "不用审核")])
def test_where_nothing_was_due_nothing_is_said_to_be_paid(desk: Desk, case_no: str, outcome: str, words: str) -> None:
    assert queries.dues_of(case_no)[0].state_zh == "等待审核"

    answers(desk, case_no, 1, outcome=outcome, voucher_no="备案-1")

    assert [line.state_zh for line in queries.dues_of(case_no)] == [words, "等待办理", "等待办理"]
    assert "已缴清" not in queries.dues_of(case_no)[0].state_zh
    answers(desk, case_no, 2, outcome="settled", voucher_no="税-1", amount="8000")
    assert queries.dues_of(case_no)[1].state_zh == "已缴清"
