"""Who may query what of the register, by which index and with which papers: 《不动产登记资料查询暂行办法》 as a table.

One row per kind of asker.  An agent or a lawyer adds papers and never parts, save the three things a lawyer of somebody
who only intends to deal is told besides (查询办法 22).  The answer is a value: a `Permission` or a `Refusal`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongban.domain.decision import Fact, Reason, Refusal
from tongban.domain.query_reasons import QueryReasons
from tongban.domain.query_terms import Acting, Asker, AskerGroup, Index, Mask, Paper, Part, Wanted

P, M = Paper, Mask


@dataclass(frozen=True, slots=True)
class QueryRule:
    """One kind of asker.

    `holds_for`: the asker, or whoever the asker succeeds or acts for, must be a holder the register names.
    `units_max` 0: every unit of that person, else so many units for one application (查询办法 24).
    `agreed_only`: of `parts` only those that the sharing agreement lists.
    """

    asker: Asker
    group: AskerGroup
    parts: frozenset[Part]
    indexes: frozenset[Index]
    papers: tuple[Paper, ...]
    masks: frozenset[Mask]
    law_zh: str
    holds_for: bool = False
    agreed_only: bool = False
    acting: frozenset[Acting] = frozenset(Acting)
    lawyer_parts: frozenset[Part] = frozenset()
    units_max: int = 0

    @property
    def may_have_holdings(self) -> bool:
        """Whether 无房（有房）证明 is for this asker: the person himself, or the guardian of one."""
        return self.asker in (Asker.HOLDER, Asker.GUARDIAN)


@dataclass(frozen=True, slots=True)
class Permission:
    """What one asker may see, search by and must bring, and what is starred."""

    parts: frozenset[Part]
    indexes: frozenset[Index]
    papers: tuple[Paper, ...]
    masks: frozenset[Mask]


@dataclass(frozen=True, slots=True)
class Query:
    """One application to query, before the register is looked at.  `agreed`: the parts a sharing agreement lists."""

    asker: Asker
    acting: Acting
    index: Index
    wanted: Wanted
    papers: frozenset[Paper]
    purpose_zh: str
    agreed: frozenset[Part] = frozenset()
    is_here: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What the search came to.  `names_subject`: every unit found has the person as a holder."""

    units: int
    names_subject: bool
    has_secret: bool = False


RESULT: Final = frozenset({Part.NATURAL_STATE, Part.HOLDER, Part.CO_OWNERSHIP, Part.CHARGES, Part.RESTRICTIONS})
WHOLE: Final = RESULT | {Part.ORIGINALS}
CHECK: Final = frozenset({Part.NATURAL_STATE, Part.CO_OWNED, Part.CHARGES_EXIST, Part.RESTRICTIONS_EXIST})
LAWYER_CHECK: Final = frozenset({Part.NAME_MATCH, Part.CO_OWNERSHIP_FORM, Part.RESTRICTING_ORGAN})
HOLDINGS: Final = frozenset({Part.NATURAL_STATE, Part.HOLDER, Part.CO_OWNERSHIP})
ANY_INDEX: Final = frozenset(Index)
BY_PLACE: Final = frozenset({Index.ADDRESS, Index.CERTIFICATE_NO, Index.UNIT_CODE})
ITSELF: Final = frozenset({Acting.IN_PERSON})

_BASIC = (P.APPLICATION, P.IDENTITY)
_LETTER = (P.OFFICIAL_LETTER, P.OFFICERS_CARDS)
_SHARED = (P.SHARING_AGREEMENT, P.SUBJECT_CONSENT)
_AGENT = (P.POWER_OF_ATTORNEY, P.AGENT_IDENTITY)
_ADDED: Mapping[Acting, tuple[Paper, ...]] = {
    Acting.IN_PERSON: (),
    Acting.AGENT: _AGENT,
    Acting.LAWYER: (*_AGENT, P.LAWYER_LICENCE, P.LAW_FIRM_LETTER),
}
_LAW = "《不动产登记资料查询暂行办法》"
_ORGANS = "《不动产登记暂行条例》第二十七条；《不动产登记暂行条例实施细则》第九十七条；"
_SHARING = "《中华人民共和国个人信息保护法》第十三条、第二十三条；《不动产登记暂行条例》第二十五条"


def _as_holder(asker: Asker, group: AskerGroup, law_zh: str, *proofs: Paper) -> QueryRule:
    others = frozenset({M.OTHERS_ID_NUMBERS})
    return QueryRule(asker, group, WHOLE, ANY_INDEX, (*_BASIC, *proofs), others, law_zh, holds_for=True)


def _interested(asker: Asker, group: AskerGroup, article: str, proof: Paper) -> QueryRule:
    return QueryRule(
        asker, group, RESULT, BY_PLACE, (*_BASIC, proof, P.SECRECY_PROMISE), frozenset({M.ID_NUMBERS}),
        f"{_LAW}第十九条{article}、第二十条、第二十四条、第二十五条", units_max=1,
    )  # fmt: skip


def _intending(asker: Asker) -> QueryRule:
    return QueryRule(
        asker, AskerGroup.INTENT, CHECK, BY_PLACE, (*_BASIC, P.PURPOSE_STATEMENT, P.SECRECY_PROMISE),
        frozenset({M.ID_NUMBERS}), f"{_LAW}第二十一条、第二十二条、第二十四条、第二十五条",
        lawyer_parts=LAWYER_CHECK, units_max=1,
    )  # fmt: skip


def _organ(asker: Asker, own_law_zh: str, *more: Paper) -> QueryRule:
    law_zh = _ORGANS + own_law_zh
    papers = (*_LETTER, *more)
    return QueryRule(asker, AskerGroup.ORGAN, WHOLE, ANY_INDEX, papers, frozenset(), law_zh, acting=ITSELF)


def _sharing(asker: Asker) -> QueryRule:
    return QueryRule(
        asker, AskerGroup.SHARING, RESULT, ANY_INDEX, _SHARED, frozenset({M.ID_NUMBERS}), _SHARING,
        agreed_only=True, acting=ITSELF,
    )  # fmt: skip


_SUCCESSOR, _MANAGER, _CONTRACT = AskerGroup.SUCCESSOR, AskerGroup.MANAGER, AskerGroup.CONTRACT
_ROWS = (
    _as_holder(Asker.HOLDER, AskerGroup.HOLDER, f"{_LAW}第八条、第十四条、第十五条"),
    _as_holder(Asker.HEIR, _SUCCESSOR, f"{_LAW}第十七条", P.DEATH_PROOF, P.SUCCESSION_PROOF),
    _as_holder(Asker.LEGATEE, _SUCCESSOR, f"{_LAW}第十七条", P.DEATH_PROOF, P.LEGACY_PROOF),
    _as_holder(Asker.LIQUIDATOR, _MANAGER, f"{_LAW}第十八条", P.LIQUIDATION_PROOF),
    _as_holder(Asker.BANKRUPTCY_ADMINISTRATOR, _MANAGER, f"{_LAW}第十八条", P.BANKRUPTCY_ORDER),
    _as_holder(Asker.PROPERTY_CUSTODIAN, _MANAGER, f"{_LAW}第十八条", P.CUSTODY_RULING),
    _as_holder(Asker.GUARDIAN, _MANAGER, f"{_LAW}第十八条", P.GUARDIANSHIP_PROOF),
    _interested(Asker.SALE_PARTY, _CONTRACT, "第一项", P.SALE_CONTRACT),
    _interested(Asker.EXCHANGE_PARTY, _CONTRACT, "第一项", P.EXCHANGE_CONTRACT),
    _interested(Asker.GIFT_PARTY, _CONTRACT, "第一项", P.GIFT_CONTRACT),
    _interested(Asker.LEASE_PARTY, _CONTRACT, "第一项", P.LEASE_CONTRACT),
    _interested(Asker.MORTGAGE_PARTY, _CONTRACT, "第一项", P.MORTGAGE_CONTRACT),
    _interested(Asker.SUIT_PARTY, AskerGroup.DISPUTE, "第二项", P.SUIT_ACCEPTED),
    _interested(Asker.ARBITRATION_PARTY, AskerGroup.DISPUTE, "第二项", P.ARBITRATION_ACCEPTED),
    _intending(Asker.BUYING),
    _intending(Asker.RENTING),
    _intending(Asker.LENDING),
    _intending(Asker.SUING),
    QueryRule(
        Asker.ORDER_LAWYER, AskerGroup.COURT_ORDER, WHOLE, ANY_INDEX,
        (*_BASIC, P.LAWYER_LICENCE, P.LAW_FIRM_LETTER, P.INVESTIGATION_ORDER), frozenset(),
        f"{_LAW}第二十三条第二款", acting=ITSELF,
    ),
    _organ(Asker.COURT, "《中华人民共和国民事诉讼法》第七十条"),
    _organ(Asker.PROCURATORATE, "《中华人民共和国刑事诉讼法》第五十四条"),
    _organ(Asker.POLICE, "《中华人民共和国刑事诉讼法》第五十四条"),
    _organ(Asker.STATE_SECURITY, "《中华人民共和国刑事诉讼法》第四条、第五十四条"),
    _organ(Asker.SUPERVISION, "《中华人民共和国监察法》第十八条"),
    _organ(Asker.TAX_OFFICE, "《中华人民共和国税收征收管理法》第五十七条"),
    _organ(Asker.OTHER_ORGAN, "公函写明的法律、行政法规", P.LEGAL_BASIS),
    _sharing(Asker.BANK_SHARING),
    _sharing(Asker.HOUSING_SHARING),
    _sharing(Asker.TAX_SHARING),
    _sharing(Asker.SOCIAL_SHARING),
)  # fmt: skip

QUERY_RULES: Final[Mapping[Asker, QueryRule]] = MappingProxyType({row.asker: row for row in _ROWS})
assert set(QUERY_RULES) == set(Asker) and len(QUERY_RULES) == len(_ROWS), "every kind of asker has one row"
assert {row.group for row in _ROWS} == set(AskerGroup), "every group has an asker"


def askers_of(group: AskerGroup) -> tuple[Asker, ...]:
    """The kinds of asker of one chapter, in the order of the table."""
    return tuple(row.asker for row in _ROWS if row.group is group)


def permission(
    asker: Asker, acting: Acting, wanted: Wanted = Wanted.ORIGINALS, agreed: frozenset[Part] = frozenset()
) -> Permission:
    """What this asker may see at most, of what is wanted, and what must be brought for it."""
    rule = QUERY_RULES[asker]
    parts = rule.parts | rule.lawyer_parts if acting is Acting.LAWYER else rule.parts
    if rule.agreed_only:
        parts &= agreed
    if wanted is Wanted.HOLDINGS:
        parts &= HOLDINGS
    if wanted is not Wanted.ORIGINALS:
        parts -= {Part.ORIGINALS}
    return Permission(parts, rule.indexes, (*rule.papers, *_ADDED[acting]), rule.masks)


def may_ask(query: Query) -> Permission | Refusal:
    """Whether the register may be searched at all; the first thing in the way, with what is missing as its facts."""
    rule = QUERY_RULES[query.asker]
    allowed = permission(query.asker, query.acting, query.wanted, query.agreed)
    missing = [paper for paper in allowed.papers if paper not in query.papers]
    if not query.is_here:
        return Refusal(QueryReasons.NOT_THIS_REGISTRY)
    if not query.purpose_zh.strip():
        return Refusal(QueryReasons.PURPOSE_MISSING)
    if query.acting not in rule.acting:
        return Refusal(QueryReasons.NOT_ENTITLED, (Fact("谁来查", query.acting.name_zh),))
    if missing:
        return Refusal(QueryReasons.PAPERS_MISSING, tuple(Fact("缺少", paper.name_zh) for paper in missing))
    if query.index not in allowed.indexes:
        return Refusal(QueryReasons.INDEX_NOT_ALLOWED, (Fact("查询方式", query.index.name_zh),))
    if reason := _beyond(query, rule, allowed):
        return Refusal(reason, (Fact("要查的内容", query.wanted.name_zh),))
    return allowed


def may_see(asker: Asker, found: Found) -> Refusal | None:
    """Whether what the search found may be shown; nothing found is a lawful answer too.

    A number that fits with a name that does not is refused, never passed over: it would make a false 无房证明.
    """
    rule = QUERY_RULES[asker]
    if found.has_secret:
        return Refusal(QueryReasons.STATE_SECRET)
    if rule.units_max and found.units > rule.units_max:
        return Refusal(QueryReasons.ONE_UNIT_ONLY, (Fact("查到", f"{found.units}处"),))
    if rule.holds_for and found.units and not found.names_subject:
        return Refusal(QueryReasons.NOT_THE_HOLDER)
    return None


def _beyond(query: Query, rule: QueryRule, allowed: Permission) -> Reason | None:
    """What is wanted that this asker may not have."""
    if query.wanted is Wanted.ORIGINALS and Part.ORIGINALS not in allowed.parts:
        return QueryReasons.MATTER_NOT_ALLOWED
    if query.wanted is Wanted.HOLDINGS and not (rule.may_have_holdings and query.index is Index.IDENTITY):
        return QueryReasons.HOLDINGS_OWN_ONLY
    return None if allowed.parts else QueryReasons.MATTER_NOT_ALLOWED
