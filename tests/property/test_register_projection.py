"""Random histories: what the tables say is what the pure replay of the entries says, now and at every moment before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import register_builders as a

from tongban.domain.burden_entries import AlterBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.entries import CloseTitle, DescribeUnit, Entry, ReplaceTitle
from tongban.domain.replay import Titles, apply
from tongban.domain.terms import Cause
from tongban.register import book, reading, verification

pytestmark = pytest.mark.django_db
UNITS = (1, 2, 3)
KINDS = (Burden.MORTGAGE, Burden.ADMINISTRATIVE, Burden.OBJECTION)
WHAT = ("describe", "open", "alter", "replace", "transfer", "end", "burden", "change", "close")
# What to do next, to which unit, and whether in the recording under way or a new one.
steps = st.lists(st.tuples(st.sampled_from(WHAT), st.sampled_from(UNITS), st.booleans()), min_size=1, max_size=14)


def fitting(what: str, number: int, state: Titles, fresh: int) -> Entry | None:
    """An entry of this kind that fits the state, if there is one."""
    title, lying = state.title(a.unit(number)), state.burdens(a.unit(number))
    match what:
        case "open" if title is None:
            names = ("张小花", "李四", "王五")[: fresh % 3 + 1]
            opened = a.opened(number, *names, note_zh="附记" if fresh % 2 else "")
            return replace(opened, title=replace(opened.title, certificate_no=a.certificate(1000 + fresh)))
        case "describe" if title is None:
            return DescribeUnit(replace(a.title(number, "甲").unit, area_m2=f"{fresh}.5"))
        case "transfer" if title is not None:
            taking = replace(a.title(number, "赵六", "钱七"), certificate_no=a.certificate(1000 + fresh))
            return ReplaceTitle(title.certificate_no, taking, Cause.SALE)
        case "end" if title is not None:
            return CloseTitle(a.unit(number), title.certificate_no, Cause.DIVISION)
        case "change" if lying:
            before = lying[fresh % len(lying)]
            after = replace(before, rank=before.rank + 1, proof_no=f"豫（2026）滑县不动产证明第{fresh:07d}号")
            return AlterBurden(a.unit(number), before, after, {"amount_fen": "1"}, a.title(number, "某银行").holders)
        case "alter" if title is not None:
            holder = title.holders[fresh % len(title.holders)]
            return a.renamed(number, holder.identity, f"新名{fresh}", holder_no=holder.holder_no)
        case "replace" if title is not None:
            return a.replaced(number, title.certificate_no, a.certificate(1000 + fresh))
        case "burden":
            fact = BurdenFact(KINDS[fresh % 3], f"b{fresh}", organ_zh="机关", rank=fresh)
            return OpenBurden(a.unit(number), fact, {"amount_fen": str(fresh)}, a.title(number, "甲", "乙").holders)
        case "close" if lying:
            return a.released(number, lying[fresh % len(lying)].burden_no)
    return None


def written(history: list[tuple[str, int, bool]]) -> list[tuple[list[Entry], Titles]]:
    """The history as recordings, each with the state after it."""
    recordings: list[tuple[list[Entry], Titles]] = []
    state, numbers = Titles(), count(1)
    for what, number, is_new in history:
        entry = fitting(what, number, state, next(numbers))
        if entry is None:
            continue
        state = apply(state, entry)
        if is_new or not recordings:
            recordings.append(([entry], state))
        else:
            recordings[-1] = ([*recordings[-1][0], entry], state)
    return recordings


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_tables_and_replay_agree_now_and_at_every_earlier_moment(history: list[tuple[str, int, bool]]) -> None:
    recordings = written(history)
    with transaction.atomic():
        moments = []
        for number, (entries, state) in enumerate(recordings):
            done = book.record(a.request(*entries, key=f"k{number}", now=a.NOW + timedelta(minutes=number)))
            assert isinstance(done, book.Recording), done
            moments.append((done.recorded_at, state))
            for unit in map(a.unit, UNITS):
                assert reading.title(unit) == state.title(unit)
                assert reading.burdens(unit) == state.burdens(unit)
                assert reading.opened_burdens(unit) == state.open_burdens.get(unit, ())
                assert reading.described(unit) == state.described.get(unit)
        for moment, state in moments:
            for unit in map(a.unit, UNITS):
                assert reading.title(unit, moment) == state.title(unit)
                assert reading.burdens_as_of(unit, moment) == state.burdens(unit)
        if recordings:
            assert verification.verify(a.LEDGER).breaks == ()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_the_history_of_a_unit_is_its_entries_word_for_word(history: list[tuple[str, int, bool]]) -> None:
    recordings = written(history)
    with transaction.atomic():
        for number, (entries, _) in enumerate(recordings):
            book.record(a.request(*entries, key=f"k{number}"))
        everything = [entry for entries, _ in recordings for entry in entries]

        for unit in map(a.unit, UNITS):
            lines = reading.history(unit)
            assert [line.entry for line in lines] == [entry for entry in everything if entry.unit_code == unit]
            assert [line.unit_seq for line in lines] == list(range(1, len(lines) + 1))
        transaction.set_rollback(True)
