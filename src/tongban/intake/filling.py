"""Filling a draft: form, identity of the people present, scans, paper originals, inquiry, pledge, signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.item import PartyInput, PartyRole
from tongban.domain.errors import InvalidInput, NotFound, Problem
from tongban.domain.identity import IdDocument, check_document, normal_number
from tongban.intake import content
from tongban.intake.models import Application, ApplicationParty, MaterialScan, PaperEvent, Signature
from tongban.intake.moves import draft
from tongban.vault import blobs
from tongban.vault.blobs import CleanUpload

ACTING_FOR_ANOTHER = (PartyRole.AGENT, PartyRole.GUARDIAN)
PAGES_MAX = 60  # scans of one material
PASSED, FAILED = "passed", "failed"
READER_FACE, READER_EYE, BY_HAND = "reader_face", "reader_eye", "by_hand"
METHODS_ZH = {
    READER_FACE: "读卡器读证，人证比对设备通过",
    READER_EYE: "读卡器读证，工作人员肉眼比对",
    BY_HAND: "证件无法读取，两名工作人员人工核对",
}


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """How a person at the window was identified.  `second` is the other member of staff a check by hand needs."""

    position: int
    method: str
    result: str
    id_no: str = ""
    reason_zh: str = ""
    second: str = ""


def save_form(number: str, raw: dict[str, str], actor: Actor, *, version: int, now: datetime) -> tuple[Problem, ...]:
    """Keep the answers as they are and say what is still wrong with them; nothing typed is ever lost.

    The certificate and the holder the home registry confirmed cannot be changed here.
    """
    with transaction.atomic():
        application = draft(number, actor, version=version)
        item = CATALOGUE[application.item_number]
        fixed = {key: value for key, value in application.check_answer.get("prefill", {}).items() if value}
        application.form = forms.clean_form(item, raw | fixed)
        application.save()
        _sync_parties(application, item.parties(application.form))
    return forms.check_form(item, application.form, localdate(now))


def _sync_parties(application: Application, wanted: tuple[PartyInput, ...]) -> None:
    """Parties follow the form; an identity check falls away when the person it was about changed."""
    known = {(party.role, party.name, party.id_no): party for party in application.parties.all()}
    kept = [known.get((party.role.value, party.name, normal_number(party.id_no))) for party in wanted]
    application.parties.exclude(pk__in=[party.pk for party in kept if party]).delete()
    for position, (party, old) in enumerate(zip(wanted, kept, strict=True)):
        row = old or ApplicationParty(application=application)
        row.position, row.role, row.name = position, party.role.value, party.name
        row.id_kind, row.phone, row.is_agent = party.id_kind, party.phone, party.role in ACTING_FOR_ANOTHER
        row.address = row.address or ""
        if old is None:
            row.id_no = normal_number(party.id_no)
        row.save()


def check_identity(number: str, check: IdentityCheck, actor: Actor, *, now: datetime) -> None:
    """Keep the result of a person-to-ID comparison (人证核验).

    A check by hand needs a reason and a second member of staff.  Raises InvalidInput, NotFound.
    """
    with transaction.atomic():
        application = draft(number, actor)
        party = application.parties.filter(position=check.position).first()
        if party is None:
            raise NotFound("party_not_found", "没有这个申请人。")
        if problems := _identity_problems(party, check, actor):
            raise InvalidInput(problems)
        party.id_no = party.id_no or normal_number(check.id_no)
        party.identity_method, party.identity_result = check.method, check.result
        party.identity_reason, party.identity_second = check.reason_zh, check.second
        party.identity_by, party.identity_at = actor.id, now
        party.save()
        application.save()
        detail = {"method": check.method, "result": check.result, "second": check.second}
        audit(actor, "intake.identity", number, detail=detail)


def _identity_problems(party: ApplicationParty, check: IdentityCheck, actor: Actor) -> list[Problem]:
    problems = []
    if check.method not in METHODS_ZH:
        problems.append(Problem("method", "没有选核验方式", "请选择实际使用的核验方式"))
    if check.result not in (PASSED, FAILED):
        problems.append(Problem("result", "没有选核验结果", "请选“一致”或者“不一致”"))
    given = normal_number(check.id_no)
    if party.id_no and given and given != party.id_no:
        problems.append(Problem("id_no", "读出的证件号码和申请表上的不一样", "请核对是不是本人；填错的请先改申请表"))
    if not party.id_no:
        found = check_document(IdDocument(party.id_kind), given) if given else None
        if not given or found:
            problems.append(Problem("id_no", "证件号码没有填或者不对", "请读卡，或者照着证件填写"))
    if check.method == BY_HAND and not (check.reason_zh.strip() and check.second.strip()):
        problems.append(Problem("second", "人工核对要写原因，并由第二名工作人员确认", "请写明原因，请同事登录确认"))
    if check.second and check.second == actor.id:
        problems.append(Problem("second", "第二名工作人员不能是您自己", "请另一名同事确认"))
    return problems


def add_scan(number: str, material_key: str, upload: CleanUpload, actor: Actor, *, now: datetime) -> None:
    """Add one page or file to a material; the same file twice is one.  `upload` passed `blobs.check_upload`."""
    with transaction.atomic():
        application = draft(number, actor)
        _material(application, material_key)
        pages = application.scans.filter(material_key=material_key)
        last = pages.aggregate(last=Max("page_no"))["last"] or 0
        if last >= PAGES_MAX:
            raise InvalidInput([Problem("file", f"一份材料最多 {PAGES_MAX} 页", "请合并成 PDF 后上传")])
        ref = blobs.store(
            application.receiving_registry, upload.data, upload.name, upload.media_type, purpose="intake.scan"
        )
        if pages.filter(digest=ref.digest).exists():
            return
        MaterialScan.objects.create(
            application=application, material_key=material_key, page_no=last + 1, digest=ref.digest,
            media_type=ref.media_type, name=ref.name, size=ref.size, added_at=now, added_by=actor.id,
        )  # fmt: skip
        application.save()


def remove_scan(number: str, scan_id: int, actor: Actor) -> None:
    """Take one page out of a draft again; the pages behind it keep their numbers."""
    with transaction.atomic():
        application = draft(number, actor)
        application.scans.filter(pk=scan_id).delete()
        application.save()


def record_paper(
    number: str, material_key: str, kind: str, actor: Actor, *, pages: int, now: datetime, note_zh: str = ""
) -> None:
    """Write what happened to a paper original: taken in, checked and given back, copied, returned (C6)."""
    with transaction.atomic():
        application = draft(number, actor)
        _material(application, material_key)
        if kind not in PaperEvent.KINDS or pages < 1:
            raise InvalidInput([Problem("pages", "没有写明原件的去向或者页数", "请选择收取、核对后退还或者复印，并填页数")])
        holder = "登记机构窗口" if kind == PaperEvent.COLLECTED else "申请人"
        PaperEvent.objects.create(
            application=application, material_key=material_key, kind=kind, pages=pages,
            holder_zh=holder, note_zh=note_zh, at=now, by=actor.id,
        )  # fmt: skip
        application.save()
        audit(actor, "intake.paper", number, detail={"material": material_key, "kind": kind, "pages": str(pages)})


def _material(application: Application, key: str) -> None:
    if key not in {requirement.key for requirement in CATALOGUE[application.item_number].materials}:
        raise NotFound("material_not_found", "这个事项没有这份材料。")


def save_inquiry(number: str, raw: dict[str, str], actor: Actor, *, version: int) -> tuple[Problem, ...]:
    """Keep the answers of the inquiry (询问笔录) and say what is still wrong with them."""
    with transaction.atomic():
        application = draft(number, actor, version=version)
        item = CATALOGUE[application.item_number]
        application.inquiry = forms.clean_answers(item, raw)
        application.save()
    return forms.check_answers(item, application.inquiry)


def sign(number: str, position: int, image: CleanUpload, actor: Actor, *, now: datetime) -> None:
    """One present person accepts the pledge and signs exactly the content as it stands now."""
    with transaction.atomic():
        application = draft(number, actor)
        if not application.parties.filter(position=position).exists():
            raise NotFound("party_not_found", "没有这个申请人。")
        ref = blobs.store(
            application.receiving_registry, image.data, image.name, image.media_type, purpose="intake.signature"
        )
        application.pledged_at = now
        application.save()
        Signature.objects.filter(application=application, party_position=position, purpose="application").delete()
        Signature.objects.create(
            application=application, party_position=position, purpose="application",
            content_digest=content.digest(application), digest=ref.digest, signed_at=now,
        )  # fmt: skip
        audit(actor, "intake.sign", number, detail={"position": str(position)})
