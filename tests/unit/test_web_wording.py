"""What a form says of a wrong value names the field and says what to do, whoever made the form."""

from __future__ import annotations

import pytest
from django import forms

from tongban.web.wording import plain_errors


class Papers(forms.Form):
    kind = forms.ChoiceField(label="原件", choices=(("kept", "收取"),))
    pages = forms.IntegerField(label="页数", min_value=1)
    note = forms.CharField(label="备注", max_length=5)
    own = forms.ChoiceField(label="结果", choices=(("a", "甲"),), error_messages={"required": "没有选为什么。"})


GOOD = {"kind": "kept", "pages": "2", "note": "好", "own": "a"}


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("kind", "", "请选择“原件”。"),
        ("kind", "别的", "“原件”要从列出的里面选，请重新选一项。"),
        ("pages", "两页", "“页数”要填整数，例如 1。"),
        ("pages", "1.5", "“页数”要填整数，例如 1。"),
        ("note", "有水渍缺第3页", "“备注”最多5个字，现在是7个，请写短一些。"),
        ("own", "", "没有选为什么。"),
    ],
)
def test_a_wrong_value_is_said_with_its_field_and_its_cure(name: str, typed: str, words: str) -> None:
    form = Papers({**GOOD, name: typed})

    assert plain_errors(form[name]) == [words]
    assert [plain_errors(form[other]) for other in GOOD if other != name] == [[], [], []]
