"""The register of a unit as a clerk reads it: every statutory page, every version, any moment, on paper."""

from __future__ import annotations

import re

import pytest
from tests import register_story
from tests.desk_site import Desk, Page, Person
from tests.province import OFFICER, REVIEWER, flats
from tests.register_story import BANK, BUYER, CLAIMANT, DWELLER, LENT, LENT_MORE, proof

from tongban.domain.identity import mask_name

FLAT = 0


@pytest.fixture
def reviewer(desk: Desk) -> Person:
    register_story.write(desk.story, FLAT)
    return desk.person(REVIEWER)


def address(person: Person) -> str:
    sent = person.sends(
        "/desk/register/", reference=flats()[FLAT].unit_code, kind="case", detail="41052620261123000001"
    )
    return sent.response["Location"]


def section(page: Page, key: str) -> str:
    """The words of one statutory page."""
    found = re.search(rf'<section class="panel" id="{key}">(.*?)</section>', page.text, re.DOTALL)
    assert found, key
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_every_right_stands_on_its_page_with_what_is_over_behind_it(reviewer: Person) -> None:
    page = reviewer.opens(address(reviewer))

    mortgages = section(page, "mortgage")
    current, _, past = mortgages.partition("以前的记载（2）")
    assert current.index(proof(104)) < current.index(proof(103)), "by rank"
    assert proof(101) not in current and "注销原因 主债权消灭" in past and "历史" in past
    for key, words in (
        ("title", "不动产权证书号"),
        ("habitation", "东卧室，共用客厅和厨房"),
        ("notice", "不申请本登记，到哪天失效 2027年2月20日"),
        ("objection", "这处房产是共同出资买的"),
        ("seizure", "查封机关 滑县人民法院"),
    ):
        assert words in section(page, key)
    assert "地役权登记信息（没有记载）" in page.words and 'id="easement"' not in page.text


def test_the_page_says_in_plain_words_what_lies_on_the_unit_before_it_cites_law(reviewer: Person) -> None:
    words = reviewer.opens(address(reviewer)).words

    told = words.partition("简单地说")[2].partition("权属状况")[0]
    assert (
        told.index("查封 1 项 法院等机关封着")
        < told.index("抵押权 1 项")
        < told.index("法律依据", told.index("抵押权"))
    )
    assert "约定不得转让的抵押权 1 项" in told and "居住权 1 项" in told and "异议登记 1 项" in told


def test_names_and_amounts_are_masked_on_every_page_and_in_the_chart(reviewer: Person) -> None:
    url = address(reviewer)
    shown = (reviewer.opens(url), reviewer.opens(url.replace("/?", "/print?")))

    for page in shown:
        assert mask_name(DWELLER) in page.text and "已遮挡" in page.text
        for hidden in (BANK, DWELLER, BUYER, CLAIMANT, LENT, LENT_MORE, "980000.00"):
            assert hidden not in page.text, hidden


def test_a_full_look_shows_them_on_screen_and_on_paper_and_both_are_audited(desk: Desk, reviewer: Person) -> None:
    first = reviewer.opens(address(reviewer))
    form = first.text.partition('<form method="post" action="')[2].partition('"')[0]
    page = reviewer.opens(reviewer.sends(form, reason="权利人本人申请复印登记簿").response["Location"])

    paper = reviewer.opens(page.link("打印登记簿"))

    for shown in (page, paper):
        for words in (BANK, DWELLER, BUYER, CLAIMANT, LENT, LENT_MORE):
            assert words in shown.text, words
    rows = desk.audited(action="register.read_in_full")
    assert [row.detail["printed"] for row in rows] == ["", "yes"]
    assert {row.purpose for row in rows} == {"办理登记业务：41052620261123000001；权利人本人申请复印登记簿"}


def test_the_register_is_read_as_it_stood_after_any_recording(reviewer: Person) -> None:
    url = address(reviewer)
    now = reviewer.opens(url)
    moments = re.findall(r'<li><a href="([^"]*upto=\d+)"', now.text)

    before_the_seizure = reviewer.opens(moments[1])
    with_one_mortgage = reviewer.opens(moments[-2])

    assert len(moments) == 10, "one for each recording of the unit"
    assert 'id="seizure"' not in before_the_seizure.text and 'id="objection"' in before_the_seizure.text
    assert "这不是现在的登记簿" in with_one_mortgage.words
    assert proof(101) in section(with_one_mortgage, "mortgage") and proof(102) not in section(
        with_one_mortgage, "mortgage"
    )
    assert "现势" in section(with_one_mortgage, "mortgage")
    assert len(re.findall(r'<li><a href="([^"]*upto=\d+)"', with_one_mortgage.text)) == 10, "the way forward stays open"


def test_the_chart_has_a_band_for_every_right_and_a_table_with_the_same_rows(reviewer: Person) -> None:
    page = reviewer.opens(address(reviewer))

    table = page.words.partition("用表格看")[2].partition("登记目录")[0]
    for words in (
        "抵押权（二） 约定不得转让的抵押权（第2顺位）", "居住权 居住权", "预告 预告登记", "异议 异议登记", "查封 查封",
    ):  # fmt: skip
        assert words in table, words
    assert "已注销：主债权消灭" in table


def test_each_statutory_page_with_something_on_it_prints_on_a_sheet_of_its_own(desk: Desk, reviewer: Person) -> None:
    paper = reviewer.opens(address(reviewer).replace("/?", "/print?"))

    titles = re.findall(r'<h2 class="sheet__title">([^<]+)</h2>', paper.text)
    assert titles == [
        "宗地和房屋基本信息",
        "房地产权登记信息",
        "居住权登记信息",
        "抵押权登记信息",
        "预告登记信息",
        "异议登记信息",
        "查封登记信息",
    ]
    assert "地役权登记信息（没有记载）" in paper.words.partition("登记目录")[2], "the contents stand on the cover"
    assert "注销原因 主债权消灭" in paper.words, "what is over prints too"
    assert desk.audited(action="register.read")[-1].detail["printed"] == "yes"


def test_the_print_needs_a_purpose_of_ones_own(desk: Desk, reviewer: Person) -> None:
    url = address(reviewer).replace("/?", "/print?")

    other = desk.person(OFFICER).opens(url)

    assert other.response["Location"] == f"/desk/register/?unit={flats()[FLAT].unit_code}"


@pytest.mark.parametrize("path", ["", "print"])
def test_a_full_page_takes_no_more_queries_than_a_bare_one(reviewer: Person, path: str) -> None:
    url = address(reviewer).replace("/?", f"/{path}?")

    assert reviewer.queries_of(url) <= 13
