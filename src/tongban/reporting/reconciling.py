"""Once a day each licence library is compared with our licences, and every difference is listed with its repair (G12).

First ours there: does the library know each licence, in the right state?  Then theirs here: has it any we never issued?
Goes on where it stopped, batch by batch, so it may be killed at any point.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate, localtime

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.certificates import library_feed
from tongban.departments.licence_library.port import LicenceLibrary
from tongban.directory import lookup
from tongban.domain.errors import BadReply, NotFound, Unavailable, WrongState
from tongban.register import days
from tongban.reporting import licences, lines
from tongban.reporting.licences import STANDINGS
from tongban.reporting.models import LIBRARIES, Difference, DifferenceKind, LibraryEntry, Line, Reconciliation

FROM_HOUR = 2  # local time: when a library has the least to do
BATCH = 200


def reconcile_library(now: datetime) -> int:
    """One batch of today's comparison with each library; how many licences were compared."""
    if localtime(now).hour < FROM_HOUR:
        return 0
    return sum(_step(Line(line), now) for line in LIBRARIES)


def repair(difference_id: int, actor: Actor, now: datetime) -> str:
    """Tell the library again how the licence stands; the sentence that says so.  Audited.

    Raises `WrongState` for a licence this site never issued: that is the library's to explain, nothing is sent.
    """
    with transaction.atomic():
        row = Difference.objects.select_for_update().filter(pk=difference_id, resolved_at=None).first()
        if row is None:
            raise NotFound("difference_unknown", "没有这条差异，或者已经消除。")
        require(actor, Permission.REPORTING_RESEND, Scope(frozenset({row.registry}), row.identifier))
        change = library_feed.latest_change(row.identifier)
        if change is None:
            raise WrongState("licence_not_ours", "本站没有签发过这份证照，请把证照标识告诉证照库的管理单位核查。")
        if row.repair and licences.pending(Line(row.line), [row.identifier]):
            raise WrongState("repair_on_its_way", "已经重新登记，正在等证照库答复。")
        key = f"{licences.change_key(change)}#{row.pk}-{int(now.timestamp())}"
        LibraryEntry.objects.bulk_create([licences.entry_for(Line(row.line), change, key, now)], ignore_conflicts=True)
        row.repair = key[:80]
        row.save(update_fields=["repair"])
        audit(actor, "reporting.repair", row.identifier, detail={"line": row.line, "kind": row.kind}, now=now)
    return "已重新登记，下次对账时核对结果。"


def _step(line: Line, now: datetime) -> int:
    library = lines.library(line)
    if library is None:
        return 0
    today = localdate(now)
    run, _ = Reconciliation.objects.get_or_create(line=line, day=today, defaults={"started_at": now})
    if run.phase == "done" or not lines.may_send(line, now):
        return 0
    try:
        done = _ours(library, run, now) if run.phase == "ours" else _theirs(library, run, now)
    except (Unavailable, BadReply) as error:
        lines.failed(line, error, now)
        return 0
    lines.answered(line, now)
    return done


def _registries() -> list[str]:
    return [one for one in days.keepers() if lookup.hosted_here(one)]


def _ours(library: LicenceLibrary, run: Reconciliation, now: datetime) -> int:
    """Are our licences there, in the right state?"""
    registries = _registries()
    registry = run.registry or (registries[0] if registries else "")
    ours = library_feed.states_after(registry, run.cursor, BATCH) if registry else {}
    if not ours:
        return _next_registry(run, registries, registry, "theirs", now)
    theirs = library.standings(list(ours))
    waiting = licences.pending(Line(run.line), list(ours))
    with transaction.atomic():
        for identifier, state in ours.items():
            standing = STANDINGS[state].value
            found = theirs[identifier].value if identifier in theirs else ""
            if found == standing:
                _resolve(run.line, identifier, now)
            elif identifier not in waiting:
                kind = DifferenceKind.OTHER_STATE if found else DifferenceKind.MISSING
                _differ(run.line, identifier, registry, (kind, standing, found), now)
        _advance(run, registry=registry, cursor=list(ours)[-1], checked=run.checked + len(ours))
    return len(ours)


def _theirs(library: LicenceLibrary, run: Reconciliation, now: datetime) -> int:
    """Has the library any licence of ours that we never issued?"""
    registries = _registries()
    registry = run.registry or (registries[0] if registries else "")
    if not registry:
        return _next_registry(run, registries, registry, "done", now)
    page = library.listing(lookup.institution(registry).division_code, run.cursor)
    ours = library_feed.states_of(page.standings)
    with transaction.atomic():
        for identifier, standing in page.standings.items():
            if identifier not in ours:
                _differ(run.line, identifier, registry, (DifferenceKind.UNKNOWN, "", standing.value), now)
        if page.following:
            _advance(run, registry=registry, cursor=page.following, listed=run.listed + len(page.standings))
            return len(page.standings) or 1
        run.listed += len(page.standings)
        _advance(run, listed=run.listed)
        return _next_registry(run, registries, registry, "done", now)


def _next_registry(run: Reconciliation, registries: list[str], registry: str, then: str, now: datetime) -> int:
    """Go on with the next registry, or with the next part when this was the last; something was done: call again."""
    place = registries.index(registry) + 1 if registry in registries else len(registries)
    if place < len(registries):
        _advance(run, registry=registries[place], cursor="")
    elif then == "done":
        unknown = Difference.objects.filter(line=run.line, kind=DifferenceKind.UNKNOWN, resolved_at=None)
        unknown.filter(seen_at__lt=run.started_at).update(resolved_at=now)  # the library lists them no more
        _advance(run, phase="done", registry="", cursor="", finished_at=now)
    else:
        _advance(run, phase=then, registry="", cursor="")
    return 1


def _advance(run: Reconciliation, **values: object) -> None:
    for name, value in values.items():
        setattr(run, name, value)
    run.save(update_fields=list(values))


def _differ(line: str, identifier: str, registry: str, what: tuple[DifferenceKind, str, str], now: datetime) -> None:
    kind, ours, theirs = what
    open_rows = Difference.objects.filter(line=line, identifier=identifier, resolved_at=None)
    if not open_rows.update(kind=kind, ours=ours, theirs=theirs, registry=registry, seen_at=now):
        Difference.objects.create(
            line=line, identifier=identifier, registry=registry, kind=kind, ours=ours, theirs=theirs,
            found_at=now, seen_at=now,
        )  # fmt: skip


def _resolve(line: str, identifier: str, now: datetime) -> None:
    Difference.objects.filter(line=line, identifier=identifier, resolved_at=None).update(resolved_at=now)
