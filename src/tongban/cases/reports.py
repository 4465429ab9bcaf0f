"""What a case tells its receiving institution: one signed status report per move."""

from __future__ import annotations

from django.utils.timezone import localdate

from tongban.cases import clocks, public_notices
from tongban.cases.models import Case
from tongban.cases.moves import StepData
from tongban.certificates import queries as licences
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.codes import InstitutionCode
from tongban.domain.decision import Refusal
from tongban.domain.lifecycle import CaseState, case_text
from tongban.domain.messages import CASE_STATUS
from tongban.exchange import outbox
from tongban.exchange.contract.status import CertificateBody, CorrectionBody, StatusReport


def send_status(case: Case, data: StepData) -> None:
    """Queue the report of the move just made, in the move's own transaction."""
    state, issued = CaseState(case.state), _certificates(case)
    text = case_text(state, issues=bool(CATALOGUE[case.item_number].issues))
    body = StatusReport(
        application_no=case.application_no,
        case_no=case.case_no,
        state=state.value,
        state_zh=text.name_zh,
        happened_at=data.now,
        next_zh=text.next_zh,
        due_on=case.service_due_on,
        legal_clock=clocks.workdays_used(case, localdate(data.now)),
        corrections=tuple(
            CorrectionBody(material=line.material_key, what=line.what_zh, cure=line.cure_zh)
            for line in data.corrections
        ),
        refusal=Refusal.from_wire(case.refusal) if case.refusal else None,
        certificate=next(iter(issued), None),
        more_certificates=issued[1:],
        note_zh=data.note_zh or public_notices.words_for(case),
    )
    outbox.send(
        CASE_STATUS,
        sender=InstitutionCode(case.home_registry),
        to=InstitutionCode(case.receiving_registry),
        subject=case.application_no,
        body=body,
        now=data.now,
    )


def _certificates(case: Case) -> tuple[CertificateBody, ...]:
    """Every certificate and proof that the recording brought, the title's first."""
    if not case.licence_id:
        return ()
    return tuple(
        CertificateBody(licence_id=one.identifier, certificate_no=one.certificate_no, digest="")
        for one in licences.licences_of_case(case.case_no)
    )
