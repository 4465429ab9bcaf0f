"""Databases for tests: a rolled-back clone per worker (`db`), or a clone of one's own (`own_database`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from tests import cluster
from tongban.directory import recent


@pytest.fixture(autouse=True)
def _nothing_kept_from_a_change_that_is_rolled_back(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test inside one transaction changes the directory by hand and takes it back; nothing of it may be kept."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        monkeypatch.setattr(recent, "KEPT_S", 0.0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """One clone of the migrated template for the rollback tests of this worker."""
    with cluster.clone("worker") as name, django_db_blocker.unblock():
        connections.databases["default"]["NAME"] = name
        # Django finds this out by making a table, which the application role may not do.
        connection.features.__dict__["supports_transactions"] = True
        yield
        connections.close_all()


@pytest.fixture
def own_database(django_db_blocker: Any) -> Iterator[str]:
    """A database of the test's own with real commits, for threads and other processes; gives its name."""
    before = connections.databases["default"]["NAME"]
    with cluster.clone("own") as name, django_db_blocker.unblock():
        connections.close_all()
        connections.databases["default"]["NAME"] = name
        try:
            yield name
        finally:
            connections.close_all()
            connections.databases["default"]["NAME"] = before
