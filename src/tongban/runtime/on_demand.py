"""The embedded database for one command: started if nobody runs it, stopped by whoever leaves last."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongban.runtime import locks
from tongban.runtime.postgres import EmbeddedPostgres, PostgresError
from tongban.runtime.site_file import SiteFile

MARK = "database-on-demand"
WAIT_S = 0.1
WAIT_LIMIT_S = 60.0


@contextmanager
def database(home: Path, site: SiteFile) -> Iterator[EmbeddedPostgres]:
    """The embedded server answers within the block.

    A server that runs already (a supervisor's, a test run's) is used and left alone; one that a supervisor is
    just bringing back is waited for; one that commands started for themselves is stopped when the last of them ends.
    """
    server = EmbeddedPostgres(home, site)
    mark = locks.run_dir(home) / MARK
    presence = locks.Presence(home)
    with locks.database_change(home):
        if not server.is_running() and locks.supervisor_of(home) is None:
            server.start()
            mark.touch()
        presence.enter()
    _wait_for_supervisor(server)
    try:
        yield server
    finally:
        with locks.database_change(home):
            if presence.is_alone() and mark.exists():
                server.stop()
                mark.unlink()
        presence.close()


def _wait_for_supervisor(server: EmbeddedPostgres) -> None:
    """Wait until the server answers; raises PostgresError when it does not in time."""
    until = time.monotonic() + WAIT_LIMIT_S
    while not server.answers():
        if time.monotonic() > until:
            raise PostgresError(f"PostgreSQL does not answer; read {server.log_file}")
        time.sleep(WAIT_S)
