"""A second site for tests: a process of its own with its own database, keys and machine door.

Started as `python -m tests.exchange_peer <home> <database url>`; reads one JSON command a line, answers with one line.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tongban.runtime import site_file

SITE = "site-b"
REPO = Path(__file__).resolve().parent.parent


class Peer:
    """The second site as the test sees it."""

    def __init__(self, home: Path, database_url: str) -> None:
        site_file.ensure(home, SITE)
        environment = {**os.environ, "TONGBAN_HOME": str(home), "DATABASE_URL": database_url}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.exchange_peer"],
            env=environment, cwd=REPO, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.port = int(self._read()["port"])

    def do(self, command: str, **facts: Any) -> Any:
        """One command and its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": command, **facts}) + "\n")
        self._process.stdin.flush()
        return self._read()["answer"]

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the second site died"
        found: dict[str, Any] = json.loads(line)
        return found


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the library
        pass


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def _serve(answers: dict[str, Callable[..., Any]]) -> None:
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - Django must be set up first

    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Threads, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_port}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps({"answer": answers[asked.pop("do")](**asked)}), flush=True)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django  # noqa: PLC0415 - the environment comes first
    from django.conf import settings  # noqa: PLC0415

    settings.TONGBAN_WIRING = "tests.exchange_wiring"
    settings.ROOT_URLCONF = "tongban.api.urls"
    settings.MIDDLEWARE = []
    django.setup()
    from tests import exchange_wiring as wiring  # noqa: PLC0415
    from tests import exchange_world as world  # noqa: PLC0415
    from tongban.directory.models import Site  # noqa: PLC0415
    from tongban.directory.recent import forget_kept  # noqa: PLC0415
    from tongban.exchange import inbox  # noqa: PLC0415
    from tongban.vault import blobs, keys  # noqa: PLC0415

    def found(here: list[str], others: dict[str, str], public: list[dict[str, str | None]]) -> Any:
        world.found({code: site for code, site in others.items() if code not in here}, datetime.now(UTC))
        keys.import_exported(public)
        world.authorize()
        return keys.export_public(here)

    def locate(site: str, base_url: str) -> None:
        Site.objects.update_or_create(code=site, defaults={"base_url": base_url})
        forget_kept()

    _serve(
        {
            "found": found,
            "locate": locate,
            "process": lambda: inbox.process_next(datetime.now(UTC)),
            "effects": lambda action: wiring.effects(action),
            "file": lambda owner, digest: base64.b64encode(blobs.read(owner, digest)).decode(),
        }
    )


if __name__ == "__main__":
    main()
