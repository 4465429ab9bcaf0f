"""The XML of an upload and of a day's log, and the reading of the platform's answers (facts 12.1).

`Biz<BizMsgID>.xml` goes out, `Rep<BizMsgID>.xml` comes back.  Head fields stand in the order of the upload rules; the
values of a row are attributes.  The answer's header carries SuccessFlag, ResponseCode and ResponseInfo.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from xml.etree import ElementTree as ET

from tongban.departments.platform import mapping
from tongban.departments.platform.port import Accepted, Change, DayCounts, Dialect, Office, RecordedCase, UploadMessage
from tongban.departments.platform.rows import PARCEL_CHARACTERS, DataRow, data_rows
from tongban.domain.errors import BadReply, Declined, InvalidInput
from tongban.domain.terms import Registration

ANSWER_BYTES_MAX: Final = 1024 * 1024
REASONS_MAX: Final = 20
_REASON_CHARACTERS_MAX = 300
SUCCESS: Final = "1"


def file_name(number: str) -> str:
    """The name a message travels under."""
    return f"Biz{number}.xml"


def answer_name(number: str) -> str:
    """The name of the answer to it."""
    return f"Rep{number}.xml"


def log_number(office: Office, day: date) -> str:
    """What the log of one registry and day is called; the same again replaces it."""
    return f"{office.division}{day:%y%m%d}"


def upload(case: RecordedCase, number: str, made_at: datetime, dialect: Dialect) -> UploadMessage:
    """The message about one registration of one unit; raises `InvalidInput` naming everything that must be there."""
    rows = list(data_rows(case, dialect))
    if problems := [problem for row in rows for problem in row.missing()]:
        raise InvalidInput(problems, code="upload_incomplete")
    message = ET.Element("Message")
    head = ET.SubElement(message, "Head")
    for name, value in _head(case, number, made_at, dialect):
        ET.SubElement(head, name).text = value
    _append_rows(ET.SubElement(message, "Data"), rows)
    return UploadMessage(number, file_name(number), _bytes(message))


def day_log(counts: DayCounts, made_at: datetime) -> UploadMessage:
    """The log of one day (登簿日志): one line per kind of registration that occurred, and the total."""
    number = log_number(counts.office, counts.day)
    message = ET.Element("DailyLog")
    head = ET.SubElement(message, "Head")
    values = (
        ("LogID", number),
        ("ASID", mapping.STANDARD),
        ("AreaCode", counts.office.division),
        ("RegOrgID", counts.office.division),
        ("LogDate", counts.day.isoformat()),
        ("CreateDate", mapping.moment(made_at)),
        ("Total", str(counts.total)),
    )
    for name, value in values:
        ET.SubElement(head, name).text = value
    data = ET.SubElement(message, "Data")
    for registration in Registration:
        if counts.counts.get(registration):
            ET.SubElement(
                data,
                "Count",
                {"DJLX": mapping.REGISTRATION[registration], "Number": str(counts.counts[registration])},
            )
    return UploadMessage(number, file_name(number), _bytes(message))


def read_answer(content: bytes, number: str) -> Accepted:
    """The answer to one message: taken in, or `Declined` with the platform's reasons; anything else is `BadReply`."""
    root = _parsed(content)
    header = root.find("ResponseHeader")
    if header is None:
        raise BadReply("answer_malformed", "国家平台的回执没有 ResponseHeader。")
    if (found := _text(header, "BizMsgID")) != number:
        raise BadReply("answer_to_another", f"国家平台回执的报文号是“{found[:30]}”，不是 {number}。")
    reasons = [one.text.strip() for one in header.iter("ResponseInfo") if one.text and one.text.strip()]
    flag = _text(header, "SuccessFlag")
    if flag == SUCCESS:
        return Accepted(number, "；".join(reasons)[:_REASON_CHARACTERS_MAX], content)
    if flag != "0":
        raise BadReply("answer_malformed", f"国家平台回执的 SuccessFlag 是“{flag[:10]}”，看不懂。")
    said = "；".join(reasons[:REASONS_MAX])[:_REASON_CHARACTERS_MAX] or "没有说明原因"
    raise Declined(_text(header, "ResponseCode")[:40] or "declined", said)


def read_day_answer(content: bytes, asked: DayCounts) -> DayCounts:
    """What the platform counted for the day we sent."""
    read_answer(content, log_number(asked.office, asked.day))
    counts: dict[Registration, int] = {}
    for line in _parsed(content).iter("Count"):
        registration = mapping.REGISTRATION_OF.get(line.get("DJLX", ""))
        number = line.get("Number", "")
        if registration is None or not number.isascii() or not number.isdigit() or len(number) > 9:
            raise BadReply("answer_malformed", "国家平台的登簿日志回执里有看不懂的计数。")
        counts[registration] = int(number)
    return DayCounts(asked.office, asked.day, counts)


def _head(case: RecordedCase, number: str, made_at: datetime, dialect: Dialect) -> list[tuple[str, str]]:
    """Head in the order of the upload rules; optional fields only where they say something."""
    code, right = case.unit.unit_code, case.unit.right
    fields = [
        ("BizMsgID", number),
        ("ASID", mapping.STANDARD),
        ("AreaCode", code[:6]),
        ("IsRoutine", mapping.STOCK if case.is_stock else mapping.ROUTINE),
        ("RecType", mapping.record_type(case.registration, case.subject, right, code)),
        ("RightType", mapping.right_type(case.registration, case.subject, right)),
        ("RegType", mapping.REGISTRATION[case.registration]),
        ("CreateDate", mapping.moment(made_at)),
        ("RecFlowID", case.flow_no),
        ("RegOrgID", case.office.division),
        ("ParcelID", code[:PARCEL_CHARACTERS]),
        ("EstateNum", code),
        ("Mark", dialect.mark),
    ]
    certificates = sum(not paper.is_proof for paper in case.issued)
    optional = (
        ("PreEstateNum", case.before.unit.unit_code if case.before else ""),
        ("PreCertID", str(case.before.certificate_no) if case.before else ""),
        ("PreProofID", "；".join(_proofs_before(case))),
        ("CertCount", str(certificates) if certificates else ""),
        ("ProofCount", str(len(case.issued) - certificates) if len(case.issued) > certificates else ""),
    )
    return fields + [(name, value) for name, value in optional if value]


def _proofs_before(case: RecordedCase) -> list[str]:
    """Proofs that counted before this recording and count no more."""
    found = (
        record.before_proof_no or (record.proof_no if record.change is Change.CLOSED else "") for record in case.burdens
    )
    return [number for number in found if number]


def _append_rows(data: ET.Element, rows: Sequence[DataRow]) -> None:
    for row in rows:
        ET.SubElement(data, row.name, {name: _clean(value) for name, value in row.cells.items() if value})


def _clean(text: str) -> str:
    """The text without characters that XML 1.0 cannot carry."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")


def _bytes(root: ET.Element) -> bytes:
    content: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content


def _parsed(content: bytes) -> ET.Element:
    if len(content) > ANSWER_BYTES_MAX or b"<!DOCTYPE" in content:
        raise BadReply("answer_malformed", "国家平台的回执过大，或者带有不允许的文档类型声明。")
    try:
        return ET.fromstring(content)  # noqa: S314 - no document type, so no entities; the size is bounded above
    except ET.ParseError:
        raise BadReply("answer_malformed", "国家平台的回执不是 XML。") from None


def _text(parent: ET.Element, name: str) -> str:
    found = parent.findtext(name)
    return found.strip() if found else ""
