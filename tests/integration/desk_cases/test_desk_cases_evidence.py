"""What an officer may confirm: the proofs that open the way past what stands in it, and no others."""

from __future__ import annotations

import pytest

from tongban.desk.cases.forms import EvidenceForm
from tongban.domain.acts import Act
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.decision import Finding
from tongban.domain.restrictions import decide


def findings(act: Act, burden: Burden) -> tuple[Finding, ...]:
    return decide(act, [BurdenFact(burden, "B-1")], frozenset()).findings


def offered(act: Act, burden: Burden) -> list[tuple[str, str]]:
    return list(EvidenceForm(findings=findings(act, burden)).fields["evidence"].choices)  # type: ignore[attr-defined]


def test_a_condition_offers_its_proof_and_what_else_would_do() -> None:
    assert offered(Act.ALTER_NAME, Burden.SEIZURE) == [("seizing_organ_told", "我确认：已书面告知查封机关")]
    assert offered(Act.ALTER_MORTGAGE, Burden.SEIZURE) == [
        ("seizing_court_agrees", "我确认：查封法院办理、同意或者移送处置"),
        ("mortgage_not_enlarged", "我确认：抵押变更不增加担保数额、不延长期限"),
    ]


def test_a_refusal_that_has_a_way_past_it_offers_that_way() -> None:
    assert offered(Act.CORRECT, Burden.SEIZURE) == [("correction_keeps_right", "我确认：更正不改变权利归属")]


@pytest.mark.parametrize(
    ("act", "burden"), [(Act.TRANSFER, Burden.SEIZURE), (Act.TRANSFER, Burden.MORTGAGE), (Act.RELEASE, Burden.SEIZURE)]
)
def test_where_no_paper_helps_none_is_offered(act: Act, burden: Burden) -> None:
    assert "evidence" not in EvidenceForm(findings=findings(act, burden)).fields


def test_a_confirmed_proof_must_name_its_paper() -> None:
    sent = {"key": "k", "expected": "ACCEPTED", "evidence": ["correction_keeps_right"], "proof": " "}
    form = EvidenceForm(sent, findings=findings(Act.CORRECT, Burden.SEIZURE))

    assert not form.is_valid()
    assert form.errors["proof"] == ["确认了条件，请写明凭据的文号和日期"]


def test_each_of_two_mortgagees_is_confirmed_by_the_number_of_his_own_mortgage() -> None:
    lying = [BurdenFact(Burden.MORTGAGE_NO_TRANSFER, "证1"), BurdenFact(Burden.MORTGAGE_OLD, "证2")]
    form = EvidenceForm(findings=decide(Act.TRANSFER, lying, frozenset()).findings)

    assert list(form.fields["evidence"].choices) == [  # type: ignore[attr-defined]
        ("mortgagee_consent@证1", "我确认：抵押权人书面同意（证1）"),
        ("heir_or_legatee", "我确认：申请人是继承人或者受遗赠人"),
        ("mortgagee_consent@证2", "我确认：抵押权人书面同意（证2）"),
    ]
