"""能不能办: one question to a page, then the answer with its reasons, what is missing, and where to go.  No login."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from tongban.cases.decisions import switched_exclusions
from tongban.directory import lookup
from tongban.directory.local_rules import Note, notes_in_force
from tongban.directory.lookup import PROVINCE_DIVISION
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.decision import Finding, Place, Refusal, Verdict
from tongban.domain.errors import NotFound
from tongban.domain.reasons import Reasons
from tongban.domain.terms import Channel, Registration, Subject
from tongban.exchange.authorizations import authorized
from tongban.portal import what_if
from tongban.portal.forms import UnitCodeForm, question_form
from tongban.portal.places import City, Office, cities, office
from tongban.portal.what_if import (
    ASKED,
    CODE,
    COUNTY,
    LAND,
    UNIT,
    UNSURE,
    USE,
    WINDOW,
    Answers,
    LocalLaw,
    Outlook,
    Page,
    PageKind,
)
from tongban.web.parts import Progress

HANDED_ON_ZH: Final = "房子换了主人：买卖、赠与、继承、离婚"
OTHER_ZH: Final = "其他"
_OF_SUBJECT_ZH: Final[Mapping[Subject, str]] = MappingProxyType(
    {
        Subject.TITLE: "证书上的内容要改，或者证丢了、破了",
        Subject.MORTGAGE: "抵押贷款",
        Subject.PRIORITY_NOTICE: "还没有办证，先做预告登记",
        Subject.HABITATION: "居住权",
        Subject.OBJECTION: "觉得登记簿记错了，提出异议",
        Subject.EASEMENT: "地役权：要经过、利用别人的房地",
    }
)
_FAMILIES_ZH: Final = (HANDED_ON_ZH, *_OF_SUBJECT_ZH.values(), OTHER_ZH)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as the result repeats it, with the way back to its question."""

    question_zh: str
    answer_zh: str
    change_url: str


@dataclass(frozen=True, slots=True)
class Where:
    """The home registry of the property, the office the visitor wants to go to, and what stands in the way there.

    `notes`: what the home registry says about the matter beyond the province's standard (G8).
    """

    home: Office | None
    chosen: Office | None
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...] = ()

    @property
    def place(self) -> Place | None:
        """Where it can be done whatever else is said."""
        return self.home.registry.place if self.home else None


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which matter it is about."""
    return render(request, "portal/can_i.html", {"families": families()})


@require_safe
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """The first open question, or the answer once nothing asked on could change it."""
    item, now = item_of(number), timezone.now()
    given = dict(request.GET.lists())
    answers = what_if.read(item, given)
    law = _law(answers, localdate(now))
    page = what_if.next_page(item, answers)
    if page is None or what_if.is_settled(item, answers, law):
        return _result(request, item, answers, law, now)
    if page.kind is PageKind.UNIT_CODE:
        return _question(request, item, answers, UnitCodeForm(page))
    was_sent = page.key in given.get(ASKED, ())
    offered = cities() if page.kind is PageKind.DIVISION else ()
    form = question_form(page, offered, given if was_sent else None)
    form.initial = {WINDOW: answers.get(COUNTY, ("",))[0]}
    return _question(request, item, answers, form)


@csrf_exempt
@require_POST
def unit(request: HttpRequest, number: str) -> HttpResponse:
    """A unit code, read for its county and letters; neither kept nor put into an address.

    Exempt from the CSRF check: nothing is changed and nobody is signed in, and it also works without cookies.
    """
    item = item_of(number)
    answers = what_if.read(item, dict(request.GET.lists()))
    page = what_if.next_page(item, answers)
    if page is None or page.kind is not PageKind.UNIT_CODE:
        return HttpResponseRedirect(_url(item, answers))
    form = UnitCodeForm(page, request.POST)
    if form.is_valid():
        county = form.parts.county
        if _has_registry(county, localdate(timezone.now())):
            found = {UNIT: (CODE,), COUNTY: (county,), LAND: (what_if.letters_of(form.parts),)}
            return HttpResponseRedirect(_url(item, {**answers, **found}))
        form.add_error("unit_code", Reasons.REGISTRY_UNKNOWN.what_zh + Reasons.REGISTRY_UNKNOWN.cure_zh)
    return _question(request, item, answers, form)


@dataclass(frozen=True, slots=True)
class Family:
    """Matters that people come for in the same situation of life."""

    title_zh: str
    matters: tuple[tuple[ServiceItem, str], ...]


def families() -> tuple[Family, ...]:
    """Every service item with the situation in which it is the right one, sorted as people think of them."""
    found: dict[str, list[tuple[ServiceItem, str]]] = {title_zh: [] for title_zh in _FAMILIES_ZH}
    for item in CATALOGUE.values():
        is_transfer = item.subject is Subject.TITLE and item.kind is Registration.TRANSFER
        title_zh = HANDED_ON_ZH if is_transfer else _OF_SUBJECT_ZH.get(item.subject, OTHER_ZH)
        found[title_zh].append((item, what_if.situation_zh(item)))
    return tuple(Family(title_zh, tuple(matters)) for title_zh, matters in found.items() if matters)


def item_of(number: str) -> ServiceItem:
    """The service item of an address; raises NotFound."""
    if number not in CATALOGUE:
        raise NotFound("item_unknown", "没有这个服务事项。")
    return CATALOGUE[number]


def _question(request: HttpRequest, item: ServiceItem, answers: Answers, form: forms.Form) -> HttpResponse:
    pages = what_if.pages(item, answers)
    page = next(page for page in pages if page.key not in answers)
    context = {
        "item": item,
        "page": page,
        "form": form,
        "field": next(iter(form)),
        "is_unit_code": page.kind is PageKind.UNIT_CODE,
        "skip_url": _url(item, {**answers, UNIT: (what_if.NONE,)}),
        "so_far": [(key, value) for key, values in answers.items() for value in values],
        "sent_to": f"{reverse('portal:can-i-unit', args=[item.number])}?{urlencode(answers, doseq=True)}",
        "back_url": _back_url(item, answers, pages),
        "step": Progress(pages.index(page) + 1, len(pages), "能不能办"),
    }
    return render(request, "portal/can_i_question.html", context)


def _result(request: HttpRequest, item: ServiceItem, answers: Answers, law: LocalLaw, now: datetime) -> HttpResponse:
    where = _where(item, answers, now)
    seen = what_if.outlook(item, answers, law, where.findings)
    county = answers.get(COUNTY, (PROVINCE_DIVISION,))[0]
    parts = dict(what_if.guide_parts(item))
    context = {
        "item": item,
        "seen": seen,
        "title": _TITLES_ZH[seen.answer].format(missing=len(seen.missing)),
        "situation": what_if.situation_zh(item),
        "steps": what_if.steps_zh(parts.get("怎么办", "")),
        "afterwards": parts.get("办完以后", ""),
        "costs": what_if.costs_zh(item),
        "days": lookup.parameter_count(item.days_parameter, county, localdate(now)),
        "where": where,
        "said": _said(item, answers, cities()),
        "back_url": _back_url(item, answers, what_if.pages(item, answers)),
        "knows_papers": what_if.PAPERS in answers,
        "now": now,
    }
    return render(request, "portal/can_i_answer.html", context | _kinds(seen, answers))


_TITLES_ZH = {
    what_if.Answer.OTHER_MATTER: "您的情况不归这一项管",
    what_if.Answer.NO: "现在不能办",
    what_if.Answer.AT_HOME: "这里办不了，房产所在地可以办",
    what_if.Answer.CONDITION: "可以办，但有条件",
    what_if.Answer.UNSURE: "还差一步：先看清证书上怎么写的",
    what_if.Answer.MISSING: "可以办，还差 {missing} 样材料",
    what_if.Answer.YES: "可以办，材料也齐了",
}
_TONES = {
    what_if.Answer.OTHER_MATTER: "condition",
    what_if.Answer.NO: "refuse",
    what_if.Answer.AT_HOME: "refuse",
    what_if.Answer.CONDITION: "condition",
    what_if.Answer.UNSURE: "condition",
    what_if.Answer.MISSING: "condition",
    what_if.Answer.YES: "allow",
}
assert set(_TITLES_ZH) == set(_TONES) == set(what_if.Answer), "every answer has its words"


def _kinds(seen: Outlook, answers: Answers) -> dict[str, object]:
    """What the template asks about the answer."""
    return {
        "tone": _TONES[seen.answer],
        "is_other_matter": seen.answer is what_if.Answer.OTHER_MATTER,
        "is_unsure_of_land": seen.answer is what_if.Answer.UNSURE and answers.get(LAND) == (UNSURE,),
        "is_unsure_of_use": seen.answer is what_if.Answer.UNSURE and answers.get(USE) == (UNSURE,),
        "is_at_home": seen.answer is what_if.Answer.AT_HOME,
        "names_home": seen.answer not in (what_if.Answer.YES, what_if.Answer.MISSING),
        "goes_on": seen.answer not in (what_if.Answer.OTHER_MATTER, what_if.Answer.NO),
    }


def _where(item: ServiceItem, answers: Answers, now: datetime) -> Where:
    """The two offices, and what the directory and the authorizations say against going there."""
    if COUNTY not in answers:
        return Where(None, None, ())
    try:
        home = office(answers[COUNTY][0], now)
        chosen = office(answers[WINDOW][0], now) if WINDOW in answers else None
    except NotFound:
        return Where(None, None, (_finding(Refusal(Reasons.REGISTRY_UNKNOWN)),))
    way, today = Channel.WINDOW, localdate(now)
    refusals = [lookup.is_open(home.registry.code, item.number, way, today)]
    if chosen:
        refusals.append(authorized(home.registry.code, chosen.registry.code, item.number, way, today))
    findings = tuple(_finding(refusal) for refusal in refusals if refusal is not None)
    return Where(home, chosen, findings, notes_in_force(home.registry.code, today, item.number))


def _finding(refusal: Refusal) -> Finding:
    return Finding("", Verdict.REFUSE, refusal.reason, refusal.facts)


def _law(answers: Answers, today: date) -> LocalLaw:
    """The rules of today where the property lies; the usual ones while the visitor has not said where."""
    switched = switched_exclusions(answers[COUNTY][0], today) if COUNTY in answers else frozenset()
    return LocalLaw(today, switched)


def _has_registry(county: str, today: date) -> bool:
    try:
        return bool(lookup.registry_of_division(county, today))
    except NotFound:
        return False


def _said(item: ServiceItem, answers: Answers, known: tuple[City, ...]) -> tuple[Said, ...]:
    """Every answer in words; what a unit code told stands as one line."""
    counties = {one.code: one.name_zh for city in known for one in city.counties}
    lines = []
    for page in what_if.pages(item, answers):
        if page.key not in answers:
            break
        change_url = _url(item, _before(item, answers, page.key))
        lines.append(Said(page.question_zh, _words(page, answers, counties), change_url))
    return tuple(lines)


def _words(page: Page, answers: Answers, counties: Mapping[str, str]) -> str:
    values = answers[page.key]
    match page.kind:
        case PageKind.UNIT_CODE:
            is_known = values == (CODE,)
            return f"填了，在{counties.get(answers[COUNTY][0], '河南省')}" if is_known else "没有填"
        case PageKind.DIVISION:
            return counties.get(values[0], values[0])
        case _:
            labels = [option.label_zh.split("——")[0] for option in page.options if option.value in values]
            return "；".join(labels) or "都没有"


def _back_url(item: ServiceItem, answers: Answers, pages: tuple[Page, ...]) -> str:
    answered = [page.key for page in pages if page.key in answers]
    return _url(item, _before(item, answers, answered[-1])) if answered else reverse("portal:can-i")


def _before(item: ServiceItem, answers: Answers, key: str) -> Answers:
    """The answers as they were when the page was asked."""
    keys = [page.key for page in what_if.pages(item, answers)]
    kept = keys[: keys.index(key)]
    with_code = UNIT in kept and answers.get(UNIT) == (CODE,)
    return {name: answers[name] for name in (*kept, *((COUNTY, LAND) if with_code else ())) if name in answers}


def _url(item: ServiceItem, answers: Answers) -> str:
    asked = urlencode(answers, doseq=True)
    return reverse("portal:can-i-item", args=[item.number]) + (f"?{asked}" if asked else "")
