"""The one typed reader of the environment: every variable the product knows stands here with its meaning."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

PREFIX = "TONGBAN_"


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting from outside: its name, meaning and default (None: must be given)."""

    name: str
    meaning: str
    default: str | None = ""


VARIABLES: tuple[Variable, ...] = (
    Variable("TONGBAN_HOME", "folder of the site: site file, keys, embedded database", ".tongban"),
    Variable("TONGBAN_DATABASE_ROLE", "database role of this process: owner, app or reader", "app"),
    Variable("TONGBAN_DATABASE_NAME", "name of the database on the embedded server", "tongban"),
    Variable("TONGBAN_DATABASE_POOL", "connections kept per process; 0 keeps none", "0"),
    Variable("TONGBAN_HOSTS", "host names the pages answer to, separated by commas", "127.0.0.1,localhost"),
    Variable("TONGBAN_DEBUG", "1 shows errors in full; never outside development", "0"),
    Variable("TONGBAN_DEMO", "1 shows the demonstration accounts on the sign-in page", "0"),
    Variable("TONGBAN_HTTPS", "1 when the pages are reached over TLS: cookies are then secure only", "0"),
    Variable("TONGBAN_SOCKET_ROOT", "folder below which the embedded server's socket folder is made", "/tmp"),  # noqa: S108
    Variable("TONGBAN_PLATFORM_URL", "address of the national platform; empty: not connected, uploads wait", ""),
    Variable("TONGBAN_PLATFORM_TIMEOUT_S", "seconds to wait for an answer of the platform or a licence library", "10"),
    Variable("TONGBAN_PLATFORM_HABITATION_ROW", "name of the platform's row for a right of habitation", "QLF_QL_JZQ"),
    Variable("TONGBAN_PLATFORM_EASEMENT_ROW", "name of the platform's row for an easement", "QLF_QL_DYIQ"),
    Variable("TONGBAN_PLATFORM_MARK", "value of Mark in the head of every upload", "1"),
    Variable("TONGBAN_PLATFORM_AMOUNTS", "amounts in uploads: wan (ten thousand yuan) or yuan", "wan"),
    Variable(
        "TONGBAN_COUNTY_LIBRARY_URL",
        "address of the county's licence library; empty: not connected; none: there is none",
    ),
    Variable(
        "TONGBAN_PROVINCE_LIBRARY_URL",
        "address of the province's licence library; empty: not connected; none: there is none",
    ),
    Variable("DATABASE_URL", "address of an outside PostgreSQL for the application role", ""),
    Variable("DATABASE_OWNER_URL", "address of an outside PostgreSQL for migrations", ""),
    Variable("DATABASE_READER_URL", "address of an outside PostgreSQL for reports", ""),
    Variable("DATABASE_ADMIN_URL", "its administrator; only `tongban setup` and `restore` use it", ""),
)
_KNOWN = {variable.name: variable for variable in VARIABLES}


class Env:
    """Reads the known variables; refuses an unknown name that carries the product's prefix."""

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self._source = os.environ if source is None else source
        unknown = [
            n for n in self._source if n.startswith(PREFIX) and n not in _KNOWN and not n.startswith("TONGBAN_TEST_")
        ]
        if unknown:
            raise ImproperlyConfigured(
                f"unknown settings: {', '.join(sorted(unknown))}; see docs/reference/settings.md"
            )

    def text(self, name: str) -> str:
        """The value of a known variable or its default."""
        return self._source.get(name, "") or _KNOWN[name].default or ""

    def flag(self, name: str) -> bool:
        return self.text(name) == "1"

    def number(self, name: str) -> int:
        """The value as a whole number."""
        value = self.text(name)
        if not value.isdigit():
            raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
        return int(value)

    def names(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name).split(",") if part.strip()]
