"""Codes of institutions, kinds of message, parameters, refusals: small tables that must hold together."""

from __future__ import annotations

import pytest

from tongban.domain.codes import InstitutionKind, institution_code, institution_division, institution_kind
from tongban.domain.decision import Fact, Place, Refusal
from tongban.domain.errors import InvalidInput, NotPermitted, Problem, TongbanError, Unavailable
from tongban.domain.lifecycle import APPLICATION_MOVES, CASE_MOVES
from tongban.domain.messages import (
    JUDICIAL_ORDER,
    MESSAGE_KINDS,
    REGISTER_QUERY,
    REGISTER_QUERY_PAPER,
    RESTRICTION_CHECK,
)
from tongban.domain.parameters import PARAMETERS, ParameterKind
from tongban.domain.reasons import Reasons
from tongban.domain.terms import Term


@pytest.mark.parametrize(
    ("code", "kind", "division"),
    [
        ("province-410000", InstitutionKind.PROVINCE, "410000"),
        ("registry-410526", InstitutionKind.REGISTRY, "410526"),
        ("outlet-410100-01", InstitutionKind.OUTLET, "410100"),
        ("court-410526", InstitutionKind.COURT, "410526"),
    ],
)
def test_an_institution_code_says_what_and_where(code: str, kind: InstitutionKind, division: str) -> None:
    assert (institution_kind(code), institution_division(code)) == (kind, division)


def test_an_institution_code_is_put_together_and_checked() -> None:
    assert institution_code(InstitutionKind.OUTLET, "410100", "01") == "outlet-410100-01"
    with pytest.raises(InvalidInput):
        institution_code(InstitutionKind.REGISTRY, "4105")


@pytest.mark.parametrize(
    "code", ["", "410526", "bank-410526", "registry_410526", "registry-410526-", "Registry-410526"]
)
def test_other_text_is_no_institution_code(code: str) -> None:
    with pytest.raises(InvalidInput):
        institution_kind(code)


def test_only_a_look_into_the_register_is_a_question() -> None:
    questions = {name for name, kind in MESSAGE_KINDS.items() if kind.is_question}

    assert questions == {RESTRICTION_CHECK, REGISTER_QUERY, REGISTER_QUERY_PAPER}


def test_a_court_needs_no_authorization_of_a_registry() -> None:
    order = MESSAGE_KINDS[JUDICIAL_ORDER]

    assert not order.needs_authorization
    assert order.sender_kinds == {InstitutionKind.COURT}


def test_taking_in_for_another_registry_always_needs_its_authorization() -> None:
    needing = {name for name, kind in MESSAGE_KINDS.items() if kind.needs_authorization}

    assert needing == {
        "case.handover", "case.supplement", "restriction.check", "register.query", "register.query_paper",
    }  # fmt: skip


def test_the_defaults_of_the_law_are_as_decided() -> None:
    wanted = {
        "deemed_accept_workdays": 1,
        "legal_limit_workdays": 30,
        "item_days.S13": 1,
        "consult_minutes": 30,
        "idle_minutes": 15,
        "lock_failures": 5,
        "reissue_wait_days": 0,
    }

    assert {name: PARAMETERS[name].read(PARAMETERS[name].default) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("idle_minutes", "-1"),
        ("idle_minutes", "1.5"),
        ("idle_minutes", "٣"),
        ("idle_minutes", ""),
        ("exclusion.X01", "true"),
        ("fee.residential", "80.005"),
        ("fee.residential", "八十"),
        ("tax.deed_home_rate", "100.00001"),
        ("tax.deed_home_rate", "3%"),
    ],
)
def test_a_parameter_refuses_what_it_cannot_mean(name: str, text: str) -> None:
    with pytest.raises(InvalidInput):
        PARAMETERS[name].read(text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("fee.residential", "80", 8000),
        ("fee.residential", "27.5", 2750),
        ("fee.residential", "0.05", 5),
        ("tax.deed_home_rate", "3", 30_000),
        ("tax.deed_home_rate", "1.5", 15_000),
        ("tax.deed_home_rate", "0.0001", 1),
    ],
)
def test_money_reads_as_fen_and_a_rate_as_millionths(name: str, text: str, value: int) -> None:
    assert PARAMETERS[name].read(text) == value


def test_a_switch_reads_as_truth_and_every_parameter_has_its_source() -> None:
    assert PARAMETERS["exclusion.X01"].read("off") is False
    assert PARAMETERS["remedy_text"].kind is ParameterKind.TEXT
    assert all(parameter.source_zh and parameter.name_zh for parameter in PARAMETERS.values())


def test_errors_carry_a_code_and_words() -> None:
    error = NotPermitted("role_missing", "没有权限")

    assert isinstance(error, TongbanError)
    assert (error.code, error.message_zh, str(error)) == ("role_missing", "没有权限", "[role_missing] 没有权限")
    assert issubclass(Unavailable, TongbanError)


def test_invalid_input_names_every_problem_and_is_never_empty() -> None:
    error = InvalidInput([Problem("a", "甲不对", "改甲"), Problem("b", "乙不对", "改乙")])

    assert error.message_zh == "甲不对；乙不对"
    with pytest.raises(AssertionError):
        InvalidInput([])


@pytest.mark.parametrize("where", [None, Place("滑县不动产登记中心", "滑县文明路", "0372-8112345")])
def test_a_refusal_goes_over_the_wire_and_back(where: Place | None) -> None:
    refusal = Refusal(Reasons.SEIZED, (Fact("机关", "滑县人民法院"),), where)

    assert Refusal.from_wire(refusal.to_wire()) == refusal


def test_permissions_of_moves_are_one_word_pairs() -> None:
    for move in (*CASE_MOVES.values(), *APPLICATION_MOVES.values()):
        assert move.name_zh
        assert move.permission.count(".") == 1


def test_a_term_without_chinese_name_cannot_be_made() -> None:
    with pytest.raises(AssertionError):

        class Nameless(Term):
            ONE = "one"
