"""The reference page of fees and taxes: a function from the dated tables in the code to Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from tongban.domain.dues import yuan_zh
from tongban.domain.fees.asked import FEE_PARAMETERS, FeeFigures
from tongban.domain.fees.tables import CLASS_RULES, EXEMPTIONS, USE_RULES, ClassRule
from tongban.domain.fees.terms import FeeRate
from tongban.domain.parameters import PARAMETERS
from tongban.domain.period import Period
from tongban.domain.taxes import rates
from tongban.domain.taxes.deal import TAX_PARAMETERS
from tongban.domain.taxes.lines import DECIDED_BY_ZH, rate_zh
from tools.markdown import code, page, table

_RATE_ZH = {
    FeeRate.FULL: "全额",
    FeeRate.HALF: "减半",
    FeeRate.FREE: "不收",
    FeeRate.CERTIFICATE_ONLY: "只收证书工本费",
    FeeRate.FLAT: "当地定额",
}


def fees() -> str:
    """The fee table, exemptions, and the rates behind the tax estimate."""
    return page(
        "Fees and tax estimate 登记费和税费估算",
        "The amounts are the defaults of the law; a place may set its own from a day on (see "
        "[parameters](parameters.md)). A bill is made by the rules of the day of the application.",
        "## Registration fee by registration 登记费：按登记收多少",
        table(
            ("class", "登记", "起止", "收多少", "住宅类", "非住宅类", "为什么", "依据"), map(_class_row, CLASS_RULES)
        ),
        "One piece (件) is one unit, one right, one kind of registration; one loan secured on several things of one\n"
        "parcel is one piece, on several parcels as many. Of a mixed parcel the dearest use counts. The party entered as\n"
        "right holder pays, of a mortgage the mortgagee; co-owners divide as they agree.",
        "## By use 登记费：按用途",
        table(("use", "用途", "起止", "照什么收", "最多", "为什么", "依据"), _use_rows()),
        f"One certificate is free with each piece; each further one costs {yuan_zh(FeeFigures.of({}).certificate_fen)}. "
        "A registration proof (登记证明) is never charged.",
        "## Exemptions 减免",
        table(("ground", "减免", "要留存的证据", "要有人批准", "为什么", "依据"), _exemption_rows()),
        "The evidence stays in the case. A ground that proves false is recovered: the bill is made again without it. "
        "The whole fee goes back when a case ends without an entry in the register; what was taken too much always.",
        "## Tax estimate 税费估算",
        DECIDED_BY_ZH,
        table(("税种", "谁、什么情况", "税率", "起止", "依据"), _tax_rows()),
        "## Figures of the place 当地参数",
        table(("name", "参数", "缺省", "依据"), _parameter_rows()),
    )


def _class_row(rule: ClassRule) -> tuple[str, ...]:
    figures = FeeFigures.of({})
    home_fen, other_fen = {
        FeeRate.FULL: (figures.residential_fen, figures.other_fen),
        FeeRate.HALF: (figures.residential_half_fen, figures.other_half_fen),
        FeeRate.FLAT: (figures.habitation_fen, figures.habitation_fen),
        FeeRate.FREE: (0, 0),
        FeeRate.CERTIFICATE_ONLY: (0, 0),
    }[rule.rate]
    paper_zh = f"每本{yuan_zh(figures.certificate_fen)}" if rule.rate is FeeRate.CERTIFICATE_ONLY else ""
    return (
        code(rule.fee_class.value),
        rule.fee_class.name_zh,
        _period(rule.period),
        _RATE_ZH[rule.rate],
        paper_zh or yuan_zh(home_fen),
        paper_zh or yuan_zh(other_fen),
        rule.why_zh,
        rule.law_zh,
    )


def _use_rows() -> Iterable[tuple[str, ...]]:
    for rule in USE_RULES:
        yield (
            code(rule.use.value),
            rule.use.name_zh,
            _period(rule.period),
            rule.priced_as.name_zh,
            _RATE_ZH[rule.at_most],
            rule.why_zh,
            rule.law_zh,
        )


def _exemption_rows() -> Iterable[tuple[str, ...]]:
    for rule in EXEMPTIONS.values():
        approved = "是" if rule.needs_approver else "否"
        yield (
            code(rule.ground.value),
            rule.ground.name_zh,
            rule.evidence.name_zh,
            approved,
            rule.why_zh,
            rule.law_zh,
        )


def _tax_rows() -> Iterable[tuple[str, ...]]:
    for deed in rates.HOME_DEED_RATES:
        what_zh = f"{rate_zh(deed.small)}（{deed.area_limit_m2}平方米以下）、{rate_zh(deed.large)}（以上）"
        yield "契税", f"个人买住房，{deed.homes.name_zh}", what_zh, _period(deed.period), deed.law_zh
    for vat in rates.VAT_UNDER_TWO_YEARS:
        yield "增值税", "个人卖取得不满二年的住房；满二年免征", rate_zh(vat.rate), _period(vat.period), vat.law_zh
    for seat, rate in rates.CITY_MAINTENANCE.items():
        yield "城市维护建设税", f"按增值税，房子在{seat.name_zh}", rate_zh(rate), "—", rates.CITY_MAINTENANCE_LAW_ZH
    yield "教育费附加", "按增值税", rate_zh(rates.EDUCATION), "—", rates.EDUCATION_LAW_ZH
    yield "地方教育附加", "按增值税", rate_zh(rates.LOCAL_EDUCATION), "—", rates.LOCAL_EDUCATION_LAW_ZH
    yield "个人所得税", "有票据时按赚的部分；满五年且家庭唯一免征", rate_zh(rates.INCOME), "—", rates.INCOME_LAW_ZH
    yield "印花税", "双方各自；个人买卖住房免征", rate_zh(rates.STAMP), "—", rates.STAMP_LAW_ZH
    for half in rates.HALVED:
        yield "附加税费、印花税", "个人减半", rate_zh(half.rate), _period(half.period), half.law_zh
    for refund in rates.REPURCHASE_REFUND:
        yield "个人所得税", "一年以内在同一个城市再买房，申请退税", "—", _period(refund.period), refund.law_zh


def _parameter_rows() -> Iterable[tuple[str, ...]]:
    for name in (*FEE_PARAMETERS, *TAX_PARAMETERS):
        one = PARAMETERS[name]
        yield code(name), one.name_zh, f"{one.default} {one.unit_zh}".strip(), one.source_zh


def _period(period: Period) -> str:
    return f"{period.first} — {period.last or '现在'}"
