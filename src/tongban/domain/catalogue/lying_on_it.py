"""What lies on a unit that changes hands, and what whoever gets it must know or bring for it.

A mortgage follows the thing (民法典 406), a right of habitation stays (民法典 366), an objection makes the taker's good
faith doubtful (细则 84), an advance notice needs its holder's consent (民法典 221).  The register fills in what is there;
the taker says that it is known to him.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from tongban.domain.burdens import Burden, standing_on
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import answered
from tongban.domain.catalogue.item import NO, YES, Choice, Field, FieldKind, PartyRole, Requirement, When
from tongban.domain.errors import Problem
from tongban.domain.evidence import Evidence
from tongban.domain.unit_page import MORTGAGES, UnitPage

PLAIN: Final = "plain"
CONSENT: Final = "consent"
_NEEDS_CONSENT = frozenset({Burden.MORTGAGE_NO_TRANSFER, Burden.MORTGAGE_OLD})

LYING_FIELDS: Final = (
    Field("mortgage", "这处房产抵押着吗", "登记簿上有的，窗口会自动填好。贷款没还清、抵押没注销的，就是抵押着。",
          FieldKind.CHOICE, choices=(
              Choice(NO, "没有抵押"),
              Choice(PLAIN, "抵押着，没有登记不准转让的约定"),
              Choice(CONSENT, "抵押着，登记了不准（限制）转让的约定，或者是2021年以前抵押的"),
          ), can_wait=True),
    Field("taker_knows_mortgage", "得房子的人知不知道抵押还在，而且跟着房子走",
          "房子换了主人，抵押不会消失：原来的债还不上，抵押权人仍然可以卖这处房子。知道并且愿意要的选“是”。",
          FieldKind.YES_NO, when=When("mortgage", (PLAIN, CONSENT)), can_wait=True),
    Field("mortgagee_told", "转让房产的事，告诉抵押权人（银行）了吗", "法律要求转让人及时告诉抵押权人。", FieldKind.YES_NO,
          when=When("mortgage", (PLAIN, CONSENT)), can_wait=True),
    Field("habitation", "有没有别人登记了居住权", "登记簿上有的，窗口会自动填好。", FieldKind.YES_NO, can_wait=True),
    Field("taker_knows_habitation", "得房子的人知不知道居住权还在", "房子换了主人，居住权人仍然可以一直住到期满。知道的选“是”。",
          FieldKind.YES_NO, when=When("habitation", (YES,)), can_wait=True),
    Field("objection", "有没有人登记了异议", "登记簿上有的，窗口会自动填好。", FieldKind.YES_NO, can_wait=True),
    Field("taker_takes_risk", "得房子的人知不知道有异议，愿不愿意自己担风险",
          "有人说这房子不该是现在这个主人的。以后法院支持他的话，得房子的人可能落空。知道并且愿意自担风险的选“是”。",
          FieldKind.YES_NO, when=When("objection", (YES,)), can_wait=True),
    Field("notice", "有没有别人的预告登记", "登记簿上有的，窗口会自动填好。有的，要他书面同意才能办。", FieldKind.YES_NO,
          can_wait=True),
)  # fmt: skip

LYING_ROWS: Final = (
    Requirement(
        "mortgagee_consent",
        m.MORTGAGEE_CONSENT,
        answered("mortgage", CONSENT),
        whose=PartyRole.MORTGAGEE,
        how_zh="银行（抵押权人）盖章、写明同意转让的同意书；没有登记不准转让约定的，不用带。",
    ),
    Requirement(
        "notice_consent",
        m.INTERESTED,
        answered("notice", YES),
        whose=PartyRole.NOTICE_HOLDER,
        how_zh="预告登记权利人签名、写明同意的书面材料。",
    ),
)


def known_of(page: UnitPage) -> dict[str, str]:
    """What the register tells the form about what lies on the unit."""
    kinds = {now.burden for one in page.burdens if (now := standing_on(one.burden, date.max))}
    recorded = {one.burden.burden for one in page.burdens}
    mortgage = NO
    if kinds & MORTGAGES:
        mortgage = CONSENT if kinds & _NEEDS_CONSENT else PLAIN
    return {
        "mortgage": mortgage,
        "habitation": _yes(Burden.HABITATION in recorded),
        "objection": _yes(Burden.OBJECTION in recorded),
        "notice": _yes(bool(recorded & {Burden.PRIORITY_NOTICE, Burden.MORTGAGE_NOTICE})),
    }


def lying_claims(form: Mapping[str, str]) -> frozenset[str]:
    """The written statement about an objection that the form itself is (细则 84)."""
    risk = form.get("taker_takes_risk") == YES
    return frozenset({Evidence.OBJECTION_RISK_STATEMENT.value}) if risk else frozenset()


def lying_problems(page: UnitPage, form: Mapping[str, str], today: date) -> list[Problem]:
    """What lies on the unit that day and the taker has not said he knows; refuses nothing that is not there."""
    standing = {now.burden for one in page.burdens if (now := standing_on(one.burden, today))}
    problems = []
    if standing & MORTGAGES:
        if form.get("taker_knows_mortgage") != YES:
            problems.append(
                Problem(
                    "taker_knows_mortgage",
                    "房产抵押着，得房子的人还没有写明知道抵押跟着房子走（民法典第四百零六条）",
                    "请给他讲清楚；知道并且愿意要的，改选“是”。不愿意的，先还清贷款、注销抵押再办",
                )
            )
        if form.get("mortgagee_told") != YES:
            problems.append(
                Problem(
                    "mortgagee_told",
                    "转让的事还没有告诉抵押权人（民法典第四百零六条第二款）",
                    "请先打电话或者写信告诉抵押权人，再改选“是”",
                )
            )
    if Burden.HABITATION in standing and form.get("taker_knows_habitation") != YES:
        what_zh = "房产上登记了居住权，得房子的人还没有写明知道（民法典第三百六十六条）"
        problems.append(Problem("taker_knows_habitation", what_zh, "请给他讲清楚；知道的，改选“是”"))
    if Burden.OBJECTION in standing and form.get("taker_takes_risk") != YES:
        what_zh = "房产上有异议登记，得房子的人还没有写明知道并且自担风险（实施细则第八十四条）"
        problems.append(Problem("taker_takes_risk", what_zh, "请给他讲清楚；愿意自担风险的，改选“是”"))
    return problems


def _yes(is_so: bool) -> str:
    return YES if is_so else NO
