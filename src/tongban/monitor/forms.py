"""Forms of administration: plain fields, checked again by the services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import forms

from tongban.access.permissions import GRANTABLE
from tongban.directory import lookup
from tongban.directory.local_rules import ADDRESS_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX, Note
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.parameters import PARAMETERS
from tongban.domain.terms import Channel

ORDINARY_CHANNELS = tuple(channel for channel in Channel if channel is not Channel.JUDICIAL)


def registry_choices() -> list[tuple[str, str]]:
    return [(one.code, f"{one.name_zh}（{one.code}）") for one in lookup.registries()]


def hosted_choices() -> list[tuple[str, str]]:
    return [(one.code, f"{one.name_zh}（{one.code}）") for one in lookup.hosted()]


def item_choices() -> list[tuple[str, str]]:
    return [(item.number, f"{item.number} {item.name_zh}") for item in CATALOGUE.values()]


def channel_choices() -> list[tuple[str, str]]:
    return [(channel.value, channel.name_zh) for channel in ORDINARY_CHANNELS]


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class Nothing(forms.Form):
    """An act that needs no words."""


class GrantForm(forms.Form):
    """An authorization between two registries."""

    grantor = forms.ChoiceField(label="属地登记机构（授权方）", choices=registry_choices)
    grantee = forms.ChoiceField(label="收件登记机构（被授权方）", choices=registry_choices)
    items = forms.MultipleChoiceField(label="授权事项", choices=item_choices, widget=forms.CheckboxSelectMultiple)
    channels = forms.MultipleChoiceField(label="办理方式", choices=channel_choices, widget=forms.CheckboxSelectMultiple)
    valid_from = day("起始日期")
    valid_until = day("截止日期", help_text="截止日当天仍有效")
    document_no = forms.CharField(label="授权文件文号", max_length=120, help_text="例如 滑自然资授〔2026〕1号")


class RegistryAgreementForm(forms.Form):
    """A confidentiality agreement between two registries."""

    first = forms.ChoiceField(label="甲方登记机构", choices=registry_choices)
    second = forms.ChoiceField(label="乙方登记机构", choices=registry_choices)
    document_no = forms.CharField(label="协议编号", max_length=80)
    signed_on = day("签订日期")
    valid_from = day("生效日期")
    valid_until = day("截止日期", required=False, help_text="长期有效的不填")


class StaffAgreementForm(forms.Form):
    """A confidentiality agreement of one member of staff."""

    first = forms.ChoiceField(label="所在机构", choices=hosted_choices)
    second = forms.CharField(label="工作人员用户名", max_length=40)
    document_no = forms.CharField(label="协议编号", max_length=80)
    signed_on = day("签订日期")
    valid_from = day("生效日期")
    valid_until = day("截止日期", required=False, help_text="长期有效的不填")


class OpenForm(forms.Form):
    """Open a service item at a home registry."""

    item = forms.ChoiceField(label="服务事项", choices=item_choices)
    channel = forms.ChoiceField(label="办理方式", choices=channel_choices)
    open_from = day("开通日期")
    open_until = day("最后一天", required=False, help_text="一直开通的不填")
    note_zh = forms.CharField(label="说明", required=False, max_length=200)


class CloseForm(forms.Form):
    """Close a service item at a home registry."""

    item = forms.ChoiceField(label="服务事项", choices=item_choices)
    channel = forms.ChoiceField(label="办理方式", choices=channel_choices)
    last_day = day("最后一天", help_text="填昨天，立即停办")


class FigureForm(forms.Form):
    """Set a local figure by date."""

    name = forms.ChoiceField(
        label="参数", choices=[(one.name, f"{one.name_zh}（{one.name}）") for one in PARAMETERS.values()]
    )
    value = forms.CharField(label="取值", max_length=400, help_text="数字填整数，开关填 on 或 off")
    valid_from = day("起始日期")
    valid_until = day("截止日期", required=False, help_text="以后一直用的不填")
    source_zh = forms.CharField(label="依据", max_length=200, help_text="文件名称和文号")


class NoteForm(forms.Form):
    """What a registry tells people."""

    title_zh = forms.CharField(label="标题", max_length=TITLE_CHARS_MAX)
    text_zh = forms.CharField(
        label="内容",
        max_length=TEXT_CHARS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="用大白话写，一段就够",
    )
    item = forms.ChoiceField(
        label="说的是哪个事项", required=False, choices=lambda: [("", "所有事项"), *item_choices()]
    )
    valid_from = day("起始日期")
    valid_until = day("截止日期", required=False, help_text="一直有效的不填")


def note_choice(notes: Iterable[Note]) -> type[forms.Form]:
    """A form to choose one of these notes."""
    field = forms.ChoiceField(label="哪一条", choices=[(str(one.pk), one.title_zh) for one in notes])
    return type("NoteChoice", (forms.Form,), {"note": field})


class WindowForm(forms.Form):
    """How a counter is to be reached."""

    name_zh = forms.CharField(label="窗口名称", max_length=80)
    address_zh = forms.CharField(label="地址", max_length=ADDRESS_CHARS_MAX)
    phone = forms.CharField(label="电话", max_length=20)
    weekdays = forms.CharField(label="周一到周五", required=False, max_length=20, help_text="例如 09:00-17:00")
    saturday = forms.CharField(label="周六", required=False, max_length=20, help_text="不上班的不填")
    sunday = forms.CharField(label="周日", required=False, max_length=20, help_text="不上班的不填")
    is_active = forms.BooleanField(label="这个窗口开着", required=False)


class NoticeForm(forms.Form):
    """The State Council's notice about the holidays of a year."""

    year = forms.IntegerField(label="年份", min_value=2024, max_value=2099)
    off_days = forms.CharField(label="放假的日子", widget=forms.Textarea, help_text="每行一天，例如 2027-01-01")
    work_days = forms.CharField(
        label="上班的周末", widget=forms.Textarea, required=False, help_text="每行一天；没有的不填"
    )
    source = forms.CharField(label="通知名称和文号", max_length=200)
    is_correction = forms.BooleanField(label="这是对同一年原通知的更正", required=False)


class HireForm(forms.Form):
    """An account to be made."""

    institution = forms.ChoiceField(label="所在机构", choices=hosted_choices)
    username = forms.CharField(label="用户名", max_length=40, help_text="小写字母开头，例如 hx.zhang")
    name_zh = forms.CharField(label="姓名", max_length=60)


class AccountForm(forms.Form):
    """Which account."""

    username = forms.CharField(label="用户名", max_length=40)


class RoleForm(forms.Form):
    """A role for a person at an institution."""

    username = forms.CharField(label="用户名", max_length=40)
    role = forms.ChoiceField(label="角色", choices=[(role.value, role.name_zh) for role in GRANTABLE])
    institution = forms.ChoiceField(label="机构", choices=hosted_choices)
    valid_from = day("起始日期")
    valid_until = day("截止日期", required=False, help_text="长期的不填")


class EndRoleForm(forms.Form):
    """A role to be taken back."""

    username = forms.CharField(label="用户名", max_length=40)
    role = forms.ChoiceField(label="角色", choices=[(role.value, role.name_zh) for role in GRANTABLE])
    institution = forms.ChoiceField(label="机构", choices=hosted_choices)


class AuditSearch(forms.Form):
    """What to look for in the audit trail."""

    actor_id = forms.CharField(label="人员", required=False, max_length=80)
    object_id = forms.CharField(label="对象编号", required=False, max_length=120)
    case_no = forms.CharField(label="业务号", required=False, max_length=24)
    action = forms.CharField(label="行为", required=False, max_length=60)
    outcome = forms.ChoiceField(
        label="结果",
        required=False,
        choices=[("", "全部"), ("ok", "成功"), ("denied", "无权限"), ("refused", "依法不办"), ("failed", "失败")],
    )


class RegistryChoice(forms.Form):
    """Which registry's settings to look at: only those that the actor may manage are offered."""

    registry = forms.ChoiceField(label="登记机构")

    def __init__(self, offered: Sequence[tuple[str, str]], chosen: str) -> None:
        super().__init__(initial={"registry": chosen})
        choice = self.fields["registry"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = offered
