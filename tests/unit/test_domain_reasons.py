"""Reasons must be understood when read aloud, and complete: what, why, law, cure."""

from __future__ import annotations

import re

import pytest

from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.decision import Reason
from tongban.domain.exclusions import EXCLUSIONS
from tongban.domain.reasons import REASONS
from tongban.domain.restrictions import RULES

EVERY = pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS.keys())
_LATIN = re.compile(r"[A-Za-z]{2,}")


def test_the_codes_of_the_law_are_all_there() -> None:
    wanted = [f"R{n:02}" for n in range(1, 9)] + [f"N{n:02}" for n in range(1, 5)] + [f"N04{x}" for x in "abcdef"]
    wanted += [f"X{n:02}" for n in range(1, 17) if n != 3] + ["X03a", "X03b"]

    assert set(wanted) <= set(REASONS)


@EVERY
def test_a_reason_says_four_things_in_whole_sentences(reason: Reason) -> None:
    for text in (reason.what_zh, reason.why_zh, reason.cure_zh):
        assert text.endswith("。")
        assert len(text) >= 8
    assert reason.law_zh


@EVERY
def test_a_reason_can_be_read_aloud(reason: Reason) -> None:
    spoken = reason.what_zh + reason.why_zh + reason.cure_zh

    assert not _LATIN.search(spoken), "no codes or English in spoken words"
    assert not re.search(r"[()\[\]{}_/\\]", spoken), "no half-width brackets or signs"
    for clause in re.split(r"[。；，：、？！]", spoken):
        assert len(clause) <= 32, f"too long for one breath: {clause}"


@EVERY
def test_a_reason_goes_over_the_wire_and_back(reason: Reason) -> None:
    assert Reason.from_wire(reason.to_wire()) == reason


def test_every_reason_of_the_tables_is_a_listed_one() -> None:
    used = {rule.reason for rule in RULES if rule.reason} | {row.reason for row in EXCLUSIONS}

    assert used <= set(REASONS.values())


def test_the_reason_of_an_order_being_processed_does_not_give_the_order_away() -> None:
    shown = "".join(str(text) for text in BurdenReasons.BEING_PROCESSED.to_wire().values())

    assert not any(word in shown for word in ("查封", "法院", "执行", "冻结", "公安", "监察"))
