"""Local figures that do not follow from the catalogue: each with its default and its source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from tongban.domain.errors import InvalidInput, Problem


class ParameterKind(StrEnum):
    COUNT = "count"  # whole number, 0 or more
    SWITCH = "switch"  # on | off
    TEXT = "text"
    MONEY = "money"  # yuan with at most two decimals, read as whole fen
    RATE = "rate"  # per cent with at most four decimals, read as whole millionths


@dataclass(frozen=True, slots=True)
class Parameter:
    """One local figure.  Values are kept and sent as text; `read` gives the typed value or refuses."""

    name: str
    name_zh: str
    kind: ParameterKind
    default: str
    unit_zh: str
    source_zh: str

    def read(self, text: str) -> int | bool | str:
        """The typed value of a stored text: int for COUNT, MONEY (fen), RATE (millionths), bool for SWITCH, else str."""
        match self.kind:
            case ParameterKind.COUNT:
                self._check(r"0|[1-9][0-9]{0,5}", text, "应当是整数", "请填 0 到 999999 之间的整数")
                return int(text)
            case ParameterKind.MONEY:
                self._check(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?", text, "应当是钱数", "请填多少元，例如 80 或者 27.50")
                return _scaled(text, 2)
            case ParameterKind.RATE:
                self._check(
                    r"(0|[1-9][0-9]?|100)(\.[0-9]{1,4})?", text, "应当是百分数", "请填百分之几，例如 3 或者 1.5"
                )
                return _scaled(text, 4)
            case ParameterKind.SWITCH:
                self._check("on|off", text, "只能是开或关", "请填 on 或 off")
                return text == "on"
            case ParameterKind.TEXT:
                return text

    def _check(self, pattern: str, text: str, what_zh: str, cure_zh: str) -> None:
        if re.fullmatch(pattern, text) is None:
            raise InvalidInput([Problem(self.name, f"“{self.name_zh}”{what_zh}", cure_zh)])


def _scaled(text: str, decimals: int) -> int:
    """A decimal text as a whole number of its smallest parts."""
    whole, _, rest = text.partition(".")
    return int(whole + rest.ljust(decimals, "0"))


def _count(name: str, name_zh: str, default: int, unit_zh: str, source_zh: str) -> Parameter:
    return Parameter(name, name_zh, ParameterKind.COUNT, str(default), unit_zh, source_zh)


def _money(name: str, name_zh: str, default: str, unit_zh: str, source_zh: str) -> Parameter:
    return Parameter(name, name_zh, ParameterKind.MONEY, default, unit_zh, source_zh)


def _rate(name: str, name_zh: str, default: str, source_zh: str) -> Parameter:
    return Parameter(name, name_zh, ParameterKind.RATE, default, "%", source_zh)


def _switch(name: str, name_zh: str, source_zh: str, default: str = "on") -> Parameter:
    return Parameter(name, name_zh, ParameterKind.SWITCH, default, "", source_zh)


PLAN_ZH: Final = "河南省不动产登记“全豫通办”总体方案（豫自然资发〔2020〕59号）"
_RANGE = "滑自然资发〔2021〕48号第四条"
_RULE22 = "不动产登记暂行条例"
_OWN = "产品设定，登记机构可改"
_FEE = "发改价格规〔2016〕2559号"
_RELIEF = "财税〔2016〕79号"

_PARAMETERS = (
    _count("deemed_accept_workdays", "属地答复期限（到期视为受理）", 1, "工作日", f"{_RULE22}第十七条；" + _OWN),
    _count("legal_limit_workdays", "法定办结期限", 30, "工作日", f"{_RULE22}第二十条"),
    _count("consult_minutes", "窗口咨询属地的答复时间", 30, "分钟", _OWN),
    _count("correction_days", "补正期限", 15, "工作日", _OWN),
    _count("draft_days", "未提交申请的保留时间", 30, "日", _OWN),
    _count("query_workdays", "查询资料提供期限", 5, "工作日", "不动产登记资料查询暂行办法第十条"),
    _count("query_names_hourly", "每人每小时按姓名查询的次数", 20, "次", _OWN),
    _count("public_notice_workdays", "公告期", 15, "工作日", "不动产登记暂行条例实施细则第十七条"),
    _count("reissue_wait_days", "遗失补发等待期", 0, "工作日", "不动产登记暂行条例实施细则第二十二条（2024年修正）"),
    _count(
        "loss_statement_days",
        "遗失声明在网站上保留的时间",
        30,
        "日",
        "不动产登记暂行条例实施细则第二十二条（没有写天数）；" + _OWN,
    ),
    _count("objection_days", "异议登记起诉期", 15, "日", "民法典第二百二十条"),
    _count("notice_days", "预告登记失效期", 90, "日", "民法典第二百二十一条"),
    _count("step_days.housing", "住建部门核验时限", 1, "工作日", _OWN),
    _count("step_days.tax", "税务部门核税时限", 1, "工作日", _OWN),
    _count("remind_percent", "临期提醒", 50, "%", _OWN),
    _count("escalate_percent", "超期督办", 100, "%", _OWN),
    _count("idle_minutes", "无操作自动退出", 15, "分钟", "GB/T 22239-2019 三级"),
    _count("lock_failures", "连续输错锁定次数", 5, "次", "GB/T 22239-2019 三级"),
    _count("lock_minutes", "锁定时间", 15, "分钟", "GB/T 22239-2019 三级"),
    _count("password_days", "口令有效期", 90, "日", "GB/T 22239-2019 三级"),
    _count("unsealed_seconds", "审计未封存告警", 60, "秒", _OWN),
    _count("review_days", "行政复议期限", 60, "日", "行政复议法第二十条"),
    _count("lawsuit_months", "行政诉讼期限", 6, "个月", "行政诉讼法第四十六条"),
    Parameter(
        "remedy_text",
        "救济途径说明",
        ParameterKind.TEXT,
        "如不服本决定，可以自收到之日起六十日内申请行政复议，或者在六个月内向人民法院提起行政诉讼。",
        "",
        "行政复议法第二十条；行政诉讼法第四十六条",
    ),
    _money("fee.residential", "登记费：住宅类", "80", "元/件", _FEE),
    _money("fee.other", "登记费：非住宅类", "550", "元/件", _FEE),
    _money("fee.residential_half", "登记费减半：住宅类", "40", "元/件", f"{_RELIEF}；{_FEE}"),
    _money("fee.other_half", "登记费减半：非住宅类", "275", "元/件", f"{_RELIEF}；{_FEE}"),
    _money("fee.certificate", "不动产权证书工本费", "10", "元/本", _FEE),
    _money("fee.habitation", "登记费：居住权", "80", "元/件", "国家没有单独规定，按住宅类；" + _OWN),
    _switch("fee.divorce_as_spouses", "离婚析产按夫妻间变更只收工本费", f"{_RELIEF}；各地做法不同，{_OWN}", "off"),
    _rate(
        "tax.deed_base_rate",
        "契税税率：一般",
        "4",
        "契税法第三条；河南省人大常委会关于契税具体适用税率的决定（2021年）",
    ),
    _rate(
        "tax.deed_home_rate",
        "契税税率：住房",
        "3",
        "契税法第三条；河南省人大常委会关于契税具体适用税率的决定（2021年）",
    ),
    _rate("tax.income_assessed_rate", "卖房个人所得税核定率：住房", "1", "国税发〔2006〕108号；河南省税务机关核定"),
    _switch("opening.window", "开通：任一窗口收件", PLAN_ZH),
    _switch("opening.prechecked", "开通：网上预审、窗口核验", PLAN_ZH),
    _switch("opening.online", "开通：全程网办", PLAN_ZH),
    _switch("exclusion.X01", "不通办：集体土地", _RANGE),
    _switch("exclusion.X02", "不通办：林权", _RANGE),
    _switch("exclusion.X03a", "不通办：国有农用地", _RANGE),
    _switch("exclusion.X03b", "不通办：单独的国有土地使用权", _RANGE),
    _switch("exclusion.X04", "不通办：在建建筑物抵押", _RANGE),
    _switch("exclusion.X05", "不通办：房屋所有权首次登记", _RANGE),
    _switch("exclusion.X06", "不通办：房屋注销登记", _RANGE),
    _switch("exclusion.X07", "不通办：涉土地增值税的单位房转让", _RANGE),
    _switch("exclusion.X08", "不通办：涉土地增值税的个人非住宅转让", _RANGE),
    _switch("exclusion.X09", "不通办：依职权登记", _RANGE),
    _switch("exclusion.X10", "不通办：历史遗留问题", _RANGE),
    _switch("exclusion.X11", "不通办：问题楼盘", _RANGE),
    _switch("exclusion.X12", "不通办：未测绘房屋", _RANGE),
    _switch("exclusion.X13", "不通办：未补缴土地价款的公有住房和经济适用住房上市", _RANGE),
    _switch("exclusion.X14", "不通办：企业改制", _RANGE),
    _switch("exclusion.X15", "不通办：非公证继承", _RANGE),
    _switch("exclusion.X16", "不通办：确需属地核实", "滑自然资发〔2021〕48号第五条第三项"),
    _switch("exclusion.X07w", "不通办：开发商、安置公司交房（从宽理解“单位房”）", _RANGE, "off"),
    _switch("exclusion.X08w", "不通办：个人非住宅的其他登记（从宽理解）", _RANGE, "off"),
    _switch("exclusion.X15w", "不通办：只有法院文书的继承（从宽理解）", _RANGE, "off"),
)

STANDING_PARAMETERS: Final[Mapping[str, Parameter]] = MappingProxyType(
    {parameter.name: parameter for parameter in _PARAMETERS}
)
assert len(STANDING_PARAMETERS) == len(_PARAMETERS), "a parameter is listed twice"
assert all(parameter.read(parameter.default) is not None for parameter in _PARAMETERS), "a default does not read"
