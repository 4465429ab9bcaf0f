"""Receiving: what is verified, what is stored, what is refused, and in which order messages are handled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from tests import exchange_wiring as wiring
from tests import exchange_world as world
from tests.exchange_world import COURT, HOME, NOW, WINDOW, later

from tongban.access.models import AuditRow
from tongban.directory.models import Institution
from tongban.domain import messages
from tongban.domain.errors import NotFound, NotPermitted, Unavailable, WrongState
from tongban.domain.reasons import Reasons
from tongban.exchange import authorizations, envelope, inbox, receipts
from tongban.exchange.contract.limits import PROCESS_ATTEMPTS_MAX as ATTEMPTS_MAX
from tongban.exchange.envelope import Heading, Signed
from tongban.exchange.models import InboxMessage, InboxProcessing, RefusedMessage
from tongban.exchange.receipts import Later, Receipt
from tongban.vault import keys

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(db: None, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_WIRING = "tests.exchange_wiring"
    world.found()


def receive(signed: Signed, seconds: float = 1) -> Receipt:
    return inbox.receive(signed.content, signed.signature, later(seconds))


def assert_refused(receipt: Receipt, code: str) -> None:
    assert (receipt.outcome, receipt.code) == ("refused", code)
    assert not InboxMessage.objects.exists()
    assert wiring.effects(wiring.ARRIVED) == []
    assert RefusedMessage.objects.get().code == code


def test_a_message_is_stored_as_it_came_and_answered_with_a_signed_receipt() -> None:
    signed = world.signed_status()

    receipt = receive(signed)

    row = InboxMessage.objects.get()
    assert row.content == signed.content
    assert (row.digest, row.seq, row.source) == (signed.digest, 1, HOME)
    assert (receipt.outcome, receipt.issuer, receipt.digest) == ("stored", WINDOW, signed.digest)
    about = receipts.About(row.message_id, signed.digest, HOME)
    receipts.check(receipt, about, receiver=WINDOW, site="site-test", now=later(2))
    assert wiring.effects(wiring.ARRIVED) == [("SJ-1", 1)]
    assert wiring.effects() == []


def test_a_message_that_comes_twice_gets_the_same_receipt_and_arrives_once() -> None:
    signed = world.signed_status()

    first, second = receive(signed), receive(signed, 500)

    assert second == first
    assert wiring.effects(wiring.ARRIVED) == [("SJ-1", 1)]


def test_a_duplicate_is_known_even_when_the_key_has_been_stolen_since() -> None:
    signed = world.signed_status()
    first = receive(signed)

    keys.revoke(HOME, signed.signature.key_id, later(10), compromised_since=later(5))

    assert receive(signed, 20) == first


def test_the_same_id_with_other_bytes_is_refused_as_forged() -> None:
    receive(world.signed_status())

    receipt = receive(world.signed_status(state="OTHER"))

    assert receipt.code == "forged_duplicate"
    assert InboxMessage.objects.count() == 1


def test_the_same_place_in_the_line_under_another_id_is_refused() -> None:
    receive(world.signed_status())

    receipt = receive(world.signed_status(id="another-id-0001"))

    assert receipt.code == "seq_taken"
    assert InboxMessage.objects.count() == 1


def test_another_institution_cannot_take_up_an_id() -> None:
    mine = world.signed_status()
    other = world.signed_status(source="registry-410100", to=HOME, id=envelope.parse(mine.content).id)

    assert receive(other).is_stored
    assert receive(mine).is_stored


@pytest.mark.parametrize("position", [0, 20, -2])
def test_a_changed_byte_is_refused(position: int) -> None:
    signed = world.signed_status()
    content = bytearray(signed.content)
    place = content.index(b'"state":"S1"') + 10 if position == 20 else position
    content[place] ^= 1

    receipt = receive(Signed(bytes(content), signed.signature))

    assert_refused(receipt, "bad_signature" if position == 20 else "malformed")


def test_a_signature_of_somebody_else_is_refused() -> None:
    assert_refused(receive(world.signed_status(signer=COURT)), "bad_signature")


def test_a_message_for_an_institution_hosted_elsewhere_is_refused_by_the_site() -> None:
    Institution.objects.filter(pk=WINDOW).update(site_code="site-b")

    receipt = receive(world.signed_status())

    assert_refused(receipt, "wrong_receiver")
    assert receipt.issuer == world.PROVINCE


def test_an_unknown_sender_is_refused() -> None:
    signed = world.signed_status()
    Institution.objects.filter(pk=HOME).delete()

    assert_refused(receive(signed), "sender_unknown")


def test_a_kind_nobody_handles_here_is_refused() -> None:
    assert_refused(receive(world.signed_status(kind="case.praise")), "kind_unknown")


def test_a_kind_the_sender_may_not_send_is_refused() -> None:
    assert_refused(receive(world.signed_status(source=COURT)), "kind_not_allowed")


def test_a_question_does_not_come_as_a_message() -> None:
    assert_refused(
        receive(world.signed_status(kind=messages.RESTRICTION_CHECK, source=WINDOW, to=HOME)), "kind_unknown"
    )


def test_a_body_of_another_subject_is_refused() -> None:
    heading = Heading("some-id-0001", messages.CASE_STATUS, HOME, WINDOW, "SJ-2", 1, NOW)
    content = envelope.build(heading, world.status("SJ-1").to_wire())

    assert_refused(receive(envelope.sign(HOME, content, NOW)), "body_invalid")


def test_a_body_without_its_fields_is_refused() -> None:
    heading = Heading("some-id-0001", messages.CASE_STATUS, HOME, WINDOW, "SJ-1", 1, NOW)

    assert_refused(receive(envelope.sign(HOME, envelope.build(heading, {"state": "X"}), NOW)), "body_invalid")


def test_a_float_anywhere_in_a_message_is_refused() -> None:
    signed = world.signed_status()
    content = signed.content.replace(b'"legal_clock":null', b'"legal_clock":1.0')

    assert_refused(receive(envelope.sign(HOME, content, NOW)), "malformed")


def test_a_sender_whose_clock_is_ahead_must_come_later() -> None:
    signed = world.signed_status(time=later(1000))

    with pytest.raises(Unavailable) as raised:
        receive(signed)

    assert raised.value.code == "clock_ahead"
    assert not InboxMessage.objects.exists()
    assert receive(signed, 1001).is_stored


def test_a_message_may_come_days_after_it_was_signed() -> None:
    assert receive(world.signed_status(), 30 * 86400).is_stored


def test_a_key_stolen_before_the_message_came_is_not_believed() -> None:
    early, late = world.signed_status(time=later(5)), world.signed_status(2, time=later(6))
    keys.revoke(HOME, early.signature.key_id, later(60), compromised_since=later(30))

    assert receive(early, 20).is_stored
    assert receive(late, 61).code == "bad_signature"


def test_a_key_merely_revoked_still_proves_what_it_signed_before() -> None:
    signed = world.signed_status()
    keys.revoke(HOME, signed.signature.key_id, later(30))

    assert receive(signed, 60).is_stored


def test_a_failing_arrival_leaves_nothing_behind_and_may_come_again() -> None:
    wiring.fail_arrival("SJ-fails")
    signed = world.signed_status(subject="SJ-fails")

    with pytest.raises(WrongState):
        receive(signed)

    assert not InboxMessage.objects.exists()
    assert wiring.effects(wiring.ARRIVED) == []
    assert receive(signed).is_stored


def test_at_the_edge_a_failing_arrival_means_later() -> None:
    wiring.fail_arrival("SJ-fails")

    answer = inbox.take(world.signed_status(subject="SJ-fails"), later(1))

    assert answer == Later("test_failure", "测试用的失败")


# --- authorization ---


def test_a_handover_without_authorization_is_refused_with_its_reason() -> None:
    signed = world.sent(world.send_handover())

    receipt = receive(signed)

    assert_refused(receipt, "not_authorized")
    assert receipt.refusal is not None
    assert receipt.refusal.reason == Reasons.NOT_AUTHORIZED
    assert receipt.refusal.where is not None


def test_an_authorized_handover_is_stored() -> None:
    world.authorize()

    assert receive(world.sent(world.send_handover())).is_stored


def test_a_refused_handover_is_stored_once_it_was_authorized() -> None:
    signed = world.sent(world.send_handover())
    receive(signed)

    world.authorize()

    assert receive(signed, 2).is_stored


def test_authorization_is_checked_on_the_day_of_receipt() -> None:
    number = world.authorize()
    signed = world.sent(world.send_handover())

    authorizations.revoke(number, world.ADMIN, now=later(1))

    assert receive(signed, 2).code == "not_authorized"


# --- processing ---


def test_messages_are_processed_in_the_order_of_their_line_whatever_order_they_came_in() -> None:
    for seq in (3, 1, 2):
        receive(world.signed_status(seq))

    assert inbox.process_next(later(2)) == 3

    assert wiring.effects() == [("SJ-1", 1), ("SJ-1", 2), ("SJ-1", 3)]
    assert wiring.effects(wiring.ARRIVED) == [("SJ-1", 3), ("SJ-1", 1), ("SJ-1", 2)]
    assert inbox.process_next(later(3)) == 0


def test_a_gap_waits_while_other_lines_go_on() -> None:
    receive(world.signed_status(2))
    receive(world.signed_status(1, subject="SJ-other"))

    inbox.process_next(later(2))

    assert wiring.effects() == [("SJ-other", 1)]

    receive(world.signed_status(1))
    inbox.process_next(later(3))
    assert wiring.effects(subject="SJ-1") == [("SJ-1", 1), ("SJ-1", 2)]


def test_a_failed_processing_leaves_nothing_and_is_tried_again_later() -> None:
    receive(world.signed_status(subject="SJ-f"))
    receive(world.signed_status(2, subject="SJ-f"))
    wiring.fail("SJ-f")

    inbox.process_next(later(2))

    row = InboxProcessing.objects.get(seq=1)
    assert (row.state, row.attempts, row.reason_code) == ("waiting", 1, "test_failure")
    assert wiring.effects() == []
    assert inbox.process_next(later(2.5)) == 0

    inbox.process_next(later(5))
    assert wiring.effects() == [("SJ-f", 1), ("SJ-f", 2)]


def park(subject: str = "SJ-p") -> str:
    signed = world.signed_status(subject=subject)
    receive(signed)
    receive(world.signed_status(2, subject=subject))
    wiring.fail(subject, ATTEMPTS_MAX)
    for attempt in range(1, ATTEMPTS_MAX + 1):
        inbox.process_next(later(100 * attempt))
    return envelope.parse(signed.content).id


def test_a_message_that_fails_too_often_is_parked_and_holds_its_line() -> None:
    park()

    row = InboxProcessing.objects.get(seq=1)
    assert (row.state, row.attempts, row.reason_code) == ("parked", ATTEMPTS_MAX, "test_failure")
    assert inbox.process_next(later(100_000)) == 0
    assert wiring.effects() == []


def test_a_parked_message_goes_on_when_somebody_retries_it_and_the_audit_says_who() -> None:
    message_id = park()

    inbox.retry_parked(message_id, world.ADMIN, now=later(2000))
    inbox.process_next(later(2001))

    assert wiring.effects() == [("SJ-p", 1), ("SJ-p", 2)]
    row = AuditRow.objects.get(action="exchange.retry_received")
    assert (row.actor_id, row.object_id) == ("sheng_admin", message_id)


def test_only_whoever_may_retry_can_retry() -> None:
    message_id = park()
    clerk = world.ADMIN.__class__(world.ADMIN.kind, "clerk", "窗口", WINDOW)

    with pytest.raises(NotPermitted):
        inbox.retry_parked(message_id, clerk, now=later(2000))

    assert InboxProcessing.objects.get(seq=1).state == "parked"


def test_retrying_what_is_not_parked_says_so() -> None:
    with pytest.raises(NotFound):
        inbox.retry_parked("nothing", world.ADMIN, now=NOW)


def test_a_kind_that_is_no_longer_handled_is_parked_at_once(settings) -> None:  # type: ignore[no-untyped-def]
    receive(world.signed_status())
    settings.TONGBAN_WIRING = "tests.exchange_wiring_empty"

    inbox.process_next(later(2))

    row = InboxProcessing.objects.get()
    assert (row.state, row.reason_code) == ("parked", "kind_unknown")


# --- evidence ---


@pytest.mark.parametrize(
    "table", ["inboxmessage", "outboxmessage", "outboxreceipt", "refusedmessage", "questionevidence"]
)
@pytest.mark.parametrize(
    "change", ["UPDATE exchange_{} SET id = id", "DELETE FROM exchange_{}", "TRUNCATE exchange_{}"]
)
def test_evidence_cannot_be_changed(table: str, change: str) -> None:
    connection = transaction.get_connection()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


def test_a_refusal_is_signed_and_kept_with_what_was_refused() -> None:
    signed = world.signed_status(signer=COURT)

    receipt = receive(signed)
    receive(signed, 2)

    row = RefusedMessage.objects.get()
    assert row.content == signed.content
    assert bytes(row.receipt_content) == receipt.signed.content
    about = receipts.About(envelope.parse(signed.content).id, signed.digest, HOME)
    receipts.check(receipt, about, receiver=WINDOW, site="site-test", now=later(3))


def test_received_bytes_do_not_stand_readable_in_the_database() -> None:
    receive(world.signed_status())

    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT content FROM exchange_inboxmessage")
        assert b"SJ-1" not in bytes(cursor.fetchone()[0])


def test_an_attachment_that_has_not_come_means_later() -> None:
    ref = envelope.BlobRef("a" * 64, 10, "application/pdf", "裁定书.pdf")
    heading = Heading("order-id-0001", messages.JUDICIAL_ORDER, COURT, HOME, "CX-1", 1, NOW)
    signed = envelope.sign(COURT, envelope.build(heading, world.order().to_wire(), [ref]), NOW)

    with pytest.raises(Unavailable) as raised:
        receive(signed)

    assert raised.value.code == "attachments_missing"
    assert not InboxMessage.objects.exists()


def test_old_messages_outlive_the_validity_of_the_key() -> None:
    signed = world.signed_status()
    keys.create_key(HOME, later(3600))

    assert receive(signed, 3600 + timedelta(days=400).total_seconds()).is_stored
