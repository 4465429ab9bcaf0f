"""Advance notices near the last day of their 90, or past it: whom to tell in time, what to look into."""

from __future__ import annotations

from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from tongban.access.actors import actor_of
from tongban.desk.signed_in import signed_in
from tongban.domain.unit_code import parse_unit_code
from tongban.register.ending_notices import Ending, NoticeLine, ending_notices
from tongban.web.parts import Badge, Column, KeyPage, Row, Tab, Table, Tone

COLUMNS: Final = (
    Column("坐落"), Column("不动产单元号", "code"), Column("种类"), Column("登记证明号"), Column("登记", "day"),
    Column("能申请本登记", "day"), Column("最后一天", "day"), Column("还有几天"),
)  # fmt: skip
SOON_DAYS: Final = 7


@signed_in
@require_GET
def ending(request: HttpRequest) -> HttpResponse:
    """The list of the actor's registry; a line leads to the look into its unit, which asks why."""
    actor, now = actor_of(request), timezone.now()
    which = next((one for one in Ending if one.value == request.GET.get("tab")), Ending.NEAR)
    registry = request.GET.get("registry", "") or actor.institution
    keys = {name: request.GET.get(name, "")[:100] for name in ("after", "before")}
    page = ending_notices(actor, registry, which, now=now, **keys)
    kept = {"tab": which.value, **({"registry": registry} if registry != actor.institution else {})}
    today = localdate(now)
    empty_zh = "30天内没有到期的预告登记" if which is Ending.NEAR else "没有过了期还没注销的预告登记"
    context = {
        "tabs": [
            Tab(one.name_zh, _url(kept, "tab", one.value), one is which, key=f"{n}") for n, one in enumerate(Ending, 1)
        ],
        "table": Table("预告登记", COLUMNS, [_row(one, today) for one in page.lines], is_queue=True, empty_zh=empty_zh),
        "pager": KeyPage(
            _url(kept, "before", page.previous_before) if page.previous_before else "",
            _url(kept, "after", page.next_after) if page.next_after else "",
            len(page.lines),
        ),
        "is_over": which is Ending.OVER,
    }
    return render(request, "desk/register/notices.html", context)


def _url(kept: dict[str, str], name: str, text: str) -> str:
    return f"{reverse('desk:register_notices')}?{urlencode({**kept, name: text})}"


def _row(one: NoticeLine, today: date) -> Row:
    cells = (
        one.address_zh, parse_unit_code(one.unit_code).grouped, one.burden.name_zh, one.proof_no, one.since, one.able_on,
        one.final_by, _left(one.final_by, today),
    )  # fmt: skip
    return Row(cells, f"{reverse('desk:register')}?{urlencode({'unit': one.unit_code})}")


def _left(final_by: date | None, today: date) -> Badge | str:
    if final_by is None:
        return "工作日历里还没有那几天"
    left = (final_by - today).days
    if left < 0:
        return Badge(f"已过 {-left} 天", Tone.STOPPED)
    return Badge("今天是最后一天" if not left else f"{left} 天", Tone.WAITING if left <= SOON_DAYS else Tone.QUIET)
