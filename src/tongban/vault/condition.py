"""The state of keys as an operator must know it: what is wrong, and what repairs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tongban.domain.errors import BadSignature, TongbanError
from tongban.vault import data_keys, keys, sm2

_PROBE = b"tongban doctor"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong; `code` is stable, the texts are for people."""

    code: str
    what_zh: str
    cure_zh: str


def examine(now: datetime) -> tuple[Fault, ...]:
    """Sign and check once with every institution's key of this site, and look at master keys and the SM2 backend."""
    return (
        *_backend(),
        *_master_keys(),
        *(fault for owner in sorted(keys.owners_here()) for fault in _signs(owner, now)),
    )


def _backend() -> tuple[Fault, ...]:
    if sm2.backend_name().startswith("libcrypto"):
        return ()
    return (
        Fault(
            "sm2_slow",
            f"国密 SM2 由 {sm2.backend_name()} 计算,速度约为 libcrypto 的三十分之一。",
            "安装 OpenSSL 3.0 或更高版本(libcrypto.so.3)后重新启动。",
        ),
    )


def _master_keys() -> tuple[Fault, ...]:
    current = str(settings.TONGBAN_MASTER_KEY_CURRENT)
    used = data_keys.master_keys_in_use() - {current}
    missing = used - set(settings.TONGBAN_MASTER_KEYS)
    faults = [
        Fault("master_key_missing", f"数据密钥仍需主密钥 {name},本站点没有。", "从备份恢复站点文件中的该主密钥。")
        for name in sorted(missing)
    ]
    faults += [
        Fault("master_key_old", f"仍有数据密钥由旧主密钥 {name} 保护。", "按《轮换密钥》完成重新包裹后再停用旧主密钥。")
        for name in sorted(used - missing)
    ]
    return tuple(faults)


def _signs(owner: str, now: datetime) -> tuple[Fault, ...]:
    try:
        made = keys.sign(owner, _PROBE, now)
        keys.check(owner, made.key_id, made.algorithm, _PROBE, made.value, now)
    except BadSignature as error:
        return (Fault("key_mismatch", f"{owner} 的私钥与登记的公钥不符:{error.message_zh}", "从备份恢复密钥文件。"),)
    except TongbanError as error:
        cure_zh = "从备份恢复密钥文件;私钥已无法恢复时,按《轮换密钥》为该机构生成新密钥。"
        return (Fault("key_unusable", f"{owner} 不能签名:{error.message_zh}", cure_zh),)
    return ()
