"""Licences from the recording to the sealed file.

`prepare` runs inside the recording transaction: from the same moment the old licence counts no more and the new one is
decided.  Duties do the rest, each safe to be killed and run again: `issue_due` signs the payload once a signed head
covers the entry (then the licence is CURRENT), `seal_due` typesets and seals the PDF, which `pdf` also does on demand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from tongban.certificates import files, qr_text, signing
from tongban.certificates.models import LIVE, Licence, LicenceEvent, LicenceState, SignedPayload, State
from tongban.domain.codes import institution_division
from tongban.domain.errors import NotFound, TongbanError, WrongState
from tongban.domain.numbering import licence_identifier, parse_certificate_no
from tongban.domain.terms import Document
from tongban.register import reading
from tongban.register.requests import EntryRef

# 证照类型代码 (GB/T 36904): the ministry's credit code and its number for 不动产权证书 as seen in use (facts 12.3).
CERTIFICATE_TYPE = "11100000MB03271699022"
SIGNED_AT_ONCE_MAX = 100
SEALED_AT_ONCE_MAX = 10
_HEAD_PAUSE = timedelta(seconds=1)  # the register signs heads every two seconds
_FAILURE_PAUSE = timedelta(seconds=30)
_FAILURE_PAUSE_MAX = timedelta(minutes=30)
_REASON_CHARACTERS_MAX = 200


def prepare(*, case_no: str, registry: str, replaces: str, entry: EntryRef, now: datetime) -> str:
    """Decide on the licence of the title just recorded; its identifier.  Call it in the recording transaction.

    Whatever licence of this title, or with the number `replaces`, counted until now is replaced from this moment: never
    two live versions.  Called again for the same entry it returns the same identifier.
    """
    assert connection.in_atomic_block, "a licence is decided together with the recording, or not at all"
    title = reading.title(entry.unit_code)
    if title is None:
        raise WrongState("licence_without_title", "该不动产单元没有现势权利，不能制发证照。")
    number = str(title.certificate_no)
    earlier = list(Licence.objects.filter(certificate_no=number).order_by("version"))
    if earlier and (earlier[-1].ledger, earlier[-1].entry_seq) == (entry.ledger, entry.seq):
        return earlier[-1].identifier
    version = len(earlier) + 1
    licence = Licence(
        identifier=_identifier(number, registry, version),
        kind=Document.CERTIFICATE.value,
        certificate_no=number,
        version=version,
        registry=registry,
        case_no=case_no,
        unit_code=entry.unit_code,
        right_ref=f"{entry.unit_code}/title",
        ledger=entry.ledger,
        entry_seq=entry.seq,
        entry_hash=entry.hash,
        recorded_at=entry.recorded_at,
        prepared_at=now,
    )
    overtaken = Q(right_ref=licence.right_ref) | Q(certificate_no__in=[number, replaces])
    _end(overtaken, State.REPLACED, now, by_licence=licence.identifier, reason_zh="登簿后由新证替换")
    licence.save(force_insert=True)
    LicenceState.objects.create(
        licence=licence, right_ref=licence.right_ref, certificate_no=number, changed_at=now, next_try_at=now
    )
    LicenceEvent.objects.create(licence=licence, state=State.PENDING, at=now)
    return licence.identifier


def revoke(identifier: str, reason_zh: str, now: datetime) -> None:
    """The right ended without a new certificate (注销): the licence counts no more.  Again, it changes nothing.

    Raises `NotFound` for an unknown identifier, `WrongState` for a licence already replaced.
    """
    with transaction.atomic():
        standing = LicenceState.objects.select_for_update().filter(pk=identifier).first()
        if standing is None:
            raise NotFound("licence_unknown", "没有这个电子证照。")
        if standing.state == State.REPLACED:
            raise WrongState("licence_replaced", "该证照已被新证替换，不能再注销。")
        _end(Q(pk=identifier), State.REVOKED, now, reason_zh=reason_zh[:_REASON_CHARACTERS_MAX])


def issue_due(now: datetime) -> int:
    """Sign the payloads of prepared licences whose entries a signed head covers; how many became CURRENT.

    One transaction each, skipping those another worker holds: a kill leaves a licence signed or as it was.
    """
    due = LicenceState.objects.filter(state=State.PENDING, next_try_at__lte=now).order_by("next_try_at", "pk")
    return sum(_issue(identifier, now) for identifier in list(due.values_list("pk", flat=True)[:SIGNED_AT_ONCE_MAX]))


def seal_due(now: datetime) -> int:
    """Make the sealed PDFs of current licences that have none yet; how many were made."""
    due = LicenceState.objects.filter(state=State.CURRENT, is_sealed=False, next_try_at__lte=now)
    waiting = list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:SEALED_AT_ONCE_MAX])
    return sum(_seal(identifier, now) for identifier in waiting)


def pdf(identifier: str, now: datetime) -> bytes:
    """The sealed certificate; made now if nobody has made it yet, and the same bytes ever after.

    A replaced or revoked licence that was signed once still gives its file: the file shows what was, `queries.currency`
    says that it counts no more.  Raises `NotFound`, or `WrongState` while nothing is signed yet.
    """
    return files.sealed_file(_signed(identifier), now)


def code(identifier: str) -> str:
    """The text of the licence's QR code, for a screen; raises as `pdf` does."""
    return qr_text.pack(signing.packed(_signed(identifier)))


def is_current(identifier: str) -> bool:
    """Whether the licence is signed and counts."""
    return bool(current_among([identifier]))


def current_among(identifiers: Iterable[str]) -> frozenset[str]:
    """Those of the licences that are signed and count."""
    rows = LicenceState.objects.filter(pk__in=list(identifiers), state=State.CURRENT)
    return frozenset(rows.values_list("pk", flat=True))


def finished_among(identifiers: Iterable[str]) -> frozenset[str]:
    """Those on which nothing is left to wait for: signed, or overtaken by a newer recording before they were."""
    rows = LicenceState.objects.filter(pk__in=list(identifiers)).exclude(state=State.PENDING)
    return frozenset(rows.values_list("pk", flat=True))


def _signed(identifier: str) -> SignedPayload:
    signed = SignedPayload.objects.filter(pk=identifier).select_related("licence").first()
    if signed is None:
        if not Licence.objects.filter(pk=identifier).exists():
            raise NotFound("licence_unknown", "没有这个电子证照。")
        raise WrongState("licence_not_ready", "电子证照还没有签发，请稍后再试。")
    return signed


def _identifier(number: str, registry: str, version: int) -> str:
    """GB/T 36904: the serial is the year and number of the certificate, one per registry, so it needs no counter."""
    parts = parse_certificate_no(number)
    return licence_identifier(
        CERTIFICATE_TYPE, institution_division(registry), f"{parts.year}Z{parts.serial}", version
    ).text


def _end(which: Q, state: State, now: datetime, *, by_licence: str = "", reason_zh: str) -> None:
    """Live licences count no more; the rows stay locked until the transaction ends."""
    live = LicenceState.objects.select_for_update().filter(which, state__in=LIVE).order_by("pk")
    ended = list(live.values_list("pk", flat=True))
    LicenceState.objects.filter(pk__in=ended).update(
        state=state, changed_at=now, replaced_by=by_licence, reason_zh=reason_zh
    )
    LicenceEvent.objects.bulk_create(
        LicenceEvent(licence_id=identifier, state=state, at=now, by_licence=by_licence, reason_zh=reason_zh)
        for identifier in ended
    )


def _issue(identifier: str, now: datetime) -> bool:
    with transaction.atomic():
        standing = _claimed(identifier, Q(state=State.PENDING))
        if standing is None:
            return False
        try:
            with transaction.atomic():
                is_signed = signing.sign(standing.licence, now)
        except TongbanError as error:
            _postpone(standing, now, error)
            return False
        if not is_signed:
            standing.next_try_at = now + _HEAD_PAUSE
            standing.save(update_fields=["next_try_at"])
            return False
        standing.state, standing.changed_at, standing.next_try_at = State.CURRENT, now, now
        standing.tries, standing.problem_zh = 0, ""
        standing.save(update_fields=["state", "changed_at", "next_try_at", "tries", "problem_zh"])
        LicenceEvent.objects.create(licence_id=identifier, state=State.CURRENT, at=now)
        return True


def _seal(identifier: str, now: datetime) -> bool:
    with transaction.atomic():
        standing = _claimed(identifier, Q(state=State.CURRENT, is_sealed=False))
        if standing is None:
            return False
        signed = SignedPayload.objects.select_related("licence").get(pk=identifier)
        try:
            with transaction.atomic():
                files.sealed_file(signed, now)
        except TongbanError as error:
            _postpone(standing, now, error)
            return False
        return True


def _claimed(identifier: str, condition: Q) -> LicenceState | None:
    """The row, locked, if it still is as the duty saw it and no other worker holds it."""
    rows = LicenceState.objects.select_for_update(skip_locked=True, of=("self",)).select_related("licence")
    return rows.filter(condition, pk=identifier).first()


def _postpone(standing: LicenceState, now: datetime, error: TongbanError) -> None:
    """Try again later, later still each time; the problem shows on the operator's page."""
    standing.tries += 1
    standing.next_try_at = now + min(_FAILURE_PAUSE * standing.tries, _FAILURE_PAUSE_MAX)
    standing.problem_zh = error.message_zh[:_REASON_CHARACTERS_MAX]
    standing.save(update_fields=["tries", "next_try_at", "problem_zh"])
