"""A filled form is tried at the home registry, so that the clerk hears at the window what would stop it there."""

from __future__ import annotations

from datetime import datetime

from tongban.access.actors import Actor
from tongban.access.require import require
from tongban.domain.canonical import canonical_json
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as forms
from tongban.domain.errors import NotFound, OutsideError, Problem
from tongban.domain.messages import RESTRICTION_CHECK
from tongban.exchange import questions
from tongban.exchange.contract.restriction import RestrictionCheckAnswer, RestrictionCheckRequest
from tongban.intake.models import Application, BatchRow
from tongban.intake.moves import EDITABLE, scope
from tongban.vault.sm3 import sm3_hex


def try_form(number: str, actor: Actor, *, now: datetime) -> tuple[Problem, ...]:
    """Ask the home registry about the form as it is kept, until it finds nothing wrong with this content; what it found.

    Nothing when the registry cannot be reached: the application may go, the home registry looks again before it
    accepts.  Raises NotFound, NotPermitted.  Never call it inside a transaction.
    """
    application = Application.objects.filter(number=number).first()
    if application is None:
        raise NotFound("application_not_found", "没有这件申请。")
    require(actor, "intake.edit", scope(application))
    if application.state not in EDITABLE:
        return ()
    digest = _digest(application)
    kept = application.tried
    if kept is None or kept["digest"] != digest or kept["problems"]:  # what was wrong may have been put right there
        try:
            application.tried = {"digest": digest, **_ask(application, now)}
        except OutsideError:
            return ()
        Application.objects.filter(number=number).update(tried=application.tried)
        BatchRow.objects.filter(application=number).update(checked_on=None)  # ready or not, it has to be seen again
    return found(application)


def found(application: Application) -> tuple[Problem, ...]:
    """What the home registry said to the form as it stands; nothing once the form was changed again."""
    kept = application.tried
    if kept is None or kept["digest"] != _digest(application):
        return ()
    return tuple(Problem(one["field"], one["what_zh"], one["cure_zh"]) for one in kept["problems"])


def findings(application: Application) -> list[dict[str, object]]:
    """What the home registry said about each unit of an application over several, as the form stands; else nothing."""
    kept = application.tried
    if kept is None or kept["digest"] != _digest(application):
        return []
    return list(kept.get("findings", ()))


def _digest(application: Application) -> str:
    return sm3_hex(canonical_json(application.form))


def _ask(application: Application, now: datetime) -> dict[str, object]:
    """What is wrong with the form; where it names further units, also what the law says on each unit."""
    item = CATALOGUE[application.item_number]
    title = {name: str(application.title[name]) for name in ("certificate_no", "holder_name", "holder_id_no")}
    body = RestrictionCheckRequest(
        unit_code=application.unit_code,
        service_item=application.item_number,
        channel=application.channel,
        purpose=f"移交前核对申请表：{item.name_zh}",
        application_no=application.number,
        facts={key: application.form[key] for key in item.opening_fields if key in application.form},
        form=forms.clean_form(item, application.form),
        **title,
    )
    answered = questions.ask(
        RESTRICTION_CHECK, sender=application.receiving_registry, to=application.home_registry, body=body, now=now
    )
    answer = answered.body
    if not isinstance(answer, RestrictionCheckAnswer):
        return {"problems": []}
    problems = [Problem(one.field, one.what_zh, one.cure_zh).to_wire() for one in answer.problems]
    return {"problems": problems, "findings": answer.to_wire()["findings"] if item.more_units(body.form) else []}
