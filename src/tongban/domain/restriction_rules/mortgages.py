"""Mortgages: 民法典 394–424; 物权法 191 for what was made before the Civil Code; 54号文; amendment L9."""

from __future__ import annotations

from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.burdens import CIVIL_CODE_FROM, Burden
from tongban.domain.evidence import Evidence
from tongban.domain.reasons import Reasons
from tongban.domain.restriction_rules.rows import (
    BEFORE_CIVIL_CODE,
    Bearing,
    Cell,
    Rule,
    allow,
    need,
    note,
    refuse,
    rows,
    since,
    until,
)

# 民法典 409: a change that takes from the other mortgagees needs their written consent
_CHANGES: Final[tuple[Cell, ...]] = (
    allow(Act.ALTER_MORTGAGE, when=Bearing.THIS_RIGHT),
    allow(Act.ALTER_MORTGAGE, when=Evidence.MORTGAGE_NOT_ENLARGED),
    need(Evidence.OTHER_MORTGAGEES_CONSENT, BurdenReasons.OTHER_MORTGAGEES, Act.ALTER_MORTGAGE),
)
_GOES_ON: Final[tuple[Cell, ...]] = (
    allow(Act.ALTER_NAME, Act.CORRECT, Act.REISSUE, Act.ALTER_NOTICE, Act.CANCEL_NOTICE, Act.CANCEL_MORTGAGE),
    allow(Act.RELEASE, Act.OBJECT, Act.LOOK_UP, Act.SEIZE),
    note(BurdenReasons.RANKS_BEHIND, Act.MORTGAGE),  # 民法典 414
    note(BurdenReasons.MORTGAGE_STAYS, Act.ALTER_SHARES),  # 民法典 395, 406: it lies on the whole thing
    note(BurdenReasons.MORTGAGE_COMES_FIRST, Act.EASEMENT),  # a later burden yields to it
)
_MAY_HARM: Final[tuple[Cell, ...]] = (
    need(Evidence.MORTGAGEE_CONSENT, BurdenReasons.MORTGAGEE_CONSENT, Act.HABITATION),
    need(Evidence.MORTGAGEE_CONSENT, BurdenReasons.MORTGAGED_UNIT_CHANGES, Act.ALTER_UNIT),  # 民法典 408
    note(BurdenReasons.COURT_HANDLES_MORTGAGE, Act.COMPELLED_TRANSFER),  # 民法典 410
)
# 物权法 191②: until the end of 2020 no transfer without the mortgagee's consent; 民法典 406 turned it round
_MOVES_WITH_THE_THING: Final[tuple[Cell, ...]] = (
    until(
        BEFORE_CIVIL_CODE,
        need(Evidence.MORTGAGEE_CONSENT, BurdenReasons.OLD_MORTGAGE_CONSENT, Act.TRANSFER, Act.PRIORITY_NOTICE),
    ),
    since(CIVIL_CODE_FROM, note(BurdenReasons.MORTGAGE_FOLLOWS, Act.TRANSFER)),
    since(CIVIL_CODE_FROM, allow(Act.PRIORITY_NOTICE)),
)

RULES: Final[tuple[Rule, ...]] = (
    *rows(Burden.MORTGAGE, *_MOVES_WITH_THE_THING, *_GOES_ON, *_MAY_HARM, *_CHANGES, allow(Act.TRANSFER_MORTGAGE)),
    # 民法典 406; 担保解释 43; 54号文: only an agreement that stands in the register
    *rows(
        Burden.MORTGAGE_NO_TRANSFER,
        allow(Act.TRANSFER, when=Evidence.HEIR_OR_LEGATEE),  # 民法典 230
        need(Evidence.MORTGAGEE_CONSENT, Reasons.NO_TRANSFER_AGREED, Act.TRANSFER, Act.PRIORITY_NOTICE),
        *_GOES_ON,
        *_MAY_HARM,
        *_CHANGES,
        allow(Act.TRANSFER_MORTGAGE),
    ),
    # made before 2021-01-01 and still there: 物权法 191 goes on for it (54号文 三)
    *rows(
        Burden.MORTGAGE_OLD,
        allow(Act.TRANSFER, when=Evidence.HEIR_OR_LEGATEE),  # 民法典 230
        need(Evidence.MORTGAGEE_CONSENT, BurdenReasons.OLD_MORTGAGE_CONSENT, Act.TRANSFER, Act.PRIORITY_NOTICE),
        *_GOES_ON,
        *_MAY_HARM,
        *_CHANGES,
        allow(Act.TRANSFER_MORTGAGE),
    ),
    # 民法典 420–424; 421: before the claims are determined, part of them moves without the mortgage
    *rows(
        Burden.MORTGAGE_MAXIMUM,
        *_MOVES_WITH_THE_THING,
        *_GOES_ON,
        *_MAY_HARM,
        *_CHANGES,
        allow(Act.TRANSFER_MORTGAGE, when=Bearing.ANOTHER_RIGHT),
        need(Evidence.MAXIMUM_MORTGAGE_MAY_MOVE, BurdenReasons.MAXIMUM_NOT_DETERMINED, Act.TRANSFER_MORTGAGE),
    ),
    # amendment L9: the mortgage or its claim is frozen; another mortgage on the same thing is not
    *rows(
        Burden.MORTGAGE_FROZEN,
        *_MOVES_WITH_THE_THING,
        allow(Act.ALTER_MORTGAGE, Act.TRANSFER_MORTGAGE, Act.CANCEL_MORTGAGE, when=Bearing.ANOTHER_RIGHT),
        refuse(BurdenReasons.MORTGAGE_FROZEN, Act.ALTER_MORTGAGE, Act.TRANSFER_MORTGAGE, Act.CANCEL_MORTGAGE),
        note(BurdenReasons.RANKS_BEHIND, Act.MORTGAGE),
        note(BurdenReasons.MORTGAGE_STAYS, Act.ALTER_SHARES),
        # 民法典 408 asks the mortgagee, who cannot speak for what is frozen (查扣冻规定 24): the court that froze it does
        need(Evidence.SEIZING_COURT_AGREES, BurdenReasons.FROZEN_MORTGAGE_UNIT_CHANGES, Act.ALTER_UNIT),
        note(BurdenReasons.MORTGAGE_COMES_FIRST, Act.EASEMENT),
        allow(Act.ALTER_NAME, Act.CORRECT, Act.REISSUE, Act.ALTER_NOTICE, Act.CANCEL_NOTICE, Act.HABITATION),
        allow(Act.RELEASE, Act.OBJECT, Act.LOOK_UP, Act.SEIZE),
        need(Evidence.COURT_ADDRESSED, BurdenReasons.COURT_MUST_ADDRESS, Act.COMPELLED_TRANSFER),
    ),
)
