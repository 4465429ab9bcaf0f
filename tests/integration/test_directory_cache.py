"""Answers kept for a moment: with real commits, because nothing is kept inside a transaction."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tongban.directory import lookup, recent
from tongban.directory.models import Institution
from tongban.directory.reference import sync_reference
from tongban.domain.errors import NotFound

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def province(own_database):
    sync_reference(NOW)
    recent.forget_kept()


def test_a_second_question_within_the_moment_asks_nobody(province, monkeypatch):
    with CaptureQueriesContext(connection) as seen:
        lookup.institution("registry-410526")
        lookup.institution("registry-410526")

    assert len(seen) == 1


def test_another_process_sees_a_change_after_the_moment(province, monkeypatch):
    lookup.institution("registry-410526")
    Institution.objects.filter(pk="registry-410526").update(phone="0372-8999999")
    assert lookup.institution("registry-410526").phone == "0372-8410526"

    later = recent.time.monotonic() + recent.KEPT_S
    monkeypatch.setattr(recent.time, "monotonic", lambda: later)

    assert lookup.institution("registry-410526").phone == "0372-8999999"


def test_a_transaction_that_changes_nothing_keeps_its_answers(province):
    with transaction.atomic():
        lookup.institution("registry-410526")
    with CaptureQueriesContext(connection) as seen:
        lookup.institution("registry-410526")

    assert len(seen) == 0


def test_a_change_is_seen_at_once_where_it_is_made_and_elsewhere_once_committed(province):
    lookup.institution("registry-410526")
    with transaction.atomic():
        recent.forget_kept()
        Institution.objects.filter(pk="registry-410526").update(phone="0372-8999999")
        assert lookup.institution("registry-410526").phone == "0372-8999999"
        assert not recent._kept

    assert lookup.institution("registry-410526").phone == "0372-8999999"


def test_a_change_rolled_back_was_never_kept(province):
    with transaction.atomic():
        recent.forget_kept()
        Institution.objects.filter(pk="registry-410526").update(phone="0372-8999999")
        assert lookup.institution("registry-410526").phone == "0372-8999999"
        transaction.set_rollback(True)

    assert lookup.institution("registry-410526").phone == "0372-8410526"


def test_an_unknown_code_is_asked_every_time(province):
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen, pytest.raises(NotFound):
            lookup.institution("registry-999999")
        assert len(seen) == 1


def test_the_kept_answers_are_bounded(province, monkeypatch):
    monkeypatch.setattr(recent, "KEPT_ANSWERS_MAX", 3)
    for row in lookup.registries()[:10]:
        lookup.institution(row.code)

    assert len(recent._kept) == 3
