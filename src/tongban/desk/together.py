"""A batch done together: whoever stands for the developer or the bank is checked, asked and signs once (一起办)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from tongban.access.actors import actor_of
from tongban.desk.signed_in import signed_in
from tongban.desk.window import parts
from tongban.desk.window.answers import AnswersForm, answers_of, inquiry_form
from tongban.desk.window.forms import DeskForm, ManyFiles, without_label
from tongban.domain.errors import InvalidInput, NotFound, Problem
from tongban.domain.identity import LONGEST_NUMBER, mask_id
from tongban.intake import filling
from tongban.intake.batches import queries, ready, together
from tongban.intake.batches.together import Asked, Done, Paper, Step, Who
from tongban.intake.queries import ApplicationView
from tongban.vault.blobs import check_upload
from tongban.web.parts import Badge, Column, Row, Table, Tone

FAILURES_SHOWN: Final = 200
_KINDS: Final = (
    (filling.CHECKED_RETURNED, "核对后当面退还"),
    (filling.COPIED, "复印留存，原件退还"),
)


class TogetherForm(DeskForm):
    """What every step brings: which step, and its key."""

    step = forms.CharField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, data: Any = None, files: Any = None, *, step: Step, view: ApplicationView) -> None:
        initial = {"step": step.value, "key": uuid4().hex}
        super().__init__(data, files, initial=initial, auto_id=f"id_{step.value}_%s")
        self.view = view

    def _choose(self, field: str, choices: list[tuple[str, str]]) -> None:
        found = self.fields[field]
        assert isinstance(found, forms.ChoiceField), "chosen from a list"
        found.choices = choices


class WhoForm(TogetherForm):
    """A person of the sample who comes for all."""

    position = forms.ChoiceField(label="谁来办")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = [(str(one.position), f"{one.name}（{mask_id(one.id_no)}）") for one in self.view.present_parties]
        self._choose("position", people)

    @property
    def who(self) -> Who:
        """The chosen person."""
        chosen = next(one for one in self.view.parties if str(one.position) == self.cleaned_data["position"])
        return Who(chosen.name, chosen.id_no)


class IdentityTogetherForm(WhoForm):
    """The card read, and the face compared by the device."""

    id_no = forms.CharField(
        label="读出的证件号码", max_length=LONGEST_NUMBER, help_text="光标放在这里刷身份证。",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "data-enter": "next"}),
    )  # fmt: skip
    is_same = forms.BooleanField(label="人证比对设备通过，是本人")


class ManyFilesField(forms.FileField):
    """Several files, at least one."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(ManyFilesField, self).clean(one) for one in data or [None]]


class PaperTogetherForm(TogetherForm):
    """A paper all rows share."""

    material = forms.ChoiceField(label="哪份材料")
    scans = ManyFilesField(
        label="扫描件", help_text="JPG、PNG 或者 PDF，每个不超过 20 MB，可以一次选多个。",
        widget=ManyFiles({"multiple": True, "accept": "image/jpeg,image/png,application/pdf"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label="原件", choices=_KINDS, widget=forms.RadioSelect)
    pages = forms.IntegerField(label="页数", initial=1, widget=forms.TextInput({"inputmode": "numeric"}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("material", [(one.key, parts.requirement_zh(one)) for one in self.view.requirements])


class SignTogetherForm(WhoForm):
    """One signature for the whole list; `seen` stands for the list as it was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    signature = forms.FileField(label="签名")


@signed_in
@require_http_methods(["GET", "POST"])
def do_together(request: HttpRequest, number: str) -> HttpResponse:
    """Each step for all rows, and how far the earlier ones are."""
    actor, now = actor_of(request), timezone.now()
    view = queries.batch(number, actor)
    sample = together.sample(number, actor, now)
    sent: forms.Form | None = None
    if request.method == "POST" and sample is not None:
        step = next((one for one in Step if one.value == request.POST.get("step")), None)
        if step is None:
            raise NotFound("batch_step_not_found", "没有这种办理。")
        sent = _take(request, step, sample, number, now)
        if sent is None:
            return redirect(f"{reverse('desk:batch-together', args=[number])}?done={step.value}")
    acts, today = together.acts_of(number), localdate(now)
    ready.check(number, today)
    listed, (stopped, more_stopped) = ready.listed(number, today), ready.stopped(number, today)
    context = {
        "view": view,
        "sample": sample,
        "listed": len(listed),
        "unchecked": ready.unchecked(number, today),
        "seen": ready.stamp(listed),
        "forms": _forms(sample, sent) if sample else {},
        "questions": _questions(sample, sent) if sample else (),
        "acts": _acts(acts),
        "failed": [_failed(one) for one in acts if one.failures],
        "rows": _rows(listed),
        "stopped": _stopped(stopped, more_stopped),
        "begun": view.counts[queries.BEGUN],
        "done_zh": next((one.name_zh for one in Step if one.value == request.GET.get("done")), ""),
        "wrong": sent,
    }
    return render(request, "desk/batches/together.html", context, status=422 if sent else 200)


def _take(request: HttpRequest, step: Step, sample: ApplicationView, number: str, now: datetime) -> forms.Form | None:
    """Ask for the step; the form when something about it is wrong."""
    form = _form(step, sample, request)
    if not form.is_valid():
        return form
    key = request.POST.get("key", "")[:64] or uuid4().hex
    asked = Asked(number, actor_of(request), f"{step.value}:{key}", now)
    try:
        _ASK[step](asked, form, sample)
    except InvalidInput as error:
        form.tell(error.problems)
        return form
    return None


def _form(step: Step, sample: ApplicationView, request: HttpRequest | None = None) -> DeskForm:
    data, files = (request.POST, request.FILES) if request else (None, None)
    if step is Step.INQUIRY:
        return inquiry_form(sample.item, {}, data)
    return _FORMS[step](data, files, step=step, view=sample)


_FORMS: Final[Mapping[Step, type[TogetherForm]]] = MappingProxyType(
    {
        Step.IDENTITY: IdentityTogetherForm,
        Step.PAPER: PaperTogetherForm,
        Step.SIGN: SignTogetherForm,
        Step.HAND_OVER: TogetherForm,
    }
)


def _forms(sample: ApplicationView, sent: forms.Form | None) -> dict[str, forms.Form]:
    """A form for each step, the sent one as it came back."""
    made = {step.value: _form(step, sample) for step in Step}
    return {name: sent if sent is not None and type(sent) is type(form) else form for name, form in made.items()}


def _questions(sample: ApplicationView, sent: forms.Form | None) -> object:
    form = sent if isinstance(sent, AnswersForm) else inquiry_form(sample.item, {})
    return form.rows(answers_of(form, sample.item) if form.is_bound else {})


def _identity(asked: Asked, form: Any, sample: ApplicationView) -> None:
    read = without_label(form.cleaned_data["id_no"]).upper()
    if read != form.who.id_no:
        raise InvalidInput([Problem("id_no", "读出的证件号码和申请表上的不一样", "请核对是不是这个人")])
    together.check_identity(asked, form.who, filling.READER_FACE)


def _paper(asked: Asked, form: Any, sample: ApplicationView) -> None:
    given = form.cleaned_data
    name_zh = dict(form.fields["material"].choices)[given["material"]]
    uploads = [check_upload(one.read(), one.content_type or "", one.name or "") for one in form.files.getlist("scans")]
    together.bring_paper(asked, Paper(given["material"], name_zh, given["kind"], given["pages"]), uploads)


def _inquiry(asked: Asked, form: Any, sample: ApplicationView) -> None:
    together.answer_inquiry(asked, {name: str(form[name].value() or "") for name in form.fields})


def _sign(asked: Asked, form: Any, sample: ApplicationView) -> None:
    given = form.cleaned_data["signature"]
    image = check_upload(given.read(), given.content_type or "", given.name or "")
    together.sign(asked, form.who, image, form.cleaned_data["seen"])


def _hand_over(asked: Asked, form: Any, sample: ApplicationView) -> None:
    together.hand_over(asked)


_ASK: Final[Mapping[Step, Callable[[Asked, Any, ApplicationView], None]]] = MappingProxyType(
    {
        Step.IDENTITY: _identity,
        Step.PAPER: _paper,
        Step.INQUIRY: _inquiry,
        Step.SIGN: _sign,
        Step.HAND_OVER: _hand_over,
    }
)


def _acts(acts: tuple[Done, ...]) -> Table:
    columns = (Column("办了什么"), Column("谁、哪份"), Column("交办", "time"), Column("状态"), Column("办成", "number"),
               Column("没办成", "number"))  # fmt: skip
    rows = [
        Row(
            (
                one.step.name_zh,
                one.about_zh,
                one.made_at,
                Badge("办完了", Tone.DONE) if one.finished_at else Badge("正在逐件办", Tone.GOING),
                one.done,
                one.failed,
            )
        )
        for one in acts
    ]
    return Table("一起办的", columns, rows, empty_zh="还没有一起办过")


def _failed(one: Done) -> dict[str, object]:
    shown = [(row_no, words) for row_no, words in one.failures[:FAILURES_SHOWN]]
    return {
        "title": f"{one.step.name_zh}{f'（{one.about_zh}）' if one.about_zh else ''}：{one.failed} 件没办成",
        "rows": shown,
        "more": one.failed - len(shown),
    }


def _rows(listed: Sequence[ready.Ready]) -> Table:
    """What the person signs for, row by row."""
    columns = (Column("行", "number"), Column("不动产单元号", "code"), Column("收件编号", "code"))
    rows = [
        Row((one.row_no, one.unit_code, one.application_no), parts.overview_url(one.application_no)) for one in listed
    ]
    return Table("要签的清单", columns, rows, empty_zh="还没有补齐了、等着签名的件")


def _stopped(found: Sequence[ready.Stopped], more: bool) -> dict[str, object]:
    """What the home registry said to forms that are otherwise complete; each is put right on its own page."""
    rows = [
        Row((one.row_no, one.application_no, "；".join(f"{two.what_zh}。{two.cure_zh}" for two in one.problems)),
            parts.SECTIONS[0].url(one.application_no))
        for one in found
    ]  # fmt: skip
    columns = (Column("行", "number"), Column("收件编号", "code"), Column("属地试办发现"))
    return {"table": Table("属地试办通不过的", columns, rows), "more": more}
