"""From the rows of an application to the package its home registry decides on."""

from __future__ import annotations

from datetime import datetime

from tongban.access.actors import Actor
from tongban.directory import lookup
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.item import Requirement, ServiceItem
from tongban.exchange.contract.handover import (
    ClerkBody,
    HandoverPackage,
    IdentityCheckBody,
    InquiryAnswerBody,
    MaterialBody,
    PartyBody,
    PledgeBody,
    RestrictionCheckRef,
    SignatureBody,
    WindowBody,
)
from tongban.intake import completeness
from tongban.intake.models import Application, ApplicationParty, PaperEvent
from tongban.vault import blobs
from tongban.vault.blobs import BlobRef
from tongban.vault.sm3 import sm3_hex


def package(application: Application, actor: Actor, now: datetime) -> HandoverPackage:
    """The sealed package; the caller has checked that nothing is missing."""
    item = CATALOGUE[application.item_number]
    assert application.pledged_at is not None, "a complete application is pledged"
    return HandoverPackage(
        application_no=application.number,
        service_item=item.number,
        channel=application.channel,
        receiving_registry=application.receiving_registry,
        home_registry=application.home_registry,
        window=_window(application),
        received_at=now,
        units=(application.unit_code, *item.more_units(application.form)),
        certificate_no=str(application.title["certificate_no"]),
        parties=tuple(_party(party) for party in application.parties.all()),
        form=application.form,
        materials=_materials(application),
        inquiry=_inquiry(application, item),
        pledge=PledgeBody(text_digest=sm3_hex(item.pledge_zh.encode()), accepted_at=application.pledged_at),
        signatures=tuple(
            SignatureBody(party_index=row.party_position, kind="drawn", digest=row.digest, signed_at=row.signed_at)
            for row in application.signatures.filter(purpose="application")
        ),
        restriction_check=RestrictionCheckRef(
            question_id=application.check_id, answered_at=application.checked_at, digest=application.check_digest
        ),
        clerk=clerk(actor),
    )


def clerk(actor: Actor) -> ClerkBody:
    """Who at the receiving institution did it."""
    return ClerkBody(username=actor.id, name=actor.name_zh)


def attachments(application: Application) -> list[BlobRef]:
    """Every file of the application, each once."""
    digests = dict.fromkeys(
        [*application.scans.values_list("digest", flat=True), *application.signatures.values_list("digest", flat=True)]
    )
    return [blobs.find(application.receiving_registry, digest) for digest in digests]


def _window(application: Application) -> WindowBody:
    windows = lookup.windows(application.receiving_registry)
    name = next((window.name_zh for window in windows if window.code == application.window_code), "窗口")
    return WindowBody(code=application.window_code, name=name)


def _party(party: ApplicationParty) -> PartyBody:
    check = None
    if party.identity_at is not None:
        check = IdentityCheckBody(
            method=party.identity_method,
            result="decided_by_person" if party.identity_second else "passed",
            by=party.identity_by,
            at=party.identity_at,
            reason="；".join(filter(None, (party.identity_reason, party.identity_second))),
        )
    return PartyBody(
        role=party.role,
        name=party.name,
        id_kind=party.id_kind,
        id_no=party.id_no,
        phone=party.phone,
        address=party.address,
        is_agent=party.is_agent,
        agent_for=party.stands_for if party.is_agent else None,
        identity_check=check,
    )


def _materials(application: Application) -> tuple[MaterialBody, ...]:
    item = CATALOGUE[application.item_number]
    facts = item.application_facts(application.form, frozenset())
    brought = {requirement.key for requirement in completeness.needed(application)}
    events = list(application.paper_events.all())
    scans = list(application.scans.all())
    bodies = []
    for requirement in item.needed_materials(facts):
        digests = tuple(scan.digest for scan in scans if scan.material_key == requirement.key)
        own = [event for event in events if event.material_key == requirement.key]
        bodies.append(_material(application, requirement, digests, own, is_brought=requirement.key in brought))
    return tuple(bodies)


def _material(
    application: Application,
    requirement: Requirement,
    digests: tuple[str, ...],
    events: list[PaperEvent],
    *,
    is_brought: bool,
) -> MaterialBody:
    name = requirement.material.name_zh
    if requirement.made_by_system:
        return MaterialBody(key=requirement.key, name=name, kind="shared", source="系统生成")
    if not is_brought:
        return MaterialBody(
            key=requirement.key, name=name, kind="shared", source="属地登记机构", fetched_at=application.checked_at
        )
    return MaterialBody(
        key=requirement.key,
        name=name,
        kind="original" if requirement.original else "copy",
        digests=digests,
        pages=max([event.pages for event in events], default=len(digests)),
        custody=events[-1].kind if events else "",
    )


def _inquiry(application: Application, item: ServiceItem) -> tuple[InquiryAnswerBody, ...]:
    return tuple(
        InquiryAnswerBody(key=question.key, question=question.text_zh, answer=application.inquiry.get(question.key, ""))
        for question in forms.visible_questions(item, application.inquiry)
    )
