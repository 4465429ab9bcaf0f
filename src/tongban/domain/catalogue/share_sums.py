"""Sums of shares: who holds what once parts have moved, in exact fractions (民法典 297–299)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tongban.domain.identity import modern_number, plain_name
from tongban.domain.terms import CoOwnership, HolderKind
from tongban.domain.titles import Holder, HolderIdentity, Title


@dataclass(frozen=True, slots=True)
class Part:
    """What one person or body holds of the whole."""

    kind: HolderKind
    identity: HolderIdentity
    share: Fraction

    @classmethod
    def of(cls, holder: Holder) -> Part:
        """The part of a holder by shares."""
        assert holder.share is not None, "a holder by shares has one"
        return cls(holder.kind, holder.identity, holder.share)

    def is_of(self, identity: HolderIdentity) -> bool:
        """Whether it belongs to that person or body; an old 15-digit number counts as its successor."""
        same_number = modern_number(self.identity.id_no) == modern_number(identity.id_no)
        return same_number and plain_name(self.identity.name) == plain_name(identity.name)


def remaining(title: Title, but: Holder) -> list[Part]:
    """The parts of everybody else, in their order."""
    return [Part.of(holder) for holder in title.holders if holder is not but]


def holding_of(parts: Sequence[Part]) -> tuple[CoOwnership, tuple[Holder, ...]]:
    """One holder for everybody who has a part: parts of the same person are added, nothing falls away.

    The order is that in which people come first.  Whoever has the whole holds it alone.
    """
    merged: list[Part] = []
    for part in parts:
        place = next((n for n, one in enumerate(merged) if one.is_of(part.identity)), None)
        if place is None:
            merged.append(part)
        else:
            one = merged[place]
            merged[place] = Part(one.kind, one.identity, one.share + part.share)
    left = [part for part in merged if part.share]
    if len(left) == 1:
        return CoOwnership.SOLE, (Holder(1, left[0].kind, left[0].identity),)
    return CoOwnership.BY_SHARES, tuple(Holder(no, one.kind, one.identity, one.share) for no, one in enumerate(left, 1))
