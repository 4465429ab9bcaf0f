"""Following the home registry's reports: the window never decides, it only shows what it was told."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.db import transaction

from tongban.access.actors import system
from tongban.domain.errors import BadReply, NotFound
from tongban.domain.lifecycle import APPLICATION_MOVES, CaseState, report_action
from tongban.exchange.contract.status import StatusReport
from tongban.exchange.wires import StoredMessage
from tongban.intake.models import Application
from tongban.intake.moves import Act, locked, move, note

DUTY = "status"


def follow(message: StoredMessage, now: datetime) -> None:
    """Take in one status report; reports of one application come in the order the home registry sent them."""
    report = cast("StatusReport", message.body)
    with transaction.atomic():
        application = _reported(report, message)
        application.case_no = report.case_no
        application.report = report.to_wire()
        act = Act(system(DUTY, application.receiving_registry), now, message.id, _words(report))
        action = report_action(CaseState(report.state))
        if action and application.state != APPLICATION_MOVES[action].target:
            move(application, action, act)
        else:
            application.save()
            note(application, "report", act)


def _reported(report: StatusReport, message: StoredMessage) -> Application:
    try:
        application = locked(report.application_no)
    except NotFound as error:
        raise BadReply("application_unknown", "进度报告说的申请本机构没有收过。") from error
    if message.source != application.home_registry or message.to != application.receiving_registry:
        raise BadReply("report_from_stranger", "进度报告不是这件申请的属地登记机构发来的。")
    return application


def _words(report: StatusReport) -> str:
    parts = [report.state_zh, report.note_zh]
    if report.refusal is not None:
        parts.append(report.refusal.reason.what_zh)
    parts += [f"{line.what}（{line.cure}）" for line in report.corrections]
    return "；".join(part for part in parts if part)
