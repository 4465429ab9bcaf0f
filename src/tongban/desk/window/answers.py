"""The forms made from the catalogue: the questions of a service item under their headings, and its inquiry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms

from tongban.desk.window.forms import NO_PASTE, TEXT_MAX, DeskForm, lets_type_on
from tongban.domain.catalogue import form as item_forms
from tongban.domain.catalogue.item import NO, YES, Choice, Field, FieldKind, Question, ServiceItem, When

FEW_CHOICES = 3  # up to here all are seen at once
PARAGRAPH_FROM = 200  # characters: what may be as long as this is written over several lines
_DAY = re.compile(r"(\d{4})(?:[-./年 ]?)(\d{2}|(?<=[-./年 ])\d)(?:[-./月 ]?)(\d{2}|(?<=[-./月 ])\d)日?")
YES_NO = ((YES, "是"), (NO, "否"))


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


@dataclass(frozen=True, slots=True)
class FormSection:
    """The fields under one heading; shown while any of them is asked."""

    heading_zh: str
    rows: Sequence[AskedField]

    @property
    def is_asked(self) -> bool:
        return any(row.is_asked for row in self.rows)


class AnswersForm(DeskForm):
    """The fields of a service item or of its inquiry, made from the catalogue.

    `asked` tells for each field under which answer it is asked at all, `headings` under which heading it stands.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        asked: Mapping[str, When | None],
        headings: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.asked = asked
        self.headings = headings or {}

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

    def sections(self, answers: Mapping[str, str]) -> list[FormSection]:
        """The same under their headings."""
        parts = groupby(self.rows(answers), key=lambda row: self.headings.get(row.bound.name, ""))
        return [FormSection(heading_zh, list(rows)) for heading_zh, rows in parts]


def _is_day(field: forms.Field) -> bool:
    return isinstance(field, DayField)


def item_form(
    item: ServiceItem, answers: Mapping[str, str], fixed: Iterable[str], data: Mapping[str, Any] | None = None
) -> AnswersForm:
    """The application form of an item; what the home registry told (`fixed`) is shown elsewhere and not asked."""
    left = [field for field in item.fields if field.key not in set(fixed)]
    headings = {field.key: field.heading_zh for field in left}
    form = AnswersForm(data, {field.key: field.when for field in left}, headings, initial=dict(answers))
    for field in left:
        form.fields[field.key] = form_field(field, answers)
    return form


def inquiry_form(item: ServiceItem, answers: Mapping[str, str], data: Mapping[str, Any] | None = None) -> AnswersForm:
    """The inquiry of an item, each question in the words it is read out in."""
    form = AnswersForm(data, {question.key: question.when for question in item.questions}, initial=dict(answers))
    for question in item.questions:
        form.fields[question.key] = lets_type_on(_question(question))
    return form


def answers_of(form: AnswersForm, item: ServiceItem) -> dict[str, str]:
    """What was typed, cleaned by the rules of the item's form; for showing the right fields again."""
    return item_forms.clean_form(item, {name: str(form[name].value() or "") for name in form.fields})


def form_field(field: Field, answers: Mapping[str, str]) -> forms.Field:
    """The control for one question of the catalogue."""
    return lets_type_on(_control(field, answers))


def _control(field: Field, answers: Mapping[str, str]) -> forms.Field:
    words: dict[str, Any] = {"label": field.label_zh, "help_text": field.help_zh, "required": field.required}
    match field.kind:
        case FieldKind.YES_NO:
            return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect({"data-yes-no": True}), **words)
        case FieldKind.CHOICE:
            return _choice(field.offered(answers), words)
        case FieldKind.DAY | FieldKind.FUTURE_DAY:
            return DayField(widget=forms.TextInput({"inputmode": "numeric", **NO_PASTE}), max_length=40, **words)
        case FieldKind.PHONE:
            widget = forms.TextInput({"inputmode": "tel", **NO_PASTE})
            return forms.CharField(widget=widget, max_length=field.longest, **words)
        case FieldKind.TEXT if field.longest >= PARAGRAPH_FROM:
            area = forms.Textarea({"rows": 4, **NO_PASTE})
            return forms.CharField(widget=area, max_length=field.longest, **words)
        case _:
            return forms.CharField(widget=forms.TextInput(NO_PASTE), max_length=field.longest, **words)


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
