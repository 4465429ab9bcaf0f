"""One case from the window to its certificate, printed move by move: state, actor, place in the code, messages."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import tongban
from tongban.access.actors import Actor
from tongban.cases import opening as case_opening
from tongban.cases import queries as cases
from tongban.cases.steps import STEPS
from tongban.certificates import issue
from tongban.certificates import queries as licences
from tongban.cli import people, play, stage
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.decision import Refusal
from tongban.exchange import queries as messages
from tongban.intake import filling, following, handover, opening
from tongban.intake import queries as applications
from tongban.runtime import duties

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday morning
ROOT = Path(tongban.__file__).resolve().parents[2]


class Walk:
    """Plays one application and prints a line per move; the clock moves a minute at a time."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._now = START
        self._told: set[str] = set()

    def run(self, item_number: str) -> int:
        """0 when the certificate was issued."""
        item = CATALOGUE[item_number]
        flats = people.flats("410526", "滑县", "滑县", 4)
        stage.small_province(START - timedelta(days=1), flats)
        wish = people.name_change(flats[0], "韩雨桐", day=START.date())
        clerk = stage.actor(stage.CLERK)
        self._say(f"{item.number} {item.name_zh}: {flats[0].title.unit.address_zh}")

        begun = play.begin(wish, clerk, window_code=stage.window_of(stage.ZHENGZHOU), now=self._tick(), key="walk")
        if isinstance(begun, Refusal):
            self._say(f"refused: {begun.reason.what_zh}")
            return 1
        self._line("open", clerk, self._application(begun), opening.begin)
        play.fill(begun, wish, clerk, now=self._tick())
        self._line("fill and sign", clerk, self._application(begun), filling.save_form)
        play.hand_over(begun, clerk, now=self._tick())
        self._line("hand_over", clerk, self._application(begun), handover.hand_over)
        self._settle()
        case_no = play.case_of(begun)
        self._line("open case", None, self._case(case_no), case_opening.open_case)
        for action, account in (
            ("accept", stage.OFFICER),
            ("approve_first", stage.REVIEWER),
            ("approve_second", stage.SECOND),
            ("record", stage.REGISTRAR),
        ):
            self._move(case_no, action, stage.actor(account))
        self._line("certify", None, self._case(case_no), STEPS["certify"])
        self._line("follow", None, self._application(begun), following.follow)
        (licence,) = licences.licences_of_case(case_no)
        pdf = issue.pdf(licence.identifier, self._tick())
        self._say(f"{licence.certificate_no}, {len(pdf)} bytes of sealed PDF, licence {licence.identifier}")
        return 0

    def _move(self, case_no: str, action: str, officer: Actor) -> None:
        outcome = play.advance(case_no, action, officer, now=self._tick())
        assert not isinstance(outcome, Refusal), outcome
        self._line(action, officer, self._case(case_no), STEPS[action])
        self._settle()

    def _line(self, action: str, actor: Actor | None, state_zh: str, where: Callable[..., object]) -> None:
        who = actor.name_zh if actor else "系统"
        path = Path(inspect.getsourcefile(where) or "").resolve().relative_to(ROOT)
        place = f"{path}:{inspect.getsourcelines(where)[1]}"
        self._say(f"{action:<15} {state_zh} · {who} · {place}")
        for message in reversed(messages.messages(stage.actor(stage.ADMIN), "sent")):
            if message.message_id not in self._told:
                self._told.add(message.message_id)
                self._say(f"{'':<15} → {message.kind} {message.source} → {message.to} #{message.seq}")

    def _application(self, number: str) -> str:
        return applications.state_of(number).name_zh

    def _case(self, case_no: str) -> str:
        return cases.state_of(case_no).name_zh

    def _tick(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now

    def _settle(self) -> None:
        self._now += timedelta(seconds=3)
        play.pump(tuple(_bound(duty, lambda: self._now) for duty in duties.load()))


def _bound(duty: duties.Duty, now: Callable[[], datetime]) -> Callable[[], int]:
    def run() -> int:
        if duty.per_peer is None:
            return duty.run(now())
        return sum(duty.run(peer, now()) for peer in duty.per_peer(now()))

    return run
