"""The log of every day (登簿日志): what each registry recorded, what was reported, what the platform counted.

A day agrees when every recording in the book has its upload and the platform counts the same.  Whatever the platform
said yes to and does not hold is sent again under its own number; the rest shows on the reconciliation page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, Min
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.departments.platform.port import DayCounts, NationalPlatform, Office
from tongban.directory import lookup
from tongban.domain.errors import BadReply, Declined, NotFound, OutsideError, Unavailable, WrongState
from tongban.domain.terms import Registration
from tongban.register import days
from tongban.reporting import lines
from tongban.reporting.models import REASON_CHARACTERS_MAX, Agreement, DailyLog, Delivery, Line, Upload

LOGS_AT_ONCE_MAX = 20
DAYS_MADE_UP_MAX = 31  # after a site was down for long, the rest comes with the next calls
UNREPORTED_SHOWN = 50
ASKED_AFTER_MAX = 200  # messages of one day asked for one by one when the counts differ
ASK_AGAIN = timedelta(hours=1)


def send_daily_logs(now: datetime) -> int:
    """Send the logs of the days that are over, and again those that did not agree; how many were answered."""
    _open_logs(now)
    platform = lines.platform()
    if platform is None:
        return 0
    done = 0
    due = DailyLog.objects.exclude(state__in=[Agreement.AGREED, Agreement.PARKED]).filter(next_try_at__lte=now)
    for log_id in list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:LOGS_AT_ONCE_MAX]):
        if not lines.may_send(Line.PLATFORM, now):
            break
        try:
            done += _send(platform, log_id, now)
        except (Unavailable, BadReply) as error:
            _later(log_id, error, now)
            lines.failed(Line.PLATFORM, error, now)
            break
        lines.answered(Line.PLATFORM, now)
    return done


def send_again(log_id: int, actor: Actor, now: datetime) -> None:
    """Send the log of a day that the platform refused again.  Raises `NotFound`, `NotPermitted`, `WrongState`."""
    with transaction.atomic():
        row = DailyLog.objects.select_for_update().filter(pk=log_id).first()
        if row is None:
            raise NotFound("day_unknown", "没有这一天的登簿日志。")
        require(actor, Permission.REPORTING_RESEND, Scope(frozenset({row.registry}), str(row.day)))
        if row.state != Agreement.PARKED:
            raise WrongState("day_not_parked", "这一天的登簿日志没有搁置，不需要重新上报。")
        row.state, row.next_try_at, row.attempts = Agreement.WAITING, now, 0
        row.save(update_fields=["state", "next_try_at", "attempts"])
        audit(actor, "reporting.resend_day", f"{row.registry} {row.day}", now=now)


def _open_logs(now: datetime) -> None:
    """One row for every registry with a ledger and every day that is over, quiet days too, from its first upload on."""
    yesterday = localdate(now) - timedelta(days=1)
    last = dict(DailyLog.objects.values("registry").annotate(day=Max("day")).values_list("registry", "day"))
    missing = [one for one in days.keepers() if lookup.hosted_here(one) and last.get(one, date.min) < yesterday]
    if not missing:
        return
    began = Upload.objects.filter(registry__in=missing).values("registry").annotate(day=Min("recorded_on"))
    first = dict(began.values_list("registry", "day"))
    rows: list[DailyLog] = []
    for registry in missing:
        day = last[registry] + timedelta(days=1) if registry in last else first.get(registry, yesterday)
        while day <= yesterday and len(rows) < DAYS_MADE_UP_MAX:
            rows.append(DailyLog(registry=registry, day=day, next_try_at=now))
            day += timedelta(days=1)
    DailyLog.objects.bulk_create(rows, ignore_conflicts=True)


def counted(registry: str, day: date) -> Mapping[Registration, int]:
    """How many messages of each kind the recordings of that day call for."""
    rows = Upload.objects.filter(registry=registry, recorded_on=day).values("registration").annotate(number=Count("pk"))
    return {Registration(row["registration"]): row["number"] for row in rows}


def unreported(registry: str, day: date) -> list[str]:
    """Recordings in the book without an upload, as “case unit”."""
    known = set(Upload.objects.filter(registry=registry, recorded_on=day).values_list("unit_code", "recorded_at"))
    missing = [one for one in days.recorded_on(registry, day) if (one.unit_code, one.at) not in known]
    return sorted(f"{one.case_no or '（无业务号）'} {one.unit_code}" for one in missing)


def _send(platform: NationalPlatform, log_id: int, now: datetime) -> int:
    row = DailyLog.objects.get(pk=log_id)
    registry = lookup.institution(row.registry)
    ours = DayCounts(Office(registry.division_code, registry.name_zh), row.day, counted(row.registry, row.day))
    missing = unreported(row.registry, row.day)
    try:
        theirs = platform.send_day(ours, now)
    except Declined as no:
        _settle(log_id, Agreement.PARKED, ours, None, missing, f"国家平台不接收：{no.message_zh}", now)
        return 1
    alike = {one: number for one, number in ours.counts.items() if number} == dict(theirs.counts)
    if alike and not missing:
        _settle(log_id, Agreement.AGREED, ours, theirs, [], "", now)
        return 1
    sent_again = 0 if alike else _send_again(platform, row.registry, row.day, now)
    _settle(log_id, Agreement.DIFFERENT, ours, theirs, missing, _words(ours, theirs, missing, sent_again), now)
    return 1


def _send_again(platform: NationalPlatform, registry: str, day: date, now: datetime) -> int:
    """Queue anew, each under its own number, what was accepted and is not there; how many."""
    accepted = Upload.objects.filter(registry=registry, recorded_on=day, state=Delivery.ACCEPTED).order_by("settled_at")
    gone = [pk for pk, number in accepted.values_list("pk", "message_no")[:ASKED_AFTER_MAX] if not platform.has(number)]
    return Upload.objects.filter(pk__in=gone, state=Delivery.ACCEPTED).update(
        state=Delivery.WAITING,
        settled_at=None,
        next_try_at=now,
        attempts=0,
        reason_code="not_there",
        reason_zh="国家平台说过已接收，对账时却没有，用原报文号重新上报。",
    )


def _words(ours: DayCounts, theirs: DayCounts, missing: list[str], sent_again: int) -> str:
    said = []
    if missing:
        said.append(f"登记簿有 {len(missing)} 笔登簿没有上报")
    kinds = [one for one in Registration if ours.counts.get(one, 0) != theirs.counts.get(one, 0)]
    said += [f"{one.name_zh}：本站 {ours.counts.get(one, 0)}，平台 {theirs.counts.get(one, 0)}" for one in kinds]
    if sent_again:
        said.append(f"平台缺的 {sent_again} 份已重新上报")
    return "；".join(said)


def _settle(  # noqa: PLR0913 - the outcome of one log, in its parts
    log_id: int,
    state: Agreement,
    ours: DayCounts,
    theirs: DayCounts | None,
    missing: list[str],
    reason_zh: str,
    now: datetime,
) -> None:
    DailyLog.objects.filter(pk=log_id).update(
        state=state,
        counts={one.value: number for one, number in ours.counts.items()},
        platform_counts=None if theirs is None else {one.value: number for one, number in theirs.counts.items()},
        unreported=missing[:UNREPORTED_SHOWN],
        reason_zh=reason_zh[:REASON_CHARACTERS_MAX],
        sent_at=now,
        next_try_at=now + ASK_AGAIN,
        attempts=0,
    )


def _later(log_id: int, error: OutsideError, now: datetime) -> None:
    with transaction.atomic():
        row = DailyLog.objects.select_for_update().get(pk=log_id)
        row.attempts += 1
        row.next_try_at, row.reason_zh = now + lines.rest(row.attempts), error.message_zh[:REASON_CHARACTERS_MAX]
        row.save(update_fields=["attempts", "next_try_at", "reason_zh"])
