"""A case begins: the sealed package of a receiving institution arrives at the home registry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import cast

from django.db import connection, transaction
from django.utils.timezone import localdate

from tongban.access.actors import Actor, system
from tongban.access.audit import audit
from tongban.cases import clocks, decisions, dues, flow, reports
from tongban.cases.models import Case, CaseUnit
from tongban.cases.moves import StepData
from tongban.domain import numbering
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.codes import CaseNo
from tongban.domain.decision import Refusal
from tongban.domain.errors import BadReply, WrongState
from tongban.domain.lifecycle import CaseState
from tongban.exchange.contract.handover import HandoverPackage
from tongban.exchange.contract.supplement import Supplement
from tongban.exchange.contract.withdrawal import Withdrawal
from tongban.exchange.wires import StoredMessage

_DRAW = """
INSERT INTO cases_casecounter (division, day, last) VALUES (%s, %s, 1)
ON CONFLICT (division, day) DO UPDATE SET last = cases_casecounter.last + 1
RETURNING last
"""


def open_case(message: StoredMessage, now: datetime) -> None:
    """Open the case of one handed-over package; the answer time runs from the window's receipt (facts L3)."""
    package = cast("HandoverPackage", message.body)
    _check(package, message)
    actor = system("handover", message.to)
    with transaction.atomic():
        case_no = draw_case_no(package.units[0][:6], localdate(now))
        case = Case.objects.create(
            case_no=case_no,
            application_no=package.application_no,
            item_number=package.service_item,
            channel=package.channel,
            home_registry=message.to,
            receiving_registry=message.source,
            state=CaseState.RECEIVED,
            state_since=now,
            package=package.to_wire(),
            package_digest=message.digest,
            package_message=message.id,
            received_at=package.received_at,
            opened_at=now,
            answer_due_at=clocks.answer_due_at(package.received_at, message.to),
        )
        item = CATALOGUE[package.service_item]
        _take_units(case, item, package.units)
        dues.open_steps(case, item, now)
        data = StepData(key=f"open:{message.id}", now=now, note_zh="收到异地窗口移交")
        decisions.evaluate(case, data)
        case.save()
        flow.write_move(case, "open", "", actor, data)
        reports.send_status(case, data)
        audit(actor, "case.open", case_no, case_no=case_no, detail={"from": message.source})


def _take_units(case: Case, item: ServiceItem, units: Iterable[str]) -> None:
    """The case stands on its units; where another disposal is open already, the earlier keeps its place (条例 18).

    The later case is opened all the same: two windows may have drafted before either handed over, and the home
    registry, not a queue of messages, tells the applicants that another case goes first.
    """
    codes = tuple(dict.fromkeys(units))
    taken: set[str] = set()
    if item.disposes:
        first = CaseUnit.objects.filter(unit_code__in=codes, is_open=True, is_exclusive=True)
        taken.update(first.values_list("unit_code", flat=True))
    CaseUnit.objects.bulk_create(
        CaseUnit(case=case, unit_code=code, act=item.act.value, is_exclusive=item.disposes and code not in taken)
        for code in codes
    )


def take_supplement(message: StoredMessage, now: datetime) -> None:
    """The applicant put right what the correction list asked for."""
    body = cast("Supplement", message.body)
    case = _case_of(body.application_no, message)
    package = dict(case.package)
    wire = body.to_wire()
    for part in ("form", "materials", "inquiry", "signatures", "parties", "clerk"):
        if wire.get(part):
            package[part] = wire[part]
    actor = system("supplement", message.to)
    note = "；".join(f"{line.material}：{line.answer}" for line in body.answers)
    data = StepData(key=f"supplement:{message.id}", now=now, note_zh=note, package=package)
    flow.advance(case.case_no, "supplement", actor, data)


def take_withdrawal(message: StoredMessage, now: datetime) -> None:
    """The applicants withdraw; when it is too late the answer says so and the case goes on."""
    body = cast("Withdrawal", message.body)
    case = _case_of(body.application_no, message)
    actor = system("withdrawal", message.to)
    data = StepData(key=f"withdraw:{message.id}", now=now, note_zh=body.reason)
    try:
        outcome = flow.advance(case.case_no, "withdraw", actor, data)
        assert not isinstance(outcome, Refusal), "withdrawing has no refusal of its own"
    except WrongState:
        _tell_too_late(case.case_no, actor, now, message)


def _tell_too_late(case_no: str, actor: Actor, now: datetime, message: StoredMessage) -> None:
    with transaction.atomic():
        case = Case.objects.select_for_update().get(case_no=case_no)
        data = StepData(key=f"withdraw-late:{message.id}", now=now, note_zh="案件已登簿或已办结，不能撤回（条例15）")
        flow.write_move(case, "withdraw_refused", case.state, actor, data)
        reports.send_status(case, data)


def _check(package: HandoverPackage, message: StoredMessage) -> None:
    if package.home_registry != message.to or package.receiving_registry != message.source:
        raise BadReply("package_misdirected", "移交的申请与收发机构不符。")
    if package.service_item not in CATALOGUE:
        raise BadReply("item_unknown", "移交的申请是本机构不认识的服务事项。")


def _case_of(application_no: str, message: StoredMessage) -> Case:
    case = Case.objects.filter(application_no=application_no).first()
    if case is None or case.receiving_registry != message.source or case.home_registry != message.to:
        raise BadReply("case_unknown", "这件申请在本机构没有案件，或者不是由该收件机构移交的。")
    return case


def draw_case_no(division: str, day: date) -> CaseNo:
    """The next 业务号 of a division and day; it is the caller's only if the caller's transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [division, day])
        (seq,) = cursor.fetchone()
    return numbering.case_no(division, day, seq)
