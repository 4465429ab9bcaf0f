"""The main line across two real sites, the link cut in the middle; and many cases while processes are killed.

Method: each site has its own database cluster and its own processes; people act through a player process.  The link
runs through a line that can be cut between any two bytes.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from tests.sites import Link, RunningSite, eventually
from tests.thorough import rounds

OFFICE = ["hx.officer", "hx.reviewer", "hx.second", "hx.registrar"]
LINE = (("accept", "hx.officer"), ("approve_first", "hx.reviewer"), ("approve_second", "hx.second"))
MANY = rounds(10, soak=100)
MESSAGES_PER_CASE = 8  # one hand-over and seven reports
KILL_EVERY_S = (5.0, 9.0)  # a process that never gets to work proves nothing


def at_rest(counted: dict[str, int]) -> bool:
    """Nothing on its way, nothing unprocessed, nothing parked."""
    return counted["waiting_out"] == counted["unprocessed"] == counted["parked"] == 0


@pytest.fixture
def sites() -> Iterator[tuple[RunningSite, RunningSite, Link, Link]]:
    """郑州 with the province on one site, 滑县 on another; each reaches the other over a line that can be cut."""
    window, home = RunningSite("site-zhengzhou"), RunningSite("site-huaxian")
    to_home, to_window = Link(home.port), Link(window.port)
    try:
        window.do("found", ["province-410000", "registry-410100"])
        home.do("found", ["registry-410526", "court-410526"])
        folder = str(window.home)
        window.do("join", to_window.url, f"{folder}/own.json")
        home.do("join", to_home.url, f"{folder}/home.json")
        window.do("enrol", f"{folder}/home.json")
        window.do("export", f"{folder}/directory", f"{folder}/province-keys")
        home.do("take_directory", f"{folder}/directory", f"{folder}/province-keys")
        window.do("hire", ["zz.clerk"])
        home.do("hire", OFFICE)
        home.do("befriend")
        home.do("stock")
        yield window, home, to_home, to_window
    finally:
        for part in (to_home, to_window):
            part.close()
        for site in (window, home):
            site.stop()


def test_the_line_runs_across_two_sites_with_the_link_cut_in_the_middle(
    sites: tuple[RunningSite, RunningSite, Link, Link],
) -> None:
    window, home, to_home, to_window = sites
    numbers = [window.do("receive", flat) for flat in range(2)]
    eventually(lambda: set(home.do("received")) == set(numbers), what="two cases arrive")

    to_home.bytes_let_through = 20_000  # the next hand-over dies in the middle of its attachments
    numbers.append(window.do("receive", 2))
    time.sleep(1)
    to_home.cut()
    to_window.cut()
    for action, who in LINE:
        home.do("advance", numbers[0], action, who)
    eventually(lambda: home.do("state", numbers[0]) == "DUES_SETTLED", what="work goes on at home without the link")
    home.do("advance", numbers[0], "record", "hx.registrar")
    assert len(home.do("received")) == 2
    assert home.do("messages")["waiting_out"] > 0

    to_home.mend()
    to_window.mend()
    eventually(lambda: set(home.do("received")) == set(numbers), 90, "the cut hand-over arrives")
    for number in numbers[1:]:
        for action, who in LINE:
            home.do("advance", number, action, who)
        eventually(lambda number=number: home.do("state", number) == "DUES_SETTLED", what="settled")
        home.do("advance", number, "record", "hx.registrar")
    eventually(lambda: home.do("states") == {"CERTIFIED": 3}, what="all certified at home")
    eventually(lambda: window.do("application_states") == {"CERTIFIED": 3}, 90, "the window was told everything")

    assert all(size > 1000 for size in home.do("files", numbers[2]))
    assert home.do("licence", numbers[2]) > 50_000
    for site in (window, home):
        counted = site.do("messages")
        assert counted["waiting_out"] == counted["unprocessed"] == counted["parked"] == 0, counted
        lines = site.do("order")
        for subject in {row[0] for row in lines}:
            seqs = [seq for name, seq in lines if name == subject]
            assert seqs == list(range(1, len(seqs) + 1))
    assert home.do("verify") == []


def test_many_cases_end_right_while_processes_are_killed() -> None:
    """kill -9 of web, worker and database at random points; the seed is printed so that a failure can be told again."""
    seed = int(os.environ.get("TONGBAN_TEST_SEED", random.randrange(10**6)))
    print(f"seed {seed}")
    site = RunningSite("site-killed")
    stop = threading.Event()
    kills: list[str] = []
    try:
        site.do("found", ["province-410000", "registry-410100", "registry-410526", "court-410526"])
        site.do("hire", ["zz.clerk", *OFFICE])
        site.do("befriend")
        site.do("stock")
        killer = threading.Thread(target=_kill_about, args=(site, random.Random(seed), stop, kills), daemon=True)
        killer.start()
        numbers = [site.insist("receive", flat) for flat in range(MANY)]
        eventually(lambda: len(site.insist("received")) == MANY, 240, "every hand-over arrives")
        for number in numbers:
            for action, who in LINE:
                site.insist("advance", number, action, who)
        eventually(lambda: site.insist("states") == {"DUES_SETTLED": MANY}, 240, "all are settled")
        for number in numbers:
            site.insist("advance", number, "record", "hx.registrar")
        eventually(lambda: set(kills) >= {"web", "worker", "database"}, 60, "each kind of process is killed")
        stop.set()
        killer.join()

        eventually(lambda: site.insist("states") == {"CERTIFIED": MANY}, 240, "all are certified")
        eventually(lambda: site.insist("application_states") == {"CERTIFIED": MANY}, 240, "the window knows")
        eventually(lambda: at_rest(site.insist("messages")), 120, "a leased message whose worker died goes again")
        assert site.insist("messages")["received"] == MESSAGES_PER_CASE * MANY
        assert site.insist("verify") == []
    finally:
        stop.set()
        site.stop()


def _kill_about(site: RunningSite, chance: random.Random, stop: threading.Event, kills: list[str]) -> None:
    """Kill one process after another, the database seldom, until told to stop."""
    turns = ["worker", "web", "database", "worker"]
    while not stop.wait(chance.uniform(*KILL_EVERY_S)):
        kind = turns[len(kills) % len(turns)]
        victims = [number for number, words in site.children().items() if _is(kind, words)]
        if victims:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(victims), signal.SIGKILL)
                kills.append(kind)


def _is(kind: str, words: str) -> bool:
    marks = {"worker": "tongban.cli.main worker", "web": "tongban.runtime.web", "database": "bin/postgres -D"}
    return marks[kind] in words
