"""The home registry's file of standing pre-signatures: keep one, look at it, take it back.

Whoever stays away with the words “已经签章” is looked up here when the window asks, at acceptance, at each review and in
the recording (民法典 165, 173; 细则 12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.permissions import Permission
from tongban.access.queries import names
from tongban.access.require import Scope, require
from tongban.cases.models import KeptPreSignature
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.errors import InvalidInput, NotFound, Problem
from tongban.domain.identity import IdDocument, check_document, normal_name, normal_number
from tongban.domain.presignatures import PreSignature, is_area
from tongban.vault import blobs
from tongban.vault.blobs import CleanUpload

LISTED_MAX = 200
PRESIGNABLE = frozenset(
    item.number
    for item in CATALOGUE.values()
    if any(choice.value == "presigned" for field in item.fields for choice in field.choices)
)


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """One paper on file as pages show it."""

    number: int
    paper: PreSignature
    registry: str
    kept_at: datetime
    kept_by_zh: str
    revoked_by_zh: str
    revoked_reason_zh: str
    digest: str

    @property
    def items_zh(self) -> str:
        """The services it is for, by name."""
        return "、".join(CATALOGUE[number].name_zh for number in sorted(self.paper.items) if number in CATALOGUE)

    @property
    def area_zh(self) -> str:
        return "、".join(sorted(self.paper.area)) or "本机构管辖的全部房产"


def kept_by_bodies(registry: str, id_numbers: Sequence[str]) -> tuple[PreSignature, ...]:
    """Everything on file at a registry of these bodies, revoked papers too; one query."""
    rows = KeptPreSignature.objects.filter(
        registry=registry, body_id_no__in=[normal_number(number) for number in id_numbers]
    )
    return tuple(_paper(row) for row in rows.order_by("valid_until", "pk"))


def keep(actor: Actor, paper: PreSignature, document: CleanUpload, now: datetime) -> int:
    """Put a paper on file with its scan; its number.  Raises NotPermitted, InvalidInput.

    A body is named by its unified social credit code; a natural person signs each application himself.
    """
    registry = actor.institution
    require(actor, Permission.PRESIGNATURE_MANAGE, Scope(frozenset({registry}), paper.document_no))
    if problems := _problems(paper):
        raise InvalidInput(problems)
    try:
        with transaction.atomic():
            ref = blobs.store(registry, document.data, document.name, document.media_type, purpose="cases.presignature")
            row = KeptPreSignature.objects.create(
                registry=registry,
                document_no=paper.document_no.strip(),
                body_name=normal_name(paper.body_name),
                body_id_no=normal_number(paper.body_id_no),
                signer=normal_name(paper.signer),
                items=sorted(paper.items),
                area=sorted(paper.area),
                valid_from=paper.valid_from,
                valid_until=paper.valid_until,
                document=ref.digest,
                kept_at=now,
                kept_by=actor.id,
            )
            audit(actor, "presignature.keep", paper.document_no, detail={"body": row.body_id_no}, now=now)
    except IntegrityError as error:
        if "presignature_document_once" not in str(error):
            raise
        raise InvalidInput(
            [
                Problem(
                    "document_no", "这份授权文件已经备案过", "请核对文件编号；内容变了的，先撤销原来的，再用新编号备案"
                )
            ]
        ) from None
    return row.pk


def revoke(number: int, actor: Actor, *, reason_zh: str, now: datetime) -> None:
    """It counts no longer for anything received from now on; again, it changes nothing.

    Raises NotFound, NotPermitted, and InvalidInput without a reason.
    """
    with transaction.atomic():
        row = _row(number, actor, Permission.PRESIGNATURE_MANAGE, lock=True)
        if row.revoked_at is not None:
            return
        if not reason_zh.strip():
            raise InvalidInput([Problem("reason", "没有写撤销的原因", "请写明谁要求撤销、凭什么文件")])
        row.revoked_at, row.revoked_by, row.revoked_reason_zh = now, actor.id, reason_zh.strip()
        row.save(update_fields=["revoked_at", "revoked_by", "revoked_reason_zh"])
        audit(actor, "presignature.revoke", row.document_no, detail={"body": row.body_id_no}, now=now)


def listing(actor: Actor) -> Sequence[KeptPaper]:
    """The papers of the actor's registry, newest first; two queries.  Raises NotPermitted."""
    registry = actor.institution
    require(actor, Permission.PRESIGNATURE_READ, Scope(frozenset({registry})))
    rows = list(KeptPreSignature.objects.filter(registry=registry).order_by("-pk")[:LISTED_MAX])
    who = names({name for row in rows for name in (row.kept_by, row.revoked_by)} - {""})
    return [_shown(row, who) for row in rows]


def one(number: int, actor: Actor) -> KeptPaper:
    """One paper; raises NotFound, NotPermitted."""
    row = _row(number, actor, Permission.PRESIGNATURE_READ)
    return _shown(row, names({row.kept_by, row.revoked_by} - {""}))


def document(number: int, actor: Actor) -> tuple[bytes, str]:
    """The scan of a paper and its media type; the look is audited."""
    row = _row(number, actor, Permission.PRESIGNATURE_READ)
    ref = blobs.find(row.registry, row.document)
    audit(actor, "presignature.document", row.document_no, purpose="核对预先签章授权", detail={"digest": row.document})
    return blobs.read(row.registry, row.document), ref.media_type


def _row(number: int, actor: Actor, permission: Permission, *, lock: bool = False) -> KeptPreSignature:
    rows = KeptPreSignature.objects.select_for_update() if lock else KeptPreSignature.objects.all()
    row = rows.filter(pk=number).first()
    if row is None:
        raise NotFound("presignature_not_found", "没有这份预签备案。")
    require(actor, permission, Scope(frozenset({row.registry}), row.document_no))
    return row


def _paper(row: KeptPreSignature) -> PreSignature:
    return PreSignature(
        document_no=row.document_no,
        body_name=row.body_name,
        body_id_no=row.body_id_no,
        signer=row.signer,
        items=frozenset(row.items),
        area=frozenset(row.area),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
    )


def _shown(row: KeptPreSignature, who: Mapping[str, str]) -> KeptPaper:
    return KeptPaper(
        row.pk, _paper(row), row.registry, row.kept_at, who.get(row.kept_by, row.kept_by),
        who.get(row.revoked_by, row.revoked_by), row.revoked_reason_zh, row.document,
    )  # fmt: skip


def _problems(paper: PreSignature) -> list[Problem]:
    problems = []
    if not paper.document_no.strip():
        problems.append(Problem("document_no", "没有填授权文件编号", "照着授权文件抄；没有编号的，由登记机构编一个"))
    if not normal_name(paper.body_name):
        problems.append(Problem("body_name", "没有填单位名称", "照着营业执照抄"))
    if found := check_document(IdDocument.USCC, normal_number(paper.body_id_no)):
        problems.append(Problem("body_id_no", found.what_zh, found.cure_zh))
    if not normal_name(paper.signer):
        problems.append(Problem("signer", "没有填签章人", "填授权文件上签名的人"))
    if not paper.items or not paper.items <= PRESIGNABLE:
        problems.append(Problem("items", "没有选授权办理的业务，或者选了不能预签的业务", "照着授权文件勾选"))
    if wrong := [part for part in sorted(paper.area) if not is_area(part)]:
        what_zh = f"“{wrong[0][:28]}”不是宗地代码，也不是不动产单元号"
        problems.append(Problem("area", what_zh, "一行一个：19位宗地代码（整个项目）或者28位不动产单元号"))
    if paper.valid_until < paper.valid_from:
        problems.append(Problem("valid_until", "截止日期早于开始日期", "请对照授权文件核对两个日期"))
    return problems
