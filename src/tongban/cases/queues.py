"""The queues of a home registry: who works on which states, in what order, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from django.db.models import Count, Q, QuerySet

from tongban.access.actors import Actor
from tongban.access.require import Scope, institutions_for, require
from tongban.cases.models import Case
from tongban.directory import lookup
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.errors import NotFound
from tongban.domain.identity import mask_name, normal_number
from tongban.domain.lifecycle import CASE_MOVES, CaseState
from tongban.domain.wires import as_mappings, as_text

PAGE_ROWS: Final = 30
RECENT_DAYS: Final = 30
SUFFIX_DAYS: Final = 90  # how far back a number is found by its last digits
SEQUENCE_DIGITS: Final = 6
PREFIX_CHARS_MIN: Final = 8

_S = CaseState


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue.  `actions` are the moves its people make; without any it is open to whoever may read cases.

    Rows come by `order`, then by case number; both downwards when `is_newest_first`.  `is_awaited`: others have to act,
    the queue is only watched.
    """

    key: str
    name_zh: str
    states: tuple[CaseState, ...]
    actions: tuple[str, ...] = ()
    order: str = "state_since"
    is_newest_first: bool = False
    recent_only: bool = False
    is_awaited: bool = False

    @property
    def is_limited(self) -> bool:
        """Whether only those who make its moves see it."""
        return bool(self.actions)

    @property
    def is_worked(self) -> bool:
        """Whether somebody decides here, as against only looking."""
        return self.is_limited and not self.is_awaited


_QUEUES = (
    Queue("receive", "待受理", (_S.RECEIVED, _S.PRE_REVIEW), ("accept", "not_accept"), "answer_due_at"),
    Queue("correction", "待补正", (_S.CORRECTION,), ("ask_correction",), is_awaited=True),
    Queue("first", "待初审", (_S.ACCEPTED,), ("approve_first",), "service_due_on"),
    Queue("notice", "公告中", (_S.PUBLISHED,), ("publish",), is_awaited=True),
    Queue("second", "待复审", (_S.REVIEWED,), ("approve_second",), "service_due_on"),
    Queue("dues", "待税费", (_S.APPROVED,), ("withdraw",), "state_since", is_awaited=True),
    Queue("record", "待登簿", (_S.DUES_SETTLED,), ("record",), "service_due_on"),
    Queue("paused", "暂停", (_S.SUSPENDED,), ("resume", "refuse", "withdraw")),
    Queue("archive", "待归档", (_S.CERTIFIED,), ("archive",)),
    Queue(
        "ended",
        "近期办结",
        tuple(state for state in _S if state.is_final or state in (_S.RECORDED, _S.CERTIFIED)),
        order="ended_at",
        is_newest_first=True,
        recent_only=True,
    ),
    Queue("all", "全部", tuple(_S), order="opened_at", is_newest_first=True),
)
QUEUES: Final[Mapping[str, Queue]] = MappingProxyType({queue.key: queue for queue in _QUEUES})


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a queue; names are masked.

    `is_own_first`: the asking person made the first review.  `issues`: the case brings a certificate or proof.
    """

    case_no: str
    application_no: str
    item_zh: str
    receiving_zh: str
    applicant_zh: str
    state: CaseState
    state_since: datetime
    opened_at: datetime
    answer_due_at: datetime
    service_due_on: date | None
    is_paused: bool
    ended_at: datetime | None
    is_own_first: bool
    issues: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the queue's order; `before` and `after` are the keys of the neighbouring pages, empty at the ends."""

    rows: Sequence[CaseRow]
    before: str = ""
    after: str = ""


def queues_of(actor: Actor) -> tuple[Queue, ...]:
    """The queues this actor works in, then those that are there to look.  Raises NotPermitted without any reading."""
    _visible(actor)
    return tuple(queue for queue in _QUEUES if not queue.is_limited or any(_may(actor, one) for one in queue.actions))


def queue_of_state(state: CaseState) -> Queue:
    """The queue in which cases of a state wait for somebody here; the list of all for the others."""
    return next((queue for queue in _QUEUES if queue.is_limited and state in queue.states), QUEUES["all"])


def counts(actor: Actor) -> Mapping[str, int]:
    """How many cases wait in each queue of the actor's registry that has its people; one query."""
    states = {state for queue in _QUEUES if queue.is_limited for state in queue.states}
    rows = _visible(actor).filter(state__in=states).values("state").annotate(many=Count("pk"))
    found = {row["state"]: row["many"] for row in rows}
    return {queue.key: sum(found.get(state, 0) for state in queue.states) for queue in _QUEUES if queue.is_limited}


def page(actor: Actor, queue: Queue, now: datetime, *, after: str = "", before: str = "") -> Page:
    """One page of a queue, after or before the row with that key; one query whatever the size."""
    rows = _rows_of(actor, queue, now)
    if before:
        found = list(_sorted(_beyond(rows, queue, before, forward=False), queue, forward=False)[: PAGE_ROWS + 1])
        shown, has_earlier = found[:PAGE_ROWS][::-1], len(found) > PAGE_ROWS
        return _page(actor, queue, shown, has_before=has_earlier, has_after=True)
    rows = _beyond(rows, queue, after, forward=True) if after else rows
    found = list(_sorted(rows, queue, forward=True)[: PAGE_ROWS + 1])
    return _page(actor, queue, found[:PAGE_ROWS], has_before=bool(after), has_after=len(found) > PAGE_ROWS)


def search(actor: Actor, text: str, now: datetime) -> Page:
    """Cases by case or application number: whole, its beginning, or the last digits of a recent one; newest first."""
    wanted = normal_number(text)
    rows = _visible(actor)
    if wanted.isdigit() and len(wanted) <= SEQUENCE_DIGITS:
        recent = rows.filter(opened_at__gte=now - timedelta(days=SUFFIX_DAYS))
        rows = recent.filter(case_no__endswith=wanted.zfill(SEQUENCE_DIGITS))
    elif len(wanted) >= PREFIX_CHARS_MIN:
        rows = rows.filter(Q(case_no__startswith=wanted) | Q(application_no__startswith=wanted))
    else:
        rows = rows.none()
    queue = QUEUES["all"]
    return _page(actor, queue, list(_sorted(rows, queue, forward=True)[:PAGE_ROWS]), has_before=False, has_after=False)


def next_in(actor: Actor, queue: Queue, case_no: str, now: datetime) -> str:
    """The case after this one in the queue's order, else the queue's first other one; empty when none is left."""
    here = _visible(actor).filter(case_no=case_no).first()
    if here is None:
        raise NotFound("case_not_found", "没有这个案件。请核对业务号。")
    others = _rows_of(actor, queue, now).exclude(case_no=case_no)
    following = _sorted(_beyond(others, queue, _key(queue, here), forward=True), queue, forward=True)
    found = following.values_list("case_no", flat=True).first()
    return found or _sorted(others, queue, forward=True).values_list("case_no", flat=True).first() or ""


def _may(actor: Actor, action: str) -> bool:
    return institutions_for(actor, CASE_MOVES[action].permission) != frozenset()


def _visible(actor: Actor) -> QuerySet[Case]:
    own = institutions_for(actor, "case.read")
    if own == frozenset():
        require(actor, "case.read", Scope(frozenset({actor.institution}), "cases"))
    rows = Case.objects.defer("decision", "evidence", "refusal")
    return rows if own is None else rows.filter(home_registry__in=own)


def _rows_of(actor: Actor, queue: Queue, now: datetime) -> QuerySet[Case]:
    rows = _visible(actor)
    if set(queue.states) != set(CaseState):
        rows = rows.filter(state__in=queue.states)
    return rows.filter(ended_at__gte=now - timedelta(days=RECENT_DAYS)) if queue.recent_only else rows


def _sorted(rows: QuerySet[Case], queue: Queue, *, forward: bool) -> QuerySet[Case]:
    sign = "-" if queue.is_newest_first == forward else ""
    return rows.order_by(f"{sign}{queue.order}", f"{sign}case_no")


def _beyond(rows: QuerySet[Case], queue: Queue, key: str, *, forward: bool) -> QuerySet[Case]:
    """The rows on the far side of a key; an unreadable key is the edge of the list."""
    text, _, case_no = key.partition("~")
    value = _read_key(queue, text)
    if value is None:
        return rows
    way = "lt" if queue.is_newest_first == forward else "gt"
    return rows.filter(Q(**{f"{queue.order}__{way}": value}) | Q(**{queue.order: value, f"case_no__{way}": case_no}))


def _read_key(queue: Queue, text: str) -> date | datetime | None:
    try:
        if queue.order.endswith("_on"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _key(queue: Queue, row: Case) -> str:
    value = getattr(row, queue.order)
    return f"{value.isoformat()}~{row.case_no}" if value else ""


def _page(actor: Actor, queue: Queue, shown: Sequence[Case], *, has_before: bool, has_after: bool) -> Page:
    names = {str(registry.code): registry.name_zh for registry in lookup.registries()} if shown else {}
    rows = [_row(one, actor, names) for one in shown]
    first, last = (_key(queue, shown[0]), _key(queue, shown[-1])) if shown else ("", "")
    return Page(rows, first if has_before else "", last if has_after else "")


def _row(row: Case, actor: Actor, names: Mapping[str, str]) -> CaseRow:
    parties = as_mappings(row.package["parties"])
    receiving = row.receiving_registry
    return CaseRow(
        case_no=row.case_no, application_no=row.application_no, item_zh=CATALOGUE[row.item_number].name_zh,
        receiving_zh=names.get(receiving) or lookup.institution(receiving).name_zh,
        applicant_zh=mask_name(as_text(parties[0]["name"])), state=CaseState(row.state), state_since=row.state_since,
        opened_at=row.opened_at, answer_due_at=row.answer_due_at, service_due_on=row.service_due_on,
        is_paused=row.service_paused_at is not None, ended_at=row.ended_at,
        is_own_first=row.first_reviewer == actor.id, issues=bool(CATALOGUE[row.item_number].issues),
    )  # fmt: skip
