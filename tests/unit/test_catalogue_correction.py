"""S38: what was written wrongly is written rightly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.entry_inputs import given
from tests.title_samples import (
    CERTIFICATE,
    FLAT,
    LI,
    NEW_CERTIFICATE,
    UNIT_CODE,
    WANG,
    ZHAO,
    by_shares,
    joint,
    named,
    page,
    sole,
)

from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import PartyRole, Shown
from tongban.domain.entries import AlterHolder, ReplaceCertificate, ReplaceTitle
from tongban.domain.errors import InvalidInput
from tongban.domain.terms import Cause
from tongban.domain.titles import Title

S38 = CATALOGUE["S38"]
BY_OWNER = {"who": "owner", **named("applicant", WANG), "evidence_no": "1"}
AREA = {**BY_OWNER, "what": "area", "right_area": "118.62"}
NAME = {
    **BY_OWNER,
    "what": "holder",
    "same_holder": "yes",
    "wrong_name": "王小明",
    "wrong_id_no": WANG.id_no,
    "right_name": "王晓明",
    "right_id_kind": "id_card",
    "right_id_no": WANG.id_no,
}
BY_ANOTHER = {**AREA, "who": "claimant", **named("applicant", ZHAO), "support": "consent"}


def refusal(form: dict[str, str], title: Title) -> str:
    with pytest.raises(InvalidInput) as caught:
        S38.entries(given(form, title))
    (problem,) = caught.value.problems
    assert problem.cure_zh
    return problem.field


def test_a_miswritten_name_is_put_right_for_the_same_holder() -> None:
    right = replace(WANG.identity, name="王晓明")

    assert S38.entries(given(NAME, sole())) == (
        AlterHolder(UNIT_CODE, 1, Cause.CORRECTION, WANG.identity, right, "error_proof", "1"),
        ReplaceCertificate(UNIT_CODE, CERTIFICATE, NEW_CERTIFICATE),
    )


@pytest.mark.parametrize(
    ("what", "answers", "unit"),
    [
        ("area", {"right_area": "118.62"}, replace(FLAT, area_m2="118.62")),
        ("address", {"right_address": "新址"}, replace(FLAT, address_zh="新址")),
        ("use", {"right_use": "31"}, replace(FLAT, use_code="31", use_zh="商业服务")),
    ],
)
def test_the_unit_is_described_rightly_and_the_right_stays(what: str, answers: dict[str, str], unit: object) -> None:
    form = {**BY_OWNER, "what": what, **answers}

    (written,) = S38.entries(given(form, sole()))

    assert written == ReplaceTitle(
        CERTIFICATE, replace(sole(), unit=unit, certificate_no=NEW_CERTIFICATE), Cause.CORRECTION
    )  # type: ignore[arg-type]
    assert S38.claims(form) == {"correction_keeps_right"}


def test_shares_are_corrected_by_all_and_are_more_than_words() -> None:
    title = by_shares((WANG, "1/3"), (LI, "2/3"))
    form = {**BY_OWNER, **named("applicant", WANG, LI), "what": "shares", "right_shares": "1/2、1/2"}

    (written,) = S38.entries(given(form, title))

    assert isinstance(written, ReplaceTitle)
    assert [one.share for one in written.title.holders] == [Fraction(1, 2)] * 2
    assert S38.claims(form) == frozenset()
    assert refusal({**form, **named("applicant", WANG), "applicant2_also": "no"}, title) == "applicant1_name"
    assert refusal({**form, "right_shares": "1"}, title) in ("right_shares", "share")
    assert refusal(form, joint(WANG, LI)) == "right_shares"


def test_another_holder_is_more_than_words_too() -> None:
    form = {**NAME, "same_holder": "no", "right_name": ZHAO.name, "right_id_no": ZHAO.id_no}

    (written,) = S38.entries(given(form, sole()))

    assert isinstance(written, ReplaceTitle)
    assert [one.name for one in written.title.holders] == [ZHAO.name]
    assert S38.claims(form) == frozenset()


def test_somebody_concerned_needs_the_owners_consent_or_proof() -> None:
    (written,) = S38.entries(given(BY_ANOTHER, sole()))

    assert isinstance(written, ReplaceTitle)
    assert S38.claims(BY_ANOTHER) == {"correction_keeps_right", "owner_consent"}
    assert [one.role for one in S38.parties(BY_ANOTHER)] == [PartyRole.CLAIMANT]
    assert refusal({**BY_ANOTHER, "support": ""}, sole()) == "support"
    assert refusal({**BY_ANOTHER, **named("applicant", WANG)}, sole()) == "who"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({**AREA, "right_area": FLAT.area_m2}, "right_area"),
        ({**AREA, "what": ""}, "what"),
        ({**AREA, **named("applicant", ZHAO)}, "applicant1_name"),
        ({**NAME, "right_name": "王小明"}, "right_name"),
        ({**NAME, "wrong_name": "王大明"}, "wrong_name"),
    ],
)
def test_what_is_no_error_or_nobodys_business_is_refused(form: dict[str, str], field: str) -> None:
    assert refusal(form, sole()) == field


def test_only_the_certificate_is_filled_in_since_another_may_apply() -> None:
    assert S38.prefill(page(sole()), Shown(CERTIFICATE, WANG)) == {"certificate_no": CERTIFICATE}
