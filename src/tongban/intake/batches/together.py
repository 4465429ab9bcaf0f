"""Doing the same for every begun row of a batch: whoever stands for a developer or a bank comes once (一起办).

Each application still carries its own identity check, inquiry, papers and signature: every step goes through the services
of a single application, and what cannot be done for a row is told with its reason and left to be done alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from tongban.access.actors import Actor, actor_named
from tongban.access.audit import audit
from tongban.access.denials import denials_audited
from tongban.domain.errors import InvalidInput, OutsideError, Problem, TongbanError
from tongban.domain.lifecycle import ApplicationState
from tongban.domain.terms import Term
from tongban.domain.wires import as_list, as_mapping, as_number, as_text
from tongban.intake import filling, handover, queries, trying
from tongban.intake.batches import ready
from tongban.intake.batches.taking import locked
from tongban.intake.completeness import FORM, SIGNATURES
from tongban.intake.models import BatchAct, BatchRow
from tongban.intake.queries import ApplicationView
from tongban.vault import blobs
from tongban.vault.blobs import CleanUpload

ROWS_AT_ONCE: Final = 20
TURN: Final = timedelta(seconds=60)  # how long a worker keeps an act to itself; after a kill another goes on then
AGAIN: Final = timedelta(minutes=2)  # until a registry out of reach is asked again
_log = logging.getLogger(__name__)
METHODS: Final = (filling.READER_FACE,)  # what needs a colleague is done alone
PAPER_KINDS: Final = (filling.CHECKED_RETURNED, filling.COPIED)  # one original cannot stay with many applications


class Step(Term):
    """What can be done for all rows at once, in the order in which it is done."""

    IDENTITY = "identity", "核验身份"
    PAPER = "paper", "共用的材料"
    INQUIRY = "inquiry", "询问"
    SIGN = "sign", "签名"
    HAND_OVER = "hand_over", "移交属地"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for something to be done for which batch; the same `key` again asks for nothing new."""

    number: str
    actor: Actor
    key: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Who:
    """The person who came for all rows, as the applications name him."""

    name: str
    id_no: str

    def to_wire(self) -> dict[str, object]:
        return {"name": self.name, "id_no": self.id_no}


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that all rows share: which material, what happened to its original, how many pages."""

    material: str
    name_zh: str
    kind: str
    pages: int


@dataclass(frozen=True, slots=True)
class Done:
    """One act as it stands: for how many rows it was done, and for which it was not, with the reason."""

    step: Step
    about_zh: str
    made_at: datetime
    finished_at: datetime | None
    done: int
    failed: int
    failures: Sequence[tuple[int, str]]


def sample(number: str, actor: Actor, now: datetime) -> ApplicationView | None:
    """The first application of a batch that is still open: who comes, which papers, which questions; None: none is."""
    rows = BatchRow.objects.filter(batch=number, state=BatchRow.BEGUN, application__state=ApplicationState.DRAFT)
    found = rows.order_by("row_no").values_list("application_id", flat=True).first()
    return queries.application(str(found), actor, now, purpose="批量一起办") if found else None


def acts_of(number: str) -> tuple[Done, ...]:
    """What was done together so far, newest first; the caller has checked who may read the batch."""
    found = BatchAct.objects.filter(batch=number).order_by("-pk")
    return tuple(
        Done(
            Step(one.kind), as_text(one.content["about"]), one.made_at, one.finished_at, one.done_count,
            one.failure_count, [(as_number(row), as_text(words)) for row, words in map(as_list, as_list(one.failures))],
        )
        for one in found
    )  # fmt: skip


def check_identity(asked: Asked, who: Who, method: str) -> None:
    """The person was compared with the document once; it holds for every row where the same person is present.

    Raises InvalidInput for a way that needs a colleague, NotPermitted, NotFound; so do the others.
    """
    if method not in METHODS:
        raise InvalidInput([Problem("method", "这种核验方式要两个人当面确认", "请到每一件里单独核验")])
    _keep(asked, Step.IDENTITY, {"about": who.name, **who.to_wire(), "method": method})


def bring_paper(asked: Asked, paper: Paper, uploads: Sequence[CleanUpload]) -> None:
    """One scan of a paper that all rows share, and that its original was compared."""
    if not uploads:
        raise InvalidInput([Problem("scans", "没有选文件", "请选择扫描件")])
    if paper.kind not in PAPER_KINDS:
        raise InvalidInput([Problem("kind", "这份原件不能一次收进很多件", "共用的原件只能核对后退还，或者复印留存")])
    if not 1 <= paper.pages <= filling.PAPER_PAGES_MAX:
        raise InvalidInput([Problem("pages", "没有写明原件的页数", f"请填1到{filling.PAPER_PAGES_MAX}之间的整数")])
    with transaction.atomic():
        files = [_stored(asked, one, "intake.scan") for one in uploads]
        content = {"material": paper.material, "kind": paper.kind, "pages": paper.pages, "files": files}
        _keep(asked, Step.PAPER, {"about": paper.name_zh, **content})


def answer_inquiry(asked: Asked, answers: Mapping[str, str]) -> None:
    """The questions were put once; the answers hold for every row that has none yet."""
    _keep(asked, Step.INQUIRY, {"about": "", "answers": dict(answers)})


def sign(asked: Asked, who: Who, image: CleanUpload, seen: str) -> None:
    """The person signs the list once; each application on it gets the signature over the content that was shown.

    `seen` is the `ready.stamp` of the list the person was shown; raises InvalidInput when it is another list by now.
    """
    with transaction.atomic():
        locked(asked.number, asked.actor, "intake.edit")
        listed = ready.listed(asked.number, localdate(asked.now))
        if not listed:
            raise InvalidInput([Problem("signature", "现在没有补齐了、等着签名的件", "请先补齐前面几步，再来签名")])
        if ready.stamp(listed) != seen:
            raise InvalidInput(
                [Problem("signature", "清单里的内容刚才改过，这次签名没有保存", "请来办的人看过新的清单再签")]
            )
        content = {
            "about": who.name, **who.to_wire(), "file": _stored(asked, image, "intake.signature"),
            "digests": {one.application_no: one.digest for one in listed},
        }  # fmt: skip
        _keep(asked, Step.SIGN, content)


def hand_over(asked: Asked) -> None:
    """Send every row that is complete."""
    _keep(asked, Step.HAND_OVER, {"about": ""})


def act_due(now: datetime) -> int:
    """Carry out some rows of the oldest act of a batch; how many rows were looked at."""
    with transaction.atomic():
        earlier = BatchAct.objects.filter(batch=OuterRef("batch"), finished_at=None, pk__lt=OuterRef("pk"))
        waiting = BatchAct.objects.select_for_update(skip_locked=True).filter(finished_at=None, due_at__lte=now)
        act = waiting.filter(~Exists(earlier)).order_by("due_at", "pk").first()
        if act is None:
            return 0
        act.due_at = now + TURN
        act.save(update_fields=["due_at"])
    clerk = actor_named(act.clerk, localdate(now), "worker")
    rows = BatchRow.objects.filter(batch=act.batch_id, state=BatchRow.BEGUN, row_no__gt=act.cursor).order_by("row_no")
    taken = list(rows.values_list("row_no", "application_id")[:ROWS_AT_ONCE])
    for row_no, application in taken:
        try:
            words = "交办的人已经停用" if clerk is None else _carry_out(act, str(application), clerk, now)
        except OutsideError:
            BatchAct.objects.filter(pk=act.pk, cursor=act.cursor).update(due_at=now + AGAIN)
            return 0
        if not _goes_on(act, row_no, words, now):
            return 0  # another worker has taken the act over
    ready.check(act.batch_id, localdate(now), only=[row_no for row_no, _ in taken])
    act.due_at, act.finished_at = now, None if taken else now
    act.save(update_fields=["due_at", "finished_at"])
    return len(taken) or 1


def _goes_on(act: BatchAct, row_no: int, words: str | None, now: datetime) -> bool:
    """Write down how one row went; False when the act is no longer where this worker left it."""
    before, act.cursor, act.due_at = act.cursor, row_no, now + TURN
    act.done_count += words is None
    if words:
        act.failures = [*as_list(act.failures), [row_no, words]]
        act.failure_count += 1
    changed = BatchAct.objects.filter(pk=act.pk, cursor=before, finished_at=None).update(
        cursor=row_no, due_at=act.due_at, done_count=act.done_count, failures=act.failures,
        failure_count=act.failure_count,
    )  # fmt: skip
    return bool(changed)


def _keep(asked: Asked, step: Step, content: Mapping[str, object]) -> None:
    with transaction.atomic():
        batch = locked(asked.number, asked.actor, "intake.edit")
        fresh = {
            "kind": step.value, "content": dict(content), "clerk": asked.actor.id, "made_at": asked.now,
            "due_at": asked.now, "failures": [],
        }  # fmt: skip
        _, is_new = BatchAct.objects.get_or_create(batch=batch, key=asked.key, defaults=fresh)
        if is_new:
            audit(asked.actor, "intake.batch_together", asked.number, detail={"step": step.value}, now=asked.now)


def _stored(asked: Asked, upload: CleanUpload, purpose: str) -> dict[str, object]:
    registry = locked(asked.number, asked.actor, "intake.edit").receiving_registry
    ref = blobs.store(registry, upload.data, upload.name, upload.media_type, purpose=purpose)
    return {"digest": ref.digest, "type": ref.media_type, "name": ref.name}


def _carry_out(act: BatchAct, application: str, clerk: Actor, now: datetime) -> str | None:
    """None when it was done for the application, the reason when it could not be, empty when nothing was to do."""
    try:
        with denials_audited(clerk, "batch together"):
            view = queries.application(application, clerk, now, purpose="批量一起办")
            if view.state is not ApplicationState.DRAFT:
                return ""
            if any(gap.section == FORM for gap in view.gaps):  # what stopped it may have been put right at home
                trying.try_form(view.number, clerk, now=now)
            return _STEPS[Step(act.kind)](view, as_mapping(act.content), clerk, now)
    except InvalidInput as error:
        return "；".join(f"{one.what_zh}，{one.cure_zh}" for one in error.problems[:3])
    except OutsideError:
        raise
    except TongbanError as error:
        return error.message_zh
    except Exception:  # noqa: BLE001 - one spoilt row must not hold the others up
        _log.exception("batch %s, application %s", act.batch_id, application)
        return "系统出错，这一件没有办；请单独办，或者过一会儿再一起办一次"


def _identity(view: ApplicationView, content: Mapping[str, object], clerk: Actor, now: datetime) -> str | None:
    here = _positions(view, content)
    if not here:
        return f"这一件里没有“{as_text(content['name'])}”到场，请单独办"
    passed = {one.position for one in view.parties if one.identity_result == filling.PASSED}
    open_ones = [one for one in here if one not in passed]
    for position in open_ones:
        check = filling.IdentityCheck(position, as_text(content["method"]), filling.PASSED, as_text(content["id_no"]))
        filling.check_identity(view.number, check, clerk, now=now)
    return None if open_ones else ""


def _paper(view: ApplicationView, content: Mapping[str, object], clerk: Actor, now: datetime) -> str | None:
    key = as_text(content["material"])
    requirement = next((one for one in view.requirements if one.key == key), None)
    if requirement is None:
        return ""
    has_scans, has_paper = bool(view.scans_of(key)), bool(view.papers_of(key))
    if not has_scans:
        uploads = [_upload(view, as_mapping(one)) for one in as_list(content["files"])]
        filling.add_scans(view.number, key, uploads, clerk, now=now)
    if requirement.original and not has_paper:
        kind, pages = as_text(content["kind"]), as_number(content["pages"])
        filling.record_paper(view.number, key, kind, clerk, pages=pages, now=now)
    return "" if has_scans and (has_paper or not requirement.original) else None


def _inquiry(view: ApplicationView, content: Mapping[str, object], clerk: Actor, now: datetime) -> str | None:
    if view.inquiry:
        return ""
    answers = {key: as_text(text) for key, text in as_mapping(content["answers"]).items()}
    problems = filling.save_inquiry(view.number, answers, clerk, version=view.version)
    if problems:
        raise InvalidInput(list(problems))
    return None


def _sign(view: ApplicationView, content: Mapping[str, object], clerk: Actor, now: datetime) -> str | None:
    here = _positions(view, content)
    if not here:
        return f"这一件里没有“{as_text(content['name'])}”到场，请单独办"
    seen = as_mapping(content["digests"]).get(view.number)
    if seen is None:
        missing = [gap.problem for gap in view.gaps if gap.section != SIGNATURES]
        if missing:
            raise InvalidInput(missing)
        return "签名的时候不在清单上，没有签上；请再签一次"
    image = _upload(view, as_mapping(content["file"]))
    unsigned = [one for one in here if not _is_signed(view, one)]
    for position in unsigned:
        filling.sign(view.number, position, image, clerk, now=now, seen=as_text(seen))
    return None if unsigned else ""


def _is_signed(view: ApplicationView, position: int) -> bool:
    signature = view.signature_of(position)
    return signature is not None and signature.content_digest == view.content_digest


def _hand_over(view: ApplicationView, content: Mapping[str, object], clerk: Actor, now: datetime) -> str | None:
    handover.hand_over(view.number, clerk, key=f"together:{view.number}", now=now)
    return None


_STEPS: Final[Mapping[Step, Callable[[ApplicationView, Mapping[str, object], Actor, datetime], str | None]]] = (
    MappingProxyType(
        {
            Step.IDENTITY: _identity,
            Step.PAPER: _paper,
            Step.INQUIRY: _inquiry,
            Step.SIGN: _sign,
            Step.HAND_OVER: _hand_over,
        }
    )
)
assert set(_STEPS) == set(Step), "every step can be carried out"


def _positions(view: ApplicationView, content: Mapping[str, object]) -> list[int]:
    """Where in the application this very person is present."""
    wanted = as_text(content["name"]), as_text(content["id_no"])
    return [one.position for one in view.present_parties if (one.name, one.id_no) == wanted]


def _upload(view: ApplicationView, file: Mapping[str, object]) -> CleanUpload:
    data = blobs.read(view.receiving_registry, as_text(file["digest"]))
    return CleanUpload(data, as_text(file["type"]), as_text(file["name"]))
