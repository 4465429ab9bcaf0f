"""Reads of batches for pages: frozen values, only of institutions whose applications the actor may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.paging import window
from tongban.access.require import Scope, institutions_for, require
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.errors import NotFound
from tongban.domain.lifecycle import ApplicationState
from tongban.intake.batches import columns, workbooks
from tongban.intake.models import Batch, BatchRow

PAGE_ROWS = 50
WAITING, WRONG, BEGUN = BatchRow.WAITING, BatchRow.WRONG, BatchRow.BEGUN
STATES_ZH: Mapping[str, str] = {WRONG: "要改", WAITING: "等着办", BEGUN: "已成件"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a row: in which column, what, why, and how to put it right."""

    column: str
    column_zh: str
    what_zh: str
    why_zh: str
    cure_zh: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch with how many of its rows stand where."""

    number: str
    item: ServiceItem
    file_name: str
    clerk: str
    created_at: datetime
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class RowView:
    """One row as it stands; `state` of its application is None until there is one."""

    row_no: int
    state: str
    version: int
    unit_code: str
    given: Mapping[str, str]
    findings: Sequence[Finding]
    waits_zh: str
    application_no: str
    application_state: ApplicationState | None
    case_no: str


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One page of batches, and the keys of those beside it; empty: there is none."""

    batches: Sequence[BatchView]
    next_after: str = ""
    previous_before: str = ""


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of rows, and the keys of those beside it; 0: there is none."""

    rows: Sequence[RowView]
    next_after: int = 0
    previous_before: int = 0


def batches(actor: Actor, *, after: str = "", before: str = "") -> BatchPage:
    """One page of batches, newest first, older than `after` or newer than `before`; one query."""
    own = institutions_for(actor, "intake.read")
    if own == frozenset():
        require(actor, "intake.read", Scope(frozenset({actor.institution})))
    rows = Batch.objects.all() if own is None else Batch.objects.filter(receiving_registry__in=own)
    counted = rows.annotate(**{state: Count("rows", filter=Q(rows__state=state)) for state in STATES_ZH})
    found, is_first, is_last = window(counted, "-number", PAGE_ROWS, after=after, before=before)
    return BatchPage(
        [_batch(row, {state: getattr(row, state) for state in STATES_ZH}) for row in found],
        next_after=found[-1].number if found and not is_last else "",
        previous_before=found[0].number if found and not is_first else "",
    )


def _batch(row: Batch, counts: Mapping[str, int]) -> BatchView:
    return BatchView(row.number, CATALOGUE[row.item_number], row.file_name, row.clerk, row.created_at, counts)


def batch(number: str, actor: Actor) -> BatchView:
    """One batch; the look is audited.  Raises NotFound, NotPermitted."""
    row = Batch.objects.filter(number=number).first()
    if row is None:
        raise NotFound("batch_not_found", "没有这一批。请核对批量编号。")
    require(actor, "intake.read", Scope(frozenset({row.receiving_registry}), number))
    audit(actor, "intake.batch_read", number, purpose="查看批量申请")
    counted = dict(row.rows.values_list("state").annotate(many=Count("pk")).order_by())
    counts = {state: counted.get(state, 0) for state in STATES_ZH}
    return _batch(row, counts)


def rows(view: BatchView, state: str = "", *, after: int = 0, before: int = 0) -> RowPage:
    """One page of rows in their order, behind row `after` or ahead of row `before`; one query."""
    wanted = _rows(view).filter(state=state) if state else _rows(view)
    found, is_first, is_last = window(wanted, "row_no", PAGE_ROWS, after=after, before=before)
    return RowPage(
        [_row(view.item, one) for one in found],
        next_after=found[-1].row_no if found and not is_last else 0,
        previous_before=found[0].row_no if found and not is_first else 0,
    )


def row(view: BatchView, row_no: int) -> RowView:
    """One row of a batch; raises NotFound."""
    found = _rows(view).filter(row_no=row_no).first()
    if found is None:
        raise NotFound("batch_row_not_found", "这一批没有这一行。")
    return _row(view.item, found)


def wrong_sheet(view: BatchView, actor: Actor) -> bytes:
    """The wrong rows as they were typed, with their numbers and findings, to be mended and sent back; audited."""
    wanted = columns.columns_of(view.item)
    lines = [[columns.ROW_NO_ZH, *(one.label_zh for one in wanted), columns.FINDINGS_ZH]]
    for one in (_row(view.item, found) for found in _rows(view).filter(state=WRONG)):
        words = "；".join(f"{finding.column_zh}：{finding.what_zh}。{finding.cure_zh}" for finding in one.findings)
        lines.append([str(one.row_no), *(one.given.get(column.key, "") for column in wanted), words])
    audit(actor, "intake.batch_export", view.number, purpose="下载有错的行", detail={"rows": str(len(lines) - 1)})
    return workbooks.workbook([("要改的行", lines)])


def result_sheet(view: BatchView, actor: Actor) -> bytes:
    """Every row with what became of it, without personal data; audited."""
    unit_zh = columns.columns_of(view.item)[0].label_zh
    lines = [[columns.ROW_NO_ZH, unit_zh, columns.STATE_ZH, columns.APPLICATION_ZH, columns.CASE_ZH]]
    for one in (_row(view.item, found) for found in _rows(view)):
        state_zh = one.application_state.name_zh if one.application_state else STATES_ZH[one.state]
        lines.append([str(one.row_no), one.unit_code, state_zh, one.application_no, one.case_no])
    audit(actor, "intake.batch_export", view.number, purpose="导出办理结果", detail={"rows": str(len(lines) - 1)})
    return workbooks.workbook([("办理结果", lines)])


def _rows(view: BatchView) -> QuerySet[BatchRow]:
    found = BatchRow.objects.filter(batch_id=view.number).select_related("application").order_by("row_no")
    return found.defer("application__form", "application__inquiry", "application__check_answer", "application__report")


def _row(item: ServiceItem, found: BatchRow) -> RowView:
    labels = {column.key: column.label_zh for column in columns.columns_of(item)}
    findings = [
        Finding(one["field"], labels.get(one["field"], "整行"), one["what_zh"], one["why_zh"], one["cure_zh"])
        for one in found.findings
    ]
    made = found.application
    return RowView(
        found.row_no, found.state, found.version, found.unit_code, found.given, findings, found.waits_zh,
        made.number if made else "", ApplicationState(made.state) if made else None, made.case_no if made else "",
    )  # fmt: skip
