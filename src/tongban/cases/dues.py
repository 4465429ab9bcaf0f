"""What other offices have to answer and applicants have to pay before a case may be recorded (48号文 五（五）).

Housing and tax hear of a case when the hand-over arrives; the fee falls due after review.  Every line ends as settled,
exempt, not due or declined, with who answered and on which paper; nothing is recorded while one is open or declined.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import Scope, require
from tongban.cases.models import Case, CaseDue, CaseFile
from tongban.cases.models import DueState as DueState
from tongban.directory.dues_figures import fee_figures
from tongban.domain.catalogue.item import Department, PartyRole, ServiceItem
from tongban.domain.codes import UnitCode, institution_division
from tongban.domain.dues import DueKind
from tongban.domain.errors import InvalidInput, NotFound, Problem, WrongState
from tongban.domain.fees import FeeInput, FeeUnit, fee_use_of, registration_fee
from tongban.domain.fees.terms import PayerKind
from tongban.domain.identity import ENTERPRISE_DOCUMENTS
from tongban.domain.terms import Document, Subject
from tongban.domain.typed import amount_problem, plain_figure
from tongban.domain.wires import as_mapping, as_mappings, as_text
from tongban.register import reading
from tongban.vault import blobs
from tongban.vault.blobs import CleanUpload

VOUCHER_CHARACTERS_MAX = 60
APPROVER_CHARACTERS_MAX = 60
NOTE_CHARACTERS_MAX = 200
EXEMPTION = "exemption"
AMOUNT_MAX_FEN = 10**13
_YUAN = re.compile(r"(0|[1-9][0-9]{0,10})(\.[0-9]{1,2})?", re.ASCII)
ANSWERS = (DueState.SETTLED, DueState.EXEMPT, DueState.NOT_DUE, DueState.DECLINED)
_STEPS = (
    (
        Department.HOUSING,
        DueKind.HOUSING,
        "房屋交易备案审核",
        "《城市房地产管理法》第四十五条；48号文第五条第五项第2目",
    ),
    (Department.TAX, DueKind.TAX, "核税、缴税", "《契税法》第十一条；《土地增值税暂行条例》第十二条"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """How one line ended.  `amount_fen` for what was paid; `voucher_no` is the paper or message that says so.

    An exemption names its approver, and of the registration fee keeps the paper it rests on (财税〔2016〕79号).
    """

    outcome: DueState
    voucher_no: str
    amount_fen: int | None = None
    note_zh: str = ""
    approver_zh: str = ""
    paper: CleanUpload | None = None


def open_steps(case: Case, item: ServiceItem, now: datetime) -> None:
    """The hand-over has arrived: whatever other offices have to answer is asked from now on (E2, E3)."""
    wanted = [(kind, name_zh, law_zh) for step, kind, name_zh, law_zh in _STEPS if step in item.departments]
    CaseDue.objects.bulk_create(
        CaseDue(case=case, position=place, kind=kind, name_zh=name_zh, law_zh=law_zh, opened_at=now)
        for place, (kind, name_zh, law_zh) in enumerate(wanted, 1)
    )


def open_fees(case: Case, item: ServiceItem, now: datetime) -> None:
    """Review is done: the registration fee falls due, one line per bill line (E4); again, it changes nothing.

    Whoever becomes holder of the right pays (2559号 五); the bill says what was counted as one 件.
    """
    if not item.fees or case.dues.filter(kind=DueKind.FEE).exists():
        return
    today = localdate(now)
    figures = fee_figures(institution_division(case.home_registry), today)
    form = {key: as_text(value) for key, value in as_mapping(case.package["form"]).items()}
    found = tuple(_fee_unit(UnitCode(unit.unit_code)) for unit in case.units.order_by("pk"))
    assert any(found), "a case that passed review is about a unit the register knows"
    position = case.dues.count()
    for rule in item.fees:
        if rule.when is not None and not rule.when(form):
            continue
        own = found if rule.place is None else found[rule.place : rule.place + 1]
        units = tuple(one for one in own if one is not None)
        certificates = len(units) if rule.subject is Subject.TITLE and Document.CERTIFICATE in item.issues else 0
        asked = FeeInput(
            rule.fee_class, rule.subject, units, certificates, rule.payer, today, _payer_kind(case, rule.payer),
            is_one_loan=rule.subject is Subject.MORTGAGE,
        )  # fmt: skip
        bill = registration_fee(asked, figures)
        for line in bill.lines:
            if line.amount_fen:
                position += 1
                CaseDue.objects.create(
                    case=case, position=position, kind=DueKind.FEE, payer_role=rule.payer, name_zh=line.name_zh,
                    law_zh=line.law_zh, explanation_zh=f"{line.basis_zh}{bill.pieces_zh}", amount_fen=line.amount_fen,
                    opened_at=now,
                )  # fmt: skip


def are_open(case: Case) -> bool:
    """Whether something still stands between review and recording."""
    return case.dues.filter(state__in=(DueState.OPEN, DueState.DECLINED)).exists()


def answer(case_no: str, position: int, given: Answer, actor: Actor, *, now: datetime) -> None:
    """Write down how one line ended; the same answer again changes nothing.

    Raises NotFound, NotPermitted, InvalidInput, and WrongState for a line that ended otherwise or a case that ended.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(case_no=case_no).first()
        if case is None:
            raise NotFound("case_not_found", "没有这个案件。请核对业务号。")
        require(actor, "case.answer_due", Scope(frozenset({case.home_registry}), case_no))
        due = case.dues.filter(position=position).first()
        if due is None:
            raise NotFound("due_not_found", "这个案件没有这一项税费或者审核。")
        if problems := _problems(due, given):
            raise InvalidInput(problems)
        if due.state == given.outcome and due.voucher_no == given.voucher_no.strip():
            return
        if due.state in (DueState.SETTLED, DueState.EXEMPT, DueState.NOT_DUE) or case.ended_at:
            raise WrongState("due_ended", f"这一项已经是“{due.state_zh}”，不能再改。")
        due.state, due.voucher_no, due.note_zh = given.outcome, given.voucher_no.strip(), given.note_zh.strip()
        due.amount_fen = due.amount_fen if given.amount_fen is None else given.amount_fen
        due.approver_zh = given.approver_zh.strip() if given.outcome == DueState.EXEMPT else ""
        due.answered_by, due.answered_at = actor.id, now
        due.save()
        if given.paper and given.outcome == DueState.EXEMPT:
            _keep_paper(due, given.paper, actor, now)
        detail = {"kind": due.kind, "outcome": str(given.outcome), "voucher": due.voucher_no}
        audit(actor, "case.answer_due", case_no, case_no=case_no, detail=detail, now=now)


def _keep_paper(due: CaseDue, paper: CleanUpload, actor: Actor, now: datetime) -> None:
    registry = due.case.home_registry
    stored = blobs.store(registry, paper.data, paper.name, paper.media_type, purpose="case.exemption")
    CaseFile.objects.create(
        case=due.case, kind=EXEMPTION, position=due.position, name_zh=f"免缴材料（{due.name_zh}）", digest=stored.digest,
        media_type=stored.media_type, added_at=now, added_by=actor.id,
    )  # fmt: skip


def give_back(case: Case, now: datetime) -> None:
    """The case ended without recording: what was paid is to be refunded in full (2559号; decisions)."""
    case.dues.filter(state=DueState.SETTLED, amount_fen__gt=0).update(state=DueState.REFUND_DUE, answered_at=now)
    case.dues.filter(state=DueState.OPEN).update(state=DueState.NOT_DUE, answered_at=now)


def recover(case_no: str, position: int, reason_zh: str, actor: Actor, *, now: datetime) -> None:
    """An exemption rested on something false: what was let off is to be paid after all (79号文).

    Raises NotFound, NotPermitted, InvalidInput, and WrongState for a line that was not let off.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(case_no=case_no).first()
        due = case.dues.filter(position=position).first() if case else None
        if case is None or due is None:
            raise NotFound("due_not_found", "没有这个案件，或者没有这一项税费。")
        require(actor, "case.answer_due", Scope(frozenset({case.home_registry}), case_no))
        if not 1 <= len(reason_zh.strip()) <= NOTE_CHARACTERS_MAX:
            raise InvalidInput([Problem("note", "没有写为什么追缴", "请写明哪一份免缴材料是假的，怎么发现的")])
        if due.state != DueState.EXEMPT:
            raise WrongState("due_not_exempt", f"这一项是“{due.state_zh}”，不是免缴的，不用追缴。")
        due.state, due.note_zh, due.answered_by, due.answered_at = DueState.RECOVERY, reason_zh.strip(), actor.id, now
        due.save()
        audit(actor, "case.recover_due", case_no, case_no=case_no, detail={"kind": due.kind}, now=now)


def fen_of(yuan: str) -> int:
    """An amount typed in yuan, in fen; raises InvalidInput for anything but yuan with at most two decimals."""
    plain = plain_figure(yuan)
    if _YUAN.fullmatch(plain) is None:
        raise InvalidInput([replace(amount_problem("缴了多少", plain), field="amount")])
    whole, _, rest = plain.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)


def _fee_unit(code: UnitCode) -> FeeUnit | None:
    """What the fee looks at; None for a unit that only the recording will make (房屋分割、合并)."""
    facts = reading.unit_facts(code)
    return None if facts is None else FeeUnit(code, fee_use_of(facts.state), facts.state.house_nature)


def _payer_kind(case: Case, role: PartyRole) -> PayerKind:
    """A person, or a body; that it is a small enterprise is for an officer to confirm, with its paper."""
    parties = as_mappings(case.package.get("parties", []))
    papers = {as_text(one["id_kind"]) for one in parties if one["role"] == role.value}
    return PayerKind.OTHER if papers & set(ENTERPRISE_DOCUMENTS[:-1]) else PayerKind.PERSON


def _problems(due: CaseDue, given: Answer) -> list[Problem]:
    problems = []
    if given.outcome not in ANSWERS:
        problems.append(Problem("outcome", "没有选结果", "请选已缴、免缴、不用缴或者没有通过"))
    if not 1 <= len(given.voucher_no.strip()) <= VOUCHER_CHARACTERS_MAX:
        problems.append(
            Problem("voucher_no", "没有写凭据的编号", f"照着税票、票据或者答复文书填，最多{VOUCHER_CHARACTERS_MAX}个字")
        )
    if len(given.note_zh) > NOTE_CHARACTERS_MAX:
        problems.append(Problem("note", f"说明不能超过{NOTE_CHARACTERS_MAX}个字", "请写短一些"))
    if given.outcome == DueState.EXEMPT:
        if not 1 <= len(given.approver_zh.strip()) <= APPROVER_CHARACTERS_MAX:
            problems.append(Problem("approver", "没有写是谁批准免缴的", "写批准的人或者机关，例如 李科长、滑县税务局"))
        if due.kind == DueKind.FEE and given.paper is None:
            problems.append(Problem("paper", "没有存免收的材料", "请扫描或者拍照，例如小微企业名录查询单、低保证"))
    pays = due.kind != DueKind.HOUSING and given.outcome == DueState.SETTLED
    if pays and given.amount_fen is None:
        problems.append(Problem("amount", "没有填缴了多少钱", "照着票据填，单位是元"))
    if given.amount_fen is not None and not 0 <= given.amount_fen <= AMOUNT_MAX_FEN:
        problems.append(Problem("amount", "金额不对", "请照着票据填，单位是元"))
    if due.kind == DueKind.FEE and pays and given.amount_fen != due.amount_fen:
        problems.append(Problem("amount", "缴的钱和应缴的不一样", "请核对票据；多缴、少缴的先到收费窗口改正"))
    return problems
