"""Who of the register's holders takes part: joint owners together, owners by shares with two thirds of them, or one share.

民法典 301, 305; 细则 10, 11.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from tongban.domain.catalogue.item import YES, Question, When
from tongban.domain.catalogue.people import Applicant
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.identity import modern_number
from tongban.domain.terms import CoOwnership
from tongban.domain.titles import Holder, Title

ENOUGH_TO_DISPOSE: Final = Fraction(2, 3)

WARD_QUESTIONS: Final = (
    Question("has_ward", "处分房产的人里，有没有未成年人，或者不能自己办事、由监护人代办的人？"),
    Question(
        "for_the_ward",
        "监护人是不是保证：这样处分房产是为了被监护人的利益？（民法典第三十五条）",
        must_be=YES,
        otherwise_zh="不是为了被监护人的利益，监护人不能处分他的房产。",
        when=When("has_ward", (YES,)),
    ),
)  # 细则 11


def refuse(field: str, what_zh: str, cure_zh: str) -> InvalidInput:
    """One problem of the form, to be raised."""
    return InvalidInput([Problem(field, what_zh, cure_zh)])


def names_zh(people: Iterable[Applicant | Holder]) -> str:
    """Their names in one line, as the register prints them."""
    return "、".join(one.name if isinstance(one, Holder) else one.identity.name for one in people)


def is_named(holder: Holder, people: Iterable[Applicant]) -> bool:
    """Whether the form names this holder."""
    return any(one.is_same(holder) for one in people)


def in_register(field: str, people: Sequence[Applicant], holders: Sequence[Holder], who_zh: str) -> tuple[Holder, ...]:
    """The register's holders whom the form names; raises InvalidInput when it names nobody, a stranger, or one twice."""
    if not people:
        raise refuse(field, f"没有填{who_zh}", "请填写姓名（名称）")
    strangers = [one for one in people if not any(one.is_same(holder) for holder in holders)]
    if strangers:
        what_zh = f"登记簿上没有“{strangers[0].identity.name}”（或者证件号码对不上）"
        raise refuse(field, what_zh, "请对照证书、证明核对姓名（名称）和证件号码；改过名、换过证的，先办变更登记")
    numbers = [modern_number(one.identity.id_no) for one in people]
    if len(set(numbers)) < len(numbers):
        raise refuse(field, f"同一个{who_zh}填了两次", "请删掉重复的一位")
    return tuple(holder for holder in holders if is_named(holder, people))


def all_together(field: str, people: Sequence[Applicant], holders: Sequence[Holder], who_zh: str) -> tuple[Holder, ...]:
    """The same, and everybody of them has to take part."""
    found = in_register(field, people, holders, who_zh)
    absent = [holder for holder in holders if not is_named(holder, people)]
    if absent:
        what_zh = f"登记簿上的{who_zh}有{len(holders)}位，只来了{len(found)}位"
        raise refuse(field, what_zh, f"要全体{who_zh}一起申请；不能来的，写委托书请人来")
    return found


def disposing(
    field: str, people: Sequence[Applicant], title: Title, who_zh: str, *, own_share: bool = False
) -> tuple[Holder, ...]:
    """Those of the title who dispose of it; raises InvalidInput when they may not by themselves.

    Sole and joint: everybody.  By shares: two thirds of the shares for the whole thing, or each for his own share
    (民法典 301; 细则 10).
    """
    if title.co_ownership is not CoOwnership.BY_SHARES:
        if own_share:
            cure_zh = "共同共有和单独所有没有份额，请选整套房"
            raise refuse(field, f"登记簿上是{title.co_ownership.name_zh}，不能只处分份额", cure_zh)
        return all_together(field, people, title.holders, who_zh)
    found = in_register(field, people, title.holders, who_zh)
    held = sum((holder.share or Fraction(0) for holder in found), Fraction(0))
    if not own_share and held < ENOUGH_TO_DISPOSE:
        what_zh = f"来的按份共有人一共占{held}，不到三分之二"
        raise refuse(field, what_zh, "处分整套房要占份额三分之二以上的共有人同意；也可以只处分自己的份额")
    return found


def shares_zh(co_ownership: CoOwnership, holders: Sequence[Holder]) -> str:
    """“按份共有：张三1/2、李四1/2”."""
    if co_ownership is not CoOwnership.BY_SHARES:
        return co_ownership.name_zh
    return f"{co_ownership.name_zh}：" + "、".join(f"{holder.name}{holder.share_zh}" for holder in holders)


def yuan(text: str) -> str:
    """An amount as the register prints it: two decimals; empty stays empty."""
    whole, _, rest = text.partition(".")
    return f"{int(whole)}.{rest:0<2}" if whole else ""


def fen(text: str) -> int:
    """An amount in whole fen; nothing counts as nothing."""
    return int(yuan(text).replace(".", "")) if text else 0
