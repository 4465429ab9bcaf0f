"""Orders of courts on the page of one unit: one line, in the order of delivery, and doubts instead of guesses (facts 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.order_builders import EVERY_DOUBT, FAR, FREE, HERE, THERE, TODAY, WANG, after, order
from tests.transfer_builders import holder, page_of, title_of

from tongban.domain.burden_entries import AlterBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.order_reasons import OrderReasons
from tongban.domain.unit_page import UnitPage
from tongban.judicial import plans
from tongban.judicial.ordered import Doubt, Effect, Kind, Ordered, UnitPlan
from tongban.judicial.periods import Period


def lying(
    kind: Burden = Burden.SEIZURE, number: str = "s-1", *, court: str = HERE, until: date | None = None, rank: int = 0,
    reference: str = "（2026）豫0526执1号", period: str = "",
) -> OpenBurden:  # fmt: skip
    since = None if kind is Burden.WAITING_SEIZURE else date(2024, 1, 1)
    fact = BurdenFact(kind, number, since, until, court, reference, rank)
    return OpenBurden(FREE.unit_code, fact, {"period": period} if period else {})


def waiting(number: str, court: str, rank: int, period: str = "36个月") -> OpenBurden:
    return lying(Burden.WAITING_SEIZURE, number, court=court, rank=rank, reference=f"案{number}", period=period)


def planned(one: Ordered, page: UnitPage, today: date = TODAY, cleared: frozenset[str] = frozenset()) -> UnitPlan:
    found = plans.plan(one, page, today, cleared)
    assert isinstance(found, UnitPlan), found
    return found


def doubted(one: Ordered, page: UnitPage, today: date = TODAY, cleared: frozenset[str] = frozenset()) -> Doubt:
    found = plans.plan(one, page, today, cleared)
    assert isinstance(found, tuple), found
    return found[0]


def only_burden(page: UnitPage, made: UnitPlan) -> BurdenFact:
    (left,) = after(page, made.entries).burdens
    return left.burden


# --- seizures -------------------------------------------------------------------------------------------------------
def test_a_seizure_of_a_free_unit_is_in_force_from_its_delivery_for_its_period() -> None:
    made = planned(order(), FREE)

    fact = only_burden(FREE, made)
    assert (made.effect, made.expires_on, made.advice_zh) == (Effect.IN_FORCE, date(2029, 11, 26), "")
    assert (fact.burden, fact.since, fact.until) == (Burden.SEIZURE, TODAY, date(2029, 11, 26))
    assert (fact.organ_zh, fact.reference, fact.burden_no) == (HERE, "（2026）豫0526执1号", f"o-1:{FREE.unit_code}")


def test_a_seizure_takes_effect_at_its_delivery_even_if_its_paper_begins_later() -> None:
    """查扣冻规定 1."""
    later = Period(TODAY + timedelta(days=10), date(2029, 11, 26))

    assert only_burden(FREE, planned(order(period=later), FREE)).since == TODAY


def test_a_length_counts_from_the_day_of_delivery() -> None:
    assert only_burden(FREE, planned(order(period=Period(months=36)), FREE)).until == date(2029, 11, 26)


@pytest.mark.parametrize("period", [Period(), Period(TODAY, date(2031, 1, 1)), Period(months=37)])
def test_a_missing_or_overlong_period_is_entered_as_it_is_and_the_court_is_advised(period: Period) -> None:
    """Facts L7: never capped, never delayed."""
    made = planned(order(period=period), FREE)

    assert made.effect is Effect.IN_FORCE
    assert made.advice_zh
    assert made.expires_on == period.last_day_from(TODAY)


def test_a_later_seizure_waits_and_is_told_who_stands_before_it() -> None:
    """法发〔2004〕5号 19, 20."""
    page = page_of(title_of(WANG), lying(court=THERE, until=date(2027, 5, 1), reference="（2025）豫05执3号"))

    made = planned(order(), page)

    assert (made.effect, made.rank, made.expires_on) == (Effect.WAITING, 1, None)
    assert "排第1位" in made.words_zh
    assert "安阳市中级人民法院（2025）豫05执3号，到2027年5月1日" in made.words_zh
    (opened,) = made.entries
    assert isinstance(opened, OpenBurden)
    assert (opened.burden.burden, opened.burden.since, opened.burden.until) == (Burden.WAITING_SEIZURE, None, None)
    assert opened.private["period"] == "2026-11-27至2029-11-26"


def test_the_same_court_in_another_case_waits_too() -> None:
    page = page_of(title_of(WANG), lying(reference="（2025）豫0526执7号"))

    assert planned(order(), page).effect is Effect.WAITING


def test_the_same_case_again_is_asked_about_and_can_be_ruled_a_renewal_only() -> None:
    page = page_of(title_of(WANG), lying(reference="(2026)豫0526 执1号之一", until=date(2026, 12, 1)))

    found = doubted(order(), page, cleared=EVERY_DOUBT)

    assert (found.reason, found.is_final) == (OrderReasons.SAME_CASE_AGAIN, True)
    assert planned(order(Kind.RENEWAL), page).effect is Effect.RENEWED


def test_a_seizure_after_one_that_has_ended_is_in_force_and_closes_it() -> None:
    """查扣冻规定 27: the last day still counts."""
    ends = lying(court=THERE, until=TODAY, reference="旧")
    over = lying(court=THERE, until=TODAY - timedelta(days=1), reference="旧")

    assert planned(order(), page_of(title_of(WANG), ends)).effect is Effect.WAITING
    made = planned(order(), page_of(title_of(WANG), over))
    assert made.effect is Effect.IN_FORCE
    assert [one.effect for one in made.moved] == [Effect.LAPSED]
    assert only_burden(page_of(title_of(WANG), over), made).organ_zh == HERE


def test_whoever_waited_comes_before_a_new_order() -> None:
    over = lying(court=THERE, until=TODAY - timedelta(days=1), reference="旧")
    page = page_of(title_of(WANG), over, waiting("w-1", FAR, 1))

    made = planned(order(), page)

    assert (made.effect, made.rank) == (Effect.WAITING, 1)
    line = {one.burden.organ_zh: one.burden for one in after(page, made.entries).burdens}
    assert line[FAR].burden is Burden.SEIZURE
    assert (line[FAR].since, line[FAR].until) == (TODAY, date(2029, 11, 26))
    assert line[HERE].rank == 1


def test_a_holder_who_is_not_the_debtor_is_for_a_person_to_look_at() -> None:
    found = doubted(order(debtors=("李红",)), FREE)

    assert found.reason is OrderReasons.OTHER_HOLDER
    assert {(fact.name_zh, fact.value_zh) for fact in found.facts} == {("被执行人", "李红"), ("登记的权利人", "王小明")}
    cleared = frozenset({OrderReasons.OTHER_HOLDER.code})
    assert only_burden(FREE, planned(order(debtors=("李红",)), FREE, cleared=cleared)).burden is Burden.SEIZURE


def test_a_unit_that_passed_since_the_order_came_is_looked_at_even_without_a_debtors_name() -> None:
    """查扣冻规定 23: what was transferred first is not the debtor's any more."""
    passed = order(debtors=(), passed_on=frozenset({FREE.unit_code}))

    assert doubted(passed, FREE).reason is OrderReasons.OTHER_HOLDER
    assert planned(order(debtors=()), FREE).effect is Effect.IN_FORCE


@pytest.mark.parametrize("period", [Period(TODAY, TODAY - timedelta(days=1)), Period(None, date(2020, 1, 1))])
def test_a_period_that_cannot_be_right_is_asked_about_and_entered_open_when_cleared(period: Period) -> None:
    assert doubted(order(period=period), FREE).reason is OrderReasons.PERIOD_UNCLEAR
    made = planned(order(period=period), FREE, cleared=frozenset({OrderReasons.PERIOD_UNCLEAR.code}))
    assert only_burden(FREE, made).until is None
    assert made.advice_zh


def test_a_unit_nobody_ever_recorded_is_never_seized() -> None:
    page = UnitPage(FREE.unit_code)

    found = doubted(order(), page, cleared=EVERY_DOUBT)

    assert (found.reason, found.is_final) == (OrderReasons.UNIT_UNKNOWN, True)


@pytest.mark.parametrize(
    ("kind", "reason"), [(Kind.TRANSFER, OrderReasons.TRANSFER_BY_TAKER), ("冻结股权", OrderReasons.KIND_UNKNOWN)]
)
def test_a_transfer_and_what_nobody_understands_are_never_entered_here(kind: str, reason: object) -> None:
    found = doubted(order(kind), FREE, cleared=EVERY_DOUBT)

    assert (found.reason, found.is_final) == (reason, True)


# --- what is not the debtor's yet -----------------------------------------------------------------------------------
BARE = UnitPage(FREE.unit_code, None, (), FREE.state)
NOTICE = OpenBurden(FREE.unit_code, BurdenFact(Burden.PRIORITY_NOTICE, "n-1", date(2026, 1, 1)), {}, (WANG,))


def test_a_unit_without_a_title_can_only_be_seized_beforehand_and_a_person_looks_first() -> None:
    """法发〔2004〕5号 13-15."""
    assert doubted(order(), BARE).reason is OrderReasons.NOT_YET_REGISTERED
    made = planned(order(), BARE, cleared=frozenset({OrderReasons.NOT_YET_REGISTERED.code}))
    assert only_burden(BARE, made).burden is Burden.PRE_SEIZURE


def test_the_debtors_own_notice_is_ground_enough_for_a_pre_seizure() -> None:
    page = replace(BARE, burdens=(NOTICE,))

    made = planned(order(Kind.PRE_SEIZURE), page)

    assert {one.burden.burden for one in after(page, made.entries).burdens} == {
        Burden.PRIORITY_NOTICE, Burden.PRE_SEIZURE,
    }  # fmt: skip
    assert doubted(order(Kind.PRE_SEIZURE), BARE).reason is OrderReasons.NO_CLAIM_FOUND
    assert doubted(order(Kind.PRE_SEIZURE, debtors=("李红",)), page).reason is OrderReasons.NO_CLAIM_FOUND


def test_a_pre_seizure_of_what_is_already_the_debtors_is_a_seizure() -> None:
    """法发〔2004〕5号 16."""
    assert only_burden(FREE, planned(order(Kind.PRE_SEIZURE), FREE)).burden is Burden.SEIZURE


def test_a_waiting_one_comes_into_force_as_what_the_book_then_allows() -> None:
    over = lying(Burden.PRE_SEIZURE, court=THERE, until=TODAY - timedelta(days=1))
    wait = replace(waiting("w-1", FAR, 1), private={"period": "36个月", "debtor": "王小明"})
    bought, bare = page_of(title_of(WANG), over, wait), replace(BARE, burdens=(over, wait))
    developers = page_of(title_of(holder("滑县房地产公司", "19900102")), NOTICE, over, wait)

    kinds = {}
    for name, page in {"bought": bought, "bare": bare, "developers": developers}.items():
        entries, _ = plans.settle_line(page, TODAY)
        left = {one.burden_no: one.burden.burden for one in after(page, entries).burdens}
        kinds[name] = left["w-1"]

    assert kinds == {"bought": Burden.SEIZURE, "bare": Burden.PRE_SEIZURE, "developers": Burden.PRE_SEIZURE}


# --- renewal, release, correction -----------------------------------------------------------------------------------
def test_a_renewal_in_time_moves_the_last_day_and_nothing_else() -> None:
    page = page_of(title_of(WANG), lying(until=TODAY))

    made = planned(order(Kind.RENEWAL, period=Period(None, date(2029, 11, 27))), page)

    (entry,) = made.entries
    assert isinstance(entry, AlterBurden)
    assert entry.burden == replace(entry.before, until=date(2029, 11, 27))
    assert (made.effect, made.advice_zh) == (Effect.RENEWED, "")


def test_a_renewal_counts_its_length_from_the_day_after_the_old_last_day() -> None:
    page = page_of(title_of(WANG), lying(until=date(2026, 12, 31)))

    assert planned(order(Kind.RENEWAL, period=Period(months=36)), page).expires_on == date(2029, 12, 31)


def test_a_renewal_delivered_in_time_counts_even_when_it_is_dealt_with_too_late() -> None:
    page = page_of(title_of(WANG), lying(until=TODAY), waiting("w-1", FAR, 1))
    later = TODAY + timedelta(days=3)

    made = planned(order(Kind.RENEWAL, period=Period(None, date(2029, 1, 1))), page, later)

    line = {one.burden_no: one.burden for one in after(page, made.entries).burdens}
    assert (line["s-1"].burden, line["s-1"].until) == (Burden.SEIZURE, date(2029, 1, 1))
    assert line["w-1"].burden is Burden.WAITING_SEIZURE


def test_a_renewal_delivered_too_late_is_never_entered() -> None:
    """查扣冻规定 27."""
    page = page_of(title_of(WANG), lying(until=TODAY - timedelta(days=1)))

    found = doubted(order(Kind.RENEWAL), page, cleared=EVERY_DOUBT)

    assert (found.reason, found.is_final) == (OrderReasons.RENEWED_TOO_LATE, True)


def test_a_renewal_that_would_shorten_the_seizure_is_asked_about() -> None:
    page = page_of(title_of(WANG), lying(until=date(2029, 1, 1)))

    assert doubted(order(Kind.RENEWAL, period=Period(None, date(2028, 1, 1))), page).reason is (
        OrderReasons.PERIOD_UNCLEAR
    )


def test_a_waiting_seizure_is_renewed_for_the_time_when_it_comes_into_force() -> None:
    own = lying(Burden.WAITING_SEIZURE, "w-1", rank=1, period="12个月")
    page = page_of(title_of(WANG), lying(number="s-0", court=THERE, reference="旧"), own)

    made = planned(order(Kind.RENEWAL, period=Period(months=24)), page)

    (entry,) = made.entries
    assert isinstance(entry, AlterBurden)
    assert (entry.burden, entry.private["period"]) == (own.burden, "24个月")


def test_a_release_is_for_two_people_and_lets_the_next_in() -> None:
    """法发〔2004〕5号 20: the first of those waiting is in force at that moment, without a new paper."""
    page = page_of(title_of(WANG), lying(until=date(2028, 1, 1)), waiting("w-1", THERE, 1), waiting("w-2", FAR, 2))
    assert doubted(order(Kind.RELEASE), page).reason is OrderReasons.FREED_BY_TWO

    made = planned(order(Kind.RELEASE), page, cleared=frozenset({OrderReasons.FREED_BY_TWO.code}))

    line = {one.burden_no: one.burden for one in after(page, made.entries).burdens}
    assert set(line) == {"w-1", "w-2"}
    assert (line["w-1"].burden, line["w-1"].since, line["w-1"].until, line["w-1"].rank) == (
        Burden.SEIZURE, TODAY, date(2029, 11, 26), 0,
    )  # fmt: skip
    assert line["w-2"].rank == 1
    assert [(one.burden.burden_no, one.effect) for one in made.moved] == [("w-1", Effect.IN_FORCE)]


def test_a_release_in_the_middle_of_the_line_moves_up_those_behind_only() -> None:
    own = lying(Burden.WAITING_SEIZURE, "w-1", rank=1)
    page = page_of(title_of(WANG), lying(number="s-0", court=THERE, reference="旧"), own, waiting("w-2", FAR, 2))

    made = planned(order(Kind.RELEASE), page, cleared=EVERY_DOUBT)

    line = {one.burden_no: one.burden for one in after(page, made.entries).burdens}
    assert (line["s-0"].burden, line["w-2"].burden, line["w-2"].rank) == (
        Burden.SEIZURE, Burden.WAITING_SEIZURE, 1,
    )  # fmt: skip
    assert made.moved == ()


@pytest.mark.parametrize("kind", [Kind.RENEWAL, Kind.RELEASE, Kind.CORRECTION])
def test_only_its_own_seizure_is_renewed_released_or_corrected(kind: Kind) -> None:
    others = page_of(title_of(WANG), lying(court=THERE))

    found = doubted(order(kind), others, cleared=EVERY_DOUBT)

    assert (found.reason, found.is_final) == (OrderReasons.NOTHING_OF_THIS_COURT, True)


def test_an_entry_under_another_organs_name_is_released_when_people_say_the_paper_means_it() -> None:
    """A court was renamed, or execution was moved to another (法释〔2016〕6号)."""
    page = page_of(title_of(WANG), lying(court="滑县法院", reference="（2024）豫0526执9号"))
    release = order(Kind.RELEASE, meant={FREE.unit_code: "s-1"})

    found = plans.plan(release, page, TODAY)

    assert isinstance(found, tuple)
    assert [one.reason for one in found] == [OrderReasons.OTHER_ORGAN, OrderReasons.FREED_BY_TWO]
    assert after(page, planned(release, page, cleared=EVERY_DOUBT).entries).burdens == ()


def test_a_new_seizure_of_the_case_after_the_old_one_ended_is_a_seizure() -> None:
    """查扣冻规定 27: what ended is gone; the new order has its own place."""
    page = page_of(title_of(WANG), lying(until=TODAY - timedelta(days=1)))

    made = planned(order(), page)

    assert made.effect is Effect.IN_FORCE
    assert only_burden(page, made).burden_no == f"o-1:{FREE.unit_code}"


def test_a_renewal_that_would_shorten_is_left_open_when_people_enter_it_all_the_same() -> None:
    page = page_of(title_of(WANG), lying(until=date(2029, 1, 1)))
    shorter = order(Kind.RENEWAL, period=Period(None, date(2028, 1, 1)))

    made = planned(shorter, page, cleared=frozenset({OrderReasons.PERIOD_UNCLEAR.code}))

    assert (only_burden(page, made).until, bool(made.advice_zh)) == (None, True)


def test_a_correction_that_ends_before_its_beginning_changes_no_day() -> None:
    page = page_of(title_of(WANG), lying(until=date(2028, 1, 1)))
    wrong = order(Kind.CORRECTION, period=Period(None, date(2023, 1, 1)))
    assert [one.reason for one in plans.plan(wrong, page, TODAY)] == [  # type: ignore[union-attr]
        OrderReasons.PERIOD_UNCLEAR, OrderReasons.CORRECTED_BY_TWO,
    ]  # fmt: skip

    fact = only_burden(page, planned(wrong, page, cleared=EVERY_DOUBT))

    assert (fact.since, fact.until) == (date(2024, 1, 1), date(2028, 1, 1))


@pytest.mark.parametrize("kind", [Kind.SEIZURE, Kind.RENEWAL, Kind.RELEASE])
def test_the_last_day_of_the_calendar_stops_nothing(kind: Kind) -> None:
    page = page_of(title_of(WANG), *(() if kind is Kind.SEIZURE else (lying(until=date(9999, 12, 31)),)))

    for period in (Period(date(9998, 1, 1), date(9999, 12, 31)), Period(months=1200)):
        assert isinstance(plans.plan(order(kind, period=period), page, date(9990, 1, 1), EVERY_DOUBT), UnitPlan)


def test_a_waiting_seizure_comes_into_force_as_what_was_ordered() -> None:
    """The buyer's claim may rest on a filed contract that the book does not show."""
    page = page_of(title_of(holder("滑县房地产公司", "19900102")), lying(court=THERE))
    cleared = frozenset({OrderReasons.NO_CLAIM_FOUND.code})
    waits = after(page, planned(order(Kind.PRE_SEIZURE, period=Period(months=12)), page, cleared=cleared).entries)
    over = replace(waits, burdens=tuple(one for one in waits.burdens if one.burden.rank))

    entries, _ = plans.settle_line(over, TODAY)

    (left,) = after(over, entries).burdens
    assert left.burden.burden is Burden.PRE_SEIZURE


def test_a_name_inside_another_is_another_name() -> None:
    wait = replace(waiting("w-1", FAR, 1), private={"period": "36个月", "debtor": "王小明明"})
    developers = page_of(title_of(holder("滑县房地产公司", "19900102")), NOTICE, wait)

    entries, _ = plans.settle_line(developers, TODAY)

    assert {one.burden_no: one.burden.burden for one in after(developers, entries).burdens}["w-1"] is Burden.SEIZURE


def test_of_several_entries_of_one_proceeding_a_person_names_the_one_meant() -> None:
    first, second = lying(number="s-1"), lying(Burden.WAITING_SEIZURE, "w-1", rank=1)
    page = page_of(title_of(WANG), first, second)
    assert doubted(order(Kind.RELEASE), page, cleared=EVERY_DOUBT).reason is OrderReasons.SEVERAL_OF_THIS_COURT

    made = planned(order(Kind.RELEASE, meant={FREE.unit_code: "w-1"}), page, cleared=EVERY_DOUBT)

    assert only_burden(page, made).burden_no == "s-1"


def test_a_correction_changes_number_and_period_and_leaves_no_gap() -> None:
    page = page_of(title_of(WANG), lying(until=date(2028, 1, 1), reference="（2026）豫0526执1O号"))
    mended = order(
        Kind.CORRECTION, meant={FREE.unit_code: "s-1"}, period=Period(TODAY + timedelta(days=9), date(2027, 1, 1))
    )
    assert doubted(mended, page).reason is OrderReasons.CORRECTED_BY_TWO

    fact = only_burden(page, planned(mended, page, cleared=EVERY_DOUBT))

    assert (fact.reference, fact.since, fact.until) == ("（2026）豫0526执1号", date(2024, 1, 1), date(2027, 1, 1))


# --- time -----------------------------------------------------------------------------------------------------------
def test_days_given_stay_when_a_waiting_seizure_comes_into_force() -> None:
    over = lying(court=THERE, until=TODAY - timedelta(days=4), reference="旧")
    page = page_of(title_of(WANG), over, waiting("w-1", FAR, 1, "2025-01-01至2028-03-03"))

    entries, moved = plans.settle_line(page, TODAY)

    (left,) = after(page, entries).burdens
    assert (left.burden.since, left.burden.until) == (TODAY - timedelta(days=3), date(2028, 3, 3))
    assert [one.effect for one in moved] == [Effect.LAPSED, Effect.IN_FORCE]


@pytest.mark.parametrize("period", ["2023-01-01至2026-01-01", "三年", ""])
def test_a_waiting_seizure_whose_days_are_over_or_unknown_holds_until_the_court_says(period: str) -> None:
    """Facts 7.4.5: never silently dropped."""
    over = lying(court=THERE, until=TODAY - timedelta(days=1), reference="旧")

    entries, moved = plans.settle_line(page_of(title_of(WANG), over, waiting("w-1", FAR, 1, period)), TODAY)

    assert isinstance(entries[-1], AlterBurden)
    assert entries[-1].burden.until is None
    assert moved[-1].advice_zh


def test_a_line_that_nobody_looked_at_for_years_is_brought_up_to_the_day() -> None:
    over = lying(court=THERE, until=date(2020, 1, 1), reference="旧")
    page = page_of(title_of(WANG), over, waiting("w-1", HERE, 1, "12个月"), waiting("w-2", FAR, 2, "120个月"))

    entries, _ = plans.settle_line(page, TODAY)

    (left,) = after(page, entries).burdens
    assert left.burden_no == "w-2"
    assert (left.burden.since, left.burden.until) == (date(2021, 1, 2), date(2031, 1, 1))


def test_a_line_without_anything_in_force_lets_the_first_in() -> None:
    entries, _ = plans.settle_line(page_of(title_of(WANG), waiting("w-2", FAR, 2), waiting("w-1", THERE, 1)), TODAY)

    assert [type(one) for one in entries] == [AlterBurden, AlterBurden]
    assert (entries[0].burden_no, entries[0].burden.burden) == ("w-1", Burden.SEIZURE)  # type: ignore[union-attr]


def test_nothing_is_written_about_a_line_that_is_as_it_should_be() -> None:
    page = page_of(title_of(WANG), lying(until=TODAY), waiting("w-1", FAR, 1))

    assert plans.settle_line(page, TODAY) == ((), ())


# --- limits of administrations --------------------------------------------------------------------------------------
def test_a_limit_stands_beside_seizures_and_not_in_their_line() -> None:
    """条例 27②; 国有土地上房屋征收与补偿条例 16."""
    page = page_of(title_of(WANG), lying(until=date(2029, 1, 1)), waiting("w-1", THERE, 1))
    limit = order(Kind.RESTRICTION, organ_zh="滑县人民政府", case_no="滑政征〔2026〕3号", period=Period(months=12))

    made = planned(limit, page)

    (opened,) = made.entries
    assert isinstance(opened, OpenBurden)
    assert (opened.burden.burden, opened.burden.until) == (Burden.ADMINISTRATIVE, date(2027, 11, 26))
    assert opened.private["limited"] == "王小明"
    assert made.effect is Effect.LIMITED


def test_a_limit_is_lifted_by_its_own_organ_and_by_two_people() -> None:
    limited = lying(Burden.ADMINISTRATIVE, "x-1", court="滑县人民政府", reference="滑政征〔2026〕3号")
    page = page_of(title_of(WANG), limited, lying())
    lift = order(Kind.LIFT, organ_zh="滑县人民政府", case_no="滑政征〔2026〕3号", period=Period())
    assert doubted(lift, page).reason is OrderReasons.FREED_BY_TWO

    made = planned(lift, page, cleared=EVERY_DOUBT)

    assert [one.burden_no for one in after(page, made.entries).burdens] == ["s-1"]
    others = order(Kind.LIFT, organ_zh="浚县人民政府", case_no="滑政征〔2026〕3号", period=Period())
    assert doubted(others, page, cleared=EVERY_DOUBT).reason is OrderReasons.NOTHING_OF_THIS_COURT


def test_the_three_years_are_the_courts_limit_only() -> None:
    """民诉法解释 485; the periods of other organs stand in their papers."""
    long = order(period=Period(months=60), years_max=None)

    assert planned(long, FREE).advice_zh == ""
    assert planned(order(period=Period(months=60)), FREE).advice_zh


# --- mortgages, disputes --------------------------------------------------------------------------------------------
BANK = holder("示例银行滑县支行", "91410526MA44000081"[:8])


def mortgage(number: str = "m-1", kind: Burden = Burden.MORTGAGE) -> OpenBurden:
    fact = BurdenFact(kind, number, date(2024, 5, 1), None, "", "", 1, f"豫（2024）滑县不动产证明第{number}号")
    return OpenBurden(FREE.unit_code, fact, {"debt_yuan": "800000"}, (BANK,))


@pytest.mark.parametrize("kind", [Burden.MORTGAGE, Burden.MORTGAGE_MAXIMUM, Burden.MORTGAGE_NO_TRANSFER])
def test_a_frozen_mortgage_keeps_all_it_was_and_becomes_it_again(kind: Burden) -> None:
    """查扣冻规定 24; amendment L9."""
    page = page_of(title_of(WANG), mortgage(kind=kind))
    frozen = after(page, planned(order(Kind.FREEZE), page).entries)

    (held,) = frozen.burdens
    assert held.burden == replace(page.burdens[0].burden, burden=Burden.MORTGAGE_FROZEN)
    assert (held.private["frozen_by"], held.private["frozen_under"]) == (HERE, "（2026）豫0526执1号")
    assert doubted(order(Kind.UNFREEZE), frozen).reason is OrderReasons.FREED_BY_TWO
    freed = after(frozen, planned(order(Kind.UNFREEZE), frozen, cleared=EVERY_DOUBT).entries)
    assert freed.burdens == page.burdens
    other = order(Kind.UNFREEZE, organ_zh=THERE)
    assert doubted(other, frozen, cleared=EVERY_DOUBT).reason is OrderReasons.NOTHING_OF_THIS_COURT


def test_of_several_mortgages_people_say_which_is_frozen() -> None:
    page = page_of(title_of(WANG), mortgage("m-1"), mortgage("m-2"))
    assert doubted(order(Kind.FREEZE), page, cleared=EVERY_DOUBT).reason is OrderReasons.WHICH_MORTGAGE
    assert doubted(order(Kind.FREEZE), FREE, cleared=EVERY_DOUBT).reason is OrderReasons.WHICH_MORTGAGE

    made = planned(order(Kind.FREEZE, meant={FREE.unit_code: "m-2"}), page)

    assert {one.burden_no: one.burden.burden for one in after(page, made.entries).burdens} == {
        "m-1": Burden.MORTGAGE, "m-2": Burden.MORTGAGE_FROZEN,
    }  # fmt: skip


def test_a_dispute_is_marked_and_lifted_like_a_limit() -> None:
    """条例 22②."""
    marks = order(Kind.DISPUTE, organ_zh="滑县自然资源局", case_no="滑自争受〔2026〕1号", period=Period())
    marked = after(FREE, planned(marks, FREE).entries)
    assert [one.burden.burden for one in marked.burdens] == [Burden.DISPUTE]

    lifted = after(marked, planned(replace(marks, kind=Kind.LIFT), marked, cleared=EVERY_DOUBT).entries)

    assert lifted.burdens == ()
