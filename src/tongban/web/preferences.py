"""How a person wants pages to look (type size, colours, shortcuts), kept in one cookie without an account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

COOKIE = "tongban_view"
COOKIE_AGE_S = 400 * 24 * 3600
CHOICES = {"size": ("standard", "elder"), "theme": ("auto", "light", "dark"), "keys": ("on", "off")}
_LONGEST_COOKIE = 200


@dataclass(frozen=True, slots=True)
class Preferences:
    """The first choice of each is what a new visitor gets."""

    size: str = "standard"
    theme: str = "auto"
    keys: str = "on"

    @property
    def is_elder(self) -> bool:
        """Whether larger type and fewer choices are wanted (适老化)."""
        return self.size == "elder"

    def changed(self, wanted: dict[str, str]) -> Preferences:
        """These preferences with the known and valid ones of `wanted`; anything else is ignored."""
        return replace(self, **{name: value for name, value in wanted.items() if value in CHOICES.get(name, ())})

    def cookie(self) -> str:
        """The cookie's value."""
        return urlencode({"size": self.size, "theme": self.theme, "keys": self.keys})


def read(cookie: str) -> Preferences:
    """Preferences from a cookie's value; whatever is not understood falls back to the first choice."""
    return Preferences().changed(dict(parse_qsl(cookie[:_LONGEST_COOKIE])))
