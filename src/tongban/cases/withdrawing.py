"""Withdrawing at the home registry: the applicants come, or write, with a request on paper (条例 15; 细则 13)."""

from __future__ import annotations

from django.db import transaction

from tongban.access.actors import Actor
from tongban.cases import flow
from tongban.cases.models import Case, CaseFile
from tongban.cases.moves import Moved, StepData
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput, Problem
from tongban.vault import blobs
from tongban.vault.blobs import CleanUpload

KIND = "withdrawal"
NAME_ZH = "撤回申请书（签名原件扫描）"


def withdraw_on_paper(case_no: str, actor: Actor, data: StepData, signed: CleanUpload) -> Moved | Refusal:
    """End the case on a request that every applicant signed; its scan becomes part of the file.

    Raises InvalidInput without a reason, and whatever `flow.advance` raises; then nothing is kept.
    """
    if not data.note_zh.strip():
        raise InvalidInput([Problem("note", "没有写撤回的原因", "请照撤回申请书上写的填")])
    with transaction.atomic():
        outcome = flow.advance(case_no, "withdraw", actor, data)
        case = Case.objects.get(case_no=case_no)
        if isinstance(outcome, Refusal) or case.files.filter(kind=KIND).exists():
            return outcome
        stored = blobs.store(case.home_registry, signed.data, signed.name, signed.media_type, purpose="case.withdrawal")
        CaseFile.objects.create(
            case=case, kind=KIND, name_zh=NAME_ZH, digest=stored.digest, media_type=stored.media_type,
            added_at=data.now, added_by=actor.id,
        )  # fmt: skip
    return outcome
