"""What a service item is: everything forms, checklists, fees, steps, pages and tests derive from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from tongban.domain.catalogue.materials import Material
from tongban.domain.codes import CertificateNo
from tongban.domain.entries import Entry
from tongban.domain.facts import ApplicationFacts
from tongban.domain.restriction_rules import Act
from tongban.domain.terms import Channel, Document, Registration, Subject, Term
from tongban.domain.titles import Title

YES = "yes"
NO = "no"


class PartyRole(Term):
    """As what somebody takes part in an application."""

    OWNER = "owner", "权利人"
    AGENT = "agent", "代理人"
    GUARDIAN = "guardian", "监护人"
    REPRESENTATIVE = "representative", "法定代表人（负责人）"


class FieldKind(Enum):
    """How a form field is typed and checked."""

    TEXT = "text"
    NAME = "name"
    CHOICE = "choice"
    YES_NO = "yes_no"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    DAY = "day"  # ISO date, not in the future
    CERTIFICATE_NO = "certificate_no"


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
    personal data, masked on screens and never put into a public payload.
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
    longest: int = 120

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
    """Somebody the form names.  `is_present`: stands at the window, is identified there, and signs."""

    role: PartyRole
    name: str
    id_kind: str
    id_no: str
    phone: str = ""
    is_present: bool = True


@dataclass(frozen=True, slots=True)
class EntryInput:
    """What an item's `entries` needs: the title as it holds under the unit's lock, the form, and the new number."""

    title: Title
    form: Mapping[str, str]
    new_certificate_no: CertificateNo


@dataclass(frozen=True, slots=True)
class Due:
    """One line to pay: an amount in fen and its legal basis."""

    name_zh: str
    amount_fen: int
    law_zh: str


@dataclass(frozen=True, slots=True, repr=False)
class ServiceItem:
    """One thing people can apply for; the whole business is derived from this object.

    `entries` is a pure function from the title and the form to what will be written; it raises InvalidInput when the
    form does not fit the title.  `application_facts` reads the form for the law.  `days_parameter` names the parameter
    that may change `days_target` (working days) by place and date.
    """

    number: str
    name_zh: str
    kind: Registration
    subject: Subject
    act: Act
    applicants: tuple[PartyRole, ...]
    channels: frozenset[Channel]
    fields: tuple[Field, ...]
    materials: tuple[Requirement, ...]
    questions: tuple[Question, ...]
    pledge_zh: str
    application_facts: Callable[[Mapping[str, str], frozenset[str]], ApplicationFacts]
    entries: Callable[[EntryInput], tuple[Entry, ...]]
    parties: Callable[[Mapping[str, str]], tuple[PartyInput, ...]]
    dues: tuple[Due, ...]
    fee_zh: str
    fee_law_zh: str
    issues: Document
    days_target: int
    days_parameter: str
    law: str
    guide_zh: str
    is_presale: bool = False

    def __post_init__(self) -> None:
        for asked in (self.fields, self.questions):
            _assert_in_order(self.number, asked)
        known = {field.key for field in self.fields}
        assert all(not field.id_kind_field or field.id_kind_field in known for field in self.fields), self.number

    def __repr__(self) -> str:
        return f"<ServiceItem {self.number}>"

    def __str__(self) -> str:
        return self.number

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
