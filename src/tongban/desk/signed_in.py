"""The one gate of the desks' pages: somebody is signed in.  What a person may do is for the services to say."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tongban.access.actors import ActorKind, actor_of

_P = ParamSpec("_P")
_View = Callable[Concatenate[HttpRequest, _P], HttpResponse]


def signed_in(view: _View[_P]) -> _View[_P]:
    """Send everybody else to the sign-in page and back.

    Nothing a desk shows is kept by the browser: the next person at the machine must not find it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
        if actor_of(request).kind is not ActorKind.STAFF:
            back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
            return redirect(f"{settings.LOGIN_URL}{back}")
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded
