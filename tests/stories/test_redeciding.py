"""Old decisions are decided again, by the rules of their day and by those of today."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.province import HOME, NOW, OFFICER, OTHER, REGISTRAR, REVIEWER, Province

from tongban.cases import flow, redeciding
from tongban.cases.models import Case, CaseDecision
from tongban.cases.moves import StepData
from tongban.cases.redeciding import Redecided, RulesOf, Which, redecide
from tongban.cli import redecide as command
from tongban.domain.acts import Act
from tongban.domain.burdens import Burden
from tongban.domain.decision import Decision, Finding, Refusal, Verdict
from tongban.domain.reasons import REASONS, Reasons
from tongban.domain.restrictions import LAW, RULES, RuleTable

TODAY = NOW.date()
LATER = TODAY + timedelta(days=30)
ALL = Which()


def steps(case_no: str) -> list[tuple[int, str, str]]:
    rows = CaseDecision.objects.filter(case_id=case_no).order_by("position")
    return list(rows.values_list("position", "step", "verdict"))


def again(rules: RulesOf, which: Which = ALL, today: date = LATER, table: RuleTable = LAW) -> list[Redecided]:
    return list(redecide(rules, which, today=today, table=table))


def test_every_move_that_rests_on_a_decision_keeps_what_it_rested_on(story: Province) -> None:
    case_no = story.case_certified()

    assert steps(case_no) == [
        (1, "accept", "ALLOW"),
        (2, "approve_first", "ALLOW"),
        (3, "approve_second", "ALLOW"),
        (4, "record", "ALLOW"),
    ]
    last = CaseDecision.objects.get(case_id=case_no, position=4)
    assert last.inputs["units"][0]["unit_code"] == Case.objects.get(case_no=case_no).units.get().unit_code
    assert last.inputs["acts"] == ["alter_name"]
    assert last.decided_on == TODAY


def test_a_written_refusal_keeps_what_it_rested_on(story: Province) -> None:
    case_no = story.case_received()
    story.moves(case_no, "accept", OFFICER)
    no = StepData(key="n", now=story.tick(), refusal=Refusal(Reasons.CONFLICTS_WITH_REGISTER))
    flow.advance(case_no, "refuse", story.actor(REVIEWER), no)

    assert [step for _, step, _ in steps(case_no)] == ["accept", "refuse"]


def test_a_move_that_was_refused_leaves_no_decision(story: Province) -> None:
    case_no = story.case_ready_to_record()
    story.court_orders(0)
    story.settles()
    flow.advance(case_no, "resume", story.actor(REVIEWER), StepData(key="r", now=story.tick()))
    before = steps(case_no)

    assert isinstance(story.moves(case_no, "record", REGISTRAR), Refusal)
    assert steps(case_no) == before


@pytest.mark.parametrize("sql", ["UPDATE cases_casedecision SET step = 'x'", "DELETE FROM cases_casedecision"])
def test_a_kept_decision_is_never_changed(story: Province, sql: str) -> None:
    case_no = story.case_ready_to_record()
    before = steps(case_no)

    with pytest.raises(Exception, match=r"permission denied|append-only"), transaction.atomic():
        connection.cursor().execute(sql)
    with pytest.raises(IntegrityError), transaction.atomic():
        row = CaseDecision.objects.filter(case_id=case_no).latest("pk")
        row.pk, row.verdict, row.position = None, "PERHAPS", 9
        row.save(force_insert=True)
    assert steps(case_no) == before


def test_by_unchanged_rules_every_decision_comes_out_as_it_did(
    story: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.case_certified(0)
    story.case_received(1)
    monkeypatch.setattr(redeciding, "PAGE", 2)

    for rules in RulesOf:
        found = again(rules)
        assert len(found) == 4
        assert [one.differs for one in found] == [False] * 4
    assert again(RulesOf.TODAY, Which(registry=OTHER)) == []
    assert len(again(RulesOf.TODAY, Which(registry=HOME, since=TODAY))) == 4
    assert again(RulesOf.TODAY, Which(since=LATER)) == []


def test_a_rule_that_has_ended_since_shows_by_the_rules_of_today_and_not_by_those_of_its_day(story: Province) -> None:
    case_no = story.case_ready_to_record()
    story.court_orders(0)
    story.settles()
    flow.advance(case_no, "resume", story.actor(REVIEWER), StepData(key="r", now=story.tick()))
    told = StepData(key="told", now=story.tick(), evidence=frozenset({"seizing_organ_told"}))
    assert not isinstance(flow.advance(case_no, "record", story.actor(REGISTRAR), told), Refusal)
    table = _stricter_from(TODAY + timedelta(days=1))

    assert [one for one in again(RulesOf.ITS_DAY, table=table) if one.differs] == []
    (found,) = [one for one in again(RulesOf.TODAY, table=table) if one.differs]

    assert (found.case_no, found.step_zh, found.decided_on) == (case_no, "登簿", TODAY)
    assert found.before.verdict is Verdict.ALLOW
    assert found.after is not None and found.after.verdict is Verdict.REFUSE
    assert [(one.rule, one.verdict) for one in found.gone] == [("SEIZURE×ALTER_NAME", Verdict.ALLOW)]
    assert [(one.rule, one.verdict) for one in found.new] == [("SEIZURE×ALTER_NAME", Verdict.REFUSE)]


def test_the_command_lists_differences_and_ends_with_one(story: Province, capsys: pytest.CaptureFixture[str]) -> None:
    case_no = story.case_ready_to_record()
    assert command.run(["--rules-of-its-day"]) == 0
    assert capsys.readouterr().out == "3 decisions decided again, 0 differ\n"

    _keep_an_older_refusal(case_no)
    assert command.run(["--registry", HOME, "--since", TODAY.isoformat()]) == 1
    shown = capsys.readouterr().out
    assert f"{case_no} 第4次（受理，{TODAY.isoformat()}，{HOME}）：当时“不能办”，按今天的规则“可以办”" in shown
    assert "  - 不能办 X01 X01 这是集体土地，外地窗口办不了。" in shown
    assert shown.endswith("4 decisions decided again, 1 differ\n")


@pytest.mark.parametrize(
    ("words", "told"), [(["--since", "昨天"], "日期“昨天”不对"), (["--registry", "registry-x"], "机构目录里没有")]
)
def test_the_command_says_what_is_wrong_with_its_words(
    story: Province, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert command.run(words) == 2
    assert told in capsys.readouterr().err


def test_what_cannot_be_read_any_more_is_named_and_does_not_stop_the_rest(story: Province) -> None:
    case_no = story.case_ready_to_record()
    row = CaseDecision.objects.filter(case_id=case_no).latest("pk")
    row.pk, row.position, row.inputs = None, 4, {"acts": ["dance"]}
    row.save(force_insert=True)
    row.pk, row.position, row.item_number = None, 5, "S99"
    row.inputs = CaseDecision.objects.filter(case_id=case_no).earliest("pk").inputs
    row.save(force_insert=True)

    *fine, unreadable, gone = again(RulesOf.TODAY)
    assert [one.differs for one in fine] == [False] * 3
    assert unreadable.differs and "读不出来" in unreadable.why_zh
    assert gone.differs and gone.why_zh == "现在的服务目录里没有 S99 这项业务"


def _stricter_from(day: date) -> RuleTable:
    """The rules of the law, but from that day on a seized name may not be changed at all."""
    pair = (Burden.SEIZURE, Act.ALTER_NAME)
    old = next(rule for rule in RULES if (rule.burden, rule.act) == pair)
    ended = [replace(rule, valid_to=day - timedelta(days=1)) if rule is old else rule for rule in RULES]
    return RuleTable.of([*ended, replace(old, verdict=Verdict.REFUSE, lifted_by="", valid_from=day)])


def _keep_an_older_refusal(case_no: str) -> None:
    """A row as an older table would have left it: refused for a reason that does not apply any more."""
    row = CaseDecision.objects.filter(case_id=case_no).earliest("pk")
    row.pk, row.position, row.verdict = None, 4, "REFUSE"
    row.decision = Decision.of([Finding("X01", Verdict.REFUSE, REASONS["X01"])]).to_wire()
    row.save(force_insert=True)
