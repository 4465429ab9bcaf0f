"""The database cluster of the test suite: one per run, a migrated template in it, a clone for whoever asks.

Loaded by `-p tests.cluster` before Django reads its settings. The suite runs as the application
role, so a test meets the same refusals as production does.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongban.runtime import site_file
from tongban.runtime.postgres import EmbeddedPostgres, create_database, drop_database

TEMPLATE = "tongban_template"


def _home() -> Path:
    if known := os.environ.get("TONGBAN_TEST_HOME"):
        return Path(known)
    made = Path(tempfile.mkdtemp(prefix="tongban-test-"))
    made.chmod(0o755)
    os.environ["TONGBAN_TEST_HOME"] = str(made)
    os.environ["TONGBAN_TEST_OWNER"] = str(os.getpid())
    return made


HOME = _home()
os.environ["TONGBAN_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
SITE = site_file.ensure(HOME, "site-test")
SERVER = EmbeddedPostgres(HOME, SITE, settings={"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})


def ready() -> EmbeddedPostgres:
    """The running cluster with its template; the first process to ask makes both."""
    with open(HOME / "cluster.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        SERVER.start()
        if not (HOME / "template-made").exists():
            SERVER.prepare(TEMPLATE)
            environment = {**os.environ, "TONGBAN_DATABASE_NAME": TEMPLATE}
            subprocess.run(
                [sys.executable, "-m", "tongban.cli.main", "migrate"],
                env=environment, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            (HOME / "template-made").touch()
    return SERVER


@contextmanager
def clone(prefix: str = "t", template: str = TEMPLATE) -> Iterator[str]:
    """The name of a fresh copy of the template; dropped afterwards."""
    server = ready()
    name = f"{prefix}_{uuid.uuid4().hex[:10]}"
    create_database(server.admin_url(), name, template=template)
    try:
        yield name
    finally:
        drop_database(server.admin_url(), name)


def pytest_unconfigure() -> None:
    """Stop the cluster and remove its folder, in the process that began the run."""
    if os.environ.get("TONGBAN_TEST_OWNER") == str(os.getpid()):
        SERVER.stop("immediate")
        shutil.rmtree(HOME, ignore_errors=True)
        shutil.rmtree(site_file.socket_dir(HOME), ignore_errors=True)
