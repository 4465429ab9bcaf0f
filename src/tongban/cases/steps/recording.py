"""From settled dues to the archive: the recording itself is the register's door, everything here prepares or follows."""

from __future__ import annotations

from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.cases import decisions
from tongban.cases.models import Case
from tongban.cases.moves import StepData
from tongban.certificates import issue
from tongban.directory import lookup
from tongban.domain import numbering
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import EntryInput
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.errors import WrongState
from tongban.domain.reasons import Reasons
from tongban.domain.wires import as_mapping, as_text
from tongban.register import book, numbers, reading
from tongban.register.requests import RecordRequest


def settle(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Everything due is paid or exempt; an item without dues is settled at once (48号文 五（五）)."""
    if CATALOGUE[case.item_number].dues:
        raise WrongState("dues_open", "税费还没有结清，不能登簿。")
    return None


def record(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Write the case into the book, under the unit's lock, and prepare its certificate in the same transaction.

    Exclusions and restrictions are decided once more here; an order that arrived before refuses (查扣冻规定 23).
    """
    item = CATALOGUE[case.item_number]
    (unit,) = case.units.all()
    code = UnitCode(unit.unit_code)
    book.lock([code])
    decision = decisions.evaluate(case, data)
    if standing := (*decision.refusals, *decision.conditions):
        return decisions.refusal_for(case, standing[0])
    title = reading.title(code)
    if title is None:
        return Refusal(Reasons.NO_FIRST_REGISTRATION, where=decisions.place(case))
    if title.certificate_no != case.package["certificate_no"]:
        return Refusal(Reasons.CERTIFICATE_NOT_CURRENT, where=decisions.place(case))
    number = _certificate_no(case, data)
    form = {key: as_text(value) for key, value in as_mapping(case.package["form"]).items()}
    outcome = book.record(
        RecordRequest(
            unit_codes=(code,),
            entries=item.entries(EntryInput(title, form, number)),
            act=item.act,
            evidence=frozenset(case.evidence),
            recorder=actor,
            case_no=case.case_no,
            key=f"case:{case.case_no}",
            now=data.now,
            registry=case.home_registry,
        )
    )
    if isinstance(outcome, Refusal):
        return Refusal(outcome.reason, outcome.facts, outcome.where or decisions.place(case))
    case.certificate_no = number
    case.licence_id = issue.prepare(
        case_no=case.case_no,
        registry=case.home_registry,
        replaces=title.certificate_no,
        entry=outcome.entries[-1],
        now=data.now,
    )
    return None


def certify(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """The licence is signed, or a newer recording has already overtaken it."""
    if case.licence_id not in issue.finished_among([case.licence_id]):
        raise WrongState("licence_not_ready", "电子证照还没有签发。")
    return None


def archive(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Close the file."""
    return None


def _certificate_no(case: Case, data: StepData) -> CertificateNo:
    year = localdate(data.now).year
    seq = numbers.draw(numbers.NumberKind.CERTIFICATE, case.home_registry, year)
    return numbering.certificate_no(year, lookup.institution(case.home_registry).short_zh, seq)
