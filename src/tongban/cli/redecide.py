"""`tongban redecide`: decide every kept decision again and name those that come out otherwise."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from django.utils.timezone import localdate, now

from tongban.cases.redeciding import Redecided, RulesOf, Which, redecide
from tongban.directory import lookup
from tongban.domain.decision import Finding
from tongban.domain.errors import TongbanError

UNUSABLE = 2


def run(words: list[str]) -> int:
    """A few lines per difference; 0 when there is none, 1 when there is any, 2 when the words cannot be used."""
    parser = argparse.ArgumentParser(prog="tongban redecide")
    rules = parser.add_mutually_exclusive_group()
    rules.add_argument("--rules-of-today", action="store_true", help="by the rules as they are today (the usual)")
    rules.add_argument("--rules-of-its-day", action="store_true", help="by the rules of the day of each decision")
    parser.add_argument("--since", metavar="DATE", default="", help="only decisions from this day on, as 2026-01-31")
    parser.add_argument("--registry", metavar="CODE", default="", help="only decisions of this registry")
    chosen = parser.parse_args(words)
    try:
        which = Which(_known(chosen.registry), _day(chosen.since))
    except (TongbanError, ValueError) as error:
        print(f"tongban redecide: {error}", file=sys.stderr)
        return UNUSABLE
    by = RulesOf.ITS_DAY if chosen.rules_of_its_day else RulesOf.TODAY
    decided = differences = 0
    for one in redecide(by, which, today=localdate(now())):
        decided += 1
        if one.differs:
            differences += 1
            print("\n".join(_lines(one, by)))
    print(f"{decided} decisions decided again, {differences} differ")
    return 1 if differences else 0


def _known(registry: str) -> str:
    return lookup.institution(registry).code if registry else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueError(f"日期“{text[:20]}”不对。请按“年-月-日”写，例如 2026-01-31") from error


def _lines(one: Redecided, by: RulesOf) -> list[str]:
    rules_zh = "按当天的规则" if by is RulesOf.ITS_DAY else "按今天的规则"
    after_zh = one.after.verdict.name_zh if one.after else f"不能重新判断：{one.why_zh}"
    head = f"{one.case_no} 第{one.position}次（{one.step_zh}，{one.decided_on.isoformat()}，{one.registry}）"
    lines = [f"{head}：当时“{one.before.verdict.name_zh}”，{rules_zh}“{after_zh}”"]
    lines += [f"  - {_line(finding)}" for finding in (one.gone if one.after else ())]
    return lines + [f"  + {_line(finding)}" for finding in one.new]


def _line(finding: Finding) -> str:
    return f"{finding.verdict.name_zh} {finding.rule} {finding.reason.code} {finding.reason.what_zh}"
