"""The tables of the registration fee: what is charged in full, by half, not at all, or for the paper alone, and why.

Every rule has its days; a bill is made by the rules of the day the registration was asked for.  Amounts are figures of
the place (`fee.*` in `tongban.domain.parameters`), never written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.facts import UnitState
from tongban.domain.fees.terms import FeeClass, FeeEvidence, FeeRate, FeeUse, Ground, PaidBy
from tongban.domain.period import Period
from tongban.domain.terms import Cause, HouseNature, Registration, RightKind, Subject

PRICES_LAW_ZH: Final = "发改价格规〔2016〕2559号"
RELIEF_LAW_ZH: Final = "财税〔2016〕79号"
REDUCTION_LAW_ZH: Final = "财税〔2019〕45号"
PER_ITEM_LAW_ZH: Final = "民法典第二百二十三条"
PRICES_SINCE: Final = date(2016, 12, 6)  # 2559号 came into force
REDUCED_SINCE: Final = date(2019, 7, 1)  # 45号文 came into force


@dataclass(frozen=True, slots=True)
class ClassRule:
    """One row: during the period a class of registration is charged at this rate, because."""

    fee_class: FeeClass
    rate: FeeRate
    period: Period
    why_zh: str
    law_zh: str


@dataclass(frozen=True, slots=True)
class UseRule:
    """One row: during the period a use is charged by `priced_as`; `at_most` lowers the rate for the use."""

    use: FeeUse
    priced_as: FeeUse
    period: Period
    why_zh: str
    law_zh: str
    at_most: FeeRate = FeeRate.FULL


@dataclass(frozen=True, slots=True)
class ExemptionRule:
    """What an exemption rests on: the law, the evidence that is kept, whether a named person has to approve it."""

    ground: Ground
    evidence: FeeEvidence
    needs_approver: bool
    why_zh: str
    law_zh: str


_ALWAYS = Period(PRICES_SINCE)
_BEFORE_2019 = Period(PRICES_SINCE, date(2019, 6, 30))
_FROM_2019 = Period(REDUCED_SINCE)
_STANDARD_ZH = "登记费按件收，不按面积、不按价钱。"
_FREE_2019_ZH = "2019年7月1日起，变更登记、更正登记免收登记费。"
_HALF_ZH = "登记费减半收。"

CLASS_RULES: Final[tuple[ClassRule, ...]] = (
    ClassRule(FeeClass.STANDARD, FeeRate.FULL, _ALWAYS, _STANDARD_ZH, f"{PRICES_LAW_ZH}；{PER_ITEM_LAW_ZH}"),
    ClassRule(FeeClass.HABITATION, FeeRate.FLAT, _ALWAYS, "居住权登记按件收。", f"{PER_ITEM_LAW_ZH}；当地收费参数"),
    ClassRule(FeeClass.OBJECTION, FeeRate.HALF, _ALWAYS, _HALF_ZH, f"{RELIEF_LAW_ZH}；{PRICES_LAW_ZH}"),
    ClassRule(FeeClass.ALTERATION, FeeRate.HALF, _BEFORE_2019, _HALF_ZH, f"{RELIEF_LAW_ZH}；{PRICES_LAW_ZH}"),
    ClassRule(FeeClass.ALTERATION, FeeRate.FREE, _FROM_2019, _FREE_2019_ZH, REDUCTION_LAW_ZH),
    ClassRule(FeeClass.CORRECTION, FeeRate.HALF, _BEFORE_2019, _HALF_ZH, f"{RELIEF_LAW_ZH}；{PRICES_LAW_ZH}"),
    ClassRule(FeeClass.CORRECTION, FeeRate.FREE, _FROM_2019, _FREE_2019_ZH, REDUCTION_LAW_ZH),
    ClassRule(FeeClass.REGISTRY_ERROR, FeeRate.FREE, _ALWAYS, "是登记机构弄错的，不收您的钱。", PRICES_LAW_ZH),
    ClassRule(FeeClass.STATE_RENAMING, FeeRate.FREE, _ALWAYS, "政府改的地名、门牌，不收您的钱。", RELIEF_LAW_ZH),
    ClassRule(FeeClass.CANCELLATION, FeeRate.FREE, _ALWAYS, "注销登记不收费。", PRICES_LAW_ZH),
    ClassRule(FeeClass.PRIORITY_NOTICE, FeeRate.FREE, _ALWAYS, "预告登记不收费。", PRICES_LAW_ZH),
    ClassRule(FeeClass.SEIZURE, FeeRate.FREE, _ALWAYS, "查封登记不收费。", PRICES_LAW_ZH),
    ClassRule(FeeClass.SPOUSES, FeeRate.CERTIFICATE_ONLY, _ALWAYS, "夫妻之间改名字，只收证书工本费。", RELIEF_LAW_ZH),
    ClassRule(FeeClass.DIVORCE, FeeRate.FULL, _ALWAYS, "离婚后分房子，已经不是夫妻，按件收。", PRICES_LAW_ZH),
    ClassRule(FeeClass.REISSUE, FeeRate.CERTIFICATE_ONLY, _ALWAYS, "补证、换证，只收证书工本费。", RELIEF_LAW_ZH),
    ClassRule(FeeClass.OLD_STYLE, FeeRate.FREE, _ALWAYS, "自愿拿旧式的证换新证，不收费。", RELIEF_LAW_ZH),
    ClassRule(
        FeeClass.QUERY, FeeRate.FREE, _ALWAYS, "查询登记资料不收登记费。", f"{PRICES_LAW_ZH}（收费项目里没有查询）"
    ),
)

USE_RULES: Final[tuple[UseRule, ...]] = (
    UseRule(FeeUse.RESIDENTIAL, FeeUse.RESIDENTIAL, _ALWAYS, "规划用途是住宅。", PRICES_LAW_ZH),
    UseRule(FeeUse.OTHER, FeeUse.OTHER, _ALWAYS, "规划用途不是住宅，或者没有规划用途。", PRICES_LAW_ZH),
    UseRule(FeeUse.GARAGE_OWN, FeeUse.OTHER, _BEFORE_2019, "单独发证的车库、车位、储藏室。", PRICES_LAW_ZH),
    UseRule(
        FeeUse.GARAGE_OWN,
        FeeUse.RESIDENTIAL,
        _FROM_2019,
        "单独发证的车库、车位、储藏室，2019年7月1日起照住宅收。",
        REDUCTION_LAW_ZH,
    ),
    UseRule(
        FeeUse.GARAGE_WITH_HOUSE,
        FeeUse.RESIDENTIAL,
        _ALWAYS,
        "车库、车位、储藏室随房屋一起登记、不单独发证的，不另收。",
        RELIEF_LAW_ZH,
        FeeRate.FREE,
    ),
    UseRule(
        FeeUse.HOMESTEAD,
        FeeUse.RESIDENTIAL,
        _ALWAYS,
        "宅基地和上面的房屋，只收证书工本费。",
        RELIEF_LAW_ZH,
        FeeRate.CERTIFICATE_ONLY,
    ),
    UseRule(FeeUse.FARMLAND, FeeUse.OTHER, _BEFORE_2019, "规划用途不是住宅，或者没有规划用途。", PRICES_LAW_ZH),
    UseRule(
        FeeUse.FARMLAND,
        FeeUse.OTHER,
        _FROM_2019,
        "林地林木、承包地、国有农用地，2019年7月1日起免收登记费。",
        REDUCTION_LAW_ZH,
        FeeRate.FREE,
    ),
)

EXEMPTIONS: Final[Mapping[Ground, ExemptionRule]] = MappingProxyType(
    {
        rule.ground: rule
        for rule in (
            ExemptionRule(
                Ground.SMALL_ENTERPRISE,
                FeeEvidence.SMALL_ENTERPRISE_RECORD,
                True,
                "缴费的一方是小微企业。",
                RELIEF_LAW_ZH,
            ),
            ExemptionRule(
                Ground.SOLE_TRADER, FeeEvidence.TRADER_LICENCE, True, "缴费的一方是个体工商户。", RELIEF_LAW_ZH
            ),
            ExemptionRule(
                Ground.SOCIAL_HOUSING,
                FeeEvidence.HOUSING_RECORD,
                True,
                "廉租房、公租房、经济适用房、棚户区改造安置房登记所有权和土地使用权，不收费。",
                RELIEF_LAW_ZH,
            ),
            ExemptionRule(
                Ground.BETWEEN_SPOUSES,
                FeeEvidence.MARRIAGE_PROOF,
                False,
                "夫妻之间改名字，只收证书工本费。",
                RELIEF_LAW_ZH,
            ),
        )
    }
)
assert set(EXEMPTIONS) == set(Ground), "every ground has its rule"

SOCIAL_HOUSING: Final = frozenset({HouseNature.PUBLIC_RENTAL, HouseNature.AFFORDABLE, HouseNature.RESETTLEMENT})
_GARAGE_WORDS = ("车库", "车位", "储藏")
_USE_OF_RIGHT: Final[Mapping[RightKind, FeeUse]] = MappingProxyType(
    {
        RightKind.HOMESTEAD: FeeUse.HOMESTEAD,
        RightKind.HOMESTEAD_HOUSE: FeeUse.HOMESTEAD,
        RightKind.LAND_CONTRACT: FeeUse.FARMLAND,
        RightKind.FOREST: FeeUse.FARMLAND,
        RightKind.FARMLAND_USE: FeeUse.FARMLAND,
    }
)
_CLASS_OF_KIND: Final[Mapping[Registration, FeeClass]] = MappingProxyType(
    {
        Registration.SEIZURE: FeeClass.SEIZURE,
        Registration.CANCELLATION: FeeClass.CANCELLATION,
        Registration.PRIORITY_NOTICE: FeeClass.PRIORITY_NOTICE,
        Registration.CORRECTION: FeeClass.CORRECTION,
        Registration.OBJECTION: FeeClass.OBJECTION,
    }
)
_CLASS_OF_CAUSE: Final[Mapping[Cause, FeeClass]] = MappingProxyType(
    {Cause.SPOUSES: FeeClass.SPOUSES, Cause.DIVORCE: FeeClass.DIVORCE}
)


def fee_class_for(kind: Registration, subject: Subject, cause: Cause | None = None) -> FeeClass:
    """The class that follows from the law by kind of registration, right and cause.

    What only papers tell stays with the catalogue and the case: whose error a correction mends, whether the state
    renamed a street, whether an old certificate is changed of one's own will.
    """
    if kind in _CLASS_OF_KIND:
        return _CLASS_OF_KIND[kind]
    if subject is Subject.PRIORITY_NOTICE:
        return FeeClass.PRIORITY_NOTICE
    if kind is Registration.ALTERATION:
        return FeeClass.ALTERATION
    if kind is Registration.OTHER:
        return FeeClass.QUERY if subject is Subject.NONE else FeeClass.REISSUE
    if subject is Subject.HABITATION:
        return FeeClass.HABITATION
    of_cause = _CLASS_OF_CAUSE.get(cause) if cause is not None and subject is Subject.TITLE else None
    return of_cause or FeeClass.STANDARD


def paid_by(kind: Registration, subject: Subject) -> PaidBy:
    """Who pays: of a mortgage the mortgagee, never the borrower; else the one entered as right holder (2559号)."""
    if kind is Registration.OBJECTION:
        return PaidBy.APPLICANT
    return PaidBy.MORTGAGEE if subject is Subject.MORTGAGE else PaidBy.RIGHT_HOLDER


def fee_use_of(state: UnitState) -> FeeUse:
    """The use of a unit that is registered by itself; a garage registered with its house is the caller's knowledge."""
    if state.right in _USE_OF_RIGHT:
        return _USE_OF_RIGHT[state.right]
    if state.is_residential:
        return FeeUse.RESIDENTIAL
    return FeeUse.GARAGE_OWN if any(word in state.use_zh for word in _GARAGE_WORDS) else FeeUse.OTHER


def class_rule(fee_class: FeeClass, day: date) -> ClassRule:
    """The row of a day; raises InvalidInput for a day before the fee was uniform in the whole state."""
    for rule in CLASS_RULES:
        if rule.fee_class is fee_class and rule.period.holds(day):
            return rule
    raise _too_early(day)


def use_rule(use: FeeUse, day: date) -> UseRule:
    """The row of a day; raises InvalidInput for a day before the fee was uniform in the whole state."""
    for rule in USE_RULES:
        if rule.use is use and rule.period.holds(day):
            return rule
    raise _too_early(day)


def _too_early(day: date) -> InvalidInput:
    first = f"{PRICES_SINCE.year}年{PRICES_SINCE.month}月{PRICES_SINCE.day}日"
    return InvalidInput(
        [Problem("day", f"{day.isoformat()}的登记费不在本系统的收费表里", f"收费表从{first}起，更早的请按当时的票据")]
    )
