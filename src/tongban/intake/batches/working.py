"""Beginning the rows of batches one by one, each in transactions of its own, under the rights its clerk has today."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import Actor, actor_named
from tongban.access.denials import denials_audited
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput, NotPermitted, OutsideError, Problem
from tongban.domain.lifecycle import ApplicationState
from tongban.domain.terms import Channel
from tongban.exchange.contract.restriction import RestrictionCheckAnswer
from tongban.intake import filling, opening, trying
from tongban.intake.batches import columns
from tongban.intake.batches.taking import tell
from tongban.intake.models import Application, Batch, BatchRow

ROWS_AT_ONCE: Final = 20
TURN: Final = timedelta(seconds=60)  # how long a worker keeps a row to itself; after a kill another takes it then
AGAIN: Final = timedelta(minutes=2)  # until a registry out of reach is asked again
_ENDED: Final = tuple(state for state in ApplicationState if state.is_final)


def begin_due(now: datetime) -> int:
    """Begin some waiting rows; a row cut off by a kill is begun again under the same key and makes nothing twice."""
    with transaction.atomic():
        due = BatchRow.objects.select_for_update(skip_locked=True).filter(state=BatchRow.WAITING, due_at__lte=now)
        taken = list(due.order_by("due_at", "id").values_list("pk", flat=True)[:ROWS_AT_ONCE])
        BatchRow.objects.filter(pk__in=taken).update(due_at=now + TURN)
    actors: dict[str, Actor | None] = {}
    for row in BatchRow.objects.filter(pk__in=taken).select_related("batch").order_by("row_no"):
        clerk = row.batch.clerk
        if clerk not in actors:
            actors[clerk] = actor_named(clerk, localdate(now), "worker")
        _begin(row, actors[clerk], now)
    return len(taken)


def _begin(row: BatchRow, clerk: Actor | None, now: datetime) -> None:
    item = CATALOGUE[row.batch.item_number]
    found, problems = columns.said(item, row.given, localdate(now))
    if not problems and (other := _elsewhere(row)):
        what_zh = f"这一件已经在办，收件编号 {other}"
        problems = (Problem(columns.UNIT_CODE, what_zh, "不用再申请一次；先前那件办不下去的，先撤回再改这一行"),)
    if problems:
        return _settle(row, problems)
    if clerk is None:
        return _wait(row, "上传的人已经停用，这一行没有办", now)
    try:
        outcome = _open(row, item, found, clerk, now)
        if isinstance(outcome, Refusal):
            reason = outcome.reason
            refused = Problem(columns.UNIT_CODE, reason.what_zh, reason.cure_zh)
            return _settle(row, (refused,), f"{reason.why_zh}（{reason.law_zh}）")
        _fill(row, outcome.number, found, clerk, now)
        trying.try_form(outcome.number, clerk, now=now)
    except InvalidInput as error:
        return _settle(row, tuple(_placed(one, item) for one in error.problems))
    except NotPermitted as error:
        if row.waits_zh != _kept(error.message_zh):  # once, not at every try until somebody gives the right back
            with suppress(NotPermitted), denials_audited(clerk, "batch row"):
                raise
        return _wait(row, error.message_zh, now)
    except OutsideError as error:
        return _wait(row, error.message_zh, now)
    return None


def _open(
    row: BatchRow, item: ServiceItem, found: columns.Said, clerk: Actor, now: datetime
) -> opening.Begun | Refusal:
    today = localdate(now)

    def fits(answer: RestrictionCheckAnswer) -> Sequence[Problem]:
        """What the register does not know must stand in the row, and what both know must agree."""
        if differing := columns.differences(item, found.form, answer.prefill):
            return differing
        form = {**answer.prefill, **found.answers, **item.fixed(answer.prefill)}
        return forms.check_form(item, forms.clean_form(item, form), today)

    question = opening.PropertyQuestion(
        item.number, Channel.WINDOW.value, row.batch.window_code, found.unit_code, found.certificate_no,
        found.holder_name, found.holder_id_no, {key: found.form.get(key, "") for key in item.opening_fields},
    )  # fmt: skip
    key = f"{row.batch_id}:{row.row_no}:{row.version}"
    return opening.begin(question, clerk, key=key, now=now, fits=fits)


def _fill(row: BatchRow, number: str, found: columns.Said, clerk: Actor, now: datetime) -> None:
    """The form into the draft and the draft to the row, together."""
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=row.batch_id)
        fresh = BatchRow.objects.select_for_update().get(pk=row.pk)
        if fresh.state != BatchRow.WAITING or fresh.version != row.version:
            return
        made = Application.objects.get(number=number)
        filling.save_form(number, {**made.form, **found.answers}, clerk, version=made.version, now=now)
        fresh.application_id, fresh.state, fresh.waits_zh = number, BatchRow.BEGUN, ""
        fresh.save()


def _elsewhere(row: BatchRow) -> str:
    """The application of the same thing from another batch of this institution that has not ended; empty: none."""
    others = BatchRow.objects.filter(
        subject=row.subject, state=BatchRow.BEGUN, batch__receiving_registry=row.batch.receiving_registry
    ).exclude(pk=row.pk)
    found = others.exclude(application__state__in=_ENDED).values_list("application_id", flat=True).first()
    return str(found or "")


def _placed(problem: Problem, item: ServiceItem) -> Problem:
    """A problem of the opening question beside the column it was typed in."""
    key = f"_{problem.field}"
    known = {column.key for column in columns.columns_of(item)}
    return Problem(key if key in known else problem.field, problem.what_zh, problem.cure_zh)


def _settle(row: BatchRow, problems: Sequence[Problem], why_zh: str = "") -> None:
    tell(row, problems, why_zh)
    _save(row)


def _wait(row: BatchRow, words_zh: str, now: datetime) -> None:
    row.waits_zh, row.due_at = _kept(words_zh), now + AGAIN
    _save(row)


def _kept(words_zh: str) -> str:
    return words_zh[:200]


def _save(row: BatchRow) -> None:
    """Only while nobody else moved the row on."""
    BatchRow.objects.filter(pk=row.pk, state=BatchRow.WAITING, version=row.version).update(
        state=row.state, findings=row.findings, finding_count=row.finding_count, waits_zh=row.waits_zh,
        due_at=row.due_at,
    )  # fmt: skip
