"""One function per move: what it checks and writes besides the state; the table of moves is `domain.lifecycle`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tongban.access.actors import Actor
from tongban.cases.models import Case
from tongban.cases.moves import StepData
from tongban.cases.steps import acceptance, interruption, publication, recording, review
from tongban.domain.decision import Refusal
from tongban.domain.lifecycle import CASE_MOVES

Step = Callable[[Case, Actor, StepData], Refusal | None]

STEPS: Mapping[str, Step] = {
    "accept": acceptance.accept,
    "deem_accepted": acceptance.deem_accepted,
    "ask_correction": acceptance.ask_correction,
    "supplement": acceptance.supplement,
    "lapse": acceptance.lapse,
    "not_accept": acceptance.not_accept,
    "publish": publication.publish,
    "end_notice": publication.end_notice,
    "approve_first": review.approve_first,
    "approve_second": review.approve_second,
    "return_to_first": review.return_to_first,
    "refuse": review.refuse,
    "settle": recording.settle,
    "record": recording.record,
    "certify": recording.certify,
    "archive": recording.archive,
    "suspend": interruption.suspend,
    "resume": interruption.resume,
    "withdraw": interruption.withdraw,
}
assert set(STEPS) == set(CASE_MOVES), "every move has its step and every step its move"
