"""Whatever order messages come in, however often, with whatever failures: each is processed once, in its order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import exchange_wiring as wiring
from tests import exchange_world as world
from tests.exchange_world import later

from tongban.domain.canonical import canonical_json
from tongban.exchange import envelope, inbox
from tongban.exchange.envelope import Signed
from tongban.exchange.models import InboxProcessing

LINES, LENGTH = 2, 4
EXAMPLES = count()


@dataclass(frozen=True)
class Deliver:
    line: int
    seq: int


@dataclass(frozen=True)
class Process:
    pass


@dataclass(frozen=True)
class Fail:
    """The next processing of the line fails."""

    line: int


lines = st.integers(0, LINES - 1)
steps = st.lists(
    st.one_of(st.builds(Deliver, lines, st.integers(1, LENGTH)), st.builds(Process), st.builds(Fail, lines)),
    max_size=40,
)


@pytest.fixture(autouse=True)
def here(db: None, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_WIRING = "tests.exchange_wiring"
    world.found()


def is_prefix(seqs: list[int]) -> bool:
    return seqs == list(range(1, len(seqs) + 1))


def check_lines(subjects: list[str], receipts: dict[tuple[int, int], Signed]) -> None:
    """What was processed is a beginning of the line, received before; nothing arrived twice."""
    for line, subject in enumerate(subjects):
        processed = [seq for _, seq in wiring.effects(subject=subject)]
        assert is_prefix(processed)
        assert all((line, seq) in receipts for seq in processed)
        arrived = Counter(seq for _, seq in wiring.effects(wiring.ARRIVED, subject))
        assert set(arrived.values()) <= {1}


@given(steps=steps)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_interleaving_processes_each_message_once_in_the_order_of_its_line(
    steps: list[Deliver | Process | Fail],
) -> None:
    example = next(EXAMPLES)
    subjects = [f"SJ-{example}-{line}" for line in range(LINES)]
    signed = {
        (line, seq): world.signed_status(seq, subjects[line]) for line in range(LINES) for seq in range(1, LENGTH + 1)
    }
    receipts: dict[tuple[int, int], Signed] = {}
    moment = 0.0

    def deliver(line: int, seq: int) -> None:
        message = signed[line, seq]
        receipt = inbox.receive(message.content, message.signature, later(moment))
        assert receipts.setdefault((line, seq), receipt.signed) == receipt.signed

    for step in steps:
        moment += 100
        if isinstance(step, Deliver):
            deliver(step.line, step.seq)
        elif isinstance(step, Fail):
            wiring.fail(subjects[step.line])
        else:
            inbox.process_next(later(moment))
            check_lines(subjects, receipts)

    for place in signed:
        deliver(*place)
    while inbox.process_next(later(moment := moment + 100)):
        check_lines(subjects, receipts)
    for subject in subjects:
        assert wiring.effects(subject=subject) == [(subject, seq) for seq in range(1, LENGTH + 1)]
        assert not InboxProcessing.objects.filter(line__subject=subject).exclude(state="processed").exists()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(data=st.dictionaries(st.text(max_size=8), json_values, max_size=5))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_body_holds_is_read_back_as_it_was_signed(data: dict[str, object]) -> None:
    heading = envelope.Heading("some-id-0001", "case.status", world.HOME, world.WINDOW, "SJ-1", 1, world.NOW)
    try:
        content = envelope.build(heading, data)
    except (ValueError, UnicodeEncodeError):
        return

    parsed = envelope.parse(content)

    assert canonical_json(parsed.data) == canonical_json(data)
    assert (parsed.source, parsed.to, parsed.seq, parsed.time) == (world.HOME, world.WINDOW, 1, world.NOW)


@given(seed=st.binary(max_size=200))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_at_all_make_the_inbox_stumble(seed: bytes) -> None:
    content = world.signed_status().content
    cut = len(seed) * 3 % len(content)

    for odd in (seed, content[:cut] + seed + content[cut:]):
        receipt = inbox.receive(odd, world.signed_status().signature, later(1))
        assert receipt.outcome == "refused" or odd == content
