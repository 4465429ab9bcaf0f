"""One registration as the book recorded it: what was before, what is after, what happened to burdens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tongban.departments.platform.port import BurdenRecord, Change, IssuedPaper, Office, RecordedCase
from tongban.directory import lookup
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.codes import UnitCode
from tongban.domain.entries import Entry, OpenTitle
from tongban.domain.errors import EvidenceBroken, InvalidInput, Problem
from tongban.domain.facts import UnitState
from tongban.domain.replay import Titles, replay
from tongban.domain.terms import Cause, Registration, Subject
from tongban.domain.titles import Title
from tongban.register import reading
from tongban.register.reading import HistoryLine
from tongban.reporting import case_facts
from tongban.reporting.case_facts import CaseFacts
from tongban.reporting.models import Upload

_SUBJECTS = {
    Burden.MORTGAGE: Subject.MORTGAGE,
    Burden.MORTGAGE_NO_TRANSFER: Subject.MORTGAGE,
    Burden.MORTGAGE_OLD: Subject.MORTGAGE,
    Burden.MORTGAGE_MAXIMUM: Subject.MORTGAGE,
    Burden.MORTGAGE_FROZEN: Subject.MORTGAGE,
    Burden.PRIORITY_NOTICE: Subject.PRIORITY_NOTICE,
    Burden.MORTGAGE_NOTICE: Subject.PRIORITY_NOTICE,
    Burden.HABITATION: Subject.HABITATION,
    Burden.OBJECTION: Subject.OBJECTION,
    Burden.EASEMENT: Subject.EASEMENT,
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording about one unit: its lines in the book, and what held on both sides of it."""

    unit_code: UnitCode
    lines: tuple[HistoryLine, ...]
    before: Titles
    after: Titles

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(line.entry for line in self.lines if line.entry is not None)

    def unit(self) -> UnitState:
        """The natural state; raises `InvalidInput` for a unit the book says nothing about."""
        for page in (self.after, self.before):
            if title := page.title(self.unit_code):
                return title.unit
            if described := page.described.get(self.unit_code):
                return described
        problem = Problem("unit", "登记簿没有记载该不动产单元的自然状况", "请补记坐落、面积和用途后重新上报")
        raise InvalidInput([problem], code="unit_undescribed")


def recorded_case(upload: Upload) -> RecordedCase:
    """Everything the platform is to be told; reads the book as it stood right after the recording.

    Raises `EvidenceBroken` when the book does not hold the recording, `InvalidInput` when it says too little.
    """
    found = _read(upload)
    facts = case_facts.from_wire(upload.facts)
    subject, registration = Subject(upload.subject), Registration(upload.registration)
    before, after = found.before.title(found.unit_code), found.after.title(found.unit_code)
    covered = {Subject(other) for other in upload.others}
    burdens = tuple(record for record in _burdens(found) if _belongs(record, subject, covered))
    registry = lookup.institution(upload.registry)
    return RecordedCase(
        case_no=upload.case_no,
        flow_no=upload.flow_no,
        office=Office(registry.division_code, registry.name_zh),
        registration=registration,
        subject=subject,
        item_zh=facts.item_zh,
        cause_zh=_cause_zh(found.entries, subject, facts),
        recorded_at=upload.recorded_at,
        recorder_zh=found.lines[0].recorder_zh,
        unit=found.unit(),
        before=before,
        after=after,
        burdens=burdens,
        handling=facts.handling,
        applicants=facts.applicants,
        papers=facts.papers,
        reviews=facts.reviews,
        fees=facts.fees,
        issued=tuple(_issued(before, after, burdens, subject)),
    )


def _read(upload: Upload) -> Recorded:
    unit_code = UnitCode(upload.unit_code)
    lines = [line for line in reading.history(unit_code) if line.entry is not None]
    own = tuple(line for line in lines if line.at == upload.recorded_at)  # no two recordings of a unit share a time
    if not own:
        raise EvidenceBroken("upload_without_entries", f"登记簿里没有案件{upload.case_no}的记载，不能上报。")
    first, last = own[0].unit_seq, own[-1].unit_seq
    before = replay(line.entry for line in lines if line.entry is not None and line.unit_seq < first)
    after = replay((line.entry for line in lines if line.entry and first <= line.unit_seq <= last), before)
    return Recorded(unit_code, own, before, after)


def _burdens(found: Recorded) -> Iterator[BurdenRecord]:
    for entry in found.entries:
        match entry:
            case OpenBurden():
                yield _standing(entry, Change.OPENED)
            case AlterBurden():
                yield _standing(entry.opened, Change.CHANGED, before_proof_no=entry.before.proof_no)
            case CloseBurden():
                yield _closed(found, entry)
            case _:
                pass


def _standing(entry: OpenBurden, change: Change, *, before_proof_no: str = "", cause_zh: str = "") -> BurdenRecord:
    return BurdenRecord(
        entry.burden,
        change,
        proof_no=entry.burden.proof_no,
        before_proof_no=before_proof_no,
        holders=entry.holders,
        details=dict(entry.private),
        cause_zh=cause_zh,
    )


def _closed(found: Recorded, entry: CloseBurden) -> BurdenRecord:
    """The burden as it stood before it ended; one opened by the same recording as it was opened."""
    before = found.before.open_burdens.get(found.unit_code, ())
    here = (one for one in found.entries if isinstance(one, OpenBurden))
    stood = next((one for one in (*before, *here) if one.burden_no == entry.burden_no), None)
    if stood is None:
        raise EvidenceBroken("upload_burden_unknown", f"登记簿里没有被注销的{entry.burden_no}，不能上报。")
    return _standing(stood, Change.CLOSED, cause_zh=entry.cause_zh)


def subject_of(burden: Burden) -> Subject:
    """What right a burden is; NONE for what no registration of a right is about (查封, 行政限制)."""
    return _SUBJECTS.get(burden, Subject.NONE)


def as_recorded(unit_code: str, at: datetime) -> Titles:
    """What held on the unit right after what was recorded at that moment."""
    lines = reading.history(unit_code)
    return replay(line.entry for line in lines if line.entry is not None and line.at <= at)


def _belongs(record: BurdenRecord, subject: Subject, covered: set[Subject]) -> bool:
    """Whether a burden is this message's own affair, not that of another message about the same recording."""
    kind = subject_of(record.fact.burden)
    return kind is subject or kind not in covered


def _cause_zh(entries: Sequence[Entry], subject: Subject, facts: CaseFacts) -> str:
    """The reason the entries state, or the case's own words."""
    if subject is Subject.TITLE:
        for entry in entries:
            cause = entry.cause if isinstance(entry, OpenTitle) else getattr(entry, "cause", Cause.OTHER)
            if cause is not Cause.OTHER:
                return str(cause.name_zh)
    return facts.cause_zh


def _issued(
    before: Title | None, after: Title | None, burdens: Sequence[BurdenRecord], subject: Subject
) -> Iterator[IssuedPaper]:
    """The certificate and the proofs that are new after the recording."""
    is_new = after is not None and (before is None or before.certificate_no != after.certificate_no)
    if subject is Subject.TITLE and is_new and after is not None:
        yield IssuedPaper(str(after.certificate_no))
    for record in burdens:
        if record.change is not Change.CLOSED and record.proof_no and record.proof_no != record.before_proof_no:
            yield IssuedPaper(record.proof_no, is_proof=True)
