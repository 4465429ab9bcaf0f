"""What the review page shows of one case, part by part, as the components want it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.urls import reverse

from tongban.cases.queries import CaseView, Writing
from tongban.desk.cases import words
from tongban.desk.cases.times import clock_zh, state_badge
from tongban.directory import lookup
from tongban.domain.catalogue.item import PartyRole
from tongban.domain.differences import Difference, title_comparison
from tongban.domain.identity import IdDocument, mask_phone
from tongban.domain.lifecycle import CaseState, case_text
from tongban.domain.wires import as_list, as_mapping, as_number, as_text
from tongban.web.parts import Badge, Change, Column, Datum, Paper, Row, Step, StepState, Table, Timeline, Tone

_ID_FIELDS: Final = frozenset({"id_no"})
_ROAD: Final = (
    (CaseState.RECEIVED, "受理"),
    (CaseState.ACCEPTED, "初审"),
    (CaseState.REVIEWED, "复审"),
    (CaseState.DUES_SETTLED, "登簿"),
    (CaseState.RECORDED, "发证"),
    (CaseState.CERTIFIED, "归档"),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes, and what stays as it is."""

    changed: Sequence[Change]
    same: Sequence[Change]


def comparison(view: CaseView) -> Comparison:
    """The title before and after, changed lines first; document numbers masked."""
    writing = view.writing
    several = max((len(title.holders) for title in (writing.before, writing.after) if title), default=0) > 1
    lines = title_comparison(writing.before, writing.after or writing.before)
    changes = [(line, _change(line, several=several, is_full=view.is_full)) for line in lines]
    kept = [change for line, change in changes if not line.is_changed and change.before]
    return Comparison([change for line, change in changes if line.is_changed], kept)


def _change(line: Difference, *, several: bool, is_full: bool) -> Change:
    name_zh = f"{line.name_zh}（{line.holder_no}）" if several and line.holder_no else line.name_zh
    before, after = line.before_zh, line.after_zh
    if line.field in _ID_FIELDS:
        before, after = (words.shown_id(text, is_full=is_full) for text in (before, after))
    return Change(name_zh, before, after)


def entries(writing: Writing) -> list[Datum]:
    """The entries in words, each with the paper it rests on."""
    found = []
    for entry in writing.entries:
        name_zh, text_zh = words.entry_zh(entry, masked=False)
        found.append(Datum(name_zh, text_zh, source_zh=words.evidence_zh(entry)))
    return found


@dataclass(frozen=True, slots=True)
class PartyPanel:
    """One person of the application: who, and how the window knew."""

    title_zh: str
    rows: Sequence[Datum]


def parties(view: CaseView) -> list[PartyPanel]:
    """Everybody who applies or acts for somebody, with the identity check."""
    return [_party(view, party) for party in view.rows_of("parties")]


def _party(view: CaseView, party: Mapping[str, object]) -> PartyPanel:
    role, number = PartyRole(as_text(party["role"])).name_zh, as_text(party["id_no"])
    phone = as_text(party.get("phone", ""))
    rows = [
        Datum("姓名（名称）", as_text(party["name"])),
        Datum(
            IdDocument(as_text(party["id_kind"])).name_zh,
            words.shown_id(number, is_full=view.is_full),
            is_code=True,
            missing_zh="" if number else "没有填写",
        ),
        _fits_register(view, number),
        Datum("电话", phone if view.is_full else mask_phone(phone), is_code=True) if phone else None,
        _identity(view, party),
    ]
    return PartyPanel(role, [row for row in rows if row])


def _fits_register(view: CaseView, number: str) -> Datum | None:
    """Compared on the whole numbers, whatever is shown of them."""
    holder_no = words.holder_with(view.writing.before, number)
    same = Badge(f"和第{holder_no}号权利人一致", Tone.DONE)
    return Datum("登记簿号码", same) if holder_no else None


def _identity(view: CaseView, party: Mapping[str, object]) -> Datum:
    check = party.get("identity_check")
    if not isinstance(check, Mapping):
        return Datum("身份核验", missing_zh="没有到场，没有核验身份")
    method = words.IDENTITY_ZH.get(as_text(check["method"]), as_text(check["method"]))
    by = as_text(check["by"])
    named = view.clerk_zh if by == as_text(as_mapping(view.package.get("clerk") or {}).get("username", "")) else by
    who = f"{named or by}，{clock_zh(_instant(check['at']))}"
    if as_text(check["result"]) != "decided_by_person":
        return Datum("身份核验", f"{method}（{who}）")
    return Datum("身份核验", f"{method}（{who}；原因和第二核对人：{as_text(check.get('reason', ''))}）")


def _instant(value: object) -> datetime:
    return datetime.fromisoformat(as_text(value))


def materials(view: CaseView) -> Table:
    """The list of materials: form, pages, who holds the paper, or where it was fetched."""
    columns = (
        Column("材料"),
        Column("形式"),
        Column("页数", "number"),
        Column("影像", "number"),
        Column("原件去向或来源"),
    )
    return Table("材料清单", columns, [_material(one) for one in view.rows_of("materials")], empty_zh="没有材料")


def _material(one: Mapping[str, object]) -> Row:
    kind, source, custody = as_text(one["kind"]), as_text(one["source"]), as_text(one["custody"])
    where = words.CUSTODY_ZH.get(custody, custody) or (f"{source}" if source else "")
    scans = len(as_list(one["digests"]))
    missing = kind != "shared" and not scans
    shown = Badge("没有影像", Tone.STOPPED) if missing else scans or None
    return Row((as_text(one["name"]), words.FORM_ZH.get(kind, kind), as_number(one["pages"]) or None, shown, where))


def papers(view: CaseView, token: str = "") -> list[Paper]:
    """Everything to look at: application, inquiry, scans by material, signatures, papers that arose here."""
    extra = f"?full={token}" if token else ""
    found = [
        Paper("申请书", reverse("desk:case_application", args=[view.case_no]) + extra, "text/html", "按移交的内容排版"),
        Paper("询问笔录", reverse("desk:case_inquiry", args=[view.case_no]) + extra, "text/html"),
    ]
    for material in view.rows_of("materials"):
        digests = [as_text(digest) for digest in as_list(material["digests"])]
        for page, digest in enumerate(digests, 1):
            number = f" {page}/{len(digests)}" if len(digests) > 1 else ""
            found.append(_paper(view, digest, f"{as_text(material['name'])}{number}"))
    parties = view.rows_of("parties")
    for one in view.rows_of("signatures"):
        name = as_text(parties[as_number(one["party_index"])]["name"])
        found.append(_paper(view, as_text(one["digest"]), f"签名 {name}", as_text(one["signed_at"])))
    own = (one for one in view.own_papers if not one.kind.startswith("notice."))
    return found + [Paper(one.name_zh, _file_url(view, one.digest), one.media_type) for one in own]


def _paper(view: CaseView, digest: str, title_zh: str, signed_at: str = "") -> Paper:
    ref = view.files.get(digest)
    media_type = ref.media_type if ref else "application/octet-stream"
    return Paper(title_zh, _file_url(view, digest), media_type, "当面签署" if signed_at else "")


def _file_url(view: CaseView, digest: str) -> str:
    return reverse("desk:case_file", args=[view.case_no, digest])


def evidence(view: CaseView) -> list[Datum]:
    """What the case rests on: the sealed package as it came, and the answer the window relied on."""
    check = view.package.get("restriction_check")
    rows = [
        Datum("签名", Badge("签名已核验", Tone.DONE)),
        Datum("移交报文", view.package_message, is_code=True),
        Datum("内容摘要（SM3）", view.package_digest, is_code=True),
        Datum("收件", f"{_institution(view.receiving_registry)}，{view.window_zh}，{view.clerk_zh or '网上申请'}"),
        Datum("收件时间", view.received_at),
        Datum("移交到达", view.opened_at),
    ]
    if isinstance(check, Mapping):
        rows.append(Datum("收件时的核验答复", as_text(check["question_id"]), is_code=True))
        rows.append(Datum("答复时间", _instant(check["answered_at"])))
    return rows


def _institution(code: str) -> str:
    return lookup.institution(code).name_zh


def journey(view: CaseView) -> Timeline:
    """Where the case is, who acts until when, and every move that was made."""
    state, text = view.state, case_text(view.state, issues=bool(view.item.issues))
    steps = [
        Step(
            words.move_zh(move.action),
            StepState.STOPPED if move.action in ("suspend", "refuse", "not_accept", "withdraw", "lapse") else StepState.DONE,
            by_zh=move.by_name_zh, at=move.at, note_zh=move.note_zh,
        )
        for move in view.moves
    ]  # fmt: skip
    return Timeline(
        state_badge(state, issues=bool(view.item.issues)), text.who_acts_zh, text.next_zh, _until(view),
        (*steps, *(() if state.is_final else _ahead(state))),
    )  # fmt: skip


def _until(view: CaseView) -> date | datetime | None:
    """The limit of whoever has to act now; none while the case rests or has ended."""
    if view.state in (CaseState.RECEIVED, CaseState.PRE_REVIEW):
        return view.answer_due_at
    if view.limits.has_ended or view.limits.service_paused_at:
        return None
    return view.limits.service_due_on


def _ahead(state: CaseState) -> list[Step]:
    """The rest of the ordinary road; a case that rests or is corrected shows where it stands."""
    places = [place for place, _ in _ROAD]
    known = {CaseState.PRE_REVIEW: CaseState.RECEIVED, CaseState.APPROVED: CaseState.DUES_SETTLED}
    here = known.get(state, state)
    if here not in places:
        return [Step(state.name_zh, StepState.NOW)]
    at = places.index(here)
    return [Step(name, StepState.NOW if n == at else StepState.NEXT) for n, (_, name) in enumerate(_ROAD) if n >= at]
