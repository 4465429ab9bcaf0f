"""What a stranger who types a number may learn of a licence: whether it counts, for which unit, a masked name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.certificates.models import LicenceState
from tongban.certificates.models import State as State
from tongban.certificates.payload import Payload
from tongban.domain.terms import Document

NUMBER_CHARACTERS_MAX = 100


@dataclass(frozen=True, slots=True)
class PublicLicence:
    """One licence as anybody may see it.  `holder_zh` is masked as in its own code, empty while nothing is signed."""

    identifier: str
    kind: Document
    certificate_no: str
    unit_code: str
    registry: str
    holder_zh: str
    state: State
    state_zh: str
    since: datetime


def by_identifier(identifier: str) -> PublicLicence | None:
    """The licence of that identifier; one query."""
    return _first(pk=identifier[:NUMBER_CHARACTERS_MAX])


def by_certificate_no(certificate_no: str) -> PublicLicence | None:
    """The newest licence of that certificate or proof number, in its exact form; one query."""
    return _first(licence__certificate_no=certificate_no[:NUMBER_CHARACTERS_MAX])


def _first(**condition: str) -> PublicLicence | None:
    rows = LicenceState.objects.select_related("licence", "licence__signed").defer("licence__signed__opening")
    row = rows.filter(**condition).order_by("-licence__version").first()
    if row is None:
        return None
    signed = getattr(row.licence, "signed", None)
    return PublicLicence(
        identifier=row.pk,
        kind=Document(row.licence.kind),
        certificate_no=row.certificate_no,
        unit_code=row.licence.unit_code,
        registry=row.licence.registry,
        holder_zh=Payload.parse(bytes(signed.payload)).holder_zh if signed else "",
        state=State(row.state),
        state_zh=str(State(row.state).label),
        since=row.changed_at,
    )
