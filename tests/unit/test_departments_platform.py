"""The message about a recording: every word of ours has a number of theirs, or a reason why not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from enum import Enum
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests import platform_builders as build

from tongban.departments.platform import mapping, message
from tongban.departments.platform.port import Change, DayCounts, Dialect
from tongban.domain.burdens import RECORDED_BURDENS, Burden
from tongban.domain.errors import BadReply, Declined, InvalidInput
from tongban.domain.identity import IdDocument
from tongban.domain.terms import CoOwnership, HolderKind, HouseNature, LandNature, Registration, RightKind, Subject
from tongban.domain.unit_code import NO_FIXTURE

SAMPLES = Path(__file__).resolve().parents[1] / "contract" / "platform"
NUMBER = "410526261125000001"


def _xml(case: object, dialect: Dialect | None = None) -> ET.Element:
    made = message.upload(case, NUMBER, build.MADE_AT, dialect or Dialect())  # type: ignore[arg-type]
    return ET.fromstring(made.content)  # noqa: S314 - our own bytes


def _row(case: object, name: str) -> dict[str, str]:
    row = _xml(case).find(f"Data/{name}")
    assert row is not None
    return dict(row.items())


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (mapping.REGISTRATION, Registration),
        (mapping.RIGHT, RightKind),
        (mapping.LAND_NATURE, LandNature),
        (mapping.HOUSE_NATURE, HouseNature),
        (mapping.ID_DOCUMENT, IdDocument),
        (mapping.HOLDER_KIND, HolderKind),
        (mapping.CO_OWNERSHIP, CoOwnership),
    ],
    ids=["DJLX", "QLLX", "QLXZ", "FWXZ", "ZJZL", "QLRLX", "GYFS"],
)
def test_every_word_of_ours_has_a_number_or_a_reason(table: dict[Enum, str], words: type[Enum]) -> None:
    without = [one for one in words if one not in table and one.value not in mapping.UNMAPPED_ZH]

    assert without == []
    assert all(re.fullmatch(r"\d{1,3}", number) for number in table.values())


def test_every_burden_has_a_page_of_the_platform_or_a_reason() -> None:
    assert [one for one in Burden if one.value not in mapping.BURDEN_ROW] == []
    local = {Burden.ADMINISTRATIVE, Burden.DISPUTE}
    assert {one for one in RECORDED_BURDENS if mapping.row_kind(one) is None} == local


def test_every_subject_has_a_right_and_a_record_type() -> None:
    for registration in Registration:
        for subject in Subject:
            for right in RightKind:
                assert re.fullmatch(
                    r"[1-9]00\d{4}", mapping.record_type(registration, subject, right, build.FLAT.unit_code)
                )
                assert mapping.right_type(registration, subject, right).isdigit()


def test_habitation_is_92_and_a_mortgage_is_99_for_the_platform() -> None:
    house = RightKind.STATE_LAND_HOUSE

    assert mapping.right_type(Registration.FIRST, Subject.HABITATION, house) == "92"
    assert mapping.right_type(Registration.FIRST, Subject.MORTGAGE, house) == "99"
    assert mapping.right_type(Registration.TRANSFER, Subject.TITLE, house) == "4"


@pytest.mark.parametrize(
    ("registration", "subject", "unit_code", "record_type"),
    [
        (Registration.TRANSFER, Subject.TITLE, "410526001002GB00015F00030027", "2000402"),
        (Registration.TRANSFER, Subject.TITLE, "410526002003GB00021F99990001", "2000401"),
        (Registration.ALTERATION, Subject.TITLE, "410526001002GB00015F00030027", "3000402"),
        (Registration.CORRECTION, Subject.TITLE, "410526001002GB00015F00030027", "5000402"),
        (Registration.CANCELLATION, Subject.TITLE, "410526001002GB00015F00030027", "4000101"),
        (Registration.CANCELLATION, Subject.MORTGAGE, "410526001002GB00015F00030027", "9000101"),
        (Registration.TRANSFER, Subject.MORTGAGE, "410526001002GB00015F00030027", "9000101"),
        (Registration.FIRST, Subject.EASEMENT, "410526001002GB00015F00030027", "9000102"),
        (Registration.OBJECTION, Subject.OBJECTION, "410526001002GB00015F00030027", "6000101"),
        (Registration.PRIORITY_NOTICE, Subject.PRIORITY_NOTICE, "410526001002GB00015F00030027", "7000101"),
        (Registration.SEIZURE, Subject.NONE, "410526001002GB00015F00030027", "8000101"),
    ],
)
def test_the_record_type_follows_right_and_registration(
    registration: Registration, subject: Subject, unit_code: str, record_type: str
) -> None:
    assert mapping.record_type(registration, subject, RightKind.STATE_LAND_HOUSE, unit_code) == record_type


def test_a_land_use_right_is_reported_on_its_own_page_with_its_parcel() -> None:
    land = replace(
        build.FLAT,
        unit_code="410526003001GB00008" + NO_FIXTURE,
        right=RightKind.STATE_LAND_USE,
        use_code="",
        area_m2="",
        land_area_m2="5000",
    )
    held, got = build.title(11, build.ZHANG, unit=land), build.title(12, build.LI, build.WANG, unit=land)
    root = _xml(build.a_transfer(unit=land, before=held, after=got))

    assert root.findtext("Head/RecType") == "2000301"
    assert [row.tag for row in root.findall("Data/*")][:2] == ["KTT_ZDJBXX", "QLF_QL_JSYDSYQ"]
    assert root.find("Data/QLF_QL_JSYDSYQ").get("SYQMJ") == "5000"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("yuan", "in_wan", "written"),
    [
        ("1200000.00", True, "120"),
        ("3456789.01", True, "345.678901"),
        ("0.01", True, "0.000001"),
        ("", True, ""),
        ("1200000.00", False, "1200000"),
        ("1200000.50", False, "1200000.5"),
    ],
)
def test_an_amount_keeps_its_value_to_the_last_fen(yuan: str, in_wan: bool, written: str) -> None:
    assert mapping.amount(yuan, in_wan) == written


def test_an_ordinary_mortgage_names_its_debt_and_a_maximum_mortgage_its_ceiling() -> None:
    ordinary, maximum = _row(build.a_mortgage(), "QLF_QL_DYAQ"), _row(build.a_maximum_mortgage(), "QLF_QL_DYAQ")

    assert (ordinary["DYFS"], ordinary["BDBZZQSE"], "ZGZQSE" in ordinary) == ("1", "120", False)
    assert (maximum["DYFS"], maximum["ZGZQSE"], "BDBZZQSE" in maximum) == ("2", "345.678901", False)


def test_a_waiting_seizure_of_a_flat_without_title_is_a_waiting_pre_seizure() -> None:
    assert mapping.seizure_kind(Burden.WAITING_SEIZURE, has_title=True) == "2"
    assert mapping.seizure_kind(Burden.WAITING_SEIZURE, has_title=False) == "4"
    assert mapping.seizure_kind(Burden.PRE_SEIZURE, has_title=False) == "3"


def test_a_right_that_ended_carries_the_state_ended_and_who_ended_it() -> None:
    mortgage = _row(build.a_mortgage(change=Change.CLOSED), "QLF_QL_DYAQ")
    seizure = _row(build.a_seizure(Change.CLOSED), "QLF_QL_CFDJ")

    assert (mortgage["QSZT"], mortgage["ZXDYYWH"], mortgage["ZXDYYY"]) == ("3", build.CASE_NO, "债务清偿")
    assert (seizure["QSZT"], seizure["JFYWH"], seizure["JFDJSJ"]) == ("3", build.CASE_NO, "2026-11-25T11:04:05")


def test_what_must_be_there_and_is_missing_is_named_and_nothing_is_made() -> None:
    with pytest.raises(InvalidInput) as caught:
        message.upload(build.a_mortgage(mortgagor="", debt_yuan=""), NUMBER, build.MADE_AT, Dialect())

    assert caught.value.code == "upload_incomplete"
    assert [problem.what_zh for problem in caught.value.problems] == ["缺少被担保主债权数额", "缺少抵押人"]


def test_a_use_the_dictionary_does_not_know_is_refused() -> None:
    strange = replace(build.FLAT, use_code="99")

    with pytest.raises(InvalidInput, match="规划用途代码“99”不在国家字典里"):
        _xml(build.a_transfer(unit=strange, before=None, after=build.title(1, build.ZHANG, unit=strange)))


def test_times_are_those_of_the_country() -> None:
    assert _xml(build.a_transfer()).findtext("Head/CreateDate") == "2026-11-25T11:05:07"


def test_the_province_settles_the_names_that_are_not_public() -> None:
    root = _xml(build.a_habitation(), Dialect(habitation_row="QLF_QL_JZQDJ", mark="0"))

    assert root.find("Data/QLF_QL_JZQDJ") is not None
    assert root.findtext("Head/Mark") == "0"


def test_characters_xml_cannot_carry_are_left_out() -> None:
    assert _row(build.a_transfer(cause_zh="买\x0b卖"), "QLT_FW_FDCQ_YZ")["DJYY"] == "买卖"


@pytest.mark.parametrize("name", sorted(build.GOLDEN))
def test_the_message_is_exactly_the_golden_sample(name: str) -> None:
    made = message.upload(build.GOLDEN[name], NUMBER, build.MADE_AT, Dialect())

    assert made.file_name == f"Biz{NUMBER}.xml"
    assert made.content == (SAMPLES / f"{name}.xml").read_bytes()


def test_the_day_log_is_exactly_the_golden_sample() -> None:
    counts = DayCounts(
        build.OFFICE, date(2026, 11, 25), {Registration.TRANSFER: 3, Registration.FIRST: 2, Registration.SEIZURE: 0}
    )

    made = message.day_log(counts, build.MADE_AT)

    assert made.number == "410526261125"
    assert made.content == (SAMPLES / "day-log.xml").read_bytes()


def _answer(flag: str, *reasons: str, number: str = NUMBER) -> bytes:
    said = "".join(f"<ResponseInfo>{one}</ResponseInfo>" for one in reasons)
    return (
        f"<Respond><ResponseHeader><BizMsgID>{number}</BizMsgID><SuccessFlag>{flag}</SuccessFlag>"
        f"<ResponseCode>1003</ResponseCode>{said}</ResponseHeader></Respond>"
    ).encode()


def test_a_no_of_the_platform_carries_all_its_reasons() -> None:
    with pytest.raises(Declined) as caught:
        message.read_answer(_answer("0", "缺少DYR", "缺少ZL"), NUMBER)

    assert (caught.value.code, caught.value.message_zh) == ("1003", "缺少DYR；缺少ZL")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "系统繁忙".encode(),
        b"<Respond/>",
        _answer("1", number="410526261125000002"),
        _answer("maybe"),
        b'<!DOCTYPE a [<!ENTITY b "c">]><Respond>&b;</Respond>',
    ],
    ids=["empty", "no-xml", "no-header", "another-number", "flag", "doctype"],
)
def test_an_answer_that_cannot_be_trusted_is_a_bad_reply(content: bytes) -> None:
    with pytest.raises(BadReply):
        message.read_answer(content, NUMBER)
