"""What is left behind: one row for every act, try and look, sealed against change by a keyed digest.

A row is a plain insert in the caller's transaction and rolls back with it.  What must outlive a rollback, a denial or a
refusal, goes through `tongban.access.denials`.  Personal numbers never stand here in clear: `masked` sees to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from django.utils import timezone

from tongban.access.actors import Actor
from tongban.access.models import AuditRow
from tongban.access.outcomes import DENIED as DENIED
from tongban.access.outcomes import FAILED as FAILED
from tongban.access.outcomes import OK as OK
from tongban.access.outcomes import OUTCOMES
from tongban.access.outcomes import REFUSED as REFUSED
from tongban.domain.canonical import canonical_json
from tongban.domain.identity import mask_id, mask_name, mask_phone
from tongban.vault import seal

DETAIL_KEYS_MAX: Final = 20
DETAIL_CHARS_MAX: Final = 400
MAC_DOMAIN: Final = "access.audit.row"

_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{14,18}[\dXx]|\d{15})(?![0-9A-Za-z])", re.ASCII)
_MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])", re.ASCII)
_MASKS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "name": mask_name,
        "holder": mask_name,
        "applicant": mask_name,
        "agent": mask_name,
        "id_no": mask_id,
        "phone": mask_phone,
        "account": mask_id,
    }
)


@dataclass(frozen=True, slots=True)
class About:
    """What an audit row is about, apart from who and when."""

    action: str
    object_id: str
    case_no: str = ""
    purpose: str = ""
    outcome: str = OK


def audit(  # noqa: PLR0913 - the named facts of one act; all but three have a default
    actor: Actor,
    action: str,
    object_id: str,
    *,
    purpose: str = "",
    case_no: str = "",
    outcome: str = OK,
    detail: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> None:
    """Leave one row in the caller's transaction.

    `detail` is short text by key; ID numbers, phone and card numbers in any value and names under the keys of persons
    are masked.  `now` defaults to the machine's clock, because a row states when it was written.
    """
    row_for(actor, About(action, object_id, case_no, purpose, outcome), detail or {}, now or timezone.now()).save(
        force_insert=True
    )


def row_for(actor: Actor, about: About, detail: Mapping[str, str], now: datetime) -> AuditRow:
    """The unsaved row with its digest."""
    assert about.outcome in OUTCOMES, f"{about.outcome!r} is not an outcome of an act"
    assert len(detail) <= DETAIL_KEYS_MAX, f"an audit row has at most {DETAIL_KEYS_MAX} details"
    row = AuditRow(
        at=now,
        actor_kind=actor.kind.value,
        actor_id=masked(actor.id)[:80],
        institution_code=actor.institution[:40],
        origin=masked(actor.origin)[:80],
        action=about.action,
        object_id=masked(about.object_id)[:120],
        case_no=about.case_no,
        purpose=masked(about.purpose)[:200],
        outcome=about.outcome,
        detail={key: _masked_value(key, value) for key, value in detail.items()},
    )
    row.mac = mac_of(row)
    return row


def mac_of(row: AuditRow) -> bytes:
    """HMAC-SM3 over every column of the row but its number, which the seal binds."""
    return seal.hmac_sm3(
        MAC_DOMAIN,
        canonical_json(
            {
                "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "actor": [row.actor_kind, row.actor_id, row.institution_code, row.origin],
                "action": row.action,
                "object": row.object_id,
                "case": row.case_no,
                "purpose": row.purpose,
                "outcome": row.outcome,
                "detail": row.detail,
            }
        ),
    )


def masked(text: str) -> str:
    """The text with ID, card and mobile numbers masked, in NFC and without control characters."""
    plain = "".join(letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter)[0] != "C")
    return _MOBILE.sub(lambda found: mask_phone(found[0]), _LONG_NUMBER.sub(lambda found: mask_id(found[0]), plain))


def _masked_value(key: str, value: str) -> str:
    mask = _MASKS.get(key)
    return (mask(masked(value)) if mask else masked(value))[:DETAIL_CHARS_MAX]
