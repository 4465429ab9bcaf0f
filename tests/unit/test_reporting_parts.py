"""Which registrations a recording made: one message each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests import platform_builders as build

from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.codes import UnitCode
from tongban.domain.entries import CloseTitle, DescribeUnit, OpenTitle, ReplaceTitle
from tongban.domain.terms import Cause, Registration, Subject
from tongban.reporting.case_facts import Part
from tongban.reporting.parts import parts_of

UNIT = build.FLAT.unit_code
NEW_UNIT = UnitCode("410526001002GB00015F00030028")
SOLD = ReplaceTitle(build.title(11, build.ZHANG).certificate_no, build.title(12, build.LI, build.WANG), Cause.SALE)
MORTGAGE = BurdenFact(Burden.MORTGAGE, build.proof(21), since=date(2026, 11, 25), rank=1, proof_no=build.proof(21))
MORTGAGED = OpenBurden(UNIT, MORTGAGE, {}, (build.BANK,))


def test_a_transfer_is_one_registration_even_when_it_uses_up_a_notice() -> None:
    entries = (SOLD, CloseBurden(UNIT, build.proof(31), "本登记"))

    assert parts_of(entries, Subject.TITLE, Registration.TRANSFER, is_combined=False) == (
        Part(UNIT, Registration.TRANSFER, Subject.TITLE),
    )


def test_a_combined_transfer_and_mortgage_is_two_registrations_the_main_one_first() -> None:
    assert parts_of((MORTGAGED, SOLD), Subject.TITLE, Registration.TRANSFER, is_combined=True) == (
        Part(UNIT, Registration.TRANSFER, Subject.TITLE),
        Part(UNIT, Registration.FIRST, Subject.MORTGAGE),
    )


def test_a_mortgage_carried_along_with_a_sale_is_changed_beside_the_transfer() -> None:
    carried = AlterBurden(UNIT, MORTGAGE, replace(MORTGAGE, rank=2), {}, (build.BANK,))

    assert parts_of((SOLD, carried), Subject.TITLE, Registration.TRANSFER, is_combined=True) == (
        Part(UNIT, Registration.TRANSFER, Subject.TITLE),
        Part(UNIT, Registration.ALTERATION, Subject.MORTGAGE),
    )


def test_a_cancelled_mortgage_is_a_cancellation_of_the_mortgage() -> None:
    entries = (CloseBurden(UNIT, MORTGAGE.burden_no, "债务清偿"),)

    assert parts_of(entries, Subject.MORTGAGE, Registration.CANCELLATION, is_combined=False) == (
        Part(UNIT, Registration.CANCELLATION, Subject.MORTGAGE),
    )


def test_when_a_unit_is_divided_the_old_title_is_cancelled_and_the_new_ones_altered() -> None:
    new = replace(build.title(13, build.ZHANG), unit=replace(build.FLAT, unit_code=NEW_UNIT))
    entries = (
        CloseTitle(UNIT, build.title(11, build.ZHANG).certificate_no, Cause.DIVISION),
        OpenTitle(new, Cause.DIVISION),
    )

    assert parts_of(entries, Subject.TITLE, Registration.ALTERATION, is_combined=False) == (
        Part(UNIT, Registration.CANCELLATION, Subject.TITLE),
        Part(NEW_UNIT, Registration.ALTERATION, Subject.TITLE),
    )


def test_a_unit_that_was_only_described_is_not_reported() -> None:
    assert parts_of((DescribeUnit(build.FLAT),), Subject.TITLE, Registration.FIRST, is_combined=False) == ()


def test_a_seizure_is_a_seizure() -> None:
    seizure = OpenBurden(UNIT, BurdenFact(Burden.SEIZURE, "cf-1", organ_zh="滑县人民法院"))

    assert parts_of((seizure,), Subject.NONE, Registration.SEIZURE, is_combined=False) == (
        Part(UNIT, Registration.SEIZURE, Subject.NONE),
    )
