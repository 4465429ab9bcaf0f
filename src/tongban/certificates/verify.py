"""Checking a certificate with nothing but the file or the scanned code and a trust file: no network, no database.

Nothing inside the file is believed.  Every check is named, so that a reader learns what exactly is broken.  Whether a
genuine certificate still counts today no file can say: that is `queries.currency`, online.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.certificates import qr_text
from tongban.certificates.payload import ATTACHMENT_NAME, Attachment, Payload, UnreadablePayloadError, number_name_zh
from tongban.certificates.seals import pdf_check
from tongban.certificates.seals.pdf_check import BrokenSealError, OpenedSeal
from tongban.certificates.seals.pdf_seal import Seal, seal_pdf
from tongban.certificates.trust import Trust
from tongban.certificates.typeset.contents import document_of
from tongban.certificates.typeset.rendering import render, renderer_name
from tongban.domain.codes import institution_division
from tongban.domain.decision import Fact
from tongban.domain.errors import InvalidInput
from tongban.domain.numbering import parse_licence_identifier
from tongban.domain.wires import Wire
from tongban.register.proof.heads import Head, InclusionProof, check_inclusion

FILE = "file"
SEAL = "seal"
DATA = "data"
PAYLOAD = "payload"
HEAD = "head"
INCLUSION = "inclusion"
CONTENT = "content"
PAGE = "page"
_NAMES_ZH = {
    FILE: "文件完整",
    SEAL: "电子签章",
    DATA: "证照数据",
    PAYLOAD: "证照数据签名",
    HEAD: "登记簿签名",
    INCLUSION: "登簿凭据",
    CONTENT: "打印内容",
    PAGE: "版面",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check and how it came out.  `skipped`: it could not be made here and says nothing against the file."""

    code: str
    ok: bool
    detail_zh: str
    skipped: bool = False

    @property
    def name_zh(self) -> str:
        return _NAMES_ZH[self.code]

    def to_wire(self) -> Wire:
        return {
            "code": self.code,
            "name_zh": self.name_zh,
            "ok": self.ok,
            "detail_zh": self.detail_zh,
            "skipped": self.skipped,
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """Every check made, and what the genuine data says (`facts`, for people; empty when nothing is genuine)."""

    checks: tuple[Check, ...]
    identifier: str = ""
    facts: tuple[Fact, ...] = ()

    @property
    def ok(self) -> bool:
        return bool(self.checks) and all(check.ok for check in self.checks)

    @property
    def broken(self) -> tuple[str, ...]:
        """The codes of the checks that failed."""
        return tuple(check.code for check in self.checks if not check.ok)

    def to_wire(self) -> Wire:
        return {
            "ok": self.ok,
            "identifier": self.identifier,
            "checks": [check.to_wire() for check in self.checks],
            "facts": [fact.to_wire() for fact in self.facts],
        }


def verify_payload(text: str, trust: Trust) -> Verification:
    """Check the text of a scanned code."""
    try:
        packed = qr_text.unpack(text.strip("\r\n"))
        payload = Payload.parse(packed.payload)
    except (qr_text.UnreadableTextError, UnreadablePayloadError):
        return Verification((_failed(DATA, "不是本系统的证照二维码，或者内容被改动"),))
    checks = (_passed(DATA, "二维码内容完整"), *_signed_checks(payload, packed, trust))
    return _concluded(checks, payload, trust, _scanned_facts(payload, trust))


def verify_pdf(data: bytes, trust: Trust) -> Verification:
    """Check a sealed PDF.  A notice or receipt has a seal only; a certificate also has its data attached."""
    opened, checks = _file_checks(data, trust)
    attached = pdf_check.attached_file(data, ATTACHMENT_NAME)
    if attached is None:
        facts = (Fact("签章机构", pdf_check.name_of(opened.certificate)),) if opened else ()
        return Verification(checks, facts=facts if all(check.ok for check in checks) else ())
    try:
        attachment = Attachment.parse(attached)
        payload, packed = Payload.parse(attachment.payload), _packed(attachment)
    except (UnreadablePayloadError, qr_text.UnreadableTextError):
        return Verification((*checks, _failed(DATA, "文件内附的证照数据被改动，无法读取")))
    checks = (
        *checks,
        _owner_check(opened, payload, trust),
        *_signed_checks(payload, packed, trust),
        _content_check(attachment, payload),
        _page_check(data, opened, attachment, payload),
    )
    return _concluded(checks, payload, trust, _printed_facts(attachment, payload, trust))


def _file_checks(data: bytes, trust: Trust) -> tuple[OpenedSeal | None, tuple[Check, ...]]:
    """Whether the file is as it was sealed, and whether somebody trusted vouches for the seal."""
    try:
        opened = pdf_check.open_seal(data)
    except BrokenSealError as error:
        return None, (_failed(FILE, str(error)), _failed(SEAL, "不能证明现在的文件内容"))
    file_check = _passed(FILE, f"自 {opened.sealed_at:%Y-%m-%d %H:%M:%S}（UTC）签章以来没有改动")
    return opened, (file_check, _seal_check(data, opened, trust))


def _seal_check(data: bytes, opened: OpenedSeal, trust: Trust) -> Check:
    owner = pdf_check.owner_of(opened.certificate)
    since = trust.revoked_seals.get(pdf_check.serial_of(opened.certificate))
    if since is not None and opened.sealed_at >= since:
        return _failed(SEAL, f"签章证书自 {since:%Y-%m-%d} 起已吊销")
    problem = "信任清单中没有可以为该机构签发签章证书的机构"
    for authority in trust.authorities:
        if owner in authority.owners:
            problem = pdf_check.certificate_problem(opened, authority.certificate, owner)
            problem = problem or pdf_check.pyhanko_problem(data, opened, authority.certificate)
            if not problem:
                return _passed(SEAL, f"由 {trust.name(owner)} 签章")
    return _failed(SEAL, problem)


def _packed(attachment: Attachment) -> qr_text.Packed:
    """The attached data, once the attached code says the same: it is the code that is printed."""
    packed = qr_text.unpack(attachment.code)
    attached = qr_text.Packed(
        attachment.payload,
        attachment.algorithm,
        attachment.key_id,
        attachment.signature,
        attachment.head_signature,
        attachment.path,
    )
    if packed != attached:
        raise UnreadablePayloadError("the printed code says something else")
    return packed


def _owner_check(opened: OpenedSeal | None, payload: Payload, trust: Trust) -> Check:
    if opened is not None and pdf_check.owner_of(opened.certificate) != payload.registry:
        return _failed(DATA, f"签章机构不是颁发证照的 {trust.name(payload.registry)}")
    return _passed(DATA, "文件内附的证照数据完整，与二维码一致")


def _signed_checks(payload: Payload, packed: qr_text.Packed, trust: Trust) -> tuple[Check, Check, Check]:
    return (
        _payload_check(payload, packed, trust),
        _inclusion_check(payload, packed),
        _head_check(payload, packed, trust),
    )


def _payload_check(payload: Payload, packed: qr_text.Packed, trust: Trust) -> Check:
    try:
        if parse_licence_identifier(payload.identifier).organ != institution_division(payload.registry):
            return _failed(PAYLOAD, "证照标识不属于颁发机构")
    except InvalidInput:
        return _failed(PAYLOAD, "证照标识不合规则")
    problem = trust.signature_problem(
        payload.registry,
        packed.key_id,
        algorithm=packed.algorithm,
        message=packed.payload,
        value=packed.signature,
        signed_at=datetime.fromisoformat(payload.issued_at),
    )
    return _failed(PAYLOAD, problem) if problem else _passed(PAYLOAD, f"{trust.name(payload.registry)} 签名有效")


def _inclusion_check(payload: Payload, packed: qr_text.Packed) -> Check:
    entry, head = payload.entry, _head(payload, packed)
    proof = InclusionProof(entry.ledger, entry.seq, tuple(step.hex() for step in packed.path), head)
    if not check_inclusion(entry.hash, proof, head):
        return _failed(INCLUSION, f"不能证明第 {entry.seq} 项记载在登记簿中")
    return _passed(INCLUSION, f"登记簿 {entry.ledger} 第 {entry.seq} 项，在登记机构签名的前 {head.size} 项之中")


def _head_check(payload: Payload, packed: qr_text.Packed, trust: Trust) -> Check:
    head = _head(payload, packed)
    problem = trust.signature_problem(
        head.registry,
        head.key_id,
        algorithm=head.algorithm,
        message=head.statement(),
        value=packed.head_signature,
        signed_at=head.at,
    )
    return _failed(HEAD, problem) if problem else _passed(HEAD, f"{trust.name(head.registry)} 签名有效")


def _head(payload: Payload, packed: qr_text.Packed) -> Head:
    """The signed head as the register states it; its registry is the one that issued, nobody else's counts."""
    return Head(
        ledger=payload.entry.ledger,
        size=payload.head.size,
        registry=payload.registry,
        root=payload.head.root,
        at=datetime.fromisoformat(payload.head.at),
        algorithm=payload.head.algorithm,
        key_id=payload.head.key_id,
        signature=packed.head_signature.hex(),
    )


def _content_check(attachment: Attachment, payload: Payload) -> Check:
    opening = attachment.opening
    said = (opening.content_commitment, opening.holders_commitment, opening.holder_zh)
    signed = (payload.content_commitment, payload.holders_commitment, payload.holder_zh)
    if said != signed or opening.content.get("certificate_no") != payload.certificate_no:
        return _failed(CONTENT, "打印内容不是登记机构签名的内容")
    printed_zh = "权利人、义务人、坐落" if payload.is_proof else "权利人、坐落、面积"
    return _passed(CONTENT, f"{printed_zh}等打印内容与签名的数据一致")


def _page_check(data: bytes, opened: OpenedSeal | None, attachment: Attachment, payload: Payload) -> Check:
    """Typeset and seal again: unless the file comes out byte for byte, its pages show something else."""
    if attachment.renderer != renderer_name():
        return Check(PAGE, ok=True, skipped=True, detail_zh="排版程序版本不同，未重新排版；版面由电子签章保证")
    if opened is None:
        return _failed(PAGE, "不能证明显示的就是证照数据的内容")
    signature = opened.signature
    try:
        name_zh = pdf_check.name_of(opened.certificate)
        seal = Seal(payload.registry, name_zh, opened.certificate, lambda message: signature)
        again = seal_pdf(render(document_of(attachment, payload)), seal, now=opened.sealed_at)
    except (InvalidInput, KeyError, TypeError, ValueError):
        return _failed(PAGE, "证照数据不能排出版面")
    if again != data:
        return _failed(PAGE, "文件显示的内容不是证照数据的内容")
    return _passed(PAGE, "按证照数据重新排版，结果与本文件逐字节相同")


def _concluded(checks: tuple[Check, ...], payload: Payload, trust: Trust, facts: tuple[Fact, ...]) -> Verification:
    """What was found; the facts only when the registry did sign them."""
    genuine = all(check.ok for check in checks if check.code in (DATA, PAYLOAD, CONTENT))
    return Verification(checks, payload.identifier if genuine else "", facts if genuine else ())


def _scanned_facts(payload: Payload, trust: Trust) -> tuple[Fact, ...]:
    return (
        Fact("证照种类", payload.kind_zh),
        Fact(number_name_zh(payload.kind), payload.certificate_no),
        Fact("不动产单元号", payload.unit_code),
        Fact("权利人", payload.holder_zh),
        Fact("登记机构", trust.name(payload.registry)),
        Fact("签发时间", payload.issued_at),
        Fact("证照标识", payload.identifier),
    )


_PRINTED_ZH = {"holders_zh": "权利人", "co_ownership_zh": "共有情况", "address_zh": "坐落", "area_zh": "面积"}
_PROVED_ZH = {"matter_zh": "证明权利或者事项", "holders_zh": "权利人", "obligors_zh": "义务人", "address_zh": "坐落"}


def _printed_facts(attachment: Attachment, payload: Payload, trust: Trust) -> tuple[Fact, ...]:
    content, names = attachment.opening.content, _PROVED_ZH if payload.is_proof else _PRINTED_ZH
    printed = [Fact(name_zh, str(content.get(name, ""))) for name, name_zh in names.items()]
    if payload.is_proof:
        lines = content.get("other_zh")
        printed += [Fact(*_named(str(line))) for line in lines] if isinstance(lines, list) else []
    return (*(fact for fact in _scanned_facts(payload, trust) if fact.name_zh != "权利人"), *printed)


def _named(line: str) -> tuple[str, str]:
    name_zh, _, value_zh = line.partition("：")
    return name_zh, value_zh


def _passed(code: str, detail_zh: str) -> Check:
    return Check(code, ok=True, detail_zh=detail_zh)


def _failed(code: str, detail_zh: str) -> Check:
    return Check(code, ok=False, detail_zh=detail_zh)
