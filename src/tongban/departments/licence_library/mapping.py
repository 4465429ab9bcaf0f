"""Our words and those of a licence library: the metadata of GB/T 36903 under the names the library uses (facts 12.3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from tongban.departments.licence_library.port import LicenceRecord, Listing, Standing
from tongban.domain.errors import BadReply, Declined
from tongban.domain.identity import IdDocument
from tongban.domain.numbering import parse_licence_identifier
from tongban.domain.terms import Document

TIME_ZONE: Final = ZoneInfo("Asia/Shanghai")
STANDINGS_MAX: Final = 500
REASON_CHARACTERS_MAX: Final = 300

STANDING: Final[Mapping[Standing, str]] = MappingProxyType(
    {Standing.VALID: "正常", Standing.REPLACED: "失效", Standing.REVOKED: "注销"}
)
STANDING_OF: Final[Mapping[str, Standing]] = MappingProxyType({word: one for one, word in STANDING.items()})
KIND: Final[Mapping[Document, str]] = MappingProxyType(
    {Document.CERTIFICATE: "中华人民共和国不动产权证书", Document.PROOF: "中华人民共和国不动产登记证明"}
)
UNMAPPED_ZH: Final[Mapping[str, str]] = MappingProxyType(
    {
        Document.QUERY_RESULT.value: "查询结果证明不是证照，不入库",
        Document.NONE.value: "不发证的登记没有证照",
    }
)
ID_DOCUMENT: Final[Mapping[IdDocument, str]] = MappingProxyType(  # 持证主体代码类型
    {
        IdDocument.ID_CARD: "公民身份号码",
        IdDocument.RESIDENCE_PERMIT: "港澳台居民居住证",
        IdDocument.HKMO_PASS: "港澳居民来往内地通行证",
        IdDocument.TAIWAN_PASS: "台湾居民来往大陆通行证",
        IdDocument.PASSPORT: "护照",
        IdDocument.FOREIGNER_CARD: "外国人永久居留身份证",
        IdDocument.HOUSEHOLD_REGISTER: "户口簿",
        IdDocument.OFFICER_CARD: "军官证",
        IdDocument.USCC: "统一社会信用代码",
        IdDocument.ORGANISATION_CODE: "组织机构代码",
        IdDocument.OTHER: "其他",
    }
)


def to_wire(record: LicenceRecord) -> bytes:
    """The metadata of one change as JSON."""
    wire = {
        "requestId": record.key,
        "licenseName": KIND[record.kind],
        "licenseTypeCode": parse_licence_identifier(record.identifier).type_code,
        "licenseNumber": record.certificate_no,
        "licenseIdentifier": record.identifier,
        "issuerName": record.organ_zh,
        "issuerCode": record.organ_division,
        "issueDate": record.issued_on.isoformat(),
        "status": STANDING[record.standing],
        "statusSince": record.changed_at.astimezone(TIME_ZONE).isoformat(timespec="seconds"),
        "holders": [
            {"name": one.name, "codeType": ID_DOCUMENT[one.id_kind], "code": one.id_no} for one in record.holders
        ],
        "relatedIdentifiers": [one for one in (record.replaces, record.replaced_by) if one],
        "estateUnit": record.unit_code,
        "location": record.address_zh,
        "fileDigest": record.file_digest,
    }
    return json.dumps(wire, ensure_ascii=False, separators=(",", ":")).encode()


def check_registered(content: bytes, key: str) -> None:
    """The answer to a change: raises `Declined` for a no, `BadReply` for anything but an answer to this change."""
    answer = _mapping(content)
    if answer.get("requestId") != key:
        raise BadReply("answer_to_another", "证照库的回答不是针对这一笔的。")
    if answer.get("success") is True:
        return
    if answer.get("success") is not False:
        raise BadReply("answer_malformed", "证照库没有说是否登记成功。")
    said = str(answer.get("message") or "没有说明原因")[:REASON_CHARACTERS_MAX]
    raise Declined(str(answer.get("code") or "declined")[:40], said)


def read_standings(content: bytes) -> Mapping[str, Standing]:
    """The states in an answer."""
    found = _mapping(content).get("standings")
    if not isinstance(found, dict) or not all(word in STANDING_OF for word in found.values()):
        raise BadReply("answer_malformed", "证照库的状态答复看不懂。")
    return {str(identifier): STANDING_OF[word] for identifier, word in found.items()}


def read_listing(content: bytes) -> Listing:
    """One page of an answer."""
    return Listing(read_standings(content), str(_mapping(content).get("following") or ""))


def _mapping(content: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(content)
    except ValueError:
        raise BadReply("answer_malformed", "证照库的回答不是 JSON。") from None
    if not isinstance(found, dict):
        raise BadReply("answer_malformed", "证照库的回答格式不对。")
    return found
