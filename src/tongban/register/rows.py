"""Between rows of the projection and the values of the law; names and numbers are sealed to the row they stand in.

A sealed value moved to another row does not open, and the blind indexes find equal values only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.canonical import canonical_json
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.facts import UnitState
from tongban.domain.identity import normal_name, normal_number
from tongban.domain.terms import CoOwnership, HolderKind
from tongban.domain.titles import Holder, HolderIdentity, Title
from tongban.domain.wires import as_mapping, as_text
from tongban.register.models import BurdenHolder, DescribedUnit, RegisteredBurden, RegisteredRight, RightHolder
from tongban.vault.seal import blind_index, seal, unseal

# A private detail of a seizure that lies on one co-owner's share only: the holder's number as text.
SEIZED_HOLDER = "holder_no"


@dataclass(frozen=True, slots=True)
class Spot:
    """Which entry writes a row, and on which day (data keys change daily)."""

    ledger: str
    seq: int
    today: date


def name_index(name: str) -> bytes:
    """The blind index of a holder's name."""
    return blind_index(normal_name(name), "register.holder.name")


def id_no_index(id_no: str) -> bytes:
    """The blind index of a holder's document number."""
    return blind_index(normal_number(id_no), "register.holder.id_no")


def sealed_secret(plaintext: bytes, spot: Spot) -> bytes:
    """The private part of an entry, sealed so that it opens for this entry only."""
    return seal(plaintext, _context("entry", spot.ledger, spot.seq), purpose="register entry", today=spot.today)


def opened_secret(token: bytes, ledger: str, seq: int) -> bytes:
    """The private part of an entry; raises `EvidenceBroken` when it was changed or belongs to another."""
    return _opened(token, "entry", ledger, seq)


def right_row(spot: Spot, title: Title, title_seq: int) -> RegisteredRight:
    """A version of a title that begins with this entry."""
    return RegisteredRight(
        ledger=spot.ledger,
        from_entry=spot.seq,
        title_seq=title_seq,
        unit_code=title.unit.unit_code,
        certificate_no=title.certificate_no,
        co_ownership=title.co_ownership.value,
        unit=title.unit.to_wire(),
        note=_sealed(title.note_zh.encode(), "note", spot) if title.note_zh else None,
    )


def holder_row(spot: Spot, unit_code: str, title_seq: int, holder: Holder) -> RightHolder:
    """A version of a holder that begins with this entry."""
    return RightHolder(
        ledger=spot.ledger,
        from_entry=spot.seq,
        holder_no=holder.holder_no,
        title_seq=title_seq,
        unit_code=unit_code,
        kind=holder.kind.value,
        share_numerator=holder.share.numerator if holder.share else None,
        share_denominator=holder.share.denominator if holder.share else None,
        identity=_sealed(canonical_json(holder.identity.to_private()), f"holder {holder.holder_no}", spot),
        name_index=name_index(holder.name),
        id_no_index=id_no_index(holder.id_no),
    )


def burden_row(spot: Spot, opened: OpenBurden) -> RegisteredBurden:
    """A burden that begins with this entry."""
    burden = opened.burden
    return RegisteredBurden(
        ledger=spot.ledger,
        from_entry=spot.seq,
        unit_code=opened.unit_code,
        burden=burden.burden.value,
        burden_no=burden.burden_no,
        holder_no=seized_holder(opened),
        since=burden.since,
        until=burden.until,
        organ_zh=burden.organ_zh,
        reference=burden.reference,
        rank=burden.rank,
        proof_no=burden.proof_no,
        details=_sealed(canonical_json(dict(opened.private)), "burden", spot) if opened.private else None,
    )


def burden_holder_row(spot: Spot, opened: OpenBurden, holder: Holder) -> BurdenHolder:
    """A holder of a burden, from this entry on."""
    return BurdenHolder(
        ledger=spot.ledger,
        from_entry=spot.seq,
        holder_no=holder.holder_no,
        unit_code=opened.unit_code,
        burden_no=opened.burden_no,
        kind=holder.kind.value,
        share_numerator=holder.share.numerator if holder.share else None,
        share_denominator=holder.share.denominator if holder.share else None,
        identity=_sealed(canonical_json(holder.identity.to_private()), f"burden holder {holder.holder_no}", spot),
        name_index=name_index(holder.name),
        id_no_index=id_no_index(holder.id_no),
    )


def described_row(spot: Spot, unit: UnitState) -> DescribedUnit:
    """The natural state of a unit without a title, from this entry on."""
    return DescribedUnit(ledger=spot.ledger, from_entry=spot.seq, unit_code=unit.unit_code, unit=unit.to_wire())


def seized_holder(opened: OpenBurden) -> int:
    """The holder whose share alone the burden lies on; 0 for the whole unit."""
    return int(opened.private.get(SEIZED_HOLDER, "0"))


def read_note(right: RegisteredRight) -> str:
    """附记; raises `EvidenceBroken` when it was changed."""
    return "" if right.note is None else _opened(right.note, "note", right.ledger, right.from_entry).decode()


def read_title(right: RegisteredRight, holders: Iterable[RightHolder]) -> Title:
    """The title of these rows; raises `EvidenceBroken` when a sealed value was changed."""
    return Title(
        unit=UnitState.from_wire(as_mapping(right.unit)),
        certificate_no=CertificateNo(right.certificate_no),
        co_ownership=CoOwnership(right.co_ownership),
        holders=tuple(read_holder(row) for row in sorted(holders, key=lambda row: row.holder_no)),
        note_zh=read_note(right),
    )


def read_holder(row: RightHolder | BurdenHolder) -> Holder:
    """The holder of this row; raises `EvidenceBroken` when the sealed identity was changed."""
    what = "holder" if isinstance(row, RightHolder) else "burden holder"
    identity = json.loads(_opened(row.identity, f"{what} {row.holder_no}", row.ledger, row.from_entry))
    has_share = row.share_numerator is not None and row.share_denominator is not None
    return Holder(
        holder_no=row.holder_no,
        kind=HolderKind(row.kind),
        identity=HolderIdentity.from_private(as_mapping(identity)),
        share=Fraction(row.share_numerator or 0, row.share_denominator or 1) if has_share else None,
    )


def read_burden(row: RegisteredBurden) -> BurdenFact:
    """The public side of this row."""
    return BurdenFact(
        burden=Burden(row.burden),
        burden_no=row.burden_no,
        since=row.since,
        until=row.until,
        organ_zh=row.organ_zh,
        reference=row.reference,
        rank=row.rank,
        proof_no=row.proof_no,
    )


def read_opened(row: RegisteredBurden, holders: Iterable[BurdenHolder]) -> OpenBurden:
    """The burden as it stands, with its details; raises `EvidenceBroken` when something sealed was changed."""
    details = json.loads(_opened(row.details, "burden", row.ledger, row.from_entry)) if row.details else {}
    private = {name: as_text(value) for name, value in as_mapping(details).items()}
    held = tuple(read_holder(one) for one in sorted(holders, key=lambda one: one.holder_no))
    return OpenBurden(UnitCode(row.unit_code), read_burden(row), private, held)


def _sealed(plaintext: bytes, what: str, spot: Spot) -> bytes:
    return seal(plaintext, _context(what, spot.ledger, spot.seq), purpose="register projection", today=spot.today)


def _opened(token: bytes | memoryview, what: str, ledger: str, seq: int) -> bytes:
    return unseal(bytes(token), _context(what, ledger, seq))


def _context(what: str, ledger: str, seq: int) -> str:
    return f"register {what} {ledger}/{seq}"
