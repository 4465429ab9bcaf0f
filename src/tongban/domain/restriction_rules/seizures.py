"""Seizures: in force, of what is not yet the debtor's, and waiting in line.

城市房地产管理法 38②; 法发〔2004〕5号 15–20, 22; 查扣冻规定 24, 26.  Nothing that moves the thing, burdens it or cuts it up;
what only frees it, or only says the same in other words, goes on.
"""

from __future__ import annotations

from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.burdens import Burden
from tongban.domain.evidence import Evidence
from tongban.domain.reasons import Reasons
from tongban.domain.restriction_rules.rows import Cell, Rule, allow, need, note, refuse, rows

_MOVES_OR_BURDENS: Final = (
    Act.TRANSFER,
    Act.MORTGAGE,
    Act.ALTER_SHARES,
    Act.PRIORITY_NOTICE,
    Act.HABITATION,
    Act.EASEMENT,
)
_SAME_IN_ANY_SEIZURE: Final[tuple[Cell, ...]] = (
    need(Evidence.SEIZING_ORGAN_TOLD, BurdenReasons.SEIZED_NAME_ONLY, Act.ALTER_NAME),
    need(Evidence.SEIZING_ORGAN_TOLD, BurdenReasons.SEIZED_REISSUE, Act.REISSUE),
    # 查扣冻规定 24: what hinders execution is forbidden only without the court's leave
    need(Evidence.SEIZING_COURT_AGREES, BurdenReasons.SEIZED_UNIT_CHANGES, Act.ALTER_UNIT),
    allow(Act.CORRECT, when=Evidence.CORRECTION_KEEPS_RIGHT),
    refuse(BurdenReasons.CORRECTION_UNDER_SEIZURE, Act.CORRECT),
    # 民法典 423④: a seizure itself brings the determination about; enlarging would take from the seizing creditor
    allow(Act.ALTER_MORTGAGE, when=Evidence.MORTGAGE_NOT_ENLARGED),
    need(Evidence.SEIZING_COURT_AGREES, BurdenReasons.SEIZED_MORTGAGE_CHANGE, Act.ALTER_MORTGAGE),
    note(BurdenReasons.SEIZED_MORTGAGE_MOVES, Act.TRANSFER_MORTGAGE),  # 民法典 407: it goes with the claim
    allow(Act.CANCEL_MORTGAGE, Act.RELEASE, Act.OBJECT, Act.LOOK_UP),
    note(BurdenReasons.WAITS_IN_LINE, Act.SEIZE),
    need(Evidence.SEIZING_COURT_AGREES, BurdenReasons.OTHER_COURT_SEIZED, Act.COMPELLED_TRANSFER),
)

RULES: Final[tuple[Rule, ...]] = (
    *rows(
        Burden.SEIZURE,
        refuse(Reasons.SEIZED, *_MOVES_OR_BURDENS, Act.ALTER_NOTICE),
        allow(Act.CANCEL_NOTICE),
        *_SAME_IN_ANY_SEIZURE,
    ),
    # the debtor's own final registration passes (amendment L4); the notice itself is what is held here
    *rows(
        Burden.PRE_SEIZURE,
        note(BurdenReasons.OWN_REGISTRATION_PASSES, Act.TRANSFER, when=Evidence.OWN_FINAL_REGISTRATION),
        allow(Act.MORTGAGE, when=Evidence.OWN_FINAL_REGISTRATION),  # 担保解释 52②: it ranks from its notice
        refuse(BurdenReasons.PRE_SEIZED, *_MOVES_OR_BURDENS),
        refuse(BurdenReasons.PRE_SEIZED_NOTICE, Act.ALTER_NOTICE, Act.CANCEL_NOTICE),
        *_SAME_IN_ANY_SEIZURE,
    ),
    # one waiting without one in force cannot be (7.4); until it is promoted it counts as in force
    *rows(
        Burden.WAITING_SEIZURE,
        refuse(Reasons.SEIZED, *_MOVES_OR_BURDENS, Act.ALTER_NOTICE),
        allow(Act.CANCEL_NOTICE),
        *_SAME_IN_ANY_SEIZURE,
    ),
)
