"""What a case waits for between review and recording: taxes, fee and answers of other offices, line by line."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tongban.access.actors import actor_of
from tongban.access.require import Scope, allowed
from tongban.cases import dues, queries
from tongban.cases.queries import CaseView, DueLine
from tongban.desk.cases import times
from tongban.desk.signed_in import signed_in
from tongban.desk.window.forms import DeskForm
from tongban.domain.catalogue.item import PartyRole
from tongban.domain.dues import DueKind, yuan_zh
from tongban.domain.errors import InvalidInput, NotFound
from tongban.vault.blobs import check_upload
from tongban.web.parts import Badge, Column, Datum, Row, Table, Tone

_WAITING = (dues.DueState.OPEN, dues.DueState.DECLINED)
_TONES = {
    dues.DueState.OPEN: Tone.WAITING,
    dues.DueState.DECLINED: Tone.STOPPED,
    dues.DueState.REFUND_DUE: Tone.WAITING,
    dues.DueState.RECOVERY: Tone.STOPPED,
}
_ANSWERS_ZH = {
    DueKind.HOUSING: (("settled", "审核通过"), ("not_due", "不用审核"), ("declined", "没有通过")),
    DueKind.TAX: (("settled", "已缴清"), ("exempt", "免税"), ("not_due", "不用缴税"), ("declined", "税务退回")),
    DueKind.FEE: (("settled", "已缴清"), ("exempt", "免收（要存材料）"), ("not_due", "不用缴")),
}
_VOUCHER_ZH = {
    DueKind.HOUSING: ("备案审核编号", "照着住建部门的答复填。"),
    DueKind.TAX: ("完税（免税）凭证号", "照着电子税票或者减免税证明填。"),
    DueKind.FEE: ("票据（免收材料）编号", "照着电子票据填；免收的，填免收材料的编号，例如小微企业名录查询单号。"),
}


_NEEDED = frozenset({"voucher_no", "amount", "approver", "paper"})  # some with one outcome alone


class DueForm(DeskForm):
    """How one line ended, with the paper that says so.

    Some of it is asked with one outcome alone, and needed there; the service says all that is missing at once.
    """

    position = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="结果", widget=forms.RadioSelect)
    amount = forms.CharField(label="缴了多少（元）", required=False, max_length=20, help_text="照着票据填。")
    voucher_no = forms.CharField(label="凭据编号", max_length=dues.VOUCHER_CHARACTERS_MAX)
    approver = forms.CharField(
        label="谁批准免缴的",
        required=False,
        max_length=dues.APPROVER_CHARACTERS_MAX,
        help_text="写批准的人或者机关，例如 李科长、滑县税务局。",
    )
    paper = forms.FileField(
        label="免收的材料",
        required=False,
        help_text="JPG、PNG 或者 PDF，不超过 20 MB，例如小微企业名录查询单、低保证。",
    )
    note = forms.CharField(
        label="说明", required=False, max_length=dues.NOTE_CHARACTERS_MAX, help_text="没有通过的写明为什么、怎么补。"
    )

    def __init__(self, *args: object, line: DueLine, **options: object) -> None:
        super().__init__(*args, **options)
        kind = DueKind(line.kind)
        self.fields["outcome"].choices = _ANSWERS_ZH[kind]  # type: ignore[attr-defined]
        self.fields["voucher_no"].label, self.fields["voucher_no"].help_text = _VOUCHER_ZH[kind]
        if kind is DueKind.HOUSING:
            del self.fields["amount"], self.fields["approver"]
        if kind is not DueKind.FEE:
            del self.fields["paper"]
        self.initial = {"position": line.position, "amount": _yuan(line.amount_fen)}
        self._say_what_is_needed()

    def full_clean(self) -> None:
        """The service says what is missing, all at once."""
        for name in _NEEDED & self.fields.keys():
            self.fields[name].required = False
        super().full_clean()
        self._say_what_is_needed()

    def _say_what_is_needed(self) -> None:
        for name in _NEEDED & self.fields.keys():
            self.fields[name].required = True

    @property
    def is_exempt(self) -> bool:
        """Whether the line is said to be let off: only then somebody has approved it."""
        return str(self["outcome"].value()) == dues.DueState.EXEMPT

    @property
    def is_paid(self) -> bool:
        """Whether money was paid, or nothing is said yet."""
        return str(self["outcome"].value() or dues.DueState.SETTLED) == dues.DueState.SETTLED

    def answer(self) -> dues.Answer:
        """The answer as typed; raises InvalidInput for an amount that is none."""
        given = self.cleaned_data
        outcome = dues.DueState(given["outcome"])
        paid = given.get("amount", "").strip() if outcome is dues.DueState.SETTLED else ""
        sent = given.get("paper")
        return dues.Answer(
            outcome, given["voucher_no"], dues.fen_of(paid) if paid else None, given["note"], given.get("approver", ""),
            check_upload(sent.read(), sent.content_type or "", sent.name or "") if sent else None,
        )  # fmt: skip


class RecoverForm(DeskForm):
    """Why what was let off has to be paid after all."""

    position = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="为什么追缴", max_length=dues.NOTE_CHARACTERS_MAX, help_text="写明哪一份免缴材料是假的，怎么发现的。"
    )


@signed_in
@require_http_methods(["POST"])
def recover(request: HttpRequest, case_no: str) -> HttpResponse:
    """An exemption turned out to rest on something false."""
    actor, now = actor_of(request), timezone.now()
    form = RecoverForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        dues.recover(case_no, given["position"], given["reason"], actor, now=now)
        return redirect("desk:case_dues", case_no)
    view = queries.case(case_no, actor, now, purpose="登记税费和部门审核的结果")
    return _page(request, view, queries.dues_of(case_no), None, recovering=form, status=422)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def case_dues(request: HttpRequest, case_no: str) -> HttpResponse:
    """Every line with how it stands; the next open one can be answered here."""
    actor, now = actor_of(request), timezone.now()
    view = queries.case(case_no, actor, now, purpose="登记税费和部门审核的结果")
    lines = queries.dues_of(case_no)
    if request.method != "POST":
        return _page(request, view, lines, _next_form(lines))
    line = next((one for one in lines if str(one.position) == request.POST.get("position")), None)
    if line is None:
        raise NotFound("due_not_found", "这个案件没有这一项税费或者审核。")
    form = DueForm(request.POST, request.FILES, line=line)
    if form.is_valid():
        try:
            dues.answer(case_no, line.position, form.answer(), actor, now=now)
        except InvalidInput as error:
            form.tell(error.problems)
        else:
            return redirect("desk:case_dues", case_no)
    return _page(request, view, lines, form, status=422)


def _page(  # noqa: PLR0913 - the parts of one page
    request: HttpRequest, view: CaseView, lines: tuple[DueLine, ...], form: DueForm | None, *,
    recovering: RecoverForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor = actor_of(request)
    may_answer = allowed(actor, "case.answer_due", Scope(frozenset({view.home_registry}), view.case_no))
    asked = next((line for line in lines if form and str(line.position) == str(form["position"].value())), None)
    context = {
        "view": view,
        "state": times.state_badge(view.state, issues=bool(view.item.issues)),
        "table": _table(lines),
        "form": form if may_answer and not view.state.is_final else None,
        "asked": _facts(asked) if asked else (),
        "asked_zh": asked.name_zh if asked else "",
        "let_off": [(line, _recover_form(line, recovering)) for line in lines if line.state == dues.DueState.EXEMPT]
        if may_answer
        else [],
        "is_done": bool(lines) and all(line.state not in _WAITING for line in lines),
    }
    return render(request, "desk/cases/dues.html", context, status=status)


def _recover_form(line: DueLine, sent: RecoverForm | None) -> RecoverForm:
    if sent is not None and str(sent["position"].value()) == str(line.position):
        return sent
    return RecoverForm(initial={"position": line.position}, auto_id=f"id_{line.position}_%s")


def _next_form(lines: tuple[DueLine, ...]) -> DueForm | None:
    line = next((one for one in lines if one.state in _WAITING), None)
    return None if line is None else DueForm(line=line)


def _table(lines: tuple[DueLine, ...]) -> Table:
    columns = (
        Column("项目"),
        Column("谁缴"),
        Column("金额", "number"),
        Column("状态"),
        Column("凭据"),
        Column("谁批准"),
        Column("说明"),
    )
    rows = [
        Row(
            (
                line.name_zh,
                PartyRole(line.payer_role).name_zh if line.payer_role else "",
                "" if line.amount_fen is None else yuan_zh(line.amount_fen),
                Badge(line.state_zh, _TONES.get(dues.DueState(line.state), Tone.DONE)),
                line.voucher_no,
                line.approver_zh,
                line.note_zh,
            )
        )
        for line in lines
    ]
    return Table("税费和部门审核", columns, rows, empty_zh="这件业务不收费、不缴税，也不用别的部门审核")


def _facts(line: DueLine) -> list[Datum]:
    shown = [
        Datum("依据", line.law_zh),
        Datum("应缴", yuan_zh(line.amount_fen)) if line.amount_fen is not None else None,
        Datum("怎么算的", line.explanation_zh) if line.explanation_zh else None,
        Datum("开始等待", _moment(line.opened_at)),
    ]
    return [one for one in shown if one]


def _moment(at: datetime) -> datetime:
    return timezone.localtime(at)


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{fen // 100}.{fen % 100:02d}"
