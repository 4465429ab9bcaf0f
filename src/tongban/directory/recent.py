"""Answers kept in the process for a moment.

Several web and background processes read the directory; each keeps an answer at most `KEPT_S` seconds, so a change is
seen everywhere within that time, and at once in the process that made it.  While a transaction has changed the
directory and is not committed, its answers are neither kept nor taken from those kept.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

KEPT_S = 2.0
KEPT_ANSWERS_MAX = 2048

_P = ParamSpec("_P")
_T = TypeVar("_T")
_kept: OrderedDict[Hashable, tuple[float, object]] = OrderedDict()
_lock = threading.Lock()


def kept_briefly(find: Callable[_P, _T]) -> Callable[_P, _T]:
    """Keep the function's answers for `KEPT_S` seconds, `KEPT_ANSWERS_MAX` over all functions; never an exception."""

    @wraps(find)
    def ask(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        where = connection.settings_dict
        if _is_changing():
            return find(*args, **kwargs)
        key = (find.__qualname__, where["HOST"], where["NAME"], args, tuple(sorted(kwargs.items())))
        with _lock:
            found = _kept.get(key)
        if found is not None and time.monotonic() < found[0]:
            return found[1]  # type: ignore[return-value]
        answer = find(*args, **kwargs)
        _keep(key, answer)
        return answer

    return ask


def forget_kept() -> None:
    """Drop every kept answer of this process, now and when the change is committed.

    Whoever changes a row calls it in the transaction of the change, before anybody can ask.
    """
    _clear()
    if connection.in_atomic_block:
        transaction.on_commit(_clear)


def _is_changing() -> bool:
    """Whether the open transaction has changed the directory: then its commit has `_clear` waiting."""
    return any(waiting[1] is _clear for waiting in connection.run_on_commit)


def _clear() -> None:
    with _lock:
        _kept.clear()


def _keep(key: Hashable, answer: object) -> None:
    with _lock:
        _kept[key] = (time.monotonic() + KEPT_S, answer)
        _kept.move_to_end(key)
        while len(_kept) > KEPT_ANSWERS_MAX:
            _kept.popitem(last=False)
