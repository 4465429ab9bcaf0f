"""A wiring for tests: every arrival and every processing leaves an audit row in the same transaction.

`fail` makes the next processings of a subject raise; what a failed step wrote must be gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from tongban.access import actors
from tongban.access.audit import audit
from tongban.access.models import AuditRow
from tongban.domain import messages
from tongban.domain.decision import Refusal, Verdict
from tongban.domain.errors import Unavailable, WrongState
from tongban.exchange.contract.body import Body
from tongban.exchange.contract.kinds import BODIES
from tongban.exchange.contract.restriction import RestrictionCheckAnswer, RestrictionCheckRequest, UnitSummary
from tongban.exchange.wires import Question, StoredMessage, Wire

ARRIVED, PROCESSED = "test.arrived", "test.processed"
NO_ANSWER_UNIT = "410526001002GB00099F00990099"

_failures: Counter[str] = Counter()
_arrival_failures: Counter[str] = Counter()


def fail(subject: str, times: int = 1) -> None:
    """Let the next `times` processings of this subject raise, after they wrote their effect."""
    _failures[subject] = times


def fail_arrival(subject: str, times: int = 1) -> None:
    """Let the next `times` arrivals of this subject raise."""
    _arrival_failures[subject] = times


def effects(action: str = PROCESSED, subject: str | None = None) -> list[tuple[str, int]]:
    """(subject, seq) of every effect that was committed, in order."""
    rows = AuditRow.objects.filter(action=action).order_by("id")
    rows = rows if subject is None else rows.filter(object_id=subject)
    return [(row.object_id, int(row.detail["seq"])) for row in rows]


def _effect(action: str, failures: Counter[str]) -> Callable[[StoredMessage, datetime], None]:
    def step(message: StoredMessage, now: datetime) -> None:
        detail = {"seq": str(message.seq), "kind": message.kind, "id": message.id}
        audit(actors.system("test", message.to), action, message.subject, detail=detail, now=now)
        if failures[message.subject] > 0:
            failures[message.subject] -= 1
            raise WrongState("test_failure", "测试用的失败")

    return step


def _check(question: Question) -> Body | Refusal:
    assert isinstance(question.body, RestrictionCheckRequest)
    if question.body.unit_code == NO_ANSWER_UNIT:
        raise Unavailable("register_busy", "登记簿暂时不可用")
    return RestrictionCheckAnswer(
        matched=True,
        verdict=Verdict.ALLOW,
        unit=UnitSummary(address="滑县道口镇红旗路1号", area="96.50"),
        checked_at=question.now,
        register_position="410526/1",
    )


MESSAGES: Mapping[str, Wire] = {
    name: Wire(model, arrive=_effect(ARRIVED, _arrival_failures), process=_effect(PROCESSED, _failures))
    for name, model in BODIES.items()
    if not messages.MESSAGE_KINDS[name].is_question and name != messages.JUDICIAL_RECEIPT
}
QUESTIONS = {messages.RESTRICTION_CHECK: _check}
