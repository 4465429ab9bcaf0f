"""Sample data of the style guide: fictional people and places only."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django import forms
from django.templatetags.static import static

from tongban.domain.decision import Decision, Fact, Finding, Place, Reason, Refusal, Verdict
from tongban.web.parts import (
    Badge,
    Band,
    BandChart,
    Change,
    Clock,
    ClockState,
    Column,
    Datum,
    KeyPage,
    Lane,
    Paper,
    Progress,
    Row,
    Step,
    StepState,
    Tab,
    Table,
    Timeline,
    Tone,
)

_AT = datetime(2026, 3, 5, 6, 20, tzinfo=UTC)
_PLACE = Place("滑县不动产登记中心", "滑县新区文明路与长江路交叉口（示例地址）", "0372-0000000")
_SEIZED = Reason(
    "R01",
    "房屋已被查封，现在不能办理姓名变更",
    "人民法院已通知登记机构协助查封这处房屋。查封期间，会影响执行的登记不能办理。",
    "《民事诉讼法》第二百五十三条；《最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定》第九条",
    "请联系作出查封决定的法院办理解除查封；解封通知送达后可以重新申请，已交的材料不用重交。",
)
_CONSENT = Reason(
    "N04",
    "房屋上有抵押，变更前请通知抵押权人",
    "抵押权登记簿上记着原来的姓名；变更不影响抵押权，但抵押权人应当知道。",
    "《不动产登记暂行条例实施细则》第二十六条",
    "上传抵押权人盖章的知悉函；没有的，窗口可以代为通知，一个工作日内答复。",
)


class SpecimenForm(forms.Form):
    """One field of every kind."""

    new_name = forms.CharField(label="您现在的姓名", help_text="与新身份证上的姓名一致。", max_length=50)
    reason = forms.ChoiceField(
        label="为什么变更",
        widget=forms.RadioSelect,
        choices=[("rename", "本人改了姓名"), ("typo", "原来登记有误，公安机关已更正"), ("company", "单位名称变更")],
    )
    phone = forms.CharField(label="手机号", help_text="只用来通知办理进度。", required=False)
    registry = forms.ChoiceField(
        label="登记机构",
        choices=[("410526", "滑县不动产登记中心"), ("410100", "郑州市不动产登记中心")],
    )
    remark = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    pledge = forms.BooleanField(label="我保证以上内容真实，并愿意承担法律责任")
    scan = forms.FileField(label="户口簿", help_text="JPG、PNG 或 PDF，单个文件不超过 20 MB。")
    photo = forms.FileField(label="本人照片", help_text="正对镜头，光线均匀。")
    signature = forms.FileField(label="申请人签名")


def _timeline() -> Timeline:
    return Timeline(
        now=Badge("复审中", Tone.GOING),
        who_zh="滑县不动产登记中心 · 复审岗",
        until=date(2026, 3, 6),
        next_zh="复审通过后登记到登记簿，然后制作电子证书",
        steps=(
            Step("收件", StepState.DONE, "郑州市不动产登记中心 · 李敏", _AT),
            Step("受理", StepState.DONE, "滑县不动产登记中心 · 系统", _AT, "材料齐全，当场受理。"),
            Step("初审", StepState.DONE, "滑县不动产登记中心 · 王芳", _AT),
            Step("复审", StepState.NOW, "滑县不动产登记中心"),
            Step("登簿", StepState.NEXT),
            Step("发证", StepState.NEXT),
        ),
    )


def _table() -> Table:
    columns = (
        Column("案件号", "code"),
        Column("申请人"),
        Column("不动产单元", "code"),
        Column("收件时间", "time"),
        Column("已用", "number"),
        Column("登记费", "money"),
        Column("状态"),
    )
    units = ("410526 001001 GB00001 F00010001", "410526 001002 GB00017 F00030102", "410526 002001 GB00005 F00010807")
    badges = (
        Badge("待初审", Tone.WAITING),
        Badge("复审中", Tone.GOING),
        Badge("已登簿", Tone.DONE),
        Badge("不予登记", Tone.STOPPED),
    )
    names = ("张＊", "赵＊明", "欧阳＊＊", "河南＊＊有限公司", "刘＊", "陈＊华")
    rows = tuple(
        Row(
            (f"41052620260305{n:06d}", name, units[n % 3], _AT, n, 8000 if n % 2 else 0, badges[n % 4]),
            "#table",
            Tone.STOPPED if n == 3 else None,
        )
        for n, name in enumerate(names)
    )
    return Table("待办案件", columns, rows, is_queue=True)


def _history() -> BandChart:
    owners = (
        Band("张建国 单独所有", date(2011, 5, 4), date(2019, 8, 20)),
        Band("李敏、王强 共同共有", date(2019, 8, 20)),
    )
    mortgages = (
        Band("工商银行 45 万元", date(2012, 1, 10), date(2018, 12, 3), Tone.WAITING),
        Band("建设银行 60 万元", date(2019, 9, 1), None, Tone.WAITING),
    )
    order = "（2015）豫0526执1234号"
    seizures = (Band("滑县人民法院", date(2015, 3, 1), date(2016, 2, 1), Tone.STOPPED, order),)
    objections = (Band("异议登记", date(2017, 6, 1), date(2017, 6, 16), Tone.QUIET),)
    lanes = (Lane("所有权", owners), Lane("抵押权", mortgages), Lane("查封", seizures), Lane("预告与异议", objections))
    return BandChart("不动产单元的登记历史", date(2010, 1, 1), date(2026, 3, 5), lanes)


def _decisions() -> dict[str, object]:
    seized_facts = (Fact("查封法院", "滑县人民法院"), Fact("查封期限", "至 2028年3月1日"))
    refused = Finding("SEIZURE×ALTER_NAME", Verdict.REFUSE, _SEIZED, seized_facts)
    mortgagee = (Fact("抵押权人", "建设银行滑县支行"),)
    condition = Finding("MORTGAGE×ALTER_NAME", Verdict.CONDITION, _CONSENT, mortgagee, "mortgagee_told")
    return {
        "refused": Decision.of([refused, condition]),
        "conditional": Decision.of([condition]),
        "allowed": Decision.of([]),
        "refusal": Refusal(_SEIZED, seized_facts, _PLACE),
        "place": _PLACE,
    }


def _limits() -> dict[str, object]:
    law = "《不动产登记暂行条例》第二十条"
    return {
        "legal": Clock("法定期限", 4, 30, ClockState.RUNNING, date(2026, 4, 16), law),
        "service": Clock("承诺期限", 1, 1, ClockState.PAUSED, date(2026, 3, 6), "等待申请人补正，暂停计时"),
        "late": Clock("核验答复", 2, 1, ClockState.OVERDUE, date(2026, 3, 4), "收办分离协议第五条"),
    }


def _lists() -> dict[str, object]:
    return {
        "table": _table(),
        "empty_table": Table("空表", (), ()),
        "page": KeyPage("#older", "#newer", 6, "共约 1,240 条"),
        "tabs": (
            Tab("待初审", "#1", is_current=True, count=12),
            Tab("待复审", "#2", count=3),
            Tab("已退回", "#3", count=0),
            Tab("全部", "#4"),
        ),
        "papers": (
            Paper("户口簿", static("web/specimen.svg"), "image/svg+xml", "第 1 页，收件窗口扫描"),
            Paper("身份证", static("web/mark.svg"), "image/svg+xml"),
        ),
    }


def _values() -> dict[str, object]:
    book = "滑县登记簿"
    return {
        "changes": (
            Change("权利人", "李敏", "李明慧"),
            Change("证件号码", "4105＊＊＊＊＊＊＊＊1228", "4105＊＊＊＊＊＊＊＊1228"),
            Change("证书号", "豫（2019）滑县不动产权第0001234号", "豫（2026）滑县不动产权第0000088号"),
            Change("共有情况", "共同共有", "共同共有"),
        ),
        "data": (
            Datum("不动产单元", "410526 001001 GB00001 F00010001", book, _AT, is_code=True),
            Datum("坐落", "滑县道口镇解放路 18 号院 3 号楼 1 单元 502 室", book, _AT),
            Datum("建筑面积", "89.50 平方米", book, _AT),
            Datum("用途", "住宅"),
            Datum("户籍信息", missing_zh="公安系统暂时连不上，请核对户口簿原件"),
            Datum("登记费", "免收", "财税〔2019〕45号"),
        ),
    }


def specimens() -> dict[str, object]:
    """The context of both style-guide pages."""
    return {
        "form": SpecimenForm(),
        "wrong": SpecimenForm({"new_name": "", "reason": "rename"}),
        "timeline": _timeline(),
        "history": _history(),
        "step": Progress(2, 6, "填写新姓名"),
        "today": date(2026, 3, 5),
        **_decisions(),
        **_limits(),
        **_lists(),
        **_values(),
    }
