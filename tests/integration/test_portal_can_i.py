"""能不能办 as pages: the questions, the unit code that stays nowhere, and what directory and authorizations say."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.province import HOME, NOW, Province
from tests.stories.conftest import story as story

from tongban.directory.models import ParameterValue, ServiceOpening
from tongban.directory.recent import forget_kept

UNIT = "410526001001GB00001F00010001"
PLAIN = {"fits": "yes", "unit": "none", "county": "410526", "land": "GBF", "window": "410102"}
WHOLE = PLAIN | {"owner_kind": "person", "has_agent": "no", "limits": "none", "papers": "identity"}
READY = WHOLE | {"papers": ["identity", "certificate", "change_evidence"]}


@pytest.fixture(autouse=True)
def clock_of_the_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def asked(client: Client, answers: dict[str, Any]) -> str:
    response = client.get("/can-i/S13?" + urlencode(answers, doseq=True))
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_one_question_stands_on_a_page_and_the_way_back_beside_it(story: Province, client: Client) -> None:
    page = asked(client, {"fits": "yes", "unit": "none"})

    assert "房产在哪个县（市、区）？" in page and "是什么样的房产" not in page
    assert "第 <strong>3</strong> 步，共 9 步" in page
    assert 'href="/can-i/S13?fits=yes"' in page
    assert '<input type="hidden" name="fits" value="yes">' in page


def test_a_question_left_open_says_what_to_do(story: Province, client: Client) -> None:
    assert "有 1 处需要改正" not in asked(client, {"fits": "yes", "unit": "none"})
    assert "有 1 处需要改正" in asked(client, {"fits": "yes", "unit": "none", "asked": "county"})


def test_whoever_wants_to_go_home_finds_the_county_chosen(story: Province, client: Client) -> None:
    page = asked(client, {key: PLAIN[key] for key in ("fits", "unit", "county", "land")})

    assert '<option value="410526" selected>滑县</option>' in page


def test_with_everything_in_hand_the_page_says_yes_and_where_to_go(story: Province, client: Client) -> None:
    page = asked(client, READY)

    assert "可以办，材料也齐了" in page
    assert "郑州市“全豫通办”专窗" in page and "只办本地的房产" not in page
    assert "不收登记费" in page and "1 个工作日" in page
    assert "财税〔2019〕45号" in page
    assert "这些不用带" in page and "不动产登记申请书" in page


def test_papers_that_are_missing_stand_first(story: Province, client: Client) -> None:
    page = asked(client, WHOLE)

    assert "可以办，还差 2 样材料" in page
    assert page.index("还差这些材料") < page.index("您手上已经有的")


def test_who_sells_a_mortgaged_home_hears_of_the_bank_and_what_it_costs(story: Province, client: Client) -> None:
    said = {"fits": "yes", "unit": "code", "county": "410526", "land": "GBF", "use": "11", "window": "410526"}
    sells = said | {"seller1_kind": "person", "limits": "mortgage", "papers": "identity"}

    page = unescape(client.get("/can-i/S02?" + urlencode(sells)).content.decode())

    assert "登记了不准转让约定的，还要银行书面同意" in page and "带押过户" in page
    assert "住宅登记费80元、其他550元，买方交" in page


def test_every_answer_can_be_changed(story: Province, client: Client) -> None:
    page = asked(client, WHOLE)

    assert 'href="/can-i/S13?fits=yes&unit=none"' in page  # to the county
    assert "郑州" in page and "中原区" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"land": "JCF"},
            ["这里办不了，房产所在地可以办", "这是集体土地，外地窗口办不了。", "滑自然资发〔2021〕48号第四条"],
        ),
        ({"window": "410502"}, ["这里办不了，房产所在地可以办", "还没有授权这个窗口", "安阳市不动产登记中心"]),
        ({"limits": "seizure"}, ["可以办，但有条件", "要先书面告诉查封的机关", "不用您跑腿"]),
        ({"limits": "owner_dead"}, ["现在不能办", "登记簿上的权利人已经去世", "请继承人先办继承登记"]),
        ({"land": "unsure"}, ["还差一步：先看清证书上怎么写的", "第13位"]),
        ({"fits": "no"}, ["您的情况不归这一项管", "换", "电话"]),
    ],
)
def test_every_no_says_what_why_cure_and_where(
    story: Province, client: Client, change: dict[str, str], words: list[str]
) -> None:
    page = asked(client, WHOLE | change)

    assert [word for word in words if word not in page] == []
    assert "怎么解决" in page
    assert 'href="tel:' in page


def test_a_closed_service_sends_people_home(story: Province, client: Client) -> None:
    ServiceOpening.objects.filter(registry_code=HOME).delete()
    forget_kept()

    page = asked(client, READY)

    assert "这里办不了，房产所在地可以办" in page
    assert "还没有开通这项业务的通办" in page
    assert "滑县不动产登记综合窗口" in page


def test_an_exclusion_lifted_for_a_county_no_longer_stops_anybody_there(story: Province, client: Client) -> None:
    ParameterValue.objects.create(
        name="exclusion.X01",
        division_code="410526",
        value="off",
        valid_from=date(2026, 1, 1),
        source_zh="试点",
        set_by="x",
        set_at=NOW,
    )
    forget_kept()

    assert "想到哪里去办" in asked(client, {**PLAIN, "land": "JCF", "window": ""})
    assert "这是集体土地" in asked(client, {**PLAIN, "county": "410522", "land": "JCF"})


def test_a_unit_code_leaves_its_letters_only(story: Province, client: Client) -> None:
    answer = client.post("/can-i/S13/unit?fits=yes", {"unit_code": "410526 001001 gb00001 f00010001"})

    address = urlsplit(answer["Location"])
    assert parse_qs(address.query) == {"fits": ["yes"], "unit": ["code"], "county": ["410526"], "land": ["GBF"]}
    page = client.get(answer["Location"]).content.decode()
    assert "您想到哪里去办" in page
    assert not answer.cookies and UNIT not in page


def test_a_collective_parcel_is_told_by_its_code(story: Province, client: Client) -> None:
    answer = client.post("/can-i/S13/unit?fits=yes", {"unit_code": "410526001001JC00001F00010001"})

    page = unescape(client.get(answer["Location"]).content.decode())
    assert "这是集体土地" in page
    assert "集体所有，宅基地使用权" in page and "JC00001" not in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("41052600100", "不动产单元号应有28位，现在是11位"),
        ("310101001001GB00001F00010001", "请"),
        ("410526001001GB00000F00010001", "宗地顺序号不能是00000"),
        ("", "请填写“不动产单元号”"),
    ],
)
def test_a_wrong_unit_code_says_what_is_wrong(story: Province, client: Client, code: str, words: str) -> None:
    answer = client.post("/can-i/S13/unit?fits=yes", {"unit_code": code})

    assert answer.status_code == 200
    page = unescape(answer.content.decode())
    assert words in page and "有 1 处需要改正" in page


def test_a_unit_code_sent_at_the_wrong_moment_asks_what_is_open(story: Province, client: Client) -> None:
    assert client.post("/can-i/S13/unit", {"unit_code": UNIT})["Location"] == "/can-i/S13"


def test_the_register_is_never_read(story: Province, client: Client) -> None:
    answer = client.post("/can-i/S13/unit?fits=yes", {"unit_code": UNIT})
    forget_kept()

    with CaptureQueriesContext(connection) as queries:
        client.get(answer["Location"])
        asked(client, READY)

    tables = ("register_", "cases_", "intake_", "certificates_", "vault_")
    assert [one["sql"] for one in queries if any(name in one["sql"] for name in tables)] == []


@pytest.mark.parametrize(("answers", "most"), [({}, 1), ({"fits": "yes", "unit": "none"}, 2), (READY, 16)])
def test_a_question_and_an_answer_cost_few_queries(
    story: Province, client: Client, answers: dict[str, Any], most: int
) -> None:
    asked(client, answers)
    forget_kept()

    with CaptureQueriesContext(connection) as queries:
        asked(client, answers)

    assert len(queries) <= most, [one["sql"] for one in queries]


@pytest.mark.parametrize("path", ["/can-i/S99", "/can-i/s13"])
def test_an_unknown_matter_is_not_found(story: Province, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_county_nobody_serves_is_told_in_words(story: Province, client: Client) -> None:
    page = asked(client, {**READY, "county": "419999"})

    assert "不能办" in page or "办不了" in page
    assert "怎么解决" in page
