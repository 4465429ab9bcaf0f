"""Whatever courts order, the line of seizures of a unit stays a line (查扣冻规定 26; 法发〔2004〕5号 20)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.order_builders import EVERY_DOUBT, FAR, FREE, HERE, THERE, TODAY, after, order

from tongban.domain.burdens import SEIZURES, Burden
from tongban.judicial import plans
from tongban.judicial.ordered import Kind
from tongban.judicial.periods import Period

PERIODS = st.one_of(
    st.just(Period()),
    st.integers(1, 40).map(lambda months: Period(months=months)),
    st.integers(-40, 2000).map(lambda days: Period(None, TODAY + timedelta(days=days))),
)
STEPS = st.tuples(
    st.sampled_from([Kind.SEIZURE, Kind.SEIZURE, Kind.RENEWAL, Kind.RELEASE, Kind.CORRECTION]),
    st.sampled_from([HERE, THERE, FAR]),
    st.integers(1, 2),
    PERIODS,
    st.integers(0, 400),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=12))
def test_whatever_courts_order_one_is_in_force_the_rest_wait_in_the_order_they_came(steps: list[tuple]) -> None:  # type: ignore[type-arg]
    page, today, came = FREE, TODAY, {}
    for number, (kind, court, case, period, days) in enumerate(steps):
        today += timedelta(days=days)
        one = order(
            kind, order_id=f"o-{number}", organ_zh=court, case_no=f"（2026）执{case}号", period=period, arrived_on=today
        )
        found = plans.plan(one, page, today, EVERY_DOUBT)
        if isinstance(found, tuple):
            assert all(doubt.is_final for doubt in found)
            continue
        page = after(page, found.entries)
        came.setdefault(f"o-{number}:{page.unit_code}", number)
        line = [opened.burden for opened in page.of_kind(SEIZURES)]
        in_force = [fact for fact in line if fact.burden is not Burden.WAITING_SEIZURE]
        behind = sorted((fact for fact in line if fact.burden is Burden.WAITING_SEIZURE), key=lambda fact: fact.rank)
        assert len(in_force) == (1 if line else 0)
        assert all(fact.is_in_force(today) for fact in in_force)
        assert [fact.rank for fact in behind] == list(range(1, len(behind) + 1))
        assert [came[fact.burden_no] for fact in [*in_force, *behind]] == sorted(came[fact.burden_no] for fact in line)
