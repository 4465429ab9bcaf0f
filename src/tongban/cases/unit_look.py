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
from tongban.domain.burdens import BurdenFact
from tongban.domain.codes import UnitCode
from tongban.domain.errors import InvalidInput, NotFound, Problem
from tongban.domain.numbering import is_certificate_no, normal_certificate_no
from tongban.domain.reasons import Reasons
from tongban.domain.replay import Titles, replay
from tongban.domain.terms import Term
from tongban.domain.titles import Title
from tongban.domain.unit_code import parse_unit_code
from tongban.register import reading, sealing
from tongban.register.checks.reports import Report
from tongban.register.proof.heads import Head
from tongban.register.reading import HistoryLine
from tongban.register.unit_verification import verify_unit

DETAIL_CHARS_MIN: Final = 2
DETAIL_CHARS_MAX: Final = 120
UNIT_CODE_CHARS: Final = 28


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
class UnitSheet:
    """One unit as the register holds it, now or at the end of a day.

    `title` and `burdens` follow from the entries in `lines`, one by one.  `orders_open`: orders received and not yet
    dealt with; nobody is told whose they are.  `head` is the last signed head of the ledger.
    """

    unit_code: UnitCode
    registry: str
    as_of: date | None
    title: Title | None
    burdens: Sequence[BurdenFact]
    orders_open: int
    lines: Sequence[HistoryLine]
    licences: Sequence[LicenceView]
    open_cases: Sequence[tuple[str, str]]
    head: Head | None
    is_full: bool
    may_verify: bool

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
        raise NotFound("unit_unknown", Reasons.UNIT_UNKNOWN.what_zh + Reasons.UNIT_UNKNOWN.cure_zh)
    _require(actor, "register.read", code, now)
    audit(actor, "register.look_up", code, purpose=purpose.text_zh, now=now)
    return code


def unit(  # noqa: PLR0913 - the named circumstances of one look
    unit_code: str, actor: Actor, purpose_zh: str, now: datetime, *, as_of: date | None = None, full_reason: str = ""
) -> UnitSheet:
    """The register's sheet of one unit; audited with its purpose, a full look with its reason.

    Raises NotFound, NotPermitted, InvalidInput.
    """
    code = parse_unit_code(unit_code).code
    registry = _require(actor, "register.read", code, now)
    if full_reason:
        queries.check_reason(full_reason)
    action = "register.read_in_full" if full_reason else "register.read"
    why = f"{purpose_zh}；{full_reason.strip()}" if full_reason else purpose_zh
    audit(actor, action, code, purpose=why, now=now, detail={"as_of": as_of.isoformat() if as_of else ""})
    lines = reading.history(code)
    if not lines:
        raise NotFound("unit_unknown", Reasons.UNIT_UNKNOWN.what_zh + Reasons.UNIT_UNKNOWN.cure_zh)
    return _sheet(code, registry, lines, actor, as_of=as_of, is_full=bool(full_reason))


def verify(unit_code: str, actor: Actor, now: datetime) -> Report:
    """Prove that the unit's page shows what was written and signed; audited.  Raises NotPermitted, NotFound."""
    code = parse_unit_code(unit_code).code
    _require(actor, "register.verify", code, now)
    report = verify_unit(code)
    detail = {"breaks": str(len(report.breaks))}
    audit(actor, "register.verify_unit", code, purpose="核验本单元", detail=detail, now=now)
    return report


def _sheet(  # noqa: PLR0913 - what one sheet is made of
    code: UnitCode, registry: str, lines: Sequence[HistoryLine], actor: Actor, *, as_of: date | None, is_full: bool
) -> UnitSheet:
    shown = [line for line in lines if as_of is None or line.at < _end_of(as_of)]
    held: Titles = replay([line.entry for line in shown if line.entry])
    place = Scope(frozenset({registry}), code)
    ledger = next((line.ref.ledger for line in lines if line.ref), "")
    return UnitSheet(
        unit_code=code, registry=registry, as_of=as_of, title=held.title(code), burdens=held.burdens(code),
        orders_open=sum(not line.outcome for line in shown if line.order_id), lines=shown,
        licences=licences.licences_of_unit(code), open_cases=queries.open_on(code),
        head=sealing.latest_head(ledger) if ledger else None, is_full=is_full,
        may_verify=allowed(actor, "register.verify", place),
    )  # fmt: skip


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
