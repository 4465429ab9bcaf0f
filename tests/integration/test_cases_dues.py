"""What stands between review and recording: taxes, fee and answers of other offices (48号文 五（五）)."""

from __future__ import annotations

import pytest
from tests.province import CLERK, HOME, NOW, OFFICER, REGISTRAR, REVIEWER, SECOND, STRANGER, Province

from tongban.cases import dues, queries
from tongban.cases.dues import Answer, DueState
from tongban.cases.models import Case, CaseFile
from tongban.cli import examples, play, stage
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput, NotPermitted, WrongState
from tongban.domain.lifecycle import CaseState
from tongban.register import reading

pytest_plugins = ("tests.stories.conftest",)
ITEM = CATALOGUE["S02"]
PAID = Answer(DueState.SETTLED, "票-1", 8000)
LET_OFF = Answer(
    DueState.EXEMPT, "小微企业查询单-1", approver_zh="李科长", paper=play.scan("小微企业名录查询单")
)  # fmt: skip


@pytest.fixture
def reviewed(story: Province) -> str:
    """The case of a sale that two reviewers approved and on which nothing is paid yet."""
    examples.take_units(HOME, NOW)
    code = EXAMPLE_UNITS[ITEM.example.unit].unit.unit_code
    wish = examples.wish_of(ITEM, reading.page(code), "2026-11-23")
    number = play.begin(
        wish, story.actor(CLERK), window_code=stage.window_of(CLERK.institution), now=story.tick(), key="dues"
    )
    assert isinstance(number, str), number
    play.fill(number, wish, story.actor(CLERK), now=story.tick())
    play.hand_over(number, story.actor(CLERK), now=story.tick())
    story.settles()
    case_no = play.case_of(number)
    for action, account in (("accept", OFFICER), ("approve_first", REVIEWER), ("approve_second", SECOND)):
        story.moves(case_no, action, account)
    story.settles()
    return case_no


def answer(story: Province, case_no: str, position: int, given: Answer) -> None:
    dues.answer(case_no, position, given, story.actor(OFFICER), now=story.tick())


def kinds(case_no: str) -> list[tuple[str, str, int | None]]:
    return [(line.kind, line.state, line.amount_fen) for line in queries.dues_of(case_no)]


def test_housing_and_tax_hear_of_a_sale_at_once_and_the_buyers_fee_falls_due_after_review(
    story: Province, reviewed: str
) -> None:
    assert kinds(reviewed) == [("housing", "open", None), ("tax", "open", None), ("fee", "open", 8000)]
    (fee,) = [line for line in queries.dues_of(reviewed) if line.kind == "fee"]
    assert fee.payer_role == "transferee"
    assert "2559号" in fee.law_zh


def test_nothing_is_recorded_before_every_line_has_ended(story: Province, reviewed: str) -> None:
    answer(story, reviewed, 1, Answer(DueState.SETTLED, "备案-1"))
    answer(story, reviewed, 2, Answer(DueState.SETTLED, "税-1", 800000))
    story.settles()
    assert queries.state_of(reviewed) is CaseState.APPROVED
    with pytest.raises(WrongState):
        play.advance(reviewed, "record", story.actor(REGISTRAR), now=story.tick())

    answer(story, reviewed, 3, PAID)
    story.settles()

    assert queries.state_of(reviewed) is CaseState.DUES_SETTLED


def test_a_declined_review_keeps_the_case_from_being_settled(story: Province, reviewed: str) -> None:
    answer(story, reviewed, 1, Answer(DueState.DECLINED, "备案-1", note_zh="合同没有网签"))
    answer(story, reviewed, 2, Answer(DueState.EXEMPT, "免税-1", approver_zh="滑县税务局"))
    answer(story, reviewed, 3, PAID)
    story.settles()
    assert queries.state_of(reviewed) is CaseState.APPROVED

    answer(story, reviewed, 1, Answer(DueState.SETTLED, "备案-2"))
    story.settles()

    assert queries.state_of(reviewed) is CaseState.DUES_SETTLED


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Answer(DueState.SETTLED, "票-1", 8001), "amount"),
        (Answer(DueState.SETTLED, "票-1"), "amount"),
        (Answer(DueState.SETTLED, " ", 8000), "voucher_no"),
        (Answer(DueState.OPEN, "票-1", 8000), "outcome"),
        (Answer(DueState.SETTLED, "票-1", -1), "amount"),
        (Answer(DueState.EXEMPT, "免-1", approver_zh=" ", paper=play.scan("查询单")), "approver"),
        (Answer(DueState.EXEMPT, "免-1", approver_zh="李科长"), "paper"),
    ],
)
def test_an_answer_that_does_not_fit_changes_nothing(story: Province, reviewed: str, given: Answer, field: str) -> None:
    before = kinds(reviewed)

    with pytest.raises(InvalidInput) as refused:
        answer(story, reviewed, 3, given)

    assert field in {problem.field for problem in refused.value.problems}
    assert kinds(reviewed) == before


def test_the_same_answer_twice_counts_once_and_another_is_refused(story: Province, reviewed: str) -> None:
    answer(story, reviewed, 3, PAID)
    answer(story, reviewed, 3, PAID)

    with pytest.raises(WrongState):
        answer(story, reviewed, 3, LET_OFF)
    assert kinds(reviewed)[2] == ("fee", "settled", 8000)


def test_an_officer_of_another_registry_cannot_answer(story: Province, reviewed: str) -> None:
    with pytest.raises(NotPermitted):
        dues.answer(reviewed, 3, PAID, story.actor(STRANGER), now=story.tick())
    assert kinds(reviewed)[2] == ("fee", "open", 8000)


def test_what_was_paid_is_given_back_when_the_case_ends_unrecorded(story: Province, reviewed: str) -> None:
    answer(story, reviewed, 3, PAID)

    outcome = play.advance(reviewed, "withdraw", story.actor(OFFICER), now=story.tick(), note_zh="买卖双方不卖了")

    assert not isinstance(outcome, Refusal)
    assert kinds(reviewed) == [("housing", "not_due", None), ("tax", "not_due", None), ("fee", "refund_due", 8000)]


def test_an_exemption_found_false_is_to_be_paid_after_all(story: Province, reviewed: str) -> None:
    answer(story, reviewed, 3, LET_OFF)

    dues.recover(reviewed, 3, "查询单是假的", story.actor(OFFICER), now=story.tick())

    assert kinds(reviewed)[2] == ("fee", "recovery", 8000)
    paper = CaseFile.objects.get(case=reviewed, kind="exemption")
    assert (paper.position, paper.name_zh) == (3, "免缴材料（不动产登记费（住宅类））")
    assert Case.objects.get(case_no=reviewed).dues.get(position=3).answered_by == OFFICER.username
    with pytest.raises(WrongState):
        dues.recover(reviewed, 3, "再来一次", story.actor(OFFICER), now=story.tick())


@pytest.mark.parametrize(("typed", "fen"), [("80", 8000), ("80.5", 8050), ("1,234.56", 123456), ("0", 0)])
def test_yuan_are_read_exactly(typed: str, fen: int) -> None:
    assert dues.fen_of(typed) == fen


@pytest.mark.parametrize("typed", ["", "八十", "80.505", "-1", "1e3", "080"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        dues.fen_of(typed)


def test_each_side_of_an_exchange_owes_the_fee_of_the_home_it_gets(story: Province) -> None:
    """Two units, two payers, eighty yuan each (2559号 五)."""
    examples.take_units(HOME, NOW)
    at = examples.Stage(story.tick, story.settles, story.actor(CLERK), lambda action, actor, of: None)

    case_no = examples.play_item(CATALOGUE["S10"], at)

    fees = [(line.payer_role, line.amount_fen) for line in queries.dues_of(case_no) if line.kind == "fee"]
    assert fees == [("transferee", 8000), ("transferor", 8000)]
