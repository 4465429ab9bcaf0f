"""The front door, the guides, the windows and the frame around them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.province import Province
from tests.stories.conftest import story as story

from tongban.access.actors import Actor, ActorKind, roles_at
from tongban.access.permissions import Role
from tongban.config import shell
from tongban.directory.recent import forget_kept
from tongban.domain.catalogue import CATALOGUE
from tongban.portal import places

MONDAY = datetime(2026, 11, 23, 2, 7, tzinfo=UTC)  # 10:07 in China
QUIET_PAGES = (
    "/",
    "/can-i",
    "/estimate",
    "/guides",
    "/guides/S13",
    "/guides/register-query",
    "/windows",
    "/verify",
    "/accessibility",
    "/privacy",
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def test_the_front_door_offers_the_two_things_people_come_for(story: Province, client: Client) -> None:
    page = text_of(client, "/")

    assert 'href="/can-i"' in page and "能不能办？先查一查" in page
    assert 'href="/verify"' in page and "证书验真" in page
    assert '<option value="410526">滑县</option>' in page
    assert "河南省不动产登记中心" in page and 'href="/sign-in"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", QUIET_PAGES)
def test_every_page_stands_before_there_is_any_reference_data(client: Client, path: str) -> None:
    assert text_of(client, path)


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/verify/offline", 503), ("/trust.json", 503), ("/windows/410526", 404)])
def test_what_cannot_be_there_yet_is_a_page_in_words(client: Client, path: str, status: int) -> None:
    assert "怎么解决" in text_of(client, path, status)


def test_nobody_gets_a_cookie_for_looking(story: Province, client: Client) -> None:
    for path in (*QUIET_PAGES, "/can-i/S13", "/verify/file", "/verify/code", "/verify/number", "/windows/410526"):
        assert not client.get(path).cookies, path


def test_a_county_leads_to_its_registry_and_windows(
    story: Province, client: Client, clock: Callable[[datetime], None]
) -> None:
    answer = client.get("/windows", {"division": "410526"})
    assert answer["Location"] == "/windows/410526"

    page = text_of(client, "/windows/410526")
    assert "滑县不动产登记中心" in page and "滑县“全豫通办”专窗" in page
    assert 'href="tel:0372-8410526"' in page
    assert "星期一至星期五 9:00到17:00" in page
    assert "现在有人上班" in page


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 0, 59, tzinfo=UTC), "现在不上班"),  # 08:59
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "现在不上班"),  # 17:00
        (datetime(2026, 11, 22, 2, 7, tzinfo=UTC), "现在不上班"),  # a Sunday
        (datetime(2026, 10, 1, 2, 7, tzinfo=UTC), "现在不上班"),  # the national holiday
        (datetime(2026, 9, 20, 2, 7, tzinfo=UTC), "现在有人上班"),  # a worked Sunday
    ],
)
def test_a_window_is_open_when_somebody_works_there(
    story: Province, client: Client, clock: Callable[[datetime], None], moment: datetime, words: str
) -> None:
    clock(moment)

    page = text_of(client, "/windows/410526")
    assert f'">{words}</span>' in page


@pytest.mark.parametrize("division", ["999999", "410000", "x", "41052"])
def test_a_place_that_is_no_county_of_the_province_is_not_found(story: Province, client: Client, division: str) -> None:
    assert "怎么解决" in text_of(client, f"/windows/{division}", 404)


def test_choosing_no_county_says_what_to_do(story: Province, client: Client) -> None:
    assert "请选择“选县（市、区）”" in text_of(client, "/windows?division=")


@pytest.mark.parametrize("item", CATALOGUE.values(), ids=str)
def test_a_guide_tells_everything_the_catalogue_says(story: Province, client: Client, item: object) -> None:
    number = str(item)
    page = text_of(client, f"/guides/{number}")

    wanted = CATALOGUE[number]
    missing = [one.how_zh for one in wanted.materials if one.how_zh not in page]
    missing += [question.text_zh for question in wanted.questions if question.text_zh not in page]
    missing += [line for line in wanted.pledge_zh.split("\n") if line not in page]
    assert missing == []
    assert wanted.fee_law_zh in page and wanted.law in page


def test_an_unknown_guide_is_not_found(story: Province, client: Client) -> None:
    assert "怎么解决" in text_of(client, "/guides/S99", 404)


@pytest.mark.parametrize(
    ("path", "most"), [("/", 3), ("/windows", 3), ("/windows/410526", 7), ("/guides/S13", 3), ("/privacy", 1)]
)
def test_a_page_costs_few_queries(story: Province, client: Client, path: str, most: int) -> None:
    client.get(path)
    forget_kept()

    with CaptureQueriesContext(connection) as queries:
        client.get(path)

    assert len(queries) <= most, [one["sql"] for one in queries]


def test_hours_that_are_the_same_stand_together() -> None:
    week = {str(day): ("09:00", "17:00") for day in range(1, 6)} | {"6": ("09:30", "12:00"), "7": ("09:30", "12:00")}

    assert places.hours_zh(week) == ("星期一至星期五 9:00到17:00", "星期六至星期日 9:30到12:00")
    assert places.hours_zh({"1": ("08:00", "12:00"), "3": ("08:00", "12:00")}) == (
        "星期一 8:00到12:00",
        "星期三 8:00到12:00",
    )
    assert places.hours_zh({}) == ()


def test_every_county_stands_under_its_city_once(story: Province) -> None:
    found = [county.code for city in places.cities() for county in city.counties]

    assert len(found) == len(set(found)) > 150
    assert [city.name_zh for city in places.cities()][:2] == ["郑州市", "开封市"]


def test_a_person_with_every_role_has_no_access_key_twice(story: Province, rf: RequestFactory) -> None:
    request = rf.get("/desk/")
    everything = roles_at("province-410000", [role for role in Role if role is not Role.SYSTEM])
    request.tongban_actor = Actor(  # type: ignore[attr-defined]
        ActorKind.STAFF, "x", "系统管理员", "province-410000", everything, has_agreement=True
    )

    nav = shell.shell(request).nav
    keys = [item.key for item in nav if item.key]

    assert len(nav) == len(shell.DESK)
    assert len(keys) == len(set(keys)) == 10
    assert all(len(key) == 1 and key.isdigit() for key in keys)


def test_an_anonymous_visitor_may_call_the_province(story: Province, rf: RequestFactory) -> None:
    place = shell.shell(rf.get("/")).help_place

    assert place is not None
    assert place.phone == "0371-8410000"


@pytest.mark.django_db
def test_an_empty_directory_leaves_the_frame_without_a_phone_number(rf: RequestFactory) -> None:
    assert shell.shell(rf.get("/")).help_place is None
