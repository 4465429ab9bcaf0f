"""What a case tells the national platform about itself when it is recorded (G9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localdate

from tongban.cases.models import Case, CaseMove, DueState
from tongban.departments.platform.port import Applicant, FeeLine, Handling, Paper, Review
from tongban.directory import lookup
from tongban.domain.catalogue.item import PartyRole, ServiceItem
from tongban.domain.dues import DueKind
from tongban.domain.entries import Entry
from tongban.domain.identity import ENTERPRISE_DOCUMENTS, IdDocument
from tongban.domain.terms import Channel, HolderKind
from tongban.domain.wires import as_mapping, as_mappings, as_text
from tongban.register.requests import Recording
from tongban.reporting import parts, uploads
from tongban.reporting.case_facts import CaseFacts

# Those who give a right away or are bound by it (义务人); everybody else gains it or already has it (权利人).
GIVING = frozenset(
    {
        PartyRole.TRANSFEROR,
        PartyRole.DEVELOPER,
        PartyRole.MORTGAGOR,
        PartyRole.OLD_MORTGAGEE,
        PartyRole.NOTICE_OBLIGOR,
    }
)
STANDING_IN = frozenset({PartyRole.AGENT, PartyRole.GUARDIAN, PartyRole.REPRESENTATIVE})
REVIEWS_ZH = {"approve_first": "初审", "approve_second": "复审"}
ACCEPTANCES = ("accept", "deem_accepted")


def queue(case: Case, item: ServiceItem, entries: Sequence[Entry], recording: Recording) -> None:
    """Queue the uploads of a case in its recording transaction; one for every registration of every unit."""
    made = parts.parts_of(entries, item.subject, item.kind, is_combined=len(item.acts) > 1)
    if made:
        uploads.queue_upload(case.case_no, case.home_registry, made, _facts(case, item), recording=recording)


def _facts(case: Case, item: ServiceItem) -> CaseFacts:
    moves = list(case.moves.order_by("position"))
    return CaseFacts(
        item_zh=item.name_zh,
        cause_zh=item.name_zh,
        handling=_handling(case, moves),
        applicants=tuple(_applicants(as_mappings(case.package["parties"]))),
        papers=tuple(_papers(case)),
        reviews=tuple(_reviews(moves)),
        fees=tuple(_fees(case)),
    )


def _handling(case: Case, moves: Sequence[CaseMove]) -> Handling:
    accepted = next((move for move in moves if move.action in ACCEPTANCES), None)
    return Handling(
        receiving_zh=lookup.institution(case.receiving_registry).name_zh,
        clerk_zh=accepted.by_name_zh if accepted else "系统",
        received_at=case.received_at,
        accepted_at=case.accepted_at,
        channel_zh=Channel(case.channel).name_zh,
    )


def _applicants(parties: Sequence[Mapping[str, object]]) -> Iterator[Applicant]:
    """Everybody who applied, each with whoever stood in for him."""
    for place, party in enumerate(parties):
        if _role(party) in STANDING_IN:
            continue
        others = [one for one in parties if one.get("agent_for") == place]
        agent = next((one for one in others if _role(one) in (PartyRole.AGENT, PartyRole.GUARDIAN)), None)
        head = next((one for one in others if _role(one) is PartyRole.REPRESENTATIVE), None)
        id_kind = IdDocument(as_text(party["id_kind"]))
        yield Applicant(
            name=as_text(party["name"]),
            id_kind=id_kind,
            id_no=as_text(party["id_no"]),
            kind=HolderKind.ENTERPRISE if id_kind in ENTERPRISE_DOCUMENTS[:2] else HolderKind.PERSON,
            is_giving=_role(party) in GIVING,
            phone=as_text(party.get("phone", "")),
            address_zh=as_text(party.get("address", "")),
            representative=as_text(head["name"]) if head else "",
            agent=as_text(agent["name"]) if agent else "",
            agent_phone=as_text(agent.get("phone", "")) if agent else "",
        )


def _role(party: Mapping[str, object]) -> PartyRole:
    return PartyRole(as_text(party["role"]))


def _papers(case: Case) -> Iterator[Paper]:
    for material in as_mappings(case.package["materials"]):
        fetched = material.get("fetched_at")
        at = parse_datetime(as_text(fetched)) if fetched else None
        pages = material.get("pages")
        yield Paper(
            name_zh=as_text(material["name"]),
            is_original=material["kind"] == "original",
            pages=pages if isinstance(pages, int) else 0,
            taken_at=at or case.received_at,
        )


def _reviews(moves: Sequence[CaseMove]) -> Iterator[Review]:
    """Each review, from the move before it to its own; one sent back and made again stands twice, as it was."""
    for before, move in pairwise(moves):
        if move.action in REVIEWS_ZH:
            yield Review(REVIEWS_ZH[move.action], move.by_name_zh, before.at, move.at, move.note_zh or "同意")


def _fees(case: Case) -> Iterator[FeeLine]:
    payers: dict[str, str] = {}
    for party in as_mappings(case.package["parties"]):
        payers.setdefault(as_text(party["role"]), as_text(as_mapping(party)["name"]))
    for due in case.dues.filter(kind=DueKind.FEE.value, state__in=[DueState.SETTLED, DueState.EXEMPT]):
        paid = (due.amount_fen or 0) if due.state == DueState.SETTLED else 0
        yield FeeLine(
            name_zh=due.name_zh,
            due_fen=due.amount_fen or 0,
            paid_fen=paid,
            payer_zh=payers.get(due.payer_role, ""),
            paid_on=localdate(due.answered_at) if due.answered_at else None,
        )
