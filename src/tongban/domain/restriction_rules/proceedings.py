"""What is under way: another case, a court's transfer, an order just arrived, a limit set by an administration."""

from __future__ import annotations

from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.burdens import Burden
from tongban.domain.evidence import Evidence
from tongban.domain.restriction_rules.rows import Rule, allow, need, note, refuse, rows

_NEW_RIGHTS: Final = (
    Act.TRANSFER,
    Act.MORTGAGE,
    Act.ALTER_SHARES,
    Act.PRIORITY_NOTICE,
    Act.HABITATION,
    Act.EASEMENT,
)
_CHECKED: Final = (
    Act.ALTER_NAME,
    Act.ALTER_UNIT,
    Act.CORRECT,
    Act.REISSUE,
    Act.ALTER_NOTICE,
    Act.ALTER_MORTGAGE,
    Act.TRANSFER_MORTGAGE,
)
_FREES: Final = (Act.CANCEL_MORTGAGE, Act.CANCEL_NOTICE, Act.RELEASE)

RULES: Final[tuple[Rule, ...]] = (
    # accepted, not yet recorded; a court's seizure always goes first (查扣冻规定 23)
    *rows(
        Burden.PENDING_CASE,
        allow(
            *_NEW_RIGHTS, Act.ALTER_UNIT, Act.ALTER_MORTGAGE, Act.TRANSFER_MORTGAGE, when=Evidence.SAME_COMBINED_CASE
        ),
        refuse(BurdenReasons.ANOTHER_CASE_FIRST, *_NEW_RIGHTS),
        need(Evidence.PENDING_CASE_SETTLED, BurdenReasons.ANOTHER_CASE_CHECKED, *_CHECKED),
        allow(*_FREES, Act.OBJECT, Act.LOOK_UP, Act.SEIZE, Act.COMPELLED_TRANSFER),
    ),
    # 查扣冻规定 23②
    *rows(
        Burden.COURT_TRANSFER,
        refuse(BurdenReasons.COURT_TRANSFER_FIRST, *_NEW_RIGHTS, *_CHECKED),
        allow(*_FREES, Act.OBJECT, Act.LOOK_UP, Act.COMPELLED_TRANSFER),
        note(BurdenReasons.AFTER_COURT_TRANSFER, Act.SEIZE),
    ),
    # arrived, not yet carried out: it counts as delivered (查扣冻规定 23), and nobody is told what it is.  It may hold a
    # mortgage or a notice, so even what frees the thing waits these minutes.
    *rows(
        Burden.UNREAD_ORDER,
        refuse(BurdenReasons.BEING_PROCESSED, *_NEW_RIGHTS, *_CHECKED, Act.CANCEL_MORTGAGE, Act.CANCEL_NOTICE),
        allow(Act.RELEASE, Act.OBJECT, Act.LOOK_UP, Act.SEIZE),
        need(Evidence.ORDERS_IN_SEQUENCE, BurdenReasons.BEING_PROCESSED, Act.COMPELLED_TRANSFER),
    ),
    # 国有土地上房屋征收与补偿条例 16; papers on subsidised housing; 条例 22④
    *rows(
        Burden.ADMINISTRATIVE,
        allow(Act.ALTER_MORTGAGE, when=Evidence.MORTGAGE_NOT_ENLARGED),
        allow(Act.COMPELLED_TRANSFER, when=Evidence.COURT_ADDRESSED),  # 法发〔2004〕5号 3; 细则 19
        need(
            Evidence.LIMITING_ORGAN_CONSENT,
            BurdenReasons.ADMINISTRATIVE_LIMIT,
            Act.TRANSFER,
            Act.MORTGAGE,
            Act.ALTER_SHARES,
            Act.ALTER_UNIT,
            Act.ALTER_NOTICE,
            Act.ALTER_MORTGAGE,
            Act.COMPELLED_TRANSFER,
        ),
        refuse(BurdenReasons.ADMINISTRATIVE_LIMIT, Act.PRIORITY_NOTICE, Act.HABITATION, Act.EASEMENT),
        allow(Act.ALTER_NAME, Act.CORRECT, Act.REISSUE, Act.TRANSFER_MORTGAGE, *_FREES),
        allow(Act.OBJECT, Act.LOOK_UP, Act.SEIZE),
    ),
)
