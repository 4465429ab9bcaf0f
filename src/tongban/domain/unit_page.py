"""One unit as its register shows it at a moment: what entries of an item are made from, and what rules look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact, standing_on
from tongban.domain.codes import UnitCode
from tongban.domain.facts import UnitState
from tongban.domain.titles import Title

MORTGAGES = frozenset(
    {Burden.MORTGAGE, Burden.MORTGAGE_NO_TRANSFER, Burden.MORTGAGE_OLD, Burden.MORTGAGE_MAXIMUM, Burden.MORTGAGE_FROZEN}
)
NOTICES = frozenset({Burden.PRIORITY_NOTICE, Burden.MORTGAGE_NOTICE})


@dataclass(frozen=True, slots=True)
class UnitPage:
    """The page of one unit: its title, the burdens with their private details, or its bare natural state.

    `described` is set only for a unit that has no title yet.  `was_used`: nothing stands on it now, but something did;
    a unit code is never used again (GB/T 37346).  `final_days` are the last days of its advance notices where the book
    shows them (`BurdenFact.final_by`), by their numbers.
    """

    unit_code: UnitCode
    title: Title | None = None
    burdens: tuple[OpenBurden, ...] = ()
    described: UnitState | None = None
    was_used: bool = False
    final_days: Mapping[str, date] = field(default_factory=dict)

    @property
    def state(self) -> UnitState | None:
        """The natural state, from the title or the description."""
        return self.title.unit if self.title else self.described

    def of_kind(self, kinds: Collection[Burden]) -> tuple[OpenBurden, ...]:
        """The burdens of these kinds, in the order they were opened."""
        return tuple(opened for opened in self.burdens if opened.burden.burden in kinds)

    def by_proof(self, proof_no: str) -> OpenBurden | None:
        """The burden with this proof number."""
        return next((opened for opened in self.burdens if proof_no and opened.burden.proof_no == proof_no), None)

    def standing(self, opened: OpenBurden, today: date) -> BurdenFact | None:
        """What one of its burdens counts as on that day; None when it does not count (`burdens.standing_on`)."""
        return standing_on(replace(opened.burden, final_by=self.final_days.get(opened.burden_no)), today)

    def next_rank(self) -> int:
        """The rank of a mortgage added now: behind the mortgages, and the notices of mortgages to come (民法典 414).

        A mortgage that follows its notice has the notice's rank (担保解释 52).
        """
        ranked = self.of_kind({*MORTGAGES, Burden.MORTGAGE_NOTICE})
        return 1 + max((opened.burden.rank for opened in ranked), default=0)
