"""Sales: a new home from its developer, an existing home, and the final registration of what was noted in advance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import (
    APPLICATION_ROW,
    CERTIFICATE_ROW,
    EVERYWHERE,
    STANDARD_FEE_LAW_ZH,
    always,
    attorney_row,
    disposing_rows,
    people_rows,
)
from tongban.domain.catalogue.item import (
    NO,
    Department,
    EntryInput,
    Example,
    ExampleUnit,
    FeeRule,
    PartyRole,
    Requirement,
    ServiceItem,
    Shown,
)
from tongban.domain.catalogue.lying_on_it import ON_IT
from tongban.domain.catalogue.people import Comes, parties_of
from tongban.domain.catalogue.sale_words import (
    BUYERS,
    DEVELOPERS,
    NEW_HOME_FIELDS,
    NEW_HOME_GUIDE_ZH,
    NEW_HOME_PLEDGE_ZH,
    NEW_HOME_QUESTIONS,
    RESALE_FIELDS,
    RESALE_GUIDE_ZH,
    RESALE_PLEDGE_ZH,
    RESALE_QUESTIONS,
    SELLERS,
)
from tongban.domain.catalogue.transferring import (
    TAX_ROW,
    contract_note,
    give_whole,
    giving_of,
    is_stood_in_for,
    prefill_of,
)
from tongban.domain.entries import Entry
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, Document, HolderKind, Registration, Subject
from tongban.domain.unit_page import UnitPage

BUYER_PAYS: Final = (FeeRule(FeeClass.STANDARD, PartyRole.TRANSFEREE, STANDARD_FEE_LAW_ZH),)
_SALE_DEPARTMENTS = frozenset({Department.HOUSING, Department.TAX, Department.UTILITIES})
EXAMPLE_BUYER: Final = {
    "buyer1_kind": HolderKind.PERSON.value,
    "buyer1_name": "许文博",
    "buyer1_id_kind": IdDocument.ID_CARD.value,
    "buyer1_id_no": "410526199101270009",
    "buyer1_phone": "13900139002",
    "buyer1_comes": Comes.SELF.value,
    "buyer2_also": NO,
}
EXAMPLE_PRICE: Final = {"contract_no": "滑房存2026-004518", "contract_date": "2026-11-18", "price_yuan": "800000"}


# --- an existing home ------------------------------------------------------------------------------------------------


def read_resale(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """A sale; whether the sellers are persons decides about land VAT (48号文 四)."""
    return ApplicationFacts(
        cause=Cause.SALE,
        giving=giving_of(SELLERS, form),
        has_agent=is_stood_in_for(form, SELLERS, BUYERS),
        form=form,
        evidence=evidence,
    )


def resell(given: EntryInput) -> tuple[Entry, ...]:
    """The title passes to the buyers (民法典 209, 214; 条例 14; 细则 38); refuses as `give_whole`."""
    note_zh = contract_note(given.form, Cause.SALE, given.page)
    return give_whole(given, SELLERS, BUYERS, Cause.SALE, note_zh)


def prefill_resale(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The seller who asks, the certificate, and what lies on the home."""
    return prefill_of(SELLERS, page, shown)


RESALE: Final = ServiceItem(
    number="S02",
    name_zh="存量房买卖转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER,),
    applicants=(PartyRole.TRANSFEROR, PartyRole.TRANSFEREE),
    channels=EVERYWHERE,
    fields=RESALE_FIELDS,
    materials=(
        APPLICATION_ROW,
        *people_rows(SELLERS, BUYERS),
        CERTIFICATE_ROW,
        Requirement(
            "contract",
            m.RESALE_CONTRACT,
            always,
            how_zh="在住建部门网签备案的，能共享查到，不用带；查不到的带合同原件。",
        ),
        *disposing_rows(SELLERS),
        attorney_row(BUYERS),
        *ON_IT.rows(),
        TAX_ROW,
    ),
    questions=RESALE_QUESTIONS,
    pledge_zh=RESALE_PLEDGE_ZH,
    application_facts=read_resale,
    entries=resell,
    parties=parties_of(SELLERS, BUYERS),
    prefill=prefill_resale,
    fees=BUYER_PAYS,
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S02",
    law="《不动产登记暂行条例》第十四条第一款；《不动产登记暂行条例实施细则》第二十七条、第三十八条；《民法典》第二百一十四条",
    guide_zh=RESALE_GUIDE_ZH,
    departments=_SALE_DEPARTMENTS,
    opening_fields=("seller1_kind",),
    claims=ON_IT.claims,
    disposes=True,
    example=Example(
        {
            "seller1_kind": HolderKind.PERSON.value,
            "seller1_phone": "13800138002",
            "seller1_comes": Comes.SELF.value,
            "seller2_also": NO,
            **EXAMPLE_BUYER,
            **EXAMPLE_PRICE,
            "moves_utilities": NO,
        }
    ),
)


# --- a new home ------------------------------------------------------------------------------------------------------


def new_home_cause(form: Mapping[str, str]) -> Cause:
    """Bought, or given for a house that was taken."""
    return Cause.RESETTLEMENT if form.get("cause") == Cause.RESETTLEMENT else Cause.DEVELOPER_SALE


def read_new_home(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
    """A sale by the developer or a resettlement: no land VAT falls on it here (amendment L5)."""
    return ApplicationFacts(
        cause=new_home_cause(form),
        giving=(HolderKind.ENTERPRISE,),
        has_agent=is_stood_in_for(form, DEVELOPERS, BUYERS),
        form=form,
        evidence=evidence,
    )


def sell_new(given: EntryInput) -> tuple[Entry, ...]:
    """The developer's title of one home passes to the buyers (细则 38); refuses as `give_whole`."""
    cause = new_home_cause(given.form)
    return give_whole(given, DEVELOPERS, BUYERS, cause, contract_note(given.form, cause, given.page))


def prefill_new_home(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The developer, its certificate, and what lies on the home."""
    return prefill_of(DEVELOPERS, page, shown)


NEW_HOME_ROWS: Final = (
    APPLICATION_ROW,
    *people_rows(DEVELOPERS, BUYERS),
    Requirement(
        "contract",
        m.NEW_HOME_CONTRACT,
        always,
        how_zh="在住建部门网签备案的，能共享查到，不用带；安置的带安置协议原件。",
    ),
    Requirement(
        "survey",
        m.SURVEY,
        always,
        original=False,
        made_by_system=True,
        how_zh="不用带，登记机构的测绘、权籍调查成果里有。",
    ),
    attorney_row(DEVELOPERS, BUYERS),
    *ON_IT.rows(),
    TAX_ROW,
)

NEW_HOME: Final = ServiceItem(
    number="S01",
    name_zh="新建商品房转移登记",
    kind=Registration.TRANSFER,
    subject=Subject.TITLE,
    acts=(Act.TRANSFER,),
    applicants=(PartyRole.DEVELOPER, PartyRole.TRANSFEREE),
    channels=EVERYWHERE,
    fields=NEW_HOME_FIELDS,
    materials=(
        *NEW_HOME_ROWS[:1],
        Requirement(
            "certificate",
            m.TITLE_CERTIFICATE,
            always,
            original=False,
            made_by_system=True,
            how_zh="开发企业的首次登记在本系统里，不用带。",
        ),
        *NEW_HOME_ROWS[1:],
    ),
    questions=NEW_HOME_QUESTIONS,
    pledge_zh=NEW_HOME_PLEDGE_ZH,
    application_facts=read_new_home,
    entries=sell_new,
    parties=parties_of(DEVELOPERS, BUYERS),
    prefill=prefill_new_home,
    fees=BUYER_PAYS,
    issues=(Document.CERTIFICATE,),
    days_target=3,
    days_parameter="item_days.S01",
    by_rows=True,
    law="《不动产登记暂行条例》第十四条第一款；《不动产登记暂行条例实施细则》第三十八条；《民法典》第二百一十四条",
    guide_zh=NEW_HOME_GUIDE_ZH,
    departments=_SALE_DEPARTMENTS,
    opening_fields=("cause",),
    claims=ON_IT.claims,
    disposes=True,
    example=Example(
        {
            "cause": Cause.DEVELOPER_SALE.value,
            "developer1_phone": "03728112345",
            "developer1_comes": Comes.PRESIGNED.value,
            **EXAMPLE_BUYER,
            **EXAMPLE_PRICE,
            "moves_utilities": NO,
        },
        ExampleUnit.DEVELOPERS_FLAT,
    ),
)
