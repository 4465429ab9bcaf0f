"""A standing pre-signature counts for its body, its services, its land and its days, and until it is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tongban.domain.catalogue import CATALOGUE
from tongban.domain.decision import Verdict
from tongban.domain.judging import Inputs, LawOfDay, OnFile, judge
from tongban.domain.presignatures import PreSignature, is_area, look, presigned
from tongban.domain.reasons import Reasons

ITEM = CATALOGUE["S01"]
FORM = {**ITEM.example.answers, "developer1_name": "豫北置业示例有限公司", "developer1_id_no": "91410526MA44000081"}
UNIT = "410526001002GB00015F00030027"
DAY = date(2026, 11, 23)
RECEIVED = (DAY, datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
PAPER = PreSignature(
    "预签〔2026〕1号", "豫北置业示例有限公司", "91410526MA44000081", "常思远", frozenset({"S01"}), frozenset({UNIT[:19]}),
    date(2026, 1, 1), DAY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        (PAPER, Reasons.PRESIGNED),
        (replace(PAPER, area=frozenset()), Reasons.PRESIGNED),
        (replace(PAPER, area=frozenset({UNIT})), Reasons.PRESIGNED),
        (replace(PAPER, revoked_at=datetime(2026, 11, 23, 2, 1, tzinfo=UTC)), Reasons.PRESIGNED),
        (replace(PAPER, revoked_at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC)), Reasons.PRESIGNATURE_ENDED),
        (replace(PAPER, valid_until=date(2026, 11, 22)), Reasons.PRESIGNATURE_ENDED),
        (replace(PAPER, valid_from=date(2026, 11, 24), valid_until=date(2026, 12, 1)), Reasons.PRESIGNATURE_ENDED),
        (replace(PAPER, items=frozenset({"S25"})), Reasons.PRESIGNATURE_ELSEWHERE),
        (replace(PAPER, area=frozenset({"410526001002GB00016"})), Reasons.PRESIGNATURE_ELSEWHERE),
        (replace(PAPER, body_id_no="91410526MA9000020Y"), Reasons.NO_PRESIGNATURE),
        (replace(PAPER, body_name="别家置业有限公司"), Reasons.NO_PRESIGNATURE),
    ],
)
def test_a_pre_signature_counts_within_its_scope_and_its_days_only(paper, reason):
    (finding,) = look(ITEM, FORM, (UNIT,), [paper], RECEIVED)

    assert finding.reason is reason
    assert finding.verdict is (Verdict.ALLOW if reason is Reasons.PRESIGNED else Verdict.REFUSE)


def test_a_valid_paper_is_found_beside_one_that_has_ended():
    ended = replace(PAPER, document_no="预签〔2025〕9号", valid_until=date(2026, 6, 1))

    (finding,) = look(ITEM, FORM, (UNIT,), [ended, PAPER], RECEIVED)

    assert finding.reason is Reasons.PRESIGNED
    assert "预签〔2026〕1号" in [fact.value_zh for fact in finding.facts]


def test_whoever_comes_needs_no_paper():
    form = {**FORM, "developer1_comes": "representative"}

    assert presigned(ITEM, form) == ()
    assert look(ITEM, form, (UNIT,), (), RECEIVED) == ()


def test_a_decision_with_its_file_goes_over_the_wire_and_comes_out_the_same():
    facts = ITEM.application_facts(FORM, frozenset())
    inputs = Inputs(ITEM.acts, facts, DAY, on_file=OnFile((PAPER,), *RECEIVED))
    law = LawOfDay(DAY, lambda division, day: frozenset())

    again = Inputs.from_wire(inputs.to_wire())

    assert again == inputs
    assert judge(ITEM, again, law) == judge(ITEM, inputs, law)


def test_a_decision_older_than_the_file_is_made_again_without_it():
    facts = ITEM.application_facts(FORM, frozenset())
    wire = Inputs(ITEM.acts, facts, DAY).to_wire()
    del wire["on_file"]

    assert Inputs.from_wire(wire).on_file is None


@pytest.mark.parametrize(("text", "fits"), [(UNIT, True), (UNIT[:19], True), (UNIT[:18], False), ("", False)])
def test_an_area_is_a_parcel_or_a_unit(text, fits):
    assert is_area(text) is fits
