"""Advance notices and objections, in force and lapsed: 民法典 220, 221; 细则 83–85."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.burdens import Burden
from tongban.domain.evidence import Evidence
from tongban.domain.reasons import Reasons
from tongban.domain.restriction_rules.rows import Bearing, Cell, Rule, allow, need, note, rows

_REPEATS: Final = need(Evidence.OTHER_OBJECTION, Reasons.REPEATED_OBJECTION, Act.OBJECT)

# 民法典 230: the heir holds from the death on; an inheritance is neither a transfer nor a disposal
_INHERITED: Final = (allow(Act.TRANSFER, when=Evidence.HEIR_OR_LEGATEE),)

# 民法典 221: without the holder's consent a disposal has no effect
_OF_BUYERS: Final[tuple[Cell, ...]] = (
    allow(Act.TRANSFER, Act.MORTGAGE, when=Evidence.OWN_FINAL_REGISTRATION),
    *_INHERITED,
    allow(Act.ALTER_MORTGAGE, when=Evidence.MORTGAGE_NOT_ENLARGED),
    allow(Act.CORRECT, when=Evidence.CORRECTION_KEEPS_RIGHT),  # a slip of the pen is no disposal
    need(
        Evidence.NOTICE_HOLDER_CONSENT,
        Reasons.NOTICE_CONSENT,
        Act.TRANSFER,
        Act.MORTGAGE,
        Act.ALTER_SHARES,
        Act.ALTER_UNIT,
        Act.CORRECT,
        Act.PRIORITY_NOTICE,
        Act.HABITATION,
        Act.EASEMENT,
        Act.ALTER_MORTGAGE,
    ),
    allow(Act.ALTER_NAME, Act.REISSUE, Act.ALTER_NOTICE, Act.TRANSFER_MORTGAGE, Act.SEIZE),
    allow(Act.CANCEL_MORTGAGE, Act.CANCEL_NOTICE, Act.RELEASE, Act.OBJECT, Act.LOOK_UP),
    need(Evidence.COURT_ADDRESSED, BurdenReasons.COURT_MUST_ADDRESS, Act.COMPELLED_TRANSFER),
)
# 担保解释 52; the buyer's own transfer needs no fresh consent (amendment L4).  A buyer's notice given on or given up
# takes the ground from under the bank's notice that rests on it.
_OF_BANKS: Final[tuple[Cell, ...]] = (
    allow(Act.TRANSFER, Act.MORTGAGE, when=Evidence.OWN_FINAL_REGISTRATION),
    *_INHERITED,
    allow(Act.ALTER_MORTGAGE, when=Evidence.MORTGAGE_NOT_ENLARGED),
    allow(Act.CORRECT, when=Evidence.CORRECTION_KEEPS_RIGHT),
    need(
        Evidence.NOTICE_HOLDER_CONSENT,
        BurdenReasons.MORTGAGE_NOTICE_CONSENT,
        Act.TRANSFER,
        Act.ALTER_UNIT,
        Act.CORRECT,
        Act.HABITATION,
        Act.EASEMENT,  # 物权编解释一 4 names both
        Act.ALTER_MORTGAGE,
    ),
    need(
        Evidence.NOTICE_HOLDER_CONSENT,
        BurdenReasons.MORTGAGE_NOTICE_CONSENT,
        Act.ALTER_NOTICE,
        Act.CANCEL_NOTICE,
        when=Bearing.ANOTHER_RIGHT,
    ),
    note(BurdenReasons.RANKS_BEHIND, Act.MORTGAGE),
    allow(Act.ALTER_NAME, Act.ALTER_SHARES, Act.REISSUE, Act.PRIORITY_NOTICE, Act.ALTER_NOTICE, Act.CANCEL_NOTICE),
    allow(Act.TRANSFER_MORTGAGE, Act.CANCEL_MORTGAGE, Act.RELEASE, Act.OBJECT, Act.LOOK_UP, Act.SEIZE),
    need(Evidence.COURT_ADDRESSED, BurdenReasons.COURT_MUST_ADDRESS, Act.COMPELLED_TRANSFER),
)


def _overdue(cells: Iterable[Cell]) -> Iterable[Cell]:
    """The same once the 90 days are over (民法典 221②): what needed consent goes on when a registrar confirms the lapse.

    The holder's consent serves as before.  His own late registration goes on, and he is told that the days are over: a
    mortgage has the rank of its notice only while that has not lapsed (担保解释 52).
    """
    for cell in cells:
        if cell.lifted_by == Evidence.NOTICE_HOLDER_CONSENT:
            yield allow(*cell.acts, when=Evidence.NOTICE_HOLDER_CONSENT)
            reason, proof = BurdenReasons.NOTICE_MAY_HAVE_LAPSED, Evidence.NOTICE_LAPSE_CONFIRMED.value
            yield replace(cell, reason=reason, lifted_by=proof)
        elif cell.when is Evidence.OWN_FINAL_REGISTRATION:
            yield replace(cell, reason=BurdenReasons.NOTICE_MAY_HAVE_LAPSED)
        else:
            yield cell


RULES: Final[tuple[Rule, ...]] = (
    *rows(Burden.PRIORITY_NOTICE, *_OF_BUYERS),
    *rows(Burden.MORTGAGE_NOTICE, *_OF_BANKS),
    *rows(Burden.NOTICE_OVERDUE, *_overdue(_OF_BUYERS)),
    *rows(Burden.MORTGAGE_NOTICE_OVERDUE, *_overdue(_OF_BANKS)),
    # 民法典 221②: treated as absent, the reader is told
    *rows(Burden.NOTICE_LAPSED, note(BurdenReasons.NOTICE_LAPSED, *Act)),
    # 民法典 220; 细则 84: an objection warns whoever disposes, it does not block
    *rows(
        Burden.OBJECTION,
        *_INHERITED,
        allow(Act.ALTER_MORTGAGE, when=Evidence.MORTGAGE_NOT_ENLARGED),
        need(
            Evidence.OBJECTION_RISK_STATEMENT,
            BurdenReasons.OBJECTION_KNOWN,
            Act.TRANSFER,
            Act.MORTGAGE,
            Act.ALTER_SHARES,
            Act.PRIORITY_NOTICE,
            Act.ALTER_NOTICE,
            Act.HABITATION,
            Act.EASEMENT,
            Act.ALTER_MORTGAGE,
            Act.TRANSFER_MORTGAGE,
        ),
        allow(Act.ALTER_NAME, Act.ALTER_UNIT, Act.CORRECT, Act.REISSUE, Act.SEIZE, Act.COMPELLED_TRANSFER),
        allow(Act.CANCEL_MORTGAGE, Act.CANCEL_NOTICE, Act.RELEASE, Act.LOOK_UP),
        note(BurdenReasons.ANOTHER_OBJECTION, Act.OBJECT),
    ),
    # 细则 83: no longer counts, but the same matter on the same ground cannot be raised again
    *rows(
        Burden.OBJECTION_LAPSED,
        _REPEATS,
        note(BurdenReasons.OBJECTION_LAPSED, *(act for act in Act if act is not Act.OBJECT)),
    ),
)
