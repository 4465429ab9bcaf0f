"""The province of the stories: built once per run into a second template, cloned for every test that asks."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from tests import cluster, province

from tongban.directory.recent import forget_kept
from tongban.runtime.postgres import create_database

PROVINCE_TEMPLATE = "tongban_province"


def province_template(django_db_blocker: Any) -> str:
    """The name of the template that holds the province; the first worker to ask builds it."""
    server = cluster.ready()
    with open(cluster.HOME / "province.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = cluster.HOME / "province-made"
        if not done.exists():
            create_database(server.admin_url(), PROVINCE_TEMPLATE, template=cluster.TEMPLATE)
            with django_db_blocker.unblock():
                connections.close_all()
                before = connections.databases["default"]["NAME"]
                connections.databases["default"]["NAME"] = PROVINCE_TEMPLATE
                province.build()
                connections.close_all()
                connections.databases["default"]["NAME"] = before
            done.touch()
    return PROVINCE_TEMPLATE


@pytest.fixture
def story(django_db_blocker: Any) -> Iterator[province.Province]:
    """A province of one's own, with real commits; dropped afterwards."""
    template = province_template(django_db_blocker)
    before = connections.databases["default"]["NAME"]
    with cluster.clone("story", template=template) as name, django_db_blocker.unblock():
        connections.close_all()
        connections.databases["default"]["NAME"] = name
        forget_kept()
        try:
            yield province.Province()
        finally:
            connections.close_all()
            connections.databases["default"]["NAME"] = before
            forget_kept()
