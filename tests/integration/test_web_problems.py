"""Every problem becomes a page with words, a cure and a number, and the fitting status."""

from __future__ import annotations

import json
import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from tongban.domain import errors
from tongban.domain.decision import Fact, Place, Reason, Refusal
from tongban.web import render as pages
from tongban.web.middleware import ProblemMiddleware, ReferenceMiddleware, new_reference
from tongban.web.shell import NavItem, Shell, shell_of

pytestmark = pytest.mark.urls("tests.web_urls")

REFUSAL = Refusal(
    Reason("R01", "房屋已被查封", "法院通知协助查封", "条例第二十条", "请联系法院解封"),
    (Fact("法院", "滑县人民法院"),),
    Place("滑县不动产登记中心", "文明路", "0372-0000000"),
)
DENIALS: list[str] = []


def note_denial(request: HttpRequest, error: errors.NotPermitted) -> None:
    DENIALS.append(f"{request.path} {error.code}")


def asked(path: str = "/desk/x", **headers: str) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.reference = "K7Q2-9MXD"  # type: ignore[attr-defined]
    request.shell = Shell(help_place=Place("服务热线", "郑州", "0371-0000000"))  # type: ignore[attr-defined]
    return request


def text(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotPermitted("role", "您不是复审岗"), 403),
        (errors.NotFound("case", "没有这个案件"), 404),
        (errors.WrongState("case", "案件已登簿"), 409),
        (errors.Stale("case", "别人已修改"), 409),
        (errors.Unavailable("peer", "对方连不上"), 503),
        (errors.BadReply("peer", "答复无法识别"), 502),
        (errors.Declined("tax", "税务没有同意"), 409),
        (errors.BadSignature("sm2", "签名不符"), 400),
        (errors.EvidenceBroken("chain", "校验不符"), 500),
        (errors.CalendarGap("calendar", "没有这一天的日历"), 500),
    ],
)
def test_each_error_has_its_status_its_words_and_a_cure(error: errors.TongbanError, status: int) -> None:
    response = pages.render_problem(asked(), error)

    assert response.status_code == status
    for words in ("发生了什么", error.message_zh, "怎么解决", "0371-0000000", "K7Q2-9MXD"):
        assert words in text(response)


def test_wrong_input_lists_every_problem_with_its_cure() -> None:
    problems = [
        errors.Problem("phone", "手机号少了一位。", "请填 11 位。"),
        errors.Problem("name", "没有姓名。", "请填写。"),
    ]
    response = pages.render_problem(asked(), errors.InvalidInput(problems))

    assert response.status_code == 422
    assert text(response).count("<li>") - text(response).count("<li><a") == 2
    assert "请填 11 位。" in text(response)


def test_a_refusal_keeps_its_own_place_to_go() -> None:
    page = text(pages.render_problem(asked(), REFUSAL))

    for words in ("房屋已被查封", "法院通知协助查封", "请联系法院解封", "滑县人民法院", "文明路", "problem--refusal"):
        assert words in page
    assert re.search(r"<summary>法律依据</summary>.*条例第二十条", page, re.DOTALL)


def test_the_caller_may_choose_the_status() -> None:
    assert pages.render_problem(asked(), REFUSAL, 403).status_code == 403


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500])
def test_a_bare_status_is_explained_too(status: int) -> None:
    response = pages.render_status(asked(), status)

    assert response.status_code == status
    assert "怎么解决" in text(response)


def test_a_machine_gets_problem_json() -> None:
    response = pages.render_problem(asked(Accept="application/json"), REFUSAL)

    body = json.loads(response.content)
    assert response["Content-Type"] == "application/problem+json"
    assert (body["code"], body["status"], body["cure"], body["reference"]) == (
        "R01",
        409,
        "请联系法院解封",
        "K7Q2-9MXD",
    )


@override_settings(TONGBAN_SHELL="tongban.no_such_module.shell")
def test_the_page_of_a_fault_needs_nothing_that_may_be_broken() -> None:
    request = RequestFactory().get("/desk/x")

    response = pages.server_error(request)

    assert response.status_code == 500
    assert "系统出了问题" in text(response)


@pytest.mark.parametrize("handler", [pages.bad_request, pages.permission_denied, pages.page_not_found])
def test_djangos_own_handlers_use_the_same_page(handler: object) -> None:
    assert callable(handler)
    assert "发生了什么" in text(handler(asked(), ValueError()))


def test_an_expired_form_is_explained_without_technical_words() -> None:
    page = text(pages.csrf_failure(asked(), "CSRF cookie not set."))

    assert "页面已经过期" in page
    assert "CSRF" not in page


@override_settings(TONGBAN_ON_DENIAL=f"{__name__}.note_denial")
def test_a_denial_is_handed_to_the_audit_and_other_errors_are_not() -> None:
    DENIALS.clear()
    middleware = ProblemMiddleware(lambda request: HttpResponse())

    denied = middleware.process_exception(asked(), errors.NotPermitted("role", "不行"))
    middleware.process_exception(asked(), errors.Stale("case", "旧了"))

    assert denied is not None
    assert denied.status_code == 403
    assert DENIALS == ["/desk/x role"]


@override_settings(TONGBAN_ON_DENIAL="")
def test_an_error_that_is_not_ours_goes_on_to_the_fault_handler() -> None:
    assert ProblemMiddleware(lambda request: HttpResponse()).process_exception(asked(), ValueError()) is None


def test_every_answer_carries_the_number_that_its_page_shows() -> None:
    response = ReferenceMiddleware(lambda request: HttpResponse(request.reference))(RequestFactory().get("/"))  # type: ignore[attr-defined]

    assert re.fullmatch(r"[2-9A-HJ-KM-NP-TV-Z]{4}-[2-9A-HJ-KM-NP-TV-Z]{4}", response["X-Reference"])
    assert text(response) == response["X-Reference"]
    assert len({new_reference() for _ in range(200)}) == 200


@pytest.mark.parametrize(("path", "current"), [("/desk/review/7", "审核"), ("/desk/", "首页"), ("/other", None)])
def test_the_menu_marks_the_entry_with_the_longest_fitting_address(path: str, current: str | None) -> None:
    with override_settings(TONGBAN_SHELL=f"{__name__}.menu"):
        shell = shell_of(RequestFactory().get(path))

    assert [item.label_zh for item in shell.nav if item.is_current] == ([current] if current else [])


def menu(request: HttpRequest) -> Shell:
    return Shell(nav=(NavItem("首页", "/desk/"), NavItem("审核", "/desk/review/new", prefix="/desk/review")))
