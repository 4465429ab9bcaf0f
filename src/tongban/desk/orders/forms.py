"""Forms about an order: how one person would deal with it, and what the court is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.http import QueryDict

from tongban.cases.words import day_words
from tongban.desk.window.forms import NO_PASTE, DeskForm
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.identity import normal_name
from tongban.domain.order_reasons import OrderReasons
from tongban.judicial.carrying import Ruling
from tongban.judicial.deciding import ANSWERS, WORDS_MAX, Answer, Proposal
from tongban.judicial.ordered import BEGINS, Doubt, Kind
from tongban.judicial.queries import OrderView

AS_RENEWAL: Final = "as_renewal"
# What a person says by clearing a doubt.
SEEN_ZH: Final[Mapping[str, str]] = MappingProxyType(
    {
        OrderReasons.PAPERS_MISSING.code: "文书和证件号码我都看过了，齐全",
        OrderReasons.NOT_YET_REGISTERED.code: "符合预查封的条件，有依据",
        OrderReasons.OTHER_HOLDER.code: "文书写明就是要查封这处房产",
        OrderReasons.NO_CLAIM_FOUND.code: "有网签备案，或者文书写明了依据",
        OrderReasons.PERIOD_UNCLEAR.code: "先按没有写明期限登记，另请法院更正",
        OrderReasons.FREED_BY_TWO.code: "法院、案号和房产都和文书一致",
        OrderReasons.CORRECTED_BY_TWO.code: "更正的每一项都和文书一致",
        OrderReasons.SOLD_IN_THIS_CASE.code: "问过法院，确实要先解封、后过户",
        OrderReasons.OTHER_ORGAN.code: "文书写明了就是另一机关登记的那一项",
    }
)
_MEANT: Final = "meant_"
_GOES_ON: Final = frozenset(kind.value for kind in Kind) - {kind.value for kind in BEGINS} - {Kind.TRANSFER.value}
_TOO_LONG: Final = WORDS_MAX * 10  # what is typed is kept; the service says how much is too much


class ProposalForm(DeskForm):
    """照办 with every doubt looked at, or an answer that it cannot be; only what this order asks is on the form."""

    answer = forms.ChoiceField(label="怎么办", widget=forms.RadioSelect)
    cleared = forms.MultipleChoiceField(
        label="照办以前，逐项核对", widget=forms.CheckboxSelectMultiple(),
        help_text="核对过、没有问题的打勾。有一项定不下来，就先问法院。",
    )  # fmt: skip
    left_out = forms.MultipleChoiceField(
        label="办不了的几处", widget=forms.CheckboxSelectMultiple(), required=False,
        help_text="打勾的不办，在回执里写明原因；其余的照办。",
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="为什么无法办理", error_messages={"required": "没有选为什么无法办理。请照着看到的情况选一项。"}
    )
    words = forms.CharField(
        label="情况说明", max_length=_TOO_LONG, widget=forms.Textarea({"rows": 3}),
        help_text="写进给法院的回执。例如：2026年11月3日已转移登记，现在的权利人不是被执行人。",
        error_messages={"required": "没有写明情况。请写清楚，法院看得懂。"},
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, view: OrderView) -> None:
        super().__init__(data)
        doubts = _doubts(view)
        self._choose("answer", _answers(view, doubts))
        clearable = {one.reason.code: SEEN_ZH[one.reason.code] for one in doubts if not one.is_final}
        self._choose("cleared", list(clearable.items()))
        self._choose("reason", [("", "请选择"), *((code, one.what_zh) for code, one in ANSWERS.items())])
        if not clearable:
            del self.fields["cleared"]
        stuck = dict.fromkeys(one.unit_code for one in doubts if one.is_final and one.unit_code)
        self._choose("left_out", [(code, _address(view, code)) for code in stuck])
        if not stuck or len(view.units) < 2:
            del self.fields["left_out"]
        if data is not None:  # what is missing of the rest, the service says
            self._ask(cleared=False, reason=self.is_refusal, words=self.is_refusal)
        for unit in view.units:
            if unit.choosable and view.body.kind in _GOES_ON:
                self.fields[f"{_MEANT}{unit.page.unit_code}"] = forms.ChoiceField(
                    label=f"指的是哪一项（{unit.page.state.address_zh if unit.page.state else unit.page.unit_code}）",
                    required=False, choices=[("", "照案号找"), *((one.burden_no, named(one)) for one in unit.choosable)],
                )  # fmt: skip

    @property
    def is_refusal(self) -> bool:
        """Whether the answer chosen is that it cannot be done."""
        return self.data.get("answer") == Answer.REFUSE

    @property
    def is_doing(self) -> bool:
        """Whether the answer chosen is to carry it out."""
        return bool(self.data.get("answer")) and not self.is_refusal

    def clean(self) -> dict[str, Any]:
        self._ask(cleared=True, reason=True, words=True)
        return super().clean() or self.cleaned_data

    def _ask(self, **required: bool) -> None:
        for name, is_required in required.items():
            if name in self.fields:
                self.fields[name].required = is_required

    @property
    def meant_fields(self) -> Sequence[forms.BoundField]:
        """The choices of an entry, one for each unit on which the court has several."""
        return [self[name] for name in self.fields if name.startswith(_MEANT)]

    def proposal(self) -> Proposal:
        """What was chosen, for the service to judge."""
        given = self.cleaned_data
        meant: Mapping[str, str] = {
            name.removeprefix(_MEANT): value for name, value in given.items() if name.startswith(_MEANT) and value
        }
        if given["answer"] == Answer.REFUSE:
            return Proposal(Answer.REFUSE, reason=given["reason"], words_zh=given["words"])
        kind = Kind.RENEWAL.value if given["answer"] == AS_RENEWAL else ""
        cleared, left_out = frozenset(given.get("cleared", ())), frozenset(given.get("left_out", ()))
        return Proposal(Answer.CARRY_OUT, Ruling(cleared, kind, meant, left_out))

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices


class OrderSearchForm(DeskForm):
    """The end of an order's number, or part of a court's case number."""

    q = forms.CharField(
        label="请求单号的最后几位，或者案号", max_length=80,
        widget=forms.TextInput({"type": "search", "data-key": "/", **NO_PASTE}),
    )  # fmt: skip


class AskForm(DeskForm):
    """What the court is asked."""

    words = forms.CharField(
        label="问什么", max_length=_TOO_LONG, widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "没有写要问什么。请写清楚，对方看得懂。"},
        help_text="马上发给法院。问清以前，这处房产照样不能处分。",
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, is_paper: bool = False) -> None:
        super().__init__(data, auto_id="ask_%s")  # the page has another field of this name
        if is_paper:
            self.fields["words"].help_text = "写进回执，打印以后交给执行人员。问清以前，这处房产照样不能处分。"


class SeenForm(forms.Form):
    """Which proposal the reader saw."""

    seen = forms.DateTimeField(widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])


def _address(view: OrderView, code: str) -> str:
    state = next((one.page.state for one in view.units if one.page.unit_code == code), None)
    return f"{state.address_zh}（{code}）" if state else code


def named(opened: OpenBurden) -> str:
    """One seizure in a line of words."""
    fact = opened.burden
    place = f"第{fact.rank}位，" if fact.rank else ""
    whose = "、".join(holder.name for holder in opened.holders)
    return f"{fact.burden.name_zh}：{place}{whose}{fact.organ_zh}{fact.reference or fact.proof_no}" + (
        f"，到{day_words(fact.until)}" if fact.until else ""
    )


def _doubts(view: OrderView) -> Sequence[Doubt]:
    """Those that stand without a ruling, and those that a choice of entries may bring."""
    by_two = dict.fromkeys((Kind.RELEASE, Kind.LIFT, Kind.UNFREEZE), OrderReasons.FREED_BY_TWO)
    more = [Doubt("", OrderReasons.OTHER_ORGAN)] if view.body.kind in _GOES_ON and _has_strangers(view) else []
    if view.body.kind in by_two:
        more.append(Doubt("", by_two[Kind(view.body.kind)]))
    return [*view.bare.doubts, *more]


def _has_strangers(view: OrderView) -> bool:
    """Whether seizures of other organs lie there, of which the paper may mean one."""
    mine = normal_name(view.row.court_zh)
    return view.body.kind != Kind.FREEZE and any(
        normal_name(one.burden.organ_zh) != mine for unit in view.units for one in unit.choosable
    )


def _answers(view: OrderView, doubts: Sequence[Doubt]) -> list[tuple[str, str]]:
    final = {one.reason.code for one in doubts if one.is_final}
    choices = [(Answer.REFUSE.value, Answer.REFUSE.name_zh)]
    if OrderReasons.EARLIER_FIRST.code in final or view.body.kind == Kind.TRANSFER:
        return choices
    if OrderReasons.SAME_CASE_AGAIN.code in final:
        choices.insert(0, (AS_RENEWAL, "按续行查封办"))
    if not final or len(view.units) > 1 or (view.body.kind in _GOES_ON and any(one.choosable for one in view.units)):
        choices.insert(0, (Answer.CARRY_OUT.value, "照办"))
    return choices
