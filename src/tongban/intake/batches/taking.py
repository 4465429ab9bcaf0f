"""Taking in a sheet, and mending its rows: in place, or by a sheet of just the wrong ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import Scope, require
from tongban.directory import lookup
from tongban.domain import numbering
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.errors import InvalidInput, NotFound, Problem, Stale, WrongState
from tongban.intake import numbers
from tongban.intake.batches import columns
from tongban.intake.batches.sheets import read_sheet, refuse
from tongban.intake.models import Batch, BatchRow
from tongban.intake.opening import may_open
from tongban.vault.sm3 import sm3_hex
from tongban.vault.uploads import clean_name

FORMULA = Problem("", "这一格是公式（以等号或 @ 开头）", "请改成看得见的字，不要公式")


@dataclass(frozen=True, slots=True)
class Mended:
    """How many rows of a sheet were taken over, and how many were left since they are not wrong any more."""

    taken: int
    left: int


def batch_items() -> tuple[ServiceItem, ...]:
    """What can be applied for by rows."""
    return tuple(item for item in CATALOGUE.values() if item.by_rows)


def item_of(number: str) -> ServiceItem:
    """The service item of a batch; raises InvalidInput for one that cannot be applied for by rows."""
    item = CATALOGUE.get(number)
    if item is None or not item.by_rows:
        raise InvalidInput([Problem("item_number", "这个事项不能批量申请", "请从列出的事项里选")])
    return item


def take(  # noqa: PLR0913 - the facts of one sheet
    item_number: str, window_code: str, data: bytes, name: str, actor: Actor, *, now: datetime
) -> str:
    """Keep every row of a sheet, right or wrong, and give the batch's number; the worker begins the right ones.

    The same file again is the same batch.  Raises NotPermitted; InvalidInput when the sheet as a whole cannot be read.
    """
    may_open(actor)
    item = item_of(item_number)
    if window_code not in {window.code for window in lookup.windows(actor.institution)}:
        raise InvalidInput([Problem("window_code", "没有选窗口", "请选择本机构的窗口")])
    sheet = read_sheet(data)
    found = columns.places(item, sheet)
    with transaction.atomic():
        digest = sm3_hex(data)
        same = Batch.objects.filter(
            receiving_registry=actor.institution, item_number=item.number, file_digest=digest
        ).first()
        if same is not None:
            return same.number
        number = numbering.batch_no(numbers.draw(actor.institution, localdate(now)))
        batch = Batch.objects.create(
            number=number, item_number=item.number, receiving_registry=actor.institution, window_code=window_code,
            clerk=actor.id, file_name=clean_name(name), file_digest=digest, created_at=now,
        )  # fmt: skip
        taken: dict[str, int] = {}
        rows = []
        for line in sheet.rows:
            given = columns.given_of(found, line.cells)
            wrong = [found[place] for place in sorted(line.formulas) if _is_asked(found, place)]
            row = BatchRow(batch=batch, row_no=line.number, due_at=now)
            _judge(row, item, given, wrong, localdate(now), taken)
            rows.append(row)
        BatchRow.objects.bulk_create(rows, batch_size=500)
        audit(actor, "intake.batch", number, purpose=item.number, detail={"rows": str(len(rows))})
    return number


def _is_asked(found: Mapping[int, str], place: int) -> bool:
    return found.get(place, columns.FINDINGS_ZH) not in columns.NOT_ASKED


def _judge(  # noqa: PLR0913 - a row and what it is judged by
    row: BatchRow, item: ServiceItem, given: Mapping[str, str], formulas: Sequence[str], day: date,
    taken: dict[str, int],
) -> None:  # fmt: skip
    """Waiting when nothing is wrong as far as can be seen here; else wrong with its findings."""
    found, problems = columns.said(item, given, day)
    row.given, row.unit_code = dict(given), found.unit_code
    row.subject = found.subject(item)
    problems = (*(Problem(key, FORMULA.what_zh, FORMULA.cure_zh) for key in formulas), *problems)
    if not problems and row.subject in taken:
        what_zh = f"和第 {taken[row.subject]} 行是同一件"
        problems = (Problem(columns.UNIT_CODE, what_zh, "请删掉重复的，或者改成另一套房"),)
    if not problems:
        taken[row.subject] = row.row_no
    tell(row, problems)


def tell(row: BatchRow, problems: Sequence[Problem], why_zh: str = "") -> None:
    """Wrong with these findings, or waiting when there are none; the caller saves."""
    row.findings = [{**problem.to_wire(), "why_zh": why_zh} for problem in problems]
    row.finding_count = len(problems)
    row.state = BatchRow.WRONG if problems else BatchRow.WAITING
    row.waits_zh = ""


def mend_row(  # noqa: PLR0913 - which row, its new text, and who mends it when
    number: str, row_no: int, given: Mapping[str, str], actor: Actor, *, version: int, now: datetime
) -> tuple[Problem, ...]:
    """Put one wrong row right; the others are not touched.  What is still wrong with it is given back and kept.

    Raises Stale when somebody else mended it meanwhile, WrongState when it is not wrong.
    """
    with transaction.atomic():
        batch = locked(number, actor, "intake.edit")
        row = batch.rows.filter(row_no=row_no).first()
        if row is None:
            raise NotFound("batch_row_not_found", "这一批没有这一行。")
        if row.state != BatchRow.WRONG:
            raise WrongState("batch_row_not_wrong", "这一行没有要改的地方，已经在办。")
        if row.version != version:
            raise Stale("batch_row_changed", "这一行刚刚在另一个页面改过。请刷新后再改。")
        _mend(batch, row, given, (), now)
        audit(actor, "intake.batch_mend", number, detail={"row": str(row_no)})
        item = CATALOGUE[batch.item_number]
        return columns.said(item, row.given, localdate(now))[1] if row.state == BatchRow.WRONG else ()


def mend_by_sheet(number: str, data: bytes, actor: Actor, *, now: datetime) -> Mended:
    """Put wrong rows right by the sheet of them; rows that are begun or waiting stay as they are."""
    with transaction.atomic():
        batch = locked(number, actor, "intake.edit")
        sheet = read_sheet(data)
        found = columns.places(CATALOGUE[batch.item_number], sheet)
        rows = {row.row_no: row for row in batch.rows.filter(state=BatchRow.WRONG)}
        known = set(batch.rows.values_list("row_no", flat=True))
        taken = 0
        for line in sheet.rows:
            row_no = columns.row_number(found, line.cells, line.number)
            if row_no not in known:
                raise refuse(f"这一批没有行号 {row_no}", "请用这一批“下载有错的行”得到的表来改")
            if row_no in rows:
                asked = [found[place] for place in sorted(line.formulas) if _is_asked(found, place)]
                _mend(batch, rows.pop(row_no), columns.given_of(found, line.cells), asked, now)
                taken += 1
        audit(actor, "intake.batch_mend", number, detail={"rows": str(taken)})
    return Mended(taken, len(sheet.rows) - taken)


def _mend(batch: Batch, row: BatchRow, given: Mapping[str, str], formulas: Sequence[str], now: datetime) -> None:
    standing = batch.rows.exclude(state=BatchRow.WRONG).values_list("subject", "row_no")
    known = {column.key for column in columns.columns_of(CATALOGUE[batch.item_number])}
    kept = {key: text for key, text in given.items() if key in known}
    _judge(row, CATALOGUE[batch.item_number], kept, formulas, localdate(now), dict(standing))
    row.version += 1
    row.due_at = now
    row.save()


def locked(number: str, actor: Actor, permission: str) -> Batch:
    """The batch, locked, of an institution where the actor may do this."""
    batch = Batch.objects.select_for_update().filter(number=number).first()
    if batch is None:
        raise NotFound("batch_not_found", "没有这一批。请核对批量编号。")
    require(actor, permission, Scope(frozenset({batch.receiving_registry}), number))
    return batch
