"""An order as the law looks at it, what it may do to a unit, and which entries of the book it speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import MORTGAGES, Burden, BurdenFact
from tongban.domain.decision import Fact, Reason
from tongban.domain.entries import Entry
from tongban.domain.identity import normal_name
from tongban.domain.terms import Term
from tongban.domain.unit_page import UnitPage
from tongban.judicial.periods import YEARS_MAX, Period

EFFECTIVE: Final = frozenset({Burden.SEIZURE, Burden.PRE_SEIZURE})
_PART: Final = re.compile(r"之[一二三四五六七八九十]+$")
# Private details of a frozen mortgage: which organ under which number, and what it was before.
FROZEN_BY: Final = "frozen_by"
FROZEN_UNDER: Final = "frozen_under"
FROZEN_FROM: Final = "frozen_from"


class Kind(Term):
    """What a court or another organ asks for (facts 7.1, 7.2)."""

    SEIZURE = "seizure", "查封"
    PRE_SEIZURE = "pre_seizure", "预查封"
    RENEWAL = "renewal", "续行查封"
    RELEASE = "release", "解除查封"
    CORRECTION = "correction", "更正查封"
    TRANSFER = "transfer", "过户"
    RESTRICTION = "restriction", "限制处分"
    DISPUTE = "dispute", "权属争议"
    LIFT = "lift", "解除限制处分（权属争议）"
    FREEZE = "freeze", "冻结抵押权"
    UNFREEZE = "unfreeze", "解除冻结抵押权"


class Effect(Term):
    """What came of it for one unit."""

    IN_FORCE = "in_force", "已办理"
    WAITING = "waiting", "轮候"
    RENEWED = "renewed", "已续行"
    RELEASED = "released", "已解除"
    CORRECTED = "corrected", "已更正"
    LIMITED = "limited", "已限制"
    LIFTED = "lifted", "已解除限制"
    FROZEN = "frozen", "已冻结抵押权"
    UNFROZEN = "unfrozen", "已解除冻结"
    LAPSED = "lapsed", "已到期失效"
    DISPOSED = "disposed", "已处置"
    IMPOSSIBLE = "impossible", "无法办理"


BEGINS: Final = frozenset({Kind.SEIZURE, Kind.PRE_SEIZURE, Kind.RESTRICTION, Kind.DISPUTE})
_LIMITS: Final = frozenset({Burden.ADMINISTRATIVE, Burden.DISPUTE})
_SPEAKS_OF: Final[Mapping[str, frozenset[Burden]]] = MappingProxyType(
    {
        Kind.RESTRICTION.value: frozenset({Burden.ADMINISTRATIVE}),
        Kind.DISPUTE.value: frozenset({Burden.DISPUTE}),
        Kind.LIFT.value: _LIMITS,
        Kind.FREEZE.value: MORTGAGES - {Burden.MORTGAGE_FROZEN},
        Kind.UNFREEZE.value: frozenset({Burden.MORTGAGE_FROZEN}),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What the order says, as far as the law looks at it.

    `meant` names, by unit, the entry it goes on with; `passed_on` are the units whose holders changed since it arrived.
    """

    order_id: str
    kind: str
    organ_zh: str
    case_no: str
    period: Period
    arrived_on: date
    debtors: tuple[str, ...] = ()
    papers_zh: str = ""
    meant: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    passed_on: frozenset[str] = frozenset()
    years_max: int | None = YEARS_MAX


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person has to look at.  A final one cannot be cleared: the court is asked, or answered that it cannot be."""

    unit_code: str
    reason: Reason
    facts: tuple[Fact, ...] = ()
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Another seizure of the line that this changed: it came into force, or had lapsed."""

    burden: BurdenFact
    effect: Effect
    advice_zh: str = ""


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """The entries for one unit and what the court is told; `advice_zh` is the review proposal (审查建议), if any."""

    unit_code: str
    entries: tuple[Entry, ...]
    effect: Effect
    words_zh: str
    expires_on: date | None = None
    rank: int | None = None
    advice_zh: str = ""
    moved: tuple[Moved, ...] = ()


def own_entries(order: Ordered, page: UnitPage) -> tuple[OpenBurden, ...]:
    """The entries that the order goes on with: the one meant, else those of the same organ and proceeding."""
    if meant := order.meant.get(page.unit_code):
        return tuple(one for one in entries_like(order, page) if one.burden_no == meant)
    if order.kind == Kind.FREEZE:
        return entries_like(order, page)
    return tuple(
        one
        for one in entries_like(order, page)
        if is_organs(order, one) and proceeding(_number(one)) == proceeding(order.case_no)
    )


def entries_like(order: Ordered, page: UnitPage) -> tuple[OpenBurden, ...]:
    """What lies on the unit of the kind that the order speaks of: seizures, limits, mortgages, frozen mortgages."""
    return page.of_kind(_SPEAKS_OF.get(order.kind, {*EFFECTIVE, Burden.WAITING_SEIZURE}))


def is_organs(order: Ordered, opened: OpenBurden) -> bool:
    """Whether the entry stands under the name of the organ that orders; of a frozen mortgage, the one that froze it."""
    return normal_name(opened.private.get(FROZEN_BY, opened.burden.organ_zh)) == normal_name(order.organ_zh)


def _number(opened: OpenBurden) -> str:
    return opened.private.get(FROZEN_UNDER, opened.burden.reference)


def proceeding(number: str) -> str:
    """A court's number without brackets' width, blanks and the part of the paper (之一), to be compared."""
    plain = "".join(number.split()).replace("(", "（").replace(")", "）")
    return _PART.sub("", plain)
