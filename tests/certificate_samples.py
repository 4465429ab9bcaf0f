"""A certificate made without a database: keys, a little register tree, a seal, and the trust file for them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tongban.certificates import qr_text
from tongban.certificates.payload import Attachment, EntryPlace, Head, HolderName, Opening, Payload, utc_text
from tongban.certificates.seals.pdf_seal import Seal, seal_pdf
from tongban.certificates.seals.seal_certificates import Issuer, Subject, certify
from tongban.certificates.trust import FORMAT, Authority, Trust, authority_wire, read_trust, signed_part
from tongban.certificates.typeset.contents import document_of
from tongban.certificates.typeset.rendering import render, renderer_name
from tongban.domain.numbering import licence_identifier
from tongban.register.proof import merkle
from tongban.register.proof.heads import statement
from tongban.register.proof.leaf import utc_text as book_time
from tongban.vault import sm2
from tongban.vault.sm3 import sm3, sm3_hex

NOW = datetime(2026, 11, 22, 9, 3, 11, tzinfo=UTC)
REGISTRY, PROVINCE, LEDGER = "registry-410526", "province-410000", "ledger-410526"
REGISTRY_ZH = "滑县不动产登记中心"
CONTENT: dict[str, object] = {
    "certificate_no": "豫（2026）滑县不动产权第0001234号",
    "registry_zh": REGISTRY_ZH,
    "issued_on": "2026-11-22",
    "holders_zh": "王小丽",
    "co_ownership_zh": "单独所有",
    "address_zh": "滑县道口镇解放路中段东侧滨河花园3幢2单元502室",
    "unit_code_zh": "410526 001002 GB00015 F00030027",
    "right_kind_zh": "国有建设用地使用权/房屋所有权",
    "right_nature_zh": "出让/市场化商品房",
    "use_zh": "成套住宅",
    "area_zh": "共有宗地面积 12680.35 m²/房屋建筑面积 118.62 m²",
    "term_zh": "国有建设用地使用权 至2080年5月17日止",
    "other_zh": ["权利人证件：王小丽，居民身份证 410526********1237"],
    "notes_zh": ["变更登记：姓名或者名称改变，由“王丽”变更为“王小丽”", "业务号：41052620261122000017"],
    "seal_zh": "不动产登记专用章",
    "specimen_zh": "",
}


PROOF_CONTENT: dict[str, object] = {
    "certificate_no": "豫（2026）滑县不动产证明第0000321号",
    "registry_zh": REGISTRY_ZH,
    "issued_on": "2026-11-22",
    "matter_zh": "抵押权",
    "holders_zh": "滑县道口农村商业银行股份有限公司",
    "obligors_zh": "王小丽",
    "address_zh": "滑县道口镇解放路中段东侧滨河花园3幢2单元502室",
    "unit_code_zh": "410526 001002 GB00015 F00030027",
    "other_zh": ["抵押方式：一般抵押", "被担保主债权数额：650,000.00元", "担保范围：/"],
    "notes_zh": ["业务号：41052620261122000018"],
    "seal_zh": "不动产登记专用章",
    "specimen_zh": "",
}


@dataclass(frozen=True, slots=True)
class Sm2Key:
    """One institution's SM2 key."""

    owner: str
    private: bytes
    public: bytes

    @classmethod
    def make(cls, owner: str) -> Sm2Key:
        return cls(owner, *sm2.generate())

    @property
    def key_id(self) -> str:
        return f"{self.owner}.{sm3_hex(self.public)[:16]}"

    def sign(self, message: bytes) -> bytes:
        return sm2.sign(self.private, message)

    def row(self, **changes: str | None) -> dict[str, str | None]:
        row: dict[str, str | None] = {
            "owner": self.owner,
            "key_id": self.key_id,
            "algorithm": sm2.ALGORITHM,
            "public_key": base64.b64encode(self.public).decode(),
            "valid_from": "2026-01-01T00:00:00+00:00",
            "valid_until": None,
            "revoked_at": None,
            "compromised_since": None,
        }
        return row | changes


class P256Key:
    """One seal key."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._key.public_key().public_bytes(serialization.Encoding.DER, form)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


@dataclass
class World:
    """A province with one registry, its seal, and a register of `size` entries."""

    size: int = 1000
    seq: int = 512
    registry: Sm2Key = field(default_factory=lambda: Sm2Key.make(REGISTRY))
    province: Sm2Key = field(default_factory=lambda: Sm2Key.make(PROVINCE))
    authority_key: P256Key = field(default_factory=P256Key)
    seal_key: P256Key = field(default_factory=P256Key)

    @cached_property
    def authority(self) -> bytes:
        subject = Subject("site-test", "通办电子签章证书签发机构（site-test）", self.authority_key.public)
        until = NOW + timedelta(days=10_000)
        return certify(subject, Issuer(None, self.authority_key.sign), now=NOW, until=until)

    def seal(self, owner: str = REGISTRY, **other: Callable[[bytes], bytes]) -> Seal:
        issuer = Issuer(self.authority, self.authority_key.sign)
        until = NOW + timedelta(days=3_000)
        leaf = certify(Subject(owner, REGISTRY_ZH, self.seal_key.public), issuer, now=NOW, until=until)
        return Seal(owner, REGISTRY_ZH, leaf, other.get("sign", self.seal_key.sign))

    def trust_bytes(self, *, keys: list[dict[str, str | None]] | None = None, **changes: object) -> bytes:
        wire: dict[str, object] = {
            "format": FORMAT,
            "issued_at": NOW.isoformat(),
            "issuer": PROVINCE,
            "names_zh": {REGISTRY: REGISTRY_ZH, PROVINCE: "河南省不动产登记中心"},
            "keys": keys or [self.registry.row(), self.province.row()],
            "authorities": [authority_wire(Authority("site-test", self.authority, frozenset({REGISTRY})))],
            "revoked_seals": {},
        }
        wire |= changes
        value = base64.b64encode(self.province.sign(signed_part(wire))).decode()
        wire["signature"] = {"key_id": self.province.key_id, "algorithm": sm2.ALGORITHM, "value": value}
        return json.dumps(wire, ensure_ascii=False).encode()

    def trust(self, **changes: object) -> Trust:
        return read_trust(self.trust_bytes(**changes))  # type: ignore[arg-type]

    def entry_hash(self, seq: int) -> str:
        return sm3(f"entry {seq}".encode()).hex()

    @cached_property
    def tree(self) -> dict[merkle.Place, bytes]:
        leaves = (merkle.hash_leaf(bytes.fromhex(self.entry_hash(seq))) for seq in range(1, self.size + 1))
        return dict(merkle.grow(0, [], leaves)[0])

    @property
    def root(self) -> str:
        return merkle.fold([self.tree[place] for place in merkle.full_subtrees(0, self.size)]).hex()

    @property
    def path(self) -> tuple[bytes, ...]:
        return merkle.roots_of(merkle.inclusion_ranges(self.seq - 1, self.size), self.tree.__getitem__)

    def opening(self, **changes: object) -> Opening:
        holders = (HolderName("王小丽", "居民身份证 410526********1237"),)
        return Opening(CONTENT | changes, holders, sm3(b"salt"))

    def proof_opening(self, **changes: object) -> Opening:
        holders = (HolderName(str(PROOF_CONTENT["holders_zh"]), "统一社会信用代码 914105********0010"),)
        return Opening(PROOF_CONTENT | changes, holders, sm3(b"salt of a proof"))

    def payload(self, opening: Opening | None = None) -> Payload:
        said = opening or self.opening()
        is_proof = "matter_zh" in said.content
        serial = "2026M0000321" if is_proof else "2026Z0001234"
        return Payload(
            identifier=licence_identifier("11100000MB03271699022", "410526", serial, 1).text,
            kind="proof" if is_proof else "certificate",
            certificate_no=str((PROOF_CONTENT if is_proof else CONTENT)["certificate_no"]),
            unit_code="410526001002GB00015F00030027",
            holder_zh=said.holder_zh,
            holders_commitment=said.holders_commitment,
            content_commitment=said.content_commitment,
            registry=REGISTRY,
            issued_at=utc_text(NOW),
            entry=EntryPlace(LEDGER, self.seq, self.entry_hash(self.seq)),
            head=Head(self.size, self.root, book_time(NOW), self.registry.key_id, sm2.ALGORITHM),
        )

    def head_signature(self) -> bytes:
        return self.registry.sign(statement(LEDGER, self.size, REGISTRY, root=self.root, at=NOW))

    def packed(self, payload: Payload | None = None) -> qr_text.Packed:
        data = (payload or self.payload()).to_bytes()
        return qr_text.Packed(
            payload=data,
            algorithm=sm2.ALGORITHM,
            key_id=self.registry.key_id,
            signature=self.registry.sign(data),
            head_signature=self.head_signature(),
            path=self.path,
        )

    def attachment(self, packed: qr_text.Packed | None = None, opening: Opening | None = None) -> Attachment:
        said = packed or self.packed()
        return Attachment(
            payload=said.payload,
            algorithm=said.algorithm,
            key_id=said.key_id,
            signature=said.signature,
            head_signature=said.head_signature,
            path=said.path,
            opening=opening or self.opening(),
            code=qr_text.pack(said),
            renderer=renderer_name(),
        )

    def proof(self, **printed: object) -> bytes:
        """A sealed registration proof; `printed` are words shown on the page other than the attached ones."""
        opening = self.proof_opening()
        attachment = self.attachment(self.packed(self.payload(opening)), opening)
        return self.pdf(attachment, **printed)

    def page(self, attachment: Attachment | None = None, **printed: object) -> bytes:
        """The typeset certificate; `printed` are words shown on the page other than the attached ones."""
        attached = attachment or self.attachment()
        document = document_of(attached, Payload.parse(attached.payload))
        return render(replace(document, **printed))  # type: ignore[arg-type]

    def pdf(self, attachment: Attachment | None = None, *, seal: Seal | None = None, **printed: object) -> bytes:
        return seal_pdf(self.page(attachment, **printed), seal or self.seal(), now=NOW)


DAY = date(2026, 11, 22)
