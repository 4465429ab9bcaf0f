"""Authorizations between registries (相互授权委托): who may receive what for whom, from when to when.

Checked where the home registry is hosted, at every hand-over and every look into its register.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from tongban.access import agreements
from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.directory import lookup
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.codes import InstitutionKind, institution_kind
from tongban.domain.decision import Fact, Reason, Refusal
from tongban.domain.errors import BadReply, InvalidInput, NotFound, Problem, WrongState
from tongban.domain.query_terms import QUERY_SERVICE
from tongban.domain.reasons import Reasons
from tongban.domain.terms import Channel
from tongban.exchange.contract.body import Body
from tongban.exchange.models import Authorization, AuthorizedItem

# What a registry may let another take in for it: every service of the catalogue, and queries, which record nothing.
GRANTABLE = frozenset({*CATALOGUE, QUERY_SERVICE})


@dataclass(frozen=True, slots=True)
class ItemScope:
    """What an authorization must cover for one message."""

    item: str
    channel: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a grant says; holds from `valid_from` to `valid_until`, both days included."""

    items: tuple[str, ...]
    channels: tuple[str, ...]
    valid_from: date
    valid_until: date
    document_no: str


def authorized(grantor: str, grantee: str, item: str, channel: str, today: date) -> Refusal | None:
    """None when `grantee` may receive this item for `grantor` today over this channel; otherwise why not.

    An outlet receives under its registry's authorization; a registry needs none for itself.  A grant without a
    confidentiality agreement in force between the two counts for nothing.
    """
    receiver = _answerable(grantee)
    if receiver == grantor:
        return None
    reason = _missing_grant(grantor, receiver, ItemScope(item, channel), today)
    if reason is None and not agreements.agreement_between(grantor, receiver, today):
        reason = Reasons.NO_REGISTRY_AGREEMENT
    return None if reason is None else _refusal(reason, grantor, receiver)


def scope_of(body: Body) -> ItemScope:
    """Item and channel a body is about; raises `BadReply` when a kind that needs authorization does not say."""
    item, channel = getattr(body, "service_item", ""), getattr(body, "channel", "")
    if not (isinstance(item, str) and isinstance(channel, str) and item and channel):
        raise BadReply("scope_missing", "报文没有写明服务事项和办理方式。")
    return ItemScope(item, channel)


def grant(grantor: str, grantee: str, terms: Terms, actor: Actor, *, now: datetime) -> int:
    """Grant; returns the grant's number.  Audited.

    Raises `InvalidInput` for an empty or backward period, no items or channels, an unknown item, a grantee that cannot
    receive, or an overlap with a grant in force for the same pair and item.
    """
    require(actor, Permission.AUTHORIZATION_MANAGE, Scope(frozenset({grantor}), grantee))
    _check_terms(grantor, grantee, terms)
    try:
        with transaction.atomic():
            row = _insert(grantor, grantee, terms, Granted(actor.id, now))
            audit(actor, "authorization.grant", str(row.pk), detail=_detail(row) | {"items": " ".join(terms.items)})
    except IntegrityError as error:
        if "exchange_authorized_item_once" not in str(error):
            raise
        raise _invalid("items", "同一事项在这段时间里已有授权。", "请先撤回原授权,或调整起止日期。") from None
    return row.pk


def suspend(number: int, actor: Actor, *, now: datetime) -> None:
    """Stop a grant until it is resumed; nothing changes for one that is suspended or revoked.  Audited."""
    with transaction.atomic():
        row = _locked(number, actor)
        if row.suspended_at is None and row.revoked_at is None:
            row.suspended_at = now
            row.save(update_fields=["suspended_at"])
            audit(actor, "authorization.suspend", str(number), detail=_detail(row))


def resume(number: int, actor: Actor, *, now: datetime) -> None:
    """Let a suspended grant hold again; raises `WrongState` for a revoked one.  Audited."""
    with transaction.atomic():
        row = _locked(number, actor)
        if row.revoked_at is not None:
            raise WrongState("authorization_revoked", "授权已撤回,不能恢复;请重新授权。")
        if row.suspended_at is not None:
            suspended_at, row.suspended_at = row.suspended_at, None
            row.save(update_fields=["suspended_at"])
            detail = _detail(row) | {"suspended_at": suspended_at.isoformat(), "resumed_at": now.isoformat()}
            audit(actor, "authorization.resume", str(number), detail=detail)


def revoke(number: int, actor: Actor, *, now: datetime) -> None:
    """End a grant at once and for good; nothing changes for one that is revoked.  Audited."""
    with transaction.atomic():
        row = _locked(number, actor)
        if row.revoked_at is None:
            row.revoked_at = now
            row.save(update_fields=["revoked_at"])
            row.items.update(is_revoked=True)
            audit(actor, "authorization.revoke", str(number), detail=_detail(row))


@dataclass(frozen=True, slots=True)
class Granted:
    """Who granted, and when."""

    by: str
    at: datetime


def _missing_grant(grantor: str, grantee: str, scope: ItemScope, today: date) -> Reason | None:
    rows = list(
        AuthorizedItem.objects.filter(grantor=grantor, grantee=grantee, item=scope.item, is_revoked=False)
        .order_by("-valid_from")
        .select_related("authorization")
    )
    current = next((row for row in rows if row.valid_from <= today <= row.valid_until), None)
    if current is None:
        return Reasons.AUTHORIZATION_EXPIRED if any(row.valid_until < today for row in rows) else Reasons.NOT_AUTHORIZED
    if current.authorization.suspended_at is not None:
        return Reasons.AUTHORIZATION_SUSPENDED
    return None if scope.channel in current.authorization.channels else Reasons.NOT_AUTHORIZED


def _answerable(grantee: str) -> str:
    """The institution whose authorization counts: an outlet acts for its registry."""
    if institution_kind(grantee) is not InstitutionKind.OUTLET:
        return grantee
    return lookup.institution(grantee).parent_code or grantee


def _refusal(reason: Reason, grantor: str, grantee: str) -> Refusal:
    sides = (("属地登记机构", grantor), ("收件机构", grantee))
    facts = tuple(Fact(title, lookup.institution(code).name_zh) for title, code in sides)
    return Refusal(reason, facts, lookup.place_of(grantor))


def _check_terms(grantor: str, grantee: str, terms: Terms) -> None:
    problems = []
    if terms.valid_from >= terms.valid_until:
        problems.append(Problem("valid_until", "截止日期要晚于起始日期。", "请核对授权文件上的起止日期。"))
    if not terms.items or not set(terms.items) <= GRANTABLE:
        problems.append(Problem("items", "授权事项为空或不在服务目录中。", "请从服务目录中选择。"))
    if not terms.channels or not set(terms.channels) <= {channel.value for channel in Channel}:
        problems.append(Problem("channels", "办理方式为空或不存在。", "请至少选择一种办理方式。"))
    if not terms.document_no.strip():
        problems.append(Problem("document_no", "没有填写授权文件文号。", "请填写双方签署的授权文件文号。"))
    if institution_kind(grantor) is not InstitutionKind.REGISTRY or grantor == grantee:
        problems.append(Problem("grantee", "只有登记机构可以授权其他机构收件。", "请重新选择双方机构。"))
    if problems:
        raise InvalidInput(problems)
    lookup.institution(grantor)
    lookup.institution(grantee)


def _insert(grantor: str, grantee: str, terms: Terms, granted: Granted) -> Authorization:
    row = Authorization.objects.create(
        grantor=grantor,
        grantee=grantee,
        channels=sorted(set(terms.channels)),
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        document_no=terms.document_no.strip(),
        granted_at=granted.at,
        granted_by=granted.by,
    )
    AuthorizedItem.objects.bulk_create(
        AuthorizedItem(
            authorization=row,
            grantor=grantor,
            grantee=grantee,
            item=item,
            valid_from=terms.valid_from,
            valid_until=terms.valid_until,
        )
        for item in sorted(set(terms.items))
    )
    return row


def _locked(number: int, actor: Actor) -> Authorization:
    row = Authorization.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NotFound("authorization_not_found", "没有这份授权。")
    require(actor, Permission.AUTHORIZATION_MANAGE, Scope(frozenset({row.grantor}), str(number)))
    return row


def _detail(row: Authorization) -> dict[str, str]:
    return {"grantor": row.grantor, "grantee": row.grantee, "document_no": row.document_no}


def _invalid(field: str, what_zh: str, cure_zh: str) -> InvalidInput:
    return InvalidInput([Problem(field, what_zh, cure_zh)])
