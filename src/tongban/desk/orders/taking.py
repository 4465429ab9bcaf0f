"""Taking in an order that was delivered on paper."""

from __future__ import annotations

import re
import secrets
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tongban.access.actors import actor_of
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.desk.signed_in import signed_in
from tongban.desk.together import ManyFilesField
from tongban.desk.window.forms import NO_PASTE, DeskForm, ManyFiles
from tongban.domain.errors import InvalidInput, Problem
from tongban.exchange.contract.judicial import OfficerBody
from tongban.judicial import paper_orders
from tongban.judicial.ordered import Kind
from tongban.judicial.organs import RULES, Organ
from tongban.judicial.paper_orders import PaperOrder
from tongban.vault.blobs import CleanUpload, check_upload

LINES_MAX: Final = 20_000
MONTHS_MAX: Final = 1200
OFFICERS: Final = 2
_PAPERS: Final = tuple(dict.fromkeys(name for rule in RULES.values() for name in rule.papers))


class PaperOrderForm(DeskForm):
    """What stands on the papers, in the order in which they are read."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    organ = forms.ChoiceField(label="哪一类机关", choices=[(one.value, one.name_zh) for one in Organ])
    organ_zh = forms.CharField(
        label="机关全称", max_length=120, help_text="照公章抄，例如：滑县人民法院。", widget=forms.TextInput(NO_PASTE)
    )
    kind = forms.ChoiceField(
        label="要做什么", choices=[(one.value, one.name_zh) for one in Kind], widget=forms.RadioSelect
    )
    case_no = forms.CharField(
        label="案号（决定书文号）",
        max_length=80,
        help_text="例如：（2026）豫0526执606号。",
        widget=forms.TextInput(NO_PASTE),
    )
    order_no = forms.CharField(label="协助通知书文号", max_length=64, widget=forms.TextInput(NO_PASTE))
    units = forms.CharField(
        label="不动产单元号", max_length=LINES_MAX, widget=forms.Textarea({"rows": 3, **NO_PASTE}),
        help_text="一行一个。通知只写了坐落或者权利人的，先在登记簿里查到单元号。",
    )  # fmt: skip
    debtors = forms.CharField(
        label="被执行人（当事人）", max_length=LINES_MAX, required=False, widget=forms.Textarea({"rows": 2, **NO_PASTE}),
        help_text="一行一个，照文书抄。",
    )  # fmt: skip
    period_from = forms.DateField(label="期限从哪天起", required=False, widget=forms.TextInput({"type": "date"}))
    period_until = forms.DateField(
        label="到哪天止", required=False, help_text="这一天还算。", widget=forms.TextInput({"type": "date"})
    )
    period_months = forms.IntegerField(
        label="或者多少个月", required=False, min_value=1, max_value=MONTHS_MAX,
        help_text="文书写“三年”的填36。日期和月数只填一种；都没有写的空着。", widget=forms.TextInput({"inputmode": "numeric"}),
    )  # fmt: skip
    documents = forms.MultipleChoiceField(
        label="送来了哪些文书", choices=[(one, one) for one in _PAPERS], required=False,
        widget=forms.CheckboxSelectMultiple, help_text="看到原件的打勾。",
    )  # fmt: skip
    scans = ManyFilesField(
        label="文书扫描件", help_text="JPG、PNG 或者 PDF，每个不超过 20 MB，可以一次选多个。",
        widget=ManyFiles({"multiple": True, "accept": "image/jpeg,image/png,application/pdf"}),
    )  # fmt: skip
    note = forms.CharField(label="附言", max_length=500, required=False, widget=forms.TextInput(NO_PASTE))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number in range(1, OFFICERS + 1):
            is_first, plain = number == 1, forms.TextInput(NO_PASTE)
            for name, label in (("name", "姓名"), ("work", "工作证号"), ("permit", "执行公务证号")):
                self.fields[f"officer{number}_{name}"] = forms.CharField(
                    label=f"执行人员{number}的{label}", max_length=40, widget=plain,
                    required=is_first and name != "permit",
                )  # fmt: skip

    @property
    def officer_fields(self) -> list[forms.BoundField]:
        """The two officers, field by field."""
        return [self[name] for name in self.fields if name.startswith("officer")]

    def order(self) -> PaperOrder:
        """What was typed, for the service to judge."""
        given = self.cleaned_data
        officers = (
            OfficerBody(
                name=given[f"officer{number}_name"].strip(),
                work_permit_no=given[f"officer{number}_work"].strip(),
                execution_permit_no=given[f"officer{number}_permit"].strip(),
            )
            for number in range(1, OFFICERS + 1)
        )
        return PaperOrder(
            organ=Organ(given["organ"]),
            organ_zh=given["organ_zh"],
            kind=Kind(given["kind"]),
            order_no=given["order_no"],
            case_no=given["case_no"],
            units=_lines(given["units"]),
            debtors=_lines(given["debtors"]),
            period_from=given["period_from"],
            period_until=given["period_until"],
            period_months=given["period_months"],
            officers=tuple(one for one in officers if one.name),
            documents=tuple(given["documents"]),
            note_zh=given["note"],
        )

    def checked_scans(self) -> list[CleanUpload]:
        """The scans, each checked; raises InvalidInput."""
        try:
            found = self.cleaned_data["scans"]
            return [check_upload(one.read(), one.content_type or "", one.name or "") for one in found]
        except InvalidInput as error:
            raise InvalidInput([Problem("scans", one.what_zh, one.cure_zh) for one in error.problems]) from None


@signed_in
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """An organ's officers are at the counter with their papers: the order counts from this form."""
    actor = actor_of(request)
    require(actor, Permission.JUDICIAL_DECIDE, Scope(frozenset({actor.institution})))
    form = PaperOrderForm(request.POST or None, request.FILES or None, initial={"key": secrets.token_hex(16)})
    if request.method == "POST" and form.is_valid():
        try:
            number = paper_orders.take(
                form.order(), form.checked_scans(), actor, timezone.now(), key=form.cleaned_data["key"]
            )
            return redirect("desk:order", number)
        except InvalidInput as error:
            form.tell(error.problems)
    return render(request, "desk/orders/new.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in (re.sub(r"\s+", "", one) for one in text.splitlines()) if line)
