"""What a licence library (证照库) is told about a licence, and what it answers, in our words (GB/T 36901–36906)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from tongban.domain.identity import IdDocument
from tongban.domain.terms import Document, Term


class Standing(Term):
    """Whether a licence counts, as a library keeps it."""

    VALID = "valid", "正常"
    REPLACED = "replaced", "失效"
    REVOKED = "revoked", "注销"


@dataclass(frozen=True, slots=True)
class LicenceHolder:
    """One holder (持证主体)."""

    name: str
    id_kind: IdDocument
    id_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRecord:
    """One licence with its state from `changed_at` on; `key` names this change, so that it counts once.

    `replaces` and `replaced_by` are identifiers of other versions (关联证照标识), empty when there are none.
    """

    key: str
    identifier: str
    kind: Document
    certificate_no: str
    unit_code: str
    address_zh: str
    organ_division: str
    organ_zh: str
    issued_on: date
    standing: Standing
    changed_at: datetime
    holders: tuple[LicenceHolder, ...]
    replaces: str = ""
    replaced_by: str = ""
    file_digest: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of what the library holds of one organ; `following` is empty on the last page."""

    standings: Mapping[str, Standing]
    following: str


class LicenceLibrary(Protocol):
    """One library.  Every call may raise `Unavailable` (try again later) or `BadReply`."""

    def register(self, record: LicenceRecord) -> None:
        """Tell one change; the same key again changes nothing.  Raises `Declined` with the library's reason."""
        ...

    def standings(self, identifiers: Sequence[str]) -> Mapping[str, Standing]:
        """The states of these licences; those the library does not know are left out."""
        ...

    def listing(self, organ_division: str, following: str) -> Listing:
        """What the library holds of one organ, page by page; begin with an empty `following`."""
        ...
