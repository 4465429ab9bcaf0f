"""《不动产登记资料查询暂行办法》 row by row: who may see what, search by what, and must bring what.

The expectations are written from the articles (and 细则 97–99), not from the table of the product.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tongban.domain.decision import Refusal
from tongban.domain.query_reasons import QueryReasons
from tongban.domain.query_rules import (
    QUERY_RULES,
    Found,
    Permission,
    Query,
    askers_of,
    may_ask,
    may_see,
    permission,
)
from tongban.domain.query_terms import Acting, Asker, AskerGroup, Index, Mask, Paper, Part, Wanted

RESULT = {Part.NATURAL_STATE, Part.HOLDER, Part.CO_OWNERSHIP, Part.CHARGES, Part.RESTRICTIONS}
CHECK = {Part.NATURAL_STATE, Part.CO_OWNED, Part.CHARGES_EXIST, Part.RESTRICTIONS_EXIST}
ALL_INDEXES = {Index.IDENTITY, Index.ADDRESS, Index.CERTIFICATE_NO, Index.UNIT_CODE}
PLACE_ONLY = {Index.ADDRESS, Index.CERTIFICATE_NO, Index.UNIT_CODE}
BASIC = {Paper.APPLICATION, Paper.IDENTITY}
LETTER = {Paper.OFFICIAL_LETTER, Paper.OFFICERS_CARDS}
PROMISED = {*BASIC, Paper.SECRECY_PROMISE}

# asker: what is seen, by what it is searched, what is brought, which numbers are starred
LAW = {
    # 第十四、十五条
    Asker.HOLDER: (RESULT | {Part.ORIGINALS}, ALL_INDEXES, BASIC, {Mask.OTHERS_ID_NUMBERS}),
    # 第十七条
    Asker.HEIR: (
        RESULT | {Part.ORIGINALS}, ALL_INDEXES, BASIC | {Paper.DEATH_PROOF, Paper.SUCCESSION_PROOF},
        {Mask.OTHERS_ID_NUMBERS},
    ),
    Asker.LEGATEE: (
        RESULT | {Part.ORIGINALS}, ALL_INDEXES, BASIC | {Paper.DEATH_PROOF, Paper.LEGACY_PROOF},
        {Mask.OTHERS_ID_NUMBERS},
    ),
    # 第十八条
    Asker.LIQUIDATOR: (
        RESULT | {Part.ORIGINALS}, ALL_INDEXES, BASIC | {Paper.LIQUIDATION_PROOF}, {Mask.OTHERS_ID_NUMBERS},
    ),
    Asker.BANKRUPTCY_ADMINISTRATOR: (
        RESULT | {Part.ORIGINALS}, ALL_INDEXES, BASIC | {Paper.BANKRUPTCY_ORDER}, {Mask.OTHERS_ID_NUMBERS},
    ),
    Asker.PROPERTY_CUSTODIAN: (
        RESULT | {Part.ORIGINALS}, ALL_INDEXES, BASIC | {Paper.CUSTODY_RULING}, {Mask.OTHERS_ID_NUMBERS},
    ),
    Asker.GUARDIAN: (
        RESULT | {Part.ORIGINALS}, ALL_INDEXES, BASIC | {Paper.GUARDIANSHIP_PROOF}, {Mask.OTHERS_ID_NUMBERS},
    ),
    # 第十九条第一项、第二十条、第二十四条、第二十五条
    Asker.SALE_PARTY: (RESULT, PLACE_ONLY, PROMISED | {Paper.SALE_CONTRACT}, {Mask.ID_NUMBERS}),
    Asker.EXCHANGE_PARTY: (RESULT, PLACE_ONLY, PROMISED | {Paper.EXCHANGE_CONTRACT}, {Mask.ID_NUMBERS}),
    Asker.GIFT_PARTY: (RESULT, PLACE_ONLY, PROMISED | {Paper.GIFT_CONTRACT}, {Mask.ID_NUMBERS}),
    Asker.LEASE_PARTY: (RESULT, PLACE_ONLY, PROMISED | {Paper.LEASE_CONTRACT}, {Mask.ID_NUMBERS}),
    Asker.MORTGAGE_PARTY: (RESULT, PLACE_ONLY, PROMISED | {Paper.MORTGAGE_CONTRACT}, {Mask.ID_NUMBERS}),
    # 第十九条第二项: results only; the originals need the court's order
    Asker.SUIT_PARTY: (RESULT, PLACE_ONLY, PROMISED | {Paper.SUIT_ACCEPTED}, {Mask.ID_NUMBERS}),
    Asker.ARBITRATION_PARTY: (RESULT, PLACE_ONLY, PROMISED | {Paper.ARBITRATION_ACCEPTED}, {Mask.ID_NUMBERS}),
    # 第二十一条
    Asker.BUYING: (CHECK, PLACE_ONLY, PROMISED | {Paper.PURPOSE_STATEMENT}, {Mask.ID_NUMBERS}),
    Asker.RENTING: (CHECK, PLACE_ONLY, PROMISED | {Paper.PURPOSE_STATEMENT}, {Mask.ID_NUMBERS}),
    Asker.LENDING: (CHECK, PLACE_ONLY, PROMISED | {Paper.PURPOSE_STATEMENT}, {Mask.ID_NUMBERS}),
    Asker.SUING: (CHECK, PLACE_ONLY, PROMISED | {Paper.PURPOSE_STATEMENT}, {Mask.ID_NUMBERS}),
    # 第二十三条第二款
    Asker.ORDER_LAWYER: (
        RESULT | {Part.ORIGINALS}, ALL_INDEXES,
        BASIC | {Paper.LAWYER_LICENCE, Paper.LAW_FIRM_LETTER, Paper.INVESTIGATION_ORDER}, set(),
    ),
    # 条例27; 细则97、98
    Asker.COURT: (RESULT | {Part.ORIGINALS}, ALL_INDEXES, LETTER, set()),
    Asker.PROCURATORATE: (RESULT | {Part.ORIGINALS}, ALL_INDEXES, LETTER, set()),
    Asker.POLICE: (RESULT | {Part.ORIGINALS}, ALL_INDEXES, LETTER, set()),
    Asker.STATE_SECURITY: (RESULT | {Part.ORIGINALS}, ALL_INDEXES, LETTER, set()),
    Asker.SUPERVISION: (RESULT | {Part.ORIGINALS}, ALL_INDEXES, LETTER, set()),
    Asker.TAX_OFFICE: (RESULT | {Part.ORIGINALS}, ALL_INDEXES, LETTER, set()),
    Asker.OTHER_ORGAN: (RESULT | {Part.ORIGINALS}, ALL_INDEXES, LETTER | {Paper.LEGAL_BASIS}, set()),
}  # fmt: skip
SHARING = (Asker.BANK_SHARING, Asker.HOUSING_SHARING, Asker.TAX_SHARING, Asker.SOCIAL_SHARING)
INTERESTED = tuple(asker for asker, row in LAW.items() if row[1] == PLACE_ONLY)
INTENDING = (Asker.BUYING, Asker.RENTING, Asker.LENDING, Asker.SUING)
HOLDERS = tuple(asker for asker, row in LAW.items() if row[3] == {Mask.OTHERS_ID_NUMBERS})
EVERYBODY = pytest.mark.parametrize("asker", Asker, ids=lambda asker: asker.value)


def query(asker: Asker, **changes: object) -> Query:
    """An application with every paper in it, by the unit code, for the result."""
    complete = Query(
        asker, Acting.IN_PERSON, Index.UNIT_CODE, Wanted.RESULT, frozenset(Paper), "买房前核实",
        agreed=frozenset({Part.NATURAL_STATE}),
    )  # fmt: skip
    return replace(complete, **changes)  # type: ignore[arg-type]


def reason(outcome: object) -> object:
    return outcome.reason if isinstance(outcome, Refusal) else outcome


def test_every_kind_of_asker_is_in_the_law_or_shares_by_agreement() -> None:
    assert {*LAW, *SHARING} == set(Asker)
    assert {asker for group in AskerGroup for asker in askers_of(group)} == set(Asker)


@pytest.mark.parametrize("asker", LAW, ids=lambda asker: asker.value)
def test_an_asker_sees_brings_and_searches_what_the_articles_say(asker: Asker) -> None:
    parts, indexes, papers, masks = LAW[asker]

    allowed = permission(asker, Acting.IN_PERSON)

    assert allowed == Permission(frozenset(parts), frozenset(indexes), allowed.papers, frozenset(masks))
    assert set(allowed.papers) == papers
    assert len(allowed.papers) == len(papers)


@EVERYBODY
def test_each_row_names_its_law(asker: Asker) -> None:
    assert "《" in QUERY_RULES[asker].law_zh


@EVERYBODY
def test_with_every_paper_the_asker_may_ask(asker: Asker) -> None:
    assert isinstance(may_ask(query(asker)), Permission)


@EVERYBODY
def test_each_missing_paper_is_named_and_stops_the_query(asker: Asker) -> None:
    for paper in permission(asker, Acting.IN_PERSON).papers:
        outcome = may_ask(query(asker, papers=frozenset(Paper) - {paper}))

        assert isinstance(outcome, Refusal)
        assert outcome.reason == QueryReasons.PAPERS_MISSING
        assert [fact.value_zh for fact in outcome.facts] == [paper.name_zh]


@EVERYBODY
def test_nobody_asks_without_a_purpose_nor_at_another_registry(asker: Asker) -> None:
    assert reason(may_ask(query(asker, purpose_zh="  "))) == QueryReasons.PURPOSE_MISSING
    assert reason(may_ask(query(asker, is_here=False))) == QueryReasons.NOT_THIS_REGISTRY


@pytest.mark.parametrize("asker", INTERESTED, ids=lambda asker: asker.value)
def test_an_interested_party_may_not_search_by_name_nor_more_than_one_unit(asker: Asker) -> None:
    assert reason(may_ask(query(asker, index=Index.IDENTITY))) == QueryReasons.INDEX_NOT_ALLOWED
    assert reason(may_see(asker, Found(2, names_subject=False))) == QueryReasons.ONE_UNIT_ONLY
    assert may_see(asker, Found(1, names_subject=False)) is None


@pytest.mark.parametrize("asker", INTERESTED, ids=lambda asker: asker.value)
def test_an_interested_party_gets_no_original_material(asker: Asker) -> None:
    assert reason(may_ask(query(asker, wanted=Wanted.ORIGINALS))) == QueryReasons.MATTER_NOT_ALLOWED
    assert reason(may_ask(query(asker, wanted=Wanted.ORIGINALS, acting=Acting.LAWYER))) == (
        QueryReasons.MATTER_NOT_ALLOWED
    )


@pytest.mark.parametrize("asker", INTENDING, ids=lambda asker: asker.value)
def test_the_lawyer_of_who_only_intends_is_told_three_things_more(asker: Asker) -> None:
    allowed = permission(asker, Acting.LAWYER)

    assert allowed.parts == CHECK | {Part.NAME_MATCH, Part.CO_OWNERSHIP_FORM, Part.RESTRICTING_ORGAN}
    assert set(allowed.papers) == PROMISED | {
        Paper.PURPOSE_STATEMENT, Paper.POWER_OF_ATTORNEY, Paper.AGENT_IDENTITY, Paper.LAWYER_LICENCE,
        Paper.LAW_FIRM_LETTER,
    }  # fmt: skip
    assert permission(asker, Acting.AGENT).parts == CHECK


@pytest.mark.parametrize("asker", (*HOLDERS, Asker.SALE_PARTY, Asker.SUIT_PARTY), ids=lambda asker: asker.value)
@pytest.mark.parametrize("acting", [Acting.AGENT, Acting.LAWYER])
def test_whoever_acts_for_another_brings_a_power_of_attorney_and_sees_no_more(asker: Asker, acting: Acting) -> None:
    allowed = permission(asker, acting)

    assert allowed.parts == LAW[asker][0]
    assert {Paper.POWER_OF_ATTORNEY, Paper.AGENT_IDENTITY} <= set(allowed.papers)
    assert (Paper.LAWYER_LICENCE in allowed.papers) == (acting is Acting.LAWYER)


@pytest.mark.parametrize("asker", [*askers_of(AskerGroup.ORGAN), Asker.ORDER_LAWYER], ids=lambda asker: asker.value)
def test_an_organ_of_state_and_a_court_order_are_not_handed_on_to_an_agent(asker: Asker) -> None:
    assert reason(may_ask(query(asker, acting=Acting.AGENT))) == QueryReasons.NOT_ENTITLED


@pytest.mark.parametrize("asker", HOLDERS, ids=lambda asker: asker.value)
def test_a_holder_or_who_stands_in_his_place_sees_only_what_names_him(asker: Asker) -> None:
    assert reason(may_see(asker, Found(1, names_subject=False))) == QueryReasons.NOT_THE_HOLDER
    assert may_see(asker, Found(3, names_subject=True)) is None
    assert may_see(asker, Found(0, names_subject=False)) is None


@EVERYBODY
def test_a_state_secret_is_shown_to_nobody_here(asker: Asker) -> None:
    found = Found(1, names_subject=True, has_secret=True)

    assert reason(may_see(asker, found)) == QueryReasons.STATE_SECRET


@EVERYBODY
def test_only_the_person_or_the_guardian_gets_a_certificate_of_what_he_owns(asker: Asker) -> None:
    outcome = may_ask(query(asker, wanted=Wanted.HOLDINGS, index=Index.IDENTITY))

    if asker in (Asker.HOLDER, Asker.GUARDIAN):
        assert isinstance(outcome, Permission)
        assert outcome.parts == {Part.NATURAL_STATE, Part.HOLDER, Part.CO_OWNERSHIP}
    else:
        assert reason(outcome) in (QueryReasons.HOLDINGS_OWN_ONLY, QueryReasons.INDEX_NOT_ALLOWED)


def test_what_somebody_owns_is_searched_by_name_and_number_and_may_be_nothing() -> None:
    assert reason(may_ask(query(Asker.HOLDER, wanted=Wanted.HOLDINGS))) == QueryReasons.HOLDINGS_OWN_ONLY
    assert may_see(Asker.HOLDER, Found(0, names_subject=False)) is None
    assert reason(may_see(Asker.HOLDER, Found(1, names_subject=False))) == QueryReasons.NOT_THE_HOLDER


@pytest.mark.parametrize("asker", SHARING, ids=lambda asker: asker.value)
def test_a_partner_of_sharing_gets_the_agreed_list_only_and_never_originals(asker: Asker) -> None:
    listed = frozenset({Part.HOLDER, Part.CHARGES, Part.ORIGINALS})

    allowed = permission(asker, Acting.IN_PERSON, Wanted.ORIGINALS, listed)

    assert allowed.parts == {Part.HOLDER, Part.CHARGES}
    assert set(allowed.papers) == {Paper.SHARING_AGREEMENT, Paper.SUBJECT_CONSENT}
    assert reason(may_ask(query(asker, agreed=frozenset()))) == QueryReasons.MATTER_NOT_ALLOWED
