"""The look a person chose survives in a cookie, and no cookie can break a page."""

from __future__ import annotations

import pytest

from tongban.web.preferences import Preferences, read


def test_what_was_chosen_is_read_back() -> None:
    chosen = Preferences(size="elder", theme="dark", keys="off")

    assert read(chosen.cookie()) == chosen


def test_one_choice_leaves_the_others_alone() -> None:
    assert Preferences(theme="dark").changed({"size": "elder", "theme": ""}) == Preferences("elder", "dark", "on")


@pytest.mark.parametrize("cookie", ["", "&&==", "size=huge&theme=%22%3E", "colour=red", "theme=auto" * 500, "size"])
def test_a_strange_cookie_gives_the_usual_look(cookie: str) -> None:
    assert read(cookie) == Preferences()
