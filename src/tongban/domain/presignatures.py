"""Standing pre-signatures (预先签章授权): a body signs once for many applications, and the home registry keeps the paper.

A developer or a bank need not come for each flat: it tells the home registry in writing for which services, on which
land, in whose hand and until when its seal counts (民法典 165), and may take that back at any time (民法典 173).  An
application that says “已经签章，不用来” stands on such a paper or is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tongban.domain.catalogue.item import PartyInput, ServiceItem
from tongban.domain.decision import Fact, Finding, Reason, Verdict
from tongban.domain.identity import modern_number, plain_name
from tongban.domain.reasons import Reasons
from tongban.domain.wires import Wire, as_list, as_text

RULE: Final = "PRESIGNATURE"
_AREA: Final = re.compile(r"\d{12}[GJZ][A-Z]\d{5}(?:[FLQW]\d{8})?")  # a parcel of 19 characters, or a unit of 28


@dataclass(frozen=True, slots=True)
class PreSignature:
    """One paper on file.

    `items` are the numbers of the services it is for.  `area` are parcel codes (19 characters: the whole project) and
    unit codes (28); empty: everything the registry keeps.  Both days of the period count.  `revoked_at` is the moment
    from which it no longer counts.
    """

    document_no: str
    body_name: str
    body_id_no: str
    signer: str
    items: frozenset[str]
    area: frozenset[str]
    valid_from: date
    valid_until: date
    revoked_at: datetime | None = None

    def is_of(self, who: PartyInput) -> bool:
        """Whether this body signed it: same number and same name."""
        same_number = modern_number(self.body_id_no) == modern_number(who.id_no)
        return same_number and plain_name(self.body_name) == plain_name(who.name)

    def covers(self, item_number: str, unit_codes: Iterable[str]) -> bool:
        """Whether it is for this service on all these units."""
        on_it = all(not self.area or any(code.startswith(part) for part in self.area) for code in unit_codes)
        return item_number in self.items and on_it

    def is_in_force(self, day: date, at: datetime) -> bool:
        """Whether it counts for an application received then."""
        return self.valid_from <= day <= self.valid_until and (self.revoked_at is None or at < self.revoked_at)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the reader of a decision sees of it."""
        shown = (
            ("授权文件", self.document_no),
            ("签章人", self.signer),
            ("有效期", f"{self.valid_from.isoformat()}至{self.valid_until.isoformat()}"),
            ("撤销时间", self.revoked_at.date().isoformat() if self.revoked_at else ""),
        )
        return tuple(Fact(name, value) for name, value in shown if value)

    def to_wire(self) -> Wire:
        return {
            "document_no": self.document_no,
            "body_name": self.body_name,
            "body_id_no": self.body_id_no,
            "signer": self.signer,
            "items": sorted(self.items),
            "area": sorted(self.area),
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat(),
            "revoked_at": self.revoked_at.isoformat() if self.revoked_at else "",
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> PreSignature:
        revoked = as_text(wire["revoked_at"])
        return cls(
            document_no=as_text(wire["document_no"]),
            body_name=as_text(wire["body_name"]),
            body_id_no=as_text(wire["body_id_no"]),
            signer=as_text(wire["signer"]),
            items=frozenset(as_text(one) for one in as_list(wire["items"])),
            area=frozenset(as_text(one) for one in as_list(wire["area"])),
            valid_from=date.fromisoformat(as_text(wire["valid_from"])),
            valid_until=date.fromisoformat(as_text(wire["valid_until"])),
            revoked_at=datetime.fromisoformat(revoked) if revoked else None,
        )


def presigned(item: ServiceItem, form: Mapping[str, str]) -> tuple[PartyInput, ...]:
    """Whoever, as the form says, signed beforehand and does not come."""
    return tuple(party for party in item.parties(form) if party.is_presigned)


def look(
    item: ServiceItem,
    form: Mapping[str, str],
    unit_codes: tuple[str, ...],
    kept: Iterable[PreSignature],
    received_at: tuple[date, datetime],
) -> tuple[Finding, ...]:
    """One finding for each who signed beforehand: the paper it rests on, or why it may not stay away.

    `received_at` is when the application was received, as a day of the registry and as an instant: a paper revoked
    later does not undo what was applied for before.
    """
    papers = tuple(kept)
    return tuple(_finding(item.number, who, unit_codes, papers, received_at) for who in presigned(item, form))


def _finding(
    number: str,
    who: PartyInput,
    unit_codes: tuple[str, ...],
    kept: tuple[PreSignature, ...],
    received_at: tuple[date, datetime],
) -> Finding:
    own = [paper for paper in kept if paper.is_of(who)]
    covering = [paper for paper in own if paper.covers(number, unit_codes)]
    valid = [paper for paper in covering if paper.is_in_force(*received_at)]
    applicant = Fact(who.role.name_zh, who.name)
    if valid:
        return Finding(RULE, Verdict.ALLOW, Reasons.PRESIGNED, (applicant, *valid[0].facts))
    if covering:
        return Finding(RULE, Verdict.REFUSE, Reasons.PRESIGNATURE_ENDED, (applicant, *covering[-1].facts))
    reason: Reason = Reasons.PRESIGNATURE_ELSEWHERE if own else Reasons.NO_PRESIGNATURE
    return Finding(RULE, Verdict.REFUSE, reason, (applicant,))


def is_area(text: str) -> bool:
    """Whether it is written like a parcel code or a unit code."""
    return _AREA.fullmatch(text) is not None
