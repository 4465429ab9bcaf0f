"""Audit of what was refused: in a transaction of its own, because the refused one rolls back.

The edge of a web request calls `on_denial` (setting `TONGBAN_ON_DENIAL`), a worker puts its job inside
`denials_audited`, and both call `audit_refusal` for a lawful no.  Inside an open transaction the row goes over a
connection of its own, so it stays whatever becomes of the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from psycopg.types.json import Jsonb

from tongban.access import audit
from tongban.access.actors import Actor, actor_of
from tongban.access.models import AuditRow
from tongban.access.permissions import Permission
from tongban.access.require import Denied
from tongban.domain.decision import Refusal
from tongban.domain.errors import NotPermitted

PATH_CHARS_MAX: Final = 160
_COLUMNS: Final = (
    "at", "actor_kind", "actor_id", "institution_code", "origin", "action", "object_id", "case_no", "purpose",
    "outcome", "detail", "mac",
)  # fmt: skip
_INSERT: Final = (
    f"INSERT INTO access_auditrow ({', '.join(_COLUMNS)}) "  # noqa: S608 - names of columns only
    f"VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
)


def audit_denial(  # noqa: PLR0913 - the named facts of one denial; two have a default
    actor: Actor,
    permission: Permission | str,
    object_id: str,
    reason: str,
    *,
    request: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> None:
    """Leave a row about an act that was not permitted; it survives the rollback of the caller's transaction.

    `reason` is the code of the reason, `request` says where it came from (method, path, job).
    """
    about = audit.About(f"denied.{Permission(permission).value}", object_id, outcome=audit.DENIED)
    write_apart(actor, about, {"reason": reason, **(request or {})}, now or timezone.now())


def audit_refusal(actor: Actor, action: str, object_id: str, refusal: Refusal, *, now: datetime | None = None) -> None:
    """Leave a row about a lawful no, whose own transaction was rolled back."""
    about = audit.About(action, object_id, outcome=audit.REFUSED)
    write_apart(actor, about, {"reason": refusal.reason.code}, now or timezone.now())


def on_denial(request: HttpRequest, error: NotPermitted) -> None:
    """What the web edge does with a `NotPermitted` that a view let through, before it makes the page."""
    where = {"method": request.method or "", "path": request.path[:PATH_CHARS_MAX]}
    _note(error, actor_of(request), where)


@contextmanager
def denials_audited(actor: Actor, job: str) -> Iterator[None]:
    """What a worker wraps around one job: a `NotPermitted` is audited and goes on to the worker."""
    try:
        yield
    except NotPermitted as error:
        _note(error, actor, {"job": job})
        raise


def write_apart(actor: Actor, about: audit.About, detail: Mapping[str, str], now: datetime) -> None:
    """Insert one row that stays, whether or not the caller's transaction does."""
    row = audit.row_for(actor, about, detail, now)
    if not connection.in_atomic_block:
        row.save(force_insert=True)
        return
    own = connection.copy()
    own.settings_dict["OPTIONS"].pop("pool", None)  # every pooled connection may be held by a caller that waits for us
    with closing(own), own.cursor() as cursor:
        cursor.execute(_INSERT, _values(row))


def _note(error: NotPermitted, actor: Actor, where: Mapping[str, str]) -> None:
    if isinstance(error, Denied):
        audit_denial(error.actor, error.permission, error.place.object_id, error.reason.code, request=where)
        return
    write_apart(actor, audit.About("denied", "", outcome=audit.DENIED), {"reason": error.code, **where}, timezone.now())


def _values(row: AuditRow) -> list[Any]:
    plain = {name: getattr(row, name) for name in _COLUMNS}
    return list((plain | {"detail": Jsonb(row.detail)}).values())


assert set(_COLUMNS) == {field.name for field in AuditRow._meta.fields} - {"id"}, "a column of the audit is forgotten"
