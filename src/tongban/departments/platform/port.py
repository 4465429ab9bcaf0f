"""What the national platform (国家不动产登记信息管理基础平台) needs of a recording, and what it answers, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from tongban.domain.burdens import BurdenFact
from tongban.domain.codes import CaseNo
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument
from tongban.domain.terms import HolderKind, Registration, Subject
from tongban.domain.titles import Holder, Title


@dataclass(frozen=True, slots=True)
class Office:
    """A registry: its division (six digits) and its full name."""

    division: str
    name_zh: str


class Change(Enum):
    """What a recording did to a burden."""

    OPENED = "opened"
    CHANGED = "changed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class BurdenRecord:
    """One burden that the recording opened, changed or closed, as it stood afterwards (closed: as it stood before).

    `details` are the columns of its statutory page, text as it is printed, amounts in yuan.  `before_proof_no` is the
    proof that a change made void; `cause_zh` says why it ended.
    """

    fact: BurdenFact
    change: Change
    proof_no: str = ""
    before_proof_no: str = ""
    holders: tuple[Holder, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    cause_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Somebody who applied.  `is_giving`: gives the right away or is bound by it (义务人)."""

    name: str
    id_kind: IdDocument
    id_no: str
    kind: HolderKind
    is_giving: bool = False
    phone: str = ""
    address_zh: str = ""
    representative: str = ""
    agent: str = ""
    agent_phone: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One material that was taken in; `is_original` says whether the window saw the original."""

    name_zh: str
    is_original: bool
    pages: int
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """One step of the review with its result, in words."""

    step_zh: str
    reviewer_zh: str
    began_at: datetime
    ended_at: datetime
    opinion_zh: str
    is_agreed: bool = True


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of the registration fee: what was due and what was paid, in fen (民法典 223: by the piece)."""

    name_zh: str
    due_fen: int
    paid_fen: int
    payer_zh: str = ""
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """How the case came in: who received, when, and when it was accepted."""

    receiving_zh: str
    clerk_zh: str
    received_at: datetime
    accepted_at: datetime | None
    channel_zh: str = ""


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """A certificate or proof the recording called for."""

    number: str
    is_proof: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCase:
    """One registration of one unit, exactly as it was recorded: the whole content of one message.

    `before` and `after` are the titles on both sides of the recording; both are None for a unit that has no title yet.
    `flow_no` is the case number, with a counter when the case holds several registrations.
    """

    case_no: CaseNo | str
    flow_no: str
    office: Office
    registration: Registration
    subject: Subject
    item_zh: str
    cause_zh: str
    recorded_at: datetime
    recorder_zh: str
    unit: UnitState
    before: Title | None
    after: Title | None
    burdens: tuple[BurdenRecord, ...] = ()
    handling: Handling | None = None
    applicants: tuple[Applicant, ...] = ()
    papers: tuple[Paper, ...] = ()
    reviews: tuple[Review, ...] = ()
    fees: tuple[FeeLine, ...] = ()
    issued: tuple[IssuedPaper, ...] = ()
    is_stock: bool = False


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the published text leaves open and a province settles with the platform.

    The names of the habitation and easement rows and the meaning of `Mark` are not public; amounts stand in the
    statutory forms in ten thousand yuan (万元).
    """

    habitation_row: str = "QLF_QL_JZQ"
    easement_row: str = "QLF_QL_DYIQ"
    mark: str = "1"
    amounts_in_wan: bool = True


@dataclass(frozen=True, slots=True)
class UploadMessage:
    """One message ready to go: its number (BizMsgID), file name, and the exact bytes."""

    number: str
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """The platform has taken the message in; `info_zh` is its remark, `content` the answer as it came."""

    number: str
    info_zh: str
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What one registry recorded on one day: how many messages of each kind of registration (登簿日志)."""

    office: Office
    day: date
    counts: Mapping[Registration, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


class NationalPlatform(Protocol):
    """The platform.  Every call may raise `Unavailable` (try again later) or `BadReply` (an answer not to be trusted)."""

    def send(self, message: UploadMessage) -> Accepted:
        """Hand one message in; the same number and bytes again give the same answer and change nothing.

        Raises `Declined` with the platform's reasons when it refuses the message.
        """
        ...

    def has(self, number: str) -> bool:
        """Whether the platform has taken in the message with this number."""
        ...

    def send_day(self, counts: DayCounts, made_at: datetime) -> DayCounts:
        """Hand in the log of one day; the answer is what the platform itself counted.  Raises `Declined`."""
        ...
