"""What every transfer of ownership checks and writes: who must give, who takes, and the title that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final

from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import always
from tongban.domain.catalogue.item import (
    NO,
    YES,
    EntryInput,
    Field,
    FieldKind,
    Requirement,
    Shown,
    When,
)
from tongban.domain.catalogue.lying_on_it import ON_IT, Lying, mortgaged
from tongban.domain.catalogue.people import Applicant, Comes, Group, said_of
from tongban.domain.codes import CertificateNo
from tongban.domain.entries import Entry, ReplaceTitle
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.identity import birth_day, modern_number
from tongban.domain.terms import Cause, CoOwnership, HolderKind
from tongban.domain.titles import Holder, Title
from tongban.domain.unit_page import UnitPage

MOST: Final = 4  # people in one role; more go to the home registry's own window
TWO_THIRDS: Final = Fraction(2, 3)
ACTS_ALONE_AT: Final = 16  # 民法典 18②: living on one's own work; below it nobody disposes or acquires alone

CERTIFICATE_FIELD: Final = Field(
    "certificate_no",
    "现在的不动产权证号",
    "照着证书抄，例如 豫（2026）滑县不动产权第0001234号。老的房产证、土地证也可以。",
    FieldKind.CERTIFICATE_NO,
    heading_zh=h.HELD,
)
UTILITY_FIELDS: Final = h.under(
    h.UTILITIES,
    Field("moves_utilities", "水、电、气、暖要不要一起过户", "同意的话，登簿以后系统把户号和新房主告诉水电气暖单位，不用再跑。",
          FieldKind.YES_NO, can_wait=True),
    *(
        Field(key, f"{name_zh}户号", "照着缴费单抄；没有的不填。", FieldKind.TEXT, required=False,
              when=When("moves_utilities", (YES,)), is_personal=True, longest=40)
        for key, name_zh in (("water_no", "水"), ("power_no", "电"), ("gas_no", "气"), ("heat_no", "暖"))
    ),
)  # fmt: skip
TAX_ROW: Final = Requirement(
    "tax_proof",
    m.TAX_PROOF,
    always,
    original=False,
    made_by_system=True,
    how_zh="不用带。审核通过以后短信通知缴税，完税（免税）信息由税务部门直接传过来。",
)


def price_fields(paper_zh: str, price_zh: str) -> tuple[Field, ...]:
    """Number, day and price of the contract a transfer rests on."""
    return h.under(
        h.CONTRACT,
        Field("contract_no", f"{paper_zh}编号", "照着合同抄；没有编号的填“无”。", FieldKind.TEXT, longest=60),
        Field("contract_date", f"{paper_zh}签订日期", "例如 2026-11-20。", FieldKind.DAY),
        Field("price_yuan", price_zh, "填元，要和合同上的一样，例如 800000。", FieldKind.YUAN, is_personal=True),
    )


def giving_of(group: Group, form: Mapping[str, str]) -> tuple[HolderKind, ...]:
    """What those are who give the right away, as far as answered."""
    return tuple(kind for kind, _ in said_of(group, form))


def is_stood_in_for(form: Mapping[str, str], *groups: Group) -> bool:
    """Whether an agent or a guardian comes for anybody."""
    return any(comes in (Comes.AGENT, Comes.GUARDIAN) for group in groups for _, comes in said_of(group, form))


def prefill_of(giver: Group, page: UnitPage, shown: Shown, lying: Lying = ON_IT) -> dict[str, str]:
    """The certificate, the holder who asks, and what lies on the unit; a stranger learns nothing."""
    if page.title is None or shown.holder is None:
        return {}
    return {"certificate_no": page.title.certificate_no, **giver.prefill(shown.holder), **lying.known(page)}


def disposing_problems(title: Title, group: Group, form: Mapping[str, str]) -> list[Problem]:
    """Who must give the whole away together: all who hold jointly, by shares at least two thirds (民法典 301; 细则 10)."""
    people = group.read(form)
    problems = [
        Problem(
            group.key(place, "name"),
            f"登记簿上没有“{one.identity.name}”这个权利人，或者证件号码对不上",
            "请对照不动产权证书核对姓名（名称）和证件号码；登记簿记错的，请先申请更正登记",
        )
        for place, one in enumerate(people, 1)
        if not any(one.is_same(holder) for holder in title.holders)
    ]
    given = [holder for holder in title.holders if any(one.is_same(holder) for one in people)]
    if title.co_ownership is CoOwnership.BY_SHARES:
        part = sum((holder.share or Fraction(0) for holder in given), Fraction(0))
        if part < TWO_THIRDS:
            what_zh = f"来申请的{group.who_zh}一共占{part}，不到三分之二（民法典第三百零一条）"
            problems.append(Problem(group.key(1, "name"), what_zh, "请占三分之二以上份额的共有人一起来申请"))
    elif len(given) < len(title.holders):
        missing = len(title.holders) - len(given)
        what_zh = f"房产是共同共有的，还有{missing}位共有人没有来申请（民法典第三百零一条）"
        problems.append(Problem(group.key(len(people) + 1, "also"), what_zh, "请全体共有人一起来申请"))
    return problems


def people_problems(groups: Iterable[Group], form: Mapping[str, str], today: date) -> list[Problem]:
    """Nobody is named twice in one role, and nobody under sixteen comes alone (民法典 18–20; 细则 11)."""
    problems = []
    for group in groups:
        seen: set[str] = set()
        for place, one in enumerate(group.read(form), 1):
            number = modern_number(one.identity.id_no)
            if number in seen:
                what_zh = f"{group.who_zh}“{one.identity.name}”填了两次"
                problems.append(Problem(group.key(place, "id_no"), what_zh, "一个人只填一次"))
            seen.add(number)
            if one.comes is Comes.SELF and is_under(one, ACTS_ALONE_AT, today):
                what_zh = f"{group.who_zh}“{one.identity.name}”不满{ACTS_ALONE_AT}岁，不能自己来申请（民法典第十八条至第二十条）"
                problems.append(
                    Problem(group.key(place, "comes"), what_zh, "请监护人（例如父母）代为申请，改选“监护人来”")
                )
    return problems


def is_under(one: Applicant, years: int, today: date) -> bool:
    """Whether the ID number says that somebody is younger than that."""
    born = birth_day(one.identity.id_kind, one.identity.id_no)
    if born is None:
        return False
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (0 if had_birthday else 1) < years


def same_people(holders: Sequence[Holder], people: Sequence[Applicant]) -> bool:
    """Whether these are exactly the holders, in whatever order."""
    return len(holders) == len(people) and all(any(one.is_same(holder) for one in people) for holder in holders)


def taking_problems(title: Title, taker: Group, form: Mapping[str, str]) -> list[Problem]:
    """A transfer changes who holds: whoever takes is not the same as before."""
    if not same_people(title.holders, taker.read(form)):
        return []
    cure_zh = "没有换人的不用办转移；只改共有方式或者份额的，请选“共有性质变更”"
    return [Problem(taker.key(1, "name"), f"{taker.who_zh}和登记簿上现在的权利人一样", cure_zh)]


def refuse_if_any(problems: Sequence[Problem]) -> None:
    """Raise InvalidInput with all of them."""
    if problems:
        raise InvalidInput(problems)


def replaced_by(
    given: EntryInput, co_ownership: CoOwnership, holders: tuple[Holder, ...], cause: Cause, note_zh: str
) -> ReplaceTitle:
    """A new title of the application's unit under a new certificate; what lies on the unit goes on lying on it."""
    return retitled(given.title, given.certificate_no(), (co_ownership, holders), cause, note_zh)


def retitled(
    title: Title,
    number: CertificateNo,
    holding: tuple[CoOwnership, tuple[Holder, ...]],
    cause: Cause,
    note_zh: str,
) -> ReplaceTitle:
    """The same unit, held otherwise from now on."""
    co_ownership, holders = holding
    fresh = replace(title, certificate_no=number, co_ownership=co_ownership, holders=holders, note_zh=note_zh)
    return ReplaceTitle(title.certificate_no, fresh, cause)


def give_whole(given: EntryInput, giver: Group, taker: Group, cause: Cause, note_zh: str) -> tuple[Entry, ...]:
    """A joint transfer of the whole (条例 14): the givers give all, the takers know what lies on it.

    Raises InvalidInput when the people do not fit the register, or the takers have not said what they know.
    """
    title, form = given.title, given.form
    refuse_if_any(
        [
            *disposing_problems(title, giver, form),
            *people_problems((giver, taker), form, given.today),
            *taking_problems(title, taker, form),
            *ON_IT.problems(given.page, form, given.today),
        ]
    )
    return (replaced_by(given, *taker.holding(form), cause, note_zh),)


def contract_note(form: Mapping[str, str], cause: Cause, page: UnitPage) -> str:
    """The note of a title from a contract: what it rests on, and that what lies on the unit stays."""
    parts = [f"登记原因：{cause.name_zh}"]
    if form.get("contract_no", "") not in ("", "无"):
        parts.append(f"合同编号：{form['contract_no']}")
    if form.get("price_yuan"):
        parts.append(f"价款：{form['price_yuan']}元")
    if mortgaged(page) != NO:
        parts.append("原有抵押权继续有效")
    return "；".join(parts)
