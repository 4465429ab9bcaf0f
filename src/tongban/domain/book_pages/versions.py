"""Everything that was ever in force on one unit, version by version: when it began, by which entry, what ended it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from tongban.domain.acts import Act
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import MORTGAGES, OVERDUE_NOTICES, Burden, BurdenFact, standing_on
from tongban.domain.codes import UnitCode
from tongban.domain.entries import (
    AlterHolder,
    CloseTitle,
    DescribeUnit,
    Entry,
    OpenTitle,
    ReplaceCertificate,
    ReplaceTitle,
)
from tongban.domain.facts import UnitState
from tongban.domain.replay import Titles, apply
from tongban.domain.terms import Cause, Registration, Term
from tongban.domain.titles import Title

NO_DAYS: Final[Mapping[str, date]] = MappingProxyType({})
OLD_STOCK_ZH = "原有登记（本系统启用前）"


class Standing(Term):
    """权属状态 of one version (QSZT: 1 现势, 2 历史, 3 终止), and what a date alone has done to a right."""

    CURRENT = "current", "现势"
    NOT_YET = "not_yet", "还没有开始"
    OVERDUE = "overdue", "可能已失效，待核实"
    LAPSED = "lapsed", "期限已过，还没有注销"
    HISTORIC = "historic", "历史"
    TERMINATED = "terminated", "终止"
    CANCELLED = "cancelled", "已注销"

    @property
    def is_past(self) -> bool:
        """Whether a later entry ended it."""
        return self in (Standing.HISTORIC, Standing.TERMINATED, Standing.CANCELLED)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry with when it was recorded, by whom, for which case, and its place in the ledger."""

    entry: Entry
    at: datetime
    recorder_zh: str = ""
    case_no: str = ""
    entry_no: str = ""
    act: str = ""

    def is_with(self, other: Recorded) -> bool:
        """Whether both were written by one recording."""
        return (self.at, self.case_no) == (other.at, other.case_no)


Content = TypeVar("Content")
Content_co = TypeVar("Content_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Version(Generic[Content_co]):
    """What held from one entry to the next.  `cause_zh` is why it began, `end_zh` why it ended."""

    content: Content_co
    began: Recorded
    registration_zh: str
    cause_zh: str
    standing: Standing = Standing.CURRENT
    ended: Recorded | None = None
    end_zh: str = ""


@dataclass(frozen=True, slots=True)
class UnitBook:
    """The whole book of one unit: what is in force first, then what is over, the latest first."""

    unit_code: UnitCode
    states: tuple[Version[UnitState], ...] = ()
    titles: tuple[Version[Title], ...] = ()
    burdens: tuple[Version[OpenBurden], ...] = ()

    @property
    def title(self) -> Title | None:
        """The title in force."""
        return next((one.content for one in self.titles if not one.standing.is_past), None)

    @property
    def lying(self) -> tuple[Version[OpenBurden], ...]:
        """The burdens not cancelled."""
        return tuple(one for one in self.burdens if not one.standing.is_past)


def book_of(
    unit_code: UnitCode, recorded: Iterable[Recorded], on: date, final_by: Mapping[str, date] = NO_DAYS
) -> UnitBook:
    """The book of the unit after these entries, read on that day.

    The caller leaves out what was recorded later.  `final_by` are the last days of advance notices, by their numbers
    (`BurdenFact.final_by`).  Raises EvidenceBroken when the entries contradict each other.
    """
    book = _Book(unit_code)
    for one in recorded:
        book.take(one)
    return UnitBook(
        unit_code,
        _latest_first(book.states),
        _latest_first(book.titles),
        _burdens_in_order([_standing(one, on, final_by) for one in book.burdens]),
    )


@dataclass(slots=True)
class _Book:
    """A working copy; one pass over the entries."""

    unit_code: UnitCode
    held: Titles = field(default_factory=Titles)
    states: list[Version[UnitState]] = field(default_factory=list)
    titles: list[Version[Title]] = field(default_factory=list)
    burdens: list[Version[OpenBurden]] = field(default_factory=list)

    def take(self, one: Recorded) -> None:
        before, self.held = self.held, apply(self.held, one.entry)
        title = self.held.title(self.unit_code)
        if title != before.title(self.unit_code):
            _go_on(self.titles, title, one)
        state = title.unit if title else self.held.described.get(self.unit_code)
        had = self.states[-1] if self.states else None
        if had is None or had.ended or state != had.content:
            _go_on(self.states, state, one)
        match one.entry:
            case OpenBurden():
                self._open(one.entry, one)
            case AlterBurden():
                self._end(one.entry.burden_no, Standing.HISTORIC, one, "内容有变更，见后来的记载")
                self._open(one.entry.opened, one)
            case CloseBurden():
                self._end(one.entry.burden_no, Standing.CANCELLED, one, one.entry.cause_zh)

    def _open(self, opened: OpenBurden, one: Recorded) -> None:
        self.burdens.append(Version(opened, one, registration_zh(one), cause_zh(one.entry)))

    def _end(self, burden_no: str, standing: Standing, one: Recorded, why_zh: str) -> None:
        for index, version in enumerate(self.burdens):
            if version.content.burden_no == burden_no and version.ended is None:
                self.burdens[index] = replace(version, standing=standing, ended=one, end_zh=why_zh)


def _go_on(versions: list[Version[Content]], content: Content | None, one: Recorded) -> None:
    """End the version in force and begin the next; a recording that writes twice makes one version, not two."""
    last = versions[-1] if versions and versions[-1].ended is None else None
    adds_to_it = isinstance(one.entry, AlterHolder | ReplaceCertificate)
    if last and content is not None and adds_to_it and last.began.is_with(one):
        words = dict.fromkeys((last.cause_zh, cause_zh(one.entry)))
        versions[-1] = replace(last, content=content, cause_zh="；".join(words))
        return
    if last:
        standing = Standing.TERMINATED if content is None else Standing.HISTORIC
        versions[-1] = replace(last, standing=standing, ended=one, end_zh=cause_zh(one.entry))
    if content is not None:
        versions.append(Version(content, one, registration_zh(one), cause_zh(one.entry)))


def cause_zh(entry: Entry) -> str:
    """登记原因, as far as the entry says it."""
    match entry:
        case OpenTitle() | ReplaceTitle() | CloseTitle() | AlterHolder():
            return entry.cause.name_zh if entry.cause is not Cause.OTHER else "未另行记载"
        case ReplaceCertificate():
            return f"换发证书，{entry.before}作废"
        case DescribeUnit():
            return "记载房屋和土地的自然状况"
        case OpenBurden():
            return f"设立{entry.burden.burden.name_zh}"
        case AlterBurden():
            return f"{entry.burden.burden.name_zh}的内容变更"
        case CloseBurden():
            return entry.cause_zh


_BURDEN_REGISTRATIONS = {
    Burden.PRIORITY_NOTICE: Registration.PRIORITY_NOTICE,
    Burden.MORTGAGE_NOTICE: Registration.PRIORITY_NOTICE,
    Burden.OBJECTION: Registration.OBJECTION,
    Burden.SEIZURE: Registration.SEIZURE,
    Burden.PRE_SEIZURE: Registration.SEIZURE,
    Burden.WAITING_SEIZURE: Registration.SEIZURE,
    Burden.ADMINISTRATIVE: Registration.OTHER,
    Burden.DISPUTE: Registration.OTHER,
}
_TITLE_REGISTRATIONS = {
    Act.TRANSFER.value: Registration.TRANSFER,
    Act.COMPELLED_TRANSFER.value: Registration.TRANSFER,
    Act.CORRECT.value: Registration.CORRECTION,
}


def registration_zh(one: Recorded) -> str:
    """登记类型 of an entry (细则 24 to 86)."""
    match one.entry:
        case OpenTitle():
            return Registration.FIRST.name_zh if one.case_no else OLD_STOCK_ZH
        case ReplaceTitle() | AlterHolder():
            return _TITLE_REGISTRATIONS.get(one.act, Registration.ALTERATION).name_zh
        case CloseTitle() | CloseBurden():
            return Registration.CANCELLATION.name_zh
        case OpenBurden():
            return _BURDEN_REGISTRATIONS.get(one.entry.burden.burden, Registration.FIRST).name_zh
        case AlterBurden():
            return _BURDEN_REGISTRATIONS.get(one.entry.burden.burden, Registration.ALTERATION).name_zh
        case _:
            return Registration.OTHER.name_zh


def _standing(version: Version[OpenBurden], on: date, final_by: Mapping[str, date]) -> Version[OpenBurden]:
    if version.ended:
        return version
    fact = version.content.burden
    known = replace(fact, final_by=final_by.get(fact.burden_no))
    content = replace(version.content, burden=known) if known != fact else version.content
    return replace(version, content=content, standing=standing_of(known, on))


def standing_of(fact: BurdenFact, on: date) -> Standing:
    """How a burden that no entry has ended stands on that day (民法典 221; 细则 83)."""
    counts = standing_on(fact, on)
    if counts is None:
        return Standing.NOT_YET if fact.since and fact.since > on else Standing.LAPSED
    if counts.burden in OVERDUE_NOTICES:
        return Standing.OVERDUE
    is_lapsed = counts.burden in (Burden.NOTICE_LAPSED, Burden.OBJECTION_LAPSED)
    return Standing.LAPSED if is_lapsed else Standing.CURRENT


def _latest_first(versions: Sequence[Version[Content]]) -> tuple[Version[Content], ...]:
    return tuple(reversed(versions))


def _burdens_in_order(versions: Sequence[Version[OpenBurden]]) -> tuple[Version[OpenBurden], ...]:
    """In force by rank and in the order they came; then what is over, the latest first."""
    lying = sorted((one for one in versions if not one.ended), key=lambda one: _rank(one.content.burden))
    over = [one for one in versions if one.ended]
    return (*lying, *reversed(over))


def _rank(fact: BurdenFact) -> int:
    return fact.rank if fact.burden in MORTGAGES or fact.burden is Burden.WAITING_SEIZURE else 0
