"""Original material copied for an asker: what, how many pages, by whom (查询办法 10, 13, 26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import Scope, require
from tongban.domain.errors import InvalidInput, NotFound, Problem, WrongState
from tongban.domain.query_terms import Part
from tongban.enquiries.models import QueryCopy, QueryRecord
from tongban.enquiries.wording import CopyKind

PAGES_MAX: Final = 2000
NOTE_CHARS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Copied:
    """One kind of material: how many pages, and which file or volume."""

    kind: str
    pages: int
    note_zh: str


def note(number: int, copied: Copied, actor: Actor, *, key: str, now: datetime) -> None:
    """Write down what was copied; the same key again changes nothing.  Audited.

    Raises NotFound, NotPermitted, InvalidInput, and WrongState when the asker may not have original material.
    """
    row = QueryRecord.objects.filter(pk=number).first()
    if row is None:
        raise NotFound("query_not_found", "查询记录簿里没有这一条。")
    require(actor, "enquiry.copy", Scope(frozenset({row.registry}), row.paper_no))
    if Part.ORIGINALS not in row.parts and copied.kind != CopyKind.REGISTER:
        raise WrongState("no_originals", "这位查询人只能查登记结果，不能复制原始资料。")
    if row.outcome == "refused":
        raise WrongState("query_refused", "这次查询没有同意，不能复制。")
    _check(copied)
    try:
        with transaction.atomic():
            QueryCopy.objects.create(
                record=row,
                kind=copied.kind,
                pages=copied.pages,
                note=copied.note_zh.strip(),
                by=actor.id,
                at=now,
                key=key,
            )
            detail = {"kind": copied.kind, "pages": str(copied.pages), "enquiry": row.enquiry_no}
            audit(actor, "enquiry.copy", row.paper_no, purpose="提供复制件", detail=detail, now=now)
    except IntegrityError:
        if not QueryCopy.objects.filter(key=key, record=row).exists():
            raise


def _check(copied: Copied) -> None:
    problems = []
    if copied.kind not in set(CopyKind):
        problems.append(Problem("kind", "没有选复制了什么", "请从列表里选"))
    if not 1 <= copied.pages <= PAGES_MAX:
        problems.append(Problem("pages", f"页数应当是1到{PAGES_MAX}", "请数清页数再填"))
    if len(copied.note_zh) > NOTE_CHARS_MAX:
        problems.append(Problem("note", f"备注不能超过{NOTE_CHARS_MAX}个字", "请写短一点"))
    if problems:
        raise InvalidInput(problems)
