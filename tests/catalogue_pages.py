"""Pages for the items of the catalogue: a unit with its owners, an item's example filled in, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from tests.entry_inputs import TODAY, given
from tongban.domain.catalogue.form import check_form, clean_form
from tongban.domain.catalogue.item import FoundBy, ServiceItem, Shown
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import Entry
from tongban.domain.errors import Problem
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument
from tongban.domain.replay import Titles, replay
from tongban.domain.terms import CoOwnership, HolderKind, RightKind
from tongban.domain.titles import Holder, HolderIdentity, Title
from tongban.domain.unit_page import UnitPage

CODE = UnitCode("410526001002GB00015F00030027")
CERTIFICATE = CertificateNo("豫（2020）滑县不动产权第0000001号")
STATE = UnitState(CODE, "滑县道口镇文明路8号3幢2单元502室", RightKind.STATE_LAND_HOUSE)
NUMBERS = ("410526196804120003", "410526198812120029", "410526197408270004")
NAMES = ("陶建国", "李红", "赵静")


def person(place: int, share: Fraction | None = None) -> Holder:
    """One of three invented persons, in this place of a title."""
    identity = HolderIdentity(NAMES[place - 1], IdDocument.ID_CARD, NUMBERS[place - 1])
    return Holder(place, HolderKind.PERSON, identity, share)


def page(*shares: Fraction | None, co_ownership: CoOwnership = CoOwnership.SOLE) -> UnitPage:
    """A home with as many owners as shares are given; one owner by default."""
    holders = tuple(person(place, share) for place, share in enumerate(shares or (None,), 1))
    return UnitPage(CODE, Title(STATE, CERTIFICATE, co_ownership, holders))


def jointly_owned() -> UnitPage:
    """A home that two persons hold jointly."""
    return page(None, None, co_ownership=CoOwnership.JOINT)


def by_shares(*shares: Fraction) -> UnitPage:
    """A home held by shares."""
    return page(*shares, co_ownership=CoOwnership.BY_SHARES)


def shown_for(item: ServiceItem, unit: UnitPage) -> Shown:
    """The paper an application for the item begins with, shown by the first holder it names."""
    if item.found_by is FoundBy.TITLE:
        assert unit.title is not None, "a certificate is shown for a title"
        return Shown(unit.title.certificate_no, unit.title.holders[0])
    if item.found_by is FoundBy.PROOF:
        opened = unit.burdens[-1]
        return Shown(opened.burden.proof_no, opened.holders[0])
    return Shown("", None)


def filled(item: ServiceItem, unit: UnitPage, shown: Shown | None = None, **changed: str) -> dict[str, str]:
    """The item's example on this page, with what the register prefills and with changed answers."""
    known = item.prefill(unit, shown or shown_for(item, unit))
    return clean_form(item, {**item.example.answers, **known, **changed})


def problems(item: ServiceItem, form: Mapping[str, str], today: date = TODAY) -> tuple[Problem, ...]:
    """What the form itself says is wrong."""
    return check_form(item, form, today)


def written(item: ServiceItem, form: Mapping[str, str], unit: UnitPage, first_number: int = 1234) -> tuple[Entry, ...]:
    """What the item writes on this page."""
    return item.entries(given(form, unit, first_number=first_number))


def after(unit: UnitPage, entries: tuple[Entry, ...]) -> UnitPage:
    """The page after these entries, replayed as the register does."""
    held = Titles(
        titles={unit.unit_code: unit.title} if unit.title else {},
        open_burdens={unit.unit_code: unit.burdens} if unit.burdens else {},
        described={unit.unit_code: unit.described} if unit.described else {},
    )
    now = replay(entries, held)
    return UnitPage(
        unit.unit_code,
        now.title(unit.unit_code),
        now.open_burdens.get(unit.unit_code, ()),
        now.described.get(unit.unit_code),
    )


def played(item: ServiceItem, unit: UnitPage, first_number: int = 1234, **changed: str) -> UnitPage:
    """The page after the item's example, with changed answers."""
    return after(unit, written(item, filled(item, unit, **changed), unit, first_number))
