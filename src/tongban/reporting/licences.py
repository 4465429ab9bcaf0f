"""Every licence issued, ended or changed goes to the licence libraries (G12), one after the other, once.

`register_licences_due` writes down new changes, then tells them.  The changes of one licence go in their order.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from types import MappingProxyType
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from tongban.certificates import library_feed
from tongban.certificates.library_feed import LicenceChange
from tongban.departments.licence_library.port import LicenceHolder, LicenceLibrary, LicenceRecord, Standing
from tongban.directory import lookup
from tongban.domain.codes import UnitCode
from tongban.domain.errors import BadReply, Declined, EvidenceBroken, TongbanError, Unavailable
from tongban.domain.terms import Document
from tongban.domain.titles import Holder
from tongban.reporting import lines, recorded
from tongban.reporting.models import LIBRARIES, REASON_CHARACTERS_MAX, Delivery, FeedPosition, LibraryEntry, Line

CALL_MAX = timedelta(seconds=20)
LEASE = timedelta(minutes=5)
BAD_REPLIES_MAX = 3
CHANGES_AT_ONCE_MAX = 500
SETTLED_AFTER = timedelta(seconds=60)  # a recording never takes longer: no older change can still appear
FEED = "licences"
STANDINGS: Final[Mapping[str, Standing]] = MappingProxyType(
    {
        library_feed.CURRENT: Standing.VALID,
        library_feed.REPLACED: Standing.REPLACED,
        library_feed.REVOKED: Standing.REVOKED,
    }
)

_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT u.id FROM reporting_libraryentry u
    WHERE u.line = %(line)s AND u.state = 'waiting' AND u.next_try_at <= %(now)s
      AND (u.lease_until IS NULL OR u.lease_until <= %(now)s)
      AND NOT EXISTS (SELECT 1 FROM reporting_libraryentry e WHERE e.line = u.line AND e.identifier = u.identifier
                      AND e.id < u.id AND e.state <> 'accepted')
    ORDER BY u.next_try_at, u.id LIMIT %(most)s FOR UPDATE OF u SKIP LOCKED)
UPDATE reporting_libraryentry SET lease_until = %(until)s FROM due WHERE reporting_libraryentry.id = due.id
RETURNING reporting_libraryentry.id
"""

log = logging.getLogger(__name__)


def register_licences_due(now: datetime) -> int:
    """Note new changes of licences and tell them to the libraries; how many were noted or settled."""
    return _note_changes(now) + sum(_tell(Line(line), now) for line in LIBRARIES)


def record_of(change: LicenceChange, key: str) -> LicenceRecord:
    """What a library is told of one change; raises `EvidenceBroken` when the book does not know the licence."""
    registry = lookup.institution(change.registry)
    address_zh, holders = _held(change)
    return LicenceRecord(
        key=key,
        identifier=change.identifier,
        kind=Document(change.kind),
        certificate_no=change.certificate_no,
        unit_code=change.unit_code,
        address_zh=address_zh,
        organ_division=registry.division_code,
        organ_zh=registry.name_zh,
        issued_on=localdate(change.recorded_at),
        standing=STANDINGS[change.state],
        changed_at=change.at,
        holders=tuple(LicenceHolder(one.name, one.id_kind, one.id_no) for one in holders),
        replaces=change.replaces,
        replaced_by=change.replaced_by,
        file_digest=change.file_digest,
    )


def change_key(change: LicenceChange) -> str:
    """What a change is called in both libraries: the licence and the number of its change."""
    return f"{change.identifier}:{change.number}"


def entry_for(line: Line, change: LicenceChange, key: str, now: datetime) -> LibraryEntry:
    """The row that waits to be told; `key` makes it one."""
    return LibraryEntry(
        line=line,
        key=key,
        identifier=change.identifier,
        certificate_no=change.certificate_no,
        registry=change.registry,
        standing=STANDINGS[change.state].value,
        changed_at=change.at,
        next_try_at=now,
    )


def _note_changes(now: datetime) -> int:
    """Write down what changed since last time, for each library there is.

    The position moves only past changes so old that no slower transaction can still show an earlier one; what lies
    after it is read again and is already there.
    """
    position, _ = FeedPosition.objects.get_or_create(pk=FEED)
    changes = library_feed.changes_after(position.position, CHANGES_AT_ONCE_MAX)
    if not changes:
        return 0
    there = [Line(line) for line in LIBRARIES if lines.exists(Line(line))]
    keys = [change_key(change) for change in changes]
    known = set(LibraryEntry.objects.filter(key__in=keys).values_list("line", "key"))
    rows = [
        entry_for(line, change, change_key(change), now)
        for change in changes
        for line in there
        if (line.value, change_key(change)) not in known
    ]
    with transaction.atomic():
        LibraryEntry.objects.bulk_create(rows, ignore_conflicts=True)
        settled = [change.number for change in changes if change.at <= now - SETTLED_AFTER]
        if settled:
            FeedPosition.objects.filter(pk=FEED, position__lt=settled[-1]).update(position=settled[-1])
    return len(rows)


def _tell(line: Line, now: datetime) -> int:
    settled, began, moment = 0, monotonic(), now
    while moment - now < CALL_MAX:
        library, most = lines.library(line), lines.may_send(line, moment)
        batch = _claim(line, moment, most) if library is not None and most else []
        if library is None or not batch:
            break
        done, goes_on = _tell_batch(line, library, batch, moment)
        settled += done
        if not goes_on:
            break
        moment = now + timedelta(seconds=monotonic() - began)
    return settled


def _claim(line: Line, now: datetime, most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"line": line.value, "now": now, "until": now + LEASE, "most": most})
        return sorted(row[0] for row in cursor.fetchall())


def _tell_batch(line: Line, library: LicenceLibrary, batch: Sequence[int], now: datetime) -> tuple[int, bool]:
    """How many of the batch were settled, and whether the library still answers."""
    settled = 0
    for position, entry_id in enumerate(batch):
        try:
            library.register(_record(entry_id))
        except Declined as no:
            lines.answered(line, now)
            _park(entry_id, no.code, f"证照库不接收：{no.message_zh}", now)
        except (Unavailable, BadReply) as error:
            _postpone(entry_id, error, now)
            LibraryEntry.objects.filter(pk__in=batch[position + 1 :], state=Delivery.WAITING).update(lease_until=None)
            lines.failed(line, error, now)
            return settled, False
        except TongbanError as error:
            _park(entry_id, error.code, error.message_zh, now)
        else:
            lines.answered(line, now)
            LibraryEntry.objects.filter(pk=entry_id, state=Delivery.WAITING).update(
                state=Delivery.ACCEPTED, settled_at=now, lease_until=None, reason_code="", reason_zh=""
            )
        settled += 1
    return settled, True


def _record(entry_id: int) -> LicenceRecord:
    entry = LibraryEntry.objects.get(pk=entry_id)
    number = int(entry.key.partition("#")[0].rpartition(":")[2])
    return record_of(library_feed.change_of(number), entry.key)


def _held(change: LicenceChange) -> tuple[str, tuple[Holder, ...]]:
    """Where the property lies and who holds the right, as they were recorded."""
    unit_code = UnitCode(change.unit_code)
    page = recorded.as_recorded(unit_code, change.recorded_at)
    title, described = page.title(unit_code), page.described.get(unit_code)
    if title is not None and title.certificate_no == change.certificate_no:
        return title.unit.address_zh, title.holders
    unit = title.unit if title is not None else described
    for burden in page.open_burdens.get(unit_code, ()):
        if burden.burden.proof_no == change.certificate_no and unit is not None:
            return unit.address_zh, burden.holders
    raise EvidenceBroken("licence_title_other", f"登记簿没有证号为 {change.certificate_no} 的权利。")


def _park(entry_id: int, code: str, reason_zh: str, now: datetime) -> None:
    log.error("library entry %d parked: %s %s", entry_id, code, reason_zh)
    LibraryEntry.objects.filter(pk=entry_id, state=Delivery.WAITING).update(
        state=Delivery.PARKED,
        settled_at=now,
        lease_until=None,
        reason_code=code[:64],
        reason_zh=reason_zh[:REASON_CHARACTERS_MAX],
    )


def _postpone(entry_id: int, error: Unavailable | BadReply, now: datetime) -> None:
    with transaction.atomic():
        row = LibraryEntry.objects.select_for_update().get(pk=entry_id)
        if row.state != Delivery.WAITING:
            return
        row.attempts += 1
        row.bad_replies += isinstance(error, BadReply)
        row.next_try_at, row.lease_until = now + lines.rest(row.attempts), None
        row.reason_code, row.reason_zh = error.code[:64], error.message_zh[:REASON_CHARACTERS_MAX]
        fields = ["attempts", "bad_replies", "next_try_at", "lease_until", "reason_code", "reason_zh"]
        row.save(update_fields=fields)
        if row.bad_replies >= BAD_REPLIES_MAX:
            _park(entry_id, error.code, f"{error.message_zh}已试{row.attempts}次，是否收到不明。", now)


def pending(line: Line, identifiers: Sequence[str]) -> frozenset[str]:
    """Those of the licences about which the library has not been told everything yet."""
    rows = LibraryEntry.objects.filter(~Q(state=Delivery.ACCEPTED), line=line, identifier__in=list(identifiers))
    return frozenset(rows.values_list("identifier", flat=True))
