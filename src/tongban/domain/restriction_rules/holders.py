"""What lies in the holder, the quarrel about him, his dues, and the nature of the thing."""

from __future__ import annotations

from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.burdens import Burden
from tongban.domain.evidence import Evidence
from tongban.domain.reasons import Reasons
from tongban.domain.restriction_rules.rows import Rule, allow, need, note, refuse, rows

_BY_OTHERS: Final = (  # whoever holds the title, these are the acts of somebody else or bind nobody
    Act.TRANSFER_MORTGAGE,
    Act.CANCEL_MORTGAGE,
    Act.CANCEL_NOTICE,
    Act.RELEASE,
    Act.OBJECT,
    Act.LOOK_UP,
    Act.SEIZE,
)
_BY_THE_OWNER: Final = (
    Act.MORTGAGE,
    Act.ALTER_NAME,
    Act.ALTER_SHARES,
    Act.ALTER_UNIT,
    Act.REISSUE,
    Act.PRIORITY_NOTICE,
    Act.ALTER_NOTICE,
    Act.HABITATION,
    Act.EASEMENT,
    Act.ALTER_MORTGAGE,
)
_DISPOSALS: Final = (
    Act.TRANSFER,
    Act.MORTGAGE,
    Act.ALTER_SHARES,
    Act.ALTER_UNIT,
    Act.PRIORITY_NOTICE,
    Act.ALTER_NOTICE,
    Act.HABITATION,
    Act.EASEMENT,
    Act.ALTER_MORTGAGE,
)

RULES: Final[tuple[Rule, ...]] = (
    # 民法典 230, 232, 934: the heirs hold from the death on, and register themselves first
    *rows(
        Burden.OWNER_DEAD,
        allow(Act.TRANSFER, Act.HABITATION, when=Evidence.HEIR_OR_LEGATEE),  # 民法典 371: a will may give a habitation
        allow(Act.TRANSFER, when=Evidence.COURT_PAPER_IN_FORCE),  # 民法典 229
        refuse(BurdenReasons.OWNER_DEAD, Act.TRANSFER, *_BY_THE_OWNER),
        allow(Act.CORRECT, *_BY_OTHERS, Act.COMPELLED_TRANSFER),
    ),
    # 公司法 on liquidation; 企业破产法 25
    *rows(
        Burden.OWNER_DISSOLVED,
        need(Evidence.LIQUIDATOR_ACTS, BurdenReasons.OWNER_DISSOLVED, Act.TRANSFER, Act.CORRECT, *_BY_THE_OWNER),
        allow(*_BY_OTHERS, Act.COMPELLED_TRANSFER),
    ),
    # 条例 22②: while it is not settled; an objection is what a dispute calls for
    *rows(
        Burden.DISPUTE,
        allow(*_DISPOSALS, when=Evidence.DISPUTE_ENDED),
        allow(Act.ALTER_MORTGAGE, when=Evidence.MORTGAGE_NOT_ENLARGED),
        refuse(Reasons.DISPUTED, *_DISPOSALS),
        allow(Act.CORRECT, when=Evidence.OWNER_CONSENT),  # 民法典 220
        need(Evidence.DISPUTE_ENDED, BurdenReasons.DISPUTE_CORRECTION, Act.CORRECT),
        allow(Act.ALTER_NAME, Act.REISSUE, *_BY_OTHERS, Act.COMPELLED_TRANSFER),
    ),
    # 契税法 11; 土增条例 12
    *rows(
        Burden.TAX_UNPAID,
        allow(Act.TRANSFER, when=Evidence.TAX_SETTLED),
        refuse(Reasons.DEED_TAX_UNPAID, Act.TRANSFER),
        allow(Act.CORRECT, *_BY_THE_OWNER, *_BY_OTHERS),
        need(Evidence.TAX_SETTLED, BurdenReasons.COURT_TAX, Act.COMPELLED_TRANSFER),
    ),
    # 民法典 356, 357, 397; 查扣冻规定 21
    *rows(
        Burden.LAND_HOUSE_PARTED,
        refuse(BurdenReasons.LAND_AND_HOUSE_TOGETHER, Act.TRANSFER, Act.MORTGAGE, Act.ALTER_UNIT),
        allow(Act.ALTER_NAME, Act.ALTER_SHARES, Act.CORRECT, Act.REISSUE, Act.ALTER_MORTGAGE, Act.TRANSFER_MORTGAGE),
        allow(Act.PRIORITY_NOTICE, Act.ALTER_NOTICE, Act.HABITATION, Act.EASEMENT),
        allow(Act.CANCEL_MORTGAGE, Act.CANCEL_NOTICE, Act.RELEASE, Act.OBJECT, Act.LOOK_UP),
        note(BurdenReasons.COVERS_LAND_AND_HOUSE, Act.SEIZE, Act.COMPELLED_TRANSFER),
    ),
    # 民法典 399③, non-profit bodies only (amendment L8)
    *rows(
        Burden.PUBLIC_FACILITY,
        allow(Act.ALTER_MORTGAGE, when=Evidence.MORTGAGE_NOT_ENLARGED),
        refuse(BurdenReasons.PUBLIC_FACILITY, Act.MORTGAGE, Act.ALTER_MORTGAGE),
        allow(Act.TRANSFER, Act.ALTER_NAME, Act.ALTER_SHARES, Act.ALTER_UNIT, Act.CORRECT, Act.REISSUE),
        allow(Act.PRIORITY_NOTICE, Act.ALTER_NOTICE, Act.HABITATION, Act.EASEMENT),
        allow(*_BY_OTHERS, Act.COMPELLED_TRANSFER),
    ),
)
