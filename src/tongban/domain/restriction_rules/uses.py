"""Rights of use on another's thing: habitation (民法典 366–371) and easements (民法典 372–385)."""

from __future__ import annotations

from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.burdens import Burden
from tongban.domain.evidence import Evidence
from tongban.domain.restriction_rules.rows import Bearing, Rule, allow, need, note, rows

RULES: Final[tuple[Rule, ...]] = (
    *rows(
        Burden.HABITATION,
        note(BurdenReasons.HABITATION_STAYS, Act.TRANSFER, Act.MORTGAGE, Act.ALTER_SHARES, Act.COMPELLED_TRANSFER),
        need(Evidence.HABITANT_CONSENT, BurdenReasons.SECOND_HABITATION, Act.HABITATION),
        need(Evidence.HABITANT_CONSENT, BurdenReasons.INHABITED_UNIT_CHANGES, Act.ALTER_UNIT),
        # 民法典 379: no easement over the head of who already has the use
        need(Evidence.HABITANT_CONSENT, BurdenReasons.EASEMENT_OVER_HABITATION, Act.EASEMENT),
        allow(Act.ALTER_NAME, Act.CORRECT, Act.REISSUE, Act.PRIORITY_NOTICE, Act.ALTER_NOTICE, Act.CANCEL_NOTICE),
        allow(Act.ALTER_MORTGAGE, Act.TRANSFER_MORTGAGE, Act.CANCEL_MORTGAGE),
        allow(Act.RELEASE, Act.OBJECT, Act.LOOK_UP, Act.SEIZE),
    ),
    # 民法典 380–383: it goes with the land, whoever holds it and however it is divided
    *rows(
        Burden.EASEMENT,
        note(
            BurdenReasons.EASEMENT_STAYS,
            Act.TRANSFER,
            Act.MORTGAGE,
            Act.ALTER_SHARES,
            Act.ALTER_UNIT,
            Act.PRIORITY_NOTICE,
            Act.HABITATION,
            Act.COMPELLED_TRANSFER,
        ),
        allow(Act.EASEMENT, when=Bearing.THIS_RIGHT),
        note(BurdenReasons.EASEMENT_STAYS, Act.EASEMENT),
        allow(Act.ALTER_NAME, Act.CORRECT, Act.REISSUE, Act.ALTER_NOTICE, Act.CANCEL_NOTICE),
        allow(Act.ALTER_MORTGAGE, Act.TRANSFER_MORTGAGE, Act.CANCEL_MORTGAGE),
        allow(Act.RELEASE, Act.OBJECT, Act.LOOK_UP, Act.SEIZE),
    ),
)
