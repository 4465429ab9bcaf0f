"""A bank's batch done together: checked, asked and signed once, each application with its own record; nothing twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate
from tests.integration.test_intake_batches import takes, works
from tests.province import CLERK, STRANGER, Province, flats
from tests.register_story import record
from tests.thorough import rounds

from tongban.access.models import AuditRow
from tongban.cases.models import Case
from tongban.cli import examples, play
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.codes import UnitCode
from tongban.domain.errors import InvalidInput, NotPermitted, Unavailable
from tongban.domain.identity import IdDocument
from tongban.domain.lifecycle import ApplicationState
from tongban.domain.restrictions import Act
from tongban.domain.terms import HolderKind
from tongban.domain.titles import Holder, HolderIdentity
from tongban.intake import filling, handover, queries, trying
from tongban.intake.batches import ready, together
from tongban.intake.batches.ready import Ready
from tongban.intake.batches.together import Asked, Paper, Who
from tongban.intake.models import Application, ApplicationParty, BatchAct, BatchRow, Signature

pytest_plugins = ("tests.stories.conftest",)
MANY = rounds(6, soak=12)
LOAN, END = CATALOGUE["S19"].example.answers, CATALOGUE["S24"]
BANK = Holder(
    1, HolderKind.ENTERPRISE, HolderIdentity(LOAN["mortgagee1_name"], IdDocument.USCC, LOAN["mortgagee1_id_no"])
)  # fmt: skip
AGENT = Who(END.example.answers["mortgagee1_acting_name"], END.example.answers["mortgagee1_acting_id_no"])


def row(story: Province, number: int) -> dict[str, str]:
    """A flat mortgaged to the bank, and the line of the sheet that ends the mortgage."""
    return row_of(story, flats()[number].unit_code, number)


def row_of(story: Province, code: UnitCode, number: int) -> dict[str, str]:
    """The same for any unit; `number` tells the proofs apart."""
    proof = f"豫（2026）滑县不动产证明第000{number + 100:04d}号"
    fact = BurdenFact(Burden.MORTGAGE, proof, date(2026, 11, 20), rank=1, proof_no=proof)
    record(story, OpenBurden(code, fact, {"debt_yuan": "500000.00"}, (BANK,)), Act.MORTGAGE)
    form = {key: text.replace("{today}", "2026-11-20") for key, text in END.example.answers.items()}
    paper = {"_certificate_no": proof, "_holder_name": BANK.name, "_holder_id_no": BANK.id_no}
    return {"_unit_code": code, **paper, **form}


@pytest.fixture
def batch(story: Province) -> str:
    number = takes(story, "S24", [row(story, n) for n in range(MANY)])
    works(story)
    assert BatchRow.objects.filter(state=BatchRow.BEGUN).count() == MANY, list(
        BatchRow.objects.values_list("findings", "waits_zh")
    )
    return number


def asked(story: Province, batch: str, key: str) -> Asked:
    return Asked(batch, story.actor(CLERK), key, story.tick())


def carries_out(story: Province) -> None:
    while together.act_due(story.tick(seconds=1)):
        pass


def applications() -> list[str]:
    return list(BatchRow.objects.order_by("row_no").values_list("application_id", flat=True))


def own_papers(story: Province, number: str) -> None:
    """What each mortgage has of its own: the proof that is handed in."""
    clerk, now = story.actor(CLERK), story.tick()
    filling.add_scan(number, "proof", play.scan(number), clerk, now=now)
    filling.record_paper(number, "proof", filling.COLLECTED, clerk, pages=1, now=now)


def shared_papers(story: Province, batch: str) -> None:
    view = together.sample(batch, story.actor(CLERK), story.tick())
    assert view is not None
    for requirement in view.requirements:
        if requirement.key != "proof":
            paper = Paper(requirement.key, requirement.material.name_zh, filling.CHECKED_RETURNED, 1)
            together.bring_paper(asked(story, batch, requirement.key), paper, [play.scan(requirement.key)])


def looks(story: Province, batch: str) -> tuple[Ready, ...]:
    """The list as the page shows it."""
    ready.check(batch, localdate(story.now))
    return ready.listed(batch, localdate(story.now))


def signs(story: Province, batch: str) -> None:
    """The agent reads the list and signs."""
    shown = ready.stamp(looks(story, batch))
    together.sign(asked(story, batch, "sign"), AGENT, play.signature(AGENT.name), shown)


def answers() -> dict[str, str]:
    return examples.answers_of(END)


def test_the_agent_comes_once_and_every_complete_row_is_handed_over(story: Province, batch: str) -> None:
    numbers = applications()
    for number in numbers[:-1]:
        own_papers(story, number)

    together.check_identity(asked(story, batch, "who"), AGENT, filling.READER_FACE)
    shared_papers(story, batch)
    together.answer_inquiry(asked(story, batch, "asked"), answers())
    carries_out(story)
    signs(story, batch)
    together.hand_over(asked(story, batch, "go"))
    carries_out(story)

    states = dict(Application.objects.values_list("number", "state"))
    assert [states[number] for number in numbers] == [ApplicationState.HANDED_OVER] * (MANY - 1) + ["DRAFT"]
    assert Signature.objects.count() == MANY - 1
    digests = set(Signature.objects.values_list("content_digest", flat=True))
    assert len(digests) == MANY - 1, "each signature is over the content of its own application"
    done = {one.step: one for one in together.acts_of(batch)}
    last_row = BatchRow.objects.order_by("row_no").last()
    assert last_row is not None
    assert (done[together.Step.IDENTITY].done, done[together.Step.HAND_OVER].done) == (MANY, MANY - 1)
    ((row_no, words),) = done[together.Step.SIGN].failures
    assert row_no == last_row.row_no and "扫描件" in words
    assert all(one.finished_at for one in done.values())
    story.settles()
    assert Case.objects.count() == MANY - 1


def test_a_signature_holds_only_for_what_was_shown(story: Province, batch: str) -> None:
    first, second, *_ = applications()
    for number in applications():
        own_papers(story, number)
    together.check_identity(asked(story, batch, "who"), AGENT, filling.READER_FACE)
    shared_papers(story, batch)
    together.answer_inquiry(asked(story, batch, "asked"), answers())
    assert looks(story, batch) == ()
    with pytest.raises(InvalidInput):
        signs(story, batch)
    carries_out(story)
    shown = ready.stamp(looks(story, batch))

    changes(story, first)
    with pytest.raises(InvalidInput) as told:
        together.sign(asked(story, batch, "s"), AGENT, play.signature(AGENT.name), shown)
    assert "刚才改过" in told.value.problems[0].what_zh
    signs(story, batch)
    changes(story, second)
    carries_out(story)

    (act,) = (one for one in together.acts_of(batch) if one.step is together.Step.SIGN)
    assert act.done == MANY - 1 and "改过" in act.failures[0][1]
    left = looks(story, batch)
    assert [one.application_no for one in left] == [second], "what is signed is not asked for again"
    assert not Signature.objects.filter(application_id=second).exists()


def everything_but_the_signature(story: Province, batch: str) -> None:
    for number in applications():
        own_papers(story, number)
    together.check_identity(asked(story, batch, "who"), AGENT, filling.READER_FACE)
    shared_papers(story, batch)
    together.answer_inquiry(asked(story, batch, "asked"), answers())
    carries_out(story)


def test_a_row_is_checked_again_when_it_changed_or_the_day_did(story: Province, batch: str) -> None:
    everything_but_the_signature(story, batch)
    today = localdate(story.now)
    shown = ready.listed(batch, today)
    assert len(shown) == MANY and ready.unchecked(batch, today) == 0, "the worker checked the rows it worked on"

    first = applications()[0]
    changes(story, first)
    assert [one.application_no for one in ready.listed(batch, today)] == applications()[1:]
    again = looks(story, batch)
    assert [one.application_no for one in again] == applications() and again[0].digest != shown[0].digest
    tomorrow = today + timedelta(days=1)
    assert ready.listed(batch, tomorrow) == () and ready.unchecked(batch, tomorrow) == MANY

    trying.try_form(first, story.actor(CLERK), now=story.tick())
    assert ready.unchecked(batch, today) == 1, "what the home registry said counts"


def test_a_look_checks_a_bounded_number_of_rows(story: Province, batch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    everything_but_the_signature(story, batch)
    BatchRow.objects.update(checked_on=None)
    today = localdate(story.now)
    monkeypatch.setattr(ready, "CHECKED_AT_ONCE", 4)

    assert len(looks(story, batch)) == 4 and ready.unchecked(batch, today) == MANY - 4
    monkeypatch.setattr(ready, "LISTED_MAX", 3)
    assert [one.application_no for one in looks(story, batch)] == applications()[:3], (
        "nobody signs a list without an end"
    )


def changes(story: Province, number: str) -> None:
    """Somebody mends the form of one application."""
    view = queries.application(number, story.actor(CLERK), story.tick())
    form = {**view.form, "mortgagee1_phone": f"0372-81{story.now.microsecond % 10**5:05d}"}
    assert filling.save_form(number, form, story.actor(CLERK), version=view.version, now=story.tick()) == ()


def test_what_is_asked_twice_or_cut_off_is_done_once(story: Province, batch: str) -> None:
    together.check_identity(asked(story, batch, "who"), AGENT, filling.READER_FACE)
    together.check_identity(asked(story, batch, "who"), AGENT, filling.READER_FACE)
    assert BatchAct.objects.count() == 1
    carries_out(story)
    BatchAct.objects.update(cursor=0, finished_at=None, done_count=0)

    carries_out(story)

    act = BatchAct.objects.get()
    assert (act.done_count, act.failure_count) == (0, 0), "done before the cut, and not again"
    checks = AuditRow.objects.filter(action="intake.identity").count()
    assert checks == MANY == ApplicationParty.objects.filter(identity_result="passed").count()


def test_one_spoilt_row_does_not_hold_the_others_up(
    story: Province, batch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt, real = applications()[1], filling.check_identity

    def check(number: str, *given: Any, **named: Any) -> None:
        if number == spoilt:
            raise RuntimeError("a row nobody can read")
        real(number, *given, **named)

    monkeypatch.setattr(filling, "check_identity", check)
    together.check_identity(asked(story, batch, "who"), AGENT, filling.READER_FACE)
    carries_out(story)

    (act,) = together.acts_of(batch)
    assert (act.done, act.failed) == (MANY - 1, 1) and "系统出错" in act.failures[0][1] and act.finished_at


def test_a_registry_out_of_reach_is_asked_again(story: Province, batch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    everything_but_the_signature(story, batch)
    signs(story, batch)
    carries_out(story)
    together.hand_over(asked(story, batch, "go"))

    def is_down(*given: Any, **named: Any) -> None:
        raise Unavailable("home_unreachable", "属地系统现在连不上。")

    with monkeypatch.context() as down:
        down.setattr(handover, "hand_over", is_down)
        carries_out(story)
    act = BatchAct.objects.get(kind="hand_over")
    assert (act.cursor, act.failure_count, act.finished_at) == (0, 0, None)
    assert together.act_due(story.tick(seconds=5)) == 0, "not at once"
    story.tick(minutes=3)
    carries_out(story)

    assert set(Application.objects.values_list("state", flat=True)) == {ApplicationState.HANDED_OVER}


def test_a_step_waits_for_the_one_before_and_another_worker_leaves_it_alone(story: Province, batch: str) -> None:
    together.check_identity(asked(story, batch, "who"), AGENT, filling.READER_FACE)
    together.hand_over(asked(story, batch, "go"))
    BatchAct.objects.filter(kind="identity").update(due_at=story.now + timedelta(seconds=60))

    assert together.act_due(story.tick(seconds=1)) == 0

    story.tick(seconds=61)
    carries_out(story)
    assert BatchAct.objects.filter(finished_at=None).count() == 0


def test_a_stranger_to_the_rows_is_told_for_each(story: Province, batch: str) -> None:
    together.check_identity(asked(story, batch, "who"), Who("谢雨桐", "410526199001010009"), filling.READER_FACE)
    carries_out(story)

    (done,) = together.acts_of(batch)
    assert done.failed == MANY and "请单独办" in done.failures[0][1]
    assert not ApplicationParty.objects.filter(identity_result="passed").exists()


@pytest.mark.parametrize("kind", [filling.COLLECTED, "burnt"])
def test_one_original_does_not_stay_with_many(story: Province, batch: str, kind: str) -> None:
    with pytest.raises(InvalidInput):
        together.bring_paper(asked(story, batch, "p"), Paper("licence", "执照", kind, 1), [play.scan("执照")])
    with pytest.raises(InvalidInput):
        together.bring_paper(asked(story, batch, "p"), Paper("licence", "执照", filling.COPIED, 1), [])
    with pytest.raises(InvalidInput):
        together.check_identity(asked(story, batch, "who"), AGENT, filling.BY_HAND)
    assert not BatchAct.objects.exists()


def test_another_registry_asks_for_nothing(story: Province, batch: str) -> None:
    with pytest.raises(NotPermitted):
        together.hand_over(Asked(batch, story.actor(STRANGER), "go", story.tick()))
    assert not BatchAct.objects.exists()
    assert queries.state_of(applications()[0]) is ApplicationState.DRAFT
