"""The queues of the review desk, and the way from one case to the next."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tongban.access.actors import actor_of
from tongban.cases import queues
from tongban.cases.queues import QUEUES, Queue
from tongban.desk.cases import done as cases_done
from tongban.desk.cases import lists
from tongban.desk.cases.forms import SearchForm
from tongban.desk.signed_in import signed_in


@signed_in
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """One queue, or what a search found; a whole number leads straight to its case."""
    actor, now = actor_of(request), timezone.now()
    own = queues.queues_of(actor)
    wanted = request.GET.get("q", "").strip()
    current = QUEUES["all"] if wanted else chosen(request.GET.get("queue", ""), own)
    keys = {"after": request.GET.get("after", ""), "before": request.GET.get("before", "")}
    page = queues.search(actor, wanted, now) if wanted else queues.page(actor, current, now, **keys)
    if wanted and len(page.rows) == 1:
        return HttpResponseRedirect(lists.case_url(page.rows[0].case_no, "all"))
    context = {
        "current": current,
        "tabs": lists.tabs(own, current, queues.counts(actor)),
        "table": lists.table(current, page.rows, now),
        "pager": lists.pager(current, page),
        "search": SearchForm(request.GET if "q" in request.GET else None),
        "wanted": wanted,
        "first_url": lists.case_url(page.rows[0].case_no, current.key) if page.rows else "",
        "done": cases_done.read(request),
    }
    return render(request, "desk/cases/queue.html", context)


@signed_in
@require_GET
def following(request: HttpRequest) -> HttpResponse:
    """On to the next case of the queue without deciding this one."""
    actor = actor_of(request)
    at = chosen(request.GET.get("queue", ""), queues.queues_of(actor))
    return HttpResponseRedirect(_address(queues.next_in(actor, at, request.GET.get("after", ""), timezone.now()), at))


def chosen(key: str, own: tuple[Queue, ...]) -> Queue:
    """The queue of this key; else the first the officer works in, else all."""
    return QUEUES.get(key) or next((one for one in own if one.is_worked), QUEUES["all"])


def after_move(next_no: str, at: Queue, done: str) -> HttpResponse:
    """To the next case of the queue, or back to the empty queue, with the word of what was done."""
    return HttpResponseRedirect(_address(next_no, at, {cases_done.PARAMETER: done}))


def _address(case_no: str, at: Queue, more: dict[str, str] | None = None) -> str:
    url = lists.case_url(case_no, at.key) if case_no else lists.queue_url(at.key)
    return f"{url}&{urlencode(more)}" if more else url
