"""Plays people at one running site: reads one JSON line per act, answers one JSON line.  Run as a process of its own."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
django.setup()

from django.db import close_old_connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from tongban.access import audit_seals, staff  # noqa: E402
from tongban.cases import flow  # noqa: E402
from tongban.cases.models import Case  # noqa: E402
from tongban.cases.moves import StepData  # noqa: E402
from tongban.certificates import issue, trust_export  # noqa: E402
from tongban.cli import people, play, stage  # noqa: E402
from tongban.directory import bundles, enrolment  # noqa: E402
from tongban.domain.decision import Refusal  # noqa: E402
from tongban.exchange.models import InboxMessage, InboxProcessing, OutboxDelivery  # noqa: E402
from tongban.intake.models import Application  # noqa: E402
from tongban.register import verification  # noqa: E402
from tongban.vault import blobs, keys  # noqa: E402

FLATS = people.flats("410526", "滑县", "滑县", 200)
OFFICERS = {account.username: account for account in stage.CAST}


def found(hosts: list[str]) -> int:
    return len(stage.found(timezone.now(), hosts=hosts))


def join(url: str, path: str) -> str:
    joining = enrolment.apply_to_join(url)
    Path(path).write_bytes(joining.to_bytes())
    return joining.fingerprint


def enrol(path: str) -> int:
    return enrolment.enrol(enrolment.Joining.read(Path(path).read_bytes()))


def export(path: str, keys_path: str) -> int:
    Path(keys_path).write_text(json.dumps(keys.export_public([bundles.PROVINCE])))
    return Path(path).write_bytes(bundles.export_directory(timezone.now()).to_file())


def take_directory(path: str, keys_path: str) -> int:
    bundles.pin_province_key(json.loads(Path(keys_path).read_text()))
    return bundles.import_directory(bundles.SignedDirectory.from_file(Path(path).read_bytes()), timezone.now())


def hire(names: list[str]) -> int:
    return len([stage.hire(OFFICERS[name], timezone.now()) for name in names])


def hire_known(names: list[str], password: str) -> dict[str, str]:
    """Accounts with a password of our choice; their authenticator secrets."""
    made = {name: stage.hire(OFFICERS[name], timezone.now()) for name in names}
    for name, credentials in made.items():
        staff.choose_password(name, credentials.password, password, timezone.now())
    return {name: credentials.totp_secret for name, credentials in made.items()}


def befriend() -> int:
    return stage.befriend(stage.HUAXIAN, stage.ZHENGZHOU, timezone.now())


def stock() -> int:
    return stage.take_stock(FLATS, stage.HUAXIAN, timezone.now())


def receive(flat: int) -> str:
    """A complete application, handed over."""
    clerk, now = stage.actor(stage.CLERK), timezone.now()
    wish = people.name_change(FLATS[flat], f"新名{flat}", day=(now - timedelta(days=1)).date())
    begun = play.begin(wish, clerk, window_code=stage.window_of(stage.ZHENGZHOU), now=now, key=f"flat-{flat}")
    assert isinstance(begun, str), begun
    if Application.objects.get(number=begun).state == "DRAFT":
        play.fill(begun, wish, clerk, now=timezone.now())
        play.hand_over(begun, clerk, now=timezone.now())
    return begun


def received() -> list[str]:
    return list(Case.objects.order_by("case_no").values_list("application_no", flat=True))


def advance(application: str, action: str, who: str) -> str:
    """One move, whose key is the same however often it is tried; the state afterwards."""
    case_no = play.case_of(application)
    data = StepData(key=f"{action}:{application}", now=timezone.now())
    outcome = flow.advance(case_no, action, stage.actor(OFFICERS[who]), data)
    assert not isinstance(outcome, Refusal), outcome
    return state(application)


def state(application: str) -> str:
    return str(Case.objects.values_list("state", flat=True).get(application_no=application))


def states() -> dict[str, int]:
    found_states = list(Case.objects.values_list("state", flat=True))
    return {name: found_states.count(name) for name in set(found_states)}


def application_states() -> dict[str, int]:
    found_states = list(Application.objects.values_list("state", flat=True))
    return {name: found_states.count(name) for name in set(found_states)}


def files(application: str) -> list[int]:
    """Sizes of the attachments of a case, as the home registry can read them."""
    package = Case.objects.get(application_no=application).package
    digests = [digest for material in package["materials"] for digest in material["digests"]]
    return [len(blobs.read(stage.HUAXIAN, digest)) for digest in digests]


def messages() -> dict[str, int]:
    return {
        "waiting_out": OutboxDelivery.objects.exclude(state="delivered").count(),
        "received": InboxMessage.objects.count(),
        "unprocessed": InboxProcessing.objects.exclude(state="processed").count(),
        "parked": InboxProcessing.objects.filter(state="parked").count()
        + OutboxDelivery.objects.filter(state="parked").count(),
    }


def order() -> list[list[object]]:
    """Every processed line as subject and sequence, in the order of processing."""
    rows = InboxProcessing.objects.order_by("message__subject", "seq").values_list("message__subject", "seq")
    return [list(row) for row in rows]


def verify() -> list[str]:
    """What is broken in the register and the audit trail; nothing, one hopes."""
    report = verification.verify("410526")
    audit = audit_seals.verify_audit()
    return [str(one) for one in (*report.breaks, *audit.faults)]


def export_trust(path: str) -> int:
    return Path(path).write_bytes(trust_export.trust_bundle(timezone.now()))


def licence(application: str) -> int:
    case = Case.objects.get(application_no=application)
    return len(issue.pdf(case.licence_id, timezone.now()))


ACTS: dict[str, Callable[..., object]] = {
    one.__name__: one
    for one in (
        found,
        join,
        enrol,
        export,
        take_directory,
        hire,
        hire_known,
        befriend,
        stock,
        receive,
        received,
        advance,
        state,
        states,
        application_states,
        files,
        messages,
        order,
        verify,
        licence,
        export_trust,
    )
}


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        close_old_connections()
        try:
            answer: dict[str, object] = {"ok": ACTS[asked["do"]](*asked["with"])}
        except Exception as error:  # noqa: BLE001 - the edge of this process; the test sees the text
            answer = {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc(), "id": uuid4().hex}
        print(json.dumps(answer, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
