"""The checklist: pages taken by camera or uploaded, and where each paper original went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tongban.access.actors import actor_of
from tongban.desk.signed_in import signed_in
from tongban.desk.window import parts
from tongban.desk.window.fill import MATERIALS, leave_if_closed
from tongban.desk.window.forms import PaperForm, ScanForm
from tongban.desk.window.parts import frame
from tongban.domain.catalogue.item import Requirement
from tongban.domain.errors import InvalidInput, NotFound, Problem
from tongban.intake import filling, queries
from tongban.intake.queries import ApplicationView
from tongban.vault.uploads import UPLOAD_BYTES_MAX, CleanUpload, check_upload
from tongban.web.parts import Tab

REQUEST_BYTES_MAX: Final = 60 * 1024 * 1024  # of all files sent at once
LETTERS: Final = "qweruio"  # shortcuts of the materials; digits belong to the sections


@signed_in
@require_http_methods(["GET", "POST"])
def materials(request: HttpRequest, number: str) -> HttpResponse:
    """One material at a time: its pages on the left, what to do on the right."""
    view = queries.application(number, actor_of(request), timezone.now())
    if closed := leave_if_closed(view):
        return closed
    requirement = _chosen(view, request.GET.get("m", ""))
    if request.method == "GET" or requirement is None:
        return _page(request, view, requirement, ScanForm(None), _paper_form(view, requirement))
    match request.POST.get("act"):
        case "remove":
            return _remove(request, view, requirement)
        case "paper":
            return _paper(request, view, requirement)
        case _:
            return _scan(request, view, requirement)


def _scan(request: HttpRequest, view: ApplicationView, requirement: Requirement) -> HttpResponse:
    form = ScanForm(request.POST, request.FILES)
    try:
        uploads = _clean(form.chosen())
        filling.add_scans(view.number, requirement.key, uploads, actor_of(request), now=timezone.now())
    except InvalidInput as error:
        field = "photo" if form.files.get("photo") else "scans"
        form.tell(Problem(field, problem.what_zh, problem.cure_zh) for problem in error.problems)
        return _page(request, view, requirement, form, _paper_form(view, requirement), status=422)
    more = {"again": "photo"} if form.files.get("photo") else {}
    return _back(view, requirement, done="scanned", **more)


def _clean(files: Sequence[UploadedFile[bytes]]) -> list[CleanUpload]:
    """Every file judged before one is kept; sizes first, so that nothing huge is read."""
    if not files:
        raise InvalidInput([Problem("file", "没有选文件，也没有拍照", "请拍照，或者选择扫描件")])
    if sum(file.size or 0 for file in files) > REQUEST_BYTES_MAX:
        raise InvalidInput([Problem("file", "这一次的文件合起来太大，都没有保存", "请分几次上传，每次不超过 60 MB")])
    problems, uploads = [], []
    for file in files:
        try:
            uploads.append(_upload(file))
        except InvalidInput as error:
            name = f"“{file.name}”：" if len(files) > 1 else ""
            problems += [Problem("file", f"{name}{one.what_zh}", one.cure_zh) for one in error.problems]
    if problems:
        raise InvalidInput(problems)
    return uploads


def _upload(file: UploadedFile[bytes]) -> CleanUpload:
    if (file.size or 0) > UPLOAD_BYTES_MAX:
        raise InvalidInput([Problem("file", "文件超过 20 MB", "请压缩图片或者分成几个文件后上传")])
    return check_upload(file.read(), file.content_type or "", file.name or "")


def _remove(request: HttpRequest, view: ApplicationView, requirement: Requirement) -> HttpResponse:
    text = request.POST.get("scan", "")
    if not text.isdecimal() or len(text) > 15:
        raise NotFound("scan_not_found", "没有这一页。")
    filling.remove_scan(view.number, int(text), actor_of(request))
    return _back(view, requirement, done="removed")


def _paper(request: HttpRequest, view: ApplicationView, requirement: Requirement) -> HttpResponse:
    form = PaperForm(request.POST, can_return=bool(view.pages_held(requirement.key)))
    form.full_clean()
    try:
        filling.record_paper(
            view.number, requirement.key, request.POST.get("kind", ""), actor_of(request),
            pages=int(form.cleaned_data.get("pages") or 0), now=timezone.now(),
            note_zh=str(form.cleaned_data.get("note") or ""),
        )  # fmt: skip
    except InvalidInput as error:
        form.tell(error.problems)
        return _page(request, view, requirement, ScanForm(None), form, status=422)
    return _back(view, requirement, done="paper")


def _back(view: ApplicationView, requirement: Requirement, **words: str) -> HttpResponse:
    return redirect(f"{MATERIALS.url(view.number)}?{urlencode({'m': requirement.key, **words})}")


def _chosen(view: ApplicationView, key: str) -> Requirement | None:
    """The material asked for, else the first with something missing, else the first."""
    named = next((one for one in view.requirements if one.key == key), None)
    missing = {problem.field for problem in view.gaps_of(MATERIALS.key)}
    open_one = next((one for one in view.requirements if one.key in missing), None)
    return named or open_one or next(iter(view.requirements), None)


def _paper_form(view: ApplicationView, requirement: Requirement | None) -> PaperForm:
    if requirement is None:
        return PaperForm(None)
    held = view.pages_held(requirement.key)
    kind = filling.COLLECTED if requirement.keeps_original else filling.CHECKED_RETURNED
    pages = held or max(1, len(view.scans_of(requirement.key)))
    return PaperForm(None, can_return=bool(held), initial={"kind": kind, "pages": pages})


def _page(  # noqa: PLR0913 - the two forms of the page and its status
    request: HttpRequest, view: ApplicationView, requirement: Requirement | None, scan: ScanForm, paper: PaperForm, *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    who = queries.who_did(view)
    context: dict[str, object] = {
        "frame": frame(view, MATERIALS),
        "view": view,
        "requirement": requirement,
        "title": parts.requirement_zh(requirement) if requirement else "",
        "tabs": [_tab(view, one, LETTERS[n : n + 1], requirement) for n, one in enumerate(view.requirements)],
        "shared": parts.shared_zh(view),
        "scan": scan,
        "paper": paper,
        "done": request.GET.get("done", ""),
        "again": request.GET.get("again", ""),
    }
    if requirement is not None:
        context |= {
            "papers": parts.scans(view, requirement),
            "pages": view.scans_of(requirement.key),
            "history": parts.paper_table(view, requirement.key, who),
            "held": view.pages_held(requirement.key),
            "missing": parts.material_state(view, requirement),
            "following": _following(view, requirement),
        }
    return render(request, "desk/window/materials.html", context, status=status)


def _tab(view: ApplicationView, one: Requirement, letter: str, current: Requirement | None) -> Tab:
    missing = len(parts.material_state(view, one))
    name_zh = parts.requirement_zh(one)
    label = name_zh if missing else f"✓ {name_zh}"
    url = f"{MATERIALS.url(view.number)}?{urlencode({'m': one.key})}"
    return Tab(label, url, one is current, missing or None, key=letter)


def _following(view: ApplicationView, requirement: Requirement) -> str:
    """The next material with something missing; empty when there is none."""
    missing = {problem.field for problem in view.gaps_of(MATERIALS.key)} - {requirement.key}
    found = next((one for one in view.requirements if one.key in missing), None)
    return f"{MATERIALS.url(view.number)}?{urlencode({'m': found.key})}" if found else ""
