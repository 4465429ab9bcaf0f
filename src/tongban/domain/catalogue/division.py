"""One unit becomes several, or several become one (变更登记: 细则 26; 操作规范 9.2): S17.

The titles of the old units end, titles of the same holders in the same shares begin on new units with codes of their
own (GB/T 37346: a code is never used again).  What lay on the old units goes on to the new ones: private rights with
their holders' consent, what organs of state have laid on them when these allow the change (查扣冻规定 24), which the
restrictions ask under the units' locks.  A mortgage that a court has frozen goes on too, since it lies on every part
(担保解释 38②), with the leave of that court.  A notice that has lapsed goes nowhere (民法典 221②).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.burden_entries import CloseBurden, OpenBurden
from tongban.domain.burdens import OVERDUE_NOTICES, SEIZURES, Burden, BurdenFact
from tongban.domain.catalogue import applying
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.applying import facts_from, people_and_papers, prefill_of
from tongban.domain.catalogue.consents import Consent, claimed_consents, consent_rows
from tongban.domain.catalogue.disposal import all_together, refuse
from tongban.domain.catalogue.division_form import (
    CONSENTS,
    FIELDS,
    GUIDE_ZH,
    MERGER,
    NEW_UNITS_MAX,
    OTHER_UNITS_MAX,
    OWNERS,
    PLEDGE_ZH,
    QUESTIONS,
    SPLIT,
)
from tongban.domain.catalogue.item import (
    EntryInput,
    Example,
    FeeRule,
    PartyRole,
    Requirement,
    ServiceItem,
    Shown,
    title_of,
)
from tongban.domain.catalogue.people import parties_of
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import CloseTitle, Entry, OpenTitle
from tongban.domain.evidence import Evidence, proofs_about
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import modern_number, plain_name
from tongban.domain.numbering import normal_certificate_no
from tongban.domain.terms import Cause, Document, Registration, Subject
from tongban.domain.titles import Title
from tongban.domain.unit_code import parse_unit_code
from tongban.domain.unit_page import MORTGAGES, NOTICES, UnitPage

_CARRIED_WITH: Final[Mapping[Burden, Consent | None]] = {
    **dict.fromkeys(MORTGAGES, Consent.MORTGAGEE),
    Burden.MORTGAGE_FROZEN: None,  # what the mortgagee says counts for nothing, the court is asked (查扣冻规定 24)
    **dict.fromkeys(NOTICES, Consent.NOTICE_HOLDER),
    **dict.fromkeys(OVERDUE_NOTICES),  # whether they have lapsed is for a registrar to confirm
    **dict.fromkeys((Burden.NOTICE_LAPSED, Burden.OBJECTION_LAPSED)),
    Burden.HABITATION: Consent.DWELLER,
    Burden.EASEMENT: None,  # 民法典 382, 383: it goes with every part
    Burden.OBJECTION: None,  # it goes on warning
    **dict.fromkeys(SEIZURES),
    Burden.ADMINISTRATIVE: None,
}
_BUILDING: Final = 24  # characters of a unit code up to and with the building


def other_units(form: Mapping[str, str]) -> tuple[UnitCode, ...]:
    """The further old units of a merger, then the new units: all of them are locked."""
    keys = [f"other{place}_unit" for place in range(1, OTHER_UNITS_MAX + 1)]
    keys += [f"new{place}_unit" for place in range(1, NEW_UNITS_MAX + 1)]
    return tuple(dict.fromkeys(UnitCode(form[key]) for key in keys if form.get(key)))


def divide(given: EntryInput) -> tuple[Entry, ...]:
    """The old titles end, the new ones begin, burdens go along.

    Raises InvalidInput when not all holders apply, the units of a merger have other holders or shares, a new code is no
    new one in the same building, or a burden is in the way and nobody who has it agrees.
    """
    form, cause = given.form, Cause(given.form.get("cause", SPLIT))
    old = [page for page in given.pages if page.unit_code in _old_codes(given)]
    titles = [_title(page, place, form) for place, page in enumerate(old)]
    all_together(OWNERS.key(1, "name"), OWNERS.read(form), given.title.holders, "权利人")
    _check_counts(cause, old, _new_places(form))
    _check_same_holders(titles)
    _check_codes(given, old)
    lying = [_Lying(opened, page.standing(opened, given.today)) for page in old for opened in page.burdens]
    _check_burdens(lying, form)
    closed = [CloseTitle(page.unit_code, title.certificate_no, cause) for page, title in zip(old, titles, strict=True)]
    opened_titles = [
        OpenTitle(_new_title(given.title, place, form, given.certificate_no()), cause) for place in _new_places(form)
    ]
    return (
        *(CloseBurden(one.opened.unit_code, one.opened.burden_no, _why_zh(one, given, cause)) for one in lying),
        *closed,
        *opened_titles,
        *(
            _carried(one.opened, entry.unit_code, given)
            for entry in opened_titles
            for one in lying
            if not one.has_lapsed(given.evidence)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Lying:
    """One burden of an old unit, and as what it counts that day."""

    opened: OpenBurden
    standing: BurdenFact | None

    @property
    def kind(self) -> Burden | None:
        return self.standing.burden if self.standing else None

    def has_lapsed(self, evidence: frozenset[str]) -> bool:
        """A notice past its last day, or of which a registrar has confirmed that its 90 days were let pass."""
        if self.kind in OVERDUE_NOTICES:
            return Evidence.NOTICE_LAPSE_CONFIRMED in proofs_about(self.opened.burden_no, evidence, only_own=False)
        return self.kind is Burden.NOTICE_LAPSED


def _why_zh(one: _Lying, given: EntryInput, cause: Cause) -> str:
    if one.has_lapsed(given.evidence):
        return f"{cause.name_zh}；预告登记已经失效（《民法典》第二百二十一条第二款），不转到新的单元"
    return cause.name_zh


def _old_codes(given: EntryInput) -> tuple[str, ...]:
    named = (given.form.get(f"other{place}_unit", "") for place in range(1, OTHER_UNITS_MAX + 1))
    return (given.page.unit_code, *(code for code in named if code))


def _new_places(form: Mapping[str, str]) -> tuple[int, ...]:
    return tuple(place for place in range(1, NEW_UNITS_MAX + 1) if form.get(f"new{place}_unit"))


def _title(page: UnitPage, place: int, form: Mapping[str, str]) -> Title:
    """The title of one old unit; that of a further one must be the one whose certificate is named."""
    title = title_of(page)
    said = form.get("certificate_no" if place == 0 else f"other{place}_certificate", "")
    if normal_certificate_no(said) != normal_certificate_no(title.certificate_no):
        field = "certificate_no" if place == 0 else f"other{place}_certificate"
        raise refuse(field, "证号和登记簿上这个单元现在的证号不一样", "请照着那一本证书核对证号和不动产单元号")
    return title


def _check_counts(cause: Cause, old: Sequence[UnitPage], new: Sequence[int]) -> None:
    if cause is Cause.UNIT_SPLIT and len(new) < 2:
        raise refuse("new2_unit", "分割以后至少要有两个新单元", "请照权籍调查成果把每个新单元都填上")
    if cause is Cause.UNIT_MERGER and len(old) < 2:
        raise refuse("other1_unit", "合并至少要有两个原来的单元", "请把要合并的每个单元都填上")
    if cause is Cause.UNIT_MERGER and len(new) != 1:
        raise refuse("new1_unit", "合并以后只能是一个新单元", "请填权籍调查成果上的新单元号")


def _check_same_holders(titles: Sequence[Title]) -> None:
    """A merger neither gives nor takes: the same people in the same shares (民法典 301)."""
    held = {
        (
            title.co_ownership,
            frozenset((plain_name(one.name), modern_number(one.id_no), one.share) for one in title.holders),
        )
        for title in titles
    }
    if len(held) > 1:
        raise refuse(
            "other1_unit",
            "要合并的几处房产，权利人或者各人的份额不一样",
            "先办转移登记或者共有变更登记，变成一样的再合并",
        )


def _check_codes(given: EntryInput, old: Sequence[UnitPage]) -> None:
    """New codes in the same building, above all old ones, and used by nothing."""
    form = given.form
    building = {page.unit_code[:_BUILDING] for page in old}
    if len(building) > 1:
        raise refuse("other1_unit", "要合并的几处房产不在同一幢", "不在同一幢的不能合成一个单元")
    largest = max(parse_unit_code(page.unit_code).fixture_no for page in old)
    pages = {page.unit_code: page for page in given.pages}
    codes = [form[f"new{place}_unit"] for place in _new_places(form)]
    for place, code in zip(_new_places(form), codes, strict=True):
        field = f"new{place}_unit"
        if code[:_BUILDING] not in building:
            raise refuse(field, "新单元号和原来的单元不在同一幢", "单元号的前24位应当和原来的一样，请核对权籍调查成果")
        if codes.count(code) > 1:
            raise refuse(field, "两个新单元填了同一个单元号", "每个新单元有自己的单元号，请核对权籍调查成果")
        page = pages[UnitCode(code)]
        is_used = page.title is not None or page.described is not None or bool(page.burdens) or page.was_used
        if is_used or parse_unit_code(code).fixture_no <= largest:
            raise refuse(field, "这个单元号已经用过", "新单元号要排在这一幢用过的最大号后面，请核对权籍调查成果")


def _check_burdens(lying: Sequence[_Lying], form: Mapping[str, str]) -> None:
    """Every burden goes along with its holder's consent, or the units stay as they are (民法典 408, 221, 366).

    A dispute goes nowhere.  Of the units of a merger one at most is mortgaged, and one at most seized: which of two
    comes first only those who have them, or the courts, can say.  What no longer counts asks nobody.
    """
    for one in lying:
        if one.standing is not None:
            _check_consent(one.standing.burden, form)
    mortgaged = {one.opened.unit_code for one in lying if one.kind in MORTGAGES}
    if len(mortgaged) > 1:
        raise refuse("cause", "要合并的几处房产分别设了抵押，顺位会打架", "请各抵押权人先注销或者转到一处，再来合并")
    if len({one.opened.unit_code for one in lying if one.kind in SEIZURES}) > 1:
        raise refuse(
            "cause", "要合并的几处房产分别被查封，谁先谁后会打架", "请查封的法院商定、解除其中的查封以后，再来合并"
        )


def _check_consent(kind: Burden, form: Mapping[str, str]) -> None:
    if kind not in _CARRIED_WITH:
        raise refuse("cause", f"房产上有{kind.name_zh}，不能分割、合并", "请等争议解决，再来办")
    consent = _CARRIED_WITH[kind]
    if consent is not None and not consent.is_given(form):
        what_zh = f"房产上有{kind.name_zh}，还没有对方的书面同意"
        raise refuse(consent.value, what_zh, "请对方书面同意，或者先注销，再来分割、合并")


def _new_title(before: Title, place: int, form: Mapping[str, str], number: CertificateNo) -> Title:
    unit = replace(
        before.unit,
        unit_code=UnitCode(form[f"new{place}_unit"]),
        address_zh=form.get(f"new{place}_address", ""),
        area_m2=form.get(f"new{place}_area", ""),
        land_area_m2="",
    )
    return replace(before, unit=unit, certificate_no=number)


def _carried(one: OpenBurden, unit_code: UnitCode, given: EntryInput) -> OpenBurden:
    """The same right on a new unit, with its first day and its rank, on a proof of its own where it has one.

    What an organ of state has laid keeps the number the organ knows it by.
    """
    if not one.burden.proof_no:
        return replace(one, unit_code=unit_code)
    number = str(given.proof_no())
    return replace(one, unit_code=unit_code, burden=replace(one.burden, burden_no=number, proof_no=number))


def _prefill(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    if page.title is None:
        return {}
    return {"certificate_no": page.title.certificate_no, **prefill_of(OWNERS)(page, shown)}


DIVISION: Final = ServiceItem(
    number="S17",
    name_zh="房屋分割、合并变更登记",
    kind=Registration.ALTERATION,
    subject=Subject.TITLE,
    acts=(Act.ALTER_UNIT,),
    applicants=(PartyRole.OWNER,),
    channels=applying.AT_THE_COUNTER,
    fields=FIELDS,
    materials=(
        *people_and_papers(OWNERS),
        b.CERTIFICATE_ROW,
        Requirement("survey", m.SURVEY, b.always, how_zh="权籍调查和测绘成果报告；登记机构自己有的不用带。"),
        Requirement(
            "planning", m.PLANNING, b.always, how_zh="自然资源和规划部门批准分割（合并）的文件；能查到的不用带。"
        ),
        *consent_rows(*CONSENTS),
    ),
    questions=QUESTIONS,
    pledge_zh=PLEDGE_ZH,
    application_facts=facts_from(OWNERS, cause=Cause.UNIT_SPLIT, asked="cause"),
    entries=divide,
    parties=parties_of(OWNERS),
    prefill=_prefill,
    fees=(FeeRule(FeeClass.ALTERATION, PartyRole.OWNER, "财税〔2019〕45号"),),
    issues=(Document.CERTIFICATE,),
    days_target=5,
    days_parameter="item_days.S17",
    law="《不动产登记暂行条例实施细则》第二十六条；《不动产单元设定与代码编制规则》（GB/T 37346）",
    guide_zh=GUIDE_ZH,
    claims=claimed_consents,
    more_units=other_units,
    disposes=True,
    example=Example(
        {
            "cause": SPLIT,
            "owner1_phone": "13800138017",
            "owner1_comes": "self",
            "owner2_also": "no",
            "new1_unit": "410526001900GB00900F00090171",
            "new1_address": "滑县道口镇文明路锦绣花园9号楼1单元101东",
            "new1_area": "60.10",
            "new2_unit": "410526001900GB00900F00090172",
            "new2_address": "滑县道口镇文明路锦绣花园9号楼1单元101西",
            "new2_area": "58.16",
            "new3_also": "no",
            "survey_no": "滑权调2026-17号",
            "approval_no": "滑规分2026-17号",
            **{one.value: "none" for one in CONSENTS},
        }
    ),
)
assert set(_CARRIED_WITH.values()) - {None} == set(CONSENTS), "every consent that carries a burden is asked for"
assert {SPLIT, MERGER} <= {one.value for one in Cause}, "the form names causes of the law"
