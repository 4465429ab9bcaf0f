"""The registry's orders of courts: the list, one order with the lines of its units, its papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from tongban.access.actors import actor_of
from tongban.access.permissions import Permission
from tongban.access.require import institutions_for
from tongban.cases.words import day_words
from tongban.desk.orders.forms import SEEN_ZH, AskForm, OrderSearchForm, ProposalForm, SeenForm, named
from tongban.desk.signed_in import signed_in
from tongban.directory import lookup
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.errors import InvalidInput, NotFound
from tongban.domain.unit_code import parse_unit_code
from tongban.judicial import queries
from tongban.judicial.carrying import Ruling
from tongban.judicial.deciding import ANSWERS, Answer
from tongban.judicial.ordered import Doubt, Effect, Kind, Moved, UnitPlan
from tongban.judicial.periods import Period
from tongban.judicial.queries import ARRIVED, DUPLICATE, ENTERED, QUEUED, REFUSED, OrderRow, OrderView, UnitLine
from tongban.web.files import shown_file
from tongban.web.parts import Badge, Column, Datum, KeyPage, Row, Tab, Table, Tone

TABS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "waiting": ("等人办", (ARRIVED, QUEUED)),
    "entered": ("已办理", (ENTERED,)),
    "refused": ("无法办理", (REFUSED,)),
    "all": ("全部", ()),
}
COLUMNS: Final = (
    Column("请求单号", "code"), Column("机关"), Column("案号"), Column("要做什么"), Column("单元", "number"),
    Column("收到", "time"), Column("办到哪了"),
)  # fmt: skip
LINE: Final = (Column("位次"), Column("种类"), Column("机关"), Column("案号"), Column("起", "day"), Column("止", "day"))
_WITH_PERIOD: Final = frozenset(
    {kind.value for kind in Kind} - {Kind.RELEASE.value, Kind.LIFT.value, Kind.TRANSFER.value}
)
UNITS_SHOWN: Final = 50
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
DONE_ZH: Final = {"proposed": "意见已提出，等另一位核准", "asked": "已写进回执", "back": "已退回，等重新提出"}


@dataclass(frozen=True, slots=True)
class UnitPanel:
    """One unit as a panel: what it is, who stands in line, what the order would do there."""

    title_zh: str
    url: str
    facts: Sequence[Datum]
    line: Table | None = None
    outcome_zh: str = ""
    moved_zh: Sequence[str] = ()
    advice_zh: str = ""


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Orders in the sequence of their arrival, those that wait for people first; a number leads to its order."""
    actor = actor_of(request)
    wanted, tab = request.GET.get("q", "").strip(), request.GET.get("tab", "")
    current = "all" if wanted else tab if tab in TABS else "waiting"
    keys = {"after": request.GET.get("after", ""), "before": request.GET.get("before", "")}
    page = queries.orders(actor, TABS[current][1], number=wanted, **keys)
    kept = {"q": wanted} if wanted else {"tab": current}
    empty_zh = f"没有单号或者案号是“{wanted}”的通知" if wanted else "没有协助执行通知"
    context = {
        "tabs": _tabs(queries.counts(actor), current),
        "table": Table("协助执行通知", COLUMNS, [_row(row) for row in page.rows], is_queue=True, empty_zh=empty_zh),
        "pager": KeyPage(
            _url(kept, "before", page.previous_before), _url(kept, "after", page.next_after), len(page.rows)
        ),
        "may_take": institutions_for(actor, Permission.JUDICIAL_DECIDE) != frozenset(),
        "search": OrderSearchForm({"q": wanted} if wanted else None),
    }
    return render(request, "desk/orders/list.html", context)


@signed_in
@require_GET
def one(request: HttpRequest, message_id: str) -> HttpResponse:
    """Everything about one order, and what can be done with it."""
    view = queries.order(message_id, actor_of(request), timezone.now())
    return shown(request, view, done_zh=DONE_ZH.get(request.GET.get("done", ""), ""))


@signed_in
@require_GET
@xframe_options_sameorigin
def paper(request: HttpRequest, message_id: str, digest: str) -> HttpResponse:
    """One paper of the court, as it came."""
    return shown_file(*queries.document(message_id, digest, actor_of(request)))


@signed_in
@require_GET
def receipt(request: HttpRequest, message_id: str) -> HttpResponse:
    """The latest answer to an order on paper, to be printed, sealed and handed over (facts 7.6)."""
    view = queries.order(message_id, actor_of(request), timezone.now())
    if not view.told:
        raise NotFound("order_receipt_not_found", "这份通知的回执从网上发给法院，不在这里打印。")
    told = view.told[-1]
    facts = [
        Datum("案号（文号）", told.court_case_no), Datum("收到", told.received_at), Datum("答复", told.happened_at),
        Datum("结果", told.state_zh),
    ]  # fmt: skip
    if told.recorder_zh:
        facts.append(Datum("登簿人", told.recorder_zh))
    effects = [
        (effect, [(one.name_zh, [Datum(fact.name_zh, fact.value_zh) for fact in one.facts]) for one in effect.sections])
        for effect in told.effects
    ]
    registry_zh = lookup.institution(view.registry).name_zh
    context = {"view": view, "told": told, "facts": facts, "effects": effects, "registry_zh": registry_zh}
    return render(request, "desk/orders/receipt.html", context)


def shown(  # noqa: PLR0913 - one page with whichever of its forms was sent
    request: HttpRequest, view: OrderView, *, form: ProposalForm | None = None, ask: AskForm | None = None,
    done_zh: str = "", trouble_zh: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page of one order."""
    actor, proposal = actor_of(request), view.proposal
    is_waiting = view.row.state in (ARRIVED, QUEUED) and view.may_decide
    context = {
        "view": view,
        "badge": state_badge(view.row),
        "facts": _facts(view),
        "doubts": [*_doubts(view.found.doubts)],
        "units": [*_panels(view)][:UNITS_SHOWN],
        "more_units": max(0, len(view.units) - UNITS_SHOWN),
        "papers": [(one, one.digest if _DIGEST.fullmatch(one.digest) else "") for one in view.body.documents],
        "proposal": _proposal(view),
        "may_propose": is_waiting,
        "may_confirm": is_waiting and proposal is not None and proposal.by != actor.id,
        "is_own": proposal is not None and proposal.by == actor.id,
        "form": form or ProposalForm(None, view),
        "ask": ask or AskForm(is_paper=view.row.is_paper),
        "wrong": next((one for one in (form, ask) if one is not None and one.errors), None),
        "seen": SeenForm({"seen": _seen(view)}) if proposal else None,
        "done_zh": done_zh,
        "trouble_zh": trouble_zh,
        "receipt_url": reverse("desk:order-receipt", args=[view.row.message_id]),
    }
    return render(request, "desk/orders/one.html", context, status=status)


def state_badge(row: OrderRow) -> Badge:
    """Where the order stands."""
    if row.state == QUEUED:
        return Badge("等核准" if row.is_proposed else "等人办", Tone.WAITING)
    if row.state == REFUSED:
        return Badge("已答复无法办理", Tone.STOPPED)
    if row.state == DUPLICATE:
        return Badge("重复送达", Tone.QUIET)
    return Badge("已办理", Tone.DONE) if row.state == ENTERED else Badge("刚收到", Tone.GOING)


def _row(row: OrderRow) -> Row:
    stands = state_badge(row) if row.state != QUEUED or row.is_proposed else _why(row)
    cells = (
        row.order_no, row.court_zh, row.court_case_no, row.kind_zh, row.units, row.arrived_at, stands
    )  # fmt: skip
    return Row(cells, reverse("desk:order", args=[row.message_id]), Tone.WAITING if row.state == QUEUED else None)


def _why(row: OrderRow) -> object:
    return row.doubts[0].what_zh if row.doubts else state_badge(row)


def _tabs(counts: Mapping[str, int], current: str) -> list[Tab]:
    return [
        Tab(label, f"{reverse('desk:orders')}?tab={key}", key == current,
            sum(counts.get(state, 0) for state in states or counts), key=str(digit))
        for digit, (key, (label, states)) in enumerate(TABS.items(), 1)
    ]  # fmt: skip


def _url(kept: Mapping[str, str], name: str, key: str) -> str:
    return f"{reverse('desk:orders')}?{urlencode({**kept, name: key})}" if key else ""


def _facts(view: OrderView) -> list[Datum]:
    body = view.body
    period = Period(body.period_from, body.period_until, body.period_months).text_zh
    officers = [
        f"{one.name}（工作证{one.work_permit_no or '没有写'}，执行公务证{one.execution_permit_no or '没有写'}）{one.phone}"
        for one in body.officers
    ]
    rows = [
        Datum("机关", view.row.court_zh),
        Datum("怎么送达", "纸质，当面送达" if view.row.is_paper else "网上送达"),
        Datum("案号", body.court_case_no),
        Datum("要做什么", view.row.kind_zh),
        *([Datum("期限", period, missing_zh="" if period else "通知没有写")] if body.kind in _WITH_PERIOD else []),
        *([Datum("被执行人", "、".join(body.persons))] if body.persons else []),
        Datum("承办人", "；".join(officers), missing_zh="" if officers else "通知没有写"),
        Datum("收到", view.row.arrived_at),
    ]
    if body.refers_to:
        rows.append(Datum("接着哪一份", body.refers_to))
    if body.note:
        rows.append(Datum("附言", body.note))
    if view.done_at is not None:
        rows.append(Datum("办结", view.done_at))
    return rows


def _doubts(doubts: Iterable[Doubt]) -> Iterable[tuple[Doubt, list[Datum]]]:
    for doubt in doubts:
        yield doubt, [Datum(fact.name_zh, fact.value_zh) for fact in doubt.facts]


def _panels(view: OrderView) -> Iterable[UnitPanel]:
    plans = {made.unit_code: made for made in view.would.plans}
    effects = {effect.unit_code: effect.result_zh for effect in view.effects}
    for unit in view.units:
        made, code = plans.get(unit.page.unit_code), unit.page.unit_code
        yield UnitPanel(
            title_zh=unit.page.state.address_zh if unit.page.state else _grouped(code),
            url=reverse("desk:register_unit", args=[code]) if _is_code(code) else "",
            facts=_unit_facts(unit),
            line=Table("排队的查封", LINE, [_line(one) for one in unit.line]) if unit.line else None,
            outcome_zh=made.words_zh if made else effects.get(code, ""),
            moved_zh=_moved(made) if made else (),
            advice_zh=made.advice_zh if made else "",
        )


def _unit_facts(unit: UnitLine) -> list[Datum]:
    title = unit.page.title
    holders = "、".join(one.name for one in title.holders) if title else ""
    return [
        Datum("不动产单元号", _grouped(unit.page.unit_code), is_code=True),
        Datum("权利人", holders, missing_zh="" if holders else "没有登记在任何人名下"),
        Datum("不动产权证号", title.certificate_no if title else "", missing_zh="" if title else "没有"),
    ]


def _is_code(text: str) -> bool:
    return _grouped(text) != text


def _grouped(code: str) -> str:
    """The code in groups; as the court wrote it when it is none."""
    try:
        return parse_unit_code(code).grouped
    except InvalidInput:
        return code


def _line(opened: OpenBurden) -> Row:
    fact = opened.burden
    place = f"轮候第{fact.rank}位" if fact.rank else "生效"
    ends = fact.until or opened.private.get("period", "")
    return Row((place, fact.burden.name_zh, fact.organ_zh, fact.reference, fact.since, ends))


def _moved(made: UnitPlan) -> list[str]:
    return [_moved_zh(one) for one in made.moved]


def _moved_zh(moved: Moved) -> str:
    fact = moved.burden
    if moved.effect is Effect.LAPSED:
        return f"{fact.organ_zh}{fact.reference}的查封已经到期，一并销去"
    until = f"，到{day_words(fact.until)}止" if fact.until else "，期限未定"
    return f"{fact.organ_zh}{fact.reference}的轮候查封自动生效{until}"


def _proposal(view: OrderView) -> list[Datum]:
    proposal = view.proposal
    if proposal is None:
        return []
    rows = [Datum("意见", proposal.answer.name_zh)]
    if proposal.answer is Answer.REFUSE:
        rows += [Datum("原因", ANSWERS[proposal.reason].what_zh), Datum("情况说明", proposal.words_zh)]
    else:
        rows += _ruling_facts(view, proposal.ruling)
    return [*rows, Datum("提出人", view.proposed_by_zh), Datum("提出时间", proposal.at)]


def _ruling_facts(view: OrderView, ruling: Ruling) -> list[Datum]:
    """What the first person read into the order: the second has to see it all."""
    entries = {one.burden_no: named(one) for unit in view.units for one in unit.choosable}
    said = (
        ("怎么办", "按续行查封办" if ruling.kind else ""),
        ("指的是", "；".join(entries.get(number, number) for number in ruling.meant.values())),
        ("不办的", "；".join(sorted(ruling.left_out))),
        ("核对过", "；".join(SEEN_ZH[code] for code in sorted(ruling.cleared) if code in SEEN_ZH)),
    )
    return [Datum(name, value) for name, value in said if value]


def _seen(view: OrderView) -> str:
    assert view.proposal is not None and view.proposal.at is not None, "only a proposal is confirmed"
    return view.proposal.at.isoformat(timespec="microseconds")
