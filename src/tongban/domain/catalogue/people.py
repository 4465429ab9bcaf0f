"""People and bodies in a form: one group per role, each with its fields, and read back as holders and parties.

A group asks the same of everybody: who it is, by which document, how many share the right and in what parts, and who
comes to the window: the person, a guardian (细则 11), somebody with a power of attorney (细则 12), or whoever represents
a body.  Keys are `<prefix><place>_<what>`, places count from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tongban.domain.catalogue.headings import under
from tongban.domain.catalogue.item import (
    YES,
    Choice,
    Field,
    FieldKind,
    PartyInput,
    PartyRole,
    When,
)
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.identity import (
    ENTERPRISE_DOCUMENTS,
    PERSON_DOCUMENTS,
    IdDocument,
    modern_number,
    normal_number,
    plain_name,
)
from tongban.domain.terms import CoOwnership, HolderKind, Term
from tongban.domain.titles import Holder, HolderIdentity, check_shares, parse_share


class Comes(Term):
    """Who stands at the window for an applicant."""

    SELF = "self", "本人来"
    REPRESENTATIVE = "representative", "法定代表人（负责人）来"
    AGENT = "agent", "受委托的人来"
    GUARDIAN = "guardian", "监护人来"
    PRESIGNED = "presigned", "已经在备案的授权书上签章，不用来"


PERSONS: Final = (HolderKind.PERSON,)
BODIES: Final = (
    HolderKind.ENTERPRISE,
    HolderKind.PUBLIC_INSTITUTION,
    HolderKind.STATE_ORGAN,
    HolderKind.OTHER,
)
ANYBODY: Final = (*PERSONS, *BODIES)
_ACTS_FOR: Final = (Comes.AGENT.value, Comes.GUARDIAN.value, Comes.REPRESENTATIVE.value)
_ACTING_ROLES: Final[Mapping[Comes, PartyRole]] = {
    Comes.AGENT: PartyRole.AGENT,
    Comes.GUARDIAN: PartyRole.GUARDIAN,
    Comes.REPRESENTATIVE: PartyRole.REPRESENTATIVE,
}


@dataclass(frozen=True, slots=True)
class Acting:
    """Whoever stands at the window for somebody else."""

    role: PartyRole
    name: str
    id_kind: str
    id_no: str
    phone: str


@dataclass(frozen=True, slots=True)
class Applicant:
    """One person or body of a group, as the form names it."""

    role: PartyRole
    kind: HolderKind
    identity: HolderIdentity
    phone: str
    comes: Comes
    acting: Acting | None

    def is_same(self, holder: Holder) -> bool:
        """Whether the register's holder is this one: same number, an old 15-digit one included, and same name."""
        return (
            modern_number(holder.id_no) == modern_number(self.identity.id_no)
            and plain_name(holder.name) == self.identity.name
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Everybody who takes part in one role.

    `who_zh` is what the form calls them.  `takes`: they become holders, so it asks how several of them hold together.
    `may_presign`: a standing pre-signature may stand in for their coming (a developer, a bank).
    """

    prefix: str
    role: PartyRole
    who_zh: str
    most: int = 1
    kinds: tuple[HolderKind, ...] = ANYBODY
    takes: bool = False
    may_presign: bool = False

    def key(self, place: int, what: str) -> str:
        """The key of one field of one person."""
        return f"{self.prefix}{place}_{what}"

    @property
    def first(self) -> str:
        """The start of the keys of the first person."""
        return f"{self.prefix}1"

    def fields(self) -> tuple[Field, ...]:
        """Every field of the group, in the order they are asked."""
        fields: list[Field] = []
        for place in range(1, self.most + 1):
            fields += self._person(place)
        if self.takes and self.most > 1:
            fields += under(f"{self.who_zh}怎样共有", *self._sharing())
        return tuple(fields)

    def heading_zh(self, place: int) -> str:
        """What stands over the questions about one person."""
        return self.who_zh if place == 1 else f"第{place}位{self.who_zh}"

    def read(self, form: Mapping[str, str]) -> tuple[Applicant, ...]:
        """Everybody the form names, in their order; whoever has no name yet is left out."""
        found = []
        for place in range(1, self.most + 1):
            if place > 1 and form.get(self.key(place, "also")) != YES:
                break
            if name := plain_name(form.get(self.key(place, "name"), "")):
                found.append(self._applicant(place, name, form))
        return tuple(found)

    def holding(self, form: Mapping[str, str]) -> tuple[CoOwnership, tuple[Holder, ...]]:
        """How the people of the group hold the right from now on (民法典 297–299).

        Raises InvalidInput when shares are missing, too many, or do not make one.
        """
        people = self.read(form)
        if not people:
            raise InvalidInput([Problem(self.key(1, "name"), f"没有填{self.who_zh}", "请填写姓名（名称）")])
        form_of_holding = CoOwnership.SOLE
        shares: list[Fraction | None] = [None] * len(people)
        if len(people) > 1:
            form_of_holding = CoOwnership(form.get(f"{self.prefix}_co_ownership", CoOwnership.JOINT.value))
        if form_of_holding is CoOwnership.BY_SHARES:
            shares = [parse_share(part) for part in form.get(f"{self.prefix}_shares", "").split("、")]
            if len(shares) != len(people):
                what_zh = f"{self.who_zh}有{len(people)}位，份额写了{len(shares)}个"
                raise InvalidInput([Problem(f"{self.prefix}_shares", what_zh, "请按顺序给每个人写一个份额")])
        pairs = zip(people, shares, strict=True)
        holders = tuple(Holder(no, one.kind, one.identity, share) for no, (one, share) in enumerate(pairs, 1))
        if problems := check_shares(form_of_holding, holders):
            raise InvalidInput(problems)
        return form_of_holding, holders

    def holders(self, form: Mapping[str, str]) -> tuple[Holder, ...]:
        """The people of the group as holders of a burden, without shares."""
        return tuple(Holder(no, one.kind, one.identity) for no, one in enumerate(self.read(form), 1))

    def prefill(self, holder: Holder) -> dict[str, str]:
        """What the register knows of the first person of the group."""
        known = {"kind": holder.kind.value, "name": holder.name, "id_kind": holder.id_kind.value, "id_no": holder.id_no}
        if len(self.kinds) == 1:
            del known["kind"]
        return {self.key(1, what): value for what, value in known.items()}

    def _applicant(self, place: int, name: str, form: Mapping[str, str]) -> Applicant:
        def said(what: str) -> str:
            return form.get(self.key(place, what), "")

        comes = Comes(said("comes") or Comes.SELF.value)
        acting = None
        if comes in _ACTING_ROLES:
            number = normal_number(said("acting_id_no"))
            name_of_acting = plain_name(said("acting_name"))
            acting = Acting(_ACTING_ROLES[comes], name_of_acting, said("acting_id_kind"), number, said("acting_phone"))
        kind = HolderKind(said("kind")) if said("kind") else self.kinds[0]
        id_kind = IdDocument(said("id_kind")) if said("id_kind") else IdDocument.OTHER
        identity = HolderIdentity(name, id_kind, normal_number(said("id_no")))
        return Applicant(self.role, kind, identity, said("phone"), comes, acting)

    def _person(self, place: int) -> list[Field]:
        who = self.who_zh if self.most == 1 else f"第{place}位{self.who_zh}"
        there = When(self.key(place, "also"), (YES,)) if place > 1 else None
        fields: list[Field] = []
        if place > 1:
            before = When(self.key(place - 1, "also"), (YES,)) if place > 2 else None
            help_zh = f"只有{place - 1}位的选“否”。"
            fields.append(
                Field(
                    self.key(place, "also"),
                    f"还有第{place}位{self.who_zh}吗",
                    help_zh,
                    FieldKind.YES_NO,
                    when=before,
                    can_wait=True,
                    heading_zh=self.heading_zh(place - 1),
                )
            )
        if len(self.kinds) > 1:
            choices = tuple(Choice(kind.value, kind.name_zh) for kind in self.kinds)
            help_zh = "有身份证的是个人；单位看营业执照、法人证书写的是哪一类。"
            fields.append(
                Field(
                    self.key(place, "kind"),
                    f"{who}是",
                    help_zh,
                    FieldKind.CHOICE,
                    choices=choices,
                    when=there,
                    can_wait=place > 1 or self.takes,
                )
            )
        fields += [*self._identity(place, who, there), *self._coming(place, who, there)]
        return list(under(self.heading_zh(place), *fields))

    def _identity(self, place: int, who: str, there: When | None) -> list[Field]:
        key = self.key
        documents = [*(PERSON_DOCUMENTS if HolderKind.PERSON in self.kinds else ())]
        documents += ENTERPRISE_DOCUMENTS if set(self.kinds) & set(BODIES) else ()
        choices = tuple(Choice(one.value, one.name_zh) for one in dict.fromkeys(documents))
        return [
            Field(key(place, "name"), f"{who}的姓名（名称）", "照着身份证或者营业执照填。", FieldKind.NAME,
                  when=there, is_personal=True),
            Field(key(place, "id_kind"), f"{who}的证件种类", "个人一般选居民身份证，单位选统一社会信用代码。",
                  FieldKind.CHOICE, choices=choices, when=there),
            Field(key(place, "id_no"), f"{who}的证件号码", "照着证件填。", FieldKind.ID_NUMBER, when=there,
                  id_kind_field=key(place, "id_kind"), is_personal=True),
            Field(key(place, "phone"), f"{who}的联系电话", "办到哪一步都会发短信到这个号码；没有手机的填带区号的座机。",
                  FieldKind.PHONE, when=there, is_personal=True),
        ]  # fmt: skip

    def _coming(self, place: int, who: str, there: When | None) -> list[Field]:
        key = self.key
        acting = When(key(place, "comes"), _ACTS_FOR)
        choices = tuple(Choice(one.value, one.name_zh, self._offered_to(place, one)) for one in self._who_may_come())
        papers = tuple(Choice(one.value, one.name_zh) for one in PERSON_DOCUMENTS)
        return [
            Field(key(place, "comes"), f"{who}这次谁来", "未成年人由监护人来；不能来的，写委托书请人来。",
                  FieldKind.CHOICE, choices=choices, when=there, can_wait=True),
            Field(key(place, "acting_name"), "来的人姓名", "照着他的身份证填。", FieldKind.NAME, when=acting,
                  is_personal=True),
            Field(key(place, "acting_id_kind"), "来的人证件种类", "一般选居民身份证。", FieldKind.CHOICE, choices=papers,
                  when=acting),
            Field(key(place, "acting_id_no"), "来的人证件号码", "照着他的证件填。", FieldKind.ID_NUMBER, when=acting,
                  id_kind_field=key(place, "acting_id_kind"), is_personal=True),
            Field(key(place, "acting_phone"), "来的人电话", "11位手机号，或者带区号的座机号。", FieldKind.PHONE,
                  when=acting, is_personal=True),
        ]  # fmt: skip

    def _who_may_come(self) -> list[Comes]:
        persons, bodies = HolderKind.PERSON in self.kinds, bool(set(self.kinds) & set(BODIES))
        return [
            *([Comes.SELF] if persons else []),
            *([Comes.REPRESENTATIVE] if bodies else []),
            Comes.AGENT,
            *([Comes.GUARDIAN] if persons else []),
            *([Comes.PRESIGNED] if self.may_presign else []),
        ]

    def _offered_to(self, place: int, way: Comes) -> When | None:
        """A standing pre-signature is a body's; a person who is asked what he is signs himself or sends somebody."""
        if way is not Comes.PRESIGNED or len(self.kinds) == 1:
            return None
        bodies = tuple(kind.value for kind in self.kinds if kind in BODIES)
        return When(self.key(place, "kind"), bodies)

    def _sharing(self) -> list[Field]:
        several = When(self.key(2, "also"), (YES,))
        form_key = f"{self.prefix}_co_ownership"
        choices = tuple(Choice(one.value, one.name_zh) for one in (CoOwnership.JOINT, CoOwnership.BY_SHARES))
        return [
            Field(form_key, f"几位{self.who_zh}怎样共有", "夫妻一般选共同共有；约定了各占几分之几的，选按份共有。",
                  FieldKind.CHOICE, choices=choices, when=several, can_wait=True),
            Field(f"{self.prefix}_shares", "各占多少", "按上面的顺序写，用顿号隔开，例如 1/2、1/4、1/4。",
                  FieldKind.SHARES, when=When(form_key, (CoOwnership.BY_SHARES.value,))),
        ]  # fmt: skip


def fields_of(*groups: Group) -> tuple[Field, ...]:
    """The fields of several groups, one group after the other."""
    return tuple(field for group in groups for field in group.fields())


def parties_of(*groups: Group) -> Callable[[Mapping[str, str]], tuple[PartyInput, ...]]:
    """Reads everybody the form names, each followed by whoever comes for him."""

    def parties(form: Mapping[str, str]) -> tuple[PartyInput, ...]:
        named: list[PartyInput] = []
        for who_zh, applicant in ((group.who_zh, one) for group in groups for one in group.read(form)):
            place, papers = len(named), applicant.identity
            named.append(
                PartyInput(
                    applicant.role, papers.name, papers.id_kind.value, papers.id_no, applicant.phone,
                    is_present=applicant.comes is Comes.SELF, is_presigned=applicant.comes is Comes.PRESIGNED,
                    who_zh=who_zh,
                )
            )  # fmt: skip
            if one := applicant.acting:
                named.append(PartyInput(one.role, one.name, one.id_kind, one.id_no, one.phone, stands_for=place))
        return tuple(named)

    return parties


def someone_comes_as(comes: Comes, *groups: Group) -> Callable[[Mapping[str, str]], bool]:
    """Whether anybody of these groups is stood in for in this way."""

    def found(form: Mapping[str, str]) -> bool:
        return any(one.comes is comes for group in groups for one in group.read(form))

    return found


def said_of(group: Group, form: Mapping[str, str]) -> tuple[tuple[HolderKind, Comes], ...]:
    """What everybody of the group is and who comes for them, as far as answered: names may still be missing.

    Who has not been asked yet is taken to be of the group's first kind and to come in person.
    """
    found: list[tuple[HolderKind, Comes]] = []
    for place in range(1, group.most + 1):
        if place > 1 and form.get(group.key(place, "also")) != YES:
            break
        kind = HolderKind(form.get(group.key(place, "kind")) or group.kinds[0])
        in_person = Comes.SELF if kind is HolderKind.PERSON else Comes.REPRESENTATIVE
        found.append((kind, Comes(form.get(group.key(place, "comes")) or in_person)))
    return tuple(found)


def kinds_of(group: Group, form: Mapping[str, str]) -> tuple[HolderKind, ...]:
    """What the people of the group are, in their order."""
    return tuple(one.kind for one in group.read(form))
