"""Changes of a mortgage: its claims are determined (民法典 423), or its terms change (民法典 409; 细则 68)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import AlterBurden, OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue import mortgage_form as f
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    EVERYWHERE,
    always,
    answered,
    attorney_row,
    disposing_rows,
    guide,
    inquiry,
    people_rows,
    pledge,
)
from tongban.domain.catalogue.disposal import WARD_QUESTIONS, refuse
from tongban.domain.catalogue.example_units import EXAMPLE_OWNER
from tongban.domain.catalogue.item import (
    NO,
    YES,
    Choice,
    EntryInput,
    Example,
    FeeRule,
    Field,
    FieldKind,
    FoundBy,
    PartyRole,
    Requirement,
    ServiceItem,
)
from tongban.domain.catalogue.mortgage import EXAMPLE_MORTGAGEE, EXAMPLE_MORTGAGOR, read_mortgage
from tongban.domain.catalogue.mortgage_change_form import (
    AGREED,
    CHANGE_FIELDS,
    CHANGES,
    NONE_ELSE,
    WEIGHT_FIELDS,
)
from tongban.domain.catalogue.mortgage_in_force import (
    PROOF_FIELD,
    PROOF_ROW,
    all_mortgagees,
    altered,
    is_undetermined,
    mortgage_of,
    mortgagors_now,
    prefill_mortgage,
)
from tongban.domain.catalogue.people import parties_of
from tongban.domain.entries import Entry
from tongban.domain.evidence import Evidence
from tongban.domain.fees.terms import FeeClass
from tongban.domain.terms import Document, Registration, Subject
from tongban.domain.titles import Holder
from tongban.domain.unit_page import MORTGAGES

ALTERATION_FEE: Final = FeeRule(
    FeeClass.ALTERATION, PartyRole.MORTGAGEE, "财税〔2019〕45号（2019年7月1日起，变更登记免收登记费）", Subject.MORTGAGE
)
_YEARS_WITHOUT_PERIOD: Final = 2  # 民法典 423①(2)
_PERIOD_OVER: Final = "period_over"
_TWO_YEARS: Final = "two_years"
_FACTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        _PERIOD_OVER: "约定的债权确定期间届满",
        _TWO_YEARS: "没有约定债权确定期间，设立满两年后请求确定",
        "no_more_claims": "新的债权不可能发生",
        "seized": "抵押权人知道抵押财产被查封、扣押",
        "bankrupt": "债务人、抵押人被宣告破产或者解散清算",
        "other": "法律规定债权确定的其他情形",
    }
)


def determination_claims(form: Mapping[str, str]) -> frozenset[str]:
    """To determine the claims adds nothing to the mortgage."""
    return frozenset({Evidence.MORTGAGE_NOT_ENLARGED})


def determine(given: EntryInput) -> tuple[Entry, ...]:
    """From now on it secures these claims only (民法典 423).

    Raises InvalidInput when it is no maximum mortgage, is determined already, or the fact is not there yet.
    """
    form, opened = given.form, mortgage_of(given)
    all_mortgagees(given, opened)
    mortgagors_now(given, opened)
    if not is_undetermined(opened):
        raise refuse(
            "proof_no", "这项抵押权不是债权尚未确定的最高额抵押权", "一般抵押权，或者已经确定过的，不用办确定登记"
        )
    _check_fact(given, opened)
    maximum = opened.private.get("maximum_yuan", "")
    if maximum and f.fen(form.get("determined_yuan", "")) > f.fen(maximum):
        cure_zh = "超过的部分不能优先受偿，请填最高债权数额以内的数"
        raise refuse("determined_yuan", f"确定的债权超过最高债权数额{maximum}元", cure_zh)
    details = {
        "determined_yuan": f.yuan(form.get("determined_yuan", "")),
        "determined_fact": _FACTS[form.get("determined_fact", "other")],
        "debt_until": form.get("debt_until", ""),
    }
    kind = f.kind_of_mortgage(f.GENERAL_ZH, opened.private.get("no_transfer", f.MAY_TRANSFER_ZH))
    if opened.burden.burden not in (Burden.MORTGAGE_MAXIMUM, Burden.MORTGAGE_NO_TRANSFER):
        kind = opened.burden.burden
    return (altered(given, opened, details, fact=replace(opened.burden, burden=kind)),)


def _check_fact(given: EntryInput, opened: OpenBurden) -> None:
    fact, until, since = given.form.get("determined_fact"), opened.private.get("claim_until", ""), opened.burden.since
    if fact == _PERIOD_OVER and (not until or given.today <= date.fromisoformat(until)):
        what_zh = f"登记的债权确定期间到{until}止，还没有届满" if until else "登记簿上没有约定债权确定期间"
        raise refuse("determined_fact", what_zh, "请选别的确定事由，或者等期间届满再办")
    if fact == _TWO_YEARS:
        ripe = since is not None and _years_after(since, _YEARS_WITHOUT_PERIOD) <= given.today
        if until or not ripe:
            what_zh = f"登记簿上约定了债权确定期间，到{until}止" if until else "设立还不满两年"
            raise refuse("determined_fact", what_zh, "请选别的确定事由，或者等满两年再办")


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, month=3, day=1)


def change_claims(form: Mapping[str, str]) -> frozenset[str]:
    """Either nothing is added to the mortgage, or the others have agreed (民法典 409)."""
    if form.get("enlarges") == NO:
        return frozenset({Evidence.MORTGAGE_NOT_ENLARGED})
    return frozenset({Evidence.OTHER_MORTGAGEES_CONSENT}) if form.get("others_consent") == AGREED else frozenset()


def change_terms(given: EntryInput) -> tuple[Entry, ...]:
    """The mortgage with its new terms, and the other one whose rank it takes.

    Raises InvalidInput when nothing changes, when the form calls a change light that is not, or when others whom it may
    harm have not agreed.
    """
    form, opened = given.form, mortgage_of(given)
    all_mortgagees(given, opened)
    mortgagors_now(given, opened)
    if all(form.get(f"change_{key}") != YES for key in CHANGES):
        raise refuse("change_amount", "没有选要变更什么", "请至少选一项，并照着变更协议填写")
    details, holders = _new_details(form, opened), _renamed(form, opened)
    other = _rank_partner(given, opened)
    says_nothing = all(opened.private.get(key, "") == value for key, value in details.items())
    if says_nothing and holders == opened.holders and other is None:
        raise refuse("change_amount", "变更后的内容和登记簿上的一样", "没有变的不用办；填错的请改正")
    _check_weight(given, opened, details, other)
    no_transfer = details.get("no_transfer", opened.private.get("no_transfer", f.MAY_TRANSFER_ZH))
    fact = opened.burden
    if "no_transfer" in details:
        way = f.MAXIMUM_ZH if is_undetermined(opened) else f.GENERAL_ZH
        fact = replace(fact, burden=f.kind_of_mortgage(way, no_transfer))
    if other is None:
        return (altered(given, opened, details, fact=fact, holders=holders),)
    mine = altered(given, opened, details, fact=replace(fact, rank=other.burden.rank), holders=holders)
    theirs = replace(other.burden, rank=opened.burden.rank)
    return mine, AlterBurden(other.unit_code, other.burden, theirs, other.private, other.holders)


def _new_details(form: Mapping[str, str], opened: OpenBurden) -> dict[str, str]:
    is_maximum = is_undetermined(opened)
    details: dict[str, str] = {}
    if form.get("change_amount") == YES:
        details["maximum_yuan" if is_maximum else "debt_yuan"] = f.yuan(form.get("new_amount_yuan", ""))
    if form.get("change_term") == YES:
        f.check_term(form, "new_from", "new_until")
        stem = "claim" if is_maximum else "debt"
        details |= {f"{stem}_from": form.get("new_from", ""), f"{stem}_until": form.get("new_until", "")}
    if form.get("change_scope") == YES:
        details["scope"] = form.get("new_scope", "")
    if form.get("change_no_transfer") == YES:
        details["no_transfer"] = f.no_transfer_zh(form)
    return details


def _renamed(form: Mapping[str, str], opened: OpenBurden) -> tuple[Holder, ...]:
    """The same mortgagee under another name (细则 68); only for one mortgagee, so that it is clear who."""
    if form.get("change_name") != YES:
        return opened.holders
    if len(opened.holders) != 1:
        raise refuse("change_name", "抵押权人不止一家，看不出是谁改名", "请到房产所在地的登记机构办")
    (holder,) = opened.holders
    return (replace(holder, identity=replace(holder.identity, name=form.get("new_name", ""))),)


def _rank_partner(given: EntryInput, opened: OpenBurden) -> OpenBurden | None:
    if given.form.get("change_rank") != YES:
        return None
    other = given.page.by_proof(given.form.get("rank_with", ""))
    if other is None or other.burden.burden not in MORTGAGES or other.burden_no == opened.burden_no:
        raise refuse("rank_with", "这处房产上没有这个证明号的另一项抵押权", "请核对要换顺位的那一项的登记证明号")
    return other


def _check_weight(given: EntryInput, opened: OpenBurden, details: Mapping[str, str], other: OpenBurden | None) -> None:
    """A heavier change is called so, and whoever it may harm has agreed (民法典 409)."""
    form, before = given.form, opened.private
    heavier = [
        *(key for key in ("debt_yuan", "maximum_yuan") if f.fen(details.get(key, "")) > f.fen(before.get(key, ""))),
        *(
            key
            for key in ("debt_until", "claim_until")
            if details.get(key, "") > (before.get(key) or details.get(key, ""))
        ),
        *(key for key in ("scope",) if details.get(key, before.get(key, "")) != before.get(key, "")),
        *(["no_transfer"] if details.get("no_transfer", f.MAY_TRANSFER_ZH) != f.MAY_TRANSFER_ZH else []),
        *(["rank"] if other is not None else []),
    ]
    if heavier and form.get("enlarges") != YES:
        cure_zh = "请把“会不会让抵押变重”改成“是”，并说明别的抵押权人是否同意"
        raise refuse("enlarges", "这次变更增加了数额、延长了期限，或者改了范围、转让约定、顺位", cure_zh)
    others = [one for one in given.page.of_kind(MORTGAGES) if one.burden_no != opened.burden_no]
    if heavier and others and form.get("others_consent", NONE_ELSE) != AGREED:
        what_zh = f"这处房产上还有{len(others)}项别的抵押权"
        raise refuse(
            "others_consent", what_zh, "请取得他们的书面同意；不同意的，不能作损害他们的变更（民法典第四百零九条）"
        )


_PEOPLE_ROWS: Final = (
    APPLICATION_ROW,
    *people_rows(f.MORTGAGOR, f.MORTGAGEE),
    *disposing_rows(f.MORTGAGOR),
    attorney_row(f.MORTGAGEE),
    PROOF_ROW,
)
_OWNER: Final[Mapping[str, str]] = MappingProxyType({**f.MORTGAGOR.prefill(EXAMPLE_OWNER), **EXAMPLE_MORTGAGOR})
_AFTER_ZH: Final = "登簿以后，原来的登记证明作废，发新的不动产登记证明；抵押权的设立时间不变。"
_ELSEWHERE_ZH: Final = "在建建筑物抵押、只有土地没有房屋的、集体土地上的，要到房产所在地办。"

DETERMINATION: Final = ServiceItem(
    number="S21",
    name_zh="最高额抵押权确定登记",
    kind=Registration.ALTERATION,
    subject=Subject.MORTGAGE,
    acts=(Act.ALTER_MORTGAGE,),
    applicants=(PartyRole.MORTGAGOR, PartyRole.MORTGAGEE),
    channels=EVERYWHERE,
    found_by=FoundBy.PROOF,
    fields=(
        PROOF_FIELD,
        *f.MORTGAGOR.fields(),
        *f.MORTGAGEE.fields(),
        *h.under(
            h.DETERMINED,
            Field("determined_fact", "债权为什么确定", "照着实际情况选（民法典第四百二十三条）。", FieldKind.CHOICE,
                  choices=tuple(Choice(key, text_zh) for key, text_zh in _FACTS.items())),
            Field("determined_yuan", "确定的债权数额（元）", "双方对过账的数，不能超过最高债权数额。", FieldKind.YUAN, is_personal=True),
            Field("debt_until", "债务履行期限到哪天止", "照着合同填；没有约定的空着。", FieldKind.FUTURE_DAY, required=False,
                  is_personal=True),
        ),
    ),
    materials=(
        *_PEOPLE_ROWS,
        Requirement("determination", m.MATERIALS[15], always, whose=PartyRole.MORTGAGEE,
                    how_zh="债权已经确定的材料：双方的确认书、对账单，或者查封通知、破产裁定等；银行在线传来的不用带。"),
    ),
    questions=inquiry(f.TRUE_DEBT),
    pledge_zh=pledge("债权确定的事由和数额都是真的，双方对账一致"),
    application_facts=read_mortgage,
    claims=determination_claims,
    entries=determine,
    parties=parties_of(f.MORTGAGOR, f.MORTGAGEE),
    prefill=prefill_mortgage,
    fees=(ALTERATION_FEE,),
    issues=(Document.PROOF,),
    days_target=1,
    days_parameter="item_days.S21",
    law="《民法典》第四百二十三条；《不动产登记暂行条例实施细则》第七十三条",
    guide_zh=guide(
        when_zh="最高额抵押担保的债不会再增加了：期间届满、房子被查封、当事人破产等，要把最后的债权数额登记下来。",
        bring_zh="抵押人带身份证，抵押权人带营业执照、抵押权的不动产登记证明，再带债权已经确定的材料。",
        days=1, cost_zh="不要钱。", after_zh=_AFTER_ZH + "从此按一般抵押权对待。", not_elsewhere_zh=_ELSEWHERE_ZH,
    ),
    example=Example(
        {
            **_OWNER,
            **EXAMPLE_MORTGAGEE,
            "determined_fact": "no_more_claims",
            "determined_yuan": "1350000",
            "debt_until": "2027-06-30",
        },
        after=("S20",),
        confirmed=frozenset({Evidence.MORTGAGE_NOT_ENLARGED}),
    ),
)  # fmt: skip

MORTGAGE_CHANGE: Final = ServiceItem(
    number="S22",
    name_zh="抵押权变更登记",
    kind=Registration.ALTERATION,
    subject=Subject.MORTGAGE,
    acts=(Act.ALTER_MORTGAGE,),
    applicants=(PartyRole.MORTGAGOR, PartyRole.MORTGAGEE),
    channels=EVERYWHERE,
    found_by=FoundBy.PROOF,
    fields=(PROOF_FIELD, *WEIGHT_FIELDS, *f.MORTGAGOR.fields(), *f.MORTGAGEE.fields(), *CHANGE_FIELDS),
    opening_fields=("enlarges", "others_consent"),
    materials=(
        *_PEOPLE_ROWS,
        Requirement("change_agreement", m.MATERIALS[15], always, whose=PartyRole.MORTGAGEE,
                    how_zh="抵押人和抵押权人签的变更协议原件；只改名称的，带变更登记通知书。银行在线传来的不用带。"),
        Requirement("others_consent", m.MATERIALS[26], answered("others_consent", AGREED), whose=PartyRole.MORTGAGEE,
                    how_zh="同一套房上别的抵押权人的书面同意；换顺位的，包括被换的那一家。"),
        Requirement("name_evidence", m.CHANGE_EVIDENCE, answered("change_name", YES), whose=PartyRole.MORTGAGEE,
                    how_zh="抵押权人的变更登记通知书；能共享查到的不用带。"),
    ),
    questions=inquiry(f.TRUE_DEBT, *WARD_QUESTIONS),
    pledge_zh=pledge("变更是双方自愿的，申请表和变更协议一致", "变更不损害别的抵押权人，或者已经取得他们的书面同意"),
    application_facts=read_mortgage,
    claims=change_claims,
    entries=change_terms,
    parties=parties_of(f.MORTGAGOR, f.MORTGAGEE),
    prefill=prefill_mortgage,
    fees=(ALTERATION_FEE,),
    issues=(Document.PROOF,),
    days_target=1,
    days_parameter="item_days.S22",
    law="《民法典》第四百零九条；《不动产登记暂行条例实施细则》第六十八条、第七十二条；自然资发〔2021〕54号",
    guide_zh=guide(
        when_zh="抵押还在，只是担保的钱数、期限、范围、顺位、能不能转让的约定，或者抵押权人的名称变了。",
        bring_zh="抵押人（房主）带身份证，抵押权人带营业执照、抵押权的不动产登记证明，再带变更协议。"
        "让抵押变重或者换顺位、又有别的抵押权人的，要带他们的书面同意。",
        days=1, cost_zh="不要钱。", after_zh=_AFTER_ZH, not_elsewhere_zh=_ELSEWHERE_ZH,
    ),
    disposes=True,
    example=Example(
        {
            **_OWNER,
            **EXAMPLE_MORTGAGEE,
            "enlarges": NO,
            **{f"change_{key}": NO for key in CHANGES},
            "change_amount": YES,
            "new_amount_yuan": "450000",
            "agreement_no": "豫北变字2026第0022号",
        },
        after=("S19",),
        confirmed=frozenset({Evidence.MORTGAGE_NOT_ENLARGED}),
    ),
)  # fmt: skip
