"""How often one address may ask for something that costs work or could be used to try numbers out.

Kept in memory for the length of a period and never written down; each web process counts for itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Final

from django.http import HttpRequest, HttpResponse

from tongban.access.actors import origin_of
from tongban.web.render import render_status

ADDRESSES_MAX: Final = 20_000
_NETWORK_BITS_V6: Final = 64  # what one household is given

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` requests of one address within `period_s` seconds."""

    name: str
    most: int
    period_s: int


FILES = Limit("files", most=12, period_s=60)
CODES = Limit("codes", most=30, period_s=60)
NUMBERS = Limit("numbers", most=12, period_s=60)

_seen: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
_lock = threading.Lock()


def wait_s(limit: Limit, address: str, now_s: float) -> int:
    """Count one request; 0 when it may go on, else the whole seconds after which the next one may.

    A refused request is not counted, so waiting always helps.
    """
    key = (limit.name, _household(address))
    with _lock:
        times = _seen.setdefault(key, deque(maxlen=limit.most))
        _seen.move_to_end(key)
        while len(_seen) > ADDRESSES_MAX:
            _seen.popitem(last=False)
        while times and times[0] <= now_s - limit.period_s:
            times.popleft()
        if len(times) == limit.most:
            return math.ceil(times[0] + limit.period_s - now_s)
        times.append(now_s)
        return 0


def limited(limit: Limit) -> Callable[[View], View]:
    """The view's POST under the limit; too many are answered with the page of status 429."""

    def of(view: View) -> View:
        @wraps(view)
        def ask(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            wait = wait_s(limit, origin_of(request), time.monotonic()) if request.method == "POST" else 0
            if not wait:
                return view(request, *args, **kwargs)
            response = render_status(request, 429)
            response["Retry-After"] = str(wait)
            return response

        return ask

    return of


def forget() -> None:
    """Let every address begin anew."""
    with _lock:
        _seen.clear()


def _household(address: str) -> str:
    """The address; of IPv6 the network that one household is given, since it may take any address in it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(parsed) if parsed.version == 4 else str(ip_network(f"{parsed}/{_NETWORK_BITS_V6}", strict=False))
