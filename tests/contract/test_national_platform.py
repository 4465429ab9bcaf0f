"""The port of the national platform, kept by the HTTP adapter against the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests import platform_builders as build

from tongban.departments.platform import message
from tongban.departments.platform.http import HttpNationalPlatform
from tongban.departments.platform.port import DayCounts, Dialect, NationalPlatform, UploadMessage
from tongban.domain.errors import BadReply, Declined, Unavailable
from tongban.domain.terms import Registration
from tongban.simulators import platform as simulator

NUMBER = "410526261125000001"
NEXT = "410526261125000002"


@pytest.fixture
def door() -> Iterator[build.Simulator]:
    with build.running(simulator.server(0)) as found:
        yield found


@pytest.fixture
def platform(door: build.Simulator) -> NationalPlatform:
    return HttpNationalPlatform(url=door.url, timeout_s=2.0)


def _upload(number: str = NUMBER, **more: object) -> UploadMessage:
    return message.upload(build.a_transfer(**more), number, build.MADE_AT, Dialect())


@pytest.mark.parametrize("name", sorted(build.GOLDEN))
def test_every_golden_message_passes_the_structure_check(
    name: str, platform: NationalPlatform, door: build.Simulator
) -> None:
    accepted = platform.send(message.upload(build.GOLDEN[name], NUMBER, build.MADE_AT, Dialect()))

    assert (accepted.number, accepted.info_zh) == (NUMBER, "接收成功")
    assert door.state["accepted"] == [NUMBER]


def test_the_same_message_again_is_answered_the_same_and_counts_once(
    platform: NationalPlatform, door: build.Simulator
) -> None:
    first = platform.send(_upload())

    assert platform.send(_upload()) == first
    assert door.state["accepted"] == [NUMBER]


def test_the_same_recording_under_another_number_is_declined_once_taken_in(platform: NationalPlatform) -> None:
    platform.send(_upload())

    with pytest.raises(Declined, match="已经接收过"):
        platform.send(_upload(NEXT))


def test_a_broken_structure_is_declined_with_every_reason(platform: NationalPlatform, door: build.Simulator) -> None:
    whole = _upload()
    broken = UploadMessage(
        whole.number,
        whole.file_name,
        whole.content.replace(b"<RegType>200", b"<RegType>250").replace(b'ZJZL="1"', b'ZJZL="88"'),
    )

    with pytest.raises(Declined) as caught:
        platform.send(broken)

    assert "Head.RegType的值“250”不合规" in caught.value.message_zh
    assert "ZTT_GY_QLR.ZJZL的值“88”不在字典里" in caught.value.message_zh
    assert door.state["accepted"] == []


@pytest.mark.parametrize("mood", ["down", "slow"])
def test_no_answer_in_time_is_unavailable(mood: str, platform: NationalPlatform, door: build.Simulator) -> None:
    door.control(mood=mood, delay_s=4)

    with pytest.raises(Unavailable):
        platform.send(_upload())


def test_what_a_slow_platform_took_in_is_there_when_it_is_sent_again(
    platform: NationalPlatform, door: build.Simulator
) -> None:
    door.control(mood="slow", delay_s=4)
    with pytest.raises(Unavailable):
        platform.send(_upload())
    door.control(mood="normal")

    assert platform.send(_upload()).number == NUMBER
    assert door.state["accepted"] == [NUMBER]


def test_nobody_at_the_address_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        HttpNationalPlatform(url="http://127.0.0.1:9", timeout_s=2.0).send(_upload())


def test_the_answer_to_another_message_is_a_bad_reply(platform: NationalPlatform, door: build.Simulator) -> None:
    platform.send(_upload())
    door.control(mood="out_of_order")

    with pytest.raises(BadReply):
        platform.send(_upload(NEXT, flow_no=f"{build.CASE_NO}-2"))


def test_an_answer_without_sense_is_a_bad_reply(platform: NationalPlatform, door: build.Simulator) -> None:
    door.control(mood="nonsense")

    with pytest.raises(BadReply):
        platform.send(_upload())


def test_a_message_taken_in_twice_counts_once(platform: NationalPlatform, door: build.Simulator) -> None:
    door.control(mood="duplicate")

    assert platform.send(_upload()).number == NUMBER
    assert door.state["accepted"] == [NUMBER]


def test_a_platform_that_declines_says_why(platform: NationalPlatform, door: build.Simulator) -> None:
    door.control(mood="declining")

    with pytest.raises(Declined, match="暂不接收"):
        platform.send(_upload())


def test_a_yes_that_kept_nothing_shows_when_the_message_is_asked_for(
    platform: NationalPlatform, door: build.Simulator
) -> None:
    door.control(mood="lying")
    platform.send(_upload())
    door.control(mood="normal")
    platform.send(_upload(NEXT, flow_no=f"{build.CASE_NO}-2"))

    assert (platform.has(NUMBER), platform.has(NEXT)) == (False, True)


def test_the_day_is_answered_with_what_the_platform_counted(platform: NationalPlatform) -> None:
    platform.send(_upload())
    asked = DayCounts(build.OFFICE, date(2026, 11, 25), {Registration.TRANSFER: 1, Registration.FIRST: 4})

    assert platform.send_day(asked, build.MADE_AT).counts == {Registration.TRANSFER: 1}


def test_what_the_simulator_keeps_in_a_folder_is_known_after_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        with build.running(simulator.server(0, folder=tmp_path)) as door:
            assert HttpNationalPlatform(url=door.url, timeout_s=2.0).send(_upload()).number == NUMBER

    assert [kept.name for kept in tmp_path.iterdir()] == [f"Biz{NUMBER}.xml"]
    with build.running(simulator.server(0, folder=tmp_path)) as door:
        assert HttpNationalPlatform(url=door.url, timeout_s=2.0).has(NUMBER)
