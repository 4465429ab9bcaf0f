"""Form errors in words people use; Django says 这个字段是必填项 of a field nobody knows by that name."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

_STOCK_REQUIRED = forms.Field.default_error_messages["required"]
_STOCK_NO_FILE = forms.FileField.default_error_messages["missing"]


def plain_errors(bound: BoundField) -> list[str]:
    """The errors of a field; those with Django's stock words for an empty field say what to do instead."""
    errors = bound.form.errors.get(bound.name)
    return [] if errors is None else [_plain(bound, error) for error in errors.as_data()]


def _plain(bound: BoundField, error: ValidationError) -> str:
    if error.code not in ("required", "missing") or error.message not in (_STOCK_REQUIRED, _STOCK_NO_FILE):
        return "；".join(error.messages)
    return f"请{_verb(bound.field)}“{bound.label}”。"


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
