"""What every site starts with, and the questions packages ask of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tongban.directory import lookup
from tongban.directory.reference import sync_reference

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
pytestmark = pytest.mark.django_db


def test_the_province_has_120_registries_of_its_own_and_for_city_districts():
    sync_reference(NOW)

    found = lookup.registries()

    assert len(found) == 120
    cities = [row for row in found if row.division_code.endswith("00")]
    assert len(cities) == 17
    assert lookup.institution("registry-419001").short_zh == "济源市"


def test_running_it_again_adds_nothing():
    assert sync_reference(NOW).total > 0

    assert sync_reference(NOW).total == 0
