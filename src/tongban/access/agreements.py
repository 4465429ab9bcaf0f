"""Confidentiality agreements (保密协议): between two registries, and between a registry and each of its staff.

Without one in force a window sees nothing of another registry (滑自然资发〔2021〕48号 五（四）).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.models import ConfidentialityAgreement, Staff, in_force
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.directory import lookup
from tongban.domain.errors import InvalidInput, NotFound, Problem


class AgreementKind(StrEnum):
    REGISTRY = "registry"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A signed agreement.  `second` is a registry, or the user name of a member of the staff of `first`."""

    kind: AgreementKind
    first: str
    second: str
    document_no: str
    signed_on: date
    valid_from: date
    valid_until: date | None = None
    revoked_at: datetime | None = None


def agreement_between(one: str, other: str, today: date) -> Agreement | None:
    """The agreement of two registries in force on a day, whichever signed first; None when there is none."""
    assert one != other, "a registry needs no agreement with itself"
    first, second = sorted((one, other))
    return _in_force(AgreementKind.REGISTRY, first, second, today)


def staff_agreement(username: str, today: date) -> Agreement | None:
    """The agreement of a person with the institution he or she works for now; None when none is in force."""
    row = Staff.objects.filter(username=username).values_list("institution_code", flat=True).first()
    return None if row is None else _in_force(AgreementKind.STAFF, row, username, today)


def conclude(actor: Actor, agreement: Agreement, now: datetime) -> None:
    """Enter a signed agreement; a party's administrator or the province's may.  Raises NotPermitted, InvalidInput."""
    parties = _parties(agreement)
    require(actor, Permission.AGREEMENT_MANAGE, Scope(frozenset(parties), agreement.document_no))
    _check(agreement)
    first, second = parties if agreement.kind is AgreementKind.REGISTRY else (agreement.first, agreement.second)
    try:
        with transaction.atomic():
            ConfidentialityAgreement.objects.create(
                kind=agreement.kind.value,
                first=first,
                second=second,
                document_no=agreement.document_no.strip(),
                signed_on=agreement.signed_on,
                valid_from=agreement.valid_from,
                valid_until=agreement.valid_until,
            )
            detail = {"kind": agreement.kind.value, "first": first, "second": second}
            audit(actor, "agreement.conclude", agreement.document_no, detail=detail, now=now)
    except IntegrityError:
        raise _invalid("document_no", "这份协议已经录入过", "请核对协议编号") from None


def revoke(actor: Actor, agreement: Agreement, now: datetime) -> None:
    """End an agreement at once; calling it again changes nothing.  Raises NotPermitted, NotFound."""
    parties = _parties(agreement)
    require(actor, Permission.AGREEMENT_MANAGE, Scope(frozenset(parties), agreement.document_no))
    first, second = parties if agreement.kind is AgreementKind.REGISTRY else (agreement.first, agreement.second)
    rows = ConfidentialityAgreement.objects.filter(
        kind=agreement.kind.value, first=first, second=second, document_no=agreement.document_no
    )
    with transaction.atomic():
        if not rows.exists():
            raise NotFound("agreement_unknown", "没有这份保密协议。")
        if rows.filter(revoked_at=None).update(revoked_at=now):
            audit(actor, "agreement.revoke", agreement.document_no, detail={"first": first, "second": second}, now=now)


def _in_force(kind: AgreementKind, first: str, second: str, today: date) -> Agreement | None:
    rows = ConfidentialityAgreement.objects.filter(kind=kind.value, first=first, second=second, revoked_at=None)
    row = in_force(rows, today).order_by("-valid_from").first()
    if row is None:
        return None
    return Agreement(
        kind, row.first, row.second, row.document_no, row.signed_on, row.valid_from, row.valid_until, row.revoked_at
    )


def _parties(agreement: Agreement) -> tuple[str, ...]:
    """The institutions whose affair the agreement is, in order."""
    if agreement.kind is AgreementKind.STAFF:
        return (agreement.first,)
    return tuple(sorted((agreement.first, agreement.second)))


def _check(agreement: Agreement) -> None:
    lookup.institution(agreement.first)
    if agreement.kind is AgreementKind.REGISTRY:
        lookup.institution(agreement.second)
        if agreement.first == agreement.second:
            raise _invalid("second", "协议双方是同一家机构", "请选择另一家登记机构")
    elif not Staff.objects.filter(username=agreement.second, institution_code=agreement.first).exists():
        raise _invalid("second", "这家机构没有这个工作人员", "请先建立账号")
    if not agreement.document_no.strip():
        raise _invalid("document_no", "没有填协议编号", "请填写纸质协议上的编号")
    if agreement.valid_from < agreement.signed_on:
        raise _invalid("valid_from", "生效日期早于签订日期", "请对照协议核对两个日期")
    if agreement.valid_until is not None and agreement.valid_until < agreement.valid_from:
        raise _invalid("valid_until", "截止日期早于生效日期", "请对照协议核对两个日期")


def _invalid(field: str, what_zh: str, cure_zh: str) -> InvalidInput:
    return InvalidInput([Problem(field, what_zh, cure_zh)])
