"""`tongban doctor`: examine machine and site; every fault comes with the command that repairs it."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError

from tongban.runtime import machine_checks, on_demand, site_file
from tongban.runtime.findings import Finding, Level, bad
from tongban.runtime.postgres import PostgresError


def run(_words: list[str]) -> int:
    """Print every finding; 1 when one has to be repaired."""
    home = Path(os.environ.get("TONGBAN_HOME", ".tongban")).resolve()
    worst = 0
    for finding in examine(home, datetime.now(UTC)):
        print(f"{finding.level.value}  {finding.subject_zh}：{finding.what_zh}", flush=True)
        if finding.cure_zh:
            print(f"      → {finding.cure_zh}")
        worst |= finding.level is Level.BAD
    return int(worst)


def examine(home: Path, now: datetime) -> Iterator[Finding]:
    """The machine first, then what the database tells; a database that does not answer is a finding as well."""
    yield from machine_checks.examine(home, now)
    site = site_file.load(home)
    if site is None:
        return
    with ExitStack() as stack:
        try:
            if not os.environ.get("DATABASE_URL"):
                stack.enter_context(on_demand.database(home, site))
            django.setup()
            # Loaded only now, like the commands themselves: it needs Django set up.
            yield from importlib.import_module("tongban.runtime.site_checks").examine(now)
        except PostgresError as error:
            yield bad("数据库", str(error), "按上面的日志排除后 tongban run；数据损坏时 tongban restore 备份文件")
        except DatabaseError as error:
            yield bad(
                "数据库",
                str(error).strip().split("\n")[0],
                "tongban setup（补齐角色、数据库和授权），再 tongban doctor",
            )
        except ImproperlyConfigured as error:
            yield bad("设置", str(error), "按 docs/reference/settings.md 改正环境变量")
