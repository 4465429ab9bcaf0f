"""From settled dues to the archive: the recording itself is the register's door, everything here prepares or follows."""

from __future__ import annotations

from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.cases import decisions, dues, reports_upward
from tongban.cases.models import Case
from tongban.cases.moves import StepData
from tongban.certificates import issue
from tongban.directory import lookup
from tongban.directory.time_limits import after_workdays
from tongban.domain import numbering
from tongban.domain.acts import Act
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import EntryInput, FoundBy, ServiceItem
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.errors import WrongState
from tongban.domain.judging import concerned, papers_of
from tongban.domain.reasons import Reasons
from tongban.domain.unit_page import UnitPage
from tongban.domain.wires import as_mapping, as_text
from tongban.register import book, numbers, reading
from tongban.register.requests import RecordRequest


def settle(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Everything due is paid or exempt, every office has answered; without dues it is settled at once (48号文 五（五）)."""
    if dues.are_open(case):
        raise WrongState("dues_open", "税费还没有结清，或者还有部门没有答复，不能登簿。")
    return None


def record(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Write the case into the book, under the units' locks, and prepare its certificates in the same transaction.

    Exclusions and restrictions are decided once more here; an order that arrived before refuses (查扣冻规定 23).
    """
    item = CATALOGUE[case.item_number]
    codes = tuple(UnitCode(unit.unit_code) for unit in case.units.order_by("pk"))
    book.lock(codes)
    decision = decisions.evaluate(case, data)
    if standing := (*decision.refusals, *decision.conditions):
        return decisions.refusal_for(case, standing[0])
    pages = tuple(reading.page(code) for code in codes)
    if refusal := _no_longer_fits(case, item, pages[0]):
        return refusal
    entries = item.entries(_input(case, pages, data))
    outcome = book.record(
        RecordRequest(
            unit_codes=codes,
            entries=entries,
            acts=_acts(case, item),
            evidence=frozenset(case.evidence),
            recorder=actor,
            case_no=case.case_no,
            key=f"case:{case.case_no}",
            now=data.now,
            registry=case.home_registry,
            concerns=concerned((one.burden for page in pages for one in page.burdens), _papers(case, item)),
        )
    )
    if isinstance(outcome, Refusal):
        return Refusal(outcome.reason, outcome.facts, outcome.where or decisions.place(case))
    reports_upward.queue(case, item, entries, outcome)
    written = zip(entries, outcome.entries, strict=True)
    licences = issue.prepare(case_no=case.case_no, registry=case.home_registry, written=written, now=data.now)
    case.licence_id = next(iter(licences), "")
    case.certificate_no = issue.number_of(case.licence_id) if case.licence_id else ""
    return None


def _acts(case: Case, item: ServiceItem) -> tuple[Act, ...]:
    """The acts the application is about, as its form says."""
    return item.acts_of({key: as_text(value) for key, value in as_mapping(case.package["form"]).items()})


def _papers(case: Case, item: ServiceItem) -> frozenset[str]:
    """The numbers of the papers the application was made with or names."""
    form = {key: as_text(value) for key, value in as_mapping(case.package["form"]).items()}
    return papers_of(item, form, as_text(case.package["certificate_no"]))


def _no_longer_fits(case: Case, item: ServiceItem, page: UnitPage) -> Refusal | None:
    """The paper the application was made with is no longer in force."""
    shown = as_text(case.package["certificate_no"])
    if item.found_by is FoundBy.TITLE:
        if page.title is None:
            return Refusal(Reasons.NO_FIRST_REGISTRATION, where=decisions.place(case))
        if page.title.certificate_no != shown:
            return Refusal(Reasons.CERTIFICATE_NOT_CURRENT, where=decisions.place(case))
    if item.found_by is FoundBy.PROOF and page.by_proof(shown) is None:
        return Refusal(Reasons.CERTIFICATE_NOT_CURRENT, where=decisions.place(case))
    return None


def _input(case: Case, pages: tuple[UnitPage, ...], data: StepData) -> EntryInput:
    """What the item's entries are made from; each number asked for is drawn from the registry's own sequence."""
    today, place_zh = localdate(data.now), lookup.institution(case.home_registry).short_zh

    def certificate_no() -> CertificateNo:
        seq = numbers.draw(numbers.NumberKind.CERTIFICATE, case.home_registry, today.year)
        return numbering.certificate_no(today.year, place_zh, seq)

    def proof_no() -> CertificateNo:
        seq = numbers.draw(numbers.NumberKind.PROOF, case.home_registry, today.year)
        return numbering.proof_no(today.year, place_zh, seq)

    def figure(name: str) -> int:
        return lookup.parameter_count(name, pages[0].unit_code[:6], today)

    form = {key: as_text(value) for key, value in as_mapping(case.package["form"]).items()}
    return EntryInput(pages, form, today, certificate_no, proof_no, figure, after_workdays, frozenset(case.evidence))


def certify(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Every licence is signed, or a newer recording has already overtaken it; a case may have none."""
    if case.case_no not in issue.finished_among([case.case_no]):
        raise WrongState("licence_not_ready", "电子证照还没有签发。")
    return None


def archive(case: Case, actor: Actor, data: StepData) -> Refusal | None:
    """Close the file."""
    return None
