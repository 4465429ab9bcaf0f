"""Components put on the page what they were given, safely and with their words tied to their controls."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import get_template

import tongban
from tongban.domain.decision import Decision, Fact, Finding, Place, Reason, Refusal, Verdict
from tongban.domain.errors import Problem
from tongban.web.parts import (
    Badge,
    Band,
    BandChart,
    Change,
    Clock,
    Column,
    Datum,
    KeyPage,
    Lane,
    Paper,
    Row,
    Step,
    StepState,
    Tab,
    Table,
    Timeline,
    Tone,
)

pytestmark = pytest.mark.urls("tests.web_urls")

AT = datetime(2026, 3, 5, 6, 20, tzinfo=UTC)
EVIL = '"><script>alert(1)</script>'
REASON = Reason("R01", "房屋已被查封", "法院通知协助查封", "条例第二十条", "请联系法院解封")
PLACE = Place("滑县不动产登记中心", "文明路", "0372-0000000")

SOURCE = Path(tongban.__file__).parent


class NameForm(forms.Form):
    new_name = forms.CharField(label="新姓名", help_text="与身份证一致", max_length=4)
    reason = forms.ChoiceField(label="原因", widget=forms.RadioSelect, choices=[("a", "改名"), ("b", "更正")])
    phone = forms.CharField(label="电话", required=False)
    pledge = forms.BooleanField(label="我保证")
    sign = forms.FileField(label="签名")


def shown(source: str, **context: object) -> str:
    return Template("{% load web %}" + source).render(Context(context))


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("templates/**/*.html")), ids=lambda path: path.name)
def test_every_template_can_be_read(path: Path) -> None:
    assert get_template(str(path.relative_to(next(one for one in path.parents if one.name == "templates"))))


def test_a_field_ties_label_help_and_error_to_its_control() -> None:
    page = shown("{% field form.new_name %}", form=NameForm({"new_name": "一二三四五"}))

    control = re.search(r"<input[^>]*>", page)
    assert control is not None
    assert 'aria-describedby="id_new_name-help id_new_name-error"' in control[0]
    assert 'aria-invalid="true"' in control[0]
    assert all(part in page for part in ('for="id_new_name"', 'id="id_new_name-help"', 'id="id_new_name-error"'))


def test_a_group_is_a_fieldset_whose_legend_is_the_question() -> None:
    page = shown("{% field form.reason large=True %}", form=NameForm())

    assert page.count('type="radio"') == 2
    assert re.search(r"<legend[^>]*>原因", page)
    assert page.count("<label") == 2


def test_only_a_field_that_may_be_empty_is_marked() -> None:
    form = NameForm()

    assert "选填" in shown("{% field form.phone %}", form=form)
    assert "选填" not in shown("{% field form.new_name %}", form=form)


def test_the_summary_says_what_to_do_and_leads_to_each_field() -> None:
    page = shown("{% error_summary form %}", form=NameForm({}))

    assert "有 4 处需要改正" in page
    for link in ("#id_new_name", "#id_reason_0", "#id_pledge", "#id_sign"):
        assert f'href="{link}"' in page
    for words in ("请填写“新姓名”。", "请选择“原因”。", "请勾选“我保证”。", "请上传“签名”。"):
        assert words in page


def test_a_form_without_errors_has_no_summary() -> None:
    assert shown("{% error_summary form %}{% error_summary none %}", form=NameForm(), none=None) == ""


def test_problems_of_a_service_are_summed_up_the_same_way() -> None:
    page = shown("{% error_summary problems %}", problems=[Problem("phone", "手机号少了一位。", "请填 11 位。")])

    assert 'href="#id_phone">手机号少了一位。 请填 11 位。</a>' in page


@pytest.mark.parametrize("tag", ["upload", "camera", "signature"])
def test_device_capture_is_an_ordinary_file_field_without_javascript(tag: str) -> None:
    page = shown("{% " + tag + " form.sign %}", form=NameForm())

    before_input = page[: page.index('type="file"')]
    assert 'name="sign"' in page
    assert before_input.rfind("hidden>") <= before_input.rfind("</div>")


def test_a_refusal_says_what_why_cure_and_where() -> None:
    page = shown("{% refusal answer %}", answer=Refusal(REASON, (Fact("法院", "滑县人民法院"),), PLACE))

    for words in (REASON.what_zh, REASON.why_zh, REASON.law_zh, REASON.cure_zh, "滑县人民法院", PLACE.address_zh):
        assert words in page
    assert 'href="tel:0372-0000000"' in page


def test_a_decision_shows_refusals_before_conditions() -> None:
    condition = Finding("b", Verdict.CONDITION, Reason("N1", "要告知抵押权人", "", "", ""))
    page = shown("{% decision d %}", d=Decision.of([condition, Finding("a", Verdict.REFUSE, REASON)]))

    assert "不能办" in page
    assert page.index(REASON.what_zh) < page.index("要告知抵押权人")


def test_a_clear_answer_is_said_in_words() -> None:
    assert "可以办" in shown("{% decision d %}", d=Decision.of([]))


def test_fetched_data_says_from_where_and_when_or_why_it_is_missing() -> None:
    rows = (Datum("坐落", "文明路", "滑县登记簿", AT), Datum("户籍", missing_zh="公安系统连不上"))
    page = shown("{% facts rows %}", rows=rows)

    assert "来源：滑县登记簿" in page
    assert "3月5日 14:20" in page
    assert "公安系统连不上" in page


def test_a_changed_value_is_marked_as_deleted_and_inserted() -> None:
    page = shown("{% differences c %}", c=(Change("权利人", "李敏", "李明慧"), Change("坐落", "文明路", "文明路")))

    assert (page.count("<del>"), page.count("<ins>"), page.count("diff__mark")) == (1, 1, 1)


def test_a_row_of_a_queue_opens_by_its_first_cell() -> None:
    table = Table(
        "待办", (Column("号", "code"), Column("费", "money")), (Row(("A1", 8000), "/desk/A1"),), is_queue=True
    )
    page = shown("{% data_table t %}", t=table)

    assert "data-queue" in page
    assert re.search(r'href="/desk/A1"><span class="code">A1</span></a>', page)
    assert 'data-label="费" class="grid__number">80.00 元' in page


def test_a_row_with_a_cell_too_few_is_a_programmer_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        shown("{% data_table t %}", t=Table("待办", (Column("号"), Column("费")), (Row(("A1",)),)))


def test_an_empty_table_says_so() -> None:
    assert "没有待办" in shown("{% data_table t %}", t=Table("待办", (Column("号"),), (), empty_zh="没有待办"))


def test_the_timeline_says_where_it_is_who_acts_until_when_and_what_next() -> None:
    steps = (Step("收件", StepState.DONE, "李敏", AT), Step("复审", StepState.NOW))
    journey = Timeline(Badge("复审中", Tone.GOING), "滑县登记中心", "登簿", date(2026, 3, 6), steps)
    page = shown("{% timeline j %}", j=journey)

    for words in ("复审中", "滑县登记中心", "2026年3月6日", "登簿", "（已完成）", "（正在办理）"):
        assert words in page
    assert page.count('aria-current="step"') == 1


def test_both_clocks_name_their_basis() -> None:
    page = shown("{% clocks a b %}", a=Clock("法定期限", 4, 30, basis_zh="条例"), b=Clock("承诺期限", 2, 1))

    assert page.count("clock__bar") == 2
    assert "条例" in page
    assert "已超期" in page


def test_a_chart_has_its_data_as_a_table() -> None:
    chart = BandChart("历史", date(2010, 1, 1), date(2020, 1, 1), (Lane("抵押", (Band("工行", date(2011, 1, 1)),)),))
    page = shown("{% band_chart c %}", c=chart)

    assert page.count("<svg") == 2
    assert page.count("工行") >= 2
    assert "至今" in page


def test_more_papers_than_the_viewer_holds_are_still_reachable() -> None:
    papers = [Paper(f"材料{n}", f"/f/{n}", "image/png") for n in range(15)]
    page = shown("{% viewer p %}", p=papers)

    assert page.count("<figure") == 12
    assert all(f'href="/f/{n}"' in page for n in range(15))


def test_a_pdf_has_a_link_for_devices_that_cannot_show_it() -> None:
    page = shown("{% viewer p %}", p=[Paper("合同", "/f/1", "application/pdf")])

    assert 'type="application/pdf"' in page
    assert 'href="/f/1">打开文件' in page


def test_a_shortcut_is_shown_where_it_works() -> None:
    page = shown('{% button "通过" key="a" %}{% button_link "返回" "/x" key="b" %}')

    assert page.count("data-key=") == page.count("<kbd") == 2


def test_blocks_wrap_their_content() -> None:
    page = shown(
        '{% panel title="期限" %}甲{% endpanel %}{% notice tone="warn" %}乙{% endnotice %}'
        '{% disclosure "法律" %}丙{% enddisclosure %}{% sheet title="凭证" on=day %}丁{% endsheet %}'
        "{% actions %}戊{% endactions %}",
        day=date(2026, 3, 5),
    )

    for words in ("期限", "甲", "notice--warn", "乙", "<summary>法律", "丙", "凭证", "2026年3月5日", "丁", "戊"):
        assert words in page


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{% facts v %}", [Datum(EVIL, EVIL, EVIL)]),
        ("{% differences v %}", [Change(EVIL, EVIL, EVIL + "x")]),
        ("{% data_table v %}", Table(EVIL, (Column(EVIL),), (Row((EVIL,), EVIL),))),
        ("{% status v %}", Badge(EVIL)),
        ("{% tabs v %}", [Tab(EVIL, EVIL)]),
        ("{% pager v %}", KeyPage(EVIL, EVIL, 1, EVIL)),
        (
            "{% refusal v %}",
            Refusal(Reason(EVIL, EVIL, EVIL, EVIL, EVIL), (Fact(EVIL, EVIL),), Place(EVIL, EVIL, EVIL)),
        ),
        ("{% timeline v %}", Timeline(Badge(EVIL), EVIL, EVIL, None, [Step(EVIL, StepState.NOW, EVIL, None, EVIL)])),
        ("{% viewer v %}", [Paper(EVIL, EVIL, EVIL, EVIL), Paper(EVIL, EVIL, "image/png")]),
        ("{% button v name=v value=v key=v %}{% button_link v v v v %}{% seal v %}{% empty v v v v %}", EVIL),
        ("{% panel title=v note=v id=v %}x{% endpanel %}{% notice tone=v title=v %}x{% endnotice %}", EVIL),
        ("{% sheet title=v number=v issuer=v seal=v %}x{% endsheet %}", EVIL),
    ],
)
def test_what_people_typed_never_becomes_markup(source: str, value: object) -> None:
    page = shown(source, v=value)

    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert '"">' not in page


def test_words_have_filters() -> None:
    page = shown(
        '{{ at|when:"short" }} {{ fee|cents }} {{ size|filesize }} {{ unit|groups }} {{ id|mask:"id" }}',
        at=AT, fee=8000, size=2048, unit="410526001001GB00001F00010001", id="410526199001011234",
    )  # fmt: skip

    assert page.startswith("3月5日 14:20 80.00 元 2 KB 410526 001001 GB00001 F00010001 ")
    assert "19900101" not in page
