"""What lies on a unit that changes hands, and what whoever gets it must know or bring for it.

A mortgage follows the thing (民法典 406), a right of habitation stays (民法典 366), an objection makes the taker's good
faith doubtful (细则 84), an advance notice needs its holder's consent (民法典 221).  The register fills in what is there;
the taker says that it is known to him.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tongban.domain.burdens import Burden, standing_on
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import answered
from tongban.domain.catalogue.item import NO, YES, Choice, Field, FieldKind, PartyRole, Requirement, When
from tongban.domain.errors import Problem
from tongban.domain.evidence import Evidence
from tongban.domain.unit_page import MORTGAGES, UnitPage

PLAIN: Final = "plain"
CONSENT: Final = "consent"
_MORTGAGED = (PLAIN, CONSENT)
_NEEDS_CONSENT = frozenset({Burden.MORTGAGE_NO_TRANSFER, Burden.MORTGAGE_OLD})
_NOTICES = frozenset({Burden.PRIORITY_NOTICE, Burden.MORTGAGE_NOTICE})
_FILLED_ZH = "属地查到的会自动填好；没有填好的，照证书和文书选。"


@dataclass(frozen=True, slots=True)
class Lying:
    """The questions about what lies on one unit.

    `prefix` and `unit_zh` tell two units of one application apart.  `is_disposal`: somebody gives the unit away by his
    own will, so the mortgagee has to be told (民法典 406②); inheritance and court papers dispose of nothing.
    `own_notice`: the advance notice is the taker's own.
    """

    prefix: str = ""
    unit_zh: str = "这处房产"
    is_disposal: bool = True
    own_notice: bool = False

    def key(self, what: str) -> str:
        return f"{self.prefix}{what}"

    def fields(self) -> tuple[Field, ...]:
        """What is asked; each statement of the taker only where there is something to know."""
        key, unit = self.key, self.unit_zh
        asked = (
            field
            for field in (
                Field(key("mortgage"), f"{unit}抵押着吗", _FILLED_ZH + "贷款没还清、抵押没注销的，就是抵押着。",
                      FieldKind.CHOICE, can_wait=True, choices=(
                          Choice(NO, "没有抵押"),
                          Choice(PLAIN, "抵押着，没有登记不准转让的约定"),
                          Choice(CONSENT, "抵押着，登记了不准（限制）转让的约定，或者是2021年以前抵押的"),
                      )),
                self._said("taker_knows_mortgage", "得房子的人知不知道抵押还在，而且跟着房子走",
                           "房子换了主人，抵押不会消失：原来的债还不上，抵押权人仍然可以卖这处房子。知道并且愿意要的选“是”。",
                           When(key("mortgage"), _MORTGAGED)),
                self._said("mortgagee_told", "转让房产的事，告诉抵押权人（银行）了吗", "法律要求转让人及时告诉抵押权人。",
                           When(key("mortgage"), _MORTGAGED)),
                self._said("habitation", f"{unit}有没有别人登记了居住权", _FILLED_ZH, None),
                self._said("taker_knows_habitation", "得房子的人知不知道居住权还在",
                           "房子换了主人，居住权人仍然可以一直住到期满。知道的选“是”。", When(key("habitation"), (YES,))),
                self._said("objection", f"{unit}有没有人登记了异议", _FILLED_ZH, None),
                self._said("taker_takes_risk", "得房子的人知不知道有异议，愿不愿意自己担风险",
                           "有人说这房子不该是现在这个主人的。以后法院支持他的话，得房子的人可能落空。知道并且愿意自担风险的选“是”。",
                           When(key("objection"), (YES,))),
                self._said("notice", f"{unit}有没有别人的预告登记", _FILLED_ZH + "有的，要他书面同意才能办。", None),
            )
            if field.key not in self._left_out
        )  # fmt: skip
        return h.under(f"{unit}上的其他权利", *asked)

    @property
    def _left_out(self) -> frozenset[str]:
        told = () if self.is_disposal else (self.key("mortgagee_told"),)
        notice = (self.key("notice"),) if self.own_notice else ()
        return frozenset({*told, *notice})

    def rows(self) -> tuple[Requirement, ...]:
        """The papers of others that are needed for what lies there."""
        consent = Requirement(
            self.key("mortgagee_consent"),
            m.MORTGAGEE_CONSENT,
            answered(self.key("mortgage"), CONSENT),
            whose=PartyRole.MORTGAGEE,
            how_zh="银行（抵押权人）盖章、写明同意转让的同意书，有几位抵押权人就要几份；没有登记不准转让约定的，不用带。",
        )
        notice = Requirement(
            self.key("notice_consent"),
            m.INTERESTED,
            answered(self.key("notice"), YES),
            whose=PartyRole.NOTICE_HOLDER,
            how_zh="预告登记权利人签名、写明同意的书面材料，有几位就要几份。",
        )
        return (consent,) if self.own_notice else (consent, notice)

    def known(self, page: UnitPage) -> dict[str, str]:
        """What the register tells the form."""
        recorded = {one.burden.burden for one in page.burdens}
        found = {
            "mortgage": mortgaged(page),
            "habitation": _yes(Burden.HABITATION in recorded),
            "objection": _yes(Burden.OBJECTION in recorded),
            "notice": _yes(bool(recorded & _NOTICES)),
        }
        return {self.key(what): value for what, value in found.items()}

    def claims(self, form: Mapping[str, str]) -> frozenset[str]:
        """The written statement about an objection that the form itself is (细则 84)."""
        risk = form.get(self.key("taker_takes_risk")) == YES
        return frozenset({Evidence.OBJECTION_RISK_STATEMENT.value}) if risk else frozenset()

    def problems(self, page: UnitPage, form: Mapping[str, str], today: date) -> list[Problem]:
        """What lies on the unit that day and the taker has not said he knows; refuses nothing that is not there."""
        standing = {now.burden for one in page.burdens if (now := standing_on(one.burden, today))}
        wanted: list[tuple[str, str, str]] = []
        if standing & MORTGAGES:
            wanted.append(_KNOWS_MORTGAGE)
            wanted += [_MORTGAGEE_TOLD] if self.is_disposal else []
        if Burden.HABITATION in standing:
            wanted.append(_KNOWS_HABITATION)
        if Burden.OBJECTION in standing:
            wanted.append(_TAKES_RISK)
        return [
            Problem(self.key(what), self.unit_zh + what_zh, cure_zh)
            for what, what_zh, cure_zh in wanted
            if form.get(self.key(what)) != YES
        ]

    def _said(self, what: str, label_zh: str, help_zh: str, when: When | None) -> Field:
        return Field(self.key(what), label_zh, help_zh, FieldKind.YES_NO, when=when, can_wait=True)


_KNOWS_MORTGAGE = (
    "taker_knows_mortgage",
    "抵押着，得房子的人还没有写明知道抵押跟着房子走（民法典第四百零六条）",
    "请给他讲清楚；知道并且愿意要的，改选“是”。不愿意的，先还清贷款、注销抵押再办",
)
_MORTGAGEE_TOLD = (
    "mortgagee_told",
    "要转让，还没有告诉抵押权人（民法典第四百零六条第二款）",
    "请先打电话或者写信告诉抵押权人，再改选“是”",
)
_KNOWS_HABITATION = (
    "taker_knows_habitation",
    "登记了居住权，得房子的人还没有写明知道（民法典第三百六十六条）",
    "请给他讲清楚；知道的，改选“是”",
)
_TAKES_RISK = (
    "taker_takes_risk",
    "有异议登记，得房子的人还没有写明知道并且自担风险（实施细则第八十四条）",
    "请给他讲清楚；愿意自担风险的，改选“是”",
)

ON_IT: Final = Lying()
ON_WHAT_PASSES_BY_LAW: Final = Lying(is_disposal=False)


def mortgaged(page: UnitPage) -> str:
    """Whether the unit is mortgaged, and whether the mortgagee has to consent (民法典 406; 物权法 191; 54号文)."""
    kinds = {now.burden for one in page.burdens if (now := standing_on(one.burden, date.max))}
    if not kinds & MORTGAGES:
        return NO
    return CONSENT if kinds & _NEEDS_CONSENT else PLAIN


def _yes(is_so: bool) -> str:
    return YES if is_so else NO
