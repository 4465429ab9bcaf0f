"""What is still missing before an application can be handed over; empty means it may go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.item import PartyRole, Requirement, ServiceItem
from tongban.domain.decision import Decision, Finding
from tongban.domain.errors import Problem
from tongban.intake import content, trying
from tongban.intake.models import Application, ApplicationParty, PaperEvent, Signature
from tongban.intake.moves import EDITABLE

FORM, PEOPLE, MATERIALS, INQUIRY, SIGNATURES = "form", "people", "materials", "inquiry", "signatures"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing, and the section of the desk page where it is put right."""

    section: str
    problem: Problem


def gaps(application: Application, today: date) -> tuple[Gap, ...]:
    """Everything that keeps this application from being handed over, in the order of the page."""
    item = CATALOGUE[application.item_number]
    return (
        *(
            Gap(FORM, problem)
            for problem in forms.check_form(item, application.form, today) or trying.found(application)
        ),
        *(Gap(PEOPLE, problem) for problem in _people(application)),
        *(Gap(MATERIALS, problem) for problem in _materials(application, item)),
        *(Gap(INQUIRY, problem) for problem in forms.check_answers(item, application.inquiry)),
        *(Gap(SIGNATURES, problem) for problem in _signatures(application, item)),
    )


def needed(application: Application) -> tuple[Requirement, ...]:
    """The checklist of this application: what sharing supplied is left out (I4)."""
    item = CATALOGUE[application.item_number]
    facts = item.application_facts(application.form, frozenset())
    shared = set(application.check_answer.get("dropped_materials", ()))
    return tuple(
        requirement
        for requirement in item.needed_materials(facts)
        if not requirement.made_by_system and requirement.key not in shared
    )


def present_positions(application: Application, item: ServiceItem) -> frozenset[int]:
    """The places of the people who stand at the window, are identified there, and sign."""
    return frozenset(i for i, party in enumerate(item.parties(application.form)) if party.is_present)


def _people(application: Application) -> list[Problem]:
    item = CATALOGUE[application.item_number]
    present = present_positions(application, item)
    people = [party for party in application.parties.all() if party.position in present]
    if not people:
        return [Problem("parties", "还不知道要核验谁", "请先填好申请表：谁是权利人，是不是别人代办")]
    return [problem for party in people if (problem := _identity(party))]


def _identity(party: ApplicationParty) -> Problem | None:
    name = party.name or PartyRole(party.role).name_zh
    field = f"party-{party.position}"
    if party.identity_result == "passed":
        return None
    if party.identity_result == "failed":
        cure = "不是本人的不能收件；能证明是本人的，请两名工作人员人工核对"
        return Problem(field, f"{name}的人证核验没有通过", cure)
    return Problem(field, f"还没有核验{name}的身份", "请刷身份证并比对本人")


def _materials(application: Application, item: ServiceItem) -> list[Problem]:
    scanned = {scan.material_key for scan in application.scans.all()}
    papers = list(application.paper_events.all())
    checked = {event.material_key for event in papers if event.kind == PaperEvent.CHECKED_RETURNED}
    problems = []
    for requirement in needed(application):
        name = requirement.material.name_zh
        if requirement.key not in scanned:
            cure_zh = requirement.how_zh or "请扫描或拍照上传"
            problems.append(Problem(requirement.key, f"还没有“{name}”的扫描件", cure_zh))
        held = pages_held(event for event in papers if event.material_key == requirement.key)
        if requirement.keeps_original and not held:
            problems.append(Problem(requirement.key, f"“{name}”的原件还没有收取", "请收取原件，并登记页数"))
        if requirement.original and not (held or requirement.keeps_original or requirement.key in checked):
            problems.append(Problem(requirement.key, f"“{name}”的原件还没有核对", "请核对原件后退还申请人，并登记"))
    return problems


def pages_held(events: Iterable[PaperEvent]) -> int:
    """How many pages of one original the office holds, after everything that happened to it; 0 when it holds none."""
    pages = 0
    for event in events:
        if event.kind == PaperEvent.COLLECTED:
            pages = event.pages
        elif event.kind == PaperEvent.RETURNED:
            pages = 0
    return pages


def _signatures(application: Application, item: ServiceItem) -> list[Problem]:
    wanted = content.digest(application)
    signed = {
        row.party_position: row.content_digest
        for row in application.signatures.all()
        if row.purpose == Signature.APPLICATION
    }
    present = present_positions(application, item)
    people = [party for party in application.parties.all() if party.position in present]
    if not people:
        return [Problem("parties", "还没有申请人签名", "请先填好申请表")]
    return [problem for party in people if (problem := _signature(party, signed.get(party.position), wanted))]


def _signature(party: ApplicationParty, signed: str | None, wanted: str) -> Problem | None:
    name = party.name or PartyRole(party.role).name_zh
    field = f"sign-{party.position}"
    if signed is None:
        return Problem(field, f"{name}还没有签名", "请申请人看过申请书和询问笔录后签名")
    return None if signed == wanted else Problem(field, f"{name}签名以后内容又改过", "请申请人重新看过并重新签名")


def conditions(application: Application) -> Decision:
    """What the home registry's check said must still be proved, or should be known; of several units, on each."""
    wires = trying.findings(application) or application.check_answer.get("findings", ())
    return Decision.of([Finding.from_wire(wire) for wire in wires])


def is_editable(application: Application) -> bool:
    """Whether the desk may still change it."""
    return application.state in EDITABLE
