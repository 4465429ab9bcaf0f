"""The register's pages: found by code or certificate, for a purpose, masked, as of any day, with proof of every entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import LiteralString

import psycopg
import pytest
from django.db import connection
from tests import cluster
from tests.desk_site import SEIZURE_NO, Desk, Page, Person
from tests.province import CLERK, HOME, OFFICER, REGISTRAR, REVIEWER, STRANGER, flats

from tongban.cli.stage import Account
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.entries import OpenTitle
from tongban.domain.identity import mask_id, mask_name
from tongban.domain.restrictions import Act
from tongban.domain.terms import Cause
from tongban.domain.unit_code import land_of, parse_unit_code
from tongban.register import book, reading
from tongban.register.models import Entry
from tongban.register.requests import RecordRequest

LOOK_UP = "/desk/register/"
CERTIFIED, SEIZED = 5, 6  # flats


def asks(person: Person, reference: str, *, kind: str = "case", detail: str = "41052620261123000001") -> Page:
    return person.sends(LOOK_UP, reference=reference, kind=kind, detail=detail)


def unit(person: Person, number: int, **query: str) -> Page:
    """The page of a flat, after saying why."""
    url = asks(person, flats()[number].unit_code).response["Location"]
    return person.opens(url + "".join(f"&{name}={value}" for name, value in query.items()))


@pytest.mark.parametrize("how", ["code", "grouped", "certificate", "old_certificate", "half_width"])
def test_a_unit_is_found_by_its_code_or_a_certificate(desk: Desk, how: str) -> None:
    code = flats()[CERTIFIED].unit_code
    new, old = desk.case("certified").certificate_no, flats()[CERTIFIED].title.certificate_no
    typed = {
        "code": code,
        "grouped": f"{code[:6]} {code[6:12]} {code[12:19].lower()} {code[19:]}",
        "certificate": new,
        "old_certificate": old,
        "half_width": new.replace("（", "(").replace("）", ")"),
    }[how]

    page = asks(desk.person(OFFICER), typed)

    assert page.response["Location"].startswith(f"/desk/register/{code}/?why=")
    row = desk.audited(action="register.look_up")[-1]
    assert (row.object_id, row.purpose, row.outcome) == (code, "办理登记业务：41052620261123000001", "ok")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "", "detail": "41052620261123000001"}, "请选择“查询用途”"),
        ({"kind": "case", "detail": ""}, "请填写“用途说明”"),
        ({"kind": "case", "detail": " x "}, "查询用途要写清楚"),
    ],
)
def test_without_a_purpose_nothing_is_looked_up(desk: Desk, fields: dict[str, str], words: str) -> None:
    page = desk.person(OFFICER).sends(LOOK_UP, reference=flats()[0].unit_code, **fields)

    assert page.status == 422 and words in page.words
    assert desk.audited(action="register.look_up") == []


@pytest.mark.parametrize("reference", ["豫（2026）滑县不动产权第0009999号", "410526001001GB00001F0001", "王小丽"])
def test_what_is_not_there_says_so_and_a_try_by_certificate_is_audited(desk: Desk, reference: str) -> None:
    page = asks(desk.person(OFFICER), reference)

    assert page.status == (404 if "第" in reference else 422)
    assert [row.outcome for row in desk.audited(action="register.look_up")] == (["failed"] if "第" in reference else [])


def test_a_unit_the_register_does_not_know_is_not_found(desk: Desk) -> None:
    officer = desk.person(OFFICER)

    found = asks(officer, "410526001001GB00009F00010001")

    assert officer.opens(found.response["Location"]).status == 404


def test_another_registrys_unit_is_denied(desk: Desk) -> None:
    page = asks(desk.person(STRANGER), flats()[0].unit_code)

    assert page.status == 403
    assert [row.actor_id for row in desk.audited(action="denied.register.read")] == ["ay.reviewer"]


def test_a_window_clerk_does_not_even_see_the_form(desk: Desk) -> None:
    assert desk.person(CLERK).opens(LOOK_UP).status == 403


def test_an_address_without_a_purpose_leads_to_the_form(desk: Desk) -> None:
    officer, other = desk.person(OFFICER), desk.person(REVIEWER)
    code = flats()[0].unit_code
    url = asks(officer, code).response["Location"]

    bare = officer.opens(f"/desk/register/{code}/")
    of_another = other.opens(url)
    for_another_unit = officer.opens(url.replace(code, flats()[1].unit_code))

    assert bare.response["Location"] == of_another.response["Location"] == f"/desk/register/?unit={code}"
    assert for_another_unit.status == 302
    assert f'value="{code}"' in officer.opens(bare.response["Location"]).text
    assert desk.audited(action="register.read") == []


def test_the_page_says_what_holds_and_how_it_came_about(desk: Desk) -> None:
    case, flat = desk.case("certified"), flats()[CERTIFIED]

    page = unit(desk.person(REVIEWER), CERTIFIED)

    for words in (
        flat.title.unit.address_zh, case.certificate_no, "国有建设用地使用权/房屋所有权", "成套住宅", "单独所有", "没有限制和负担",
        case.licence_id, "有效", "变更登记", "换发证书", "权利登记", case.case_no, "魏建国", "已入签名树", "登记历史图", "用表格看",
    ):  # fmt: skip
        assert words in page.words, words
    assert page.words.index("换发证书") < page.words.index("权利登记 "), "the newest stands on top"


def test_holders_are_masked_everywhere_on_the_page_and_the_look_is_audited(desk: Desk) -> None:
    holder = flats()[CERTIFIED].holder

    page = unit(desk.person(REVIEWER), CERTIFIED)

    assert mask_name("张子轩") in page.text and mask_id(holder.id_no) in page.text
    for hidden in ("张子轩", holder.name, holder.id_no):
        assert hidden not in page.text
    row = desk.audited(action="register.read")[-1]
    assert (row.actor_id, row.purpose) == ("hx.reviewer", "办理登记业务：41052620261123000001")


def test_the_full_page_needs_a_reason_which_is_audited(desk: Desk) -> None:
    reviewer, holder = desk.person(REVIEWER), flats()[CERTIFIED].holder
    first = unit(reviewer, CERTIFIED)
    url = first.text.partition('<form method="post" action="')[2].partition('"')[0]

    without = reviewer.sends(url, reason="看")
    page = reviewer.opens(reviewer.sends(url, reason="权利人本人申请复印登记簿").response["Location"])

    assert without.status == 422 and holder.id_no not in without.text
    assert "张子轩" in page.text and holder.id_no in page.text
    row = desk.audited(action="register.read_in_full")[-1]
    assert row.purpose == "办理登记业务：41052620261123000001；权利人本人申请复印登记簿"


def test_a_burden_is_shown_with_its_organ_paper_and_period(desk: Desk) -> None:
    page = unit(desk.person(REVIEWER), SEIZED)

    for words in (
        "查封",
        "滑县人民法院",
        SEIZURE_NO,
        "2026年11月1日",
        "2029年10月31日",
        "有效",
        "在办业务",
        desk.cases["seized"],
    ):
        assert words in page.words


def test_an_order_not_yet_dealt_with_is_told_without_its_organ(desk: Desk) -> None:
    book.note_order([flats()[0].unit_code], order_id="order-1", organ="鹤壁市人民法院", now=desk.story.tick())

    page = unit(desk.person(REVIEWER), 0)

    assert "协助执行通知 1 件 — — — — — 正在处理，限制处分" in page.words
    assert "鹤壁市人民法院" not in page.text


def test_the_register_is_shown_as_it_was_at_the_end_of_a_day(desk: Desk) -> None:
    holder = flats()[CERTIFIED].holder

    page = unit(desk.person(REVIEWER), CERTIFIED, on="2026-11-22")
    before = unit(desk.person(REVIEWER), CERTIFIED, on="2026-11-21")

    assert "这不是现在的登记簿" in page.words
    assert mask_name(holder.name) in page.words and flats()[CERTIFIED].title.certificate_no in page.words
    assert "换发证书" not in page.words.partition("只增不改")[2]
    assert "没有现势权利" in before.words and "这一天以前没有记载" in before.words


def test_a_day_that_is_none_is_refused(desk: Desk) -> None:
    page = unit(desk.person(REVIEWER), CERTIFIED, on="2026-13-40")

    assert page.status == 422 and "有 1 处需要改正" in page.words


def test_an_entry_no_head_covers_yet_says_that_it_waits(desk: Desk) -> None:
    registrar = desk.person(REGISTRAR)
    registrar.fills_in("ready", "record")

    waits = unit(registrar, 4)
    desk.story.settles()
    sealed = unit(registrar, 4)

    assert "等待签名" in waits.words
    assert "等待签名" not in sealed.words


@pytest.mark.parametrize("number", [0, CERTIFIED, SEIZED])
def test_a_unit_takes_at_most_thirteen_queries(desk: Desk, number: int) -> None:
    reviewer = desk.person(REVIEWER)
    url = asks(reviewer, flats()[number].unit_code).response["Location"]

    assert reviewer.queries_of(url) <= 13


@pytest.mark.parametrize(("account", "may"), [(REGISTRAR, True), (REVIEWER, False)], ids=["registrar", "reviewer"])
def test_only_who_may_verify_is_offered_the_proof(desk: Desk, account: Account, may: bool) -> None:
    person = desk.person(account)

    page = unit(person, CERTIFIED)
    sent = person.sends(f"/desk/register/{flats()[CERTIFIED].unit_code}/verify")

    assert (">核验本单元" in page.text) is may
    assert sent.status == (200 if may else 403)


def test_a_sound_unit_is_proved_and_the_proof_is_audited(desk: Desk) -> None:
    page = desk.person(REGISTRAR).sends(f"/desk/register/{flats()[CERTIFIED].unit_code}/verify")

    assert "全部相符" in page.words and "记载 3 条" in page.words
    assert [row.detail["breaks"] for row in desk.audited(action="register.verify_unit")] == ["0"]


def test_a_changed_holder_is_named_by_the_proof(desk: Desk) -> None:
    code = flats()[CERTIFIED].unit_code
    _as_superuser(
        "UPDATE register_registeredright SET certificate_no = '假证' WHERE unit_code = %s AND to_entry IS NULL", code
    )

    page = desk.person(REGISTRAR).sends(f"/desk/register/{code}/verify")

    assert "有不符之处" in page.words and "register_registeredright" in page.words


def test_a_rewritten_entry_is_named_by_the_proof(desk: Desk) -> None:
    code = flats()[CERTIFIED].unit_code
    first = Entry.objects.filter(unit_code=code).order_by("seq").first()
    assert first is not None
    _as_superuser("UPDATE register_entry SET leaf = replace(leaf, 'stock', 'other') WHERE seq = %s", first.seq)

    page = desk.person(REGISTRAR).sends(f"/desk/register/{code}/verify")

    assert "有不符之处" in page.words and f"register_entry {first.ledger}/{first.seq}" in page.words


def _as_superuser(statement: LiteralString, *values: object) -> None:
    """What only somebody with the whole database in hand could do."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(cluster.ready().admin_url(), dbname=name, autocommit=True) as own:
        own.execute("SET session_replication_role = replica")
        assert own.execute(statement, values).rowcount == 1


def test_a_seizure_of_the_land_is_told_on_the_page_of_the_house(desk: Desk) -> None:
    """查扣冻规定 21."""
    code = flats()[10].unit_code
    title = reading.title(code)
    assert title is not None
    land = UnitCode(land_of(code))
    on_land = replace(
        title,
        unit=replace(title.unit, unit_code=land),
        certificate_no=CertificateNo("豫（2025）滑县不动产权第9900001号"),
    )
    fact = BurdenFact(
        Burden.SEIZURE, "cf-land", date(2026, 11, 1), date(2029, 10, 31), "滑县人民法院", "（2026）豫0526执7号"
    )
    for key, act, entry in (
        ("land", Act.ALTER_NAME, OpenTitle(on_land, Cause.OTHER)), ("cf", Act.SEIZE, OpenBurden(land, fact)),
    ):  # fmt: skip
        outcome = book.record(
            RecordRequest(
                unit_codes=(land,), entries=(entry,), acts=(act,), evidence=frozenset(),
                recorder=desk.story.actor(REGISTRAR), case_no="", key=key, now=desk.story.tick(), registry=HOME,
            )
        )  # fmt: skip
        assert not isinstance(outcome, Refusal)

    page = unit(desk.person(REVIEWER), 10)

    assert "这处房屋下面同一个人的土地被查封" in page.words.replace(" ", "")
    assert parse_unit_code(land).grouped in page.words
