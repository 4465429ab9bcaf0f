"""S15, S16, S17: another address, another use, one unit into several and several into one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.entry_inputs import TODAY, given
from tests.title_samples import (
    CERTIFICATE,
    FLAT,
    LI,
    NEW_CERTIFICATE,
    NEW_PROOF,
    OLD_PROOF,
    UNIT_CODE,
    WANG,
    ZHAO,
    burden,
    by_shares,
    joint,
    named,
    page,
    sole,
)

from tongban.domain.burden_entries import CloseBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.decision import Verdict
from tongban.domain.entries import OpenTitle, ReplaceTitle
from tongban.domain.errors import InvalidInput
from tongban.domain.evidence import Evidence, key_of
from tongban.domain.fees.terms import FeeClass
from tongban.domain.replay import Titles, replay
from tongban.domain.restrictions import Act, decide
from tongban.domain.terms import Cause
from tongban.domain.titles import Title
from tongban.domain.unit_page import UnitPage

S15, S16, S17 = CATALOGUE["S15"], CATALOGUE["S16"], CATALOGUE["S17"]
EAST, WEST = UnitCode("410526001002GB00015F00030171"), UnitCode("410526001002GB00015F00030172")
NEXT = UnitCode("410526001002GB00015F00030028")
NEXT_CERTIFICATE = CertificateNo("豫（2020）滑县不动产权第0000002号")
SECOND = CertificateNo("豫（2026）滑县不动产权第0001235号")
ADDRESS = {**named("owner", WANG), "new_address": "滑县道口镇新路2号"}
USE = {**named("owner", WANG), "new_use": "31", "land_price": "paid", "land_price_receipt": "4105260001"}
SPLIT = {
    "cause": "unit_split",
    "certificate_no": CERTIFICATE,
    **named("owner", WANG),
    "new1_unit": EAST,
    "new1_address": "101东",
    "new1_area": "60.10",
    "new2_unit": WEST,
    "new2_address": "101西",
    "new2_area": "58.16",
}
MERGER = {
    "cause": "unit_merger",
    "certificate_no": CERTIFICATE,
    **named("owner", WANG),
    "other1_unit": NEXT,
    "other1_certificate": NEXT_CERTIFICATE,
    "new1_unit": EAST,
    "new1_address": "101、102",
    "new1_area": "200",
}


def neighbour(title: Title) -> UnitPage:
    return UnitPage(NEXT, replace(title, unit=replace(title.unit, unit_code=NEXT), certificate_no=NEXT_CERTIFICATE))


def refusal(item: ServiceItem, form: dict[str, str], *pages: Title | UnitPage) -> str:
    with pytest.raises(InvalidInput) as caught:
        item.entries(given(form, *pages))
    (problem,) = caught.value.problems
    assert problem.cure_zh
    return problem.field


def after(item: ServiceItem, form: dict[str, str], *pages: UnitPage, evidence: frozenset[str] = frozenset()) -> Titles:
    held = Titles(
        titles={one.unit_code: one.title for one in pages if one.title},
        open_burdens={one.unit_code: one.burdens for one in pages if one.burdens},
    )
    return replay(item.entries(given(form, *pages, evidence=evidence)), held)


def test_one_co_owner_puts_the_address_right_and_only_the_address_changes() -> None:
    title = joint(WANG, LI)

    (written,) = S15.entries(given(ADDRESS, title))

    unit = replace(FLAT, address_zh="滑县道口镇新路2号")
    assert written == ReplaceTitle(
        CERTIFICATE, replace(title, unit=unit, certificate_no=NEW_CERTIFICATE), Cause.ADDRESS_CHANGE
    )
    assert [fee.fee_class for fee in S15.fees] == [FeeClass.STATE_RENAMING]


def test_a_stranger_or_the_old_address_is_refused() -> None:
    assert refusal(S15, {**ADDRESS, **named("owner", ZHAO)}, sole()) == "owner1_name"
    assert refusal(S15, {**ADDRESS, "new_address": FLAT.address_zh}, sole()) == "new_address"


def test_the_planned_use_is_written_once_the_land_price_is_paid() -> None:
    (written,) = S16.entries(given(USE, sole()))

    unit = replace(FLAT, use_code="31", use_zh="商业服务")
    assert written == ReplaceTitle(
        CERTIFICATE, replace(sole(unit=unit), certificate_no=NEW_CERTIFICATE), Cause.USE_CHANGE
    )
    assert S16.claims(USE) == {Evidence.LAND_PREMIUM_RECEIPT}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"land_price": ""}, "land_price"),
        ({"land_price_receipt": ""}, "land_price_receipt"),
        ({"new_use": "11"}, "new_use"),
        ({"new_use": "99"}, "new_use"),
        (named("owner", ZHAO), "owner1_name"),
    ],
)
def test_a_use_that_is_not_paid_for_or_not_new_is_refused(changed: dict[str, str], field: str) -> None:
    assert refusal(S16, {**USE, **changed}, sole()) == field


def test_the_receipt_is_asked_for_only_when_a_price_was_due() -> None:
    free = {**USE, "land_price": "not_due"}

    keys = [{one.key for one in S16.needed_materials(S16.application_facts(f, frozenset()))} for f in (USE, free)]
    assert keys[0] - keys[1] == {"land_price"}
    assert S16.claims(free) == frozenset()


def test_a_split_ends_the_old_title_and_opens_one_for_each_new_unit_with_the_same_shares() -> None:
    title = by_shares((WANG, "1/3"), (LI, "2/3"))
    form = {**SPLIT, **named("owner", WANG, LI)}

    held = after(S17, form, page(title), UnitPage(EAST), UnitPage(WEST))

    assert S17.more_units(form) == (EAST, WEST)
    assert held.title(UNIT_CODE) is None
    east, west = held.title(EAST), held.title(WEST)
    assert east and west
    assert (east.certificate_no, west.certificate_no) == (NEW_CERTIFICATE, SECOND)
    assert east.holders == west.holders == title.holders
    assert (east.unit.area_m2, west.unit.address_zh) == ("60.10", "101西")


def test_a_merger_takes_equal_titles_together() -> None:
    held = after(S17, MERGER, page(sole()), neighbour(sole()), UnitPage(EAST))

    assert S17.more_units(MERGER) == (NEXT, EAST)
    assert set(held.titles) == {EAST}
    assert held.titles[EAST].holders == sole().holders


@pytest.mark.parametrize(
    "other", [sole(LI), joint(WANG, LI), by_shares((WANG, "1/2"), (LI, "1/2"))], ids=["another", "joint", "shares"]
)
def test_a_merger_with_other_holders_or_shares_is_refused(other: Title) -> None:
    assert refusal(S17, MERGER, page(sole()), neighbour(other), UnitPage(EAST)) == "other1_unit"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"new2_unit": ""}, "new2_unit"),
        ({"new2_unit": EAST}, "new1_unit"),
        ({"new2_unit": "410526001002GB00015F00030001"}, "new2_unit"),  # below the largest used
        ({"new2_unit": "410526001002GB00015F00040171"}, "new2_unit"),  # another building
        ({"certificate_no": NEXT_CERTIFICATE}, "certificate_no"),
        (named("owner", ZHAO), "owner1_name"),
    ],
)
def test_a_split_that_does_not_fit_is_refused(changed: dict[str, str], field: str) -> None:
    form = {**SPLIT, **changed}
    new = [UnitPage(code) for code in S17.more_units(form)]

    assert refusal(S17, form, page(sole()), *new) == field


def test_a_code_that_bears_a_title_already_is_not_new() -> None:
    taken = UnitPage(EAST, sole(LI, replace(FLAT, unit_code=EAST)))

    assert refusal(S17, SPLIT, page(sole()), taken, UnitPage(WEST)) == "new1_unit"


def test_a_mortgage_goes_on_to_every_part_with_the_mortgagees_consent_and_not_without() -> None:
    mortgaged = page(sole(), burden(Burden.MORTGAGE, ZHAO, debt_yuan="100.00"))
    pages = (mortgaged, UnitPage(EAST), UnitPage(WEST))

    assert refusal(S17, SPLIT, *pages) == "mortgagee_agrees"
    held = after(S17, {**SPLIT, "mortgagee_agrees": "agrees"}, *pages)
    assert set(held.open_burdens) == {EAST, WEST}
    (east,), (west,) = held.open_burdens[EAST], held.open_burdens[WEST]
    assert east.burden.proof_no == NEW_PROOF != west.burden.proof_no
    assert (east.holders, east.private, east.burden.since) == (west.holders, west.private, west.burden.since)


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (Burden.DISPUTE, "cause"),
        (Burden.HABITATION, "dweller_agrees"),
        (Burden.PRIORITY_NOTICE, "notice_holder_agrees"),
    ],
)
def test_what_lies_on_the_unit_stops_the_split_until_it_is_settled(kind: Burden, field: str) -> None:
    assert refusal(S17, SPLIT, page(sole(), burden(kind)), UnitPage(EAST), UnitPage(WEST)) == field


def test_a_frozen_mortgage_lies_on_every_part_and_stays_frozen() -> None:
    """担保解释 38②: it is one on all parts; the court's leave (查扣冻规定 24) is for the restrictions to ask."""
    frozen = page(sole(), burden(Burden.MORTGAGE_FROZEN, ZHAO, debt_yuan="100.00"))

    held = after(S17, SPLIT, frozen, UnitPage(EAST), UnitPage(WEST))

    (east,), (west,) = held.open_burdens[EAST], held.open_burdens[WEST]
    assert {one.burden.burden for one in (east, west)} == {Burden.MORTGAGE_FROZEN}
    assert (east.holders, east.private) == (west.holders, west.private)
    assert UNIT_CODE not in held.open_burdens
    decided = decide(Act.ALTER_UNIT, [one.burden for one in frozen.burdens], frozenset({Evidence.MORTGAGEE_CONSENT}))
    assert decided.verdict is Verdict.CONDITION
    assert decided.conditions[0].lifted_by == Evidence.SEIZING_COURT_AGREES


def noticed(last: date) -> UnitPage:
    """A home with a buyer's notice and the last of his 90 days."""
    laid = burden(Burden.PRIORITY_NOTICE, ZHAO)
    return replace(page(sole(), laid), final_days={laid.burden_no: last})


def test_a_notice_whose_days_are_over_asks_no_consent_in_the_form() -> None:
    """民法典 221②: whether it has lapsed is for a registrar to confirm, which the restrictions ask."""
    parts, yesterday = (UnitPage(EAST), UnitPage(WEST)), TODAY - timedelta(days=1)

    assert refusal(S17, SPLIT, noticed(TODAY), *parts) == "notice_holder_agrees", "the last day counts"
    held = after(S17, SPLIT, noticed(yesterday), *parts)
    assert set(held.open_burdens) == {EAST, WEST}, "not confirmed: it goes on"


def test_a_notice_that_has_lapsed_ends_with_the_old_unit() -> None:
    unit = noticed(TODAY - timedelta(days=1))
    confirmed = frozenset({Evidence.NOTICE_LAPSE_CONFIRMED.value})
    parts = (UnitPage(EAST), UnitPage(WEST))

    written = S17.entries(given(SPLIT, unit, *parts, evidence=confirmed))

    (closed,) = (one for one in written if isinstance(one, CloseBurden))
    assert "预告登记已经失效" in closed.cause_zh
    assert after(S17, SPLIT, unit, *parts, evidence=confirmed).open_burdens == {}
    agreed = {**SPLIT, "notice_holder_agrees": "agrees"}
    live = after(S17, agreed, noticed(TODAY), *parts, evidence=confirmed)
    assert set(live.open_burdens) == {EAST, WEST}, "a notice within its days is never dropped"


def test_a_lapse_is_confirmed_for_the_notice_it_names() -> None:
    lapsed, other = burden(Burden.PRIORITY_NOTICE, ZHAO), burden(Burden.MORTGAGE_NOTICE, LI, number=f"{OLD_PROOF}乙")
    over = {one.burden_no: TODAY - timedelta(days=1) for one in (lapsed, other)}
    unit = replace(page(sole(), lapsed, other), final_days=over)
    evidence = frozenset({key_of(Evidence.NOTICE_LAPSE_CONFIRMED, lapsed.burden_no)})

    held = after(S17, SPLIT, unit, UnitPage(EAST), UnitPage(WEST), evidence=evidence)

    assert {one.burden.burden for one in held.open_burdens[EAST]} == {Burden.MORTGAGE_NOTICE}


def test_what_no_longer_counts_asks_nobody() -> None:
    laid = burden(Burden.HABITATION)
    ended = replace(laid, burden=replace(laid.burden, until=TODAY - timedelta(days=1)))

    held = after(S17, SPLIT, page(sole(), ended), UnitPage(EAST), UnitPage(WEST))

    assert set(held.open_burdens) == {EAST, WEST}, "it stays in the register until it is cancelled"


def test_two_mortgaged_units_are_not_merged() -> None:
    first = page(sole(), burden(Burden.MORTGAGE, ZHAO))
    laid = replace(burden(Burden.MORTGAGE, ZHAO, number=f"{OLD_PROOF}乙"), unit_code=NEXT)
    second = replace(neighbour(sole()), burdens=(laid,))

    assert refusal(S17, {**MERGER, "mortgagee_agrees": "agrees"}, first, second, UnitPage(EAST)) == "cause"


@pytest.mark.parametrize("kind", [Burden.SEIZURE, Burden.PRE_SEIZURE, Burden.WAITING_SEIZURE, Burden.ADMINISTRATIVE])
def test_a_seizure_goes_on_to_every_part_under_the_number_and_days_the_court_knows(kind: Burden) -> None:
    """查扣冻规定 24: with the court's leave, which the restrictions ask; the split frees nothing."""
    laid = burden(kind)
    seized = replace(laid, burden=replace(laid.burden, proof_no="", until=date(2029, 1, 1), organ_zh="滑县人民法院"))

    held = after(S17, SPLIT, page(sole(), seized), UnitPage(EAST), UnitPage(WEST))

    assert {code: [one.burden for one in lying] for code, lying in held.open_burdens.items()} == {
        EAST: [seized.burden],
        WEST: [seized.burden],
    }


def test_two_seized_units_are_not_merged() -> None:
    first, other = burden(Burden.SEIZURE), replace(burden(Burden.SEIZURE), unit_code=NEXT)
    second = replace(neighbour(sole()), burdens=(other,))

    assert refusal(S17, MERGER, page(sole(), first), second, UnitPage(EAST)) == "cause"


def test_each_new_title_is_opened_for_the_cause_named() -> None:
    written = S17.entries(given(SPLIT, page(sole()), UnitPage(EAST), UnitPage(WEST)))

    assert [one.cause for one in written if isinstance(one, OpenTitle)] == [Cause.UNIT_SPLIT] * 2


def test_a_code_that_was_used_and_closed_is_never_used_again() -> None:
    """GB/T 37346: after a split the old code stays empty for ever, though nothing stands on it."""
    closed = UnitPage(EAST, was_used=True)

    assert refusal(S17, SPLIT, page(sole()), closed, UnitPage(WEST)) == "new1_unit"
