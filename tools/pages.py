"""The reference pages: each is a function from a table in the code to Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain

from tongban.access.roles_page import roles_page
from tongban.cli.main import COMMANDS
from tongban.config.env import VARIABLES
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import Requirement, ServiceItem
from tongban.domain.decision import Verdict
from tongban.domain.evidence import Evidence
from tongban.domain.exclusions import EXCLUSIONS, Exclusion
from tongban.domain.lifecycle import (
    APPLICATION_MOVES,
    CASE_MOVES,
    ApplicationState,
    CaseState,
    Clock,
    LegalClock,
    Move,
    ServiceClock,
)
from tongban.domain.messages import MESSAGE_KINDS
from tongban.domain.parameters import PARAMETERS
from tongban.domain.reasons import REASONS
from tongban.domain.restrictions import COVERED_ACTS, RULES, Rule
from tools.markdown import code, page, table

VERDICT_ZH = {Verdict.ALLOW: "可以", Verdict.CONDITION: "有条件", Verdict.REFUSE: "不可以"}


def settings() -> str:
    """Every variable of the environment."""
    rows = ((code(one.name), one.meaning, code(one.default or "")) for one in VARIABLES)
    return page(
        "Settings",
        "Read from the environment at the start of every process, by `tongban.config.env`. A name that begins with\n"
        "`TONGBAN_` and is not listed stops the start.",
        table(("name", "meaning", "default"), rows),
        "Secrets are not settings: they stand in `site.toml` below `TONGBAN_HOME`, written by `tongban setup`.",
    )


def commands() -> str:
    """Every word after `tongban`."""
    rows = ((code(f"tongban {name}"), one.meaning) for name, one in COMMANDS.items())
    return page(
        "Commands",
        "Each has `--help`. The exit code is 0 when the command did what it says.",
        table(("command", "what it does"), rows),
        "Commands that need the database start the embedded server when no `tongban run` does, and stop it after\n"
        "the last of them. With `DATABASE_URL` they use that server.",
    )


def services() -> str:
    """The catalogue: who may apply, with what, through which door, how long it takes."""
    return page("Services 服务事项", *chain.from_iterable(_service(item) for item in CATALOGUE.values()))


def _service(item: ServiceItem) -> Iterable[str]:
    yield f"## {item.number} {item.name_zh}"
    yield table(
        ("", ""),
        (
            ("登记类型", f"{item.kind.name_zh}，{item.subject.name_zh}"),
            ("申请人", "、".join(role.name_zh for role in item.applicants)),
            ("办理渠道", "、".join(sorted(channel.name_zh for channel in item.channels))),
            ("承诺期限", f"{item.days_target} 个工作日（参数 `{item.days_parameter}`）"),
            ("费用", f"{item.fee_zh}（{item.fee_law_zh}）"),
            ("发给", item.issues_zh),
            ("依据", item.law),
        ),
    )
    yield "### 材料"
    yield table(("材料", "收什么", "什么时候要", "谁能共享"), (_requirement(row) for row in item.materials))
    yield "### 申请书填什么"
    yield table(
        ("部分", "字段", "说明", "必填"),
        ((field.heading_zh, field.label_zh, field.help_zh, "是" if field.required else "否") for field in item.fields),
    )
    yield "### 询问"
    yield table(
        ("问题", "必须的回答", "否则"), ((ask.text_zh, ask.must_be, ask.otherwise_zh) for ask in item.questions)
    )


def _requirement(row: Requirement) -> tuple[str, ...]:
    how = (
        "系统生成"
        if row.made_by_system
        else "收原件"
        if row.keeps_original
        else "验原件"
        if row.original
        else "复印件即可"
    )
    what = f"{how}；{row.how_zh}" if row.how_zh else how
    return row.material.name_zh, what, code(row.needed.__name__), "、".join(row.material.shared_from)


def moves() -> str:
    """States and moves of applications and cases, drawn and listed."""
    return page(
        "States and moves 办理状态",
        "The only places where a state changes are the functions that read these tables.",
        "## Case at the home registry 属地业务",
        _drawn(CASE_MOVES),
        _states(CaseState),
        _moves(CASE_MOVES),
        "## Application at the window 窗口申请",
        _drawn(APPLICATION_MOVES),
        _states(ApplicationState),
        _moves(APPLICATION_MOVES),
    )


def _drawn(table_of_moves: Mapping[str, Move[CaseState]] | Mapping[str, Move[ApplicationState]]) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    for move in table_of_moves.values():
        target = move.target.value if move.target else "before_suspension"
        lines += [
            f"    {source} --> {target}: {move.name_zh}" for source in sorted(source.value for source in move.sources)
        ]
    return "\n".join((*lines, "```"))


def _states(states: type[CaseState] | type[ApplicationState]) -> str:
    rows = (
        (code(state.value), state.name_zh, state.who_acts_zh, state.next_zh, "是" if state.is_final else "")
        for state in states
    )
    return table(("state", "状态", "现在由谁办", "接下来", "终态"), rows)


def _moves(table_of_moves: Mapping[str, Move[CaseState]] | Mapping[str, Move[ApplicationState]]) -> str:
    rows = (
        (
            code(move.action),
            move.name_zh,
            " ".join(code(source) for source in sorted(source.value for source in move.sources)),
            code(move.target.value) if move.target else "暂停前的状态",
            code(move.permission),
            _clock(move.clock),
        )
        for move in table_of_moves.values()
    )
    return table(("move", "动作", "from", "to", "permission", "clock"), rows)


def _clock(clock: Clock) -> str:
    parts = []
    if clock.legal is not LegalClock.NONE:
        parts.append(f"legal {clock.legal.value}")
    if clock.service is not ServiceClock.NONE:
        parts.append(f"service {clock.service.value}")
    return ", ".join(parts)


def restrictions() -> str:
    """What each burden says to each act: one table per burden, then what the province-wide service leaves out."""
    return page(
        "Restrictions 限制规则",
        "What lies on a unit, and what it says to each act. Asked twice: as advice when papers are taken in, and under\n"
        "the unit's lock as the verdict when recording. Of the rows that name an act the first that fits speaks: a row\n"
        "with something in the first column fits only then. A row with days is law on those days only, so an old\n"
        "decision can be decided again by the law of its day.",
        "结论“可以”而又有理由的，是提醒：能办，但要让当事人知道。“凭此可办”是有了就能办的证明，由经办人核对后确认。",
        *chain.from_iterable(_burden(burden) for burden in Burden),
        "## 不适用通办",
        "Not taken in by the province-wide service; each can be lifted or set again by the province or one registry, from\n"
        "a day on, with the figure in the last column (see [parameters](parameters.md)).",
        table(("code", "理由", "依据", "怎么办", "参数"), (_exclusion(row) for row in EXCLUSIONS)),
    )


def _burden(burden: Burden) -> Iterable[str]:
    """The answers of one burden, each with the acts that get it; rows that need a proof to fit come first."""
    yield f"## {burden.name_zh}"
    answers: dict[tuple[str, ...], list[str]] = {}
    found = sorted((rule for rule in RULES if rule.burden is burden), key=lambda rule: COVERED_ACTS.index(rule.act))
    for rule in sorted(found, key=lambda rule: rule.when is None):
        answers.setdefault(_answer(rule), []).append(rule.act.name_zh)
    rows = ((when, "；".join(acts), *rest) for (when, *rest), acts in answers.items())
    yield table(("有此情形时", "行为", "结论", "凭此可办", "理由", "依据", "施行"), rows)


def _answer(rule: Rule) -> tuple[str, ...]:
    reason = f"{rule.reason.code} {rule.reason.what_zh}" if rule.reason else ""
    return (
        _when(rule),
        VERDICT_ZH[rule.verdict],
        Evidence(rule.lifted_by).name_zh if rule.lifted_by else "",
        reason,
        rule.reason.law_zh if rule.reason else "",
        _days(rule.valid_from, rule.valid_to),
    )


def _when(rule: Rule) -> str:
    if rule.when is None:
        return ""
    return rule.when.name_zh if isinstance(rule.when, Evidence) else rule.when.value


def _exclusion(row: Exclusion) -> tuple[str, ...]:
    return row.code, row.reason.what_zh, row.reason.law_zh, row.reason.cure_zh, code(f"exclusion.{row.code}")


def _days(first: date | None, last: date | None) -> str:
    parts = (f"{first.isoformat()} 起" if first else "", f"{last.isoformat()} 止" if last else "")
    return " ".join(part for part in parts if part)


def reasons() -> str:
    """Every reason the product can give for a no, with law and cure."""
    rows = (
        (one.code, one.what_zh, one.why_zh, one.law_zh, one.cure_zh)
        for one in sorted(REASONS.values(), key=_code_order)
    )
    return page("Reasons 理由", table(("code", "结论", "为什么", "依据", "怎么办"), rows))


def _code_order(reason: object) -> tuple[str, int, str]:
    text = str(getattr(reason, "code", ""))
    digits = "".join(letter for letter in text if letter.isdigit())
    return text[:1], int(digits or 0), text


def messages() -> str:
    """Every kind of message between institutions."""
    rows = (
        (
            code(kind.name),
            kind.name_zh,
            kind.subject_zh,
            " ".join(sorted(kind.sender_kinds)),
            " ".join(sorted(kind.receiver_kinds)),
            "是" if kind.needs_authorization else "",
            "问答" if kind.is_question else "投递",
        )
        for kind in MESSAGE_KINDS.values()
    )
    heads = ("kind", "消息", "事项", "from", "to", "需要授权", "方式")
    return page("Messages 消息", "Bodies: `tongban.exchange.contract`, one file each.", table(heads, rows))


def parameters() -> str:
    """Every figure a registry may set for itself, by division and date."""
    rows = (
        (code(one.name), one.name_zh, f"{one.default} {one.unit_zh}".strip(), one.source_zh)
        for one in PARAMETERS.values()
    )
    return page("Local figures 参数", table(("name", "参数", "缺省", "依据"), rows))


def roles() -> str:
    """Roles and permissions; the package writes its own page."""
    return roles_page()
