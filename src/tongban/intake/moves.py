"""The only place where an application changes its state; the table of moves is `domain.lifecycle`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import Scope, require
from tongban.domain.errors import NotFound, Stale, WrongState
from tongban.domain.lifecycle import APPLICATION_MOVES, ApplicationState
from tongban.intake.models import Application, ApplicationEvent

EDITABLE = (ApplicationState.DRAFT, ApplicationState.CORRECTION)
ENDED_WITHOUT_CERTIFICATE = frozenset(
    state for state in ApplicationState if state.is_final and state is not ApplicationState.CERTIFIED
)


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, when, under which key (the same key again changes nothing), and with which words."""

    actor: Actor
    now: datetime
    key: str
    text_zh: str = ""


def locked(number: str) -> Application:
    """The application, locked until the end of the transaction."""
    found = Application.objects.select_for_update().filter(number=number).first()
    if found is None:
        raise NotFound("application_not_found", "没有这件申请。")
    return found


def scope(application: Application) -> Scope:
    """Whose affair the application is: the institution that received it."""
    return Scope(frozenset({application.receiving_registry}), application.number)


def draft(number: str, actor: Actor, *, version: int | None = None) -> Application:
    """The application locked for editing: the actor may edit, it is a draft, and nobody else changed it meanwhile."""
    application = locked(number)
    require(actor, "intake.edit", scope(application))
    if application.state not in EDITABLE:
        name_zh = ApplicationState(application.state).name_zh
        raise WrongState("application_not_draft", f"这件申请现在是“{name_zh}”，不能再修改。")
    if version is not None and version != application.version:
        raise Stale("application_changed", "这件申请刚刚在另一个页面改过。请刷新后再改，您填的内容没有保存。")
    application.version += 1
    return application


def already_done(application: Application, key: str) -> bool:
    """Whether a move with this key was made before."""
    return ApplicationEvent.objects.filter(application=application, key=key).exists()


def move(application: Application, action: str, act: Act) -> None:
    """Make one move by the table and write its line; the caller holds the row lock and the transaction."""
    row = APPLICATION_MOVES[action]
    require(act.actor, row.permission, scope(application))
    state = ApplicationState(application.state)
    if state not in row.sources:
        raise WrongState("application_wrong_state", f"申请现在是“{state.name_zh}”，不能办理“{row.name_zh}”。")
    application.state, application.state_since = row.goes_to(), act.now
    application.version += 1
    application.save()
    note(application, action, act)
    audit(act.actor, f"intake.{action}", application.number, case_no=application.case_no)


def note(application: Application, action: str, act: Act) -> None:
    """One line of the timeline."""
    ApplicationEvent.objects.create(
        application=application,
        action=action,
        state=application.state,
        text_zh=act.text_zh,
        at=act.now,
        by=act.actor.id,
        key=act.key,
    )
