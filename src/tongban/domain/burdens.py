"""Burdens: everything that may lie on a unit and stand in the way of an act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.domain.decision import Fact
from tongban.domain.terms import Term
from tongban.domain.wires import Wire, as_number, as_text


class Burden(Term):
    """What lies on a unit, its title or its holder."""

    SEIZURE = "seizure", "查封"
    PRE_SEIZURE = "pre_seizure", "预查封"
    WAITING_SEIZURE = "waiting_seizure", "轮候查封"
    PRIORITY_NOTICE = "priority_notice", "预告登记"
    MORTGAGE_NOTICE = "mortgage_notice", "抵押预告登记"
    NOTICE_OVERDUE = "notice_overdue", "可能已失效的预告登记"
    MORTGAGE_NOTICE_OVERDUE = "mortgage_notice_overdue", "可能已失效的抵押预告登记"
    NOTICE_LAPSED = "notice_lapsed", "已失效未注销的预告登记"
    OBJECTION = "objection", "异议登记"
    OBJECTION_LAPSED = "objection_lapsed", "已失效的异议登记"
    MORTGAGE = "mortgage", "抵押权"
    MORTGAGE_NO_TRANSFER = "mortgage_no_transfer", "约定不得转让的抵押权"
    MORTGAGE_OLD = "mortgage_old", "2021年以前设立的抵押权"
    MORTGAGE_MAXIMUM = "mortgage_maximum", "债权尚未确定的最高额抵押权"
    MORTGAGE_FROZEN = "mortgage_frozen", "被法院冻结的抵押权"
    HABITATION = "habitation", "居住权"
    EASEMENT = "easement", "地役权"
    PENDING_CASE = "pending_case", "正在办理的另一件登记"
    COURT_TRANSFER = "court_transfer", "法院过户通知"
    UNREAD_ORDER = "unread_order", "刚收到、正在处理的协助执行通知"
    ADMINISTRATIVE = "administrative", "行政限制"
    OWNER_DEAD = "owner_dead", "权利人已经去世"
    OWNER_DISSOLVED = "owner_dissolved", "权利单位已经注销或者破产"
    DISPUTE = "dispute", "权属争议"
    TAX_UNPAID = "tax_unpaid", "税款未缴"
    LAND_HOUSE_PARTED = "land_house_parted", "房和地会分给不同的人"
    PUBLIC_FACILITY = "public_facility", "非营利学校、医院、养老机构的公益设施"


RECORDED_BURDENS = frozenset(
    {
        Burden.SEIZURE,
        Burden.PRE_SEIZURE,
        Burden.WAITING_SEIZURE,
        Burden.PRIORITY_NOTICE,
        Burden.MORTGAGE_NOTICE,
        Burden.OBJECTION,
        Burden.MORTGAGE,
        Burden.MORTGAGE_NO_TRANSFER,
        Burden.MORTGAGE_OLD,
        Burden.MORTGAGE_MAXIMUM,
        Burden.MORTGAGE_FROZEN,
        Burden.HABITATION,
        Burden.EASEMENT,
        Burden.ADMINISTRATIVE,
        Burden.DISPUTE,
    }
)  # those an entry can open; the others follow from dates, cases, orders or other offices


@dataclass(frozen=True, slots=True)
class BurdenFact:
    """One burden on one unit.

    `burden_no` names it within the register for as long as it lives (first proof number, order id, case number).
    `since` and `until` are days of the calendar; the last day counts (查扣冻规定 27), and nothing moves to the next
    working day.  `organ_zh` is the organ of state behind it, empty for private rights.  `rank` is the order among
    mortgages or waiting seizures.  `final_by` is the last day on which the holder of an advance notice can still apply
    for the registration itself (民法典 221②): worked out by whoever reads the book, None where it is not known when he
    first could, and never part of an entry.  `from_unit` is the other unit on whose page a seizure stands that reaches
    this one too: of land and house of one holder the seizure of either covers both (查扣冻规定 21).  It follows from the
    book as well.
    """

    burden: Burden
    burden_no: str
    since: date | None = None
    until: date | None = None
    organ_zh: str = ""
    reference: str = ""  # 文号, 案号
    rank: int = 0
    proof_no: str = ""  # 不动产登记证明号 in force for it
    final_by: date | None = None
    from_unit: str = ""

    def is_in_force(self, today: date) -> bool:
        """Whether it counts on that day.  Readers compare dates themselves and trust no nightly job."""
        return (self.since is None or self.since <= today) and (self.until is None or today <= self.until)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What a reader entitled to the details may see."""
        shown = (
            ("限制种类", self.burden.name_zh),
            ("机关", self.organ_zh),
            ("文号", self.reference),
            ("开始日期", self.since.isoformat() if self.since else ""),
            ("截止日期", self.until.isoformat() if self.until else ""),
            ("申请本登记的最后一天", self.final_by.isoformat() if self.final_by else ""),
            ("顺位", str(self.rank) if self.rank else ""),
            ("登记证明号", self.proof_no),
            ("查封登记在", f"同一权利人的另一个单元{self.from_unit}，房和地一起查封" if self.from_unit else ""),
        )
        return tuple(Fact(name_zh, value_zh) for name_zh, value_zh in shown if value_zh)

    def to_wire(self) -> Wire:
        final_by: Wire = {"final_by": self.final_by.isoformat()} if self.final_by else {}
        from_unit: Wire = {"from_unit": self.from_unit} if self.from_unit else {}
        return (
            final_by
            | from_unit
            | {
                "burden": self.burden.value,
                "burden_no": self.burden_no,
                "since": self.since.isoformat() if self.since else "",
                "until": self.until.isoformat() if self.until else "",
                "organ_zh": self.organ_zh,
                "reference": self.reference,
                "rank": self.rank,
                "proof_no": self.proof_no,
            }
        )

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> BurdenFact:
        return cls(
            burden=Burden(as_text(wire["burden"])),
            burden_no=as_text(wire["burden_no"]),
            since=_day(as_text(wire["since"])),
            until=_day(as_text(wire["until"])),
            organ_zh=as_text(wire["organ_zh"]),
            reference=as_text(wire["reference"]),
            rank=as_number(wire["rank"]),
            proof_no=as_text(wire["proof_no"]),
            final_by=_day(as_text(wire.get("final_by", ""))),
            from_unit=as_text(wire.get("from_unit", "")),
        )


_LAPSES_INTO: Final = MappingProxyType(
    {
        Burden.PRIORITY_NOTICE: Burden.NOTICE_LAPSED,
        Burden.MORTGAGE_NOTICE: Burden.NOTICE_LAPSED,
        Burden.OBJECTION: Burden.OBJECTION_LAPSED,
    }
)
_OVERDUE_AS: Final = MappingProxyType(
    {
        Burden.PRIORITY_NOTICE: Burden.NOTICE_OVERDUE,
        Burden.MORTGAGE_NOTICE: Burden.MORTGAGE_NOTICE_OVERDUE,
    }
)
OVERDUE_NOTICES: Final = frozenset(_OVERDUE_AS.values())
SEIZURES: Final = frozenset({Burden.SEIZURE, Burden.PRE_SEIZURE, Burden.WAITING_SEIZURE})
MORTGAGES: Final = frozenset(
    {
        Burden.MORTGAGE,
        Burden.MORTGAGE_NO_TRANSFER,
        Burden.MORTGAGE_OLD,
        Burden.MORTGAGE_MAXIMUM,
        Burden.MORTGAGE_FROZEN,
    }
)
CIVIL_CODE_FROM: Final = date(2021, 1, 1)  # 民法典 1260


def standing_on(burden: BurdenFact, today: date) -> BurdenFact | None:
    """What a recorded burden is on that day, for whoever decides; None when it does not count.

    An advance notice or an objection past its last day warns instead of blocking (民法典 221②; 细则 83): its entry stays
    until it is cancelled.  A notice whose holder let the 90 days pass may have lapsed: that he could apply and did not is for a
    registrar to confirm, until then it blocks.  A mortgage is not ended by a date, it stays until it is cancelled; one
    registered before 2021 goes on under 物权法 191 (54号文).  Everything else counts from its first to its last day.
    """
    if burden.burden in MORTGAGES:
        return _of_its_time(burden, today)
    if burden.is_in_force(today):
        is_overdue = burden.final_by is not None and burden.final_by < today
        return replace(burden, burden=_OVERDUE_AS.get(burden.burden, burden.burden)) if is_overdue else burden
    lapsed = _LAPSES_INTO.get(burden.burden)
    has_ended = burden.until is not None and burden.until < today
    return replace(burden, burden=lapsed) if lapsed is not None and has_ended else None


def standing_together(burdens: Iterable[BurdenFact], today: date) -> list[BurdenFact]:
    """What the burdens of one unit are on that day, for whoever decides about it.

    What waits behind a pre-seizure waits for the same claim (轮候预查封): it does not stop the debtor's own registration,
    no more than the one before it (法发〔2004〕5号 16; the order of the line stays).
    """
    standing = [now for one in burdens if (now := standing_on(one, today)) is not None]
    in_force = {one.burden for one in standing if not one.from_unit}
    if Burden.PRE_SEIZURE not in in_force or Burden.SEIZURE in in_force:
        return standing
    waits = Burden.WAITING_SEIZURE
    return [
        replace(one, burden=Burden.PRE_SEIZURE) if one.burden is waits and not one.from_unit else one
        for one in standing
    ]


def _of_its_time(mortgage: BurdenFact, today: date) -> BurdenFact:
    is_plain = mortgage.burden in (Burden.MORTGAGE, Burden.MORTGAGE_MAXIMUM)
    is_old = mortgage.since is not None and mortgage.since < CIVIL_CODE_FROM <= today
    return replace(mortgage, burden=Burden.MORTGAGE_OLD) if is_plain and is_old else mortgage


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
