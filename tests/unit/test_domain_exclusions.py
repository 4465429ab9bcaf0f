"""What the province-wide service leaves to the home registry, read narrowly (amendments L1 and L5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tongban.domain import facts
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Verdict
from tongban.domain.evidence import Evidence
from tongban.domain.exclusions import EXCLUSIONS, exclude, one_row_a_day
from tongban.domain.facts import ApplicationFacts, UnitFacts, UnitState
from tongban.domain.parameters import PARAMETERS
from tongban.domain.restrictions import Act
from tongban.domain.terms import (
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

FLAT = UnitFacts(
    UnitState(
        UnitCode("410526001002GB00015F00030027"),
        "滑县道口镇某路1号",
        RightKind.STATE_LAND_HOUSE,
        land_nature=LandNature.GRANTED,
        use_code="11",
        use_zh="成套住宅",
        house_nature=HouseNature.MARKET,
        area_m2="118.26",
    ),
    has_title=True,
)
NAME_CHANGE = CATALOGUE["S13"]
NAME_FACTS = ApplicationFacts(Cause.NAME_CHANGE)
SALE_FACTS = ApplicationFacts(Cause.SALE, giving=(HolderKind.PERSON,))


def an_item(
    kind: Registration, subject: Subject = Subject.TITLE, act: Act = Act.TRANSFER, presale: bool = False
) -> ServiceItem:
    return replace(NAME_CHANGE, number="T01", kind=kind, subject=subject, acts=(act,), is_presale=presale)


SALE = an_item(Registration.TRANSFER)


def a_unit(code: str = "", **state: object) -> UnitFacts:
    if code:
        state["unit_code"] = UnitCode(code)
    return replace(FLAT, state=replace(FLAT.state, **state))  # type: ignore[arg-type]


def codes(item: ServiceItem, unit: UnitFacts, application: ApplicationFacts, *lifted: str) -> list[str]:
    return [finding.rule for finding in exclude(item, unit, application, frozenset(lifted))]


def test_a_name_change_of_a_flat_is_taken_in_anywhere() -> None:
    assert codes(NAME_CHANGE, FLAT, NAME_FACTS) == []


def test_a_sale_of_a_flat_between_persons_is_taken_in_anywhere() -> None:
    assert codes(SALE, FLAT, SALE_FACTS) == []


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        (a_unit("410526101004JC00123F00010001"), "X01"),
        (a_unit(right=RightKind.HOMESTEAD_HOUSE), "X01"),
        (a_unit(land_nature=LandNature.COLLECTIVE), "X01"),
        (a_unit("410526101004GL00123L00010001"), "X02"),
        (a_unit(right=RightKind.FOREST), "X02"),
        (a_unit("410526101004GE00123Q00010001"), "X02"),
        (a_unit("410526101004GN00123W00000000"), "X03a"),
        (a_unit(right=RightKind.FARMLAND_USE), "X03a"),
        (a_unit("410526003001GB00008W00000000"), "X03b"),
        (a_unit(right=RightKind.STATE_LAND_USE), "X03b"),
        (replace(FLAT, has_title=False), "X10"),
        (replace(FLAT, flags=frozenset({facts.LEGACY_ISSUE})), "X10"),
        (replace(FLAT, flags=frozenset({facts.PROBLEM_PROJECT})), "X11"),
        (a_unit(surveyed=False), "X12"),
        (a_unit("410526000000GB00015F00030027"), "X12"),
    ],
)
def test_a_unit_outside_the_service_is_named_with_the_facts_that_decide(unit: UnitFacts, code: str) -> None:
    found = {finding.rule: finding for finding in exclude(NAME_CHANGE, unit, NAME_FACTS, frozenset())}

    assert code in found
    assert found[code].verdict is Verdict.REFUSE
    assert found[code].reason.code == code
    assert found[code].facts


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (an_item(Registration.FIRST), "X05"),
        (an_item(Registration.CANCELLATION), "X06"),
    ],
)
def test_first_registration_and_cancellation_of_a_house_stay_at_home(item: ServiceItem, code: str) -> None:
    assert code in codes(item, FLAT, ApplicationFacts(Cause.OTHER))


@pytest.mark.parametrize("subject", [Subject.MORTGAGE, Subject.PRIORITY_NOTICE, Subject.HABITATION, Subject.OBJECTION])
def test_cancelling_any_other_right_is_taken_in_anywhere(subject: Subject) -> None:
    assert codes(an_item(Registration.CANCELLATION, subject), FLAT, ApplicationFacts(Cause.OTHER)) == []


def test_a_mortgage_of_a_building_site_stays_at_home_a_finished_flat_does_not() -> None:
    mortgage = an_item(Registration.FIRST, Subject.MORTGAGE, Act.MORTGAGE)
    contract = ApplicationFacts(Cause.MORTGAGE_CONTRACT)
    site = replace(FLAT, flags=frozenset({facts.UNFINISHED_BUILDING}))

    assert codes(mortgage, site, contract) == ["X04"]
    assert codes(mortgage, FLAT, contract) == []


@pytest.mark.parametrize(
    ("cause", "out"),
    [
        (Cause.SALE, True),
        (Cause.EXCHANGE, True),
        (Cause.CONTRIBUTION, True),
        (Cause.DEBT_SETTLEMENT, True),
        (Cause.DEVELOPER_SALE, False),
        (Cause.RESETTLEMENT, False),
        (Cause.MERGER, False),
        (Cause.DIVISION, False),
    ],
)
def test_a_company_may_not_sell_far_away_but_developers_and_resettlement_may(cause: Cause, out: bool) -> None:
    application = ApplicationFacts(cause, giving=(HolderKind.ENTERPRISE,))

    assert ("X07" in codes(SALE, FLAT, application)) is out


@pytest.mark.parametrize(
    ("cause", "out"),
    [
        (Cause.SALE, True),
        (Cause.GIFT, True),
        (Cause.KIN_GIFT, False),
        (Cause.SPOUSES, False),
        (Cause.DIVORCE, False),
        (Cause.INHERITANCE, False),
    ],
)
def test_a_shop_of_a_person_is_out_only_for_transfers_that_bear_land_vat(cause: Cause, out: bool) -> None:
    shop = a_unit(use_code="31", use_zh="商业服务")
    application = ApplicationFacts(
        cause, giving=(HolderKind.PERSON,), evidence=frozenset({Evidence.NOTARIAL_DEED_VERIFIED})
    )

    assert ("X08" in codes(SALE, shop, application)) is out
    assert "X08" not in codes(SALE, FLAT, application)


def test_a_name_change_of_a_shop_is_in() -> None:
    assert codes(NAME_CHANGE, a_unit(use_code="31"), NAME_FACTS) == []


def test_what_the_registry_starts_itself_is_not_applied_for_far_away() -> None:
    assert codes(NAME_CHANGE, FLAT, replace(NAME_FACTS, initiator=Initiator.REGISTRY)) == ["X09"]


def test_a_presale_notice_needs_permit_contract_and_forecast_instead_of_title_and_survey() -> None:
    notice = an_item(Registration.PRIORITY_NOTICE, Subject.PRIORITY_NOTICE, Act.PRIORITY_NOTICE, presale=True)
    unbuilt = replace(a_unit(surveyed=False), has_title=False)
    signed = ApplicationFacts(Cause.SALE, evidence=frozenset({Evidence.ONLINE_SIGNED_CONTRACT}))
    ready = replace(unbuilt, flags=frozenset({facts.PRE_SALE_PERMIT, facts.PRE_MEASURED}))

    assert codes(notice, ready, signed) == []
    assert codes(notice, unbuilt, signed) == ["X10", "X12"]
    assert codes(notice, ready, ApplicationFacts(Cause.SALE)) == ["X10"]
    assert codes(NAME_CHANGE, ready, NAME_FACTS) == ["X10", "X12"]


def test_affordable_housing_is_sold_far_away_only_after_the_land_premium() -> None:
    affordable = a_unit(house_nature=HouseNature.AFFORDABLE)
    paid = replace(affordable, flags=frozenset({facts.LAND_PREMIUM_PAID}))
    receipt = replace(SALE_FACTS, evidence=frozenset({Evidence.LAND_PREMIUM_RECEIPT}))

    assert codes(SALE, affordable, SALE_FACTS) == ["X13"]
    assert codes(SALE, paid, SALE_FACTS) == []
    assert codes(SALE, affordable, receipt) == []
    assert codes(SALE, affordable, replace(SALE_FACTS, cause=Cause.DIVORCE)) == []
    assert codes(SALE, a_unit(land_nature=LandNature.ALLOCATED), SALE_FACTS) == []


@pytest.mark.parametrize(
    ("cause", "out"), [(Cause.RESTRUCTURING, True), (Cause.MERGER, False), (Cause.DIVISION, False)]
)
def test_a_name_change_is_out_when_its_cause_is_restructuring(cause: Cause, out: bool) -> None:
    assert (codes(NAME_CHANGE, FLAT, ApplicationFacts(cause)) == ["X14"]) is out


@pytest.mark.parametrize("cause", [Cause.INHERITANCE, Cause.LEGACY])
def test_an_inheritance_needs_a_notary_or_a_court(cause: Cause) -> None:
    for proof in (Evidence.NOTARIAL_DEED_VERIFIED, Evidence.COURT_PAPER_IN_FORCE):
        assert codes(SALE, FLAT, ApplicationFacts(cause, evidence=frozenset({proof}))) == []
    assert codes(SALE, FLAT, ApplicationFacts(cause)) == ["X15"]


def test_the_clerks_doubt_sends_the_applicant_home() -> None:
    doubt = replace(NAME_FACTS, evidence=frozenset({Evidence.NEEDS_HOME_CHECK.value}))

    assert codes(NAME_CHANGE, FLAT, doubt) == ["X16"]


def test_a_lifted_exclusion_no_longer_speaks() -> None:
    land = a_unit("410526003001GB00008W00000000")

    assert codes(NAME_CHANGE, land, NAME_FACTS) == ["X03b"]
    assert codes(NAME_CHANGE, land, NAME_FACTS, "X03b") == []


def test_courts_are_never_excluded() -> None:
    order = replace(NAME_CHANGE, channels=frozenset({Channel.JUDICIAL}))
    land = a_unit("410526101004JC00123F00010001")

    assert codes(order, land, NAME_FACTS) == []


def test_every_exclusion_has_its_switch() -> None:
    assert {f"exclusion.{row.code}" for row in EXCLUSIONS} == {
        name for name in PARAMETERS if name.startswith("exclusion.")
    }
    usual = {row.code for row in EXCLUSIONS if row.is_usual}
    assert usual == {*(f"X{n:02}" for n in range(1, 17) if n != 3), "X03a", "X03b"}
    for row in EXCLUSIONS:
        assert PARAMETERS[f"exclusion.{row.code}"].default == ("on" if row.is_usual else "off")


def test_a_wide_reading_counts_only_where_somebody_has_added_it() -> None:
    new_home = ApplicationFacts(Cause.DEVELOPER_SALE, giving=(HolderKind.ENTERPRISE,))
    shop, by_kin = a_unit(use_code="31"), ApplicationFacts(Cause.KIN_GIFT, giving=(HolderKind.PERSON,))
    by_court = ApplicationFacts(Cause.INHERITANCE, evidence=frozenset({Evidence.COURT_PAPER_IN_FORCE}))

    assert (codes(SALE, FLAT, new_home), codes(SALE, FLAT, new_home, "X07w")) == ([], ["X07w"])
    assert (codes(SALE, shop, by_kin), codes(SALE, shop, by_kin, "X08w")) == ([], ["X08w"])
    assert (codes(SALE, FLAT, by_court), codes(SALE, FLAT, by_court, "X15w")) == ([], ["X15w"])


def test_a_wide_reading_leaves_alone_what_it_is_not_about() -> None:
    added = ("X07w", "X08w", "X15w")
    with_deed = ApplicationFacts(
        Cause.INHERITANCE, evidence=frozenset({Evidence.COURT_PAPER_IN_FORCE, Evidence.NOTARIAL_DEED_VERIFIED})
    )

    assert codes(SALE, FLAT, SALE_FACTS, *added) == []
    assert codes(SALE, FLAT, with_deed, *added) == []
    assert codes(NAME_CHANGE, a_unit(use_code="31"), NAME_FACTS, *added) == []


def test_an_exclusion_speaks_from_its_first_to_its_last_day() -> None:
    row = replace(EXCLUSIONS[0], valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]

    assert [row.holds_on(day) for day in days] == [False, True, True, False]


def test_a_table_with_two_rows_of_one_code_on_one_day_cannot_be_loaded() -> None:
    first = replace(EXCLUSIONS[0], valid_to=date(2026, 6, 30))
    second = replace(EXCLUSIONS[0], valid_from=date(2026, 7, 1))

    assert one_row_a_day([first, second]) == [first, second]
    with pytest.raises(AssertionError, match="X01 is listed twice"):
        one_row_a_day([first, replace(second, valid_from=date(2026, 6, 30))])
    with pytest.raises(AssertionError, match="reason of another"):
        one_row_a_day([replace(EXCLUSIONS[0], code="X02")])


def test_facts_of_a_unit_go_over_the_wire_and_back() -> None:
    unit = replace(FLAT, flags=frozenset({facts.PRE_MEASURED, facts.LEGACY_ISSUE}))

    assert UnitFacts.from_wire(unit.to_wire()) == unit
