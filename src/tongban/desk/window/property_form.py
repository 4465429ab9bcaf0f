"""The first page of an application: which service, which property, and what scope depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse

from tongban.desk.window.answers import AskedField, DayField, form_field, normal_day
from tongban.desk.window.forms import NO_PASTE, PASTE_MAX, DeskForm, without_label
from tongban.domain.catalogue.item import FoundBy, ServiceItem
from tongban.domain.identity import LONGEST_NAME
from tongban.domain.shelves import shelves

FIND_MAX = 40
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
        self.fields |= {asked.key: form_field(asked, data or {}) for asked in self.opening}
        for row in self.opening_rows():
            row.bound.field.required = row.bound.field.required and row.is_asked
        items = self.fields["item_number"], self.fields["window_code"]
        for field, choices in zip(items, (item_choices(), windows), strict=True):
            assert isinstance(field, forms.ChoiceField), "both are chosen from a list"
            field.choices = choices
        for name in ("unit_code", "certificate_no", "holder_name", "holder_id_no"):
            self.fields[name].widget.attrs |= NO_PASTE
        self.fields["unit_code"].widget.attrs |= {
            "hx-get": reverse("desk:intake-home"),
            "hx-trigger": "input changed delay:300ms, change",
            "hx-target": "#home-registry",
        }
        if data is None or "choose" in data:
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


class FindForm(DeskForm):
    """Looking for a service beside the property; it is never checked, and nothing found is no mistake."""

    find = forms.CharField(
        label="找事项", max_length=FIND_MAX, help_text="编号、名称，或者平常的说法，例如 2、过户、离婚、房产证丢了。",
        widget=forms.TextInput({"type": "search", "data-key": "/", **NO_PASTE}),
    )  # fmt: skip

    def __init__(self, wanted: str) -> None:
        super().__init__(initial={"find": wanted})
        self.fields["find"].widget.attrs |= {
            "hx-get": reverse("desk:intake-services"),
            "hx-trigger": "input changed delay:150ms",
            "hx-target": "#found-services",
        }


def item_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The services a window can begin, by subject."""
    return [(shelf.name_zh, [(one.number, one.title_zh) for one in shelf.items]) for shelf in shelves()]
