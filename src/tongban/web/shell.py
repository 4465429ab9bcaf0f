"""The frame around a page: whose desk it is, who is signed in, where the menu leads, whom to call.

`web` knows no business package, so the site tells it: setting `TONGBAN_SHELL` names a function
`(HttpRequest) -> Shell`.  Without it pages get the bare frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from tongban.domain.decision import Place


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, as shown in the header."""

    name_zh: str
    role_zh: str
    institution_zh: str


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main menu.  `key` is its access key (a digit); `prefix` marks pages that belong to it."""

    label_zh: str
    url: str
    key: str = ""
    prefix: str = ""
    count: int | None = None
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything the header and footer say."""

    area_zh: str = ""
    home_url: str = "/"
    person: Person | None = None
    nav: Sequence[NavItem] = ()
    help_place: Place | None = None
    sign_in_url: str = ""
    sign_out_url: str = ""
    foot_links: Sequence[tuple[str, str]] = ()
    is_demo: bool = False


class ShellOf(Protocol):
    """The shape of the function that `TONGBAN_SHELL` names."""

    def __call__(self, request: HttpRequest) -> Shell:
        """The frame for this request; must work for anonymous visitors."""


def _configured() -> ShellOf | None:
    path = getattr(settings, "TONGBAN_SHELL", "")
    return cast(ShellOf, import_string(path)) if path else None


def shell_of(request: HttpRequest) -> Shell:
    """The frame of this request, with the current menu entry marked: the one with the longest matching prefix."""
    known = getattr(request, "shell", None)
    if isinstance(known, Shell):
        return known
    of = _configured()
    shell = of(request) if of else Shell()
    prefixes = [item.prefix or item.url for item in shell.nav]
    here = max((p for p in prefixes if request.path.startswith(p)), key=len, default=None)
    nav = tuple(replace(item, is_current=(item.prefix or item.url) == here) for item in shell.nav)
    shell = replace(shell, nav=nav)
    request.shell = shell  # type: ignore[attr-defined]
    return shell
