"""Forms of the review desk.  Every one that moves a case carries its key and the state the officer was looking at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Self
from uuid import uuid4

from django import forms
from django.forms import BaseFormSet, formset_factory

from tongban.cases.queries import REASON_CHARS_MAX, REASON_CHARS_MIN
from tongban.cases.unit_look import DETAIL_CHARS_MAX, LookPurpose
from tongban.domain.decision import Finding, Reason
from tongban.domain.evidence import Evidence, proof_name_zh
from tongban.domain.reasons import REASONS, Reasons
from tongban.domain.restrictions import LAW

LINE_CHARS_MAX: Final = 200
LINES_MAX: Final = 30
FACTS_CHARS_MAX: Final = 1000
NOTE_CHARS_MAX: Final = 300
NEEDS_LAW: Final = frozenset({Reasons.AGAINST_LAW.code, Reasons.OTHER_LAW.code})
NEEDS_REGISTRY: Final = Reasons.NOT_THIS_REGISTRY.code


class SearchForm(forms.Form):
    """A case by its number."""

    q = forms.CharField(
        label="业务号、收件编号，或者末几位", max_length=30,
        widget=forms.TextInput(attrs={"data-key": "/", "autocomplete": "off"}),
    )  # fmt: skip


class MoveForm(forms.Form):
    """What every move brings: its key, and the state it starts from."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    expected = forms.CharField(max_length=24, widget=forms.HiddenInput)

    @classmethod
    def fresh(cls, expected: str, **more: Any) -> Self:
        """An empty form with a key of its own."""
        return cls(initial={"key": uuid4().hex, "expected": expected}, **more)


class NoteForm(MoveForm):
    """A move with its reason in a sentence."""

    note = forms.CharField(
        label="说明", max_length=NOTE_CHARS_MAX, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )

    def __init__(self, *args: Any, label: str = "说明", help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label, self.fields["note"].help_text = label, help_text


class EvidenceForm(MoveForm):
    """A move on which findings hang: the officer confirms the proofs that open the way, and names the paper."""

    evidence = forms.MultipleChoiceField(label="逐项确认", required=False, widget=forms.CheckboxSelectMultiple)
    proof = forms.CharField(
        label="凭据", required=False, max_length=NOTE_CHARS_MAX, help_text="写明文号和日期，记入经过"
    )

    def __init__(
        self, *args: Any, findings: Iterable[Finding] = (), claims: Iterable[Evidence] = (), **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        opening = (proof for finding in findings for proof in LAW.proofs_for(finding))
        proofs = dict.fromkeys((*(proof.value for proof in claims), *opening))
        choices = [(key, f"我确认：{proof_name_zh(key)}") for key in proofs]
        if choices:
            self.fields["evidence"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["evidence"], self.fields["proof"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("evidence") and not found.get("proof", "").strip():
            self.add_error("proof", "确认了条件，请写明凭据的文号和日期")
        return found


class WithdrawForm(MoveForm):
    """A withdrawal on paper: why, and the scan of the request all applicants signed."""

    note = forms.CharField(
        label="撤回的原因", max_length=NOTE_CHARS_MAX, widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
        help_text="照撤回申请书上写的填",
    )  # fmt: skip
    scan = forms.FileField(label="撤回申请书扫描件", help_text="全体申请人签名；JPG、PNG 或者 PDF，不超过 20 MB")
    all_signed = forms.BooleanField(label="我已核对：全体申请人的身份证件和签名都对，原件已收存")


class RefusalForm(MoveForm):
    """The written no: one reason of the law, what was found in this case, and where the law asks it, article or place."""

    reason = forms.ChoiceField(label="理由", widget=forms.Select(attrs={"autofocus": True}))
    facts = forms.CharField(
        label="查明的事实", max_length=FACTS_CHARS_MAX, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写给申请人看：查到了什么，和哪份材料、哪条记载不符。会原样写进文书。",
    )  # fmt: skip
    law = forms.CharField(
        label="适用的具体条文",
        required=False,
        max_length=LINE_CHARS_MAX,
        help_text="选了 N01、N04 的必须写，例如《……法》第×条",
    )
    registry = forms.ChoiceField(
        label="应当到哪个登记机构申请", required=False, help_text="选了 R01 的必须选，写进告知书"
    )

    def __init__(
        self, *args: Any, reasons: Sequence[tuple[str, Sequence[Reason]]] = (), registries: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        groups = [(name, [(one.code, f"{one.code} {one.what_zh}") for one in members]) for name, members in reasons]
        self.fields["reason"].choices = [("", "请选择"), *groups]  # type: ignore[attr-defined]
        self.fields["registry"].choices = [("", "请选择"), *registries]  # type: ignore[attr-defined]
        codes = {one.code for _, members in reasons for one in members}
        if not codes & NEEDS_LAW:
            del self.fields["law"]
        if NEEDS_REGISTRY not in codes:
            del self.fields["registry"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        code = found.get("reason", "")
        if code in NEEDS_LAW and not found.get("law", "").strip():
            self.add_error("law", f"选了 {code}，请写明具体条文")
        if code == NEEDS_REGISTRY and not found.get("registry"):
            self.add_error("registry", "请选择应当申请的登记机构，写进告知书")
        return found

    @property
    def chosen(self) -> Reason:
        """The reason of a valid form."""
        return REASONS[self.cleaned_data["reason"]]


class CorrectionLineForm(forms.Form):
    """One line of the one-time list."""

    material = forms.ChoiceField(label="材料或者事项")
    what = forms.CharField(label="问题", max_length=LINE_CHARS_MAX, widget=forms.Textarea(attrs={"rows": 2}))
    cure = forms.CharField(label="怎样补正", max_length=LINE_CHARS_MAX, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, matters: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["material"].choices = [("", "请选择"), *matters]  # type: ignore[attr-defined]

    @property
    def title_zh(self) -> str:
        """“补正第1项”."""
        return f"补正第{int(str(self.prefix).rpartition('-')[2]) + 1}项"


CorrectionLines: Final[type[BaseFormSet[CorrectionLineForm]]] = formset_factory(
    CorrectionLineForm,
    extra=0,
    min_num=1,
    validate_min=True,
    max_num=LINES_MAX,
    validate_max=True,
    absolute_max=LINES_MAX,
)


class RevealForm(forms.Form):
    """Why somebody wants to see numbers in full."""

    reason = forms.CharField(
        label="为什么要看完整的证件号码和电话", min_length=REASON_CHARS_MIN, max_length=REASON_CHARS_MAX,
        help_text="例如：核对证件号码与原件、电话联系申请人。写的理由和这次查看都会记入审计。",
    )  # fmt: skip


class LookUpForm(forms.Form):
    """A unit of the register, and why it is looked at."""

    reference = forms.CharField(
        label="不动产单元号或者不动产权证号", max_length=80,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "data-key": "/"}),
        help_text="28位单元号，可以带空格；或者证号，例如 豫（2026）滑县不动产权第0001234号",
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="查询用途", choices=[("", "请选择"), *((one.value, one.name_zh) for one in LookPurpose)]
    )
    detail = forms.CharField(
        label="用途说明", max_length=DETAIL_CHARS_MAX,
        help_text="业务号；或者查询人姓名和出示的材料；或者公函的机关和文号。每次查询都记入审计。",
    )  # fmt: skip


class AsOfForm(forms.Form):
    """The day whose register is to be shown."""

    on = forms.DateField(
        label="查看截至哪一天的登记簿", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
