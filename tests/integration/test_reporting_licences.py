"""The licence libraries: every licence issued or ended is told once, and states are compared every day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests import certificate_builders as b
from tests import platform_builders as build

from tongban.access.actors import Actor, ActorKind, roles_at
from tongban.access.permissions import Role
from tongban.certificates import issue
from tongban.domain.errors import NotPermitted, WrongState
from tongban.domain.numbering import licence_identifier
from tongban.register import sealing
from tongban.reporting import licences, reconciling, resending
from tongban.reporting.models import Difference, FeedPosition, LibraryEntry, Line, Reconciliation
from tongban.simulators import licence_library as simulator

NOW = b.NOW + timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)
ADMIN = Actor(ActorKind.STAFF, "admin", "管理员", b.REGISTRY, roles_at(b.REGISTRY, [Role.REGISTRY_ADMIN]))
STRANGER = licence_identifier(issue.CERTIFICATE_TYPE, "410526", "2026Z9999999", 1).text


@pytest.fixture
def county() -> Iterator[build.Simulator]:
    with build.running(simulator.server(0)) as found:
        yield found


@pytest.fixture
def province() -> Iterator[build.Simulator]:
    with build.running(simulator.server(0)) as found:
        yield found


@pytest.fixture
def registry(db: None, settings: Any, tmp_path: Any) -> None:
    settings.TONGBAN_KEYS_DIR = tmp_path / "keys"
    settings.TONGBAN_KEYS_DIR.mkdir(mode=0o700)
    b.found_registry()
    b.open_flat(1)
    b.open_flat(2)


@pytest.fixture
def libraries(
    registry: None, county: build.Simulator, province: build.Simulator, settings: Any
) -> tuple[build.Simulator, build.Simulator]:
    connect(settings, county.url, province.url)
    return county, province


def connect(settings: Any, county: str, province: str) -> None:
    was = settings.DEPARTMENTS
    settings.DEPARTMENTS = was | {
        "library-county": was["library-county"] | {"URL": county},
        "library-province": was["library-province"] | {"URL": province},
    }
    settings.DEPARTMENTS_TIMEOUT_S = 2.0


def settle(now: Any = NOW) -> None:
    """Let the duty run until nothing is left for it to do now."""
    while licences.register_licences_due(now):
        pass


def replaced(number: int, old: int, new: int) -> tuple[str, str]:
    first = b.issued(number, old)
    second = b.rename(number, new, name="张小美")
    sealing.seal(b.NOW + timedelta(seconds=3))
    assert issue.issue_due(b.NOW + timedelta(seconds=3)) == 1
    return first, second


def reconcile(now: Any) -> None:
    while reconciling.reconcile_library(now):
        pass


def test_a_licence_is_told_to_both_libraries_once(libraries: tuple[build.Simulator, build.Simulator]) -> None:
    identifier = b.issued(1, 101)

    settle()
    settle(LATER)

    for library in libraries:
        assert library.state["states"] == {identifier: "正常"}
        (change,) = library.state["changes"]
        assert change["licenseNumber"] == "豫（2026）滑县不动产权第0000101号"
        assert change["holders"] == [{"name": "张小丽", "codeType": "公民身份号码", "code": "410526199001010001"}]
        assert (change["issuerName"], change["issuerCode"]) == ("滑县不动产登记中心", "410526")


def test_a_replaced_licence_ends_in_the_library_and_names_what_took_its_place(
    libraries: tuple[build.Simulator, build.Simulator],
) -> None:
    first, second = replaced(1, 101, 102)

    settle()

    assert libraries[0].state["states"] == {first: "失效", second: "正常"}
    ended = next(one for one in libraries[0].state["changes"] if one["status"] == "失效")
    assert ended["relatedIdentifiers"] == [second]
    begun = next(one for one in libraries[0].state["changes"] if one["licenseIdentifier"] == second)
    assert begun["relatedIdentifiers"] == [first]


def test_a_licence_overtaken_before_it_was_signed_is_never_told(
    libraries: tuple[build.Simulator, build.Simulator],
) -> None:
    b.rename(1, 101)
    second = b.rename(1, 102, name="张小美")
    sealing.seal(b.NOW)
    issue.issue_due(b.NOW)

    settle()

    assert libraries[0].state["states"] == {second: "正常"}


def test_a_revoked_licence_is_told_with_its_end(libraries: tuple[build.Simulator, build.Simulator]) -> None:
    identifier = b.issued(1, 101)
    issue.revoke(identifier, "房屋灭失", b.NOW + timedelta(seconds=9))

    settle()

    assert libraries[1].state["states"] == {identifier: "注销"}


def test_without_an_address_changes_wait_and_where_there_is_no_library_nothing_does(
    registry: None, settings: Any
) -> None:
    connect(settings, "", "none")
    b.issued(1, 101)

    settle()

    assert list(LibraryEntry.objects.values_list("line", "state")) == [("library-county", "waiting")]


@pytest.mark.parametrize("mood", ["down", "slow", "nonsense", "out_of_order", "duplicate"])
def test_whatever_the_mood_each_change_ends_up_there_once(
    mood: str, libraries: tuple[build.Simulator, build.Simulator]
) -> None:
    first, second = replaced(1, 101, 102)
    libraries[0].control(mood=mood, delay_s=4)
    settle()
    libraries[0].control(mood="normal")
    settle(LATER)

    assert libraries[0].state["states"] == {first: "失效", second: "正常"}
    assert len(libraries[0].state["changes"]) == 3
    assert not LibraryEntry.objects.exclude(state="accepted").exists()


def test_one_dead_library_does_not_hold_up_the_other(libraries: tuple[build.Simulator, build.Simulator]) -> None:
    identifier = b.issued(1, 101)
    libraries[0].control(mood="down")

    settle()

    assert (libraries[0].state["states"], libraries[1].state["states"]) == ({}, {identifier: "正常"})


def test_a_refusal_waits_with_its_reason_and_may_be_told_again(
    libraries: tuple[build.Simulator, build.Simulator],
) -> None:
    identifier = b.issued(1, 101)
    libraries[0].control(mood="declining")
    settle()
    entry = LibraryEntry.objects.get(line=Line.COUNTY)
    assert (entry.state, entry.reason_zh) == ("parked", "证照库不接收：证照库正在维护目录，暂不接收")

    libraries[0].control(mood="normal")
    resending.register_again(entry.pk, ADMIN, LATER)
    settle(LATER)
    assert libraries[0].state["states"] == {identifier: "正常"}


def test_the_feed_moves_on_only_past_changes_no_slow_transaction_can_precede(
    libraries: tuple[build.Simulator, build.Simulator],
) -> None:
    b.issued(1, 101)

    licences.register_licences_due(b.NOW + timedelta(seconds=1))
    assert FeedPosition.objects.get().position == 0
    licences.register_licences_due(LATER)
    assert FeedPosition.objects.get().position > 0
    assert LibraryEntry.objects.count() == 2


# ---- the daily comparison ----


def test_when_both_sides_agree_the_day_is_closed_without_a_difference(
    libraries: tuple[build.Simulator, build.Simulator],
) -> None:
    replaced(1, 101, 102)
    settle()

    reconcile(LATER)

    runs = Reconciliation.objects.order_by("line")
    assert [(one.line, one.phase, one.checked, one.listed) for one in runs] == [
        ("library-county", "done", 2, 2),
        ("library-province", "done", 2, 2),
    ]
    assert not Difference.objects.exists()
    asked = libraries[0].state["asked"]
    assert reconciling.reconcile_library(LATER) == 0
    assert libraries[0].state["asked"] == asked


def test_every_kind_of_difference_is_listed_and_a_repair_makes_it_go(
    libraries: tuple[build.Simulator, build.Simulator],
) -> None:
    lost, changed = b.issued(1, 101), b.issued(2, 201)
    settle()
    libraries[0].control(forget=lost, set={changed: "注销", STRANGER: "正常"})

    reconcile(LATER)
    found = {one.identifier: one for one in Difference.objects.all()}
    assert {name: (one.kind, one.ours, one.theirs) for name, one in found.items()} == {
        lost: ("missing", "valid", ""),
        changed: ("other_state", "valid", "revoked"),
        STRANGER: ("unknown", "", "valid"),
    }

    for name in (lost, changed):
        assert reconciling.repair(found[name].pk, ADMIN, LATER) == "已重新登记，下次对账时核对结果。"
    with pytest.raises(WrongState, match="本站没有签发过"):
        reconciling.repair(found[STRANGER].pk, ADMIN, LATER)
    settle(LATER)
    libraries[0].control(forget=STRANGER)
    reconcile(LATER + timedelta(days=1))
    assert not Difference.objects.filter(resolved_at=None).exists()


def test_what_was_not_told_yet_is_no_difference(libraries: tuple[build.Simulator, build.Simulator]) -> None:
    b.issued(1, 101)
    libraries[0].control(mood="declining")
    settle()

    reconcile(LATER)

    assert not Difference.objects.exists()


def test_a_lying_library_is_found_out_by_the_comparison(libraries: tuple[build.Simulator, build.Simulator]) -> None:
    identifier = b.issued(1, 101)
    libraries[0].control(mood="lying")
    settle()
    libraries[0].control(mood="normal")

    reconcile(LATER)

    assert list(Difference.objects.values_list("line", "identifier", "kind")) == [
        ("library-county", identifier, "missing")
    ]


def test_a_comparison_cut_off_goes_on_where_it_stopped(
    libraries: tuple[build.Simulator, build.Simulator], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "BATCH", 1)
    b.issued(1, 101)
    b.issued(2, 201)
    settle()
    reconciling.reconcile_library(LATER)
    libraries[0].control(mood="down")
    reconciling.reconcile_library(LATER)
    libraries[0].control(mood="normal")

    reconcile(LATER + timedelta(minutes=10))

    assert Reconciliation.objects.get(line=Line.COUNTY).checked == 2


def test_only_those_responsible_repair(libraries: tuple[build.Simulator, build.Simulator]) -> None:
    identifier = b.issued(1, 101)
    settle()
    libraries[0].control(forget=identifier)
    reconcile(LATER)
    elsewhere = Actor(
        ActorKind.STAFF, "other", "别处", "registry-410100", roles_at("registry-410100", [Role.REGISTRY_ADMIN])
    )

    with pytest.raises(NotPermitted):
        reconciling.repair(Difference.objects.get().pk, elsewhere, LATER)
    assert LibraryEntry.objects.count() == 2


def test_nothing_is_compared_before_two_in_the_morning(libraries: tuple[build.Simulator, build.Simulator]) -> None:
    at_night = NOW.replace(hour=17, minute=30)  # 01:30 in China

    assert reconciling.reconcile_library(at_night) == 0
    assert not Reconciliation.objects.exists()
