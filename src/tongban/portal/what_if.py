"""Can it be done?  The questions asked before anybody signs in, and the answer by the tables of law alone.

Pure: no register, no account, nothing kept.  The answers travel in the address of the page, so it can be left, sent on,
printed and gone back in.  They are never personal; of a unit code only the letters that decide stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue.item import NO, NO_FEE_ZH, YES, Field, FieldKind, Requirement, ServiceItem
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Decision, Fact, Finding, Verdict
from tongban.domain.errors import InvalidInput
from tongban.domain.exclusions import exclude
from tongban.domain.facts import ApplicationFacts, UnitFacts, UnitState
from tongban.domain.restrictions import decide_all
from tongban.domain.terms import RightKind
from tongban.domain.unit_code import UnitCodeParts, parse_unit_code

Answers = Mapping[str, tuple[str, ...]]

FITS, UNIT, COUNTY, LAND, USE = "fits", "unit", "county", "land", "use"
WINDOW, LIMITS, PAPERS = "window", "limits", "papers"
NONE = "none"
CODE = "code"
UNSURE = "unsure"
ASKED = "asked"  # names the page that was sent, so that one sent empty is told apart from one not seen yet
FORMS_MAX = 4096
_DIVISION = re.compile(r"41\d{4}", re.ASCII)
_LAND = re.compile(r"(?P<ownership>[GJZ])(?P<use>[A-Z])(?P<fixture>[FLQW])(?P<virtual>V?)")
_PLAIN_LAND: Final = "GBF"
_COUNTY_UNKNOWN: Final = "410000"
_HOME, _SHOP = "11", "31"  # 规划用途: a flat, and a room that is not a home
_TELLING_FACTS: Final = frozenset({"土地", "定着物", "登记原因"})
_PLACE_REASONS: Final = "XD"  # scope of the service, and what offices have opened or agreed: the home registry does it


class PageKind(StrEnum):
    """How a page asks."""

    ONE = "one"
    SOME = "some"
    DIVISION = "division"
    UNIT_CODE = "unit_code"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label_zh: str


@dataclass(frozen=True, slots=True)
class Page:
    """One question on one page.  SOME may stay empty; DIVISION offers the counties the directory knows."""

    key: str
    question_zh: str
    help_zh: str
    kind: PageKind
    options: tuple[Option, ...] = ()


class Answer(StrEnum):
    """What the visitor is told in one word."""

    OTHER_MATTER = "other_matter"
    NO = "no"
    AT_HOME = "at_home"
    CONDITION = "condition"
    UNSURE = "unsure"
    MISSING = "missing"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class LocalLaw:
    """The rules of a day where the property lies; `switched` are the exclusions turned there from their usual."""

    day: date
    switched: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outlook:
    """The whole answer.  `missing` are papers not in hand yet; `made_by_system` need not be brought by anybody."""

    answer: Answer
    decision: Decision
    in_hand: tuple[Requirement, ...]
    missing: tuple[Requirement, ...]
    made_by_system: tuple[Requirement, ...]


_LANDS: Final = (
    Option(_PLAIN_LAND, "城镇里的房子（商品房、房改房、安置房、商铺等，土地是国有的）"),
    Option("JCF", "农村的房子（宅基地上的房子，土地是村集体的）"),
    Option("GBW", "只有国有土地，上面没有登记房子"),
    Option("JBW", "村集体的土地、耕地、林地，上面没有登记房子"),
    Option(UNSURE, "说不清"),
)
_LIMITS_ZH: Final[Mapping[Burden, str]] = MappingProxyType(
    {
        Burden.MORTGAGE: "抵押给银行了，贷款还没还清",
        Burden.SEIZURE: "被法院等机关查封了",
        Burden.PENDING_CASE: "还有别的登记正在办",
        Burden.OBJECTION: "有人提出过异议",
        Burden.OWNER_DEAD: "登记簿上的权利人已经去世",
        Burden.OWNER_DISSOLVED: "登记簿上的单位已经注销或者破产",
    }
)


def guide_parts(item: ServiceItem) -> tuple[tuple[str, str], ...]:
    """The guide in its parts: title and text, in their order."""
    found = re.findall(r"【([^】]+)】([^【]*)", item.guide_zh)
    return tuple((title, text.strip()) for title, text in found)


def situation_zh(item: ServiceItem) -> str:
    """When the item is the right one: the first part of its guide."""
    return guide_parts(item)[0][1]


def steps_zh(text: str) -> tuple[str, ...]:
    """A part of a guide in lines: one for each step or case it names."""
    return tuple(line.strip() for line in text.split("；") if line.strip())


def costs_zh(item: ServiceItem) -> tuple[str, ...]:
    """What it costs, with the figures that the guide names, in lines."""
    told = steps_zh(dict(guide_parts(item)).get("要多少钱", ""))
    return (item.fee_zh,) if item.fee_zh == NO_FEE_ZH or not told else told


def pages(item: ServiceItem, answers: Answers) -> tuple[Page, ...]:
    """Every page this visitor meets, given the answers so far, in their order."""
    asked = [Page(FITS, "是不是这种情况？", situation_zh(item), PageKind.ONE, (Option(YES, "是"), Option(NO, "不是")))]
    asked.append(_UNIT_PAGE)
    if answers.get(UNIT) != (CODE,):
        asked += [_COUNTY_PAGE, _LAND_PAGE]
    if use_decides(item):
        asked.append(_USE_PAGE)
    asked.append(_WINDOW_PAGE)
    asked += [_field_page(field, answers) for field in deciding_fields(item) if _is_asked(field, answers)]
    asked += [_limits_page(), _papers_page(item, answers)]
    return tuple(asked)


def read(item: ServiceItem, given: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The valid answers among what an address or a form gives, up to the first page without one."""
    answers: dict[str, tuple[str, ...]] = {}
    while (page := next_page(item, answers)) is not None:
        found = _taken(page, given)
        if not found:
            break
        answers |= found
    return answers


def next_page(item: ServiceItem, answers: Answers) -> Page | None:
    """The first page without an answer."""
    return next((page for page in pages(item, answers) if page.key not in answers), None)


def is_settled(item: ServiceItem, answers: Answers, law: LocalLaw) -> bool:
    """Whether nothing that is still to be asked could change the answer: asking on would waste the visitor's time."""
    return answers.get(FITS) == (NO,) or bool(findings(item, answers, law).refusals)


def outlook(item: ServiceItem, answers: Answers, law: LocalLaw, more: Sequence[Finding] = ()) -> Outlook:
    """The answer.  `more` is what the directory had to say."""
    decision = Decision.of((*findings(item, answers, law).findings, *more))
    needed = item.needed_materials(application_facts(item, answers))
    brought = [one for one in needed if not one.made_by_system]
    ticked = answers.get(PAPERS, ())
    missing = tuple(one for one in brought if one.key not in ticked)
    return Outlook(
        _answer(answers, decision, missing),
        decision,
        tuple(one for one in brought if one.key in ticked),
        missing,
        tuple(one for one in needed if one.made_by_system),
    )


def findings(item: ServiceItem, answers: Answers, law: LocalLaw) -> Decision:
    """What scope and restrictions say to the answers so far."""
    application = application_facts(item, answers)
    excluded = exclude(item, _unit_facts(answers), application, law.switched, law.day)
    burdens = [BurdenFact(Burden(value), "") for value in answers.get(LIMITS, ()) if value != NONE]
    shown = (*excluded, *decide_all(item.acts, burdens, frozenset(), on=law.day).findings)
    from_code = answers.get(UNIT) == (CODE,)
    return Decision.of([_without_made_up(one, keep=from_code) for one in shown])


def application_facts(item: ServiceItem, answers: Answers) -> ApplicationFacts:
    """The answers as the law sees them."""
    return item.application_facts(_form(item, answers), frozenset())


def letters_of(parts: UnitCodeParts) -> str:
    """What of a unit code decides: ownership, use and fixture, and V for a placeholder number."""
    return f"{parts.ownership}{parts.use}{parts.fixture}{'V' if parts.is_virtual else ''}"


@cache
def deciding_fields(item: ServiceItem) -> tuple[Field, ...]:
    """The choices of the form whose answer changes the checklist or the scope; all others can wait for the form."""
    choices = [field for field in item.fields if _is_choice(item, field)]
    forms = list(_forms(choices, {}))
    assert len(forms) <= FORMS_MAX, f"{item.number}: too many combinations of answers to try"
    return tuple(field for field in choices if any(_decides(item, field, form) for form in forms))


@cache
def use_decides(item: ServiceItem) -> bool:
    """Whether it matters for some answers that the room is a home (X08)."""
    choices = [field for field in item.fields if _is_choice(item, field)]
    return any(_excluded(item, form, _HOME) != _excluded(item, form, _SHOP) for form in _forms(choices, {}))


# --- pages -----------------------------------------------------------------------------------------------------------

_UNIT_PAGE: Final = Page(
    UNIT,
    "不动产单元号",
    "在不动产权证书上，28位，例如 410526 001001 GB00001 F00010001。不知道的可以跳过。"
    "我们只看它说的是哪个县、什么土地，不查登记簿，也不留下这个号码。",
    PageKind.UNIT_CODE,
)
_COUNTY_PAGE: Final = Page(COUNTY, "房产在哪个县（市、区）？", "选房产所在的地方，不是您住的地方。", PageKind.DIVISION)
_LAND_PAGE: Final = Page(
    LAND, "是什么样的房产？", "看证书上的“权利性质”和“用途”；看不明白就选“说不清”。", PageKind.ONE, _LANDS
)
_USE_PAGE: Final = Page(
    USE,
    "这处房产是住宅吗？",
    "看证书上的“用途”。连同住宅一起卖的车位、储藏室，按住宅答。",
    PageKind.ONE,
    (
        Option(_HOME, "是住宅"),
        Option(_SHOP, "不是住宅（商铺、办公室、厂房、单独的车位等）"),
        Option(UNSURE, "说不清"),
    ),
)
_WINDOW_PAGE: Final = Page(
    WINDOW, "您想到哪里去办？", "选离您近的县（市、区）。就到房产所在地办的，选房产所在的县。", PageKind.DIVISION
)


def _field_page(field: Field, answers: Answers) -> Page:
    options = _YES_NO if field.kind is FieldKind.YES_NO else _offered(field, _plain(answers))
    return Page(field.key, f"{field.label_zh}？", field.help_zh, PageKind.ONE, options)


def _limits_page() -> Page:
    options = tuple(Option(burden.value, label_zh) for burden, label_zh in _LIMITS_ZH.items())
    return Page(
        LIMITS,
        "这处房产有没有下面这些情况？",
        "有几样勾几样。都没有或者不知道的，不用勾，直接继续。",
        PageKind.SOME,
        options,
    )


def _papers_page(item: ServiceItem, answers: Answers) -> Page:
    needed = item.needed_materials(application_facts(item, answers))
    options = tuple(Option(one.key, _paper_zh(one)) for one in needed if not one.made_by_system)
    return Page(PAPERS, "下面的材料，您手上有哪些？", "有的勾上。没有的我们告诉您到哪里去拿。", PageKind.SOME, options)


def _paper_zh(one: Requirement) -> str:
    whose = "" if one.whose is one.whose.OWNER else f"（{one.whose.name_zh}的）"
    return f"{one.material.name_zh}{whose}——{one.how_zh}"


_YES_NO: Final = (Option(YES, "是"), Option(NO, "否"))


def _offered(field: Field, form: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(choice.value, choice.label_zh) for choice in field.offered(form))


def _is_asked(field: Field, answers: Answers) -> bool:
    """Whether the field is there and leaves a choice."""
    form = _plain(answers)
    return field.is_shown(form) and (field.kind is FieldKind.YES_NO or len(field.offered(form)) > 1)


def _taken(page: Page, given: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    values = tuple(given.get(page.key, ()))
    match page.kind:
        case PageKind.ONE:
            valid = values[:1] if values and values[0] in {option.value for option in page.options} else ()
        case PageKind.DIVISION:
            valid = values[:1] if values and _DIVISION.fullmatch(values[0]) else ()
        case PageKind.UNIT_CODE:
            return _taken_unit(values, given)
        case PageKind.SOME:
            valid = tuple(option.value for option in page.options if option.value in values)
            if not valid and (NONE in values or page.key in given.get(ASKED, ())):
                valid = (NONE,)
    return {page.key: valid} if valid else {}


def _taken_unit(values: Sequence[str], given: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    if tuple(values[:1]) == (NONE,):
        return {UNIT: (NONE,)}
    county, land = tuple(given.get(COUNTY, ()))[:1], tuple(given.get(LAND, ()))[:1]
    if tuple(values[:1]) != (CODE,) or not county or not land:
        return {}
    if not _DIVISION.fullmatch(county[0]) or _code_of(county[0], land[0]) is None:
        return {}
    return {UNIT: (CODE,), COUNTY: county, LAND: land}


# --- facts -----------------------------------------------------------------------------------------------------------


def _unit_facts(answers: Answers) -> UnitFacts:
    """A unit like the one described.  What only its registry knows (flags, title, survey) is taken to be in order."""
    county = answers.get(COUNTY, (_COUNTY_UNKNOWN,))[0]
    land = answers.get(LAND, (_PLAIN_LAND,))[0]
    code = _code_of(county, _PLAIN_LAND if land == UNSURE else land)
    assert code is not None, "answers were read"
    use = answers.get(USE, (_HOME,))[0]
    state = UnitState(code, "", RightKind.OTHER, use_code=_HOME if use == UNSURE else use)
    return UnitFacts(state, has_title=True)


def _code_of(county: str, land: str) -> UnitCode | None:
    """A well-formed code with these letters; None when the letters cannot stand together."""
    found = _LAND.fullmatch(land)
    if found is None:
        return None
    area = "000000" if found["virtual"] else "001001"
    fixture = found["fixture"] + ("00000000" if found["fixture"] == "W" else "00010001")
    try:
        return parse_unit_code(f"{county}{area}{found['ownership']}{found['use']}00001{fixture}").code
    except InvalidInput:
        return None


def _without_made_up(finding: Finding, *, keep: bool) -> Finding:
    """Leave out facts the visitor did not give: the code was made up to ask the rules."""
    facts = tuple(Fact(one.name_zh, one.value_zh) for one in finding.facts if keep and one.name_zh in _TELLING_FACTS)
    return Finding(finding.rule, finding.verdict, finding.reason, facts, finding.lifted_by)


def _form(item: ServiceItem, answers: Answers) -> dict[str, str]:
    """The form as far as it is known: answers given, and choices that leave no choice."""
    form: dict[str, str] = {}
    for field in deciding_fields(item):
        if not field.is_shown(form):
            continue
        offered = field.offered(form)
        if field.key in answers:
            form[field.key] = answers[field.key][0]
        elif len(offered) == 1:
            form[field.key] = offered[0].value
    return form


def _plain(answers: Answers) -> dict[str, str]:
    return {key: values[0] for key, values in answers.items()}


def _is_choice(item: ServiceItem, field: Field) -> bool:
    names_a_document = any(other.id_kind_field == field.key for other in item.fields)
    is_choice = field.kind in (FieldKind.CHOICE, FieldKind.YES_NO) and not names_a_document
    return is_choice and not field.is_personal and not field.can_wait


def _values(field: Field, form: Mapping[str, str]) -> tuple[str, ...]:
    return (YES, NO) if field.kind is FieldKind.YES_NO else tuple(choice.value for choice in field.offered(form))


def _forms(fields: Sequence[Field], form: dict[str, str], detours: int = 1) -> Iterator[dict[str, str]]:
    """The plain way to answer the fields that are shown, and every way that leaves it once.

    What is asked only because of another answer may be answered in any way: it is part of that detour.
    """
    if not fields:
        yield form
        return
    first, rest = fields[0], fields[1:]
    if not first.is_shown(form):
        yield from _forms(rest, form, detours)
        return
    for place, value in enumerate(_values(first, form)):
        left = detours - (1 if place and first.when is None else 0)
        if left >= 0:
            yield from _forms(rest, {**form, first.key: value}, left)


def _decides(item: ServiceItem, field: Field, form: dict[str, str]) -> bool:
    if field.key not in form:
        return False
    outcomes = {_outcome(item, {**form, field.key: value}) for value in _values(field, form)}
    return len(outcomes) > 1


def _outcome(item: ServiceItem, form: dict[str, str]) -> tuple[tuple[str, ...], ...]:
    facts = item.application_facts(form, frozenset())
    papers = tuple(one.key for one in item.needed_materials(facts))
    return papers, _excluded(item, form, _HOME), _excluded(item, form, _SHOP)


def _excluded(item: ServiceItem, form: dict[str, str], use: str) -> tuple[str, ...]:
    facts = item.application_facts(form, frozenset())
    return tuple(one.rule for one in exclude(item, _unit_facts({USE: (use,)}), facts, frozenset()))


def _answer(answers: Answers, decision: Decision, missing: Sequence[Requirement]) -> Answer:
    if answers.get(FITS) == (NO,):
        return Answer.OTHER_MATTER
    if decision.verdict is Verdict.REFUSE:
        only_place = all(one.reason.code[0] in _PLACE_REASONS for one in decision.refusals)
        return Answer.AT_HOME if only_place else Answer.NO
    if (UNSURE,) in (answers.get(LAND), answers.get(USE)):
        return Answer.UNSURE
    if decision.verdict is Verdict.CONDITION:
        return Answer.CONDITION
    return Answer.MISSING if missing else Answer.YES
