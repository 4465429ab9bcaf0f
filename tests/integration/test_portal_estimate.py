"""What it will cost, asked before anybody signs in: the worked examples as a citizen sees them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.province import Province
from tests.stories.conftest import story as story

from tongban.directory.dues_figures import fee_figures, tax_figures
from tongban.directory.figures import Figure, write_figure
from tongban.directory.recent import forget_kept
from tongban.domain.taxes.holding import years_before
from tongban.domain.terms import Cause
from tongban.portal.costs import SIDES_ZH
from tongban.portal.estimate_form import MATTERS, MORTGAGE

NOW: Final = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
GIVEN: Final = {
    "matter": "sale",
    "thing": "residential",
    "price": "800000",
    "area_m2": "118",
    "seat": "town",
    "taker_homes": "only",
    "taker_kind": "person",
    "certificates": "1",
    "giver_kind": "person",
    "held": "2",
}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def page_of(client: Client, **changes: str) -> str:
    response = client.get("/estimate", {**GIVEN, **changes})
    assert response.status_code == 200
    return response.content.decode()


def words_of(page: str) -> str:
    """The page as it reads, without marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_buyer_of_an_only_home_pays_deed_tax_and_the_fee(story: Province, client: Client) -> None:
    words = words_of(page_of(client))

    assert "各方一共约 16,080.00 元" in words
    assert "买方：约8,080元 卖方：约8,000元" in words
    assert "不动产登记费（住宅类）：80元 1件，每件80元，一共80元。" in words
    assert "契税：8,000元 家庭唯一住房，面积不超过140平方米" in words
    assert "800,000元 × 1% = 8,000元" in words
    assert "增值税：不用交 住房取得满二年再转让，免征增值税" in words
    assert "由税务机关核定为准" in words
    assert "财政部 税务总局 住房城乡建设部公告2024年第16号" in words


def test_a_home_sold_within_two_years_on_credit_shows_three_sides(story: Province, client: Client) -> None:
    words = words_of(
        page_of(client, price="103万", area_m2="150", taker_homes="second", held="0", with_loan="on", certificates="2")
    )

    assert "买方：约20,090元 卖方：约41,500元 银行（抵押权人）：约80元" in words
    for line in ("增值税：30,000元", "城市维护建设税：750元", "教育费附加：450元", "地方教育附加：300元"):
        assert line in words


def test_a_mortgage_alone_costs_the_bank_eighty_yuan(story: Province, client: Client) -> None:
    words = words_of(page_of(client, matter=MORTGAGE, price=""))

    assert "各方一共约 80.00 元" in words and "银行（抵押权人）：约80元" in words
    assert "登记费由银行交，不能让借款的人出" in words


def test_an_office_sold_by_a_company_leads_to_the_home_window(story: Province, client: Client) -> None:
    page = page_of(
        client, thing="other", giver_kind="enterprise", taker_kind="small_enterprise", division="410526", price="200万"
    )

    words = words_of(page)
    assert "要到房产所在地办" in words and "不能在外地窗口通办" in words
    assert "滑县不动产登记中心" in words
    assert "不动产登记费：不用交 不收费。缴费的一方是小微企业。" in words
    assert "土地增值税：由税务机关定" in words and "卖方：由税务机关定" in words and "还有税款要由税务机关定" in words


@pytest.mark.parametrize(("matter", "total"), [("inheritance", "80.00"), ("divorce", "80.00"), ("spouses", "10.00")])
def test_heirs_and_spouses_need_no_price(story: Province, client: Client, matter: str, total: str) -> None:
    assert f"各方一共约 {total} 元" in words_of(page_of(client, matter=matter, price="", area_m2=""))


def test_every_matter_of_the_form_has_an_answer(story: Province, client: Client) -> None:
    for matter, _ in MATTERS:
        assert "大约要多少钱" in page_of(client, matter=matter, returned="70万"), matter
    assert {matter for matter, _ in MATTERS} == {cause.value for cause in SIDES_ZH} | {MORTGAGE}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"price": ""}, "请填价钱，税是按价钱算的。"),
        ({"price": "八十万"}, "看不懂这个钱数"),
        ({"price": "1.005"}, "看不懂这个钱数"),
        ({"price": "-1"}, "看不懂这个钱数"),
        ({"price": "999999999999万"}, "价钱不对"),
        ({"area_m2": ""}, "房屋面积不对。请照不动产权证填建筑面积，例如 118.26。"),
        ({"area_m2": "大约100"}, "房屋面积不对"),
        ({"matter": "exchange"}, "请填换出去的房子值多少"),
        ({"matter": "x"}, 'href="#id_matter"'),
        ({"certificates": "0"}, 'href="#id_certificates"'),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_estimated(
    story: Province, client: Client, changes: dict[str, str], words: str
) -> None:
    page = page_of(client, **changes)

    assert words in page
    assert "大约要多少钱" not in page


@pytest.mark.parametrize("price", ["800000", "800,000", "80万", " 80 万元 ", "800000.00元"])
def test_an_amount_may_be_written_as_people_do(story: Province, client: Client, price: str) -> None:
    assert "各方一共约 16,080.00 元" in words_of(page_of(client, price=price))


def test_the_figures_of_the_county_count(story: Province, client: Client) -> None:
    for name, value in (("fee.residential", "60"), ("tax.deed_home_rate", "3.5")):
        figure = Figure(name, "410526", value, date(2026, 11, 25), "滑县规定")
        write_figure(figure, set_by="somebody", now=NOW)
    forget_kept()

    assert fee_figures("410526", NOW.date()).residential_fen == 6000
    assert tax_figures("410000", NOW.date()) != tax_figures("410526", NOW.date())
    words = words_of(page_of(client, taker_homes="more", division="410526"))
    assert "每件60元" in words and "契税：28,000元" in words
    assert "每件80元" in words_of(page_of(client))


def test_the_estimate_is_reached_from_the_front_door_and_from_the_answer(story: Province, client: Client) -> None:
    said = "fits=yes&unit=none&county=410526&land=GBF&window=410102&owner_kind=person&has_agent=no"

    assert 'href="/estimate"' in client.get("/").content.decode()
    assert 'href="/estimate"' in client.get(f"/can-i/S13?{said}&limits=none&papers=identity").content.decode()


def test_the_estimate_leaves_no_trace_and_costs_few_queries(story: Province, client: Client) -> None:
    forget_kept()

    with CaptureQueriesContext(connection) as queries:
        response = client.get("/estimate", {**GIVEN, "division": "410526"})

    assert not response.cookies
    assert len(queries) <= 5, [one["sql"] for one in queries]
    assert client.post("/estimate", GIVEN).status_code == 405


def test_full_years_are_counted_back_to_a_day_that_exists() -> None:
    assert years_before(date(2028, 2, 29), 2) == date(2026, 2, 28)
    assert years_before(date(2028, 2, 29), 4) == date(2024, 2, 29)
    assert Cause.SALE in SIDES_ZH
