"""Changes of the directory by a person: permitted, written, audited, in one transaction.

The province sets the standard; a registry sets only what is its own (`LOCAL_FIGURES`) and opens or closes its services.
What the service leaves out is set by both: by the province for all or for one district, by a registry for its own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.directory import figures, local_rules, lookup, notices
from tongban.directory.divisions import PROVINCE
from tongban.directory.figures import Figure, Opening
from tongban.directory.local_rules import Note, WindowChange
from tongban.directory.notices import Notice, NoticeImport
from tongban.domain.parameters import PARAMETERS
from tongban.domain.terms import Channel

LOCAL_FIGURES: Final = frozenset(
    {
        "consult_minutes",
        "remind_percent",
        "escalate_percent",
        "remedy_text",
        "opening.window",
        "opening.prechecked",
        "opening.online",
        *(name for name in PARAMETERS if name.startswith("exclusion.")),
    }
)


def set_parameter(actor: Actor, figure: Figure, now: datetime) -> None:
    """Set a local figure by date.  Raises NotPermitted, InvalidInput (see `figures.write_figure`), NotFound."""
    owner = _owner(figure, localdate(now))
    require(actor, Permission.PARAMETER_MANAGE, Scope(frozenset({owner}), figure.name))
    with transaction.atomic():
        figures.write_figure(figure, set_by=actor.id, now=now)
        detail = {
            "division": figure.division_code,
            "value": figure.value,
            "from": figure.valid_from.isoformat(),
            "until": figure.valid_until.isoformat() if figure.valid_until else "",
            "source": figure.source_zh,
        }
        audit(actor, "parameter.set", figure.name, detail=detail, now=now)


def open_service(actor: Actor, opening: Opening, now: datetime) -> None:
    """Let a home registry take an item through a channel.  Raises NotPermitted, InvalidInput, NotFound."""
    require(actor, Permission.OPENING_MANAGE, Scope(frozenset({opening.registry}), opening.item))
    with transaction.atomic():
        figures.write_opening(opening, localdate(now))
        detail = {
            "registry": opening.registry,
            "channel": opening.channel.value,
            "from": opening.open_from.isoformat(),
            "until": opening.open_until.isoformat() if opening.open_until else "",
        }
        audit(actor, "opening.open", opening.item, detail=detail, now=now)


def close_service(  # noqa: PLR0913 - whose what where until when, by whom and when
    actor: Actor, registry: str, item: str, channel: Channel, *, last_day: date, now: datetime
) -> int:
    """Close an item after `last_day`; yesterday closes it at once.  How many openings ended."""
    require(actor, Permission.OPENING_MANAGE, Scope(frozenset({registry}), item))
    with transaction.atomic():
        count = figures.end_opening(registry, item, channel, last_day=last_day, today=localdate(now))
        detail = {"registry": registry, "channel": channel.value, "last_day": last_day.isoformat()}
        audit(actor, "opening.close", item, detail=detail, now=now)
    return count


def publish_note(actor: Actor, note: Note, now: datetime) -> int:
    """Let a registry say something to everybody, or about one item (G8); its number.

    Raises NotPermitted, InvalidInput (see `local_rules.write_note`).
    """
    require(actor, Permission.LOCAL_MANAGE, Scope(frozenset({note.registry}), note.item))
    with transaction.atomic():
        number = local_rules.write_note(note, set_by=actor.id, now=now)
        detail = {
            "registry": note.registry,
            "item": note.item,
            "title": note.title_zh,
            "from": note.valid_from.isoformat(),
            "until": note.valid_until.isoformat() if note.valid_until else "",
        }
        audit(actor, "note.publish", str(number), detail=detail, now=now)
    return number


def take_down_note(actor: Actor, registry: str, number: int, now: datetime) -> None:
    """End what a registry says.  Raises NotPermitted, NotFound."""
    require(actor, Permission.LOCAL_MANAGE, Scope(frozenset({registry}), str(number)))
    with transaction.atomic():
        note = local_rules.take_down(registry, number, localdate(now))
        audit(actor, "note.take_down", str(number), detail={"registry": registry, "title": note.title_zh}, now=now)


def change_window(actor: Actor, registry: str, change: WindowChange, now: datetime) -> None:
    """Set how a counter is to be reached, or close it.  Raises NotPermitted, NotFound, InvalidInput."""
    require(actor, Permission.LOCAL_MANAGE, Scope(frozenset({registry}), change.code))
    with transaction.atomic():
        local_rules.change_window(registry, change)
        detail = {
            "registry": registry,
            "address": change.address_zh,
            "phone": change.phone,
            "hours": " ".join(f"{day}:{first}-{last}" for day, (first, last) in sorted(change.hours.items())),
            "active": str(change.is_active),
        }
        audit(actor, "window.change", change.code, detail=detail, now=now)


def import_notice(actor: Actor, notice: Notice, now: datetime) -> NoticeImport:
    """Take over the State Council's notice of a year.  Raises NotPermitted, InvalidInput.

    Open due dates that count over a changed day must be worked out anew: `NoticeImport.changed` says which days.
    """
    require(actor, Permission.CALENDAR_IMPORT, Scope(frozenset({PROVINCE}), str(notice.year)))
    with transaction.atomic():
        done = notices.write_notice(notice)
        detail = {"source": notice.source, "changed_days": str(len(done.changed))}
        audit(actor, "calendar.import", str(notice.year), detail=detail, now=now)
    return done


def _owner(figure: Figure, today: date) -> str:
    """The institution whose administrator may set the figure."""
    if figure.name not in LOCAL_FIGURES or figure.division_code == lookup.PROVINCE_DIVISION:
        return PROVINCE
    registries = {row.division_code: row.code for row in lookup.registries()}
    return registries.get(figure.division_code) or lookup.registry_of_division(figure.division_code, today)
