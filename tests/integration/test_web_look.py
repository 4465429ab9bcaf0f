"""The look of pages is chosen without account, session or JavaScript, and leads back to the page it came from."""

from __future__ import annotations

import pytest
from django.http import Http404, HttpRequest
from django.test import RequestFactory, override_settings

from tongban.web.preferences import COOKIE, Preferences, read
from tongban.web.shell import Shell
from tongban.web.views import preferences, style_guide

pytestmark = pytest.mark.urls("tests.web_urls")


def bare(request: HttpRequest) -> HttpRequest:
    request.shell = Shell()  # type: ignore[attr-defined]
    return request


def test_choosing_the_large_version_keeps_the_other_choices_and_returns() -> None:
    request = RequestFactory().post("/preferences", {"size": "elder", "back": "/apply/3?x=1"})
    request.COOKIES[COOKIE] = Preferences(theme="dark").cookie()

    response = preferences(request)

    assert response["Location"] == "/apply/3?x=1"
    assert read(response.cookies[COOKIE].value) == Preferences("elder", "dark", "on")
    assert response.cookies[COOKIE]["httponly"] and response.cookies[COOKIE]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_nobody_is_sent_to_another_site(back: str) -> None:
    response = preferences(RequestFactory().post("/preferences", {"theme": "dark", "back": back}))

    assert response["Location"] == "/"


def test_the_page_shows_what_is_chosen_and_looks_that_way() -> None:
    request = bare(RequestFactory().get("/preferences", {"back": "/x"}))
    request.COOKIES[COOKIE] = Preferences("elder", "dark", "on").cookie()

    page = preferences(request).content.decode()

    assert 'data-theme="dark" data-size="elder"' in page
    assert 'value="elder" checked' in page and 'value="standard" checked' not in page


def test_the_style_guide_is_not_public() -> None:
    request = bare(RequestFactory().get("/style-guide"))
    request.user = type("Visitor", (), {"is_superuser": False})()

    with override_settings(DEBUG=False), pytest.raises(Http404):
        style_guide(request)


@pytest.mark.parametrize("page", ["", "plain"])
def test_the_style_guide_shows_every_component(page: str) -> None:
    with override_settings(DEBUG=True):
        response = style_guide(bare(RequestFactory().get("/style-guide", {"page": page})))

    assert response.status_code == 200
    assert "样式指南" in response.content.decode()
