"""Licences from the recording to the sealed file.

`prepare` runs inside the recording transaction: from the same moment the old licence counts no more and the new one is
decided.  Duties do the rest, each safe to be killed and run again: `issue_due` signs the payload once a signed head
covers the entry (then the licence is CURRENT), `seal_due` typesets and seals the PDF, which `pdf` also does on demand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from django.db import connection, transaction
from django.db.models import Q

from tongban.certificates import files, qr_text, signing
from tongban.certificates.models import LIVE, Licence, LicenceEvent, LicenceState, SignedPayload, State
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.codes import institution_division
from tongban.domain.entries import CloseTitle, Entry, OpenTitle, ReplaceCertificate, ReplaceTitle
from tongban.domain.errors import NotFound, TongbanError, WrongState
from tongban.domain.numbering import licence_identifier, parse_certificate_no
from tongban.domain.terms import Document
from tongban.register.requests import EntryRef

# 证照类型代码 (GB/T 36904): the ministry's credit code and its number for 不动产权证书 as seen in use (facts 12.3).
CERTIFICATE_TYPE = "11100000MB03271699022"
# The ministry's number for 不动产登记证明 is not published where we could read it; this one keeps the two apart.
PROOF_TYPE = "11100000MB03271699023"
_CERTIFICATE = Document.CERTIFICATE
_TYPES: Final[Mapping[Document, tuple[str, str]]] = MappingProxyType(
    {Document.CERTIFICATE: (CERTIFICATE_TYPE, "Z"), Document.PROOF: (PROOF_TYPE, "M")}
)
SIGNED_AT_ONCE_MAX = 100
SEALED_AT_ONCE_MAX = 10
_HEAD_PAUSE = timedelta(seconds=1)  # the register signs heads every two seconds
_FAILURE_PAUSE = timedelta(seconds=30)
_FAILURE_PAUSE_MAX = timedelta(minutes=30)
_REASON_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class _Decided:
    """One licence that a recording calls for."""

    kind: Document
    number: str
    replaces: str
    entry: EntryRef


def prepare(
    *, case_no: str, registry: str, written: Iterable[tuple[Entry, EntryRef]], now: datetime
) -> tuple[str, ...]:
    """Decide on every licence that a recording calls for, and end those whose right it ended; the new identifiers,
    certificates before proofs.

    A title that was opened, replaced or got another certificate has one certificate; every mortgage, notice, right of
    habitation, easement or objection with a proof number has one proof (细则 20).  Call it in the recording
    transaction: whatever counted for the same right until now counts no more, never two live versions.
    """
    assert connection.in_atomic_block, "a licence is decided together with the recording, or not at all"
    decided: dict[str, _Decided] = {}
    for entry, ref in written:
        match entry:
            case OpenTitle():
                decided[title_ref(entry.unit_code)] = _Decided(_CERTIFICATE, entry.title.certificate_no, "", ref)
            case ReplaceTitle():
                number = entry.title.certificate_no
                decided[title_ref(entry.unit_code)] = _Decided(_CERTIFICATE, number, entry.before, ref)
            case ReplaceCertificate():
                decided[title_ref(entry.unit_code)] = _Decided(_CERTIFICATE, entry.after, entry.before, ref)
            case OpenBurden() | AlterBurden() if entry.burden.proof_no:
                replaces = entry.before.proof_no if isinstance(entry, AlterBurden) else ""
                right = burden_ref(entry.unit_code, entry.burden_no)
                decided[right] = _Decided(Document.PROOF, entry.burden.proof_no, replaces, ref)
            case CloseTitle():
                _end(Q(right_ref=title_ref(entry.unit_code)), State.REVOKED, now, reason_zh=entry.cause.name_zh)
            case CloseBurden():
                right = burden_ref(entry.unit_code, entry.burden_no)
                _end(Q(right_ref=right), State.REVOKED, now, reason_zh=entry.cause_zh[:_REASON_CHARACTERS_MAX])
            case _:
                pass
    in_order = sorted(decided.items(), key=lambda pair: pair[1].kind is Document.PROOF)
    return tuple(_prepare(case_no, registry, right, one, now) for right, one in in_order)


def title_ref(unit_code: str) -> str:
    """How licences name the title of a unit."""
    return f"{unit_code}/title"


def burden_ref(unit_code: str, burden_no: str) -> str:
    """How licences name a right that lies on a unit."""
    return f"{unit_code}/burden/{burden_no}"


def _prepare(case_no: str, registry: str, right: str, decided: _Decided, now: datetime) -> str:
    number, entry = str(decided.number), decided.entry
    earlier = list(Licence.objects.filter(certificate_no=number).order_by("version"))
    if earlier and (earlier[-1].ledger, earlier[-1].entry_seq) == (entry.ledger, entry.seq):
        return earlier[-1].identifier
    version = len(earlier) + 1
    licence = Licence(
        identifier=_identifier(decided.kind, number, registry, version),
        kind=decided.kind.value,
        certificate_no=number,
        version=version,
        registry=registry,
        case_no=case_no,
        unit_code=entry.unit_code,
        right_ref=right,
        ledger=entry.ledger,
        entry_seq=entry.seq,
        entry_hash=entry.hash,
        recorded_at=entry.recorded_at,
        prepared_at=now,
    )
    overtaken = Q(right_ref=right) | Q(certificate_no__in=[one for one in (number, decided.replaces) if one])
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


def number_of(identifier: str) -> str:
    """The certificate or proof number of a licence."""
    return Licence.objects.values_list("certificate_no", flat=True).get(pk=identifier)


def is_current(identifier: str) -> bool:
    """Whether the licence is signed and counts."""
    return bool(current_among([identifier]))


def current_among(identifiers: Iterable[str]) -> frozenset[str]:
    """Those of the licences that are signed and count."""
    rows = LicenceState.objects.filter(pk__in=list(identifiers), state=State.CURRENT)
    return frozenset(rows.values_list("pk", flat=True))


def finished_among(case_nos: Iterable[str]) -> frozenset[str]:
    """Those cases with no licence left to wait for: all signed, or overtaken by a newer recording before they were."""
    asked = frozenset(case_nos)
    waiting = LicenceState.objects.filter(licence__case_no__in=asked, state=State.PENDING)
    return asked - set(waiting.values_list("licence__case_no", flat=True))


def _signed(identifier: str) -> SignedPayload:
    signed = SignedPayload.objects.filter(pk=identifier).select_related("licence").first()
    if signed is None:
        if not Licence.objects.filter(pk=identifier).exists():
            raise NotFound("licence_unknown", "没有这个电子证照。")
        raise WrongState("licence_not_ready", "电子证照还没有签发，请稍后再试。")
    return signed


def _identifier(kind: Document, number: str, registry: str, version: int) -> str:
    """GB/T 36904: the serial is the year and number of the certificate, one per registry, so it needs no counter."""
    parts, (type_code, letter) = parse_certificate_no(number), _TYPES[kind]
    serial = f"{parts.year}{letter}{parts.serial}"
    return licence_identifier(type_code, institution_division(registry), serial, version).text


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
