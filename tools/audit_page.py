"""The reference page of audit events: every place in the source that leaves a row, found by reading the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tongban.access.outcomes import DENIED, OUTCOMES
from tongban.domain.lifecycle import APPLICATION_MOVES, CASE_MOVES
from tools.markdown import code, page, table

SOURCE = Path(__file__).resolve().parent.parent / "src" / "tongban"
CALLS = {"audit": 1, "audit_refusal": 1}  # name of the function: position of the action
MOVES: Mapping[str, Mapping[str, str]] = {
    "case.": {move.action: move.name_zh for move in CASE_MOVES.values()},
    "intake.": {move.action: move.name_zh for move in APPLICATION_MOVES.values()},
}


@dataclass(frozen=True, slots=True)
class Event:
    """One action and one place that leaves it."""

    action: str
    place: str
    what: str
    is_refusal: bool


def audit_events() -> str:
    """Every action that can stand in the audit trail."""
    found = set(_events())
    told = {event.action for event in found if event.what and not event.is_refusal}
    events = sorted(
        (event for event in found if event.what or event.action not in told),
        key=lambda event: (event.action, event.place, event.is_refusal),
    )
    assert events, "the product leaves traces"
    rows = (
        (code(event.action), event.what + (" Row of the lawful no." if event.is_refusal else ""), code(event.place))
        for event in events
    )
    moves = (
        (code(prefix + action), name_zh) for prefix, table_of in MOVES.items() for action, name_zh in table_of.items()
    )
    outcomes = " ".join(code(outcome) for outcome in sorted(OUTCOMES))
    return page(
        "Audit events 审计事件",
        "What can stand in the column `action` of the audit trail, and the function that leaves it. Every row has the\n"
        f"actor, the institution, the object, the purpose and one of the outcomes {outcomes}. An act that was not\n"
        f"permitted stands as `denied.` and the permission, outcome {code(DENIED)}.",
        table(("action", "what", "left by"), rows),
        "## Moves 办理动作",
        "`<move>` above is one of these.",
        table(("action", "动作"), moves),
    )


def _events() -> Iterator[Event]:
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                yield from _events_of(function, tree, str(path.relative_to(SOURCE)))


def _events_of(function: ast.FunctionDef, module: ast.Module, path: str) -> Iterator[Event]:
    for call in ast.walk(function):
        if not isinstance(call, ast.Call) or (name := _called(call)) not in CALLS or len(call.args) <= CALLS[name]:
            continue
        for action in _actions(call.args[CALLS[name]], function, module):
            yield Event(action, f"{path}: {function.name}", _first_sentence(function), name == "audit_refusal")


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _actions(argument: ast.expr, function: ast.FunctionDef, module: ast.Module) -> set[str]:
    """The texts an argument can have; a name has what is assigned to it here or given for it in the module."""
    if isinstance(argument, ast.Constant):
        return {str(argument.value)}
    if isinstance(argument, ast.JoinedStr):
        return {"".join(str(part.value) if isinstance(part, ast.Constant) else "<move>" for part in argument.values)}
    if not isinstance(argument, ast.Name):
        return set()
    given = [node.value for node in ast.walk(module) if isinstance(node, ast.keyword) and node.arg == argument.id]
    given += [node.value for node in ast.walk(function) if isinstance(node, ast.Assign) and _assigns(node, argument.id)]
    names = [*function.args.args, *function.args.kwonlyargs]
    defaults = [*function.args.defaults, *(one for one in function.args.kw_defaults if one)]
    given += defaults if argument.id in {one.arg for one in names} else []
    texts = (text for value in given for text in ast.walk(value) if isinstance(text, ast.Constant))
    return {text.value for text in texts if isinstance(text.value, str) and text.value and text.value.isascii()}


def _assigns(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def _first_sentence(function: ast.FunctionDef) -> str:
    text = " ".join((ast.get_docstring(function) or "").split("\n\n")[0].split())
    return text.split(". ")[0].rstrip(".") + "." if text else ""
