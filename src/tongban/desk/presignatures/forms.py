"""Forms of the file of pre-signatures: a paper as it is copied from the original, and why one is taken back."""

from __future__ import annotations

from typing import Final

from django import forms

from tongban.cases.presignatures import PRESIGNABLE
from tongban.desk.window.forms import PASTE_MAX, DeskForm, without_label
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.identity import LONGEST_NAME
from tongban.domain.presignatures import PreSignature

AREA_CHARS_MAX: Final = 20_000
_NO_PASTE: Final = {"autocomplete": "off", "spellcheck": "false"}


class PaperForm(DeskForm):
    """Who signs beforehand, for what, where, and until when (民法典 165)."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    document_no = forms.CharField(label="授权文件编号", max_length=80, widget=forms.TextInput(_NO_PASTE))
    body_name = forms.CharField(
        label="单位名称", max_length=LONGEST_NAME, help_text="照着营业执照抄。", widget=forms.TextInput(_NO_PASTE)
    )
    body_id_no = forms.CharField(label="统一社会信用代码", max_length=PASTE_MAX, widget=forms.TextInput(_NO_PASTE))
    signer = forms.CharField(
        label="签章人", max_length=LONGEST_NAME, help_text="在授权书上签名的法定代表人（负责人）或者受托人。",
        widget=forms.TextInput(_NO_PASTE),
    )  # fmt: skip
    items = forms.MultipleChoiceField(
        label="授权办理哪些业务",
        choices=[(number, CATALOGUE[number].name_zh) for number in sorted(PRESIGNABLE)],
        widget=forms.CheckboxSelectMultiple,
    )
    area = forms.CharField(
        label="哪些房产", required=False, max_length=AREA_CHARS_MAX, widget=forms.Textarea({"rows": 3, **_NO_PASTE}),
        help_text="一行一个：整个项目填19位宗地代码，单独几套填28位不动产单元号。授权书没有限定的不填。",
    )  # fmt: skip
    valid_from = forms.DateField(label="从哪天起", widget=forms.TextInput({"type": "date"}))
    valid_until = forms.DateField(
        label="到哪天止", help_text="这一天还有效。", widget=forms.TextInput({"type": "date"})
    )
    document = forms.FileField(label="授权书原件的扫描件", help_text="JPG、PNG 或者 PDF，不超过 20 MB。")

    def paper(self) -> PreSignature:
        """What was typed, for the service to judge."""
        given = self.cleaned_data
        return PreSignature(
            document_no=given["document_no"],
            body_name=given["body_name"],
            body_id_no=without_label(given["body_id_no"]),
            signer=given["signer"],
            items=frozenset(given["items"]),
            area=frozenset("".join(line.split()) for line in given["area"].splitlines() if line.strip()),
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
        )


class RevokeForm(DeskForm):
    """Why the paper counts no longer."""

    reason = forms.CharField(
        label="为什么撤销", max_length=200, help_text="谁要求撤销、凭什么文件。撤销以前收的件不受影响。",
        widget=forms.TextInput(_NO_PASTE),
    )  # fmt: skip
