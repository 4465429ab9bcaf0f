"""The port of a licence library, kept by the HTTP adapter against the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests import platform_builders as build

from tongban.departments.licence_library import mapping
from tongban.departments.licence_library.http import HttpLicenceLibrary
from tongban.departments.licence_library.port import LicenceHolder, LicenceLibrary, LicenceRecord, Standing
from tongban.domain.errors import BadReply, Declined, Unavailable
from tongban.domain.identity import IdDocument
from tongban.domain.numbering import licence_identifier
from tongban.domain.terms import Document
from tongban.simulators import licence_library as simulator

SINCE = datetime(2026, 11, 25, 3, 4, 5, tzinfo=UTC)


def an_identifier(serial: int) -> str:
    return licence_identifier("11100000MB03271699022", "410526", f"2026Z{serial:07d}", 1).text


def a_licence(serial: int = 1, **more: object) -> LicenceRecord:
    record = LicenceRecord(
        key=f"licence-{serial}",
        identifier=an_identifier(serial),
        kind=Document.CERTIFICATE,
        certificate_no=f"豫（2026）滑县不动产权第{serial:07d}号",
        unit_code=build.FLAT.unit_code,
        address_zh=build.FLAT.address_zh,
        organ_division="410526",
        organ_zh="滑县不动产登记中心",
        issued_on=date(2026, 11, 25),
        standing=Standing.VALID,
        changed_at=SINCE,
        holders=(LicenceHolder("张小花", IdDocument.ID_CARD, "410526199001011237"),),
    )
    return replace(record, **more)  # type: ignore[arg-type]


@pytest.fixture
def door() -> Iterator[build.Simulator]:
    with build.running(simulator.server(0)) as found:
        yield found


@pytest.fixture
def library(door: build.Simulator) -> LicenceLibrary:
    return HttpLicenceLibrary(url=door.url, timeout_s=2.0)


def test_a_licence_is_registered_once_however_often_it_is_told(library: LicenceLibrary, door: build.Simulator) -> None:
    library.register(a_licence())
    library.register(a_licence())

    assert door.state["states"] == {an_identifier(1): "正常"}
    assert len(door.state["changes"]) == 1


def test_the_end_of_a_licence_changes_its_state(library: LicenceLibrary) -> None:
    library.register(a_licence())
    library.register(
        a_licence(
            key="end", standing=Standing.REPLACED, changed_at=SINCE + timedelta(days=1), replaced_by=an_identifier(2)
        )
    )

    assert library.standings([an_identifier(1), an_identifier(9)]) == {an_identifier(1): Standing.REPLACED}


def test_news_that_come_late_do_not_bring_an_ended_licence_back(library: LicenceLibrary) -> None:
    library.register(a_licence(key="end", standing=Standing.REVOKED, changed_at=SINCE + timedelta(days=1)))
    library.register(a_licence())

    assert library.standings([an_identifier(1)]) == {an_identifier(1): Standing.REVOKED}


def test_what_the_library_holds_of_an_organ_comes_page_by_page(library: LicenceLibrary) -> None:
    for serial in range(1, 104):
        library.register(a_licence(serial))
    first = library.listing("410526", "")
    second = library.listing("410526", first.following)

    assert (len(first.standings), len(second.standings), second.following) == (100, 3, "")
    assert library.listing("410105", "").standings == {}


def test_a_wrong_check_character_is_declined(library: LicenceLibrary, door: build.Simulator) -> None:
    wrong = an_identifier(1)[:-1] + ("A" if an_identifier(1)[-1] != "A" else "B")
    door.control(set={})
    with pytest.raises(Declined, match="持证主体信息不全"):
        library.register(a_licence(holders=(LicenceHolder("张小花", IdDocument.ID_CARD, ""),)))

    assert simulator.fault_of(_wire() | {"licenseIdentifier": wrong}) == "电子证照标识的校验位不对"
    assert door.state["states"] == {}


def _wire() -> dict[str, object]:
    return dict.fromkeys(simulator.REQUIRED, "x") | {
        "status": "正常",
        "holders": [{"name": "x", "codeType": "x", "code": "x"}],
    }


@pytest.mark.parametrize(
    ("mood", "failure"),
    [("down", Unavailable), ("slow", Unavailable), ("nonsense", BadReply), ("declining", Declined)],
)
def test_each_way_to_fail_has_its_name(
    mood: str, failure: type[Exception], library: LicenceLibrary, door: build.Simulator
) -> None:
    door.control(mood=mood, delay_s=4)

    with pytest.raises(failure):
        library.register(a_licence())


def test_the_answer_to_another_change_is_a_bad_reply(library: LicenceLibrary, door: build.Simulator) -> None:
    library.register(a_licence(1))
    door.control(mood="out_of_order")

    with pytest.raises(BadReply):
        library.register(a_licence(2))


def test_every_word_of_ours_has_one_of_theirs_or_a_reason() -> None:
    assert [one for one in Document if one not in mapping.KIND and one.value not in mapping.UNMAPPED_ZH] == []
    assert set(mapping.STANDING) == set(Standing)
    assert set(mapping.ID_DOCUMENT) == set(IdDocument)


def test_what_the_simulator_keeps_in_a_file_is_known_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "library.jsonl"
    for _ in range(2):
        with build.running(simulator.server(0, file=file)) as door:
            HttpLicenceLibrary(url=door.url, timeout_s=2.0).register(a_licence())

    with build.running(simulator.server(0, file=file)) as door:
        assert door.state["states"] == {an_identifier(1): "正常"}
        assert len(door.state["changes"]) == 1
