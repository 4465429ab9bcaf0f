"""Forms of the window desk: what a clerk types, in the words of the service item, never more checked than shown.

The services decide what is right; these forms keep every keystroke and put the services' problems beside the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict

from tongban.domain.errors import Problem
from tongban.domain.identity import LONGEST_NUMBER
from tongban.domain.typed import without_label as without_label
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
NO_PASTE = {"autocomplete": "off", "spellcheck": "false"}
PAPER_KINDS = (
    (COLLECTED, "收取原件"),
    (CHECKED_RETURNED, "核对后当面退还"),
    (COPIED, "复印留存，原件退还"),
)


def lets_type_on(field: forms.Field) -> forms.Field:
    """The browser cuts nothing off what is pasted: too long is said, not lost."""
    field.widget.attrs.pop("maxlength", None)
    return field


class DeskForm(forms.Form):
    """A form whose problems come from a service; the browser checks nothing, so that nothing typed is lost."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            lets_type_on(field)

    def tell(self, problems: Iterable[Problem]) -> None:
        """Show a service's problems beside their fields, in place of all others."""
        self.full_clean()
        self._errors = ErrorDict()
        for problem in problems:
            name = problem.field if problem.field in self.fields else None
            is_said = name is not None and problem.cure_zh == self.fields[name].help_text
            words = (problem.what_zh, "" if is_said else problem.cure_zh)
            self.add_error(name, "".join(f"{part.rstrip('。')}。" for part in words if part))


class SearchForm(DeskForm):
    """An application or case number, or its end."""

    q = forms.CharField(
        label="收件编号、业务号，或者最后几位", max_length=40,
        widget=forms.TextInput({"type": "search", "data-key": "/", **NO_PASTE}),
    )  # fmt: skip


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
        widget=forms.TextInput({**NO_PASTE, "data-enter": "next"}),
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
