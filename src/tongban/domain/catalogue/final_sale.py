"""A buyer's advance notice becomes the ownership itself (本登记): 民法典 221; 细则 85, 86; amendment L4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    EVERYWHERE,
    OLD_CERTIFICATE_VOID,
    WHERE_ZH,
    always,
    attorney_row,
    disposing_rows,
    guide,
    inquiry,
    people_rows,
    pledge,
)
from tongban.domain.catalogue.item import (
    NO,
    YES,
    Choice,
    Department,
    EntryInput,
    Example,
    ExampleUnit,
    Field,
    FieldKind,
    FoundBy,
    PartyRole,
    Question,
    Requirement,
    ServiceItem,
    Shown,
)
from tongban.domain.catalogue.lying_on_it import Lying
from tongban.domain.catalogue.notice_form import PROOF_FIELD
from tongban.domain.catalogue.people import Comes, Group, fields_of, parties_of
from tongban.domain.catalogue.sale import BUYER_PAYS
from tongban.domain.catalogue.sale_words import BUYERS
from tongban.domain.catalogue.transferring import (
    MOST,
    TAX_ROW,
    UTILITY_FIELDS,
    contract_note,
    disposing_problems,
    giving_of,
    is_stood_in_for,
    people_problems,
    price_fields,
    refuse_if_any,
    replaced_by,
    same_people,
)
from tongban.domain.entries import Entry
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.evidence import Evidence
from tongban.domain.facts import ApplicationFacts
from tongban.domain.identity import normal_name
from tongban.domain.terms import Cause, CoOwnership, Document, Registration, Subject
from tongban.domain.titles import Holder
from tongban.domain.unit_page import UnitPage

OBLIGORS: Final = Group("obligor", PartyRole.NOTICE_OBLIGOR, "卖方（开发企业）", most=MOST, may_presign=True)
BESIDE_THE_NOTICE: Final = Lying(own_notice=True)

_FIELDS: Final = (
    Field("cause", "买的是新房还是二手房", "向开发企业买的选“新房”；卖方是别人的选“二手房”。", FieldKind.CHOICE,
          heading_zh=h.MATTER, choices=(
              Choice(Cause.DEVELOPER_SALE.value, "新房（向开发企业买的）"),
              Choice(Cause.SALE.value, "二手房"),
          )),
    PROOF_FIELD,
    *fields_of(OBLIGORS, BUYERS),
    *price_fields("买卖合同", "成交价"),
    *BESIDE_THE_NOTICE.fields(),
    *UTILITY_FIELDS,
)  # fmt: skip
_QUESTIONS: Final = inquiry(
    Question("same_home", "要登记的这套房，和预告登记、合同上写的是不是同一套？", must_be=YES,
             otherwise_zh="不是同一套的不能办本登记，请先核对合同和预告登记证明。"),
    Question("paid_up", "房款是不是按合同交清了（包括贷款已经放给卖方）？"),
    Question("when_possible", "什么时候知道可以办证的？超过90天没有办的，预告登记已经失效，但是仍然可以办转移登记。", kind=FieldKind.TEXT),
    OLD_CERTIFICATE_VOID,
)  # fmt: skip
_GUIDE_ZH: Final = guide(
    when_zh="买房时办过预告登记，现在能办正式的证了：预告登记变成本登记。能办以后90天内不办，预告登记就失效。",
    where_zh=WHERE_ZH,
    bring_zh=(
        "买方带身份证和预告登记证明（有电子证明的不用带）；网签备案的合同不用带。"
        "开发企业盖章，或者用备案过的授权书，不用到场；二手房的卖方带身份证一起来。"
    ),
    days=3,
    cost_zh="住宅登记费80元、其他550元，买方交；税由税务部门核定。",
    after_zh="领到自己的不动产权证书，预告登记同时注销。银行的抵押预告登记还在，请接着办抵押登记。",
)


def final_cause(form: Mapping[str, str]) -> Cause:
    """A new home, or an existing one; only the latter may bear land VAT."""
    return Cause.SALE if form.get("cause") == Cause.SALE else Cause.DEVELOPER_SALE


def read_final(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """The sale that the notice secured."""
    return ApplicationFacts(
        cause=final_cause(form),
        giving=giving_of(OBLIGORS, form),
        has_agent=is_stood_in_for(form, OBLIGORS, BUYERS),
        form=form,
        evidence=evidence,
    )


def final_claims(form: Mapping[str, str]) -> frozenset[str]:
    """The holder of the notice registers what the notice secured for him."""
    return BESIDE_THE_NOTICE.claims(form) | {Evidence.OWN_FINAL_REGISTRATION.value}


def own_notice(page: UnitPage, form: Mapping[str, str]) -> OpenBurden:
    """The buyer's notice the form names; raises InvalidInput when there is none."""
    opened = page.by_proof(form.get("proof_no", ""))
    if opened is None or opened.burden.burden is not Burden.PRIORITY_NOTICE:
        what_zh = "登记簿上没有这个证明号的买卖预告登记"
        raise InvalidInput(
            [Problem("proof_no", what_zh, "请照着预告登记证明核对；抵押预告登记请办“抵押预告转抵押登记”")]
        )
    return opened


def finish_sale(given: EntryInput) -> tuple[Entry, ...]:
    """The title passes to the holders of the notice and the notice ends; a pre-seizure of their claim becomes a seizure.

    It keeps its first day (法发〔2004〕5号 16; amendment L4).  Raises InvalidInput when the buyers are not exactly the
    holders of the notice, hold otherwise than it says, or the sellers may not give the whole.
    """
    form, page, title = given.form, given.page, given.title
    notice = own_notice(page, form)
    co_ownership, holders = BUYERS.holding(form)
    refuse_if_any(
        [
            *disposing_problems(title, OBLIGORS, form),
            *people_problems((OBLIGORS, BUYERS), form, given.today),
            *_holder_problems(notice, co_ownership, holders, form),
            *BESIDE_THE_NOTICE.problems(page, form, given.today),
        ]
    )
    cause = final_cause(form)
    unit_code = title.unit.unit_code
    return (
        replaced_by(given, co_ownership, holders, cause, contract_note(form, cause, page)),
        CloseBurden(unit_code, notice.burden_no, "预告登记转为本登记"),
        *(_seized_now(opened) for opened in page.of_kind({Burden.PRE_SEIZURE}) if _is_against(opened, holders)),
    )


def _holder_problems(
    notice: OpenBurden, co_ownership: CoOwnership, holders: Sequence[Holder], form: Mapping[str, str]
) -> list[Problem]:
    buyers = BUYERS.read(form)
    if not same_people(notice.holders, buyers):
        what_zh = f"预告登记权利人有{len(notice.holders)}位，和填的买方对不上"
        cure_zh = "要和预告登记证明上的人一个不差；换了人的，请先办预告登记的转移"
        return [Problem("buyer1_name", what_zh, cure_zh)]
    noted = {one.identity.id_no: holder.share for holder in notice.holders for one in buyers if one.is_same(holder)}
    if any(noted[holder.id_no] != holder.share for holder in holders):
        field = "buyer_shares" if co_ownership is CoOwnership.BY_SHARES else "buyer_co_ownership"
        return [
            Problem(
                field, "怎样共有、各占多少，和预告登记不一样", "请照着预告登记证明填；约定变了的，请先办预告登记的变更"
            )
        ]
    return []


def _is_against(opened: OpenBurden, holders: Sequence[Holder]) -> bool:
    """Whether the pre-seizure holds the buyers' claim; one that names no debtor holds whatever is on the unit."""
    debtors = {normal_name(one) for one in opened.private.get("debtor", "").split("、") if one}
    return not debtors or any(normal_name(holder.name) in debtors for holder in holders)


def _seized_now(opened: OpenBurden) -> AlterBurden:
    seized = replace(opened.burden, burden=Burden.SEIZURE)
    return AlterBurden(opened.unit_code, opened.burden, seized, opened.private, opened.holders)


def prefill_final(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The proof, the buyer who shows it, the seller of the register, and what else lies on the home."""
    opened = page.by_proof(shown.number)
    if page.title is None or shown.holder is None or opened is None:
        return {}
    known = {"proof_no": shown.number, **BESIDE_THE_NOTICE.known(page)}
    if shown.holder in opened.holders:
        known |= BUYERS.prefill(shown.holder)
    if len(page.title.holders) == 1:
        known |= OBLIGORS.prefill(page.title.holders[0])
    return known


FINAL_SALE: Final = ServiceItem(
    number="S31",
    name_zh="预告登记转本登记（转移登记）",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER,),
    applicants=(PartyRole.NOTICE_OBLIGOR, PartyRole.TRANSFEREE),
    channels=EVERYWHERE,
    fields=_FIELDS,
    materials=(
        APPLICATION_ROW,
        *people_rows(OBLIGORS, BUYERS),
        Requirement(
            "proof",
            m.MATERIALS[6],
            always,
            keeps_original=True,
            whose=PartyRole.NOTICE_HOLDER,
            how_zh="有电子证明的不用带；只有纸质预告登记证明的，带原件来，窗口收走。",
        ),
        Requirement(
            "contract",
            m.NEW_HOME_CONTRACT,
            always,
            how_zh="在住建部门网签备案的，能共享查到，不用带；查不到的带合同原件。",
        ),
        Requirement(
            "survey",
            m.SURVEY,
            always,
            original=False,
            made_by_system=True,
            how_zh="不用带，登记机构的测绘、权籍调查成果里有。",
        ),
        *disposing_rows(OBLIGORS),
        attorney_row(BUYERS),
        *BESIDE_THE_NOTICE.rows(),
        TAX_ROW,
    ),
    questions=_QUESTIONS,
    pledge_zh=pledge(
        "合同是真实的，权利人和份额与预告登记一致",
        "替未成年人等被监护人申请的，是为了被监护人的利益",
        "房产上登记着的抵押、居住权、异议，买方都已经看过、知道，并且愿意接受",
    ),
    application_facts=read_final,
    entries=finish_sale,
    parties=parties_of(OBLIGORS, BUYERS),
    prefill=prefill_final,
    fees=BUYER_PAYS,
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S31",
    by_rows=True,
    law="《民法典》第二百二十一条；《不动产登记暂行条例实施细则》第三十八条、第八十五条、第八十六条",
    guide_zh=_GUIDE_ZH,
    found_by=FoundBy.PROOF,
    departments=frozenset({Department.HOUSING, Department.TAX, Department.UTILITIES}),
    opening_fields=("cause", "obligor1_kind"),
    claims=final_claims,
    disposes=True,
    example=Example(
        {
            "cause": Cause.DEVELOPER_SALE.value,
            "obligor1_kind": "enterprise",
            "obligor1_phone": "03728100004",
            "obligor1_comes": Comes.PRESIGNED.value,
            "obligor2_also": NO,
            "buyer1_phone": "13800138025",
            "buyer1_comes": Comes.SELF.value,
            "buyer2_also": NO,
            "contract_no": "滑预售网签2026110025",
            "contract_date": "2026-11-02",
            "price_yuan": "746000",
            "moves_utilities": NO,
        },
        ExampleUnit.DEVELOPERS_FLAT,
        after=("S25",),
        confirmed=frozenset({Evidence.OWN_FINAL_REGISTRATION}),
    ),
)
