"""Plays the example of a service item through the public services: for walks, demonstrations and the life-cycle test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from tongban.access.actors import Actor, ActorKind
from tongban.cases import dues, flow
from tongban.cases import queries as cases
from tongban.cases.moves import Moved, StepData
from tongban.cli import play, stage
from tongban.cli.play import Wish
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS, NEIGHBOUR, OWNERS_SECOND_FLAT, Staged
from tongban.domain.catalogue.item import NO, ExampleUnit, FieldKind, FoundBy, ServiceItem
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.entries import DescribeUnit, OpenTitle
from tongban.domain.lifecycle import CaseState
from tongban.domain.restrictions import Act
from tongban.domain.terms import Cause
from tongban.domain.titles import Holder
from tongban.domain.unit_page import UnitPage
from tongban.intake import queries
from tongban.register import book, reading
from tongban.register.requests import RecordRequest

Said = Callable[[str, Actor | None, str], None]  # what happened, who did it, and the case it happened to


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an example plays: who works there, and a clock that only the play moves."""

    tick: Callable[[], datetime]
    settle: Callable[[], None]
    clerk: Actor
    say: Said


def take_units(registry: str, now: datetime) -> None:
    """Enter the units that examples play on, as stock data; again, it changes nothing."""
    for staged in (*EXAMPLE_UNITS.values(), NEIGHBOUR, OWNERS_SECOND_FLAT):
        _take(staged, registry, now)


def play_item(item: ServiceItem, at: Stage) -> str:
    """The whole life of the item's example, those that have to come before it included; the case's number."""
    code = EXAMPLE_UNITS[item.example.unit].unit.unit_code
    for number in item.example.after:
        play_one(CATALOGUE[number], code, at)
    return play_one(item, code, at)


def play_one(item: ServiceItem, code: UnitCode, at: Stage) -> str:
    """One application from the window to the end of its case."""
    wish = wish_of(item, reading.page(code), at.tick().date().isoformat())
    begun = play.begin(
        wish,
        at.clerk,
        window_code=stage.window_of(at.clerk.institution),
        now=at.tick(),
        key=f"{item}-{code}-{at.tick():%Y%m%d%H%M%S%f}",
    )
    assert not isinstance(begun, Refusal), f"{item}: {begun}"
    at.say("open", at.clerk, begun)
    play.fill(begun, wish, at.clerk, now=at.tick())
    at.say("fill and sign", at.clerk, begun)
    return finish(item, begun, at)


def finish(item: ServiceItem, begun: str, at: Stage) -> str:
    """A complete application goes to its home registry, and its case to the end."""
    stage.presign(item, queries.application(begun, at.clerk, at.tick()).form, at.tick())
    play.hand_over(begun, at.clerk, now=at.tick())
    at.say("hand_over", at.clerk, begun)
    at.settle()
    case_no = play.case_of(begun)
    at.say("open case", None, case_no)
    for action, account in _MOVES:
        if action == "record":
            settle_dues(case_no, at)
        _advance(case_no, action, stage.actor(account), item.example.confirmed, at)
    assert cases.state_of(case_no) is CaseState.CERTIFIED, f"{item} stands at {cases.state_of(case_no).name_zh}"
    at.say("certify", None, case_no)
    at.say("follow", None, begun)
    return case_no


def settle_dues(case_no: str, at: Stage) -> None:
    """Everybody answers and pays what the case still waits for."""
    for due in cases.dues_of(case_no):
        if due.state != dues.DueState.OPEN:
            continue
        amount = due.amount_fen if due.amount_fen is not None else (None if due.kind == "housing" else 0)
        given = dues.Answer(dues.DueState.SETTLED, f"{due.kind}-{case_no[-6:]}-{due.position}", amount)
        officer = stage.actor(stage.OFFICER)
        dues.answer(case_no, due.position, given, officer, now=at.tick())
        at.say("answer_due", officer, case_no)
    at.settle()


def wish_of(item: ServiceItem, page: UnitPage, day: str) -> Wish:
    """What the example's applicant brings to the window, given what the register says now."""
    number, name, id_no = _paper(item, page)
    form = {key: text.replace("{today}", day) for key, text in item.example.answers.items()}
    return Wish(item.number, page.unit_code, number, name, id_no, form, answers_of(item))


def answers_of(item: ServiceItem) -> dict[str, str]:
    """The inquiry answered as it must be, and with no wherever anything may be said."""
    answers: dict[str, str] = {}
    for question in item.questions:
        if question.when is None or question.when(answers):
            answers[question.key] = question.must_be or (NO if question.kind is FieldKind.YES_NO else "无")
    return forms.clean_answers(item, answers)


def _paper(item: ServiceItem, page: UnitPage) -> tuple[str, str, str]:
    if item.found_by is FoundBy.TITLE:
        assert page.title is not None, f"{item} needs a titled unit"
        return (page.title.certificate_no, *_who(page.title.holders))
    if item.found_by is FoundBy.PROOF:
        opened = next(one for one in reversed(page.burdens) if one.burden.proof_no)
        return (opened.burden.proof_no, *_who(opened.holders))
    first = item.parties(item.example.answers)[0]
    return "", first.name, first.id_no


def _who(holders: Iterable[Holder]) -> tuple[str, str]:
    holder = next(iter(holders))
    return holder.name, holder.id_no


def _advance(case_no: str, action: str, officer: Actor, confirmed: Iterable[str], at: Stage) -> None:
    now = at.tick()
    data = StepData(key=f"{action}:{now.isoformat()}", now=now, evidence=frozenset(map(str, confirmed)))
    outcome = flow.advance(case_no, action, officer, data)
    assert isinstance(outcome, Moved), f"{action} of {case_no}: {outcome}"
    at.say(action, officer, case_no)
    at.settle()


def _take(staged: Staged, registry: str, now: datetime) -> None:
    entry = OpenTitle(staged.title, Cause.OTHER) if staged.title else DescribeUnit(staged.unit)
    recorder = Actor(ActorKind.SYSTEM, "system:stock", "存量数据整理", registry, frozenset(), "worker")
    outcome = book.record(
        RecordRequest(
            unit_codes=(entry.unit_code,),
            entries=(entry,),
            acts=(Act.CORRECT,),
            evidence=frozenset(),
            recorder=recorder,
            case_no="",
            key=f"example:{entry.unit_code}",
            now=now,
            registry=registry,
        )
    )
    assert not isinstance(outcome, Refusal), "a unit without burdens takes its first title"
    if staged.flags:
        book.flag_unit(entry.unit_code, staged.flags)


_MOVES = (
    ("accept", stage.OFFICER),
    ("approve_first", stage.REVIEWER),
    ("approve_second", stage.SECOND),
    ("record", stage.REGISTRAR),
)
assert set(EXAMPLE_UNITS) == set(ExampleUnit), "every kind of unit is staged"
