"""Sealing an application and handing it to its home registry; correction and withdrawal after that (C4, 条例 15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.require import require
from tongban.directory import lookup
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput, Problem, WrongState
from tongban.domain.lifecycle import ApplicationState
from tongban.domain.messages import CASE_HANDOVER, CASE_SUPPLEMENT, CASE_WITHDRAWAL
from tongban.domain.reasons import Reasons
from tongban.exchange import outbox
from tongban.exchange.contract.handover import SignatureBody
from tongban.exchange.contract.supplement import CorrectionAnswer, Supplement
from tongban.exchange.contract.withdrawal import Withdrawal
from tongban.intake import completeness, moves, packing, trying
from tongban.intake.models import Application, Signature
from tongban.intake.moves import ENDED_WITHOUT_CERTIFICATE, Act, already_done, locked, move
from tongban.vault import blobs
from tongban.vault.blobs import CleanUpload
from tongban.vault.sm3 import sm3_hex

WITHDRAWAL_REQUESTED = "withdraw_requested"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A sealed application on its way; `digest` is the SM3 of the package."""

    number: str
    digest: str


def hand_over(number: str, actor: Actor, *, key: str, now: datetime) -> HandedOver:
    """Seal the application and send it to the home registry; from here on nothing in it can change.

    A complete form is first tried at the home registry.  Raises InvalidInput with everything that is missing or would
    not be recorded, each with its cure; then nothing was changed or sent.
    """
    trying.try_form(number, actor, now=now)
    with transaction.atomic():
        application = locked(number)
        require(actor, "application.hand_over", moves.scope(application))
        if already_done(application, key):
            return HandedOver(number, application.package_digest)
        if missing := completeness.gaps(application, localdate(now)):
            raise InvalidInput([gap.problem for gap in missing], code="application_incomplete")
        package = packing.package(application, actor, now)
        application.package_digest = sm3_hex(package.to_bytes())
        application.handed_over_at = now
        move(application, "seal", Act(actor, now, f"{key}:seal", "申请内容已封存"))
        move(application, "hand_over", Act(actor, now, key, "已移交属地登记机构，等待受理"))
        outbox.send(
            CASE_HANDOVER, sender=application.receiving_registry, to=application.home_registry,
            subject=number, body=package, attachments=packing.attachments(application), now=now,
        )  # fmt: skip
    return HandedOver(number, application.package_digest)


def supplement(number: str, answers: dict[str, str], actor: Actor, *, key: str, now: datetime) -> HandedOver:
    """Send what was put right after a correction list; every line needs an answer and the whole must be complete."""
    trying.try_form(number, actor, now=now)
    with transaction.atomic():
        application = locked(number)
        require(actor, "application.hand_over", moves.scope(application))
        if already_done(application, key):
            return HandedOver(number, application.package_digest)
        asked = [str(line["material"]) for line in (application.report or {}).get("corrections", [])]
        problems = [gap.problem for gap in completeness.gaps(application, localdate(now))]
        problems += [
            Problem(f"answer-{material}", "这一项没有写怎样补正的", "请写明补了什么")
            for material in asked
            if not answers.get(material, "").strip()
        ]
        if problems:
            raise InvalidInput(problems, code="application_incomplete")
        package = packing.package(application, actor, now)
        application.package_digest = sm3_hex(package.to_bytes())
        move(application, "supplement", Act(actor, now, key, "补正材料已送出，等待属地受理"))
        body = Supplement(
            application_no=number, case_no=application.case_no, service_item=application.item_number,
            channel=application.channel, form=package.form, materials=package.materials, inquiry=package.inquiry,
            signatures=package.signatures, supplied_at=now, clerk=package.clerk,
            answers=tuple(CorrectionAnswer(material=name, answer=answers[name]) for name in asked),
            parties=package.parties,
        )  # fmt: skip
        outbox.send(
            CASE_SUPPLEMENT, sender=application.receiving_registry, to=application.home_registry,
            subject=number, body=body, attachments=packing.attachments(application), now=now,
        )  # fmt: skip
    return HandedOver(number, application.package_digest)


def tell_home(number: str, reason_zh: str, actor: Actor, *, key: str, now: datetime) -> Refusal:
    """Close a draft that cannot be settled at the window; the notice says why and where to apply (48号文 五（三）)."""
    if not reason_zh.strip():
        raise InvalidInput([Problem("reason", "没有写明原因", "请写明拿不准或者不能当场解决的问题")])
    with transaction.atomic():
        application = locked(number)
        if not already_done(application, key):
            move(application, "tell_home", Act(actor, now, key, reason_zh.strip()))
    return Refusal(Reasons.HOME_DID_NOT_ANSWER, where=lookup.place_of(application.home_registry))


@dataclass(frozen=True, slots=True)
class WithdrawalRequest:
    """Why the applicants withdraw, and the signature of each of them by place in `parties`."""

    reason_zh: str
    signatures: dict[int, CleanUpload]


def withdraw(number: str, request: WithdrawalRequest, actor: Actor, *, key: str, now: datetime) -> None:
    """Take an application back: a draft ends at once, a handed-over one asks the home registry (条例 15).

    Every applicant present must sign.  The home registry has the last word: its report ends the application, or says
    that it was recorded before.
    """
    with transaction.atomic():
        application = locked(number)
        require(actor, "intake.edit", moves.scope(application))
        if already_done(application, key):
            return
        if not request.reason_zh.strip():
            raise InvalidInput([Problem("reason", "没有写撤回的原因", "请简单写明为什么撤回")])
        if application.state in (ApplicationState.DRAFT, ApplicationState.SEALED):
            move(application, "discard", Act(actor, now, key, request.reason_zh))
            return
        if application.state in ENDED_WITHOUT_CERTIFICATE:
            name_zh = ApplicationState(application.state).name_zh
            raise WrongState("nothing_to_withdraw", f"这件申请现在是“{name_zh}”，没有什么可以撤回。")
        if is_withdrawing(application):
            raise WrongState("already_withdrawing", "已经向属地提出撤回，正在等属地答复，不用再提一次。")
        signatures, refs = _withdrawal_signatures(application, request, now)
        moves.note(application, WITHDRAWAL_REQUESTED, Act(actor, now, key, "已向属地登记机构提出撤回"))
        body = Withdrawal(
            application_no=number, case_no=application.case_no, reason=request.reason_zh,
            signatures=signatures, requested_at=now, clerk=packing.clerk(actor),
        )  # fmt: skip
        outbox.send(
            CASE_WITHDRAWAL, sender=application.receiving_registry, to=application.home_registry,
            subject=number, body=body, attachments=refs, now=now,
        )  # fmt: skip


def is_withdrawing(application: Application) -> bool:
    """Whether the last thing that happened is that the applicants asked to withdraw."""
    last = application.events.last()
    return last is not None and last.action == WITHDRAWAL_REQUESTED


def _withdrawal_signatures(
    application: Application, request: WithdrawalRequest, now: datetime
) -> tuple[tuple[SignatureBody, ...], list[blobs.BlobRef]]:
    wanted = completeness.present_positions(application, CATALOGUE[application.item_number])
    if missing := sorted(wanted - set(request.signatures)):
        problem = Problem(f"sign-{missing[0]}", "撤回要由全体申请人签名", "请每位申请人签名后再提交")
        raise InvalidInput([problem])
    bodies, refs = [], []
    for position in sorted(wanted):
        image = request.signatures[position]
        ref = blobs.store(
            application.receiving_registry, image.data, image.name, image.media_type, purpose="intake.signature"
        )
        Signature.objects.create(
            application=application, party_position=position, purpose="withdrawal",
            content_digest=application.package_digest, digest=ref.digest, signed_at=now,
        )  # fmt: skip
        bodies.append(SignatureBody(party_index=position, kind="drawn", digest=ref.digest, signed_at=now))
        refs.append(ref)
    return tuple(bodies), refs
