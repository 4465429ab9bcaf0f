"""Forms of a query at the counter: first who asks, then only what this asker must say and bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms

from tongban.desk.window.forms import PASTE_MAX, DeskForm, without_label
from tongban.domain.identity import ENTERPRISE_DOCUMENTS, LONGEST_NAME, PERSON_DOCUMENTS
from tongban.domain.query_rules import QUERY_RULES, RESULT, askers_of, permission
from tongban.domain.query_terms import Acting, Asker, AskerGroup, Index, Paper, Part, Wanted
from tongban.enquiries.copies import NOTE_CHARS_MAX
from tongban.enquiries.taking import PURPOSE_CHARS, Application, Person, needs_subject
from tongban.enquiries.wording import CopyKind

_NO_PASTE: Final = {"autocomplete": "off", "spellcheck": "false"}
DOCUMENTS: Final = [(one.value, one.name_zh) for one in dict.fromkeys((*PERSON_DOCUMENTS, *ENTERPRISE_DOCUMENTS))]
SUBJECTS_ZH: Final[Mapping[AskerGroup, str]] = {
    AskerGroup.SUCCESSOR: "去世的权利人",
    AskerGroup.MANAGER: "您管理的那个人（单位）",
}
ASKERS_ZH: Final[Mapping[AskerGroup, str]] = {AskerGroup.ORGAN: "第一名工作人员", AskerGroup.SHARING: "经办人"}
INDEX_ZH: Final = "按什么查"
DEFAULT_PURPOSES_ZH: Final[Mapping[AskerGroup, str]] = {AskerGroup.HOLDER: "权利人查询本人的不动产"}


class AskerForm(DeskForm):
    """Who asks, who came, what is wanted: everything else follows from it."""

    asker = forms.ChoiceField(
        label="谁来查",
        choices=[
            ("", "请选择"),
            *(
                (group.name_zh, [(asker.value, asker.name_zh) for asker in askers_of(group)])
                for group in AskerGroup
            ),
        ],
        help_text="问清楚他和这处房产是什么关系。",
        widget=forms.Select({"autofocus": True}),
    )  # fmt: skip
    acting = forms.ChoiceField(
        label="谁到窗口来", choices=[(one.value, one.name_zh) for one in Acting], widget=forms.RadioSelect,
        initial=Acting.IN_PERSON.value,
    )  # fmt: skip
    wanted = forms.ChoiceField(
        label="要查什么", choices=[(one.value, one.name_zh) for one in Wanted], widget=forms.RadioSelect,
        initial=Wanted.RESULT.value,
        help_text="登记结果就是登记簿上写的；原始资料是当时的申请书、合同、证件，只给权利人和依法办案的机关看。",
    )  # fmt: skip


class QueryForm(DeskForm):
    """What this asker says and brings; the fields are made from the rule of the asker."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        asker: Asker,
        acting: Acting,
        wanted: Wanted,
        homes: Iterable[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.asker, self.acting, self.wanted = asker, acting, wanted
        self.rule = QUERY_RULES[asker]
        self.allowed = permission(asker, acting, wanted, frozenset(Part))
        group = self.rule.group
        self._ask_person("person", ASKERS_ZH.get(group, "查询人"))
        if acting is not Acting.IN_PERSON:
            self._ask_person("agent", "律师" if acting is Acting.LAWYER else "代理人")
        if needs_subject(asker, Index.UNIT_CODE):
            self._ask_person("subject", SUBJECTS_ZH[group])
        elif asker is not Asker.HOLDER and Index.IDENTITY in self.allowed.indexes:
            self._ask_person("subject", "被查询的人", required=False)
        self._ask_property(homes)
        self._ask_papers()
        self.fields["purpose"] = forms.CharField(
            label="查询目的", max_length=PURPOSE_CHARS[1], widget=forms.Textarea({"rows": 2}),
            initial=DEFAULT_PURPOSES_ZH.get(group, ""),
            help_text="为什么查，写清楚。国家机关写公函的文号和办的什么事。",
        )  # fmt: skip

    @property
    def people(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Who is named, with the fields of each."""
        titles = {"person": "查询人", "agent": "替他来的人", "subject": "查谁的"}
        return [
            (title, [self[f"{prefix}_{part}"] for part in ("name", "id_kind", "id_no")])
            for prefix, title in titles.items()
            if f"{prefix}_name" in self.fields
        ]

    @property
    def property_fields(self) -> list[forms.BoundField]:
        """Where to look."""
        names = ("home", "index", "reference", "claimed_holder")
        return [self[name] for name in names if name in self.fields]

    def application(self) -> Application:
        """What was typed, for the service to judge."""
        given = self.cleaned_data
        return Application(
            asker=self.asker,
            acting=self.acting,
            wanted=self.wanted,
            index=Index(given["index"]),
            papers=frozenset(Paper(paper) for paper in given["papers"]),
            purpose_zh=given["purpose"],
            home=given["home"],
            person=self._person("person"),
            agent=self._person("agent"),
            subject=self._person("subject"),
            claimed_holder=given.get("claimed_holder", ""),
            reference=without_label(given.get("reference", "")),
            agreed=frozenset(Part(part) for part in given.get("agreed", ())),
        )

    def _person(self, prefix: str) -> Person:
        if f"{prefix}_name" not in self.fields:
            return Person()
        given = self.cleaned_data
        return Person(*(given[f"{prefix}_{part}"] for part in ("name", "id_kind", "id_no")))

    def _ask_person(self, prefix: str, who_zh: str, *, required: bool = True) -> None:
        hint = "" if required else "按坐落、证号、单元号查的，不用填。"
        self.fields[f"{prefix}_name"] = forms.CharField(
            label=f"{who_zh}的姓名（名称）", max_length=LONGEST_NAME, required=required, help_text=hint,
            widget=forms.TextInput(_NO_PASTE),
        )  # fmt: skip
        self.fields[f"{prefix}_id_kind"] = forms.ChoiceField(label="证件种类", choices=DOCUMENTS)
        self.fields[f"{prefix}_id_no"] = forms.CharField(
            label="证件号码", max_length=PASTE_MAX, required=required, widget=forms.TextInput(_NO_PASTE),
        )  # fmt: skip

    def _ask_property(self, homes: Iterable[tuple[str, str]]) -> None:
        offered = [one for one in Index if one in self.allowed.indexes]
        if self.wanted is Wanted.HOLDINGS:
            offered = [Index.IDENTITY]
        self.fields["home"] = forms.ChoiceField(
            label="向哪里的登记机构查", choices=[("", "请选择"), *homes],
            help_text="房产在哪个县、市、区就查哪里；按单元号查的，以单元号为准。",
        )  # fmt: skip
        self.fields["index"] = forms.ChoiceField(
            label=INDEX_ZH, choices=[(one.value, one.name_zh) for one in offered], initial=offered[0].value,
            widget=forms.RadioSelect,
        )  # fmt: skip
        if offered != [Index.IDENTITY]:
            hint = "照着证书或者合同写，坐落要写到房号。" + (
                "按姓名查的，不用填。" if Index.IDENTITY in offered else ""
            )
            self.fields["reference"] = forms.CharField(
                label="坐落、证号或者单元号", max_length=PASTE_MAX, required=Index.IDENTITY not in offered,
                help_text=hint, widget=forms.TextInput(_NO_PASTE),
            )  # fmt: skip
        if Part.NAME_MATCH in self.allowed.parts:
            self.fields["claimed_holder"] = forms.CharField(
                label="要比对的权利人名称", max_length=LONGEST_NAME, required=False,
                help_text="律师可以请登记机构比对：报的名称和登记簿上是不是一样。", widget=forms.TextInput(_NO_PASTE),
            )  # fmt: skip

    def _ask_papers(self) -> None:
        self.fields["papers"] = forms.MultipleChoiceField(
            label="带来了哪些材料", choices=[(paper.value, paper.name_zh) for paper in self.allowed.papers],
            widget=forms.CheckboxSelectMultiple, required=False,
            help_text="看过原件才勾。没有带齐的也可以申请，会得到书面的不予查询告知书。",
        )  # fmt: skip
        if self.rule.agreed_only:
            self.fields["agreed"] = forms.MultipleChoiceField(
                label="共享协议列明的项目", choices=[(part.value, part.name_zh) for part in Part if part in RESULT],
                widget=forms.CheckboxSelectMultiple, required=False,
            )  # fmt: skip


class EnquirySearchForm(DeskForm):
    """The number of a query, or its end."""

    q = forms.CharField(
        label="查询编号，或者最后几位", max_length=40,
        widget=forms.TextInput({"type": "search", "data-key": "/", **_NO_PASTE}),
    )  # fmt: skip


class CopyForm(DeskForm):
    """What was copied for the asker."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    kind = forms.ChoiceField(
        label="复制了什么", choices=[("", "请选择"), *((one.value, one.name_zh) for one in CopyKind)]
    )  # fmt: skip
    pages = forms.IntegerField(label="页数", widget=forms.TextInput({"inputmode": "numeric"}))
    note = forms.CharField(
        label="备注", max_length=NOTE_CHARS_MAX, required=False, help_text="卷号、谁领的。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
