"""Sealed tokens open only where they belong; keyed digests match only within their domain."""

from __future__ import annotations

from typing import Any

import pytest

from tongban.domain.errors import EvidenceBroken
from tongban.vault import seal

ID_NUMBER = "410526199001011234"


@pytest.mark.django_db
def test_a_token_opens_in_its_context_and_shows_nothing() -> None:
    token = seal.seal(ID_NUMBER.encode(), "intake.party.id_no")

    assert seal.unseal(token, "intake.party.id_no") == ID_NUMBER.encode()
    assert ID_NUMBER.encode() not in token
    assert seal.seal(ID_NUMBER.encode(), "intake.party.id_no") != token


@pytest.mark.django_db
def test_a_token_opens_nowhere_else() -> None:
    token = seal.seal(b"x", "intake.party.id_no")

    with pytest.raises(EvidenceBroken) as broken:
        seal.unseal(token, "intake.party.phone")
    assert broken.value.code == "seal_broken"


@pytest.mark.django_db
def test_a_token_changed_or_cut_anywhere_does_not_open() -> None:
    token = seal.seal(b"x", "test")

    for at in range(len(token)):
        with pytest.raises(EvidenceBroken):
            seal.unseal(token[:at] + bytes((token[at] ^ 1,)) + token[at + 1 :], "test")
        with pytest.raises(EvidenceBroken):
            seal.unseal(token[:at], "test")


@pytest.mark.django_db
def test_tokens_of_many_contexts_share_one_data_key_a_day() -> None:
    first, second = seal.seal(b"x", "message 1"), seal.seal(b"x", "message 2")

    assert first[1:17] == second[1:17]


def test_a_blind_index_finds_equal_values_within_its_domain_only() -> None:
    found = seal.blind_index(ID_NUMBER, "party.id_no")

    assert len(found) == 32
    assert seal.blind_index(f" {ID_NUMBER} ", "party.id_no") == found
    assert seal.blind_index("410526199001011234", "party.id_no") == found
    assert seal.blind_index(ID_NUMBER, "party.phone") != found
    assert seal.blind_index(ID_NUMBER[:-1] + "X", "party.id_no") != found


def test_a_blind_index_means_nothing_without_the_sites_key(settings: Any) -> None:
    before = seal.blind_index(ID_NUMBER, "party.id_no")
    settings.TONGBAN_INDEX_KEY = b"another site's index key, 32 b+."

    assert seal.blind_index(ID_NUMBER, "party.id_no") != before


def test_a_keyed_digest_depends_on_domain_and_data() -> None:
    digest = seal.hmac_sm3("audit", b"row")

    assert seal.hmac_sm3("audit", b"row") == digest
    assert len({digest, seal.hmac_sm3("audit", b"roW"), seal.hmac_sm3("audi", b"trow")}) == 3
