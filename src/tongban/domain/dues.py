"""What somebody has to pay in a case: one line of fee or tax, and how co-owners divide it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.terms import Term


class DueKind(Term):
    """What recording waits for: the registry's fee is non-tax revenue, taxes belong to the tax office, housing answers."""

    HOUSING = "housing", "交易备案审核"
    FEE = "fee", "登记费"
    TAX = "tax", "税款"


@dataclass(frozen=True, slots=True)
class DueLine:
    """One amount in whole fen that one side of a case owes, with its legal basis."""

    kind: DueKind
    payer_role: Term
    amount_fen: int
    name_zh: str
    law_zh: str

    def __post_init__(self) -> None:
        assert self.amount_fen >= 0, "what is due is never negative"


def yuan_zh(fen: int) -> str:
    """Fen in words of a sentence: 8000 → “80元”, 2750 → “27.50元”."""
    yuan, rest = divmod(fen, 100)
    return f"{yuan:,}.{rest:02d}元" if rest else f"{yuan:,}元"


def equal_split(total_fen: int, people: int) -> tuple[int, ...]:
    """An amount in parts that differ by one fen at most and sum to it; the first people bear the odd fen."""
    assert total_fen >= 0 and people > 0, "there is something to pay and somebody to pay it"
    part, odd = divmod(total_fen, people)
    return tuple(part + (1 if place < odd else 0) for place in range(people))


def agreed_split(total_fen: int, parts_fen: Sequence[int]) -> tuple[int, ...]:
    """What co-owners agreed to pay each (发改价格规〔2016〕2559号).

    Raises InvalidInput when somebody would pay less than nothing or the parts do not make up the whole.
    """
    problems = []
    if any(part < 0 for part in parts_fen):
        problems.append(Problem("parts", "有人分摊的钱是负数", "每个人分摊的钱不能少于 0 元"))
    if sum(parts_fen) != total_fen:
        problems.append(
            Problem(
                "parts",
                f"各人分摊的钱加起来是{_signed_zh(sum(parts_fen))}，应当是{yuan_zh(total_fen)}",
                "请共有人商量好，重新填各人出多少",
            )
        )
    if problems:
        raise InvalidInput(problems)
    return tuple(parts_fen)


def _signed_zh(fen: int) -> str:
    return yuan_zh(fen) if fen >= 0 else f"-{yuan_zh(-fen)}"
