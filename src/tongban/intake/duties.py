"""What happens to applications by itself: drafts nobody finished end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import system
from tongban.directory import lookup
from tongban.domain.codes import institution_division
from tongban.domain.lifecycle import ApplicationState
from tongban.intake.models import Application
from tongban.intake.moves import Act, move

BATCH = 50


def expire_due(now: datetime) -> int:
    """End drafts older than the kept time; what was typed stays in the file, nothing was ever sent."""
    done = 0
    open_states = (ApplicationState.DRAFT, ApplicationState.SEALED)
    rows = Application.objects.filter(state__in=open_states, state_since__lt=now - timedelta(days=1))
    for number, registry, since in rows.order_by("state_since").values_list(
        "number", "receiving_registry", "state_since"
    )[:BATCH]:
        days = lookup.parameter_count("draft_days", institution_division(registry), localdate(now))
        if since <= now - timedelta(days=days):
            done += _expire(number, registry, now)
    return done


def _expire(number: str, registry: str, now: datetime) -> int:
    with transaction.atomic():
        application = Application.objects.select_for_update().get(number=number)
        if application.state not in (ApplicationState.DRAFT, ApplicationState.SEALED):
            return 0
        words = "超过保留时间没有提交，已失效"
        move(application, "expire", Act(system("expire", registry), now, "expire", words))
    return 1
