"""Authorizations: who may receive what for whom and when; the database refuses two that overlap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests import exchange_world as world
from tests.exchange_world import ADMIN, CHANNEL, COURT, HOME, ITEM, NOW, OUTLET, TERMS, WINDOW, later

from tongban.access.actors import Actor, ActorKind, HeldRole
from tongban.access.models import AuditRow, ConfidentialityAgreement
from tongban.access.permissions import Role
from tongban.domain.decision import Reason
from tongban.domain.errors import InvalidInput, NotFound, NotPermitted, WrongState
from tongban.domain.reasons import Reasons
from tongban.exchange import authorizations, queries
from tongban.exchange.authorizations import Terms
from tongban.exchange.models import Authorization, AuthorizedItem

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def here(db: None) -> None:
    world.found()


def reason(grantee: str = WINDOW, item: str = ITEM, channel: str = CHANNEL, today: date = TODAY) -> Reason | None:
    refusal = authorizations.authorized(HOME, grantee, item, channel, today)
    return None if refusal is None else refusal.reason


def test_without_a_grant_nobody_receives_for_another_registry() -> None:
    world.agree()

    refusal = authorizations.authorized(HOME, WINDOW, ITEM, CHANNEL, TODAY)

    assert refusal is not None
    assert refusal.reason == Reasons.NOT_AUTHORIZED
    assert refusal.where is not None
    assert refusal.where.name_zh == "410526的registry"


def test_a_registry_needs_no_grant_for_itself() -> None:
    assert reason(HOME) is None


def test_a_grant_covers_its_items_channels_and_days() -> None:
    world.authorize()

    assert reason() is None
    assert reason(OUTLET) is None
    assert reason(item="S02") == Reasons.NOT_AUTHORIZED
    assert reason(channel="online") == Reasons.NOT_AUTHORIZED
    assert reason(COURT) == Reasons.NOT_AUTHORIZED
    assert reason(today=TERMS.valid_from) is None
    assert reason(today=TERMS.valid_until) is None
    assert reason(today=date(2025, 12, 31)) == Reasons.NOT_AUTHORIZED
    assert reason(today=date(2028, 1, 1)) == Reasons.AUTHORIZATION_EXPIRED


def test_a_grant_is_of_one_direction() -> None:
    world.authorize()

    assert authorizations.authorized(WINDOW, HOME, ITEM, CHANNEL, TODAY) is not None


def test_a_grant_without_a_confidentiality_agreement_counts_for_nothing() -> None:
    world.authorize()
    ConfidentialityAgreement.objects.update(valid_until=date(2026, 6, 30))

    assert reason() == Reasons.NO_REGISTRY_AGREEMENT


def test_a_grant_is_suspended_resumed_and_revoked_at_once_and_the_audit_says_who() -> None:
    number = world.authorize()

    authorizations.suspend(number, ADMIN, now=later(1))
    assert reason() == Reasons.AUTHORIZATION_SUSPENDED
    authorizations.suspend(number, ADMIN, now=later(2))
    authorizations.resume(number, ADMIN, now=later(3))
    assert reason() is None
    authorizations.revoke(number, ADMIN, now=later(4))
    authorizations.revoke(number, ADMIN, now=later(5))
    assert reason() == Reasons.NOT_AUTHORIZED

    assert Authorization.objects.get().revoked_at == later(4)
    acts = AuditRow.objects.filter(action__startswith="authorization.").order_by("id")
    assert [row.action for row in acts] == [
        "authorization.grant",
        "authorization.suspend",
        "authorization.resume",
        "authorization.revoke",
    ]
    assert {row.actor_id for row in acts} == {"sheng_admin"}


def test_what_was_revoked_is_not_resumed() -> None:
    number = world.authorize()
    authorizations.revoke(number, ADMIN, now=later(1))

    with pytest.raises(WrongState):
        authorizations.resume(number, ADMIN, now=later(2))

    assert reason() == Reasons.NOT_AUTHORIZED


def test_two_grants_of_one_item_never_overlap() -> None:
    world.authorize()
    second = replace(TERMS, valid_from=date(2027, 12, 31), valid_until=date(2028, 12, 31))

    with pytest.raises(InvalidInput):
        authorizations.grant(HOME, WINDOW, second, ADMIN, now=NOW)

    assert Authorization.objects.count() == 1
    assert AuditRow.objects.filter(action="authorization.grant").count() == 1


def test_a_grant_may_follow_one_that_ended_or_was_revoked() -> None:
    number = world.authorize()
    following = replace(TERMS, valid_from=date(2028, 1, 1), valid_until=date(2028, 12, 31))
    authorizations.grant(HOME, WINDOW, following, ADMIN, now=NOW)

    authorizations.revoke(number, ADMIN, now=later(1))
    authorizations.grant(HOME, WINDOW, TERMS, ADMIN, now=later(2))

    assert reason() is None


@pytest.mark.parametrize(
    "terms",
    [
        replace(TERMS, valid_until=TERMS.valid_from),
        replace(TERMS, items=()),
        replace(TERMS, items=("S99",)),
        replace(TERMS, channels=()),
        replace(TERMS, channels=("pigeon",)),
        replace(TERMS, document_no=" "),
    ],
)
def test_terms_that_make_no_sense_are_refused(terms: Terms) -> None:
    with pytest.raises(InvalidInput):
        authorizations.grant(HOME, WINDOW, terms, ADMIN, now=NOW)

    assert not Authorization.objects.exists()


def test_only_a_registry_grants_and_never_to_itself() -> None:
    for grantor, grantee in ((COURT, WINDOW), (HOME, HOME)):
        with pytest.raises(InvalidInput):
            authorizations.grant(grantor, grantee, TERMS, ADMIN, now=NOW)


def test_nobody_grants_for_another_registry() -> None:
    mine = Actor(ActorKind.STAFF, "admin", "管理员", WINDOW, frozenset({HeldRole(Role.REGISTRY_ADMIN, WINDOW)}))

    with pytest.raises(NotPermitted):
        authorizations.grant(HOME, WINDOW, TERMS, mine, now=NOW)
    number = world.authorize()
    with pytest.raises(NotPermitted):
        authorizations.revoke(number, mine, now=NOW)

    assert reason() is None


def test_an_unknown_grant_is_said() -> None:
    with pytest.raises(NotFound):
        authorizations.suspend(99, ADMIN, now=NOW)


@pytest.mark.parametrize("change", [{"valid_until": TERMS.valid_from}, {"grantee": HOME}, {"channels": []}])
def test_the_database_holds_the_terms_too(change: dict[str, object]) -> None:
    world.authorize()

    with pytest.raises(IntegrityError), transaction.atomic():
        Authorization.objects.update(**change)


def test_the_database_refuses_an_overlap_whoever_writes_it() -> None:
    world.authorize()
    item = AuthorizedItem.objects.get()
    item.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        item.save(force_insert=True)


def test_the_list_shows_an_office_the_grants_it_gave_and_got() -> None:
    number = world.authorize()
    mine = Actor(ActorKind.STAFF, "admin", "管理员", WINDOW, frozenset({HeldRole(Role.REGISTRY_ADMIN, WINDOW)}))
    other = Actor(ActorKind.STAFF, "admin2", "管理员", COURT, frozenset({HeldRole(Role.REGISTRY_ADMIN, COURT)}))

    rows = queries.authorizations(mine)

    assert [(row.number, row.items, row.channels, row.document_no) for row in rows] == [
        (number, (ITEM,), (CHANNEL,), TERMS.document_no)
    ]
    assert queries.authorizations(other) == ()
