"""S14: the holder stays, the document changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.entry_inputs import given
from tests.title_samples import CERTIFICATE, LI, NEW_CERTIFICATE, UNIT_CODE, WANG, by_shares, company, joint, sole

from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.form import check_form, clean_form
from tongban.domain.catalogue.item import Shown
from tongban.domain.entries import AlterHolder, OpenTitle, ReplaceCertificate
from tongban.domain.errors import InvalidInput
from tongban.domain.identity import IdDocument
from tongban.domain.replay import replay
from tongban.domain.terms import Cause
from tongban.domain.titles import HolderIdentity, Title
from tongban.domain.unit_page import UnitPage

S14 = CATALOGUE["S14"]
OLD_CARD = replace(WANG, identity=HolderIdentity(WANG.name, IdDocument.ID_CARD, "410526900101123"))
GREW = {
    "certificate_no": CERTIFICATE,
    "previous_id_kind": "id_card",
    "previous_id_no": "410526900101123",
    "owner1_kind": "person",
    "owner1_name": WANG.name,
    "owner1_id_kind": "id_card",
    "owner1_id_no": "410526199001011237",
    "owner1_phone": "13800138000",
    "owner1_comes": "self",
    "way": "grew",
}
REISSUED = {
    **GREW,
    "previous_id_no": WANG.id_no,
    "owner1_id_kind": "passport",
    "owner1_id_no": "E00000014",
    "way": "reissued",
    "evidence_kind": "same_person",
    "evidence_no": "14",
    "evidence_issuer": "滑县公安局",
    "evidence_date": "2026-11-02",
}


def refusal(form: dict[str, str], title: Title) -> str:
    with pytest.raises(InvalidInput) as caught:
        S14.entries(given(form, title))
    (problem,) = caught.value.problems
    assert problem.cure_zh
    return problem.field


def test_an_old_number_that_grew_to_18_digits_changes_the_document_and_the_certificate_only() -> None:
    title = sole(OLD_CARD)

    written = S14.entries(given(GREW, title))

    after = HolderIdentity(WANG.name, IdDocument.ID_CARD, "410526199001011237")
    assert written == (
        AlterHolder(UNIT_CODE, 1, Cause.ID_CHANGE, OLD_CARD.identity, after, "", ""),
        ReplaceCertificate(UNIT_CODE, CERTIFICATE, NEW_CERTIFICATE),
    )
    held = replay([OpenTitle(title, Cause.SALE), *written]).title(UNIT_CODE)
    assert held == replace(title, certificate_no=NEW_CERTIFICATE, holders=(replace(OLD_CARD, identity=after),))


def test_a_number_that_grew_needs_no_paper_and_any_other_change_does() -> None:
    grew, reissued = (S14.application_facts(form, frozenset()) for form in (GREW, REISSUED))

    assert [one.key for one in S14.needed_materials(grew)] == ["application", "identity", "certificate"]
    assert [one.key for one in S14.needed_materials(reissued)] == [
        "application",
        "identity",
        "certificate",
        "change_evidence",
    ]
    assert (grew.cause, grew.giving, grew.has_agent) == (Cause.ID_CHANGE, (), False)


def test_of_two_holders_only_the_one_named_changes() -> None:
    written = S14.entries(given(REISSUED, by_shares((WANG, "1/3"), (LI, "2/3"))))

    (altered, _) = written
    assert isinstance(altered, AlterHolder)
    assert (altered.holder_no, altered.after.id_kind, altered.evidence_kind) == (1, IdDocument.PASSPORT, "same_person")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"owner1_id_no": "410526198812120029"}, "way"),  # another person's number is not the old one grown
        ({"previous_id_no": "410526880101123"}, "previous_id_no"),
        ({"previous_id_kind": "passport"}, "previous_id_no"),
        ({"owner1_name": "王大明"}, "previous_id_no"),
        ({"owner1_name": ""}, "owner1_name"),
        ({"owner1_kind": "enterprise"}, "owner1_kind"),
    ],
)
def test_what_does_not_fit_the_register_is_refused(changed: dict[str, str], field: str) -> None:
    assert refusal({**GREW, **changed}, sole(OLD_CARD)) == field


def test_a_document_that_is_already_in_the_register_is_no_change() -> None:
    same = {**GREW, "previous_id_no": WANG.id_no, "way": "reissued"}

    assert refusal(same, joint(WANG, LI)) == "owner1_id_no"


def test_a_number_of_18_digits_cannot_grow() -> None:
    assert refusal({**REISSUED, "way": "grew"}, sole(WANG)) == "way"


def test_what_the_register_knows_is_filled_in_old_15_digit_numbers_included() -> None:
    known = S14.prefill(UnitPage(UNIT_CODE, sole(OLD_CARD)), Shown(CERTIFICATE, OLD_CARD))

    assert known == {
        "certificate_no": CERTIFICATE,
        "previous_id_kind": "id_card",
        "previous_id_no": "410526900101123",
        "owner1_kind": "person",
        "owner1_name": WANG.name,
    }
    form = clean_form(S14, {**GREW, **known})
    assert check_form(S14, form, given({}).today) == ()
    assert S14.prefill(UnitPage(UNIT_CODE), Shown(CERTIFICATE, OLD_CARD)) == {}


def test_a_company_changes_its_organisation_code_for_a_credit_code() -> None:
    body = company("滑县某某商贸有限公司", IdDocument.ORGANISATION_CODE, "MA440000-8")
    form = {
        **REISSUED,
        "previous_id_kind": "organisation_code",
        "previous_id_no": "MA440000-8",
        "owner1_kind": "enterprise",
        "owner1_name": body.name,
        "owner1_id_kind": "uscc",
        "owner1_id_no": "91410526MA44000081",
        "evidence_kind": "market_change",
    }

    altered, _ = S14.entries(given(form, sole(body)))

    assert isinstance(altered, AlterHolder)
    assert altered.after == HolderIdentity(body.name, IdDocument.USCC, "91410526MA44000081")
