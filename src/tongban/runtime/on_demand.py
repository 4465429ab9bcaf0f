"""The embedded database for one command: started if nobody runs it, stopped by whoever leaves last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongban.runtime import locks
from tongban.runtime.postgres import EmbeddedPostgres
from tongban.runtime.site_file import SiteFile

MARK = "database-on-demand"


@contextmanager
def database(home: Path, site: SiteFile) -> Iterator[EmbeddedPostgres]:
    """The embedded server answers within the block.

    A server that runs already (a supervisor's, a test run's) is used and left alone; one that commands
    started for themselves is stopped when the last of them ends.
    """
    server = EmbeddedPostgres(home, site)
    mark = locks.run_dir(home) / MARK
    presence = locks.Presence(home)
    with locks.database_change(home):
        if not server.is_running():
            server.start()
            mark.touch()
        presence.enter()
    try:
        yield server
    finally:
        with locks.database_change(home):
            if presence.is_alone() and mark.exists():
                server.stop()
                mark.unlink()
        presence.close()
