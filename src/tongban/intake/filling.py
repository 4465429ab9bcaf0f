"""Filling a draft: form, identity of the people present, scans, paper originals, inquiry, pledge, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import allowed, require
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.item import PartyInput, PartyRole
from tongban.domain.errors import InvalidInput, NotFound, Problem, Stale, WrongState
from tongban.domain.identity import IdDocument, check_document, normal_number
from tongban.domain.lifecycle import ApplicationState
from tongban.intake import content
from tongban.intake.completeness import pages_held
from tongban.intake.models import Application, ApplicationParty, MaterialScan, PaperEvent, Signature
from tongban.intake.moves import EDITABLE, ENDED_WITHOUT_CERTIFICATE, draft, locked, scope
from tongban.vault import blobs
from tongban.vault.blobs import CleanUpload

ACTING_FOR_ANOTHER = (PartyRole.AGENT, PartyRole.GUARDIAN)
PAGES_MAX = 60  # scans of one material
REASON_CHARACTERS_MAX = 200
PAPER_PAGES_MAX = 999
PASSED, FAILED = "passed", "failed"
READER_FACE, READER_EYE, BY_HAND = "reader_face", "reader_eye", "by_hand"
COLLECTED, CHECKED_RETURNED, COPIED, RETURNED = PaperEvent.KINDS
METHODS_ZH = {
    READER_FACE: "读卡器读证，人证比对设备通过",
    READER_EYE: "读卡器读证，工作人员肉眼比对",
    BY_HAND: "证件无法读取，两名工作人员人工核对",
}


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """How a person at the window was identified.

    `second` is the other member of staff a check by hand needs; both factors of that person have been checked.
    """

    position: int
    method: str
    result: str
    id_no: str = ""
    reason_zh: str = ""
    second: Actor | None = None


def save_form(number: str, raw: dict[str, str], actor: Actor, *, version: int, now: datetime) -> tuple[Problem, ...]:
    """Keep the answers as they are and say what is still wrong with them; nothing typed is ever lost.

    What the home registry confirmed cannot be changed here, save that an amount may be less (`ServiceItem.at_most`).
    """
    with transaction.atomic():
        application = draft(number, actor, version=version)
        item = CATALOGUE[application.item_number]
        application.form = forms.clean_form(item, raw | item.fixed(application.check_answer.get("prefill", {})))
        application.save()
        _sync_parties(application, item.parties(application.form))
    return forms.check_form(item, application.form, localdate(now))


def _sync_parties(application: Application, wanted: tuple[PartyInput, ...]) -> None:
    """Parties follow the form; an identity check falls away when the person it was about changed."""
    rows = list(application.parties.all())
    kept = [next((row for row in rows if _is_same(row, party)), None) for party in wanted]
    application.parties.exclude(pk__in=[party.pk for party in kept if party]).delete()
    for position, (party, old) in enumerate(zip(wanted, kept, strict=True)):
        row = old or ApplicationParty(application=application)
        row.position, row.role, row.name = position, party.role.value, party.name
        row.id_kind, row.phone, row.is_agent = party.id_kind, party.phone, party.role in ACTING_FOR_ANOTHER
        row.address, row.stands_for = row.address or "", party.stands_for
        if old is None:
            row.id_no = normal_number(party.id_no)
        row.save()


def _is_same(row: ApplicationParty, party: PartyInput) -> bool:
    """The form may leave a number to the reader at the window: then role and name tell who it is."""
    number = normal_number(party.id_no)
    return (row.role, row.name) == (party.role.value, party.name) and number in ("", row.id_no)


def check_identity(number: str, check: IdentityCheck, actor: Actor, *, now: datetime) -> None:
    """Keep the result of a person-to-ID comparison (人证核验).

    A check by hand needs a reason and a second member of staff.  Raises InvalidInput, NotFound.
    """
    with transaction.atomic():
        application = draft(number, actor)
        party = application.parties.filter(position=check.position).first()
        if party is None:
            raise NotFound("party_not_found", "没有这个申请人。")
        problems = [*_identity_problems(party, check), *_second_problems(application, check, actor)]
        if problems:
            raise InvalidInput(problems)
        party.id_no = party.id_no or normal_number(check.id_no)
        party.identity_method, party.identity_result = check.method, check.result
        second = check.second.id if check.second else ""
        party.identity_reason, party.identity_second = check.reason_zh.strip(), second
        party.identity_by, party.identity_at = actor.id, now
        party.save()
        application.save()
        detail = {"method": check.method, "result": check.result, "second": second}
        audit(actor, "intake.identity", number, detail=detail)


def identity_problems(number: str, check: IdentityCheck, actor: Actor) -> tuple[Problem, ...]:
    """What `check_identity` would find wrong; nothing is kept."""
    with transaction.atomic():
        application = draft(number, actor)
        party = application.parties.filter(position=check.position).first()
        if party is None:
            raise NotFound("party_not_found", "没有这个申请人。")
        return (*_identity_problems(party, check), *_second_problems(application, check, actor))


def _identity_problems(party: ApplicationParty, check: IdentityCheck) -> list[Problem]:
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
    if len(check.reason_zh) > REASON_CHARACTERS_MAX:
        problems.append(Problem("reason", f"原因不能超过{REASON_CHARACTERS_MAX}个字", "请写短一些"))
    return problems


def _second_problems(application: Application, check: IdentityCheck, actor: Actor) -> list[Problem]:
    """A check by hand rests on two members of the staff of this window, each in person."""
    if check.method != BY_HAND:
        return []
    problems = []
    if not check.reason_zh.strip():
        problems.append(Problem("reason", "没有写为什么要人工核对", "请写明原因，例如“身份证消磁，读卡器读不出”"))
    if check.second is None:
        problems.append(Problem("second", "人工核对要由第二名工作人员确认", "请同事用自己的用户名、口令和动态码确认"))
    elif check.second.id == actor.id:
        problems.append(Problem("second", "第二名工作人员不能是您自己", "请另一名同事确认"))
    elif not allowed(check.second, "intake.edit", scope(application)):
        problems.append(Problem("second", "这个人不是本窗口的收件人员", "请本窗口的另一名收件人员确认"))
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


def add_scans(number: str, material_key: str, uploads: Sequence[CleanUpload], actor: Actor, *, now: datetime) -> int:
    """Add several pages in their order, all or none; how many were new."""
    with transaction.atomic():
        before = MaterialScan.objects.filter(application_id=number, material_key=material_key).count()
        for upload in uploads:
            add_scan(number, material_key, upload, actor, now=now)
        return MaterialScan.objects.filter(application_id=number, material_key=material_key).count() - before


def remove_scan(number: str, scan_id: int, actor: Actor) -> None:
    """Take one page out of a draft again; the pages behind it keep their numbers."""
    with transaction.atomic():
        application = draft(number, actor)
        application.scans.filter(pk=scan_id).delete()
        application.save()


def record_paper(  # noqa: PLR0913 - the facts of one paper; the note has a default
    number: str, material_key: str, kind: str, actor: Actor, *, pages: int, now: datetime, note_zh: str = ""
) -> None:
    """Write what happened to a paper original: taken in, checked and given back, copied, returned (C6).

    What was taken in may be returned while the application is a draft, and after it ended without a certificate.
    """
    with transaction.atomic():
        application = _returnable(number, actor) if kind == PaperEvent.RETURNED else draft(number, actor)
        _material(application, material_key)
        if problems := _paper_problems(application, material_key, kind, pages):
            raise InvalidInput(problems)
        holder = "登记机构窗口" if kind == PaperEvent.COLLECTED else "申请人"
        PaperEvent.objects.create(
            application=application, material_key=material_key, kind=kind, pages=pages,
            holder_zh=holder, note_zh=note_zh.strip(), at=now, by=actor.id,
        )  # fmt: skip
        application.save()
        audit(actor, "intake.paper", number, detail={"material": material_key, "kind": kind, "pages": str(pages)})


def _returnable(number: str, actor: Actor) -> Application:
    application = locked(number)
    if application.state in EDITABLE:
        return draft(number, actor)
    require(actor, "intake.custody", scope(application))
    if application.state not in ENDED_WITHOUT_CERTIFICATE:
        name_zh = ApplicationState(application.state).name_zh
        raise WrongState("papers_with_home", f"这件申请现在是“{name_zh}”，原件随件走，还不能退还。")
    return application


def _paper_problems(application: Application, key: str, kind: str, pages: int) -> list[Problem]:
    if kind not in PaperEvent.KINDS:
        return [Problem("kind", "没有选原件的去向", "请选择收取、核对后退还、复印或者退还")]
    if not 1 <= pages <= PAPER_PAGES_MAX:
        return [Problem("pages", "没有写明原件的页数", f"请数清楚，填 1 到 {PAPER_PAGES_MAX} 之间的整数")]
    held = pages_held(event for event in application.paper_events.all() if event.material_key == key)
    if kind == PaperEvent.RETURNED and not held:
        return [Problem("kind", "窗口没有收着这份原件", "没有收取的不用退还")]
    if kind == PaperEvent.RETURNED and pages != held:
        return [Problem("pages", f"收取的是{held}页，退还的页数不一样", "请当面点清，按收取的页数退还")]
    return []


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


def sign(  # noqa: PLR0913 - `seen` has a default
    number: str, position: int, image: CleanUpload, actor: Actor, *, now: datetime, seen: str = ""
) -> None:
    """One present person accepts the pledge and signs exactly the content as it stands now.

    `seen` is the digest of the content the person was shown; another one is `Stale`, and nothing was signed.
    """
    with transaction.atomic():
        application = draft(number, actor)
        if not application.parties.filter(position=position).exists():
            raise NotFound("party_not_found", "没有这个申请人。")
        if seen and seen != content.digest(application):
            raise Stale("content_changed", "刚才给申请人看的内容已经改过，这次签名没有保存。请申请人重新看过再签。")
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
