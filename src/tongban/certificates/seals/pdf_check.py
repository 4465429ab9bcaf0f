"""Reading a seal back: every byte of the file must be where `pdf_seal` put it, or be covered by the signature.

The seal is checked over the raw bytes before any PDF reader sees them; then pyHanko checks the same fact its own way.
Needs no Django.
"""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from tongban.certificates.seals import pdf_seal

PDF_BYTES_MAX = 20 * 1024 * 1024
ATTACHED_BYTES_MAX = 2 * 1024 * 1024
_RANGE = re.compile(rb"/ByteRange \[0 (\d{1,9}) (\d{1,9}) (\d{1,9}) *\]")
_TIME = re.compile(rb"/M \(D\\072(\d{14})Z\)")
_ATTACHED = re.compile(rb"<</Length (\d{1,8})/Type/EmbeddedFile/Filter/FlateDecode[^\r\n]{0,200}>>\nstream\n")
_CONTENTS = re.compile(rb"<([0-9A-F]+)>")
# What readers of hostile files are known to raise.
_UNREADABLE = (
    PdfError, SigningError, SignatureValidationError, zlib.error, ValueError, LookupError, TypeError, AttributeError,
    ArithmeticError, RecursionError, AssertionError, OSError,
)  # fmt: skip


class BrokenSealError(ValueError):
    """The file is not exactly what was sealed; the text says in Chinese what is wrong."""


@dataclass(frozen=True, slots=True)
class OpenedSeal:
    """A seal whose signature covers the whole file.  Whether its certificate is to be trusted is another question."""

    certificate: bytes
    signature: bytes
    sealed_at: datetime


def open_seal(data: bytes) -> OpenedSeal:
    """Check that the file is exactly what the holder of the enclosed certificate sealed; else `BrokenSealError`."""
    if len(data) > PDF_BYTES_MAX or not data.startswith(b"%PDF-"):
        raise BrokenSealError("不是本系统签发的 PDF 文件")
    found = _RANGE.findall(data)
    if len(found) != 1:
        raise BrokenSealError("没有电子签章" if not found else "不止一个电子签章，文件签发后被追加过内容")
    before, after, rest = (int(number) for number in found[0])
    if after + rest != len(data) or not before < after:
        raise BrokenSealError("电子签章没有覆盖整个文件，文件被截短或者追加过内容")
    contents, digest = _contents(data[before:after]), sha256(data[:before] + data[after:]).digest()
    if digest not in contents:
        raise BrokenSealError("文件内容在签章之后被改动")
    leaf, attributes, signature = _signer(contents)
    if attributes.dump() != pdf_seal.signed_attributes(leaf, digest).dump():
        raise BrokenSealError("电子签章数据被改动")
    _check_signature(leaf, attributes.dump(), signature)
    return OpenedSeal(leaf.dump(), signature, _sealed_at(data[after:]))


def certificate_problem(opened: OpenedSeal, authority: bytes, owner: str) -> str:
    """Why this authority does not vouch for this seal as the owner's, in Chinese; empty when it does."""
    leaf, root = x509.load_der_x509_certificate(opened.certificate), x509.load_der_x509_certificate(authority)
    try:
        leaf.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return "签章证书不是由受信任的机构签发"
    if not root.not_valid_before_utc <= opened.sealed_at <= root.not_valid_after_utc:
        return "签发签章证书的机构在签章时间不在有效期内"
    if not leaf.not_valid_before_utc <= opened.sealed_at <= leaf.not_valid_after_utc:
        return "签章证书在签章时间不在有效期内"
    return "" if owner_of(opened.certificate) == owner else "签章证书不属于该登记机构"


def pyhanko_problem(data: bytes, opened: OpenedSeal, authority: bytes) -> str:
    """What pyHanko finds wrong with the same file, in Chinese; empty when it finds the seal whole and trusted."""
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(authority)], allow_fetching=False, moment=opened.sealed_at
    )
    try:
        seals = PdfFileReader(io.BytesIO(data)).embedded_signatures
        status = validate_pdf_signature(seals[0], context)
        whole = len(seals) == 1 and status.bottom_line and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    except _UNREADABLE as error:
        return f"签章结构无法读取（{type(error).__name__}）"
    return "" if whole else "签章未通过 PAdES 校验"


def owner_of(certificate: bytes) -> str:
    """The institution code a seal certificate names (its subject's serial number), or empty."""
    subject = x509.load_der_x509_certificate(certificate).subject
    names = subject.get_attributes_for_oid(x509.NameOID.SERIAL_NUMBER)
    return str(names[0].value) if len(names) == 1 else ""


def name_of(certificate: bytes) -> str:
    """The name a seal certificate shows to people."""
    names = x509.load_der_x509_certificate(certificate).subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def serial_of(certificate: bytes) -> str:
    """The serial number of a certificate, as lists of revoked ones write it (hex)."""
    return f"{x509.load_der_x509_certificate(certificate).serial_number:x}"


def attached_file(data: bytes, name: str) -> bytes | None:
    """The file of that name inside the PDF; None when there is none in the form our typesetter writes.

    Read from the raw bytes and unpacked up to `ATTACHED_BYTES_MAX`: this runs on files nobody has vouched for, and in a
    general PDF reader a few hundred kilobytes would unpack to gigabytes.
    """
    found = list(islice(_ATTACHED.finditer(data), 2))
    if len(found) != 1 or f"/Names[({name})".encode() not in data:
        return None
    start = found[0].end()
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(data[start : start + int(found[0][1])], ATTACHED_BYTES_MAX)
    except zlib.error:
        return None
    return content if unpacking.eof else None


def _contents(gap: bytes) -> bytes:
    """The DER inside the gap: bracketed, upper-case hexadecimal digits, and nothing but zeros behind it."""
    match = _CONTENTS.fullmatch(gap)
    if match is None or len(match[1]) != pdf_seal.RESERVED_DIGITS:
        raise BrokenSealError("电子签章数据被改动")
    raw = bytes.fromhex(match[1].decode())
    if raw[:2] != b"\x30\x82":
        raise BrokenSealError("电子签章数据被改动")
    end = 4 + int.from_bytes(raw[2:4], "big")
    if any(raw[end:]):
        raise BrokenSealError("电子签章数据被改动")
    return raw[:end]


def _signer(contents: bytes) -> tuple[asn1_x509.Certificate, cms.CMSAttributes, bytes]:
    """The parts of the signature, once putting them together again gives the very same bytes."""
    try:
        signed = cms.ContentInfo.load(contents, strict=True)["content"]
        signer, leaf = signed["signer_infos"][0], signed["certificates"][0].chosen
        attributes, signature = signer["signed_attrs"].untag(), signer["signature"].native
        again = pdf_seal.container(leaf, attributes, signature).dump()
    except _UNREADABLE:
        raise BrokenSealError("电子签章数据被改动") from None
    if again != contents:
        raise BrokenSealError("电子签章数据被改动")
    return leaf, attributes, signature


def _check_signature(leaf: asn1_x509.Certificate, message: bytes, signature: bytes) -> None:
    try:
        key = x509.load_der_x509_certificate(leaf.dump()).public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise BrokenSealError("签章证书的密钥种类不对")
        key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise BrokenSealError("电子签章与文件不符") from None
    except (ValueError, TypeError):
        raise BrokenSealError("签章证书无法读取") from None


def _sealed_at(tail: bytes) -> datetime:
    found = _TIME.findall(tail)
    if len(found) != 1:
        raise BrokenSealError("电子签章没有写明时间")
    return datetime.strptime(found[0].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
