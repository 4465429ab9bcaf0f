"""查登记资料的指南: who may see what, and what to bring, read from the table of the law."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from tongban.directory import lookup
from tongban.directory.lookup import PROVINCE_DIVISION
from tongban.domain.query_rules import LAWYER_CHECK, QUERY_RULES, askers_of, permission
from tongban.domain.query_terms import Acting, AskerGroup, Index, Paper, Part

PUBLIC_GROUPS = tuple(group for group in AskerGroup if group not in (AskerGroup.ORGAN, AskerGroup.SHARING))


@dataclass(frozen=True, slots=True)
class GroupGuide:
    """One kind of asker as the public reads it: `proofs` are those that differ, by what one is."""

    title_zh: str
    sees_zh: tuple[str, ...]
    indexes_zh: tuple[str, ...]
    papers_zh: tuple[str, ...]
    proofs: tuple[tuple[str, tuple[str, ...]], ...]
    is_one_unit: bool
    law_zh: str


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What you may see, what to bring, how long it takes, what the paper is good for."""
    context = {
        "groups": [_group(group) for group in PUBLIC_GROUPS],
        "agent_papers": _added(Acting.AGENT),
        "lawyer_papers": _added(Acting.LAWYER),
        "lawyer_parts": [part.name_zh for part in Part if part in LAWYER_CHECK],
        "days": lookup.parameter_count("query_workdays", PROVINCE_DIVISION, localdate(timezone.now())),
    }
    return render(request, "portal/query_guide.html", context)


def _group(group: AskerGroup) -> GroupGuide:
    askers = askers_of(group)
    rule = QUERY_RULES[askers[0]]
    papers = {asker: permission(asker, Acting.IN_PERSON).papers for asker in askers}
    common = [paper for paper in papers[askers[0]] if all(paper in one for one in papers.values())]
    proofs = tuple((asker.name_zh, _names([one for one in papers[asker] if one not in common])) for asker in askers)
    return GroupGuide(
        title_zh=group.name_zh,
        sees_zh=tuple(part.name_zh for part in Part if part in rule.parts),
        indexes_zh=tuple(index.name_zh for index in Index if index in rule.indexes),
        papers_zh=_names(common),
        proofs=tuple((name_zh, own) for name_zh, own in proofs if own),
        is_one_unit=rule.units_max == 1,
        law_zh=rule.law_zh,
    )


def _names(papers: list[Paper]) -> tuple[str, ...]:
    return tuple(paper.name_zh for paper in papers)


def _added(acting: Acting) -> tuple[str, ...]:
    asker = askers_of(AskerGroup.HOLDER)[0]
    alone = permission(asker, Acting.IN_PERSON).papers
    return _names([paper for paper in permission(asker, acting).papers if paper not in alone])
