"""What goes back to a payer, and what is asked for after all when an exemption proves false."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tongban.domain.dues import DueKind, DueLine, yuan_zh
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.fees.bill import FeeBill, registration_fee
from tongban.domain.fees.tables import EXEMPTIONS
from tongban.domain.fees.terms import Ground

REFUND_LAW_ZH: Final = "政府非税收入管理办法（财税〔2016〕33号）"


def recovery(bill: FeeBill, found_false: Iterable[Ground]) -> tuple[DueLine, ...]:
    """What must be paid after all (追缴) because grounds of exemption proved false; empty when others still hold.

    Raises InvalidInput for a ground the bill does not rest on.
    """
    denied = frozenset(found_false)
    applied = {exemption.rule.ground for exemption in bill.exemptions}
    if not denied or not denied <= applied:
        raise InvalidInput([Problem("ground", "这张账单没有用到这一项减免", "请从账单列出的减免里选择")])
    anew = registration_fee(bill.asked, bill.figures, denied)
    owed_fen = anew.total_fen - bill.total_fen
    if owed_fen <= 0:
        return ()
    names = "、".join(EXEMPTIONS[ground].ground.name_zh for ground in Ground if ground in denied)
    law_zh = "；".join(dict.fromkeys(line.law_zh for line in anew.lines if line.amount_fen))
    return (
        DueLine(
            DueKind.FEE,
            bill.asked.payer_role,
            owed_fen,
            f"补缴不动产登记费（“{names}”不成立）",
            f"{law_zh}；{REFUND_LAW_ZH}",
        ),
    )


@dataclass(frozen=True, slots=True)
class Refund:
    """What goes back to the payer, and why; nothing has its reason too."""

    amount_fen: int
    why_zh: str
    law_zh: str = REFUND_LAW_ZH


def refund(paid_fen: int, owed_fen: int, *, is_recorded: bool, has_ended: bool) -> Refund:
    """What is given back of a fee (product decision “Refund”).

    All of it when the case ends without an entry in the register; what was charged above the bill always; the fee
    rightly charged is never given back once the register was written.
    """
    assert paid_fen >= 0 and owed_fen >= 0, "amounts are not negative"
    if has_ended and not is_recorded:
        return Refund(paid_fen, "没有登簿就结束了，交的登记费全部退回。" if paid_fen else "没有交过登记费，不用退。")
    excess_fen = max(0, paid_fen - owed_fen)
    if excess_fen:
        return Refund(excess_fen, f"应当收{yuan_zh(owed_fen)}，多收了{yuan_zh(excess_fen)}，多收的退回。")
    if is_recorded:
        return Refund(0, "已经登簿，登记做完了，收对了的登记费不退。")
    return Refund(0, "还在办理，没有多收，现在不退。")
