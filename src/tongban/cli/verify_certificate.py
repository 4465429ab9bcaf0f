"""`tongban verify-certificate FILE`: is this certificate genuine?  Works without network, database or site."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tongban.certificates.trust import Trust, normal_fingerprint, read_trust
from tongban.certificates.verify import Verification, verify_payload, verify_pdf
from tongban.domain.errors import TongbanError

GENUINE, BROKEN, UNUSABLE = 0, 1, 2
TRUST_FILE = "trust.json"
FILE_BYTES_MAX = 20 * 1024 * 1024


def run(words: list[str]) -> int:
    """Print every check; 0: genuine, 1: not, 2: file or trust file unusable."""
    parser = argparse.ArgumentParser(prog="tongban verify-certificate", description="核验证照文件或者二维码文字")
    parser.add_argument("file", type=Path, help="证照 PDF，或者存有二维码文字的文本文件")
    parser.add_argument("--trust", type=Path, default=Path(os.environ.get("TONGBAN_HOME", ".tongban")) / TRUST_FILE)
    parser.add_argument("--fingerprint", default="", help="已知的省级密钥指纹；不同则拒绝")
    chosen = parser.parse_args(words)
    try:
        trust = read_trust(_content(chosen.trust))
        data = _content(chosen.file)
    except (OSError, TongbanError) as error:
        print(f"无法核验：{error}", file=sys.stderr)
        return UNUSABLE
    print(f"信任清单：{trust.name(trust.issuer)}，签发于 {trust.issued_at.isoformat()}\n密钥指纹：{trust.fingerprint}")
    if chosen.fingerprint and normal_fingerprint(chosen.fingerprint) != normal_fingerprint(trust.fingerprint):
        print("密钥指纹与您给出的不同：这份信任清单不可信。", file=sys.stderr)
        return UNUSABLE
    found = _verified(data, trust)
    _show(found)
    return GENUINE if found.ok else BROKEN


def _content(path: Path) -> bytes:
    if path.stat().st_size > FILE_BYTES_MAX:
        raise OSError(f"{path} 超过 20 MB")
    return path.read_bytes()


def _verified(data: bytes, trust: Trust) -> Verification:
    if data.startswith(b"%PDF-"):
        return verify_pdf(data, trust)
    return verify_payload(data.decode("utf-8", "replace"), trust)


def _show(found: Verification) -> None:
    for check in found.checks:
        mark = "－" if check.skipped else "✓" if check.ok else "✗"
        print(f"{mark} {check.name_zh}：{check.detail_zh}")
    if found.facts:
        print("登记机构签名的数据：")
    for fact in found.facts:
        print(f"  {fact.name_zh}：{fact.value_zh}")
    if not found.ok:
        print("结论：不能确认真实，请勿采信。")
    elif found.identifier:
        print("结论：真实、完整。是否仍然有效，须联网查询登记机构（证照可能已被新证替换或者注销）。")
    else:
        print("结论：真实、完整。这是加盖电子签章的文书，不是证照。")
