"""Forms of the window desk: what a clerk types, in the words of the service item, never more checked than shown.

The services decide what is right; these forms keep every keystroke and put the services' problems beside the field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict
from django.urls import reverse

from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as item_forms
from tongban.domain.catalogue.item import NO, YES, Choice, Field, FieldKind, FoundBy, Question, ServiceItem, When
from tongban.domain.errors import Problem
from tongban.domain.identity import LONGEST_NAME, LONGEST_NUMBER
from tongban.intake.filling import (
    BY_HAND,
    CHECKED_RETURNED,
    COLLECTED,
    COPIED,
    FAILED,
    METHODS_ZH,
    PASSED,
    REASON_CHARACTERS_MAX,
    RETURNED,
)

PASTE_MAX = 200  # characters of a pasted number with its label
TEXT_MAX = 500
FEW_CHOICES = 3  # up to here all are seen at once
PARAGRAPH_FROM = 200  # characters: what may be as long as this is written over several lines
_NO_PASTE = {"autocomplete": "off", "spellcheck": "false"}
_DAY = re.compile(r"(\d{4})(?:[-./年 ]?)(\d{2}|(?<=[-./年 ])\d)(?:[-./月 ]?)(\d{2}|(?<=[-./月 ])\d)日?")
_LABEL_BEFORE = re.compile(r"^[^:：]{2,16}[:：]\s*")
YES_NO = ((YES, "是"), (NO, "否"))
PAPER_KINDS = (
    (COLLECTED, "收取原件"),
    (CHECKED_RETURNED, "核对后当面退还"),
    (COPIED, "复印留存，原件退还"),
)


class DeskForm(forms.Form):
    """A form whose problems come from a service; the browser checks nothing, so that nothing typed is lost."""

    use_required_attribute = False

    def tell(self, problems: Iterable[Problem]) -> None:
        """Show a service's problems beside their fields, in place of all others."""
        self.full_clean()
        self._errors = ErrorDict()
        for problem in problems:
            name = problem.field if problem.field in self.fields else None
            is_said = name is not None and problem.cure_zh == self.fields[name].help_text
            words = (problem.what_zh, "" if is_said else problem.cure_zh)
            self.add_error(name, "".join(f"{part.rstrip('。')}。" for part in words if part))


def without_label(text: str) -> str:
    """A pasted value without the name that stood before it: “不动产单元号：4105…” gives the number."""
    return _LABEL_BEFORE.sub("", text.strip())


_PAPERS_ZH: Mapping[FoundBy, tuple[tuple[str, str], ...]] = {
    FoundBy.TITLE: (
        ("不动产权证号", "照着证书，例如 豫（2026）滑县不动产权第0001234号。"),
        ("证书上的权利人", "照着证书抄；改过名的，写证书上的那个。"),
        ("权利人证件号码", "刷身份证读入，或者照着证件填写。"),
    ),
    FoundBy.PROOF: (
        ("不动产登记证明号", "照着登记证明，例如 豫（2026）滑县不动产证明第0001234号。"),
        ("证明上的权利人", "照着登记证明抄，例如银行的全称；也可以写房产的权利人。"),
        ("权利人证件号码", "单位填统一社会信用代码；个人刷身份证读入。"),
    ),
    FoundBy.UNIT: (
        ("", ""),
        ("申请人姓名（名称）", "照着身份证或者营业执照填。"),
        ("申请人证件号码", "刷身份证读入；单位填统一社会信用代码。"),
    ),
}


class PropertyForm(DeskForm):
    """What the window asks the home registry about."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    item_number = forms.ChoiceField(label="办什么")
    window_code = forms.ChoiceField(label="在哪个窗口")
    unit_code = forms.CharField(
        label="不动产单元号", max_length=PASTE_MAX,
        help_text="证书上28位的号，可以整段粘贴，空格、横线都行。",
    )  # fmt: skip
    certificate_no = forms.CharField(
        label="不动产权证号", max_length=PASTE_MAX, help_text="照着证书，例如 豫（2026）滑县不动产权第0001234号。"
    )
    holder_name = forms.CharField(label="证书上的权利人", max_length=LONGEST_NAME, help_text="改名以前的姓名（名称）。")
    holder_id_no = forms.CharField(
        label="权利人证件号码", max_length=PASTE_MAX, help_text="刷身份证读入，或者照着证件填写。"
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, windows: Sequence[tuple[str, str]], item: ServiceItem, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.item = item
        self.opening = [field for field in item.fields if field.key in item.opening_fields]
        self._ask_for_paper(item.found_by)
        self.fields |= {asked.key: _field(asked, data or {}) for asked in self.opening}
        for row in self.opening_rows():
            row.bound.field.required = row.bound.field.required and row.is_asked
        items = self.fields["item_number"], self.fields["window_code"]
        for field, choices in zip(items, (item_choices(), windows), strict=True):
            assert isinstance(field, forms.ChoiceField), "both are chosen from a list"
            field.choices = choices
        for name in ("unit_code", "certificate_no", "holder_name", "holder_id_no"):
            self.fields[name].widget.attrs |= _NO_PASTE
        self.fields["unit_code"].widget.attrs |= {
            "hx-get": reverse("desk:intake-home"),
            "hx-trigger": "input changed delay:300ms, change",
            "hx-target": "#home-registry",
        }
        if data is None:
            self.fields["unit_code"].widget.attrs |= {"autofocus": True}
        self.fields["holder_id_no"].widget.attrs |= {"data-enter": "next"}

    def _ask_for_paper(self, found_by: FoundBy) -> None:
        """What names the property: a certificate, a proof of registration, or nothing the applicant holds."""
        words = _PAPERS_ZH[found_by]
        for name, (label, help_text) in zip(("certificate_no", "holder_name", "holder_id_no"), words, strict=True):
            self.fields[name].label, self.fields[name].help_text = label, help_text
        if found_by is FoundBy.UNIT:
            self.fields["certificate_no"].required = False
            self.fields["certificate_no"].widget = forms.HiddenInput()

    def opening_rows(self) -> list[AskedField]:
        """The questions that scope depends on, each asked only while an earlier answer calls for it."""
        given = {field.key: str(self[field.key].value() or "") for field in self.opening}
        return [
            AskedField(self[field.key], field.when.field, " ".join(field.when.answers), field.when(given))
            if field.when and field.when.field in given
            else AskedField(self[field.key])
            for field in self.opening
        ]

    def facts(self) -> dict[str, str]:
        """The answers to those questions, as typed; days in their one form."""
        typed = {row.bound.name: str(row.bound.value() or "") for row in self.opening_rows() if row.is_asked}
        return {
            key: normal_day(text) if isinstance(self.fields[key], DayField) else text for key, text in typed.items()
        }

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name in ("unit_code", "certificate_no", "holder_name", "holder_id_no"):
            if name in given:
                given[name] = without_label(given[name])
        return given


class SearchForm(DeskForm):
    """An application or case number, or its end."""

    q = forms.CharField(
        label="收件编号、业务号，或者最后几位", max_length=40,
        widget=forms.TextInput({"type": "search", "data-key": "/", **_NO_PASTE}),
    )  # fmt: skip


def item_choices() -> list[tuple[str, str]]:
    """The services a window can begin."""
    return [(item.number, item.name_zh) for item in CATALOGUE.values()]


class DayField(forms.CharField):
    """A day as people type it: 20261120, 2026.11.20, 2026年11月20日."""


def normal_day(text: str) -> str:
    """A typed day as ISO text; anything else stays as it was typed, for the service to judge."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return "-".join((found[1], found[2].zfill(2), found[3].zfill(2))) if found else text


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field as the page shows it: asked while the field `follows` has one of the words in `answers`."""

    bound: forms.BoundField
    follows: str = ""
    answers: str = ""
    is_asked: bool = True


class AnswersForm(DeskForm):
    """The fields of a service item or of its inquiry, made from the catalogue.

    `asked` tells for each field under which answer it is asked at all; the page shows and hides by it.
    """

    def __init__(self, data: Mapping[str, Any] | None, asked: Mapping[str, When | None], **options: Any) -> None:
        super().__init__(data, **options)
        self.asked = asked

    def raw(self, data: Mapping[str, str]) -> dict[str, str]:
        """What was typed, days in their one form."""
        typed = {name: data.get(name, "") for name in self.fields}
        return {name: normal_day(text) if _is_day(self.fields[name]) else text for name, text in typed.items()}

    def rows(self, answers: Mapping[str, str]) -> list[AskedField]:
        """Each field in its order, with its condition and whether it is asked with these answers."""
        return [
            AskedField(self[key], when.field, " ".join(when.answers), when(answers)) if when else AskedField(self[key])
            for key, when in self.asked.items()
        ]


def _is_day(field: forms.Field) -> bool:
    return isinstance(field, DayField)


def item_form(
    item: ServiceItem, answers: Mapping[str, str], fixed: Iterable[str], data: Mapping[str, Any] | None = None
) -> AnswersForm:
    """The application form of an item; what the home registry told (`fixed`) is shown elsewhere and not asked."""
    left = [field for field in item.fields if field.key not in set(fixed)]
    form = AnswersForm(data, {field.key: field.when for field in left}, initial=dict(answers))
    for field in left:
        form.fields[field.key] = _field(field, answers)
    return form


def inquiry_form(item: ServiceItem, answers: Mapping[str, str], data: Mapping[str, Any] | None = None) -> AnswersForm:
    """The inquiry of an item, each question in the words it is read out in."""
    form = AnswersForm(data, {question.key: question.when for question in item.questions}, initial=dict(answers))
    for question in item.questions:
        form.fields[question.key] = _question(question)
    return form


def answers_of(form: AnswersForm, item: ServiceItem) -> dict[str, str]:
    """What was typed, cleaned by the rules of the item's form; for showing the right fields again."""
    return item_forms.clean_form(item, {name: str(form[name].value() or "") for name in form.fields})


def _field(field: Field, answers: Mapping[str, str]) -> forms.Field:
    words: dict[str, Any] = {"label": field.label_zh, "help_text": field.help_zh, "required": field.required}
    match field.kind:
        case FieldKind.YES_NO:
            return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect({"data-yes-no": True}), **words)
        case FieldKind.CHOICE:
            return _choice(field.offered(answers), words)
        case FieldKind.DAY | FieldKind.FUTURE_DAY:
            return DayField(widget=forms.TextInput({"inputmode": "numeric", **_NO_PASTE}), max_length=40, **words)
        case FieldKind.PHONE:
            widget = forms.TextInput({"inputmode": "tel", **_NO_PASTE})
            return forms.CharField(widget=widget, max_length=field.longest, **words)
        case FieldKind.TEXT if field.longest >= PARAGRAPH_FROM:
            area = forms.Textarea({"rows": 4, **_NO_PASTE})
            return forms.CharField(widget=area, max_length=field.longest, **words)
        case _:
            return forms.CharField(widget=forms.TextInput(_NO_PASTE), max_length=field.longest, **words)


def _choice(choices: Sequence[Choice], words: Mapping[str, Any]) -> forms.ChoiceField:
    pairs = [(choice.value, choice.label_zh) for choice in choices]
    if len(pairs) <= FEW_CHOICES:
        return forms.ChoiceField(choices=pairs, widget=forms.RadioSelect, **words)
    return forms.ChoiceField(choices=[("", "请选择"), *pairs], **words)


def _question(question: Question) -> forms.Field:
    if question.kind is FieldKind.YES_NO:
        return forms.ChoiceField(
            label=question.text_zh, choices=YES_NO, widget=forms.RadioSelect({"data-yes-no": True}), required=True
        )
    area = forms.Textarea({"rows": 2})
    return forms.CharField(label=question.text_zh, widget=area, max_length=TEXT_MAX)


class TypedAnew(forms.TextInput):
    """A control that comes back empty: a code works once."""

    def format_value(self, value: Any) -> None:
        return None


class IdentityForm(DeskForm):
    """One person at the window: read, compared, decided; by hand only with a colleague.

    `knows_number`: the number is known already and is only compared.
    """

    method = forms.ChoiceField(label="怎样核验", choices=tuple(METHODS_ZH.items()), widget=forms.RadioSelect)
    id_no = forms.CharField(
        label="读出的证件号码", max_length=LONGEST_NUMBER, required=False,
        help_text="光标放在这里刷身份证；读不出的，照着证件填写。",
        widget=forms.TextInput({**_NO_PASTE, "data-enter": "next"}),
    )  # fmt: skip
    result = forms.ChoiceField(
        label="是不是本人", widget=forms.RadioSelect,
        choices=((PASSED, "一致，是本人"), (FAILED, "不一致，或者认不准")),
    )  # fmt: skip
    reason = forms.CharField(
        label="为什么人工核对", max_length=REASON_CHARACTERS_MAX, widget=forms.Textarea({"rows": 2}),
        help_text="例如：身份证消磁，读卡器读不出；老人面容变化大，比对设备没有通过。",
    )  # fmt: skip
    username = forms.CharField(label="同事的用户名", max_length=40, widget=forms.TextInput({"autocomplete": "off"}))
    password = forms.CharField(label="同事的口令", widget=forms.PasswordInput({"autocomplete": "off"}), max_length=128)
    code = forms.CharField(
        label="同事的动态码", max_length=12,
        widget=TypedAnew({"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, knows_number: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["id_no"].required = not knows_number

    @property
    def is_by_hand(self) -> bool:
        """Whether a second person has to confirm."""
        return str(self["method"].value()) == BY_HAND


class ManyFiles(forms.FileInput):
    """A file control that takes several files."""

    allow_multiple_selected = True


class ScanForm(DeskForm):
    """Pages of one material: from the camera, or as files."""

    photo = forms.FileField(label="拍一页", required=False)
    scans = forms.FileField(
        label="上传扫描件", required=False, help_text="JPG、PNG 或者 PDF，每个不超过 20 MB，可以一次选多个。",
        widget=ManyFiles({"multiple": True, "accept": "image/jpeg,image/png,application/pdf"}),
    )  # fmt: skip

    def chosen(self) -> list[UploadedFile[bytes]]:
        """Every file that came, the photo first."""
        return [*self.files.getlist("photo"), *self.files.getlist("scans")]


class PaperForm(DeskForm):
    """Where a paper original went."""

    kind = forms.ChoiceField(label="原件", choices=PAPER_KINDS, widget=forms.RadioSelect)
    pages = forms.IntegerField(label="页数", initial=1, widget=forms.TextInput({"inputmode": "numeric"}))
    note = forms.CharField(
        label="备注", max_length=200, required=False, widget=forms.TextInput({"autocomplete": "off"}),
        help_text="例如：有水渍、缺第3页。",
    )  # fmt: skip

    def __init__(self, *args: Any, can_return: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField), "where a paper went is chosen from a list"
        kind.choices = [*PAPER_KINDS, (RETURNED, "退还收取的原件")] if can_return else PAPER_KINDS


class ReturnForm(DeskForm):
    """One original given back after the application ended."""

    material = forms.CharField(widget=forms.HiddenInput, max_length=40)
    pages = forms.IntegerField(label="退还页数", widget=forms.TextInput({"inputmode": "numeric"}))
    note = forms.CharField(
        label="谁领的", max_length=200, widget=forms.TextInput({"autocomplete": "off"}),
        help_text="写领取人姓名；代领的写明关系。",
    )  # fmt: skip


class SignatureForm(DeskForm):
    """One person's signature under what the page shows (`seen`)."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    position = forms.IntegerField(widget=forms.HiddenInput)
    signature = forms.FileField(label="签名")


class ReasonForm(DeskForm):
    """Why an application is closed at the window."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(label="原因", max_length=TEXT_MAX, widget=forms.Textarea({"rows": 3, "autofocus": True}))


class WithdrawalForm(ReasonForm):
    """Why it is taken back, with the signature of everybody who stands at the window."""

    def __init__(self, *args: Any, signers: Mapping[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.signers = signers
        for position, name in signers.items():
            self.fields[f"sign-{position}"] = forms.FileField(label=f"{name}的签名")

    def pads(self) -> list[tuple[forms.BoundField, str]]:
        """Each signature field with the name of who signs."""
        return [(self[f"sign-{position}"], name) for position, name in self.signers.items()]


class CorrectionsForm(DeskForm):
    """How each line of a correction list was put right."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, lines: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        for material, label in lines.items():
            self.fields[f"answer-{material}"] = forms.CharField(
                label=label, max_length=TEXT_MAX, widget=forms.Textarea({"rows": 2})
            )

    def answers(self) -> dict[str, str]:
        """The answer per material, as typed."""
        names = [name for name in self.fields if name.startswith("answer-")]
        return {name.removeprefix("answer-"): str(self[name].value() or "") for name in names}
