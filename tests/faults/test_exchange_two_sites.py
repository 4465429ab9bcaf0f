"""Two sites, two processes, two databases, and a wire between them that is cut in every way."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections, transaction
from tests import cluster
from tests import exchange_world as world
from tests.exchange_peer import SITE as PEER_SITE
from tests.exchange_peer import Peer
from tests.exchange_proxy import Wire
from tests.exchange_world import COURT, HOME, OUTLET, PROVINCE, WINDOW

from tongban.directory.models import Site
from tongban.directory.recent import forget_kept
from tongban.domain import messages
from tongban.domain.errors import Unavailable
from tongban.exchange import drain, outbox, questions, receipts
from tongban.exchange.contract.restriction import RestrictionCheckAnswer
from tongban.exchange.envelope import Signed
from tongban.exchange.models import OutboxDelivery, OutboxReceipt, PeerState, QuestionEvidence, SealedAttachment
from tongban.vault import blobs, keys
from tongban.vault.keys import Signature

THERE = {HOME: PEER_SITE, COURT: "site-test", WINDOW: "site-test", OUTLET: "site-test", PROVINCE: "site-test"}


@dataclass
class Two:
    """This site sends, the other one is home; `moment` moves on past any back-off."""

    peer: Peer
    wire: Wire
    moment: datetime

    def drain(self) -> int:
        self.moment = datetime.now(UTC) if self.moment < datetime.now(UTC) else self.moment
        return drain.drain(PEER_SITE, self.moment)

    def later(self, seconds: float) -> Two:
        self.moment += timedelta(seconds=seconds)
        return self

    def arrived(self) -> list[list[object]]:
        found: list[list[object]] = self.peer.do("effects", action="test.arrived")
        return found

    def processed(self) -> list[list[object]]:
        self.peer.do("process")
        found: list[list[object]] = self.peer.do("effects", action="test.processed")
        return found


@pytest.fixture
def two(own_database: str, tmp_path: Path, settings) -> Iterator[Two]:  # type: ignore[no-untyped-def]
    settings.TONGBAN_WIRING = "tests.exchange_wiring"
    now = datetime.now(UTC)
    with cluster.clone("peer") as database:
        peer = Peer(tmp_path, cluster.SITE.database_url("app", cluster.HOME, database))
        wire = Wire(peer.port)
        try:
            world.found({HOME: PEER_SITE}, now)
            mine = [WINDOW, COURT, OUTLET, PROVINCE]
            keys.import_exported(peer.do("found", here=[HOME], others=THERE, public=keys.export_public(mine)))
            Site.objects.filter(pk=PEER_SITE).update(base_url=f"http://127.0.0.1:{wire.port}")
            forget_kept()
            yield Two(peer, wire, now)
        finally:
            wire.close()
            peer.kill()


def send(number: int = 1, *refs: blobs.BlobRef) -> None:
    """One order of the court to the other site."""
    with transaction.atomic():
        outbox.send(
            messages.JUDICIAL_ORDER,
            sender=COURT,
            to=HOME,
            subject=f"CX-{number}",
            body=world.order(f"CX-{number}"),
            attachments=refs,
            now=datetime.now(UTC),
        )


def states() -> list[str]:
    return list(OutboxDelivery.objects.order_by("message_id").values_list("state", flat=True))


def test_a_message_crosses_and_its_receipt_is_kept_here(two: Two) -> None:
    send()

    assert two.drain() == 1

    assert states() == ["delivered"]
    row = OutboxReceipt.objects.get()
    receipt = receipts.read(Signed(bytes(row.content), Signature(row.algorithm, row.key_id, bytes(row.signature))))
    assert (receipt.issuer, receipt.outcome) == (HOME, "stored")
    assert two.processed() == [["CX-1", 1]]


def test_a_lost_answer_leads_to_one_effect_and_the_same_receipt(two: Two) -> None:
    send()
    two.wire.spoil("lose the answer")

    assert two.drain() == 0
    assert states() == ["waiting"]
    assert two.arrived() == [["CX-1", 1]]

    assert two.later(5).drain() == 1
    assert states() == ["delivered"]
    assert two.arrived() == [["CX-1", 1]]
    assert two.processed() == [["CX-1", 1]]


def test_a_request_broken_off_leaves_nothing_and_goes_again(two: Two) -> None:
    for number in range(20):
        send(number)
    two.wire.spoil("break off", after_bytes=8000)

    assert two.drain() == 0
    assert two.arrived() == []

    assert two.later(5).drain() == 20
    assert two.processed() == [[f"CX-{number}", 1] for number in range(20)]


def test_after_a_failure_one_message_probes_before_the_rest_goes(two: Two) -> None:
    for number in range(5):
        send(number)
    two.wire.spoil("refuse")
    two.drain()

    assert two.drain() == 0
    assert PeerState.objects.get().failures == 1

    two.wire.spoil("refuse", times=0)
    before = two.wire.connections
    assert two.later(2).drain() == 5
    assert PeerState.objects.get().failures == 0
    assert two.wire.connections >= before
    assert len(two.arrived()) == 5


def test_a_cut_upload_goes_on_where_it_stopped(two: Two) -> None:
    content = b"%PDF-1.7 " + bytes(range(256)) * 12000
    ref = blobs.store(COURT, content, "裁定书.pdf", "application/pdf")
    send(1, ref)
    two.wire.spoil("break off", after_bytes=500_000, after=2)

    assert two.drain() == 0
    sealed = SealedAttachment.objects.get()
    assert two.arrived() == []
    before = two.wire.connections
    assert before == 3

    assert two.later(5).drain() == 1
    assert two.wire.connections - before == 4  # where it is, the two parts that were missing, the message
    assert two.arrived() == [["CX-1", 1]]
    assert base64.b64decode(two.peer.do("file", owner=HOME, digest=ref.digest)) == content
    assert len(bytes(sealed.sealed)) > len(content)
    assert not SealedAttachment.objects.exists()


def test_two_workers_at_once_deliver_everything_once_and_in_order(two: Two) -> None:
    for number in range(60):
        send(number % 6)

    def work() -> None:
        try:
            for _ in range(20):
                drain.drain(PEER_SITE, datetime.now(UTC))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    two.drain()
    assert set(states()) == {"delivered"}
    processed = two.processed()
    assert sorted(map(str, processed)) == sorted(str([f"CX-{n}", seq]) for n in range(6) for seq in range(1, 11))
    for number in range(6):
        assert [seq for subject, seq in processed if subject == f"CX-{number}"] == list(range(1, 11))


def test_a_question_crosses_and_both_sides_keep_it(two: Two) -> None:
    answer = questions.ask(
        messages.RESTRICTION_CHECK, sender=WINDOW, to=HOME, body=world.check_request(), now=datetime.now(UTC)
    )

    assert isinstance(answer.body, RestrictionCheckAnswer)
    assert answer.body.matched
    assert QuestionEvidence.objects.get().answer_digest == answer.digest


def test_a_question_whose_answer_is_lost_is_unavailable_and_may_be_asked_anew(two: Two) -> None:
    two.wire.spoil("lose the answer")
    with pytest.raises(Unavailable):
        questions.ask(
            messages.RESTRICTION_CHECK, sender=WINDOW, to=HOME, body=world.check_request(), now=datetime.now(UTC)
        )

    questions.ask(messages.RESTRICTION_CHECK, sender=WINDOW, to=HOME, body=world.check_request(), now=datetime.now(UTC))
    assert sorted(QuestionEvidence.objects.values_list("outcome", flat=True)) == ["answered", "peer_unreachable"]


def test_a_site_that_dies_holds_up_nobody_else_and_gets_everything_when_it_is_back(two: Two) -> None:
    send(1)
    two.wire.spoil("refuse", times=10**6)
    with transaction.atomic():
        outbox.send(
            messages.CASE_HANDOVER, sender=OUTLET, to=HOME, subject="SJ-1", body=world.handover(), now=two.moment
        )
        outbox.send(
            messages.JUDICIAL_ORDER, sender=COURT, to=WINDOW, subject="CX-9", body=world.order("CX-9"), now=two.moment
        )

    assert two.drain() == 0
    assert drain.drain("site-test", datetime.now(UTC)) == 1

    two.wire.spoil("none", times=0)
    assert two.later(61).drain() == 2
    assert set(states()) == {"delivered"}
