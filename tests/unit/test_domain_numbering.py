"""Numbers of papers and cases: written as the rules say, read as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from tongban.domain import numbering
from tongban.domain.codes import CaseNo
from tongban.domain.errors import InvalidInput

DAY = date(2026, 11, 22)


def test_a_certificate_number_is_written_with_seven_digits() -> None:
    assert numbering.certificate_no(2026, "滑县", 1234) == "豫（2026）滑县不动产权第0001234号"
    assert numbering.proof_no(2026, "滑县", 1) == "豫（2026）滑县不动产证明第0000001号"


@pytest.mark.parametrize(
    ("year", "name", "seq"), [(2026, "滑", 1), (2026, "Huaxian", 1), (2026, "滑县", 10**7), (26000, "滑县", 1)]
)
def test_a_certificate_number_that_would_not_read_is_never_written(year: int, name: str, seq: int) -> None:
    with pytest.raises(InvalidInput):
        numbering.certificate_no(year, name, seq)


@pytest.mark.parametrize(
    ("typed", "serial", "is_proof"),
    [
        ("豫（2026）滑县不动产权第0001234号", "0001234", False),
        ("豫(2026) 滑县 不动产权第 0001234 号", "0001234", False),
        ("皖(2018)合肥市不动产权第10023999号", "10023999", False),
        ("豫（２０２６）滑县不动产证明第0000001号", "0000001", True),
    ],
)
def test_a_certificate_number_is_read_as_people_type_it(typed: str, serial: str, is_proof: bool) -> None:
    parts = numbering.parse_certificate_no(typed)

    assert (parts.serial, parts.is_proof) == (serial, is_proof)
    assert numbering.is_certificate_no(typed)


@pytest.mark.parametrize("text", ["滑国用（2010）第123号", "滑县房权证字第20101234号"])
def test_an_old_certificate_number_can_be_given_but_has_no_parts(text: str) -> None:
    assert numbering.is_certificate_no(text)
    with pytest.raises(InvalidInput):
        numbering.parse_certificate_no(text)


@pytest.mark.parametrize("text", ["", "第号", "1234", "豫（2026）滑县不动产权"])
def test_other_text_is_no_certificate_number(text: str) -> None:
    assert not numbering.is_certificate_no(text)


def test_a_case_number_holds_division_day_and_count() -> None:
    assert numbering.case_no("410526", DAY, 7) == "41052620261122000007"
    assert numbering.application_no("410100", DAY, 7) == "SJ41010020261122000007"
    assert numbering.upload_no("410526", DAY, 7) == "410526261122000007"


def test_a_case_number_must_hold_a_real_day() -> None:
    assert numbering.is_case_no("41052620261122000007")
    assert not numbering.is_case_no("41052620261322000007")
    assert not numbering.is_case_no("42052620261122000007")
    assert numbering.is_application_no("SJ41010020261122000007")
    assert not numbering.is_application_no("SJ41010020260230000007")


@pytest.mark.parametrize(("division", "seq"), [("110101", 1), ("4105", 1), ("410526", 10**6)])
def test_a_case_number_out_of_bounds_is_refused(division: str, seq: int) -> None:
    with pytest.raises(InvalidInput):
        numbering.case_no(division, DAY, seq)


def test_several_units_of_a_case_are_told_apart() -> None:
    case = CaseNo("41052620261122000007")

    assert numbering.flow_no(case, 1, 1) == "41052620261122000007"
    assert numbering.flow_no(case, 2, 3) == "41052620261122000007-2"


def test_print_numbers_carry_the_province() -> None:
    assert numbering.is_print_no("D41012345678")
    assert not numbering.is_print_no("D11012345678")


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("（2026）豫0526执1234号", True),
        ("(2026)京01执保7号", True),
        ("（2025）最高法民再12号", True),
        ("（2026）豫0526执1234号之一", True),
        ("豫公查〔2026〕12号", False),
    ],
)
def test_a_court_case_number_is_a_hint_only(text: str, usual: bool) -> None:
    assert numbering.looks_like_court_case(text) is usual


def test_the_worked_example_of_a_licence_identifier_has_check_character_x() -> None:
    made = numbering.licence_identifier("11100000MB03271699022", "114105260056789022", "2026112200000001", 1)

    assert made.text == "1.2.156.3005.2.11100000MB03271699022.114105260056789022.2026112200000001.001.X"
    assert numbering.parse_licence_identifier(made.text) == made


def test_a_licence_identifier_seen_in_public_has_the_right_check_character() -> None:
    assert numbering.licence_check_character("11100000MB03271699022" + "340100" + "000000016" + "001") == "9"


@pytest.mark.parametrize(
    "text",
    [
        "1.2.156.3005.2.11100000MB03271699022.114105260056789022.2026112200000001.001.Y",
        "1.2.156.3005.2.11100000MB03271699022.114105260056789022.2026112200000002.001.X",
        "1.2.156.3005.2.11100000MB03271699022.114105260056789022.2026112200000001.000.X",
        "11100000MB03271699022.114105260056789022.2026112200000001.001.X",
    ],
)
def test_a_changed_licence_identifier_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        numbering.parse_licence_identifier(text)


@pytest.mark.parametrize("version", [0, 1000])
def test_a_licence_version_has_three_digits_from_one(version: int) -> None:
    with pytest.raises(InvalidInput):
        numbering.licence_identifier("11100000MB03271699022", "114105260056789022", "1", version)


def test_the_papers_about_queries_have_numbers_of_their_own() -> None:
    result, refusal = numbering.query_result_no(2026, "滑县", 12), numbering.query_refusal_no(2026, "滑县", 3)

    assert (result, refusal) == ("豫（2026）滑县不动产查询证明第0000012号", "豫（2026）滑县不动产不予查询第0000003号")
    assert numbering.is_query_paper_no(result)
    assert numbering.is_query_paper_no(refusal)
    assert not numbering.is_query_paper_no(numbering.certificate_no(2026, "滑县", 12))
    assert numbering.enquiry_no("410526", 2026, 7) == "CX41052620260000007"


@pytest.mark.parametrize(
    ("text", "names_one"),
    [
        ("办理登记业务：41052620261123000001", True),
        ("收件SJ41010020261123000001的补正", True),
        ("权利人申请查询：CX41052620260000001", True),
        ("利害关系人申请查询：张三", False),
        ("身份证410526199001011237", False),
        ("41052620261399000001", False),
    ],
)
def test_a_purpose_names_a_matter_by_a_number_that_can_be_one(text: str, names_one: bool) -> None:
    assert numbering.names_a_matter(text) is names_one
