"""Looking into the register at its home: by unit code or certificate number, for a named purpose, always audited.

The rules are those of 《不动产登记资料查询暂行办法》: no search by name for anybody but the holder and organs of state, a
purpose for every look, personal numbers only where the purpose needs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils.timezone import get_default_timezone, localdate

from tongban.access.actors import Actor
from tongban.access.audit import FAILED, audit
from tongban.access.require import Scope, allowed, institutions_for, require
from tongban.cases import queries
from tongban.certificates import queries as licences
from tongban.certificates.queries import LicenceView
from tongban.directory import lookup
from tongban.domain.book_pages.versions import Recorded, UnitBook, book_of
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.codes import UnitCode
from tongban.domain.errors import InvalidInput, NotFound, Problem
from tongban.domain.numbering import is_certificate_no, normal_certificate_no
from tongban.domain.terms import Term
from tongban.domain.titles import Title
from tongban.domain.unit_code import parse_unit_code
from tongban.register import notice_days, reading, sealing
from tongban.register.checks.reports import Report
from tongban.register.proof.heads import Head
from tongban.register.reading import HistoryLine
from tongban.register.unit_verification import verify_unit

DETAIL_CHARS_MIN: Final = 2
DETAIL_CHARS_MAX: Final = 120
UNIT_CODE_CHARS: Final = 28
UNKNOWN_ZH: Final = "登记簿上没有查到这个不动产单元。请对照证书上的28位“不动产单元号”再输一遍，或者用不动产权证号查。"


class LookPurpose(Term):
    """Why the register is looked at; the member's note of the person or paper goes with it."""

    CASE = "case", "办理登记业务"
    HOLDER = "holder", "权利人申请查询"
    INTERESTED = "interested", "利害关系人申请查询"
    STATE_ORGAN = "state_organ", "国家机关依法查询"
    STOCK = "stock", "核对存量数据"
    OVERSIGHT = "oversight", "监督检查"


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose and what proves it: case number, applicant and papers, letter number."""

    kind: LookPurpose
    detail_zh: str

    @property
    def text_zh(self) -> str:
        return f"{self.kind.name_zh}：{self.detail_zh.strip()}"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a unit: why; how it stood at the end of a day, or after one of its events; in full for a reason."""

    purpose_zh: str
    as_of: date | None = None
    upto: int | None = None
    full_reason: str = ""
    is_printed: bool = False

    @property
    def is_of_the_past(self) -> bool:
        return self.as_of is not None or self.upto is not None


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """One unit as the register holds it, now, at the end of a day or after one of its events.

    `book` follows from the entries in `lines`, one by one, read on `day`; `all_lines` are the events up to now.
    `reached` are seizures that stand on the page of the land under a house, or of a house on the land, and cover this
    unit now (查扣冻规定 21).  `orders_open`: orders received and not yet dealt with; nobody is told whose they are.
    `head` is the last signed head of the ledger.
    """

    unit_code: UnitCode
    registry: str
    look: Look
    day: date
    book: UnitBook
    burdens: Sequence[BurdenFact]
    reached: Sequence[BurdenFact]
    orders_open: int
    all_lines: Sequence[HistoryLine]
    lines: Sequence[HistoryLine]
    licences: Sequence[LicenceView]
    open_cases: Sequence[tuple[str, str]]
    head: Head | None
    is_full: bool
    may_verify: bool

    @property
    def title(self) -> Title | None:
        """The title in force at that moment."""
        return self.book.title

    @property
    def ledger(self) -> str:
        return next((line.ref.ledger for line in self.lines if line.ref), "")


def require_reader(actor: Actor) -> None:
    """Return if the actor may look into some registry's register; raises NotPermitted."""
    if institutions_for(actor, "register.read") == frozenset():
        require(actor, "register.read", Scope(frozenset({actor.institution}), "register"))


def look_up(reference: str, actor: Actor, purpose: Purpose, now: datetime) -> UnitCode:
    """The unit that a unit code or certificate number names, if the actor may look at it for this purpose.

    Every try is audited.  Raises InvalidInput, NotFound, NotPermitted.
    """
    _check_purpose(purpose)
    require_reader(actor)
    code = _code_of(reference)
    if code is None:
        audit(actor, "register.look_up", reference.strip()[:80], purpose=purpose.text_zh, outcome=FAILED, now=now)
        raise NotFound("unit_unknown", UNKNOWN_ZH)
    _require(actor, "register.read", code, now)
    audit(actor, "register.look_up", code, purpose=purpose.text_zh, now=now)
    return code


def unit(unit_code: str, actor: Actor, look: Look, now: datetime) -> UnitSheet:
    """The register's sheet of one unit; audited with its purpose, a full look with its reason.

    Raises NotFound, NotPermitted, InvalidInput.
    """
    code = parse_unit_code(unit_code).code
    registry = _require(actor, "register.read", code, now)
    if look.full_reason:
        queries.check_reason(look.full_reason)
    action = "register.read_in_full" if look.full_reason else "register.read"
    why = f"{look.purpose_zh}；{look.full_reason.strip()}" if look.full_reason else look.purpose_zh
    audit(actor, action, code, purpose=why, now=now, detail=_detail(look))
    lines = reading.history(code)
    if not lines:
        raise NotFound("unit_unknown", UNKNOWN_ZH)
    return _sheet(code, registry, lines, actor, look=look, now=now)


def verify(unit_code: str, actor: Actor, now: datetime) -> Report:
    """Prove that the unit's page shows what was written and signed; audited.  Raises NotPermitted, NotFound."""
    code = parse_unit_code(unit_code).code
    _require(actor, "register.verify", code, now)
    report = verify_unit(code)
    detail = {"breaks": str(len(report.breaks))}
    audit(actor, "register.verify_unit", code, purpose="核验本单元", detail=detail, now=now)
    return report


def _sheet(  # noqa: PLR0913 - what one sheet is made of
    code: UnitCode, registry: str, lines: Sequence[HistoryLine], actor: Actor, *, look: Look, now: datetime
) -> UnitSheet:
    shown = [line for line in lines if _is_shown(line, look)]
    day = look.as_of or (localdate(shown[-1].at) if look.upto is not None and shown else localdate(now))
    ends = notice_days.final_days(code, shown[-1].at) if shown else {}
    book = book_of(code, [recorded(line) for line in shown if line.entry], day, ends)
    place = Scope(frozenset({registry}), code)
    ledger = next((line.ref.ledger for line in lines if line.ref), "")
    reached = () if look.is_of_the_past else reading.reached_by(code, day)
    unread = sum(one.burden is Burden.UNREAD_ORDER for one in reached)
    return UnitSheet(
        unit_code=code, registry=registry, look=look, day=day, book=book,
        burdens=[one.content.burden for one in book.lying],
        reached=[one for one in reached if one.burden is not Burden.UNREAD_ORDER],
        orders_open=unread + sum(not line.outcome for line in shown if line.order_id), all_lines=lines, lines=shown,
        licences=licences.licences_of_unit(code), open_cases=queries.open_on(code),
        head=sealing.latest_head(ledger) if ledger else None, is_full=bool(look.full_reason),
        may_verify=allowed(actor, "register.verify", place),
    )  # fmt: skip


def recorded(line: HistoryLine) -> Recorded:
    """A line of the history as the pages want it."""
    assert line.entry is not None and line.ref is not None, "an order is no entry"
    place = f"{line.ref.ledger}/{line.ref.seq}"
    return Recorded(line.entry, line.at, line.recorder_zh, line.case_no, place, line.act)


def _is_shown(line: HistoryLine, look: Look) -> bool:
    """Whether it had happened by then; both bounds count when both are given."""
    in_time = look.as_of is None or line.at < _end_of(look.as_of)
    return in_time and (look.upto is None or line.unit_seq <= look.upto)


def _detail(look: Look) -> dict[str, str]:
    return {
        "as_of": look.as_of.isoformat() if look.as_of else "",
        "upto": str(look.upto or ""),
        "printed": "yes" if look.is_printed else "",
    }


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), get_default_timezone())


def _check_purpose(purpose: Purpose) -> None:
    if not DETAIL_CHARS_MIN <= len(purpose.detail_zh.strip()) <= DETAIL_CHARS_MAX:
        what_zh = f"查询用途要写清楚（{DETAIL_CHARS_MIN}到{DETAIL_CHARS_MAX}个字）"
        raise InvalidInput([Problem("detail", what_zh, "请写业务号，或者查询人姓名和材料，或者公函文号")])


def _code_of(reference: str) -> UnitCode | None:
    """A certificate number that stands in the book, or a well-formed unit code; raises InvalidInput for neither."""
    plain = "".join(reference.split())
    if len(plain) != UNIT_CODE_CHARS and is_certificate_no(reference):
        found = reading.find(normal_certificate_no(reference))
        return None if found is None else found.unit_code
    return parse_unit_code(reference).code


def _require(actor: Actor, permission: str, code: UnitCode, now: datetime) -> str:
    """The home registry of the unit, if the actor may do this there."""
    registry = str(lookup.registry_of_unit(code, localdate(now)))
    require(actor, permission, Scope(frozenset({registry}), code))
    return registry
