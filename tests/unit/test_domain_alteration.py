"""What a name change writes into the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.entry_inputs import given

from tongban.domain.catalogue.alteration import NAME_CHANGE, holders_named
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.differences import Difference, title_comparison, title_differences
from tongban.domain.entries import AlterHolder, OpenTitle, ReplaceCertificate
from tongban.domain.errors import InvalidInput
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument
from tongban.domain.replay import replay
from tongban.domain.terms import Cause, CoOwnership, HolderKind, RightKind
from tongban.domain.titles import Holder, HolderIdentity, Title

OLD_NO = CertificateNo("豫（2020）滑县不动产权第0000001号")
NEW_NO = CertificateNo("豫（2026）滑县不动产权第0001234号")
WANG = Holder(1, HolderKind.PERSON, HolderIdentity("王小明", IdDocument.ID_CARD, "410526199001011237"), Fraction(1, 3))
LI = Holder(2, HolderKind.PERSON, HolderIdentity("李红", IdDocument.ID_CARD, "410526198812120029"), Fraction(2, 3))
TITLE = Title(
    UnitState(UnitCode("410526001002GB00015F00030027"), "滑县道口镇某路1号", RightKind.STATE_LAND_HOUSE),
    OLD_NO,
    CoOwnership.BY_SHARES,
    (WANG, LI),
)
FORM = {
    "owner_kind": "person",
    "previous_name": "王小明",
    "new_name": "王大明",
    "id_no": "410526199001011237",
    "cause": "name_change",
    "evidence_kind": "police_change",
    "evidence_no": "滑公证字第7号",
}


def entries(title: Title = TITLE, **changed: str) -> tuple[object, ...]:
    return NAME_CHANGE.entries(given({**FORM, **changed}, title))


def test_one_holder_is_renamed_and_the_certificate_replaced() -> None:
    altered, replaced = entries()

    assert isinstance(altered, AlterHolder)
    assert (altered.holder_no, altered.before, altered.after.name) == (1, WANG.identity, "王大明")
    assert (altered.after.id_kind, altered.after.id_no) == (WANG.id_kind, WANG.id_no)
    assert (altered.evidence_kind, altered.evidence_no) == ("police_change", "滑公证字第7号")
    assert replaced == ReplaceCertificate(TITLE.unit.unit_code, OLD_NO, NEW_NO)


def test_what_it_writes_fits_the_book_and_changes_two_lines_only() -> None:
    written = NAME_CHANGE.entries(given(FORM, TITLE))
    after = replay([OpenTitle(TITLE, Cause.SALE), *written]).title(TITLE.unit.unit_code)

    assert title_differences(TITLE, after) == (
        Difference("certificate_no", "不动产权证号", OLD_NO, NEW_NO),
        Difference("name", "权利人", "王小明", "王大明", 1),
    )


def test_somebody_registered_twice_is_renamed_twice() -> None:
    twice = replace(TITLE, holders=(WANG, replace(WANG, holder_no=2, share=Fraction(2, 3))))

    assert [type(entry) for entry in entries(twice)] == [AlterHolder, AlterHolder, ReplaceCertificate]


def test_an_old_15_digit_number_in_the_register_is_the_same_person_and_stays_as_it_is() -> None:
    old = replace(WANG, identity=replace(WANG.identity, id_no="410526900101123"))
    altered = entries(replace(TITLE, holders=(old, LI)))[0]

    assert isinstance(altered, AlterHolder)
    assert altered.after.id_no == "410526900101123"


@pytest.mark.parametrize(
    "changed",
    [
        {"previous_name": "王小"},
        {"id_no": "410526198812120029"},
        {"owner_kind": "enterprise"},
        {"new_name": "王小明"},
        {"new_name": "  "},
        {"id_no": ""},
    ],
)
def test_a_form_that_does_not_fit_the_register_writes_nothing(changed: Mapping[str, str]) -> None:
    with pytest.raises(InvalidInput):
        entries(**changed)


def test_a_company_is_found_by_name_and_credit_code() -> None:
    company = Holder(
        1, HolderKind.ENTERPRISE, HolderIdentity("滑县旧名有限公司", IdDocument.USCC, "91410526MA44000081")
    )
    title = replace(TITLE, co_ownership=CoOwnership.SOLE, holders=(company,))
    form = {"owner_kind": "enterprise", "previous_name": "滑县旧名有限公司", "id_no": "91410526ma44000081"}

    assert holders_named(title, form) == (company,)
    assert holders_named(title, {**form, "owner_kind": "person"}) == ()


def test_the_comparison_shows_every_line_with_the_changed_ones_marked() -> None:
    after = replace(TITLE, certificate_no=NEW_NO)
    lines = title_comparison(TITLE, after)

    assert [line.field for line in lines if line.is_changed] == ["certificate_no"]
    assert len(lines) == 11 + 2 * 5


def test_a_title_that_comes_or_goes_differs_from_nothing() -> None:
    assert {line.before_zh for line in title_differences(None, TITLE)} == {""}
    assert {line.after_zh for line in title_differences(TITLE, None)} == {""}
    assert title_differences(TITLE, TITLE) == ()
