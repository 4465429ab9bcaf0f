"""What the licence libraries are to know: every change of a licence in order, and the states as they stand (G12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tongban.certificates.models import LicenceEvent, LicenceState, State

CURRENT, REPLACED, REVOKED = State.CURRENT.value, State.REPLACED.value, State.REVOKED.value

# A licence that was overtaken before it was signed never existed outside; nobody is told of it.
_OUTSIDE = Q(licence__signed__isnull=False)


@dataclass(frozen=True, slots=True)
class LicenceChange:
    """One change of one licence: `state` from `at` on.  `number` grows with the changes of one licence."""

    number: int
    identifier: str
    kind: str
    certificate_no: str
    unit_code: str
    right_ref: str
    registry: str
    state: str
    at: datetime
    recorded_at: datetime
    replaces: str
    replaced_by: str
    file_digest: str


def changes_after(number: int, most: int) -> tuple[LicenceChange, ...]:
    """The changes with higher numbers that matter outside: signed, replaced, revoked."""
    rows = LicenceEvent.objects.filter(_OUTSIDE, pk__gt=number).exclude(state=State.PENDING)
    rows = rows.select_related("licence", "licence__file")
    return _changes(rows.order_by("pk")[:most])


def change_of(number: int) -> LicenceChange:
    """One change."""
    return _changes([LicenceEvent.objects.select_related("licence", "licence__file").get(pk=number)])[0]


def latest_change(identifier: str) -> LicenceChange | None:
    """The change that gave a licence its present state; None for one that never existed outside."""
    rows = LicenceEvent.objects.filter(_OUTSIDE, licence_id=identifier).exclude(state=State.PENDING)
    rows = rows.select_related("licence", "licence__file")
    found = _changes(rows.order_by("-pk")[:1])
    return found[0] if found else None


def states_after(registry: str, identifier: str, most: int) -> Mapping[str, str]:
    """The states of a registry's licences, in the order of their identifiers, after the given one."""
    rows = LicenceState.objects.filter(_OUTSIDE, licence__registry=registry, pk__gt=identifier)
    return dict(rows.exclude(state=State.PENDING).order_by("pk").values_list("pk", "state")[:most])


def states_of(identifiers: Iterable[str]) -> Mapping[str, str]:
    """The states of those licences that this site issued."""
    rows = LicenceState.objects.filter(_OUTSIDE, pk__in=list(identifiers)).exclude(state=State.PENDING)
    return dict(rows.values_list("pk", "state"))


def _changes(events: Iterable[LicenceEvent]) -> tuple[LicenceChange, ...]:
    rows = list(events)
    before = LicenceState.objects.filter(_OUTSIDE, replaced_by__in=[row.licence_id for row in rows])
    replaces = dict(before.order_by("pk").values_list("replaced_by", "pk"))
    return tuple(_change(row, replaces.get(row.licence_id, "")) for row in rows)


def _change(row: LicenceEvent, replaces: str) -> LicenceChange:
    licence = row.licence
    file = getattr(licence, "file", None)
    return LicenceChange(
        number=row.pk,
        identifier=licence.pk,
        kind=licence.kind,
        certificate_no=licence.certificate_no,
        unit_code=licence.unit_code,
        right_ref=licence.right_ref,
        registry=licence.registry,
        state=row.state,
        at=row.at,
        recorded_at=licence.recorded_at,
        replaces=replaces,
        replaced_by=row.by_licence,
        file_digest=file.digest if file else "",
    )
