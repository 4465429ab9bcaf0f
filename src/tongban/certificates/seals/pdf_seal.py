"""The electronic seal on a PDF: a PAdES signature (ETSI EN 319 142-1, baseline B-B) that covers the whole file.

Written in one fixed form, so that the check in `pdf_check` can demand every byte of it.  Needs no Django.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import algos, cms, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import SignatureObject

FIELD_NAME = "RegistrySeal"
DIGEST = "sha256"
# Room for the signature in hexadecimal digits: one certificate with the longest names takes about 4,500.
RESERVED_DIGITS = 6144


@dataclass(frozen=True, slots=True)
class Seal:
    """A registry's seal ready for use: leaf certificate (DER) and a function that signs with its P-256 key (DER)."""

    owner: str
    name_zh: str
    certificate: bytes
    sign: Callable[[bytes], bytes]


class _SealWriter(IncrementalPdfFileWriter):
    """Adds the seal and nothing else: the same file, seal and time give the same bytes.

    pyHanko would stamp the machine's clock into the metadata and a random number into the file's identifier; then
    nobody could typeset and seal the file again and compare.
    """

    def _update_meta(self) -> None:
        return None

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        first = prev.trailer["/ID"][0]
        return generic.ArrayObject([first, first])


def seal_pdf(pdf: bytes, seal: Seal, *, now: datetime, reason_zh: str = "不动产登记专用章") -> bytes:
    """The file with the seal over all of its bytes; the pages stay as they are."""
    writer = _SealWriter(io.BytesIO(pdf))
    writer.register_extension(ESIC_EXTENSION_1)
    steps = PdfCMSEmbedder(new_field_spec=SigFieldSpec(FIELD_NAME)).write_cms(FIELD_NAME, writer)
    next(steps)
    placeholder = SignatureObject(
        timestamp=now.astimezone(UTC).replace(microsecond=0),
        subfilter=SigSeedSubFilter.PADES,
        name=seal.name_zh,
        reason=reason_zh,
        bytes_reserved=RESERVED_DIGITS,
    )
    steps.send(SigObjSetup(sig_placeholder=placeholder))
    prepared, output = steps.send(SigIOSetup(md_algorithm=DIGEST))
    leaf = x509.Certificate.load(seal.certificate)
    attributes = signed_attributes(leaf, prepared.document_digest)
    steps.send(container(leaf, attributes, seal.sign(attributes.dump())))
    output.seek(0, os.SEEK_SET)
    return bytes(output.read())


def signed_attributes(leaf: x509.Certificate, digest: bytes) -> cms.CMSAttributes:
    """What the signature covers: kind of content, digest of the file, and which certificate is meant."""
    said = {"content_type": "data", "message_digest": digest, "signing_certificate_v2": as_signing_certificate_v2(leaf)}
    return cms.CMSAttributes([{"type": name, "values": [value]} for name, value in said.items()])


def container(leaf: x509.Certificate, attributes: cms.CMSAttributes, signature: bytes) -> cms.ContentInfo:
    """The CMS structure around a signature: one signer, one certificate, nothing unsigned."""
    digest_algorithm = algos.DigestAlgorithm({"algorithm": DIGEST})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                cms.IssuerAndSerialNumber({"issuer": leaf.issuer, "serial_number": leaf.serial_number}),
            ),
            "digest_algorithm": digest_algorithm,
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": f"{DIGEST}_ecdsa"}),
            "signature": signature,
        }
    )
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest_algorithm],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices("certificate", leaf)],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": content})
