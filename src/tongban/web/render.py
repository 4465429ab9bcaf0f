"""Problem pages: what happened, why, how to cure it, where to go.  Never a code without words, never a dead end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from tongban.domain.decision import Fact, Place, Refusal
from tongban.domain.errors import (
    BadReply,
    BadSignature,
    Declined,
    EvidenceBroken,
    InvalidInput,
    NotFound,
    NotPermitted,
    Problem,
    Stale,
    TongbanError,
    Unavailable,
    WrongState,
)
from tongban.web.shell import Shell, shell_of


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """The words of one problem page.  `is_refusal` marks an answer of the law, which is not a fault."""

    status: int
    title_zh: str
    what_zh: str
    why_zh: str = ""
    law_zh: str = ""
    cure_zh: str = ""
    code: str = ""
    facts: Sequence[Fact] = ()
    problems: Sequence[Problem] = ()
    where: Place | None = None
    is_refusal: bool = False


_ERRORS: tuple[tuple[type[TongbanError], ProblemPage], ...] = (
    (
        NotPermitted,
        ProblemPage(
            403,
            "您没有权限进行这项操作",
            "这项操作没有执行，登记簿和案件没有任何变化。",
            "这项操作只开放给指定岗位；本次尝试已经记录。",
            cure_zh="请返回上一页；如工作需要，请联系本机构管理员授予岗位权限。",
        ),
    ),
    (
        NotFound,
        ProblemPage(
            404,
            "没有找到您要看的内容",
            "这个地址没有对应的内容，或者它不对您开放。",
            cure_zh="请核对编号是否完整，或从首页重新查找。",
        ),
    ),
    (
        WrongState,
        ProblemPage(
            409,
            "现在不能进行这一步",
            "案件已经不在允许这一步的状态，您的操作没有执行。",
            "可能有同事刚刚办理了同一案件。",
            cure_zh="请返回案件页面，查看最新状态后再继续。",
        ),
    ),
    (
        Stale,
        ProblemPage(
            409,
            "内容已被更新",
            "您打开页面之后，别人已经修改了同一内容；您的修改没有保存。",
            cure_zh="请刷新页面，核对最新内容后重新提交。",
        ),
    ),
    (
        InvalidInput,
        ProblemPage(422, "有些内容需要改正", "您提交的内容没有保存。", cure_zh="请按下面的提示改正后重新提交。"),
    ),
    (
        Unavailable,
        ProblemPage(
            503,
            "对方系统暂时连不上",
            "您已填写的内容都在，没有丢失。",
            "外部系统暂时没有应答，我们会自动重试。",
            cure_zh="请稍后再试；急需办理的，可携带纸质材料到窗口。",
        ),
    ),
    (
        Declined,
        ProblemPage(
            409, "对方机构没有同意", "对方机构答复：不能按这次申请办理。", cure_zh="请按对方说明处理后再次申请。"
        ),
    ),
    (
        BadReply,
        ProblemPage(
            502, "对方系统的答复无法识别", "为保证准确，我们没有采用这份答复，已通知运行人员。", cure_zh="请稍后再试。"
        ),
    ),
    (
        BadSignature,
        ProblemPage(
            400, "签名验证没有通过", "收到的内容与签名不一致，没有采用。", cure_zh="请让发送方重新签名后再发送。"
        ),
    ),
    (
        EvidenceBroken,
        ProblemPage(
            500,
            "数据完整性校验没有通过",
            "系统发现存档内容与校验值不一致，已停止这次操作并报警。",
            cure_zh="请联系运行人员，并告知下面的编号。",
        ),
    ),
)
_FAULT = ProblemPage(
    500,
    "系统出了问题",
    "这次操作没有完成。已经提交并看到确认的内容不受影响。",
    "这是我们的问题，不是您的操作有误；运行人员已收到通知。",
    cure_zh="请稍后再试；仍然不行，请拨打电话并告知下面的编号。",
)
_STATUSES = {
    400: ProblemPage(
        400, "请求无法识别", "浏览器发来的内容不完整，没有执行任何操作。", cure_zh="请返回上一页重新操作。"
    ),
    403: _ERRORS[0][1],
    404: _ERRORS[1][1],
    405: ProblemPage(405, "不能这样打开这个页面", "这个地址不接受这种操作方式。", cure_zh="请从首页进入。"),
    413: ProblemPage(
        413,
        "文件太大",
        "上传的文件超过了允许的大小，没有保存。",
        cure_zh="单个文件不超过 20 MB；请压缩或分成几份上传。",
    ),
    429: ProblemPage(
        429,
        "操作太频繁，请稍等",
        "短时间内的请求太多，这一次没有处理。",
        "为了让每个人都能正常使用，我们限制了请求次数。",
        cure_zh="请等一分钟后再试，已填写的内容不会丢失。",
    ),
    500: _FAULT,
}
_CSRF = ProblemPage(
    403,
    "页面已经过期",
    "为了您的安全，这次提交没有执行。",
    "页面打开太久，或浏览器没有保存本网站的 Cookie。",
    cure_zh="请返回上一页刷新后重新提交；并确认浏览器允许本网站的 Cookie。",
)


def page_of(error: TongbanError | Refusal) -> ProblemPage:
    """The words for an error or a refusal; the error's own message, where it has one, says what happened."""
    if isinstance(error, Refusal):
        reason = error.reason
        return ProblemPage(
            409,
            "不能办理",
            reason.what_zh,
            reason.why_zh,
            reason.law_zh,
            reason.cure_zh,
            code=reason.code,
            facts=error.facts,
            where=error.where,
            is_refusal=True,
        )
    page = next((page for kind, page in _ERRORS if isinstance(error, kind)), _FAULT)
    if isinstance(error, InvalidInput):
        return replace(page, code=error.code, problems=error.problems)
    return replace(page, what_zh=error.message_zh or page.what_zh, code=error.code)


def render_problem(request: HttpRequest, error: TongbanError | Refusal, status: int | None = None) -> HttpResponse:
    """The page for an error or a refusal.  `status` overrides the usual HTTP status (a refusal's is 409)."""
    page = page_of(error)
    return _answer(request, page if status is None else replace(page, status=status))


def render_status(request: HttpRequest, status: int) -> HttpResponse:
    """The page for a bare HTTP status: 400 403 404 405 413 429 500."""
    return _answer(request, _STATUSES[status])


def _answer(request: HttpRequest, page: ProblemPage) -> HttpResponse:
    if _wants_json(request):
        body = {
            "type": "about:blank",
            "title": page.title_zh,
            "status": page.status,
            "detail": page.what_zh,
            "code": page.code,
            "cure": page.cure_zh,
            "reference": getattr(request, "reference", ""),
        }
        return JsonResponse(
            body, status=page.status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
        )
    where = page.where or shell_of(request).help_place
    return render(request, "web/problem.html", {"page": page, "where": where}, status=page.status)


def _wants_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return "json" in accept and "html" not in accept


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler400`."""
    return render_status(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler403`."""
    return render_status(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler404`."""
    return render_status(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`; touches neither session nor database, since either may be what broke."""
    if not hasattr(request, "shell"):
        request.shell = Shell()  # type: ignore[attr-defined]
    return _answer(request, _FAULT)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`."""
    return _answer(request, _CSRF)
