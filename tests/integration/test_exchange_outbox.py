"""Sending: what a transaction leaves in the outbox, how it is delivered, when it waits and when it is parked."""

from __future__ import annotations

import pytest
from django.db import transaction
from tests import exchange_wiring as wiring
from tests import exchange_world as world
from tests.exchange_world import COURT, HOME, NOW, OUTLET, WINDOW, later

from tongban.access.actors import Actor, ActorKind
from tongban.access.models import AuditRow
from tongban.directory.models import Institution, Site
from tongban.domain import messages
from tongban.domain.errors import NotFound, NotPermitted, WrongState
from tongban.exchange import drain, envelope, inbox, outbox, queries
from tongban.exchange.contract import limits
from tongban.exchange.models import InboxMessage, OutboxDelivery, OutboxMessage, OutboxReceipt, PeerState
from tongban.vault import blobs, keys

pytestmark = pytest.mark.django_db
HERE = "site-test"


@pytest.fixture(autouse=True)
def here(db: None, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_WIRING = "tests.exchange_wiring"
    world.found()


def move(site: str, *codes: str, base_url: str = "") -> None:
    """Host institutions at another site."""
    Site.objects.update_or_create(code=site, defaults={"base_url": base_url})
    Institution.objects.filter(code__in=codes).update(site_code=site)


def test_sending_numbers_the_messages_of_a_line_and_signs_them() -> None:
    first, second = world.send_status(count=2)

    rows = list(OutboxMessage.objects.order_by("seq"))
    assert [(row.message_id, row.seq) for row in rows] == [(first, 1), (second, 2)]
    parsed = envelope.parse(rows[1].content)
    assert (parsed.source, parsed.to, parsed.subject, parsed.seq, parsed.time) == (HOME, WINDOW, "SJ-1", 2, NOW)
    envelope.check(HOME, world.sent(second), NOW, later(1))


def test_lines_are_numbered_apart() -> None:
    world.send_status("SJ-1", count=2)
    world.send_status("SJ-2")

    assert [(row.subject, row.seq) for row in OutboxMessage.objects.order_by("pk")] == [
        ("SJ-1", 1),
        ("SJ-1", 2),
        ("SJ-2", 1),
    ]


def test_what_is_rolled_back_was_never_sent_and_leaves_no_gap() -> None:
    with transaction.atomic():
        world.send_status()
        transaction.set_rollback(True)

    world.send_status()

    assert [row.seq for row in OutboxMessage.objects.all()] == [1]


@pytest.mark.parametrize(
    ("kind", "sender", "to"),
    [
        ("case.praise", HOME, WINDOW),
        (messages.RESTRICTION_CHECK, WINDOW, HOME),
        (messages.CASE_HANDOVER, HOME, WINDOW),
        (messages.CASE_STATUS, COURT, WINDOW),
    ],
)
def test_a_message_that_makes_no_sense_is_a_mistake_of_the_program(kind: str, sender: str, to: str) -> None:
    with pytest.raises(AssertionError):
        outbox.send(kind, sender=sender, to=to, subject="SJ-1", body=world.status(), now=NOW)

    assert not OutboxMessage.objects.exists()


def test_only_an_institution_of_this_site_sends_from_here() -> None:
    move("site-b", HOME)

    with pytest.raises(AssertionError):
        world.send_status()


def test_the_subject_must_be_the_one_of_the_body() -> None:
    with pytest.raises(AssertionError):
        outbox.send(messages.CASE_STATUS, sender=HOME, to=WINDOW, subject="SJ-2", body=world.status("SJ-1"), now=NOW)


def test_an_unknown_receiver_is_said_at_once() -> None:
    with pytest.raises(NotFound):
        outbox.send(
            messages.CASE_STATUS, sender=HOME, to="registry-419999", subject="SJ-1", body=world.status(), now=NOW
        )


def test_a_message_to_an_institution_here_is_delivered_and_its_receipt_kept() -> None:
    message_id = world.send_status()[0]

    assert drain.drain(HERE, later(1)) == 1

    delivery = OutboxDelivery.objects.get()
    assert (delivery.state, delivery.settled_at is not None, delivery.lease_until) == ("delivered", True, None)
    receipt = OutboxReceipt.objects.get()
    assert (receipt.outcome, receipt.issuer) == ("stored", WINDOW)
    assert bytes(receipt.content) == bytes(InboxMessage.objects.get(message_id=message_id).receipt_content)
    assert inbox.process_next(later(2)) == 1
    assert wiring.effects() == [("SJ-1", 1)]


def test_a_drained_outbox_has_nothing_left_to_do() -> None:
    world.send_status(count=3)
    drain.drain(HERE, later(1))

    assert drain.drain(HERE, later(2)) == 0
    assert drain.due_peers(later(2)) == ()
    assert OutboxReceipt.objects.count() == 3


def test_more_than_a_batch_goes_in_one_call() -> None:
    for number in range(limits.BATCH_MAX + 5):
        world.send_status(f"SJ-{number}")

    assert drain.drain(HERE, later(1)) == limits.BATCH_MAX + 5


def test_a_refused_message_is_parked_with_its_reason_and_holds_its_line() -> None:
    world.send_handover()
    world.send_handover()

    assert drain.drain(HERE, later(1)) == 2

    rows = [(row.state, row.reason_code) for row in OutboxDelivery.objects.order_by("seq")]
    assert rows == [("parked", "not_authorized"), ("parked", "not_authorized")]
    assert OutboxReceipt.objects.filter(outcome="refused").count() == 2
    assert not InboxMessage.objects.exists()

    world.send_handover()
    assert drain.drain(HERE, later(2)) == 0
    assert OutboxDelivery.objects.get(seq=3).state == "waiting"


def test_a_parked_message_goes_again_when_its_reason_is_gone_and_somebody_says_so() -> None:
    message_id = world.send_handover()
    drain.drain(HERE, later(1))
    world.authorize()

    assert drain.drain(HERE, later(2)) == 0
    outbox.retry_parked(message_id, world.ADMIN, now=later(3))
    assert drain.drain(HERE, later(3)) == 1

    assert OutboxDelivery.objects.get().state == "delivered"
    assert list(OutboxReceipt.objects.order_by("pk").values_list("outcome", flat=True)) == ["refused", "stored"]
    assert AuditRow.objects.get(action="exchange.retry_sent").detail["reason"] == "not_authorized"


def test_a_message_whose_key_was_stolen_on_the_way_is_signed_again() -> None:
    message_id = world.send_status()[0]
    first = world.sent(message_id)
    keys.revoke(HOME, first.signature.key_id, later(20), compromised_since=later(10))
    keys.create_key(HOME, later(30))
    drain.drain(HERE, later(40))
    assert OutboxDelivery.objects.get().reason_code == "bad_signature"

    outbox.retry_parked(message_id, world.ADMIN, now=later(50))
    drain.drain(HERE, later(50))
    assert OutboxDelivery.objects.get().state == "parked"

    outbox.sign_again(message_id, world.ADMIN, now=later(60))
    assert drain.drain(HERE, later(60)) == 1

    assert OutboxDelivery.objects.get().state == "delivered"
    stored = InboxMessage.objects.get()
    assert (stored.message_id, stored.seq, stored.signed_at) == (message_id, 1, later(60))
    assert stored.key_id != first.signature.key_id
    assert envelope.parse(stored.content).data == envelope.parse(first.content).data
    assert [row.digest for row in OutboxMessage.objects.order_by("pk")] == [first.digest, stored.digest]
    assert AuditRow.objects.get(action="exchange.sign_again").detail["digest"] == first.digest


def test_only_a_refused_signature_is_made_again() -> None:
    message_id = world.send_handover()
    drain.drain(HERE, later(1))

    with pytest.raises(WrongState):
        outbox.sign_again(message_id, world.ADMIN, now=later(2))

    assert OutboxMessage.objects.count() == 1


def test_a_clerk_may_not_retry() -> None:
    message_id = world.send_handover()
    drain.drain(HERE, later(1))

    with pytest.raises(NotPermitted):
        outbox.retry_parked(message_id, Actor(ActorKind.STAFF, "clerk", "窗口", WINDOW), now=later(2))

    assert OutboxDelivery.objects.get().state == "parked"


def test_an_arrival_that_fails_is_tried_again_ever_more_rarely_and_never_given_up() -> None:
    wiring.fail_arrival("SJ-x", 100)
    world.send_status("SJ-x")

    moment, waits = later(1), []
    for _ in range(12):
        assert drain.drain(HERE, moment) == 0
        due = OutboxDelivery.objects.get().next_attempt_at
        waits.append((due - moment).total_seconds())
        moment = due

    assert [round(wait) for wait in waits] == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60]
    assert OutboxDelivery.objects.get().reason_code == "test_failure"
    assert not InboxMessage.objects.exists()
    wiring.fail_arrival("SJ-x", 0)
    assert drain.drain(HERE, moment) == 1


def test_a_message_that_waits_holds_its_line_but_no_other() -> None:
    wiring.fail_arrival("SJ-x", 1)
    world.send_status("SJ-x")
    drain.drain(HERE, later(1))
    world.send_status("SJ-x")
    world.send_status("SJ-y")

    assert drain.drain(HERE, later(1.5)) == 1
    assert wiring.effects(wiring.ARRIVED) == [("SJ-y", 1)]

    assert drain.drain(HERE, later(3)) == 2
    assert wiring.effects(wiring.ARRIVED) == [("SJ-y", 1), ("SJ-x", 1), ("SJ-x", 2)]


def test_a_lease_whose_worker_died_runs_out() -> None:
    world.send_status()
    OutboxDelivery.objects.update(lease_until=later(60))

    assert drain.drain(HERE, later(59)) == 0
    assert drain.drain(HERE, later(60)) == 1


def test_a_site_that_cannot_be_reached_rests_and_does_not_hold_the_others() -> None:
    move("site-b", WINDOW, base_url="http://127.0.0.1:9")
    world.send_status()
    with transaction.atomic():
        outbox.send(messages.CASE_STATUS, sender=HOME, to=OUTLET, subject="SJ-9", body=world.status("SJ-9"), now=NOW)

    assert drain.drain("site-b", later(1)) == 0
    assert drain.drain(HERE, later(1)) == 1

    state = PeerState.objects.get()
    assert (state.failures, state.reason_code, state.next_try_at) == (1, "peer_unreachable", later(2))
    row = OutboxDelivery.objects.get(peer_site="site-b")
    assert (row.state, row.attempts, row.lease_until) == ("waiting", 0, None)
    assert wiring.effects(wiring.ARRIVED) == [("SJ-9", 1)]


def test_a_dead_site_is_tried_at_least_once_a_minute_for_ever() -> None:
    move("site-b", WINDOW, base_url="http://127.0.0.1:9")
    world.send_status()

    moment = later(1)
    for failures in range(1, 10):
        drain.drain("site-b", moment)
        state = PeerState.objects.get()
        assert state.failures == failures
        assert state.next_try_at is not None
        wait = (state.next_try_at - moment).total_seconds()
        assert wait == min(60, 2 ** (failures - 1))
        assert drain.drain("site-b", later(wait - 0.5, moment)) == 0
        moment = state.next_try_at
    assert OutboxDelivery.objects.get().state == "waiting"


def test_an_attachment_goes_along_to_an_institution_here() -> None:
    ref = blobs.store(COURT, b"%PDF-1.7 order", "裁定书.pdf", "application/pdf")
    with transaction.atomic():
        outbox.send(
            messages.JUDICIAL_ORDER,
            sender=COURT,
            to=HOME,
            subject="CX-1",
            body=world.order(),
            attachments=[ref],
            now=NOW,
        )

    assert drain.drain(HERE, later(1)) == 1

    assert blobs.read(HOME, ref.digest) == b"%PDF-1.7 order"
    assert wiring.effects(wiring.ARRIVED) == [("CX-1", 1)]


def test_an_attachment_must_be_the_senders_own() -> None:
    ref = blobs.store(WINDOW, b"%PDF-1.7 order", "裁定书.pdf", "application/pdf")

    with pytest.raises(NotFound):
        outbox.send(
            messages.JUDICIAL_ORDER,
            sender=COURT,
            to=HOME,
            subject="CX-1",
            body=world.order(),
            attachments=[ref],
            now=NOW,
        )

    assert not OutboxMessage.objects.exists()


# --- what the message pages show ---


def test_the_pages_show_what_waits_and_what_is_parked() -> None:
    move("site-b", OUTLET)
    world.send_handover()
    with transaction.atomic():
        outbox.send(messages.CASE_STATUS, sender=HOME, to=OUTLET, subject="SJ-9", body=world.status("SJ-9"), now=NOW)
    drain.drain(HERE, later(1))

    peers = {row.site: row for row in queries.peers(world.ADMIN)}
    parked = queries.parked(world.ADMIN)

    assert (peers["site-b"].waiting, peers["site-b"].oldest_at) == (1, NOW)
    assert (peers[HERE].waiting, peers[HERE].parked) == (0, 1)
    assert [(row.direction, row.source, row.to, row.kind_zh) for row in parked] == [("sent", WINDOW, HOME, "收件移交")]
    assert parked[0].reason_zh
    figures = queries.backlog()
    assert (figures.to_send, figures.parked_sent, figures.oldest_to_send_at) == (1, 1, NOW)


def test_an_office_sees_its_own_messages_only(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    world.send_status()
    world.send_handover()
    drain.drain(HERE, later(1))
    mine = world.ADMIN.__class__(
        ActorKind.STAFF, "admin", "管理员", HOME, frozenset({world.HeldRole(world.Role.REGISTRY_ADMIN, HOME)})
    )

    with django_assert_num_queries(1):
        sent = queries.messages(mine, "sent")

    assert [row.source for row in sent] == [HOME]
    assert queries.parked(mine) == ()
    assert [row.to for row in queries.messages(world.ADMIN, "received")] == [WINDOW]
    assert queries.message(mine, "sent", sent[0].row) == sent[0]
    with pytest.raises(NotFound):
        queries.message(mine, "received", InboxMessage.objects.get().pk)
