"""One page of a long list by its key: as quick on the last page as on the first."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

_Line = TypeVar("_Line", bound=Model)


def window(
    rows: QuerySet[_Line], order: str, size: int, *, after: str | int, before: str | int
) -> tuple[list[_Line], bool, bool]:
    """At most `size` lines in the order of a key, whether they are the first, and whether they are the last; one query.

    `order` is the key, with "-" the largest first; `after` and `before` are keys, empty or 0 for none.
    """
    key, falls = order.removeprefix("-"), order.startswith("-")
    behind, ahead = (f"{key}__lt", f"{key}__gt") if falls else (f"{key}__gt", f"{key}__lt")
    if before:
        back = rows.filter(**{ahead: before}).order_by(key if falls else f"-{key}")
        found = list(back[: size + 1])
        return found[:size][::-1], len(found) <= size, False
    found = list((rows.filter(**{behind: after}) if after else rows).order_by(order)[: size + 1])
    return found[:size], not after, len(found) <= size
