"""Every document the product issues: one frozen dataclass each, which is all that its template gets to see.

Times are given as the words to be printed, because a document says them once and for ever; only the day of issue is a
date, since it also becomes the date of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import ClassVar, Protocol

from tongban.domain.decision import Fact, Place, Reason

FOOT_ZH = "本件由出具机构电子签章，与加盖印章的纸质件具有同等效力；可用验证程序核对真伪。"


class Document(Protocol):
    """Anything that can be rendered: `template` names the file in `templates/` without its ending."""

    template: ClassVar[str]

    @property
    def day(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues a letter, under which number, on which day.

    `seal_zh` is what the drawn seal is for (“不动产登记专用章”); empty draws no seal.  `specimen_zh` is printed across
    the page of demonstration data.
    """

    office_zh: str
    number_zh: str
    issued_on: date
    seal_zh: str = "不动产登记专用章"
    foot_zh: str = FOOT_ZH
    specimen_zh: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What every letter of an office has: its head, and the day it was issued."""

    head: Letterhead

    @property
    def day(self) -> date:
        return self.head.issued_on


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One paper or file handed in: `form_zh` is 原件, 复印件, 电子 …"""

    name_zh: str
    form_zh: str
    copies: int = 1
    pages: int = 1
    note_zh: str = ""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Who signed as what and when; `picture_png` is the drawn signature, or empty: then the name is printed."""

    role_zh: str
    name_zh: str
    signed_zh: str
    picture_png: bytes = b""


@dataclass(frozen=True, slots=True)
class SupplementLine:
    """One thing to be put right: which material, what is wrong, how to mend it."""

    material_zh: str
    what_zh: str
    cure_zh: str


@dataclass(frozen=True, slots=True)
class InquiryLine:
    """One question and the answer given."""

    question_zh: str
    answer_zh: str


@dataclass(frozen=True, slots=True)
class TitleCertificate:
    """不动产权证书 as an electronic licence (条例 21; 国务院令 716 号 10: same force as paper).

    `holders_zh` names the holders in clear.  `qr_svg` is the drawn QR code, `attachment` the JSON that travels inside
    the file; both come from the signed payload.
    """

    template: ClassVar[str] = "title-certificate"

    certificate_no: str
    registry_zh: str
    issued_on: date
    holders_zh: str
    co_ownership_zh: str
    address_zh: str
    unit_code_zh: str
    right_kind_zh: str
    right_nature_zh: str
    use_zh: str
    area_zh: str
    term_zh: str
    other_zh: tuple[str, ...] = ()
    notes_zh: tuple[str, ...] = ()
    seal_zh: str = "不动产登记专用章"
    specimen_zh: str = ""
    identifier: str = ""
    qr_svg: str = ""
    attachment: str = ""

    @property
    def day(self) -> date:
        return self.issued_on


@dataclass(frozen=True, slots=True)
class RegistrationProof:
    """不动产登记证明 as an electronic licence: the columns of its statutory form (国土资发〔2015〕25号; 54号文).

    It proves a mortgage, an easement, a right of habitation, an advance notice or an objection (细则 20).  `matter_zh`
    says which; `holders_zh` is whose right it is or who applied, `obligors_zh` who bears it.
    """

    template: ClassVar[str] = "registration-proof"

    certificate_no: str
    registry_zh: str
    issued_on: date
    matter_zh: str
    holders_zh: str
    obligors_zh: str
    address_zh: str
    unit_code_zh: str
    other_zh: tuple[str, ...] = ()
    notes_zh: tuple[str, ...] = ()
    seal_zh: str = "不动产登记专用章"
    specimen_zh: str = ""
    identifier: str = ""
    qr_svg: str = ""
    attachment: str = ""

    @property
    def day(self) -> date:
        return self.issued_on


@dataclass(frozen=True, slots=True)
class IntakeReceipt(Letter):
    """收件凭证（待属地受理）: a far window took the papers in; it says who decides and by when (条例 17)."""

    template: ClassVar[str] = "intake-receipt"

    applicants_zh: tuple[str, ...]
    item_zh: str
    address_zh: str
    unit_code_zh: str
    application_no: str
    receiving_zh: str
    home_zh: str
    received_zh: str
    answer_due_zh: str
    materials: tuple[MaterialLine, ...]
    notes_zh: tuple[str, ...]
    signatures: tuple[SignatureLine, ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptanceNotice(Letter):
    """受理通知书 (条例 17)."""

    template: ClassVar[str] = "acceptance-notice"

    applicants_zh: tuple[str, ...]
    item_zh: str
    address_zh: str
    unit_code_zh: str
    application_no: str
    case_no: str
    receiving_zh: str
    accepted_zh: str
    promised_zh: str
    legal_limit_zh: str
    dues_zh: str
    next_zh: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupplementNotice(Letter):
    """补正材料一次性告知书: everything that is missing, once (条例 17)."""

    template: ClassVar[str] = "supplement-notice"

    applicants_zh: tuple[str, ...]
    item_zh: str
    address_zh: str
    unit_code_zh: str
    application_no: str
    due_zh: str
    lines: tuple[SupplementLine, ...]
    where_zh: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotAcceptedNotice(Letter):
    """不予受理告知书 (条例 17); `place` is the registry to turn to when it is another one."""

    template: ClassVar[str] = "not-accepted-notice"

    applicants_zh: tuple[str, ...]
    item_zh: str
    address_zh: str
    application_no: str
    applied_zh: str
    reasons: tuple[Reason, ...]
    remedy_zh: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class RefusalDecision(Letter):
    """不予登记决定书 (条例 22): the facts found, the reasons, what is returned, and the remedy (a dated parameter)."""

    template: ClassVar[str] = "refusal-decision"

    applicants_zh: tuple[str, ...]
    item_zh: str
    address_zh: str
    unit_code_zh: str
    case_no: str
    accepted_zh: str
    facts: tuple[Fact, ...]
    reasons: tuple[Reason, ...]
    returned_zh: str
    remedy_zh: str


@dataclass(frozen=True, slots=True)
class ObjectionAnswer(Letter):
    """公告异议处理告知书 (细则 17): to whoever objected to a public notice, what was found and what he may still do."""

    template: ClassVar[str] = "objection-answer"

    objector_zh: str
    notice_zh: str
    address_zh: str
    received_zh: str
    is_upheld: bool
    grounds_zh: str
    reason_zh: str
    law_zh: str
    remedy_zh: str


@dataclass(frozen=True, slots=True)
class HomeReferralNotice(Letter):
    """告知到属地申请通知书: not here, but there, and what to bring."""

    template: ClassVar[str] = "home-referral-notice"

    applicants_zh: tuple[str, ...]
    item_zh: str
    address_zh: str
    receiving_zh: str
    reasons: tuple[Reason, ...]
    place: Place
    hours_zh: str = ""
    bring_zh: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WithdrawalConfirmation(Letter):
    """撤回登记申请确认书: withdrawn by all applicants before recording (条例 15)."""

    template: ClassVar[str] = "withdrawal-confirmation"

    applicants_zh: tuple[str, ...]
    item_zh: str
    address_zh: str
    unit_code_zh: str
    application_no: str
    case_no: str
    applied_zh: str
    withdrawn_zh: str
    reason_zh: str
    refund_zh: str
    materials: tuple[MaterialLine, ...]
    signatures: tuple[SignatureLine, ...] = ()


@dataclass(frozen=True, slots=True)
class InquiryRecord(Letter):
    """不动产登记询问笔录: what the applicant was asked and answered, signed by both."""

    template: ClassVar[str] = "inquiry-record"

    item_zh: str
    address_zh: str
    unit_code_zh: str
    application_no: str
    asked_zh: str
    where_zh: str
    asker_zh: str
    person_zh: str
    lines: tuple[InquiryLine, ...]
    statement_zh: str
    signatures: tuple[SignatureLine, ...]


@dataclass(frozen=True, slots=True)
class QueryPart:
    """One part of a query's answer on one unit."""

    name_zh: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class QueriedUnit:
    """What a query shows of one unit."""

    name_zh: str
    parts: tuple[QueryPart, ...]
    notes_zh: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryResult(Letter):
    """不动产登记资料查询结果证明, and with another title 无房证明 and 有房证明 (查询办法 10): what was found, when, where.

    `address_zh` is what was searched by, `scope_zh` the book that was searched, `asked_zh` the moment it was read.
    """

    template: ClassVar[str] = "query-result"

    title_zh: str
    asker_zh: str
    as_what_zh: str
    agent_zh: str
    purpose_zh: str
    address_zh: str
    scope_zh: str
    asked_zh: str
    enquiry_no: str
    conclusion_zh: str
    units: tuple[QueriedUnit, ...]
    notes_zh: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryRefusal(Letter):
    """不予查询告知书 (查询办法 11; 细则 99): why the query was refused, and the remedy."""

    template: ClassVar[str] = "query-refusal"

    asker_zh: str
    as_what_zh: str
    purpose_zh: str
    address_zh: str
    asked_zh: str
    enquiry_no: str
    facts: tuple[Fact, ...]
    reasons: tuple[Reason, ...]
    remedy_zh: str
    place: Place | None = None


DOCUMENTS: tuple[type[Document], ...] = (
    TitleCertificate,
    RegistrationProof,
    IntakeReceipt,
    AcceptanceNotice,
    SupplementNotice,
    NotAcceptedNotice,
    RefusalDecision,
    ObjectionAnswer,
    HomeReferralNotice,
    WithdrawalConfirmation,
    InquiryRecord,
    QueryResult,
    QueryRefusal,
)


def to_wire(document: Document) -> dict[str, object]:
    """The document as plain JSON for its template: dates as ISO text, bytes as lists of numbers."""
    wire = _plain(document)
    assert isinstance(wire, dict), "a document is a dataclass"
    return wire


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    assert value is None or isinstance(value, str | int), f"{type(value).__name__} cannot be printed"
    return value
