"""Every transfer's example is complete, fits the unit it plays on, and says what it must of the service."""

from __future__ import annotations

import pytest
from tests.transfer_builders import after, form_of, page_of, written

from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.catalogue.item import FoundBy
from tongban.domain.terms import Document


@pytest.mark.parametrize("number", ["S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S12"])
def test_the_example_of_a_transfer_is_complete_and_fits_its_unit(number: str) -> None:
    item = CATALOGUE[number]
    staged = EXAMPLE_UNITS[item.example.unit]
    assert staged.title is not None
    page = page_of(staged.title)
    form = form_of(item, page, staged.title.holders[0])

    entries = written(item, form, page)
    assert after(entries, page).title(page.unit_code) != staged.title


@pytest.mark.parametrize("number", ["S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S11"])
def test_a_transfer_disposes_gives_a_certificate_and_waits_for_the_tax_office(number: str) -> None:
    item = CATALOGUE[number]

    assert item.disposes
    assert item.issues == (Document.CERTIFICATE,)
    assert "tax_proof" in {one.key for one in item.materials if one.made_by_system}
    assert any(one.value == "tax" for one in item.departments)


@pytest.mark.parametrize("number", ["S02", "S03", "S04", "S05", "S06", "S07", "S11", "S12"])
def test_whoever_holds_a_certificate_shows_it(number: str) -> None:
    item = CATALOGUE[number]

    assert item.found_by is FoundBy.TITLE
    assert [one.key for one in item.materials if one.keeps_original] == ["certificate"]
