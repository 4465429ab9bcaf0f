"""What a service item is: everything forms, checklists, fees, steps, pages and tests derive from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue.materials import Material
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import Entry
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.evidence import Evidence
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.tables import class_rule
from tongban.domain.fees.terms import FeeClass, FeeRate
from tongban.domain.terms import Channel, Document, Registration, Subject, Term
from tongban.domain.titles import Holder, Title
from tongban.domain.unit_page import UnitPage

YES = "yes"
NO = "no"
NO_FEE_ZH = "不收登记费"
_TAKEN_ZH: Final[Mapping[FeeRate, str]] = MappingProxyType(
    {
        FeeRate.FULL: "收登记费",
        FeeRate.HALF: "减半收登记费",
        FeeRate.FLAT: "收登记费",
        FeeRate.CERTIFICATE_ONLY: "不收登记费，只收证书工本费",
    }
)


class PartyRole(Term):
    """As what somebody takes part in an application."""

    OWNER = "owner", "权利人"
    CO_OWNER = "co_owner", "其他共有人"
    TRANSFEROR = "transferor", "转让人"
    TRANSFEREE = "transferee", "受让人"
    DEVELOPER = "developer", "开发企业"
    HEIR = "heir", "继承人（受遗赠人）"
    MORTGAGOR = "mortgagor", "抵押人"
    MORTGAGEE = "mortgagee", "抵押权人"
    OLD_MORTGAGEE = "old_mortgagee", "原抵押权人"
    NOTICE_HOLDER = "notice_holder", "预告登记权利人"
    NOTICE_OBLIGOR = "notice_obligor", "预告登记义务人"
    DWELLER = "dweller", "居住权人"
    EASEMENT_HOLDER = "easement_holder", "地役权人"
    CLAIMANT = "claimant", "利害关系人"
    ENQUIRER = "enquirer", "查询人"
    AGENT = "agent", "代理人"
    GUARDIAN = "guardian", "监护人"
    REPRESENTATIVE = "representative", "法定代表人（负责人）"


class Department(Term):
    """Whose work a service item needs besides the registry's (48号文 五（五）)."""

    HOUSING = "housing", "住房和城乡建设部门"
    TAX = "tax", "税务部门"
    UTILITIES = "utilities", "水电气暖单位"


class FoundBy(Enum):
    """By what a window names the property to the home registry before an application begins."""

    TITLE = "title"  # a certificate and one of its holders
    PROOF = "proof"  # a proof (登记证明) and one of its holders
    UNIT = "unit"  # the unit alone: the applicant holds no paper of this register


@dataclass(frozen=True, slots=True)
class FeeRule:
    """One registration fee: its class in law, about which right, and as what the payer takes part (2559号 五).

    `when`: only where the form says so.  `place`: of one unit alone, counted as the case lists them; None: of all.
    """

    fee_class: FeeClass
    payer: PartyRole
    law_zh: str
    subject: Subject = Subject.TITLE
    when: When | None = None
    place: int | None = None


class FieldKind(Enum):
    """How a form field is typed and checked."""

    TEXT = "text"
    NAME = "name"
    CHOICE = "choice"
    YES_NO = "yes_no"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    DAY = "day"  # ISO date, not in the future
    FUTURE_DAY = "future_day"  # ISO date, any
    CERTIFICATE_NO = "certificate_no"
    PROOF_NO = "proof_no"
    UNIT_CODE = "unit_code"
    YUAN = "yuan"  # decimal text, at most two places
    AREA = "area"  # square metres, decimal text
    SHARES = "shares"  # “1/2、1/2”: together one, one for each person in their order


@dataclass(frozen=True, slots=True)
class When:
    """A field, choice or question is there only while another answer is one of these."""

    field: str
    answers: tuple[str, ...]

    def __call__(self, form: Mapping[str, str]) -> bool:
        return form.get(self.field, "") in self.answers


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label_zh: str
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form.

    `id_kind_field` names the field that holds the kind of document of an ID_NUMBER.  `is_personal`: the answer is
    personal data, masked on screens and never put into a public payload.  `can_wait`: whoever only asks whether it can
    be done at all need not answer it yet.  `heading_zh` is what the form puts over the block of
    questions it belongs to (`tongban.domain.catalogue.headings`).  `several`: the answer may name several people.
    """

    key: str
    label_zh: str
    help_zh: str
    kind: FieldKind
    required: bool = True
    choices: tuple[Choice, ...] = ()
    when: When | None = None
    id_kind_field: str = ""
    is_personal: bool = False
    can_wait: bool = False
    longest: int = 120
    heading_zh: str = ""
    several: bool = False

    def is_shown(self, form: Mapping[str, str]) -> bool:
        """Whether the field is asked, given the other answers."""
        return self.when is None or self.when(form)

    def offered(self, form: Mapping[str, str]) -> tuple[Choice, ...]:
        """The choices to offer, given the other answers."""
        return tuple(choice for choice in self.choices if choice.when is None or choice.when(form))


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the inquiry (询问).  `must_be`: the only answer with which the item goes on; empty: recorded."""

    key: str
    text_zh: str
    kind: FieldKind = FieldKind.YES_NO
    must_be: str = ""
    otherwise_zh: str = ""  # what to tell a person who answers otherwise
    when: When | None = None

    def __post_init__(self) -> None:
        assert bool(self.must_be) == bool(self.otherwise_zh), f"{self.key}: a must needs the words for the other answer"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of the checklist.

    `original`: the window sees the original.  `keeps_original`: the window takes it in and it travels to the home
    registry.  `made_by_system`: nobody brings it.  `needed` is a named pure predicate.
    """

    key: str
    material: Material
    needed: Callable[[ApplicationFacts], bool]
    original: bool = True
    keeps_original: bool = False
    made_by_system: bool = False
    whose: PartyRole = PartyRole.OWNER
    how_zh: str = ""


@dataclass(frozen=True, slots=True)
class PartyInput:
    """Somebody the form names.

    `is_present`: stands at the window, is identified there, and signs.  `is_presigned`: stays away, since a standing
    pre-signature is said to be on file at the home registry (`tongban.domain.presignatures`).
    """

    role: PartyRole
    name: str
    id_kind: str
    id_no: str
    phone: str = ""
    is_present: bool = True
    stands_for: int | None = None  # place in the list of the person an agent or guardian acts for
    is_presigned: bool = False
    who_zh: str = ""  # what the item calls them: 卖方, 买方; empty: as the role is called


@dataclass(frozen=True, slots=True)
class EntryInput:
    """What an item's `entries` needs: the pages of its units under their locks, the form, and numbers to be drawn.

    `pages` are the unit of the application and then those the form names, in the order of `ServiceItem.more_units`.
    Each call of `certificate_no` or `proof_no` draws the next number; draw exactly what is written.  `figure` gives a
    local figure (`tongban.domain.parameters`) of the home registry on that day, `after_workdays` the last day of a period
    of working days that begins on a day (`WorkCalendar.add_workdays`).  `evidence` are the proofs that were checked.
    """

    pages: tuple[UnitPage, ...]
    form: Mapping[str, str]
    today: date
    certificate_no: Callable[[], CertificateNo]
    proof_no: Callable[[], CertificateNo]
    figure: Callable[[str], int]
    after_workdays: Callable[[date, int], date]
    evidence: frozenset[str]

    def last_of_days(self, days: int) -> date:
        """The last of so many calendar days, today not counted; when that is a day of rest, the next working day.

        民法典 201, 203: the days of objections and notices; not those printed on a court's paper.
        """
        return self.after_workdays(self.today + timedelta(days=days - 1), 1)

    @property
    def page(self) -> UnitPage:
        return self.pages[0]

    @property
    def title(self) -> Title:
        """The title of the application's unit; raises InvalidInput when it has none."""
        return title_of(self.page)


@dataclass(frozen=True, slots=True)
class Shown:
    """The paper an application begins with: its number, and the holder it names; None where nobody is named.

    `facts` are the answers given with it (`ServiceItem.opening_fields`), `more` the pages of the further units they name.
    """

    number: str
    holder: Holder | None
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)
    more: tuple[UnitPage, ...] = ()


def title_of(page: UnitPage) -> Title:
    """The title in force; raises InvalidInput when the unit has none."""
    if page.title is None:
        raise InvalidInput([Problem("unit_code", "登记簿上没有这个单元的权利", "请核对不动产单元号")])
    return page.title


def no_more_units(form: Mapping[str, str]) -> tuple[UnitCode, ...]:
    """For items about one unit."""
    return ()


def no_claims(form: Mapping[str, str]) -> frozenset[str]:
    """For items whose form claims no proof."""
    return frozenset()


class ExampleUnit(Enum):
    """On what kind of unit an item's example plays."""

    FLAT = "flat"  # a home with a title of one person
    COUPLES_FLAT = "couples_flat"  # a home that two persons hold jointly
    SHOP = "shop"  # not for living
    DEVELOPERS_FLAT = "developers_flat"  # a new home, first registered in the developer's name
    PRESALE_FLAT = "presale_flat"  # not built yet: pre-measured, with a pre-sale permit, without a title


@dataclass(frozen=True, slots=True)
class Example:
    """One complete application for walks, demonstrations and the life-cycle test that every item passes.

    `answers` are the answers besides those the register prefills.  `after` are the items recorded before on the same
    unit, each by its own example.  `confirmed` are the proofs the home registry's officers confirm on the way.
    """

    answers: Mapping[str, str] = field(hash=False)
    unit: ExampleUnit = ExampleUnit.FLAT
    after: tuple[str, ...] = ()
    confirmed: frozenset[Evidence] = frozenset()


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """A public notice (公告) before recording (细则 17): when, what it says from the form, for how long, by what law.

    `what_zh` gives the sentence everybody may read: names as far as the law needs them, never numbers of their papers.
    `title_zh` heads it; empty: the item's name.  `shown_parameter` names the days that a statement which hangs on the
    registry's site alone stays there (细则 22); empty: it is posted at the property too, and public until it is over.
    """

    needed: Callable[[Mapping[str, str]], bool]
    what_zh: Callable[[Mapping[str, str]], str]
    days_parameter: str
    law_zh: str
    when_zh: str
    title_zh: str = ""
    shown_parameter: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ServiceItem:
    """One thing people can apply for; the whole business is derived from this object.

    `entries` is a pure function from the units' pages and the form to what will be written; it raises InvalidInput when
    the form does not fit the register.  `application_facts` reads the form for the law.  `opening_fields` are the keys
    of the fields that must be answered before the home registry is asked, since scope or what it may tell depends on
    them; `applicant` is the key of the person named then where no paper names one (`FoundBy.UNIT`); `claims` are the
    proofs that the form says are there, believed when papers are taken in and confirmed by an officer at the home
    registry.  `acts` are all the acts the law looks at, the main one first; `acts_by` says which of them a form is about
    where it has a choice.  `prefill` is what the register knows and the form asks; a form cannot change it, except that
    it may say less than the amounts `at_most`; it raises InvalidInput when the answers given first do not fit.
    `days_parameter` names the parameter that may change `days_target` (working days) by place and date.
    """

    number: str
    name_zh: str
    kind: Registration
    subject: Subject
    acts: tuple[Act, ...]
    applicants: tuple[PartyRole, ...]
    channels: frozenset[Channel]
    fields: tuple[Field, ...]
    materials: tuple[Requirement, ...]
    questions: tuple[Question, ...]
    pledge_zh: str
    application_facts: Callable[[Mapping[str, str], frozenset[str]], ApplicationFacts]
    entries: Callable[[EntryInput], tuple[Entry, ...]]
    parties: Callable[[Mapping[str, str]], tuple[PartyInput, ...]]
    prefill: Callable[[UnitPage, Shown], Mapping[str, str]]
    fees: tuple[FeeRule, ...]
    issues: tuple[Document, ...]
    days_target: int
    days_parameter: str
    law: str
    guide_zh: str
    example: Example
    found_by: FoundBy = FoundBy.TITLE
    departments: frozenset[Department] = frozenset()
    opening_fields: tuple[str, ...] = ()
    applicant: str = ""
    claims: Callable[[Mapping[str, str]], frozenset[str]] = no_claims
    acts_by: Callable[[Mapping[str, str]], tuple[Act, ...]] | None = None
    more_units: Callable[[Mapping[str, str]], tuple[UnitCode, ...]] = no_more_units
    at_most: frozenset[str] = frozenset()
    is_presale: bool = False
    public_notice: NoticeRule | None = None
    disposes: bool = False  # at most one such case may be open on a unit
    by_rows: bool = False  # a row of a sheet can say everything: many may be applied for at once (批量申请)

    def __post_init__(self) -> None:
        for asked in (self.fields, self.questions):
            _assert_in_order(self.number, asked)
        known = {field.key for field in self.fields}
        assert all(not field.id_kind_field or field.id_kind_field in known for field in self.fields), self.number
        assert set(self.opening_fields) <= known, f"{self.number}: what is asked first is a field of the form"
        assert self.at_most <= {field.key for field in self.fields if field.kind is FieldKind.YUAN}, self.number
        assert not self.applicant or f"{self.applicant}_name" in known, self.number
        assert self.acts, f"{self.number}: the law looks at an act"

    @property
    def fee_zh(self) -> str:
        """How the registration fee is reckoned now and who pays it, in a few words."""
        due = [(class_rule(fee.fee_class, date.max).rate, fee.payer.name_zh) for fee in self.fees]
        said = dict.fromkeys(f"{_TAKEN_ZH[rate]}，由{payer_zh}交" for rate, payer_zh in due if rate is not FeeRate.FREE)
        return "；".join(said) or NO_FEE_ZH

    @property
    def fee_law_zh(self) -> str:
        """The law behind the fees."""
        return "；".join(dict.fromkeys(fee.law_zh for fee in self.fees))

    @property
    def may_cost(self) -> bool:
        """Whether anything can fall due, or another office has to answer, before recording."""
        return self.fee_zh != NO_FEE_ZH or bool(self.departments & {Department.HOUSING, Department.TAX})

    @property
    def issues_zh(self) -> str:
        """What comes out in the end."""
        return "、".join(document.name_zh for document in self.issues)

    @property
    def title_zh(self) -> str:
        """Number and name, as people at a desk say it."""
        return f"{self.number} {self.name_zh}"

    @property
    def act(self) -> Act:
        """The main act."""
        return self.acts[0]

    def acts_of(self, form: Mapping[str, str]) -> tuple[Act, ...]:
        """The acts this application is about, the main one first."""
        return self.acts if self.acts_by is None else self.acts_by(form)

    def fixed(self, known: Mapping[str, str]) -> dict[str, str]:
        """What of the register's knowledge a form cannot change."""
        return {key: text for key, text in known.items() if text and key not in self.at_most}

    def __repr__(self) -> str:
        return f"<ServiceItem {self.number}>"

    def __str__(self) -> str:
        return self.number

    def notice_for(self, form: Mapping[str, str]) -> NoticeRule | None:
        """The public notice this application needs before it may be recorded; None when it needs none."""
        rule = self.public_notice
        return rule if rule is not None and rule.needed(form) else None

    def needed_materials(self, facts: ApplicationFacts) -> tuple[Requirement, ...]:
        """The checklist of this application."""
        return tuple(requirement for requirement in self.materials if requirement.needed(facts))


def _assert_in_order(number: str, asked: Sequence[Field | Question]) -> None:
    """Keys are unique, and what is asked only sometimes depends on what was asked before."""
    before: set[str] = set()
    for one in asked:
        assert one.key not in before, f"{number}: {one.key} is asked twice"
        conditions = [one.when, *(choice.when for choice in getattr(one, "choices", ()))]
        for when in conditions:
            assert when is None or when.field in before, f"{number}: {one.key} depends on a later question"
        before.add(one.key)
