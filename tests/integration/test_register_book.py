"""Recording: what gets into the book, what is refused, and that nothing is ever half there."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import register_builders as a

from tongban.domain.burden_entries import CloseBurden, OpenBurden
from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.decision import Refusal
from tongban.domain.entries import CloseTitle, OpenTitle
from tongban.domain.errors import InvalidInput, NotFound, NotPermitted, Stale, WrongState
from tongban.domain.evidence import Evidence, key_of
from tongban.domain.reasons import Reasons
from tongban.domain.restrictions import Act
from tongban.domain.terms import Cause
from tongban.register import book, numbers, reading, stock
from tongban.register.requests import Recording, RecordRequest

pytestmark = pytest.mark.django_db


def recorded(request: RecordRequest) -> Recording:
    outcome = book.record(request)
    assert isinstance(outcome, Recording), outcome
    return outcome


def counts() -> dict[str, int]:
    """How many rows every table of the register has."""
    return {model.__name__: model._default_manager.count() for model in apps.get_app_config("register").get_models()}


def test_a_recorded_title_is_what_the_register_shows() -> None:
    done = recorded(a.request(a.opened(1, note_zh="附记"), key="k1"))

    assert [(ref.ledger, ref.seq, ref.unit_seq) for ref in done.entries] == [(a.LEDGER, 1, 1)]
    assert done.recorded_at == a.NOW
    assert reading.title(a.unit(1)) == a.title(1, note_zh="附记")


def test_a_new_name_and_its_certificate_come_into_force_together() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    before = reading.title(a.unit(1))
    assert before is not None

    done = recorded(
        a.request(
            a.renamed(1, before.holders[0].identity, "张晓华"),
            a.replaced(1, a.certificate(1), a.certificate(2)),
            key="k2",
            now=a.NOW + timedelta(hours=1),
        )
    )

    after = reading.title(a.unit(1))
    assert after is not None
    assert (after.holders[0].name, after.certificate_no) == ("张晓华", a.certificate(2))
    assert [ref.unit_seq for ref in done.entries] == [2, 3]
    assert len({ref.recorded_at for ref in done.entries}) == 1


def test_the_title_as_of_a_moment_is_the_one_then_in_force() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    first = reading.title(a.unit(1))
    assert first is not None
    later = a.NOW + timedelta(hours=1)
    recorded(a.request(a.renamed(1, first.holders[0].identity, "张晓华"), key="k2", now=later))

    assert reading.title(a.unit(1), a.NOW - timedelta(seconds=1)) is None
    assert reading.title(a.unit(1), a.NOW) == first
    assert reading.title(a.unit(1), later - timedelta(microseconds=1)) == first
    at_last = reading.title(a.unit(1), later)
    assert at_last is not None and at_last.holders[0].name == "张晓华"


def test_burdens_as_of_a_moment_are_those_then_recorded() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    recorded(a.request(a.seized(1), key="k2", act=Act.SEIZE, now=a.NOW + timedelta(hours=1)))
    recorded(a.request(a.released(1), key="k3", act=Act.SEIZE, now=a.NOW + timedelta(hours=2)))

    assert reading.burdens(a.unit(1)) == ()
    assert reading.burdens_as_of(a.unit(1), a.NOW) == ()
    assert reading.burdens_as_of(a.unit(1), a.NOW + timedelta(hours=1)) == (a.seized(1).burden,)
    assert reading.burdens_as_of(a.unit(1), a.NOW + timedelta(hours=2)) == ()


def test_the_same_key_gives_the_same_recording_and_writes_nothing() -> None:
    request = a.request(a.opened(1), key="k1")
    first = recorded(request)
    before = counts()

    assert recorded(request) == first
    assert book.recorded("k1") == first
    assert counts() == before


def test_the_same_key_with_other_content_is_an_error() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    before = counts()

    with pytest.raises(WrongState) as error:
        book.record(a.request(a.opened(1, "李四"), key="k1"))

    assert error.value.code == "recording_key_reused"
    assert counts() == before


def test_a_title_under_seizure_is_refused_and_nothing_is_written() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    recorded(a.request(a.seized(1), key="k2", act=Act.SEIZE))
    title = reading.title(a.unit(1))
    assert title is not None
    before = counts()

    outcome = book.record(a.request(a.renamed(1, title.holders[0].identity, "张晓华"), key="k3", act=Act.TRANSFER))

    assert isinstance(outcome, Refusal)
    assert "滑县人民法院" in {fact.value_zh for fact in outcome.facts}
    assert counts() == before
    assert reading.title(a.unit(1)) == title


def test_a_condition_refuses_until_its_proof_is_there() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    recorded(a.request(a.seized(1), key="k2", act=Act.SEIZE))
    title = reading.title(a.unit(1))
    assert title is not None
    entry = a.renamed(1, title.holders[0].identity, "张晓华")

    without = book.record(a.request(entry, key="k3"))
    with_proof = book.record(a.request(entry, key="k3", evidence=frozenset({Evidence.SEIZING_ORGAN_TOLD.value})))

    assert isinstance(without, Refusal)
    assert isinstance(with_proof, Recording)


def test_a_seizure_whose_last_day_has_passed_no_longer_refuses() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    last = a.NOW + timedelta(days=10)
    recorded(a.request(a.seized(1, until=last.date()), key="k2", act=Act.SEIZE))
    title = reading.title(a.unit(1))
    assert title is not None
    entry = a.renamed(1, title.holders[0].identity, "张晓华")

    on_the_last_day = book.record(a.request(entry, key="k3", now=last))
    a_day_later = book.record(a.request(entry, key="k3", now=last + timedelta(days=1)))

    assert isinstance(on_the_last_day, Refusal)
    assert isinstance(a_day_later, Recording)


def test_an_order_that_arrived_refuses_recording_until_it_is_settled() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    title = reading.title(a.unit(1))
    assert title is not None
    book.note_order([a.unit(1)], order_id="o1", organ="滑县人民法院", now=a.NOW)
    entry = a.renamed(1, title.holders[0].identity, "张晓华")
    before = counts()

    refused = book.record(a.request(entry, key="k2"))

    assert isinstance(refused, Refusal) and refused.reason == BurdenReasons.BEING_PROCESSED
    assert refused.facts == ()
    assert counts() == before
    book.settle_order("o1", "declined", a.NOW)
    assert isinstance(book.record(a.request(entry, key="k2")), Recording)


def test_an_order_is_not_in_its_own_way_but_an_earlier_one_is() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    for order in ("o1", "o2"):
        book.note_order([a.unit(1)], order_id=order, organ="滑县人民法院", now=a.NOW)
    compelled = a.request(a.seized(1), key="k2", act=Act.COMPELLED_TRANSFER, order_id="o2")

    assert isinstance(book.record(compelled), Refusal)
    book.settle_order("o1", "declined", a.NOW)
    assert isinstance(book.record(compelled), Recording)


def test_a_later_order_does_not_stop_the_one_before_it() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    for order in ("o1", "o2"):
        book.note_order([a.unit(1)], order_id=order, organ="滑县人民法院", now=a.NOW)

    outcome = book.record(a.request(a.seized(1), key="k2", act=Act.COMPELLED_TRANSFER, order_id="o1"))

    assert isinstance(outcome, Recording)


def test_orders_and_recordings_share_one_gapless_sequence_with_times_in_its_order() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    (place,) = book.note_order([a.unit(1)], order_id="o1", organ="院", now=a.NOW - timedelta(hours=1))
    book.settle_order("o1", "declined", a.NOW)
    title = reading.title(a.unit(1))
    assert title is not None
    recorded(a.request(a.renamed(1, title.holders[0].identity, "张晓华"), key="k2", now=a.NOW - timedelta(hours=2)))

    lines = reading.history(a.unit(1))

    assert [(line.unit_seq, line.kind) for line in lines] == [(1, "entry"), (2, "order"), (3, "entry")]
    assert [line.at for line in lines] == sorted({line.at for line in lines}), "later places carry later times"
    assert (place.seq, place.at) == (2, lines[1].at)
    assert (lines[1].organ_zh, lines[1].outcome) == ("院", "declined")
    assert (lines[2].recorder, lines[2].recorder_zh) == ("dengbu", "登簿员")


def test_a_unit_without_a_row_has_its_place_and_its_refusal_too() -> None:
    (place,) = book.note_order([a.unit(7)], order_id="o1", organ="院", now=a.NOW)

    assert place.seq == 1
    assert [fact.burden_no for fact in reading.burdens(a.unit(7))] == ["o1"]
    assert isinstance(book.record(a.request(a.opened(7), key="k1", act=Act.TRANSFER)), Refusal)


def test_noting_an_order_again_gives_the_same_places() -> None:
    first = book.note_order([a.unit(2), a.unit(1)], order_id="o1", organ="院", now=a.NOW)
    before = counts()

    again = book.note_order([a.unit(2), a.unit(1)], order_id="o1", organ="院", now=a.NOW + timedelta(days=1))

    assert again == first
    assert counts() == before
    with pytest.raises(InvalidInput):
        book.note_order([a.unit(3)], order_id="o1", organ="院", now=a.NOW)


def test_settling_an_order_twice_differently_is_an_error() -> None:
    book.note_order([a.unit(1)], order_id="o1", organ="院", now=a.NOW)
    book.settle_order("o1", "recorded", a.NOW)
    book.settle_order("o1", "recorded", a.NOW)

    with pytest.raises(WrongState):
        book.settle_order("o1", "declined", a.NOW)
    with pytest.raises(NotFound):
        book.settle_order("unknown", "declined", a.NOW)


def test_an_entry_that_starts_from_an_old_name_is_stale() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    before = counts()

    with pytest.raises(Stale):
        book.record(a.request(a.renamed(1, a.identity("王五"), "王武"), key="k2"))
    assert counts() == before


@pytest.mark.parametrize("number", [1, 2])
def test_a_certificate_number_is_never_used_twice(number: int) -> None:
    recorded(a.request(a.opened(1), a.opened(2), key="k1"))
    recorded(a.request(a.replaced(1, a.certificate(1), a.certificate(3)), key="k2"))

    with pytest.raises(Stale):
        book.record(a.request(a.replaced(1, a.certificate(3), a.certificate(number)), key="k3"))


def test_only_the_registry_that_keeps_the_ledger_records() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    foreign = a.request(a.opened(2), key="k2", registry="registry-410100")

    with pytest.raises(NotPermitted):
        book.record(foreign)
    book.reassign_ledger(a.LEDGER, "registry-410100")
    assert isinstance(book.record(foreign), Recording)


def test_one_recording_may_reach_into_two_ledgers() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    recorded(a.request(a.opened(2), key="k2", ledger="old"))

    done = recorded(a.request(a.seized(1, "c1"), a.seized(2, "c2"), key="k3", act=Act.SEIZE))

    assert [(ref.ledger, ref.seq) for ref in done.entries] == [(a.LEDGER, 2), ("old", 2)]


def test_shares_of_co_owners_are_kept_as_fractions() -> None:
    shares = (Fraction(1, 3), Fraction(1, 6), Fraction(1, 2))
    recorded(a.request(a.opened(1, "甲", "乙", "丙", shares=shares), key="k1"))

    title = reading.title(a.unit(1))

    assert title is not None
    assert tuple(holder.share for holder in title.holders) == shares
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_holders_are_found_by_number_and_name_though_neither_is_readable_in_the_tables() -> None:
    recorded(a.request(a.opened(1), a.opened(2, "李四"), key="k1"))

    by_number = reading.find_by_id_no(" 410526199001010001 ")
    by_name = reading.find_by_name("李四")

    assert [place.unit_code for place in by_number] == [a.unit(1), a.unit(2)]
    assert [place.unit_code for place in by_name] == [a.unit(2)]
    assert reading.find_by_id_no("410526199001019999") == ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT e.*, r.*, h.* FROM register_entry e, register_registeredright r, register_rightholder h")
        seen = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
    assert "李四" not in seen and "410526199001010001" not in seen
    assert repr("李四".encode())[2:-1] not in seen


def test_a_certificate_is_found_and_known_to_be_replaced() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    recorded(a.request(a.replaced(1, a.certificate(1), a.certificate(2)), key="k2"))

    old, new = reading.find(a.certificate(1)), reading.find(a.certificate(2))

    assert old is not None and (old.unit_code, old.from_entry, old.is_current) == (a.unit(1), 1, False)
    assert new is not None and (new.unit_code, new.from_entry, new.is_current) == (a.unit(1), 2, True)
    assert reading.find(a.certificate(99)) is None


def test_facts_of_a_unit_carry_the_marks_of_its_registry() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    book.flag_unit(a.unit(1), frozenset({"legacy_issue"}))

    facts = reading.unit_facts(a.unit(1))

    assert facts is not None
    assert (facts.has_title, facts.flags, facts.state) == (True, frozenset({"legacy_issue"}), a.title(1).unit)
    assert reading.unit_facts(a.unit(2)) is None
    with pytest.raises(NotFound):
        book.flag_unit(a.unit(2), frozenset())


def test_numbers_are_drawn_without_gaps_per_kind_registry_and_year() -> None:
    drawn = [numbers.draw("certificate", a.REGISTRY, 2026) for _ in range(3)]

    assert drawn == [1, 2, 3]
    assert numbers.draw("certificate", a.REGISTRY, 2027) == 1
    assert numbers.draw("proof", a.REGISTRY, 2026) == 1
    assert numbers.draw("certificate", "registry-410100", 2026) == 1
    with pytest.raises(ValueError, match="receipt"):
        numbers.draw("receipt", a.REGISTRY, 2026)


def test_stock_comes_in_by_batches_and_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock, "TITLES_PER_RECORDING", 4)
    source = stock.StockImport(registry=a.REGISTRY, ledger=a.LEDGER, recorder=a.REGISTRAR, key="stock-1", now=a.NOW)
    titles = [a.opened(number) for number in range(10)]

    batches = list(stock.open_titles(titles, source))
    before = counts()
    again = list(stock.open_titles(titles, source))

    assert [len(batch.titles) for batch in batches] == [4, 4, 2]
    assert [batch.outcome for batch in again] == [batch.outcome for batch in batches]
    assert counts() == before
    assert reading.title(a.unit(9)) == a.title(9)


# Each number is a round trip in the recording transaction while locks are held: raise it only with a reason.
def test_a_name_change_takes_nine_statements() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    title = reading.title(a.unit(1))
    assert title is not None
    entries = (
        a.renamed(1, title.holders[0].identity, "张晓华"),
        a.replaced(1, a.certificate(1), a.certificate(2)),
    )

    with CaptureQueriesContext(connection) as queries:
        recorded(a.request(*entries, key="k2"))

    assert len(queries) == 9, [query["sql"][:80] for query in queries]


def test_a_batch_takes_no_more_statements_than_a_single_title() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    with CaptureQueriesContext(connection) as one:
        recorded(a.request(a.opened(2), key="k2"))
    with CaptureQueriesContext(connection) as many:
        recorded(a.request(*(a.opened(number) for number in range(3, 103)), key="k3"))

    assert len(one) == len(many) == 8, [query["sql"][:80] for query in many]


def test_reading_takes_a_fixed_number_of_statements() -> None:
    recorded(a.request(*(a.opened(number) for number in range(5)), key="k1"))
    recorded(a.request(a.seized(1), key="k2", act=Act.SEIZE))
    book.note_order([a.unit(1)], order_id="o1", organ="院", now=a.NOW)

    taken = []
    for look in (
        lambda: reading.title(a.unit(1)),
        lambda: reading.title(a.unit(1), a.NOW),
        lambda: reading.burdens(a.unit(1)),
        lambda: reading.burdens_of([a.unit(number) for number in range(5)]),
        lambda: reading.unit_facts(a.unit(1)),
        lambda: reading.history(a.unit(1)),
    ):
        with CaptureQueriesContext(connection) as queries:
            look()
        taken.append(len(queries))

    assert taken == [1, 3, 1, 1, 1, 4]


def test_noting_an_order_takes_four_statements() -> None:
    with CaptureQueriesContext(connection) as queries:
        book.note_order([a.unit(1), a.unit(2)], order_id="o1", organ="院", now=a.NOW)

    assert len(queries) == 4


def test_one_mortgagee_does_not_speak_for_the_other() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    both = [
        OpenBurden(a.unit(1), BurdenFact(Burden.MORTGAGE_NO_TRANSFER, number, rank=rank))
        for rank, number in enumerate(("证1", "证2"), 1)
    ]
    recorded(a.request(*both, key="k2", act=Act.MORTGAGE))
    sold = a.replaced(1, a.certificate(1), a.certificate(2))

    def outcome(key: str, *proofs: str) -> Recording | Refusal:
        return book.record(a.request(sold, key=key, act=Act.TRANSFER, evidence=frozenset(proofs)))

    before = counts()
    whose = outcome("k3", Evidence.MORTGAGEE_CONSENT)
    one = outcome("k4", key_of(Evidence.MORTGAGEE_CONSENT, "证1"))

    assert isinstance(whose, Refusal) and isinstance(one, Refusal)
    assert (whose.reason, one.reason) == (Reasons.NO_TRANSFER_AGREED, Reasons.NO_TRANSFER_AGREED)
    assert counts() == before
    both_agree = (key_of(Evidence.MORTGAGEE_CONSENT, "证1"), key_of(Evidence.MORTGAGEE_CONSENT, "证2"))
    assert isinstance(outcome("k5", *both_agree), Recording)


def test_a_seized_unit_is_divided_only_with_the_courts_leave_and_the_seizure_goes_along() -> None:
    recorded(a.request(a.opened(1), key="k1"))
    recorded(a.request(a.seized(1), key="k2", act=Act.SEIZE))
    old, new = a.unit(1), (a.unit(2), a.unit(3))
    entries = (
        CloseBurden(old, "cf-1", "分割"),
        CloseTitle(old, a.certificate(1), Cause.UNIT_SPLIT),
        *(OpenTitle(a.title(number), Cause.UNIT_SPLIT) for number in (2, 3)),
        *(a.seized(number) for number in (2, 3)),
    )

    def outcome(key: str, *proofs: str) -> Recording | Refusal:
        return book.record(a.request(*entries, key=key, act=Act.ALTER_UNIT, evidence=frozenset(proofs)))

    refused = outcome("k3")
    assert isinstance(refused, Refusal) and refused.reason == BurdenReasons.SEIZED_UNIT_CHANGES
    assert isinstance(outcome("k4", Evidence.SEIZING_COURT_AGREES), Recording)
    assert reading.burdens(old) == ()
    assert [reading.burdens(code) for code in new] == [(a.seized(1).burden,)] * 2
