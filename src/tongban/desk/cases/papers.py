"""What can be looked at or printed from a case: scans, the application as a sheet, the inquiry, notices, certificate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from tongban.access.actors import actor_of
from tongban.cases import certificate_files, notices, queries
from tongban.cases.notices import Available, Notice
from tongban.cases.queries import CaseView
from tongban.desk.cases import words
from tongban.desk.cases.review import read
from tongban.desk.signed_in import signed_in
from tongban.directory import lookup
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.headings import sections
from tongban.domain.catalogue.item import Field, FieldKind, PartyRole
from tongban.domain.errors import NotFound
from tongban.domain.identity import mask_phone
from tongban.domain.wires import as_number, as_text
from tongban.web.files import shown_file
from tongban.web.parts import Badge, Datum, Tone

PDF = "application/pdf"


@signed_in
@require_GET
@xframe_options_sameorigin
def file(request: HttpRequest, case_no: str, digest: str) -> HttpResponse:
    """One scan, signature or own paper of the case, as it was stored."""
    data, ref = queries.file(case_no, digest, actor_of(request), timezone.now())
    return _bytes(data, ref.media_type, ref.name)


@signed_in
@require_GET
@xframe_options_sameorigin
def application(request: HttpRequest, case_no: str) -> HttpResponse:
    """The application form as people read it (申请书)."""
    view = read(request, case_no, actor_of(request), timezone.now())
    context = {
        "view": view,
        "facts": _form_facts(view),
        "signatures": _signatures(view),
        "pledge_zh": view.item.pledge_zh,
        "receiving_zh": lookup.institution(view.receiving_registry).name_zh,
    }
    return render(request, "desk/cases/paper_application.html", context)


@signed_in
@require_GET
@xframe_options_sameorigin
def inquiry(request: HttpRequest, case_no: str) -> HttpResponse:
    """The inquiry record: what was asked and answered."""
    view = read(request, case_no, actor_of(request), timezone.now())
    answers = [
        (number, as_text(one["question"]), words.YES_NO_ZH.get(as_text(one["answer"]), as_text(one["answer"])))
        for number, one in enumerate(view.rows_of("inquiry"), 1)
    ]
    context = {
        "view": view,
        "answers": answers,
        "signatures": _signatures(view),
        "receiving_zh": lookup.institution(view.receiving_registry).name_zh,
    }
    return render(request, "desk/cases/paper_inquiry.html", context)


@signed_in
@require_GET
def notice(request: HttpRequest, case_no: str, kind: str, position: int) -> HttpResponse:
    """A notice as PDF."""
    if kind not in set(Notice):
        raise NotFound("notice_not_found", "没有这种文书。")
    data, name = notices.pdf(case_no, Available(Notice(kind), position), actor_of(request), timezone.now())
    return _bytes(data, PDF, name)


@signed_in
@require_GET
def certificate(request: HttpRequest, case_no: str, identifier: str = "") -> HttpResponse:
    """A sealed certificate or proof of a case."""
    data, name = certificate_files.pdf(case_no, identifier, actor_of(request), timezone.now())
    return _bytes(data, PDF, name, download=True)


@signed_in
@require_GET
def evidence(request: HttpRequest, case_no: str) -> HttpResponse:
    """The hand-over message, its digest and signature computed anew."""
    actor, now = actor_of(request), timezone.now()
    found = queries.handover_evidence(case_no, actor, now)
    view = queries.case(case_no, actor, now, purpose="核验移交报文")
    same = found.digest == view.package_digest
    sound = found.is_sound and same
    rows = [
        Datum(
            "核验结果",
            Badge("签名有效，内容没有改动" if sound else "核验没有通过", Tone.DONE if sound else Tone.STOPPED),
        ),
        Datum("核验时间", now),
        Datum("报文编号", found.message_id, is_code=True),
        Datum("发出机构", lookup.institution(found.source).name_zh),
        Datum("签名时间", found.signed_at),
        Datum("收到时间", found.received_at),
        Datum(
            "内容摘要",
            found.digest,
            source_zh=f"SM3，{found.size} 字节；和案件所记的{'一致' if same else '不一致'}",
            is_code=True,
        ),
        Datum("签名算法", found.algorithm, is_code=True),
        Datum("签名密钥", found.key_id, is_code=True),
    ]
    context = {"view": view, "rows": rows, "problem_zh": found.problem_zh or ("" if same else "内容摘要不一致。")}
    return render(request, "desk/cases/evidence.html", context)


def _form_facts(view: CaseView) -> list[tuple[str, list[Datum]]]:
    form = view.form
    answered = [field for field in forms.visible_fields(view.item, form) if form.get(field.key)]
    return [(heading_zh, [_datum(view, field, form) for field in fields]) for heading_zh, fields in sections(answered)]


def _datum(view: CaseView, field: Field, form: Mapping[str, str]) -> Datum:
    return Datum(field.label_zh, _answer(view, field, form), is_code=field.kind is FieldKind.ID_NUMBER)


def _answer(view: CaseView, field: Field, form: Mapping[str, str]) -> object:
    text = form.get(field.key, "")
    match field.kind:
        case FieldKind.CHOICE:
            return next((choice.label_zh for choice in field.offered(form) if choice.value == text), text)
        case FieldKind.YES_NO:
            return words.YES_NO_ZH.get(text, text)
        case FieldKind.ID_NUMBER:
            return words.shown_id(text, is_full=view.is_full)
        case FieldKind.PHONE:
            return text if view.is_full else mask_phone(text)
        case FieldKind.DAY:
            return date.fromisoformat(text)
        case _:
            return text


def _signatures(view: CaseView) -> list[tuple[str, str, str, datetime]]:
    """Role, name, digest of the drawn signature, moment."""
    parties = view.rows_of("parties")
    found = []
    for one in view.rows_of("signatures"):
        party = parties[as_number(one["party_index"])]
        role_zh = PartyRole(as_text(party["role"])).name_zh
        signed_at = datetime.fromisoformat(as_text(one["signed_at"]))
        found.append((role_zh, as_text(party["name"]), as_text(one["digest"]), signed_at))
    return found


def _bytes(data: bytes, media_type: str, name: str, *, download: bool = False) -> HttpResponse:
    """A file that browsers show in place and never keep."""
    response = shown_file(data, media_type, name)
    if download:
        response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
