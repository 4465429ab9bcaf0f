"""What the doctor looks at on the machine: files, processes, disk, clock. Needs neither settings nor database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from tongban.runtime import heartbeat, locks, site_file
from tongban.runtime.findings import Finding, bad
from tongban.web.assets import ASSETS, VENDOR

FREE_BYTES_MIN = 1024**3
FREE_SHARE_MIN = 0.05
BEAT_AGE_MAX = timedelta(seconds=15)
FAILURES_IN_ROW_MAX = 3
BUILT_ON = datetime.fromisoformat("2026-11-01T00:00:00+00:00")


def examine(home: Path, now: datetime) -> Iterator[Finding]:
    """Everything that can be seen without the database."""
    yield _site_file(home)
    yield _clock(now)
    yield _disk(home)
    yield _assets()
    yield from _processes(home, now)


def _site_file(home: Path) -> Finding:
    path = home / site_file.FILE_NAME
    if not path.exists():
        return bad("站点文件", f"{path} 不存在", "tongban setup，或 tongban restore 备份文件")
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return bad("站点文件", f"权限 {mode:03o}，其他用户可以读到密钥", f"chmod 600 {path}")
    return Finding("站点文件", f"{path}，版本 {version('tongban')}")


def _clock(now: datetime) -> Finding:
    if now < BUILT_ON:
        return bad("时钟", f"系统时间 {now:%Y-%m-%d %H:%M} 早于本版本", "timedatectl set-ntp true")
    return Finding("时钟", f"{now.astimezone():%Y-%m-%d %H:%M:%S %z}")


def _disk(home: Path) -> Finding:
    usage = shutil.disk_usage(home if home.exists() else home.parent)
    free = f"剩余 {usage.free / 1024**3:.1f} GiB（{usage.free / usage.total:.0%}）"
    if usage.free < FREE_BYTES_MIN or usage.free < usage.total * FREE_SHARE_MIN:
        return bad("磁盘", free, f"du -xh --max-depth=2 {home} | sort -h，清理或扩容后再查")
    return Finding("磁盘", free)


def _assets() -> Finding:
    missing = [asset.name for asset in ASSETS if not asset.is_dev and not (VENDOR / asset.name).is_file()]
    if missing:
        return bad("页面资源", f"缺少 {'、'.join(missing)}", "make setup")
    return Finding("页面资源", "齐全")


def _processes(home: Path, now: datetime) -> Iterator[Finding]:
    holder, pulses = locks.supervisor_of(home), heartbeat.pulses(home)
    if holder is None and not pulses:
        yield bad("运行", "站点没有运行", "tongban run")
        return
    yield Finding("运行", holder or "没有 tongban run，只有单独的后台进程")
    if not pulses:
        yield bad(
            "后台", "没有后台进程：消息不投递、簿记不签封、证书不签发", "tongban worker（或 tongban run --workers 1）"
        )
    for pulse in pulses:
        age = now - pulse.beat_at
        if age > BEAT_AGE_MAX:
            yield bad("后台", f"进程 {pulse.pid} 已 {age.seconds} 秒没有心跳", f"kill -9 {pulse.pid}（会自动重启）")
            continue
        failing = [name for name, record in pulse.duties.items() if record.failures_in_row >= FAILURES_IN_ROW_MAX]
        for name in failing:
            record = pulse.duties[name]
            what = f"{name}：连续失败 {record.failures_in_row} 次（{record.last_error}）"
            yield bad("后台", what, f"查看 tongban run 输出中“duty {name} failed”后的原因")
        if not failing:
            yield Finding("后台", f"进程 {pulse.pid}，{len(pulse.duties)} 项任务正常")
