"""A registry's own announcements, hints and counters: set by its administrator, read by whoever needs them, audited."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate
from tests.desk_site import Desk, Page
from tests.integration.desk_cases.conftest import desk as desk
from tests.province import CLERK, HOME, HOME_ADMIN, OFFICER, OTHER

from tongban.access.permissions import Role
from tongban.cli import stage
from tongban.cli.stage import Account
from tongban.directory import local_rules, lookup
from tongban.directory.models import LocalNote, Window
from tongban.domain.errors import InvalidInput

URL = "/admin/local/"
OTHER_ADMIN = Account("ay.admin", "石岚", OTHER, (Role.REGISTRY_ADMIN,), "")


def publishes(desk: Desk, account: Account = HOME_ADMIN, url: str = URL, **changed: Any) -> Page:
    today = localdate(desk.story.now).isoformat()
    given = {
        "title_zh": "国庆期间窗口安排",
        "text_zh": "10月8日起照常上班。",
        "item": "",
        "valid_from": today,
        **changed,
    }
    return desk.person(account).sends(url, act="publish", **{f"publish-{name}": text for name, text in given.items()})


def everybody(url: str) -> str:
    return Page(Client().get(url)).words


def window_form(code: str, **changed: str) -> dict[str, str]:
    given = {
        "name_zh": "滑县“全豫通办”专窗", "address_zh": "滑县新区文明路1号", "phone": "0372-8410527",
        "weekdays": "8：30—17:30", "saturday": "", "sunday": "", "is_active": "on", **changed,
    }  # fmt: skip
    return {"act": f"window-{code}", **{f"window-{code}-{name}": text for name, text in given.items()}}


def test_an_announcement_is_read_where_people_look_for_the_office(desk: Desk) -> None:
    assert publishes(desk).status == 302

    assert "10月8日起照常上班" in everybody("/windows/410526")
    assert "10月8日起照常上班" not in everybody("/windows/410102")
    (row,) = desk.audited(action="note.publish")
    assert (row.actor_id, row.detail["title"]) == ("hx.admin", "国庆期间窗口安排")


def test_a_hint_for_one_item_is_read_by_the_far_window_and_by_who_asks_whether(desk: Desk) -> None:
    publishes(desk, item="S13", title_zh="改名办理提示", text_zh="户口簿请带全家的。")
    number = desk.story.begins(desk.story.wish(10))
    clerk = desk.person(CLERK)

    assert "户口簿请带全家的" in clerk.opens(f"/desk/intake/{number}/").words
    asked = "fits=yes&unit=none&county=410526&land=GBF&window=410102&owner_kind=person&has_agent=no&limits=none"
    assert "户口簿请带全家的" in everybody(f"/can-i/S13?{asked}&papers=identity")
    assert "户口簿请带全家的" not in everybody(f"/can-i/S14?{asked}&papers=identity")
    assert "户口簿请带全家的" not in everybody("/windows/410526"), "a hint for one item is no announcement"


def test_what_people_typed_never_becomes_markup(desk: Desk) -> None:
    publishes(desk, text_zh="<script>alert(1)</script>")

    assert "<script>alert(1)" not in Client().get("/windows/410526").content.decode()


def test_an_announcement_begins_and_ends_with_its_days_and_can_be_taken_down(desk: Desk) -> None:
    today = localdate(desk.story.now)
    publishes(desk, title_zh="明天的", valid_from=(today + timedelta(days=1)).isoformat())
    publishes(desk, title_zh="今天的", valid_until=today.isoformat())
    publishes(desk, title_zh="一直的")
    assert "今天的" in everybody("/windows/410526") and "明天的" not in everybody("/windows/410526")

    desk.story.tick(days=1)
    tomorrow = everybody("/windows/410526")
    assert "明天的" in tomorrow and "今天的" not in tomorrow and "一直的" in tomorrow
    number = str(LocalNote.objects.get(title_zh="一直的").pk)
    page = desk.person(HOME_ADMIN).sends(URL, act="take_down", **{"take_down-note": number})
    assert page.status == 302 and "一直的" not in everybody("/windows/410526")
    assert LocalNote.objects.filter(title_zh="一直的").exists(), "what was said once is kept"
    assert desk.audited(action="note.take_down")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"title_zh": ""}, "标题"),
        ({"text_zh": "长" * 1001}, "内容"),
        ({"valid_from": "2026-11-01"}, "起始日期已经过去"),
        ({"valid_until": "2026-11-01"}, "截止日期在起始日期以前"),
        ({"item": "S99"}, "说的是哪个事项"),
    ],
)
def test_a_wrong_note_is_told_and_not_kept(desk: Desk, changed: dict[str, str], word: str) -> None:
    page = publishes(desk, **changed)

    assert page.status == 422 and word in page.words
    assert not LocalNote.objects.exists()


def test_a_counter_gets_new_hours_and_is_closed(desk: Desk) -> None:
    code = stage.window_of(HOME)
    admin = desk.person(HOME_ADMIN)

    assert admin.sends(URL, **window_form(code)).status == 302
    shown = everybody("/windows/410526")
    assert "星期一至星期五 8:30到17:30" in shown and "0372-8410527" in shown
    assert lookup.windows(HOME)[0].hours["5"] == ("08:30", "17:30")
    for wrong, word in (({"weekdays": "上午"}, "上班时间不对"), ({"phone": "找小王"}, "电话号码不对"),
                        ({"weekdays": ""}, "没有一天上班"), ({"weekdays": "17:00-9:00"}, "上班时间不对")):  # fmt: skip
        page = admin.sends(URL, **window_form(code, **wrong))
        assert page.status == 422 and word in page.words, wrong
    given = window_form(code)
    del given[f"window-{code}-is_active"]
    admin.sends(URL, **given)
    assert not Window.objects.get(code=code).is_active
    assert [row.detail["active"] for row in desk.audited(action="window.change")] == ["True", "False"]


def test_nobody_speaks_for_another_registry(desk: Desk) -> None:
    stage.hire(OTHER_ADMIN, desk.story.now)
    for account in (OTHER_ADMIN, OFFICER):
        assert publishes(desk, account, f"{URL}?registry={HOME}").status == 403
        assert desk.person(account).sends(f"{URL}?registry={HOME}", **window_form(stage.window_of(HOME))).status == 403
    assert not LocalNote.objects.exists()
    assert {row.actor_id for row in desk.audited(outcome="denied")} >= {"ay.admin", "hx.officer"}


@pytest.mark.parametrize("text", ["9-5", "25:00-26:00", "09:00", "09:00-17:00-18:00"])
def test_hours_that_are_none_are_told(text: str) -> None:
    with pytest.raises(InvalidInput):
        local_rules.read_hours("weekdays", text)


def test_only_registries_that_one_may_manage_are_offered(desk: Desk) -> None:
    page = desk.person(HOME_ADMIN).opens(URL)

    assert f'value="{HOME}"' in page.text
    assert f'value="{OTHER}"' not in page.text
    assert desk.person(HOME_ADMIN).opens(f"{URL}?registry={OTHER}").status == 403
