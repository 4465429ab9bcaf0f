"""The table of burdens and acts (facts 6), one file for each group of burdens, in the order they are asked.

A pair may have rows with `when` (a proof that changes the case) before its last row, which has none.  The first row
that fits and is law on the day speaks.  A row without a reason lets the act pass in silence; an ALLOW with a reason is
a note.
"""

from __future__ import annotations

from typing import Final

from tongban.domain.acts import Act
from tongban.domain.restriction_rules import holders, mortgages, notices, proceedings, seizures, uses
from tongban.domain.restriction_rules.rows import Bearing, Rule

__all__ = ["RULES", "Act", "Bearing", "Rule"]

RULES: Final[tuple[Rule, ...]] = (
    *seizures.RULES,
    *notices.RULES,
    *mortgages.RULES,
    *uses.RULES,
    *proceedings.RULES,
    *holders.RULES,
)
