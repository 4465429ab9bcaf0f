"""The counter of queries: built once per run into a template, cloned for every test that asks."""

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
from tests import cluster, enquiry_site
from tests.province import Province
from tests.stories.conftest import province_template

from tongban.directory.recent import forget_kept
from tongban.runtime.postgres import create_database

TEMPLATE = "tongban_enquiries"
PLAN = cluster.HOME / "enquiries.json"


def _template(django_db_blocker: Any) -> str:
    province = province_template(django_db_blocker)
    server = cluster.ready()
    with open(cluster.HOME / "enquiries.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not PLAN.exists():
            create_database(server.admin_url(), TEMPLATE, template=province)
            with django_db_blocker.unblock(), _inside(TEMPLATE):
                enquiry_site.build(PLAN)
    return TEMPLATE


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
def counter(django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[enquiry_site.Counter]:
    """A counter of one's own, with real commits; the machine's clock follows the story."""
    template = _template(django_db_blocker)
    plan = json.loads(PLAN.read_text(encoding="utf-8"))
    with cluster.clone("enquiry", template=template) as name, django_db_blocker.unblock(), _inside(name):
        story = Province(now=datetime.fromisoformat(plan["now"]))
        monkeypatch.setattr(timezone, "now", lambda: story.now)
        yield enquiry_site.Counter(story)
