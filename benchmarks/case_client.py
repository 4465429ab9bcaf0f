"""The officers of some registries, as one client of `bench_case`: every case of theirs from hand-over to certificate."""

from __future__ import annotations

import cProfile
import sys
import time
from collections import defaultdict

import scratch_site
from django.utils import timezone

import province  # sets Django up
from tongban.cases.models import Case
from tongban.cli import play
from tongban.domain.decision import Refusal

NEXT = {
    "RECEIVED": ("accept", "officer"),
    "ACCEPTED": ("approve_first", "reviewer"),
    "REVIEWED": ("approve_second", "second"),
    "DUES_SETTLED": ("record", "registrar"),
}
END = "CERTIFIED"
LIMIT_S = 600.0


class Office:
    """Works on the cases of its registries until all are certified."""

    def __init__(self, registries: list[str], cases: int) -> None:
        self.registries = registries
        self.cases = cases
        self.numbers: list[str] = []
        self.times: dict[str, list[float]] = defaultdict(list)
        self.handed_over: dict[str, float] = {}
        self.through_s: list[float] = []

    def fill(self) -> float:
        """Every application filled and signed, none handed over; how many a second."""
        began = time.perf_counter()
        for number in range(self.cases):
            for registry in self.registries:
                flat = province.flats(registry, self.cases)[number]
                begun = province.begin(flat, f"{registry}:{number}")
                play.fill(begun, province.wish(flat), province.clerk(), now=timezone.now())
                self.numbers.append(begun)
        return len(self.numbers) / (time.perf_counter() - began)

    def work(self) -> None:
        """Hand over one, then do what waits on the desks, and so on."""
        waiting = iter(self.numbers)
        done: set[str] = set()
        end = time.monotonic() + LIMIT_S
        while len(done) < len(self.numbers):
            assert time.monotonic() < end, f"only {len(done)} of {len(self.numbers)} cases came to their end"
            fresh = self._hand_over(next(waiting, ""))
            moved = self._round(done)
            if not moved and not fresh:
                time.sleep(0.01)

    def _hand_over(self, number: str) -> bool:
        if not number:
            return False
        began = time.perf_counter()
        play.hand_over(number, province.clerk(), now=timezone.now())
        self.times["hand_over"].append(time.perf_counter() - began)
        self.handed_over[number] = time.perf_counter()
        return True

    def _round(self, done: set[str]) -> int:
        """One move of every case that waits for somebody here."""
        open_cases = [number for number in self.handed_over if number not in done]
        rows = Case.objects.filter(application_no__in=open_cases).order_by("case_no")
        moved = 0
        for case_no, number, state, registry in rows.values_list("case_no", "application_no", "state", "home_registry"):
            if state == END:
                done.add(number)
                self.through_s.append(time.perf_counter() - self.handed_over[number])
            elif state in NEXT:
                self._move(case_no, registry, *NEXT[state])
                moved += 1
        return moved

    def _move(self, case_no: str, registry: str, action: str, office: str) -> None:
        began = time.perf_counter()
        outcome = play.advance(case_no, action, province.officer(registry, office), now=timezone.now())
        self.times[action].append(time.perf_counter() - began)
        assert not isinstance(outcome, Refusal), outcome


def main(registries: int, cases: int, clients: int, index: int, profile: str) -> None:
    office = Office(province.homes(registries)[index::clients], cases)
    filled_per_s = office.fill()
    scratch_site.ready()
    began = time.time()
    watch = cProfile.Profile()
    if profile:
        watch.enable()
    office.work()
    ended = time.time()
    if profile:
        watch.disable()
        watch.dump_stats(profile)
    scratch_site.tell(
        began=began,
        ended=ended,
        cases=len(office.numbers),
        filled_per_s=filled_per_s,
        hand_overs_ms=_ms(office.times["hand_over"]),
        moves_ms=_ms([took for action, took in _flat(office.times) if action not in ("hand_over", "record")]),
        recordings_ms=_ms(office.times["record"]),
        through_s=office.through_s,
    )


def _flat(times: dict[str, list[float]]) -> list[tuple[str, float]]:
    return [(action, took) for action, many in times.items() for took in many]


def _ms(seconds: list[float]) -> list[float]:
    return [1000 * one for one in seconds]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]), sys.argv[5])
