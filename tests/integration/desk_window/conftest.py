"""The window with an application in every state: built once per run into a template, cloned for every test that asks."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from tests import cluster, window_site
from tests.province import Province
from tests.stories.conftest import province_template

from tongban.directory.recent import forget_kept
from tongban.runtime.postgres import create_database

WINDOW_TEMPLATE = "tongban_window"
PLAN = cluster.HOME / "window-applications.json"


def _template(django_db_blocker: Any) -> str:
    province = province_template(django_db_blocker)
    server = cluster.ready()
    with open(cluster.HOME / "window.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not PLAN.exists():
            create_database(server.admin_url(), WINDOW_TEMPLATE, template=province)
            with django_db_blocker.unblock(), _inside(WINDOW_TEMPLATE):
                window_site.build(PLAN)
    return WINDOW_TEMPLATE


@contextmanager
def _inside(name: str) -> Iterator[None]:
    """Work in another database for a while."""
    connections.close_all()
    before = connections.databases["default"]["NAME"]
    connections.databases["default"]["NAME"] = name
    forget_kept()
    try:
        yield
    finally:
        connections.close_all()
        connections.databases["default"]["NAME"] = before
        forget_kept()


@pytest.fixture
def desk(django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[window_site.Desk]:
    """A window of one's own, with real commits; the machine's clock follows the story."""
    template = _template(django_db_blocker)
    plan = json.loads(PLAN.read_text(encoding="utf-8"))
    with cluster.clone("window", template=template) as name, django_db_blocker.unblock(), _inside(name):
        story = Province(now=datetime.fromisoformat(plan["now"]))
        monkeypatch.setattr(timezone, "now", lambda: story.now)
        yield window_site.Desk(story, plan["applications"], plan["secrets"])
