"""Keys of institutions: make, publish, revoke, sign with them and check what others signed."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from tongban.domain.errors import BadSignature, EvidenceBroken, InvalidInput, NotFound, Problem, Unavailable
from tongban.vault import sm2, sm4
from tongban.vault.key_files import FileKeyProvider as FileKeyProvider
from tongban.vault.key_files import KeyProvider
from tongban.vault.models import SigningKey
from tongban.vault.sealed_files import is_name

ALGORITHM = sm2.ALGORITHM
# After a new key takes over, the one before stays valid this long: clocks of two machines may differ.
HANDOVER_OVERLAP = timedelta(minutes=10)
_OPEN_PUBLIC_KEYS_MAX = 1024
_ENVELOPE_VERSION = 1
_ENVELOPE_KEY_BYTES_MAX = 255


# Every message costs one of each: written out, they take a third of the time the ORM needs to compose them.
_SIGNING_NOW = """
SELECT algorithm, key_id FROM vault_signingkey
WHERE owner = %s AND is_local AND revoked_at IS NULL
  AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)
ORDER BY valid_from DESC, id DESC LIMIT 1
"""
_FACTS = """
SELECT algorithm, public_der, valid_from, valid_until, revoked_at, compromised_since
FROM vault_signingkey WHERE owner = %s AND key_id = %s
"""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature with what is needed to check it, apart from the message and its time."""

    algorithm: str
    key_id: str
    value: bytes


@dataclass(frozen=True, slots=True)
class _Facts:
    """What decides whether a key was good at some moment."""

    algorithm: str
    public_der: bytes
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    compromised_since: datetime | None


def create_key(owner: str, now: datetime, *, valid_from: datetime | None = None) -> SigningKey:
    """Make the next key of a hosted institution; earlier ones end `HANDOVER_OVERLAP` after it begins.

    A key may be made before `valid_from`, so that other sites know it before it signs.
    """
    starts = max(valid_from or now, now)
    made = _provider().create(owner)
    with transaction.atomic():
        _lock_owner(owner)
        ends = starts + HANDOVER_OVERLAP
        earlier = SigningKey.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=ends))
        earlier.filter(owner=owner, is_local=True, valid_from__lte=ends).update(valid_until=ends)
        return SigningKey.objects.create(
            owner=owner,
            key_id=made.key_id,
            algorithm=ALGORITHM,
            public_der=made.public_der,
            valid_from=starts,
            is_local=True,
        )


def import_public(  # noqa: PLR0913 - a key has this many facts, all but four optional and named
    owner: str,
    key_id: str,
    der: bytes,
    valid_from: datetime,
    *,
    valid_until: datetime | None = None,
    revoked_at: datetime | None = None,
    compromised_since: datetime | None = None,
    algorithm: str = ALGORITHM,
) -> SigningKey:
    """Take note of another institution's public key; calling it again may end or revoke the key, never revive it.

    Raises `InvalidInput` for a key that is not SM2, or for other bytes under a key id already known.
    """
    if not (is_name(owner) and is_name(key_id)):
        raise _invalid("key_id", "机构代码或密钥编号不合规则。", "请由发布方更正目录。")
    _check_public(der, algorithm)
    if compromised_since is not None and revoked_at is None:
        raise _invalid("revoked_at", "只有已吊销的密钥才有失密时间。", "请由发布方更正目录。")
    with transaction.atomic():
        _lock_owner(owner)
        known = SigningKey.objects.filter(owner=owner, key_id=key_id).first()
        if known is None:
            return SigningKey.objects.create(
                owner=owner,
                key_id=key_id,
                algorithm=algorithm,
                public_der=der,
                valid_from=valid_from,
                valid_until=valid_until,
                revoked_at=revoked_at,
                compromised_since=compromised_since,
            )
        if bytes(known.public_der) != der or known.algorithm != algorithm or known.valid_from != valid_from:
            raise _invalid("key_id", f"密钥编号 {key_id} 已对应另一把公钥。", "请与发布方核对公钥指纹。")
        known.valid_until = _earlier(known.valid_until, valid_until)
        _withdraw(known, revoked_at, compromised_since)
        return known


def import_exported(rows: Iterable[Mapping[str, str | None]]) -> int:
    """Take note of keys as `export_public` lists them; returns how many rows were read.

    Raises `InvalidInput` for a row that cannot be read.
    """
    count = 0
    for row in rows:
        try:
            der = base64.b64decode(row["public_key"] or "", validate=True)
            owner, key_id, algorithm = (row[name] or "" for name in ("owner", "key_id", "algorithm"))
            valid_from = datetime.fromisoformat(row["valid_from"] or "")
            limits = {name: _time(row.get(name)) for name in ("valid_until", "revoked_at", "compromised_since")}
        except (KeyError, ValueError, TypeError):
            raise _invalid("keys", "公钥目录中有无法读取的一行。", "请由发布方重新导出目录。") from None
        import_public(owner, key_id, der, valid_from, algorithm=algorithm, **limits)
        count += 1
    return count


def export_public(owners: Iterable[str]) -> list[dict[str, str | None]]:
    """Every public key of `owners`, past ones too, as strings for a directory or a trust bundle (times in UTC)."""
    rows = SigningKey.objects.filter(owner__in=list(owners)).order_by("owner", "valid_from", "key_id")
    return [
        {
            "owner": row.owner,
            "key_id": row.key_id,
            "algorithm": row.algorithm,
            "public_key": base64.b64encode(bytes(row.public_der)).decode(),
            "valid_from": row.valid_from.astimezone(UTC).isoformat(),
            "valid_until": _text(row.valid_until),
            "revoked_at": _text(row.revoked_at),
            "compromised_since": _text(row.compromised_since),
        }
        for row in rows
    ]


def owners_here() -> frozenset[str]:
    """The institutions for which this site has made a key, whether or not it is valid now."""
    return frozenset(SigningKey.objects.filter(is_local=True).values_list("owner", flat=True).distinct())


def sign(owner: str, message: bytes, now: datetime) -> Signature:
    """Sign exactly these bytes for a hosted institution with the key it uses now.

    Raises `Unavailable` when this site holds no key of `owner` that is valid now.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SIGNING_NOW, [owner, now, now])
        row = cursor.fetchone()
    if row is None:
        raise Unavailable("signing_key_missing", f"本站点没有 {owner} 当前有效的签名密钥。")
    algorithm, key_id = row
    return Signature(algorithm, key_id, _provider().sign(key_id, message))


def check(  # noqa: PLR0913 - the six facts of a signature; none has a sensible default
    owner: str,
    key_id: str,
    algorithm: str,
    message: bytes,
    value: bytes,
    signed_at: datetime,
    *,
    received_at: datetime | None = None,
) -> None:
    """Return if `value` is the owner's signature over `message` by a key in force at `signed_at`; else `BadSignature`.

    A revoked key is good for what was signed before the revocation, or before `compromised_since` where that is
    earlier.  A thief chooses `signed_at` freely: who stored the message at a time of his own gives it as `received_at`,
    and then a compromised key is believed only if the message had arrived before the compromise, too.
    """
    row = _facts(owner, key_id) if is_name(owner) and is_name(key_id) else None
    if row is None:
        raise BadSignature("key_unknown", f"不认识 {owner} 的密钥 {key_id}。")
    if algorithm != row.algorithm:
        raise BadSignature("algorithm_mismatch", f"签名算法 {algorithm} 与密钥 {key_id} 不符。")
    _check_in_force(row, key_id, signed_at, received_at)
    if not _public_key(row.public_der).verify(message, value, sm2.DEFAULT_ID):
        raise BadSignature("signature_wrong", f"签名与内容或密钥 {key_id} 不符。")


def revoke(owner: str, key_id: str, now: datetime, *, compromised_since: datetime | None = None) -> None:
    """Revoke a key from now on, or from `compromised_since` (not later than now) when a stranger may have used it.

    May be called again with an earlier moment; never takes anything back.
    """
    if compromised_since is not None and compromised_since > now:
        raise _invalid("compromised_since", "失密时间不能晚于现在。", "请填写最早可能失密的时间。")
    with transaction.atomic():
        _lock_owner(owner)
        row = SigningKey.objects.filter(owner=owner, key_id=key_id).first()
        if row is None:
            raise NotFound("key_unknown", f"没有 {owner} 的密钥 {key_id}。")
        _withdraw(row, now, compromised_since)


def encrypt_for(owner: str, plaintext: bytes, *, now: datetime | None = None) -> bytes:
    """Encrypt so that only `owner`'s site can open it: a fresh SM4 key, itself encrypted with SM2 to its newest key.

    Format: version (1 byte) | length of key id (1) | key id | length of wrapped key (2) | wrapped key (SM2, DER) |
    nonce (12) | SM4-GCM ciphertext and tag over everything before and the owner.  Raises `Unavailable` without a key.
    """
    usable = SigningKey.objects.filter(owner=owner, revoked_at__isnull=True)
    if now is not None:
        usable = usable.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now))
    row = usable.order_by("-valid_from", "-id").first()
    if row is None:
        raise Unavailable("encryption_key_missing", f"目录中没有 {owner} 可用的公钥。")
    content_key, nonce = secrets.token_bytes(sm4.KEY_BYTES), secrets.token_bytes(sm4.NONCE_BYTES)
    wrapped = _public_key(bytes(row.public_der)).encrypt(content_key)
    key_id = row.key_id.encode()
    assert len(key_id) <= _ENVELOPE_KEY_BYTES_MAX, "a key id fits its length byte"
    head = bytes((_ENVELOPE_VERSION, len(key_id))) + key_id + len(wrapped).to_bytes(2, "big") + wrapped
    return head + nonce + sm4.encrypt(content_key, nonce, plaintext, head + owner.encode())


def decrypt_as(owner: str, sealed: bytes) -> bytes:
    """Open what `encrypt_for` made, with whichever key of `owner` it names, retired ones too.

    Raises `EvidenceBroken` when it was changed or is not for `owner`, `Unavailable` when the key is not here.
    """
    head, key_id, wrapped = _envelope_head(sealed)
    if not SigningKey.objects.filter(owner=owner, key_id=key_id, is_local=True).exists():
        raise Unavailable("decryption_key_missing", f"本站点没有 {owner} 的密钥 {key_id}。")
    body = sealed[len(head) :]
    try:
        content_key = _provider().decrypt(key_id, wrapped)
        if len(content_key) != sm4.KEY_BYTES:
            raise sm4.TagMismatchError("the wrapped key has the wrong size")
        nonce, ciphertext = body[: sm4.NONCE_BYTES], body[sm4.NONCE_BYTES :]
        return sm4.decrypt(content_key, nonce, ciphertext, head + owner.encode())
    except ValueError:
        raise EvidenceBroken("envelope_broken", "密文被改动,或不是发给本机构的。") from None


def rewrap_private_keys() -> int:
    """Seal the private keys of this site under the current master key; returns how many changed."""
    return _provider().rewrap()


def _provider() -> KeyProvider:
    return _provider_at(str(settings.TONGBAN_KEY_PROVIDER))


@cache
def _provider_at(path: str) -> KeyProvider:
    provider: KeyProvider = import_string(path)()
    return provider


@lru_cache(maxsize=_OPEN_PUBLIC_KEYS_MAX)
def _public_key(der: bytes) -> sm2.PublicKey:
    return sm2.load_public(der)


def _facts(owner: str, key_id: str) -> _Facts | None:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [owner, key_id])
        row = cursor.fetchone()
    return None if row is None else _Facts(row[0], bytes(row[1]), *row[2:])


def _check_in_force(row: _Facts, key_id: str, signed_at: datetime, received_at: datetime | None) -> None:
    if signed_at < row.valid_from or (row.valid_until is not None and signed_at >= row.valid_until):
        raise BadSignature("key_not_valid_then", f"密钥 {key_id} 在签名时间不在有效期内。")
    if row.revoked_at is not None and signed_at >= row.revoked_at:
        raise BadSignature("key_revoked", f"密钥 {key_id} 在签名时间之前已吊销。")
    stolen = row.compromised_since
    if stolen is not None and max(signed_at, received_at or signed_at) >= stolen:
        raise BadSignature("key_compromised", f"密钥 {key_id} 自签名时间之前已失密。")


def _withdraw(row: SigningKey, revoked_at: datetime | None, compromised_since: datetime | None) -> None:
    """Save the earliest revocation and compromise known; a compromise after the revocation adds nothing to it."""
    row.revoked_at = _earlier(row.revoked_at, revoked_at)
    row.compromised_since = _earlier(row.compromised_since, compromised_since)
    if row.compromised_since is not None:
        row.compromised_since = _earlier(row.compromised_since, row.revoked_at)
    row.save(update_fields=["valid_until", "revoked_at", "compromised_since"])


def _check_public(der: bytes, algorithm: str) -> None:
    if algorithm != ALGORITHM:
        raise _invalid("algorithm", f"不支持签名算法 {algorithm}。", f"请使用 {ALGORITHM}。")
    try:
        _public_key(der)
    except ValueError:
        raise _invalid("public_key", "公钥不是有效的 SM2 公钥。", "请由发布方重新导出公钥。") from None


def _envelope_head(sealed: bytes) -> tuple[bytes, str, bytes]:
    """Everything before the nonce, and in it the key id and the wrapped key."""
    try:
        if sealed[0] != _ENVELOPE_VERSION:
            raise ValueError("another version")
        size_at = 2 + sealed[1]
        wrapped_at = size_at + 2
        end = wrapped_at + int.from_bytes(sealed[size_at:wrapped_at], "big")
        if len(sealed) < end + sm4.NONCE_BYTES + sm4.TAG_BYTES:
            raise ValueError("cut short")
        key_id = sealed[2:size_at].decode("ascii")
        if not is_name(key_id):
            raise ValueError("not a key id")
        return sealed[:end], key_id, sealed[wrapped_at:end]
    except (IndexError, ValueError):
        raise EvidenceBroken("envelope_malformed", "密文格式不正确。") from None


def _lock_owner(owner: str) -> None:
    """Serialize changes of one owner's keys until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["vault key " + owner])


def _invalid(field: str, what_zh: str, cure_zh: str) -> InvalidInput:
    return InvalidInput([Problem(field, what_zh, cure_zh)])


def _earlier(known: datetime | None, said: datetime | None) -> datetime | None:
    return min((moment for moment in (known, said) if moment is not None), default=None)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
