"""S18: a lost certificate is issued again, a damaged one exchanged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.entry_inputs import given
from tests.title_samples import CERTIFICATE, LI, NEW_CERTIFICATE, UNIT_CODE, WANG, joint, named, page, sole

from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import EntryInput, Shown
from tongban.domain.entries import ReplaceCertificate
from tongban.domain.errors import InvalidInput
from tongban.domain.terms import Cause
from tongban.domain.titles import Title

S18 = CATALOGUE["S18"]
LOST = {
    "cause": "certificate_lost",
    "certificate_no": CERTIFICATE,
    **named("owner", WANG),
    "published_in": "滑县不动产登记中心网站",
    "published_on": "2026-11-20",
    "statement": "本人遗失证书一本，声明作废。",
}
DAMAGED = {"cause": "certificate_damaged", "certificate_no": CERTIFICATE, **named("owner", WANG)}


def refusal(form: dict[str, str], title: Title, **changed: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        S18.entries(replace(given(form, title), **changed))
    (problem,) = caught.value.problems
    assert problem.cure_zh
    return problem.field


@pytest.mark.parametrize("form", [LOST, DAMAGED], ids=["lost", "damaged"])
def test_the_certificate_gets_a_new_number_and_nothing_else_changes(form: dict[str, str]) -> None:
    assert S18.entries(given(form, sole())) == (ReplaceCertificate(UNIT_CODE, CERTIFICATE, NEW_CERTIFICATE),)


def test_a_loss_needs_its_published_statement_and_a_damage_the_damaged_certificate() -> None:
    lost, damaged = (S18.application_facts(form, frozenset()) for form in (LOST, DAMAGED))

    assert [one.key for one in S18.needed_materials(lost)] == ["application", "identity", "loss_statement"]
    assert [one.key for one in S18.needed_materials(damaged)] == ["application", "identity", "certificate"]
    assert (lost.cause, damaged.cause) == (Cause.CERTIFICATE_LOST, Cause.CERTIFICATE_DAMAGED)


@pytest.mark.parametrize("missing", ["published_in", "published_on"])
def test_a_loss_that_was_not_published_is_refused(missing: str) -> None:
    assert refusal({**LOST, missing: ""}, sole()) == "published_in"


def test_where_the_place_kept_a_waiting_period_its_working_days_must_be_over() -> None:
    """细则 22: working days; from Friday 13 November the fifth is Friday 20, the sixth is today, Monday 23."""
    friday = {**LOST, "published_on": "2026-11-13"}

    assert refusal(friday, sole(), figure=lambda name: {"reissue_wait_days": 6}[name]) == "published_on"
    over = replace(given(friday, sole()), figure=lambda name: {"reissue_wait_days": 5}[name])
    assert isinstance(over, EntryInput)
    assert S18.entries(over) == (ReplaceCertificate(UNIT_CODE, CERTIFICATE, NEW_CERTIFICATE),)


def test_all_co_owners_apply_together() -> None:
    title = joint(WANG, LI)

    assert refusal(LOST, title) == "owner1_name"
    both = {**LOST, **named("owner", WANG, LI)}
    assert S18.entries(given(both, title)) == (ReplaceCertificate(UNIT_CODE, CERTIFICATE, NEW_CERTIFICATE),)


def test_a_stranger_or_an_old_certificate_is_refused() -> None:
    assert refusal({**LOST, **named("owner", LI)}, sole()) == "owner1_name"
    assert refusal({**LOST, "certificate_no": "豫（2019）滑县不动产权第0000077号"}, sole()) == "certificate_no"


def test_the_register_fills_in_the_certificate_and_the_one_who_asks() -> None:
    title = joint(WANG, LI)

    known = S18.prefill(page(title), Shown(CERTIFICATE, title.holders[1]))

    assert known == {
        "certificate_no": CERTIFICATE,
        "owner1_kind": "person",
        "owner1_name": LI.name,
        "owner1_id_kind": "id_card",
        "owner1_id_no": LI.id_no,
    }


def test_whoever_published_no_statement_has_the_registry_publish_it() -> None:
    form = {
        "cause": "certificate_lost",
        "published_by": "registry",
        "certificate_no": CERTIFICATE,
        **named("owner", WANG),
    }

    assert isinstance(S18.entries(given(form, sole()))[0], ReplaceCertificate)
    assert "loss_statement" not in {one.key for one in S18.needed_materials(S18.application_facts(form, frozenset()))}
    rule = S18.notice_for(form)
    assert (
        rule is not None
        and rule.what_zh(form) == f"权利人{WANG.name}声明：不慎遗失不动产权证书（{CERTIFICATE}），声明作废。"
    )
    assert WANG.id_no not in rule.what_zh(form)
    assert S18.notice_for(LOST) is None and S18.notice_for(DAMAGED) is None
    keys = {field.key for field in S18.fields if field.is_shown(form)}
    assert not {"published_in", "published_on", "statement"} & keys
