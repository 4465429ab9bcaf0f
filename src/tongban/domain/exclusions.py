"""What the province-wide service does not take in (滑自然资发〔2021〕48号 四), as rows with pure predicates.

Asked for window and online channels, never for judicial items.  Each row reads the facts of the home registry; the
amendments L1 (pre-sale) and L5 (only transfers that bear land VAT) are built in.  Every row has a switch that the
province or one registry turns by date.  Three rows are the wide readings of X07, X08 and X15: off until somebody turns
them on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.decision import Fact, Finding, Reason, Verdict
from tongban.domain.evidence import Evidence
from tongban.domain.facts import (
    LAND_PREMIUM_PAID,
    LEGACY_ISSUE,
    PRE_MEASURED,
    PRE_SALE_PERMIT,
    PROBLEM_PROJECT,
    UNFINISHED_BUILDING,
    ApplicationFacts,
    UnitFacts,
)
from tongban.domain.restrictions import NEWEST
from tongban.domain.scope_reasons import ScopeReasons
from tongban.domain.terms import (
    DISPOSALS_ON_THE_MARKET,
    TRANSFERS_WITH_LAND_VAT,
    Cause,
    Channel,
    HolderKind,
    HouseNature,
    Initiator,
    LandNature,
    Registration,
    RightKind,
    Subject,
)
from tongban.domain.unit_code import parse_unit_code

Applies = Callable[[ServiceItem, UnitFacts, ApplicationFacts], bool]
Show = Callable[[UnitFacts, ApplicationFacts], tuple[Fact, ...]]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One row.

    `applies` decides, `show` gives the facts that decided, for the reader.  `is_usual`: it counts where nobody has
    turned its switch; the others count where somebody has.  `valid_from` and `valid_to` are its first and last day;
    None: always.
    """

    code: str
    reason: Reason
    applies: Applies
    show: Show
    is_usual: bool = True
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on that day; both ends count."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


def collective_land(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X01: position 13 is J, or a right that exists on collective land only."""
    parts = parse_unit_code(unit.unit_code)
    return parts.is_collective or unit.state.right in _COLLECTIVE or unit.state.land_nature is LandNature.COLLECTIVE


def forest(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X02: forest land (14 is E or L), standing timber (20 is L), or a forest right."""
    parts = parse_unit_code(unit.unit_code)
    return parts.use in "EL" or parts.fixture == "L" or unit.state.right is RightKind.FOREST


def farmland(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X03a: farmland of the state (G with D, F or N), or a right of farming it."""
    parts = parse_unit_code(unit.unit_code)
    on_state_land = parts.ownership == "G" and parts.use in "DFN"
    return on_state_land or unit.state.right in (RightKind.FARMLAND_USE, RightKind.LAND_CONTRACT)


def land_only(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X03b: a land-use right without a house."""
    return parse_unit_code(unit.unit_code).is_land_only or unit.state.right is RightKind.STATE_LAND_USE


def unfinished_building(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X04: first mortgage of what is still being built or has no title; an advance notice of mortgage is not one."""
    is_first_mortgage = item.kind is Registration.FIRST and item.subject is Subject.MORTGAGE
    return is_first_mortgage and (UNFINISHED_BUILDING in unit.flags or not unit.has_title)


def first_house_registration(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X05: first registration of ownership."""
    return item.kind is Registration.FIRST and item.subject is Subject.TITLE


def house_cancellation(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X06: cancelling ownership or use right; cancelling a mortgage, notice, objection or habitation stays in."""
    return item.kind is Registration.CANCELLATION and item.subject is Subject.TITLE


def company_sale(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X07 with L5: a transfer by a body that bears land VAT; developer and resettlement sales bear none here."""
    by_a_body = any(kind is not HolderKind.PERSON for kind in application.giving)
    return _bears_land_vat(item, application) and by_a_body


def shop_sale(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X08 with L5: a transfer by persons, of a room that is not a home, that bears land VAT.

    A flat sold with its parking place is judged by the flat: the caller passes the flat's facts.
    """
    by_persons = bool(application.giving) and all(kind is HolderKind.PERSON for kind in application.giving)
    return _bears_land_vat(item, application) and by_persons and not unit.state.is_residential


def developer_sale(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X07w: the words 单位房转让 read widely: the sale by a developer or a resettlement company as well."""
    by_a_body = any(kind is not HolderKind.PERSON for kind in application.giving)
    new_homes = (Cause.DEVELOPER_SALE, Cause.RESETTLEMENT)
    return item.kind is Registration.TRANSFER and application.cause in new_homes and by_a_body


def shop_of_a_person(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X08w: the words 个人非住宅的相关房屋登记 read widely: whatever persons give in a room that is not a home."""
    by_persons = bool(application.giving) and all(kind is HolderKind.PERSON for kind in application.giving)
    return by_persons and not unit.state.is_residential and not _bears_land_vat(item, application)


def own_motion(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X09: the registry itself sets it going."""
    return application.initiator is Initiator.REGISTRY


def legacy_issue(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X10 with L1: flagged by the home registry, or no first registration.

    A pre-sale item about a house without a title tests the permit and the contract instead.
    """
    if LEGACY_ISSUE in unit.flags:
        return True
    if item.is_presale and not unit.has_title:
        signed = Evidence.ONLINE_SIGNED_CONTRACT in application.evidence
        return not (PRE_SALE_PERMIT in unit.flags and signed)
    return not unit.has_title


def problem_project(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X11: on the home registry's list."""
    return PROBLEM_PROJECT in unit.flags


def not_surveyed(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X12 with L1: no measured area or a placeholder code; before the title a pre-sale item tests the pre-measured result."""
    if parse_unit_code(unit.unit_code).is_virtual:
        return True
    return PRE_MEASURED not in unit.flags if item.is_presale and not unit.has_title else not unit.state.surveyed


def land_premium_unpaid(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X13 with L5: bought public housing or affordable housing, sold on the market, land premium not paid."""
    on_the_market = item.kind is Registration.TRANSFER and application.cause in DISPOSALS_ON_THE_MARKET
    paid = LAND_PREMIUM_PAID in unit.flags or Evidence.LAND_PREMIUM_RECEIPT in application.evidence
    return on_the_market and unit.state.house_nature in _PREMIUM_DUE and not paid


def restructuring(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X14 with L5: cause 企业改制, a change of name for that cause included; merger and division alone are not it."""
    return application.cause is Cause.RESTRUCTURING


def inheritance_without_deed(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X15: neither a verified notarial deed nor a court paper in force."""
    proofs = {Evidence.NOTARIAL_DEED_VERIFIED, Evidence.COURT_PAPER_IN_FORCE}
    return application.cause in (Cause.INHERITANCE, Cause.LEGACY) and not proofs & application.evidence


def inheritance_by_court(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X15w: 非公证的继承登记 read widely: a court paper does not stand in for the notarial deed."""
    by_court_only = Evidence.COURT_PAPER_IN_FORCE in application.evidence
    has_deed = Evidence.NOTARIAL_DEED_VERIFIED in application.evidence
    return application.cause in (Cause.INHERITANCE, Cause.LEGACY) and by_court_only and not has_deed


def needs_home_check(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts) -> bool:
    """X16: the receiving clerk has decided that only the home registry can tell."""
    return Evidence.NEEDS_HOME_CHECK in application.evidence


_COLLECTIVE = frozenset(
    {
        RightKind.COLLECTIVE_LAND_OWNERSHIP,
        RightKind.HOMESTEAD,
        RightKind.HOMESTEAD_HOUSE,
        RightKind.COLLECTIVE_LAND_USE,
        RightKind.COLLECTIVE_LAND_HOUSE,
    }
)
_PREMIUM_DUE = frozenset({HouseNature.AFFORDABLE, HouseNature.WELFARE, HouseNature.FUNDED})


def _bears_land_vat(item: ServiceItem, application: ApplicationFacts) -> bool:
    return item.kind is Registration.TRANSFER and application.cause in TRANSFERS_WITH_LAND_VAT


def _show_code(unit: UnitFacts, application: ApplicationFacts) -> tuple[Fact, ...]:
    parts = parse_unit_code(unit.unit_code)
    return (
        Fact("不动产单元号", parts.grouped),
        Fact("土地", f"{parts.ownership_zh}，{parts.use_zh}"),
        Fact("定着物", parts.fixture_zh),
        Fact("权利类型", unit.state.right.name_zh),
    )


def _show_unit(unit: UnitFacts, application: ApplicationFacts) -> tuple[Fact, ...]:
    return (
        Fact("不动产单元号", parse_unit_code(unit.unit_code).grouped),
        Fact("首次登记", "已办" if unit.has_title else "未办"),
        Fact("测绘成果", "有" if unit.state.surveyed else "没有"),
    )


def _show_sale(unit: UnitFacts, application: ApplicationFacts) -> tuple[Fact, ...]:
    givers = "、".join(sorted({kind.name_zh for kind in application.giving})) or "无"
    return (
        Fact("登记原因", application.cause.name_zh),
        Fact("转让人", givers),
        Fact("房屋用途", unit.state.use_zh or "未记载"),
        Fact("房屋性质", unit.state.house_nature.name_zh),
    )


def _show_cause(unit: UnitFacts, application: ApplicationFacts) -> tuple[Fact, ...]:
    return (Fact("登记原因", application.cause.name_zh),)


_S = ScopeReasons

EXCLUSIONS: Final[tuple[Exclusion, ...]] = (
    Exclusion("X01", _S.COLLECTIVE_LAND, collective_land, _show_code),
    Exclusion("X02", _S.FOREST, forest, _show_code),
    Exclusion("X03a", _S.FARMLAND, farmland, _show_code),
    Exclusion("X03b", _S.LAND_ONLY, land_only, _show_code),
    Exclusion("X04", _S.UNFINISHED_BUILDING, unfinished_building, _show_unit),
    Exclusion("X05", _S.FIRST_HOUSE_REGISTRATION, first_house_registration, _show_cause),
    Exclusion("X06", _S.HOUSE_CANCELLATION, house_cancellation, _show_cause),
    Exclusion("X07", _S.COMPANY_SALE, company_sale, _show_sale),
    Exclusion("X08", _S.SHOP_SALE, shop_sale, _show_sale),
    Exclusion("X09", _S.OWN_MOTION, own_motion, _show_cause),
    Exclusion("X10", _S.LEGACY_ISSUE, legacy_issue, _show_unit),
    Exclusion("X11", _S.PROBLEM_PROJECT, problem_project, _show_unit),
    Exclusion("X12", _S.NOT_SURVEYED, not_surveyed, _show_unit),
    Exclusion("X13", _S.LAND_PREMIUM_UNPAID, land_premium_unpaid, _show_sale),
    Exclusion("X14", _S.RESTRUCTURING, restructuring, _show_cause),
    Exclusion("X15", _S.INHERITANCE_WITHOUT_DEED, inheritance_without_deed, _show_cause),
    Exclusion("X16", _S.NEEDS_HOME_CHECK, needs_home_check, _show_cause),
    Exclusion("X07w", _S.DEVELOPER_SALE, developer_sale, _show_sale, is_usual=False),
    Exclusion("X08w", _S.SHOP_OF_A_PERSON, shop_of_a_person, _show_sale, is_usual=False),
    Exclusion("X15w", _S.INHERITANCE_BY_COURT, inheritance_by_court, _show_cause, is_usual=False),
)


def one_row_a_day(table: Sequence[Exclusion]) -> Sequence[Exclusion]:
    """The table itself; it cannot be loaded when a code has two rows on one day or a row bears another's reason."""
    for row in table:
        assert row.code == row.reason.code, f"{row.code} bears the reason of another"
        begins = row.valid_from or date.min
        same = [one for one in table if one.code == row.code and one.holds_on(begins)]
        assert same == [row], f"{row.code} is listed twice on {begins}"
    return table


one_row_a_day(EXCLUSIONS)


def exclude(
    item: ServiceItem,
    unit: UnitFacts,
    application: ApplicationFacts,
    switched: frozenset[str],
    on: date = NEWEST,
) -> tuple[Finding, ...]:
    """The exclusions that apply on a day, in the order of the table; empty when the item may be taken in anywhere.

    `switched` are the codes whose switch the home registry or the province has turned from its usual position: a usual
    exclusion is then lifted, a wide reading added.  Items for state organs are never excluded (source document 四,
    second paragraph).
    """
    if Channel.JUDICIAL in item.channels or set(item.acts) == {Act.LOOK_UP}:
        return ()
    return tuple(
        Finding(row.code, Verdict.REFUSE, row.reason, row.show(unit, application))
        for row in EXCLUSIONS
        if row.is_usual is not (row.code in switched) and row.holds_on(on) and row.applies(item, unit, application)
    )
