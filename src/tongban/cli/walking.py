"""One case from the window to its certificate, printed move by move: state, actor, place in the code, messages."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import tongban
from tongban.access.actors import Actor
from tongban.cases import dues
from tongban.cases import opening as case_opening
from tongban.cases import queries as cases
from tongban.cases.steps import STEPS
from tongban.certificates import issue
from tongban.certificates import queries as licences
from tongban.cli import examples, play, stage
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.numbering import is_application_no
from tongban.exchange import queries as messages
from tongban.intake import filling, following, handover, opening
from tongban.intake import queries as applications
from tongban.runtime import duties

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday morning
ROOT = Path(tongban.__file__).resolve().parents[2]


_PLACES: Mapping[str, Callable[..., object]] = {
    "open": opening.begin,
    "fill and sign": filling.save_form,
    "hand_over": handover.hand_over,
    "open case": case_opening.open_case,
    "answer_due": dues.answer,
    "follow": following.follow,
}


class Walk:
    """Plays one application and prints a line per move; the clock moves a minute at a time."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._now = START
        self._told: set[str] = set()

    def run(self, item_number: str) -> int:
        """0 when the case came to its end, with every certificate it brings."""
        if item_number not in CATALOGUE:
            self._say(f"no service item {item_number}; there are {', '.join(CATALOGUE)}")
            return 2
        item = CATALOGUE[item_number]
        before = START - timedelta(days=1)
        stage.small_province(before, ())
        examples.take_units(stage.HUAXIAN, before)
        unit = EXAMPLE_UNITS[item.example.unit].unit
        self._say(f"{item.number} {item.name_zh}: {unit.address_zh}")
        for number in item.example.after:
            self._say(f"{'':<15} (first {number} {CATALOGUE[number].name_zh})")
        at = examples.Stage(self._tick, self._settle, stage.actor(stage.CLERK), self._line)
        case_no = examples.play_item(item, at)
        for licence in licences.licences_of_case(case_no):
            pdf = issue.pdf(licence.identifier, self._tick())
            self._say(f"{licence.certificate_no}, {len(pdf)} bytes of sealed PDF, licence {licence.identifier}")
        return 0

    def _line(self, action: str, actor: Actor | None, of: str) -> None:
        who = actor.name_zh if actor else "系统"
        where = _PLACES.get(action) or STEPS[action]
        path = Path(inspect.getsourcefile(where) or "").resolve().relative_to(ROOT)
        place = f"{path}:{inspect.getsourcelines(where)[1]}"
        self._say(f"{action:<15} {_state_zh(of)} · {who} · {place}")
        for message in reversed(messages.messages(stage.actor(stage.ADMIN), "sent")):
            if message.message_id not in self._told:
                self._told.add(message.message_id)
                self._say(f"{'':<15} → {message.kind} {message.source} → {message.to} #{message.seq}")

    def _tick(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now

    def _settle(self) -> None:
        self._now += timedelta(seconds=3)
        play.pump(tuple(_bound(duty, lambda: self._now) for duty in duties.load()))


def _state_zh(of: str) -> str:
    return applications.state_of(of).name_zh if is_application_no(of) else cases.state_of(of).name_zh


def _bound(duty: duties.Duty, now: Callable[[], datetime]) -> Callable[[], int]:
    def run() -> int:
        if duty.per_peer is None:
            return duty.run(now())
        return sum(duty.run(peer, now()) for peer in duty.per_peer(now()))

    return run
