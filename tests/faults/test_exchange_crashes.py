"""Workers that die between any two statements, and workers that run side by side: one effect each, in order."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from tests import cluster
from tests import exchange_wiring as wiring
from tests import exchange_world as world
from tests.exchange_world import HOME, NOW, WINDOW, later

from tongban.domain import messages
from tongban.exchange import drain, inbox, outbox, questions
from tongban.exchange.contract import limits
from tongban.exchange.models import InboxMessage, OutboxDelivery, OutboxMessage, OutboxReceipt, QuestionEvidence

HERE = "site-test"
STATEMENTS_MAX = 200


@pytest.fixture(autouse=True)
def here(own_database: str, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_WIRING = "tests.exchange_wiring"
    world.found()


def die_before(statement: int, work: Callable[[], None]) -> bool:
    """Run `work` in a process that is killed before its n-th statement; whether it got to the end instead."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        count = 0

        def counted(execute: Any, *facts: Any) -> Any:
            nonlocal count
            count += 1
            if count == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*facts)

        with connection.execute_wrapper(counted):
            work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return not os.WIFSIGNALED(status)


def test_a_worker_killed_between_any_two_statements_leaves_each_message_with_one_effect() -> None:
    for statement in range(1, STATEMENTS_MAX):
        subject, moment = f"SJ-{statement}", later(1000 * statement)

        def work(subject: str = subject, moment: Any = moment) -> None:
            world.send_status(subject, count=2, now=moment)
            drain.drain(HERE, moment)
            inbox.process_next(moment)

        is_through = die_before(statement, work)

        drain.drain(HERE, later(limits.LEASE_S, moment))
        inbox.process_next(later(limits.LEASE_S, moment))
        was_sent = OutboxMessage.objects.filter(subject=subject).count()
        assert was_sent in (0, 2)
        assert wiring.effects(wiring.ARRIVED, subject) == [(subject, 1), (subject, 2)][:was_sent]
        assert wiring.effects(subject=subject) == [(subject, 1), (subject, 2)][:was_sent]
        assert set(OutboxDelivery.objects.values_list("state", flat=True)) <= {"delivered"}
        assert OutboxReceipt.objects.filter(message__subject=subject).count() == was_sent
        if is_through:
            break
    assert is_through
    assert statement > 30


def test_an_asker_killed_between_any_two_statements_never_leaves_an_answer_without_evidence() -> None:
    world.authorize()
    body = world.check_request()
    for statement in range(1, STATEMENTS_MAX):
        before = QuestionEvidence.objects.filter(side="answered").count()

        def work() -> None:
            questions.ask(messages.RESTRICTION_CHECK, sender=WINDOW, to=HOME, body=body, now=NOW)

        is_through = die_before(statement, work)

        asked = QuestionEvidence.objects.filter(side="asked").count()
        answered = QuestionEvidence.objects.filter(side="answered").count()
        assert answered - before in (0, 1)
        assert asked <= answered
        if is_through:
            break
    assert is_through


def together(*works: Callable[[], object]) -> None:
    """Run at the same time, each with a connection of its own; any exception fails the test."""
    failures: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait()
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test below
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_workers_side_by_side_process_every_message_once_and_in_order() -> None:
    for number in range(8):
        world.send_status(f"SJ-{number}", count=6)
    drain.drain(HERE, later(1))

    together(*[lambda: inbox.process_next(later(2))] * 3)
    inbox.process_next(later(3))

    for number in range(8):
        assert wiring.effects(subject=f"SJ-{number}") == [(f"SJ-{number}", seq) for seq in range(1, 7)]


def test_the_same_message_delivered_twice_at_once_arrives_once_with_one_receipt() -> None:
    signed = world.signed_status()
    receipts = []

    together(*[lambda: receipts.append(inbox.receive(signed.content, signed.signature, later(1)))] * 4)

    assert InboxMessage.objects.count() == 1
    assert wiring.effects(wiring.ARRIVED) == [("SJ-1", 1)]
    assert len({receipt.signed for receipt in receipts}) == 1


def test_forged_and_true_at_once_store_one_of_the_two() -> None:
    one, other = world.signed_status(), world.signed_status(state="OTHER")
    outcomes = []

    together(
        lambda: outcomes.append(inbox.receive(one.content, one.signature, later(1)).outcome),
        lambda: outcomes.append(inbox.receive(other.content, other.signature, later(1)).outcome),
    )

    assert sorted(outcomes) == ["refused", "stored"]
    assert InboxMessage.objects.count() == 1


def test_senders_at_once_number_their_line_without_gap_or_double() -> None:
    together(*[lambda: [world.send_status("SJ-1") for _ in range(5)]] * 4)

    assert sorted(OutboxMessage.objects.values_list("seq", flat=True)) == list(range(1, 21))


def test_a_message_is_not_seen_before_its_transaction_commits() -> None:
    with transaction.atomic():
        world.send_status()
        together(lambda: drain.drain(HERE, later(1)))
        assert not InboxMessage.objects.exists()

    assert drain.drain(HERE, later(1)) == 1


def test_sending_outside_a_transaction_is_a_mistake_of_the_program() -> None:
    with pytest.raises(AssertionError, match="transaction"):
        outbox.send(messages.CASE_STATUS, sender=HOME, to=WINDOW, subject="SJ-1", body=world.status(), now=NOW)

    assert not OutboxMessage.objects.exists()


def test_asking_or_receiving_inside_a_transaction_is_a_mistake_of_the_program() -> None:
    signed = world.signed_status()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        questions.ask(messages.RESTRICTION_CHECK, sender=WINDOW, to=HOME, body=world.check_request(), now=NOW)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        inbox.receive(signed.content, signed.signature, NOW)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        inbox.process_next(NOW)

    assert not InboxMessage.objects.exists()


@pytest.mark.parametrize("change", ["UPDATE {} SET seq = 9", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", ["exchange_outboxmessage", "exchange_inboxmessage"])
def test_not_even_the_owner_changes_evidence(own_database: str, table: str, change: str) -> None:
    world.send_status()
    drain.drain(HERE, later(1))
    url = cluster.SITE.database_url("owner", cluster.HOME, own_database)

    with psycopg.connect(url) as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(change.format(table))
