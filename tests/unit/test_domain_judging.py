"""A decision made again from its inputs is the decision that was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.unit.test_domain_exclusions import FLAT, NAME_CHANGE

from tongban.domain.acts import Act
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue.item import Field, FieldKind
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Decision, Verdict
from tongban.domain.facts import ApplicationFacts
from tongban.domain.judging import Inputs, LawOfDay, UnitSeen, judge, papers_of
from tongban.domain.restrictions import RULES, RuleTable
from tongban.domain.terms import Cause, HolderKind, Initiator

DAY = date(2026, 11, 23)
SEIZED = BurdenFact(Burden.SEIZURE, "CX-1", since=date(2024, 1, 1), until=date(2026, 12, 31))
APPLICATION = ApplicationFacts(
    Cause.NAME_CHANGE,
    giving=(HolderKind.PERSON,),
    initiator=Initiator.APPLICANT,
    has_agent=True,
    form={"owner_kind": "person"},
    evidence=frozenset({"seizing_organ_told"}),
)
INPUTS = Inputs((Act.ALTER_NAME,), APPLICATION, DAY, frozenset({"号1"}), (UnitSeen(FLAT.unit_code, FLAT, (SEIZED,)),))


def nothing_switched(division: str, day: date) -> frozenset[str]:
    return frozenset()


def law(day: date = DAY, table: RuleTable | None = None) -> LawOfDay:
    return LawOfDay(day, nothing_switched) if table is None else LawOfDay(day, nothing_switched, table)


def rules(decision: Decision) -> list[tuple[str, Verdict]]:
    return [(finding.rule, finding.verdict) for finding in decision.findings]


def test_inputs_go_over_the_wire_and_decide_the_same() -> None:
    again = Inputs.from_wire(INPUTS.to_wire())

    assert again == INPUTS
    assert judge(NAME_CHANGE, again, law()) == judge(NAME_CHANGE, INPUTS, law())
    assert rules(judge(NAME_CHANGE, again, law())) == [("SEIZURE×ALTER_NAME", Verdict.ALLOW)]


def test_a_unit_the_register_does_not_know_says_nothing() -> None:
    unknown = UnitSeen(UnitCode("410526001002GB00015F00030099"), None)

    assert UnitSeen.from_wire(unknown.to_wire()) == unknown
    assert judge(NAME_CHANGE, replace(INPUTS, units=(unknown,)), law()) == Decision.of([])


def test_what_stands_is_a_matter_of_the_day_of_the_case_whatever_law_is_asked() -> None:
    after = law(date(2027, 6, 1))

    assert rules(judge(NAME_CHANGE, INPUTS, after)) == [("SEIZURE×ALTER_NAME", Verdict.ALLOW)]
    assert judge(NAME_CHANGE, replace(INPUTS, day=date(2027, 1, 1)), after) == Decision.of([])


def test_a_rule_that_ends_is_law_for_the_days_before_only() -> None:
    pair = (Burden.SEIZURE, Act.ALTER_NAME)
    old = next(rule for rule in RULES if (rule.burden, rule.act) == pair)
    free = replace(old, verdict=Verdict.ALLOW, reason=None, lifted_by="", valid_from=date(2027, 1, 1))
    changed = [replace(rule, valid_to=date(2026, 12, 31)) if rule is old else rule for rule in RULES]
    table = RuleTable.of([*changed, free])

    assert rules(judge(NAME_CHANGE, INPUTS, law(DAY, table))) == [("SEIZURE×ALTER_NAME", Verdict.ALLOW)]
    assert judge(NAME_CHANGE, INPUTS, law(date(2027, 1, 1), table)) == Decision.of([])


def test_an_application_is_not_hindered_by_the_very_right_it_is_about() -> None:
    mortgage = UnitSeen(
        FLAT.unit_code,
        FLAT,
        (BurdenFact(Burden.MORTGAGE, "证1", proof_no="号1"), BurdenFact(Burden.MORTGAGE, "证2", proof_no="号2")),
    )
    enlarging = replace(INPUTS, acts=(Act.ALTER_MORTGAGE,), units=(mortgage,))

    assert rules(judge(NAME_CHANGE, enlarging, law())) == [("MORTGAGE×ALTER_MORTGAGE", Verdict.CONDITION)]
    assert len(judge(NAME_CHANGE, replace(enlarging, papers=frozenset()), law()).findings) == 2


def test_an_application_is_about_the_paper_shown_and_the_proofs_its_form_names() -> None:
    named = Field("old_proof_no", "登记证明号", "看登记证明", FieldKind.PROOF_NO)
    item = replace(NAME_CHANGE, fields=(*NAME_CHANGE.fields, named))
    form = {"old_proof_no": "豫(2026) 滑县不动产证明第0000001号", "new_name": "豫（2026）滑县不动产证明第0000002号"}

    assert papers_of(item, form, "") == {"豫（2026）滑县不动产证明第0000001号"}
    assert papers_of(item, {}, "豫(2020)滑县不动产权第0000001号") == {"豫（2020）滑县不动产权第0000001号"}
    assert papers_of(item, {}, "") == frozenset()


def test_an_exclusion_lifted_in_the_district_is_asked_by_the_day_of_the_law() -> None:
    def switched(division: str, day: date) -> frozenset[str]:
        return frozenset({"X03b"}) if (division, day) == ("410526", date(2027, 1, 1)) else frozenset()

    land = replace(FLAT, state=replace(FLAT.state, unit_code=UnitCode("410526003001GB00008W00000000")))
    inputs = replace(INPUTS, units=(UnitSeen(land.unit_code, land),))

    assert rules(judge(NAME_CHANGE, inputs, LawOfDay(DAY, switched))) == [("X03b", Verdict.REFUSE)]
    assert judge(NAME_CHANGE, inputs, LawOfDay(date(2027, 1, 1), switched)) == Decision.of([])


def test_the_mortgagees_of_two_units_each_give_a_word_of_their_own() -> None:
    other = replace(FLAT, state=replace(FLAT.state, unit_code=UnitCode("410526001002GB00015F00030099")))
    units = tuple(
        UnitSeen(unit.unit_code, unit, (BurdenFact(Burden.MORTGAGE_NO_TRANSFER, number),))
        for unit, number in ((FLAT, "证1"), (other, "证2"))
    )

    def left(*proofs: str, one_for_all: bool = False) -> list[str]:
        told = replace(APPLICATION, evidence=frozenset(proofs))
        inputs = replace(INPUTS, acts=(Act.TRANSFER,), application=told, units=units, one_for_all=one_for_all)
        return [one.lifted_by for one in judge(NAME_CHANGE, inputs, law()).conditions]

    assert left("mortgagee_consent") == ["mortgagee_consent@证1", "mortgagee_consent@证2"]
    assert left("mortgagee_consent@证1") == ["mortgagee_consent@证2"]
    assert left("mortgagee_consent@证1", "mortgagee_consent@证2") == []
    assert left("mortgagee_consent", one_for_all=True) == []


def test_a_decision_older_than_separate_consents_is_made_again_as_it_was() -> None:
    wire = dict(INPUTS.to_wire())
    del wire["one_for_all"]

    assert Inputs.from_wire(wire) == replace(INPUTS, one_for_all=True)


def test_a_merger_looks_at_what_lies_on_every_unit_it_takes() -> None:
    neighbour = replace(FLAT, state=replace(FLAT.state, unit_code=UnitCode("410526001002GB00015F00030028")))
    new = UnitSeen(UnitCode("410526001002GB00015F00030171"), None)
    seized = UnitSeen(neighbour.unit_code, neighbour, (SEIZED, BurdenFact(Burden.MORTGAGE, "证2")))
    merging = replace(INPUTS, acts=(Act.ALTER_UNIT,), units=(UnitSeen(FLAT.unit_code, FLAT), seized, new))

    assert rules(judge(NAME_CHANGE, merging, law())) == [
        ("SEIZURE×ALTER_UNIT", Verdict.CONDITION),
        ("MORTGAGE×ALTER_UNIT", Verdict.CONDITION),
    ]
