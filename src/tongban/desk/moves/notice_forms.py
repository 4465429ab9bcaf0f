"""Forms of a public notice: that it was posted, what somebody objects, and what was found about that."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from tongban.cases.public_notices import GROUNDS_CHARS_MAX, Objection
from tongban.desk.window.forms import DeskForm

UPHELD, DISMISSED = "upheld", "dismissed"


class PostingForm(DeskForm):
    """The photograph of a notice posted at the property."""

    posted_on = forms.DateField(label="哪天张贴的", widget=forms.TextInput({"type": "date"}))
    photo = forms.FileField(
        label="张贴的照片", help_text="看得出贴在哪里、公告的内容；JPG、PNG 或者 PDF，不超过 20 MB。"
    )


class ObjectionForm(DeskForm):
    """A written objection, taken down at the desk."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(label="谁提出的", help_text="照异议书写姓名或者名称。")
    contact = forms.CharField(label="怎样联系", help_text="电话或者地址，处理结果要告诉他。")
    received_on = forms.DateField(label="哪天收到的", widget=forms.TextInput({"type": "date"}))
    grounds = forms.CharField(label="为什么有异议", widget=forms.Textarea({"rows": 3}), help_text="照异议书写。")
    evidence = forms.CharField(
        label="带来了哪些材料", widget=forms.Textarea({"rows": 2}), help_text="没有的写“没有提交材料”。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "contact", "grounds", "evidence"):
            self.fields[name].max_length = GROUNDS_CHARS_MAX  # type: ignore[attr-defined]

    @classmethod
    def fresh(cls) -> ObjectionForm:
        """An empty form with a key of its own."""
        return cls(initial={"key": uuid4().hex})

    def objection(self) -> Objection:
        """The objection as typed."""
        given = self.cleaned_data
        return Objection(given["name"], given["contact"], given["grounds"], given["evidence"], given["received_on"])


class RulingForm(DeskForm):
    """What was found about an objection, with the reason."""

    objection = forms.IntegerField(widget=forms.HiddenInput)
    ruling = forms.ChoiceField(
        label="处理结果", widget=forms.RadioSelect,
        choices=((DISMISSED, "异议不成立，公告期满接着办"), (UPHELD, "异议成立，不予登记，这件到此结束")),
    )  # fmt: skip
    reason = forms.CharField(
        label="查明了什么、为什么这样处理", max_length=GROUNDS_CHARS_MAX, widget=forms.Textarea({"rows": 3}),
        help_text="会写进给异议人和申请人的书面答复。",
    )  # fmt: skip
