"""Form errors in words people use: what is wrong with which field, and what to do; Django's own words say neither."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

_STOCK_REQUIRED = forms.Field.default_error_messages["required"]
_STOCK_NO_FILE = forms.FileField.default_error_messages["missing"]
_STOCK_CHOICE = forms.ChoiceField.default_error_messages["invalid_choice"]
_STOCK_NUMBER = forms.IntegerField.default_error_messages["invalid"]


def plain_errors(bound: BoundField) -> list[str]:
    """The errors of a field; those with Django's stock words for an empty field say what to do instead."""
    errors = bound.form.errors.get(bound.name)
    return [] if errors is None else [_plain(bound, error) for error in errors.as_data()]


def _plain(bound: BoundField, error: ValidationError) -> str:
    name_zh, limits = f"“{bound.label}”", error.params or {}
    if error.code in ("required", "missing") and error.message in (_STOCK_REQUIRED, _STOCK_NO_FILE):
        return f"请{_verb(bound.field)}{name_zh}。"
    if error.code == "max_length" and {"limit_value", "show_value"} <= limits.keys():
        return f"{name_zh}最多{limits['limit_value']}个字，现在是{limits['show_value']}个，请写短一些。"
    if error.code == "invalid_choice" and error.message == _STOCK_CHOICE:
        return f"{name_zh}要从列出的里面选，请重新选一项。"
    if error.code == "invalid" and error.message == _STOCK_NUMBER:
        return f"{name_zh}要填整数，例如 1。"
    return "；".join(error.messages)


def _verb(field: forms.Field) -> str:
    match field:
        case forms.FileField():
            return "上传"
        case forms.BooleanField():
            return "勾选"
        case forms.ChoiceField():
            return "选择"
        case _:
            return "填写"
