"""The table of burdens and acts, one row per pair: facts 6 of the law, in the order they are asked.

A pair may have rows with `when` (a proof that changes the case) before its last row, which has none.  The first row
that fits speaks.  A row without a reason lets the act pass in silence; an ALLOW with a reason is a note.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tongban.domain.burdens import Burden
from tongban.domain.decision import Reason, Verdict
from tongban.domain.evidence import Evidence
from tongban.domain.reasons import Reasons
from tongban.domain.terms import Term


class Act(Term):
    """What somebody wants to do to the unit."""

    TRANSFER = "transfer", "转移登记"
    MORTGAGE = "mortgage", "抵押权首次登记"
    ALTER_NAME = "alter_name", "权利人姓名、名称、证件变更登记"
    CORRECT = "correct", "更正登记"
    PRIORITY_NOTICE = "priority_notice", "预告登记"
    HABITATION = "habitation", "居住权登记"
    CANCEL_MORTGAGE = "cancel_mortgage", "注销抵押登记"
    SEIZE = "seize", "法院查封"
    COMPELLED_TRANSFER = "compelled_transfer", "法院过户嘱托"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row.  `when`: only if that proof is there.  `lifted_by`: the proof that lifts a CONDITION."""

    burden: Burden
    act: Act
    verdict: Verdict
    reason: Reason | None = None
    lifted_by: str = ""
    when: Evidence | None = None

    def __post_init__(self) -> None:
        assert (self.verdict is Verdict.CONDITION) == bool(self.lifted_by), f"{self.name}: a condition names its proof"
        assert self.verdict is Verdict.ALLOW or self.reason is not None, f"{self.name}: a no needs its reason"

    @property
    def name(self) -> str:
        return f"{self.burden.name}×{self.act.name}"


@dataclass(frozen=True, slots=True)
class _Cell:
    """What some acts get under one burden."""

    acts: tuple[Act, ...]
    verdict: Verdict
    reason: Reason | None = None
    lifted_by: str = ""
    when: Evidence | None = None


def _allow(*acts: Act) -> _Cell:
    return _Cell(acts, Verdict.ALLOW)


def _note(reason: Reason, *acts: Act, when: Evidence | None = None) -> _Cell:
    return _Cell(acts, Verdict.ALLOW, reason, when=when)


def _pass(when: Evidence, *acts: Act) -> _Cell:
    return _Cell(acts, Verdict.ALLOW, when=when)


def _need(proof: Evidence, reason: Reason, *acts: Act) -> _Cell:
    return _Cell(acts, Verdict.CONDITION, reason, lifted_by=proof.value)


def _refuse(reason: Reason, *acts: Act) -> _Cell:
    return _Cell(acts, Verdict.REFUSE, reason)


def _rows(burden: Burden, *cells: _Cell) -> tuple[Rule, ...]:
    return tuple(
        Rule(burden, act, cell.verdict, cell.reason, cell.lifted_by, cell.when) for cell in cells for act in cell.acts
    )


T, M, A, C, P, H, X, S, O = Act  # noqa: E741  -- the columns of the table, in their order
_ALL: Final = tuple(Act)
_E = Evidence

RULES: Final[tuple[Rule, ...]] = (
    # 城市房地产管理法 38; 法发〔2004〕5号 22; 查扣冻规定 24, 26
    *_rows(
        Burden.SEIZURE,
        _refuse(Reasons.SEIZED, T, M, P, H),
        _need(_E.SEIZING_ORGAN_TOLD, Reasons.SEIZED_NAME_ONLY, A),
        _pass(_E.CORRECTION_KEEPS_RIGHT, C),
        _refuse(Reasons.CORRECTION_UNDER_SEIZURE, C),
        _allow(X),
        _note(Reasons.WAITS_IN_LINE, S),
        _need(_E.SEIZING_COURT_AGREES, Reasons.OTHER_COURT_SEIZED, O),
    ),
    # 法发〔2004〕5号 15–18; the debtor's own final registration passes (amendment L4)
    *_rows(
        Burden.PRE_SEIZURE,
        _note(Reasons.OWN_REGISTRATION_PASSES, T, when=_E.OWN_FINAL_REGISTRATION),
        _refuse(Reasons.PRE_SEIZED, T, M, P, H),
        _need(_E.SEIZING_ORGAN_TOLD, Reasons.SEIZED_NAME_ONLY, A),
        _pass(_E.CORRECTION_KEEPS_RIGHT, C),
        _refuse(Reasons.CORRECTION_UNDER_SEIZURE, C),
        _allow(X),
        _note(Reasons.WAITS_IN_LINE, S),
        _need(_E.SEIZING_COURT_AGREES, Reasons.OTHER_COURT_SEIZED, O),
    ),
    # one waiting without one in force cannot be (7.4); until it is promoted it counts as in force
    *_rows(
        Burden.WAITING_SEIZURE,
        _refuse(Reasons.SEIZED, T, M, P, H),
        _need(_E.SEIZING_ORGAN_TOLD, Reasons.SEIZED_NAME_ONLY, A),
        _pass(_E.CORRECTION_KEEPS_RIGHT, C),
        _refuse(Reasons.CORRECTION_UNDER_SEIZURE, C),
        _allow(X),
        _note(Reasons.WAITS_IN_LINE, S),
        _need(_E.SEIZING_COURT_AGREES, Reasons.OTHER_COURT_SEIZED, O),
    ),
    # 民法典 221; 细则 85
    *_rows(
        Burden.PRIORITY_NOTICE,
        _pass(_E.OWN_FINAL_REGISTRATION, T, M),
        _need(_E.NOTICE_HOLDER_CONSENT, Reasons.NOTICE_CONSENT, T, M, C, P, H),
        _allow(A, X, S),
        _need(_E.COURT_ADDRESSED, Reasons.COURT_MUST_ADDRESS, O),
    ),
    # 细则 85; 担保解释 52; the buyer's own transfer needs no fresh consent (amendment L4)
    *_rows(
        Burden.MORTGAGE_NOTICE,
        _pass(_E.OWN_FINAL_REGISTRATION, T, M),
        _need(_E.NOTICE_HOLDER_CONSENT, Reasons.MORTGAGE_NOTICE_CONSENT, T, C, H),
        _note(Reasons.RANKS_BEHIND, M),
        _allow(A, P, X, S),
        _need(_E.COURT_ADDRESSED, Reasons.COURT_MUST_ADDRESS, O),
    ),
    # 民法典 221②: treated as absent, the reader is told
    *_rows(Burden.NOTICE_LAPSED, _note(Reasons.NOTICE_LAPSED, *_ALL)),
    # 民法典 220; 细则 84: an objection warns, it does not block
    *_rows(
        Burden.OBJECTION, _need(_E.OBJECTION_RISK_STATEMENT, Reasons.OBJECTION_KNOWN, T, M, P, H), _allow(A, C, X, S, O)
    ),
    *_rows(Burden.OBJECTION_LAPSED, _allow(*_ALL)),
    # 民法典 406, 410, 414
    *_rows(
        Burden.MORTGAGE,
        _note(Reasons.MORTGAGE_FOLLOWS, T),
        _note(Reasons.RANKS_BEHIND, M),
        _allow(A, C, P, X, S),
        _need(_E.MORTGAGEE_CONSENT, Reasons.MORTGAGEE_CONSENT, H),
        _note(Reasons.COURT_HANDLES_MORTGAGE, O),
    ),
    # 民法典 406; 担保解释 43; 自然资发〔2021〕54号
    *_rows(
        Burden.MORTGAGE_NO_TRANSFER,
        _need(_E.MORTGAGEE_CONSENT, Reasons.NO_TRANSFER_AGREED, T, P),
        _note(Reasons.RANKS_BEHIND, M),
        _allow(A, C, X, S),
        _need(_E.MORTGAGEE_CONSENT, Reasons.MORTGAGEE_CONSENT, H),
        _note(Reasons.COURT_HANDLES_MORTGAGE, O),
    ),
    # made before 2021-01-01: 物权法 191 by 自然资发〔2021〕54号
    *_rows(
        Burden.MORTGAGE_OLD,
        _need(_E.MORTGAGEE_CONSENT, Reasons.MORTGAGEE_CONSENT, T, P, H),
        _note(Reasons.RANKS_BEHIND, M),
        _allow(A, C, X, S),
        _note(Reasons.COURT_HANDLES_MORTGAGE, O),
    ),
    # 民法典 420–424; 查扣冻规定 25
    *_rows(
        Burden.MORTGAGE_MAXIMUM,
        _note(Reasons.MORTGAGE_FOLLOWS, T),
        _note(Reasons.RANKS_BEHIND, M),
        _allow(A, C, P, X, S),
        _need(_E.MORTGAGEE_CONSENT, Reasons.MORTGAGEE_CONSENT, H),
        _note(Reasons.COURT_HANDLES_MORTGAGE, O),
    ),
    # amendment L9: the mortgage itself is frozen
    *_rows(
        Burden.MORTGAGE_FROZEN,
        _note(Reasons.MORTGAGE_FOLLOWS, T),
        _note(Reasons.RANKS_BEHIND, M),
        _allow(A, C, P, H, S),
        _refuse(Reasons.MORTGAGE_FROZEN, X),
        _need(_E.COURT_ADDRESSED, Reasons.COURT_MUST_ADDRESS, O),
    ),
    # 民法典 366–370
    *_rows(
        Burden.HABITATION,
        _note(Reasons.HABITATION_STAYS, T, M, O),
        _allow(A, C, P, X, S),
        _need(_E.HABITANT_CONSENT, Reasons.SECOND_HABITATION, H),
    ),
    # accepted, not yet recorded; a court's seizure always goes first (查扣冻规定 23)
    *_rows(
        Burden.PENDING_CASE,
        _pass(_E.SAME_COMBINED_CASE, T, M, P, H),
        _refuse(Reasons.ANOTHER_CASE_FIRST, T, M, P, H),
        _need(_E.PENDING_CASE_SETTLED, Reasons.ANOTHER_CASE_CHECKED, A, C),
        _allow(X, S, O),
    ),
    # 查扣冻规定 23②
    *_rows(
        Burden.COURT_TRANSFER,
        _refuse(Reasons.COURT_TRANSFER_FIRST, T, M, A, C, P, H),
        _allow(X, O),
        _note(Reasons.AFTER_COURT_TRANSFER, S),
    ),
    # arrived, not yet carried out: it counts as delivered (查扣冻规定 23), and nobody is told what it is
    *_rows(
        Burden.UNREAD_ORDER,
        _refuse(Reasons.BEING_PROCESSED, T, M, A, C, P, H, X),
        _allow(S),
        _need(_E.ORDERS_IN_SEQUENCE, Reasons.BEING_PROCESSED, O),
    ),
    *_rows(
        Burden.ADMINISTRATIVE,
        _need(_E.LIMITING_ORGAN_CONSENT, Reasons.ADMINISTRATIVE_LIMIT, T, M),
        _allow(A, C, X, S),
        _refuse(Reasons.ADMINISTRATIVE_LIMIT, P, H),
        _need(_E.LIMITING_ORGAN_CONSENT, Reasons.ADMINISTRATIVE_LIMIT, O),
    ),
    # 民法典 230, 232
    *_rows(Burden.OWNER_DEAD, _refuse(Reasons.OWNER_DEAD, T, M, A, P, H), _allow(C, X, S, O)),
    *_rows(
        Burden.OWNER_DISSOLVED, _need(_E.LIQUIDATOR_ACTS, Reasons.OWNER_DISSOLVED, T, M, A, C, P, H), _allow(X, S, O)
    ),
    # 条例 22②
    *_rows(
        Burden.DISPUTE,
        _refuse(Reasons.DISPUTED, T, M, P, H),
        _need(_E.DISPUTE_ENDED, Reasons.DISPUTE_CORRECTION, C),
        _allow(A, X, S, O),
    ),
    # 契税法 11; 土增条例 12
    *_rows(
        Burden.TAX_UNPAID,
        _refuse(Reasons.DEED_TAX_UNPAID, T),
        _allow(M, A, C, P, H, X, S),
        _need(_E.TAX_SETTLED, Reasons.COURT_TAX, O),
    ),
    # 民法典 356, 357, 397; 查扣冻规定 21
    *_rows(
        Burden.LAND_HOUSE_PARTED,
        _refuse(Reasons.LAND_AND_HOUSE_TOGETHER, T, M),
        _allow(A, C, P, H, X),
        _note(Reasons.COVERS_LAND_AND_HOUSE, S, O),
    ),
    # 民法典 399③, non-profit bodies only (amendment L8)
    *_rows(Burden.PUBLIC_FACILITY, _refuse(Reasons.PUBLIC_FACILITY, M), _allow(T, A, C, P, H, X, S, O)),
)
