"""The site file: the one place on disk that holds a site's own secrets and figures."""

from __future__ import annotations

import os
import secrets
import sys
import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

FILE_NAME = "site.toml"
ROLES = ("owner", "app", "reader")


@dataclass(frozen=True, slots=True)
class SiteFile:
    """Secrets of one site; the file is readable by its operator only (mode 0600)."""

    site_code: str
    django_secret: str
    master_keys: dict[str, bytes]
    master_key_current: str
    index_key: bytes
    database_passwords: dict[str, str]

    def database_url(self, role: str, home: Path, name: str = "tongban") -> str:
        """Connection address of one database role at the site's embedded server (unix socket)."""
        password = self.database_passwords[role]
        return f"postgresql://tongban_{role}:{password}@/{name}?host={socket_dir(home)}&port=5432"


def socket_dir(home: Path) -> Path:
    """A short folder for the unix socket: the operating system allows 107 characters in all."""
    digest = sha256(str(home.resolve()).encode()).hexdigest()[:12]
    return Path(os.environ.get("TONGBAN_SOCKET_ROOT", "/tmp")) / f"tongban-{digest}"  # noqa: S108


def load(home: Path) -> SiteFile | None:
    """The site file below `home`, or None when the site was not set up."""
    path = home / FILE_NAME
    if not path.exists():
        return None
    data = tomllib.loads(path.read_text("utf-8"))
    return SiteFile(
        site_code=data["site_code"],
        django_secret=data["django_secret"],
        master_keys={name: bytes.fromhex(value) for name, value in data["master_keys"].items()},
        master_key_current=data["master_key_current"],
        index_key=bytes.fromhex(data["index_key"]),
        database_passwords=dict(data["database_passwords"]),
    )


def save(home: Path, site: SiteFile) -> None:
    """Write the site file so that a crash leaves either the old or the new one."""
    lines = [
        f'site_code = "{site.site_code}"',
        f'django_secret = "{site.django_secret}"',
        f'master_key_current = "{site.master_key_current}"',
        f'index_key = "{site.index_key.hex()}"',
        "[master_keys]",
        *(f'"{name}" = "{value.hex()}"' for name, value in site.master_keys.items()),
        "[database_passwords]",
        *(f'{role} = "{value}"' for role, value in site.database_passwords.items()),
    ]
    home.mkdir(parents=True, exist_ok=True)
    fresh = home / (FILE_NAME + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(home / FILE_NAME)


def ensure(home: Path, site_code: str = "site-main") -> SiteFile:
    """The site file of `home`; made with fresh secrets the first time."""
    if found := load(home):
        return found
    made = SiteFile(
        site_code=site_code,
        django_secret=secrets.token_urlsafe(48),
        master_keys={"m1": secrets.token_bytes(16)},
        master_key_current="m1",
        index_key=secrets.token_bytes(32),
        database_passwords={role: secrets.token_urlsafe(24) for role in ("postgres", *ROLES)},
    )
    save(home, made)
    return made


if __name__ == "__main__":
    ensure(Path(sys.argv[1]))
