"""Stored forms of the vault, as written once and kept here: whatever changes in the code, these must go on opening."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.unit.test_vault_sm2 import POINT

from tongban.vault import data_keys, key_files, keys, seal, sm2_der
from tongban.vault.models import DataKey, SigningKey

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OWNER, KEY_ID = "registry-410526", "registry-410526.golden"
DATA_KEY_ID = uuid.UUID("00000000-0000-4000-8000-000000000001")
KEY_FILE = {
    "format": "tongban-sealed-1",
    "name": KEY_ID,
    "purpose": "private key",
    "master_key_id": "golden",
    "sealed": (
        "h45eVH91P+CIgUkvf2n2VRgMriZDMIVJ3qjWAIUZFTF7p99llOmpS+WVSl6xyruO9vOvJThad00OXOut3ou71OdEPGN85fpm6B5u"
        "4PWGxOEnCXPjBQTjQ+Bu5L1A1A4TJn/3MGYTVnKaoU6Umvc02tQ+hoIb/X995xdTvJPrTOpoOWUP4JvVMJw8iEN9GsUVmcUSra7O"
        "Cr1dahKvjgysxLzA1jZxqA=="
    ),
}
SIGNATURE = bytes.fromhex(
    "3044022034a2d4060a995f3d74946d4aaedf968be8a2a56a22e85c592b7f2b0b13ae687002203e23c094648de0008e8a6094"
    "0c4414841d6f025a27323b21d456b34fe8edc6dc"
)
ENVELOPE = bytes.fromhex(
    "011672656769737472792d3431303532362e676f6c64656e007a307802207cb8cd2eb86c8d412d71d5c7c6d39843b890a9c3"
    "83e707b3b58d981b837ce44402204d422ce4871fcea6ec18948bd54982d350f49ac29bd66738e8949946b4a8abcb0420916c"
    "66d54269e67b80ab66c8f2c138980de198cc7fa51fbe676426db526d452f0410b73cc80e4bdd126985217b63c35960e08204"
    "5a14cf1feeddacb3dab33609ab8010bf645d5cdbde812d4ff2fef1fe08f2c3db"
)
WRAPPED = bytes.fromhex(
    "f996ca38448bb275e551f82eb077052d043717b2422a9a005339b86d52d17934748bfe78e684b7409a0484cac053ca9ef9d8"
    "61193af4bb3289f3debb"
)
TOKEN = bytes.fromhex(
    "0100000000000040008000000000000001e587b71f1be0594058b5f5d202aa8460a919e0c65070e269b58bfe816108a874cade6251e2"
)
INDEX = bytes.fromhex("b81db5c4636fcfc5b3d16a76d42c3958bd60fa49f236b9217bf6807078fc375b")
CODE = bytes.fromhex("3350cf5b8ca8526966d8604abb7c0a9691f69e8081d6567b46a3f0748a34eb2c")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def golden_site(settings: Any, tmp_path: Path) -> Iterator[None]:
    """A site with the keys under which the stored forms were written."""
    settings.TONGBAN_KEYS_DIR = tmp_path
    settings.TONGBAN_MASTER_KEYS = {"golden": b"golden master key of 32 bytes..."}
    settings.TONGBAN_MASTER_KEY_CURRENT = "golden"
    settings.TONGBAN_INDEX_KEY = b"golden index key of 32 bytes...."
    path = tmp_path / f"{KEY_ID}.key"
    path.touch(mode=0o600)
    path.write_text(json.dumps(KEY_FILE))
    SigningKey.objects.create(
        owner=OWNER, key_id=KEY_ID, public_der=sm2_der.public_der(POINT), valid_from=NOW, is_local=True
    )
    DataKey.objects.create(id=DATA_KEY_ID, group="golden/2026-11-22", master_key_id="golden", wrapped=WRAPPED)
    yield
    data_keys.forget_cached_keys()
    key_files._private_key.cache_clear()


def test_a_private_key_file_of_format_1_signs_with_its_key() -> None:
    signature = keys.sign(OWNER, b"golden", NOW)

    keys.check(OWNER, KEY_ID, "sm2sm3", b"golden", signature.value, NOW)


def test_a_stored_signature_goes_on_verifying() -> None:
    keys.check(OWNER, KEY_ID, "sm2sm3", b"golden", SIGNATURE, NOW)


def test_an_envelope_of_version_1_opens() -> None:
    assert keys.decrypt_as(OWNER, ENVELOPE).decode() == "滑县"


def test_a_token_of_version_1_opens_with_its_wrapped_data_key() -> None:
    assert seal.unseal(TOKEN, "golden.place").decode() == "王小明"


def test_blind_indexes_and_audit_codes_stay_what_they_were() -> None:
    assert seal.blind_index("410526199001011234", "golden") == INDEX
    assert seal.hmac_sm3("golden", b"row") == CODE
