"""Who handles what: message kinds, questions and recurring duties of a site, one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tongban.access import audit_seals
from tongban.cases import checks, opening
from tongban.cases import duties as case_duties
from tongban.certificates import issue
from tongban.domain import messages
from tongban.domain.decision import Refusal
from tongban.enquiries import answering, papers
from tongban.exchange import drain, inbox, outbox
from tongban.exchange.contract.body import Body
from tongban.exchange.contract.handover import HandoverPackage
from tongban.exchange.contract.judicial import JudicialOrder, OrderReceipt
from tongban.exchange.contract.status import StatusReport
from tongban.exchange.contract.supplement import Supplement
from tongban.exchange.contract.withdrawal import Withdrawal
from tongban.exchange.wires import Question, Wire
from tongban.intake import duties as intake_duties
from tongban.intake import following
from tongban.intake.batches import together, working
from tongban.judicial import lines, orders, transfers
from tongban.register import sealing
from tongban.reporting import days, licences, reconciling, sending
from tongban.runtime.duties import Duty

MESSAGES: Mapping[str, Wire] = {
    messages.CASE_HANDOVER: Wire(HandoverPackage, process=opening.open_case),
    messages.CASE_STATUS: Wire(StatusReport, process=following.follow),
    messages.CASE_SUPPLEMENT: Wire(Supplement, process=opening.take_supplement),
    messages.CASE_WITHDRAWAL: Wire(Withdrawal, process=opening.take_withdrawal),
    messages.JUDICIAL_ORDER: Wire(JudicialOrder, arrive=orders.note_delivery, process=orders.process),
    messages.JUDICIAL_RECEIPT: Wire(OrderReceipt),
}
QUESTIONS: Mapping[str, Callable[[Question], Body | Refusal]] = {
    messages.RESTRICTION_CHECK: checks.answer,
    messages.REGISTER_QUERY: answering.answer,
    messages.REGISTER_QUERY_PAPER: papers.answer,
}

DUTIES = (
    Duty("deliver messages", outbox.drain, pause_s=0.05, per_peer=drain.due_peers),
    Duty("process messages", inbox.process_next, pause_s=0.05),
    Duty("settle cases without dues", case_duties.settle_due, pause_s=0.5),
    Duty("certify recorded cases", case_duties.certify_due, pause_s=1.0),
    Duty("accept by lapse of time", case_duties.deem_accepted_due, pause_s=30.0),
    Duty("end public notices", case_duties.end_notices, pause_s=300.0),
    Duty("settle orders of transfer", transfers.settle_due, pause_s=5.0),
    Duty("go on with orders that waited", orders.retry_due, pause_s=5.0),
    Duty("tell who waited for what a court sold", transfers.tell_who_waited, pause_s=300.0),
    Duty("bring lines of seizures up to the day", lines.settle_due, pause_s=60.0),
    Duty("lapse uncorrected cases", case_duties.lapse_due, pause_s=300.0),
    Duty("begin the rows of batches", working.begin_due, pause_s=2.0),
    Duty("do batches together", together.act_due, pause_s=2.0),
    Duty("expire old drafts", intake_duties.expire_due, pause_s=300.0),
    Duty("sign register heads", sealing.seal, pause_s=1.0, batch_s=0.5),
    Duty("seal the audit trail", audit_seals.seal_audit, pause_s=5.0, batch_s=1.0),
    Duty("sign licences", issue.issue_due, pause_s=1.0),
    Duty("seal certificate files", issue.seal_due, pause_s=2.0),
    Duty("report recordings", sending.send_due, pause_s=2.0),
    Duty("report the days", days.send_daily_logs, pause_s=60.0),
    Duty("register licences in the libraries", licences.register_licences_due, pause_s=5.0),
    Duty("compare the libraries", reconciling.reconcile_library, pause_s=60.0),
)
