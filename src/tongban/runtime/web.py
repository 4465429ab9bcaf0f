"""The web server of a site: granian with worker processes that die with it."""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Callable
from typing import Any

from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from tongban.runtime.children import die_with_parent

APPLICATION = "tongban.config.wsgi.application"
BLOCKING_THREADS = 4
STOP_LIMIT_S = 5


def main() -> None:
    """Serve until SIGTERM or SIGINT; a worker process that ends is replaced."""
    parser = argparse.ArgumentParser(prog="python -m tongban.runtime.web")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args()
    # Loaded before the worker processes fork, addresses and views too: one that is replaced answers at once.
    import_string(APPLICATION)
    assert get_resolver().url_patterns, "a site has pages"
    Granian(
        APPLICATION,
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=chosen.workers,
        blocking_threads=BLOCKING_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_LIMIT_S,
        log_level=LogLevels.warning,
    ).serve(target_loader=_Loader(os.getpid()), wrap_loader=False)


class _Loader:
    """Gives the application to a worker process and binds that to the life of granian's main process."""

    def __init__(self, parent: int) -> None:
        self._parent = parent

    def __call__(self) -> Callable[..., Any]:
        die_with_parent(self._parent, signal.SIGKILL)
        application: Callable[..., Any] = import_string(APPLICATION)
        return application


if __name__ == "__main__":
    main()
