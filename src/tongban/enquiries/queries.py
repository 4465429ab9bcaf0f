"""Reads of queries for pages: frozen values, only what the actor's institution took in or answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Final

from django.db.models import Count, Q, QuerySet

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.paging import window
from tongban.access.queries import names
from tongban.access.require import Scope, allowed, institutions_for, require
from tongban.directory import lookup
from tongban.domain.decision import Place, Refusal
from tongban.domain.errors import NotFound
from tongban.domain.identity import mask_name, normal_number
from tongban.domain.query_rules import QUERY_RULES
from tongban.domain.query_terms import Asker, Part, Wanted
from tongban.enquiries import taking, wording
from tongban.enquiries.alarms import UNBOUND_ZH, reads_without_matter
from tongban.enquiries.models import ANSWERED as ANSWERED
from tongban.enquiries.models import ASKED as ASKED
from tongban.enquiries.models import DENIED as DENIED
from tongban.enquiries.models import Enquiry, QueryAlarm, QueryRecord
from tongban.exchange.contract.register_query import REFUSED, RegisterQueryAnswer, RegisterQueryRequest

PAGE_ROWS: Final = 30
ALARMS_SHOWN: Final = 20
STATES_ZH: Final[Mapping[str, str]] = {
    ASKED: "等属地答复",
    ANSWERED: "已出结果",
    REFUSED: "不予查询",
    DENIED: "属地没有授权",
}


@dataclass(frozen=True, slots=True)
class EnquiryRow:
    """One line of a window's list."""

    number: str
    asker_zh: str
    person_zh: str
    wanted_zh: str
    home_zh: str
    state: str
    taken_at: datetime
    due_on: date
    clerk_zh: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One line of the home registry's log (查询记录簿)."""

    number: int
    at: datetime
    enquiry_no: str
    asker_zh: str
    person_zh: str
    purpose_zh: str
    receiving_zh: str
    outcome: str
    paper_no: str
    copies_due_on: date | None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows newest first; the keys of the older and of the newer page, empty at the ends."""

    rows: Sequence[EnquiryRow]
    next_after: str = ""
    previous_before: str = ""


@dataclass(frozen=True, slots=True)
class LogPage:
    """The same for the log."""

    rows: Sequence[RecordRow]
    next_after: str = ""
    previous_before: str = ""


@dataclass(frozen=True, slots=True)
class EnquiryView:
    """One application at its window with what the home registry said."""

    number: str
    state: str
    request: RegisterQueryRequest
    answer: RegisterQueryAnswer | None
    refusal: Refusal | None
    home: Place
    taken_at: datetime
    answered_at: datetime | None
    due_on: date
    clerk_zh: str
    paper_no: str
    paper_zh: str

    @property
    def law_zh(self) -> str:
        return QUERY_RULES[Asker(self.request.asker)].law_zh


@dataclass(frozen=True, slots=True)
class CopyLine:
    """Original material that was copied."""

    kind_zh: str
    pages: int
    note_zh: str
    at: datetime
    by_zh: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """One line of the log with everything that was asked, shown and copied."""

    row: RecordRow
    request: RegisterQueryRequest
    answer: RegisterQueryAnswer
    parts: Sequence[Part]
    clerk_zh: str
    copies: Sequence[CopyLine]
    may_copy: bool

    @property
    def has_originals(self) -> bool:
        """Whether original material may be copied for this asker."""
        return Part.ORIGINALS in self.parts


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """Something a person should look into."""

    at: datetime
    who_zh: str
    institution_zh: str
    what_zh: str
    about: str


@dataclass(frozen=True, slots=True)
class PublicPaper:
    """What a stranger who types the number of a query paper may learn: that it was issued, by whom, when."""

    paper_no: str
    name_zh: str
    registry_zh: str
    issued_at: datetime


def counts(actor: Actor) -> Mapping[str, int]:
    """How many applications the actor's window has, by state."""
    rows = _visible(actor).values("state").annotate(many=Count("pk"))
    return {row["state"]: row["many"] for row in rows.order_by()}


def enquiries(actor: Actor, states: Iterable[str] = (), *, after: str = "", before: str = "", number: str = "") -> Page:
    """One page of applications, newest first; at most two queries.  Raises NotPermitted for who may read none."""
    if institutions_for(actor, "enquiry.read") == frozenset():
        require(actor, "enquiry.read", Scope(frozenset({actor.institution})))
    rows = _visible(actor).defer("answer", "refusal")
    if wanted := tuple(states):
        rows = rows.filter(state__in=wanted)
    if sought := normal_number(number):
        rows = rows.filter(number__endswith=sought)
    found, is_first, is_last = window(rows, "-number", PAGE_ROWS, after=after, before=before)
    who = names(row.clerk for row in found)
    return Page(
        [_row(one, who) for one in found],
        next_after=found[-1].number if found and not is_last else "",
        previous_before=found[0].number if found and not is_first else "",
    )


def enquiry(number: str, actor: Actor, now: datetime) -> EnquiryView:
    """One application; the look is audited, since it shows what the register said.  Raises NotFound, NotPermitted."""
    row = taking.permitted(number, actor, "enquiry.read")
    request = RegisterQueryRequest.model_validate(row.request)
    answer = None if row.answer is None else RegisterQueryAnswer.model_validate(row.answer)
    audit(actor, "enquiry.read", number, purpose=request.purpose, now=now)
    return EnquiryView(
        number=row.number, state=row.state, request=request, answer=answer, refusal=taking.denial_of(row),
        home=lookup.place_of(row.home), taken_at=row.taken_at, answered_at=row.answered_at, due_on=row.due_on,
        clerk_zh=names([row.clerk]).get(row.clerk, row.clerk), paper_no=row.paper_no,
        paper_zh=wording.paper_zh(row.wanted, answer.outcome) if answer else "",
    )  # fmt: skip


def log(actor: Actor, *, after: str = "", before: str = "", number: str = "") -> LogPage:
    """One page of the log of the actor's registries, newest first; one query.  Raises NotPermitted."""
    rows = _logged(actor).defer("answer")
    if sought := normal_number(number):
        rows = rows.filter(Q(enquiry_no__endswith=sought) | Q(paper_no=number.strip()))
    keys = [key if key.isdigit() else "" for key in (after, before)]
    found, is_first, is_last = window(rows, "-pk", PAGE_ROWS, after=keys[0], before=keys[1])
    return LogPage(
        [_record_row(one) for one in found],
        next_after=str(found[-1].pk) if found and not is_last else "",
        previous_before=str(found[0].pk) if found and not is_first else "",
    )


def record(number: int, actor: Actor, now: datetime) -> RecordView:
    """One line of the log; the look is audited.  Raises NotFound, NotPermitted."""
    row = QueryRecord.objects.filter(pk=number).first()
    if row is None:
        raise NotFound("query_not_found", "查询记录簿里没有这一条。")
    place = Scope(frozenset({row.registry}), row.paper_no)
    require(actor, "enquiry.log", place)
    audit(actor, "enquiry.log", row.paper_no, purpose="查看查询记录簿", now=now)
    copies = list(row.copies.all())
    who = names([row.clerk, *(one.by for one in copies)])
    return RecordView(
        row=_record_row(row),
        request=RegisterQueryRequest.model_validate(row.request),
        answer=RegisterQueryAnswer.model_validate(row.answer),
        parts=[part for part in Part if part in row.parts],
        clerk_zh=who.get(row.clerk, row.clerk),
        copies=[CopyLine(_kind_zh(one.kind), one.pages, one.note, one.at, who.get(one.by, one.by)) for one in copies],
        may_copy=allowed(actor, "enquiry.copy", place),
    )


def alarms(actor: Actor, now: datetime) -> Sequence[AlarmLine]:
    """What to look into at the actor's registries, newest first: too many names searched, the register read without a
    matter at hand.  Raises NotPermitted.
    """
    reach = _registries(actor)
    rows = QueryAlarm.objects.order_by("-pk")
    raised = list((rows if reach is None else rows.filter(registry__in=reach))[:ALARMS_SHOWN])
    reads = list(islice(reads_without_matter(reach, now), ALARMS_SHOWN))
    who = names([*(row.who for row in raised), *(one.actor_id for one in reads)])
    found = [_alarm(who, row.who, row.institution, row.at, row.what_zh, row.about) for row in raised]
    found += [_alarm(who, one.actor_id, one.institution, one.at, UNBOUND_ZH, one.purpose) for one in reads]
    return sorted(found, key=lambda one: one.at, reverse=True)[:ALARMS_SHOWN]


def _alarm(  # noqa: PLR0913 - the columns of one line
    who: Mapping[str, str], username: str, institution: str, at: datetime, what_zh: str, about: str
) -> AlarmLine:
    return AlarmLine(at, who.get(username, username), lookup.institution(institution).name_zh, what_zh, about)


def public_paper(paper_no: str) -> PublicPaper | None:
    """The paper of that number, in its exact form, if a registry of this site issued it; one query."""
    row = QueryRecord.objects.filter(paper_no=paper_no).only("registry", "wanted", "outcome", "paper_no", "at").first()
    if row is None:
        return None
    registry_zh = lookup.institution(row.registry).name_zh
    return PublicPaper(row.paper_no, wording.paper_zh(row.wanted, row.outcome), registry_zh, row.at)


def _visible(actor: Actor) -> QuerySet[Enquiry]:
    reach = institutions_for(actor, "enquiry.read")
    return Enquiry.objects.all() if reach is None else Enquiry.objects.filter(receiving__in=reach)


def _registries(actor: Actor) -> frozenset[str] | None:
    reach = institutions_for(actor, "enquiry.log")
    if reach == frozenset():
        require(actor, "enquiry.log", Scope(frozenset({actor.institution})))
    return reach


def _logged(actor: Actor) -> QuerySet[QueryRecord]:
    reach = _registries(actor)
    return QueryRecord.objects.all() if reach is None else QueryRecord.objects.filter(registry__in=reach)


def _row(row: Enquiry, who: Mapping[str, str]) -> EnquiryRow:
    request = RegisterQueryRequest.model_validate(row.request)
    return EnquiryRow(
        row.number, wording.asker_zh(request), mask_name(request.person.name), Wanted(row.wanted).name_zh,
        lookup.institution(row.home).name_zh, row.state, row.taken_at, row.due_on, who.get(row.clerk, row.clerk),
    )  # fmt: skip


def _record_row(row: QueryRecord) -> RecordRow:
    request = RegisterQueryRequest.model_validate(row.request)
    return RecordRow(
        row.pk, row.at, row.enquiry_no, wording.asker_zh(request), mask_name(request.person.name), request.purpose,
        lookup.institution(row.receiving).name_zh, row.outcome, row.paper_no, row.copies_due_on,
    )  # fmt: skip


def _kind_zh(kind: str) -> str:
    return wording.CopyKind(kind).name_zh
