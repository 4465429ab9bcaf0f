"""The doctor: each broken thing is named with its cure, and a sound site has nothing to repair."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from tests import cluster
from tests import exchange_world as world
from tests import register_builders as a

from tongban.access.actors import PUBLIC
from tongban.access.audit import audit
from tongban.access.models import AuditPending
from tongban.cli import doctor as command
from tongban.directory.models import CalendarDay
from tongban.directory.reference import create_missing_keys, sync_reference
from tongban.exchange.models import OutboxDelivery
from tongban.register import book
from tongban.register.requests import Recording
from tongban.runtime import locks, machine_checks, site_checks, site_file
from tongban.runtime.findings import Finding, Level
from tongban.web import assets

NOW = world.NOW


def _bad(findings: Iterator[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level is Level.BAD]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    site_file.ensure(tmp_path, "site-x")
    _beat(tmp_path, NOW)
    return tmp_path


def _beat(home: Path, at: datetime, failures: int = 0) -> None:
    record = {
        "runs": 9, "done": 0, "failures": failures, "failures_in_row": failures,
        "last_ok_at": "", "last_error": "OperationalError" if failures else "",
    }  # fmt: skip
    content = {"pid": os.getpid(), "started_at": "", "beat_at": at.isoformat(), "duties": {"deliver": record}}
    (locks.run_dir(home) / f"worker-{os.getpid()}.json").write_text(json.dumps(content))


@pytest.fixture(autouse=True)
def collected_assets(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("vendor")
    for asset in assets.ASSETS:
        (folder / asset.name).write_text("x")
    monkeypatch.setattr(machine_checks, "VENDOR", folder)
    return folder


# ---- the machine ----


def test_a_sound_machine_has_nothing_to_repair(home: Path) -> None:
    assert _bad(machine_checks.examine(home, NOW)) == []


def test_a_folder_that_is_no_site_is_told_how_to_become_one(tmp_path: Path) -> None:
    found = _bad(machine_checks.examine(tmp_path, NOW))

    assert [finding.subject_zh for finding in found] == ["站点文件", "运行"]
    assert "tongban setup" in found[0].cure_zh
    assert found[1].cure_zh == "tongban run"


def test_a_site_file_that_others_can_read_is_named(home: Path) -> None:
    (home / "site.toml").chmod(0o644)

    [found] = _bad(machine_checks.examine(home, NOW))

    assert found.cure_zh == f"chmod 600 {home / 'site.toml'}"
    (home / "site.toml").chmod(stat.S_IRUSR | stat.S_IWUSR)


def test_a_clock_before_the_making_of_this_version_is_named(home: Path) -> None:
    _beat(home, datetime(1970, 1, 1, tzinfo=UTC))

    [found] = _bad(machine_checks.examine(home, datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC)))

    assert found.subject_zh == "时钟"


def test_a_full_disk_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(home)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=10 * 1024**2))

    [found] = _bad(machine_checks.examine(home, NOW))

    assert found.subject_zh == "磁盘"


def test_missing_browser_assets_are_named(home: Path, collected_assets: Path) -> None:
    (collected_assets / "htmx.js").unlink()

    [found] = _bad(machine_checks.examine(home, NOW))

    assert (found.what_zh, found.cure_zh) == ("缺少 htmx.js", "make setup")


def test_a_worker_without_a_heartbeat_is_named(home: Path) -> None:
    [found] = _bad(machine_checks.examine(home, NOW + timedelta(seconds=16)))

    assert found.what_zh == f"进程 {os.getpid()} 已 16 秒没有心跳"


def test_a_duty_that_keeps_failing_is_named(home: Path) -> None:
    _beat(home, NOW, failures=3)

    [found] = _bad(machine_checks.examine(home, NOW))

    assert found.what_zh == "deliver：连续失败 3 次（OperationalError）"


def test_a_supervisor_without_workers_is_named(home: Path) -> None:
    (home / "run" / f"worker-{os.getpid()}.json").unlink()

    with locks.only_supervisor(home, "http://127.0.0.1:8000/"):
        [found] = _bad(machine_checks.examine(home, NOW))

    assert found.subject_zh == "后台"


# ---- the database ----


@pytest.fixture
def province(db: None, tmp_path: Path, settings: object) -> None:
    """Reference data and keys of one registry, in a key folder of the test's own."""
    settings.TONGBAN_KEYS_DIR = tmp_path / "keys"
    sync_reference(NOW, hosts=[world.HOME, world.WINDOW])
    create_missing_keys(NOW - timedelta(days=1))


@pytest.mark.usefixtures("province")
def test_a_sound_site_has_nothing_to_repair() -> None:
    found = list(site_checks.examine(timezone.now()))

    assert [finding for finding in found if finding.level is Level.BAD] == []
    assert {finding.subject_zh for finding in found} >= {
        "数据库", "数据库角色", "数据库结构", "只增不改", "密钥", "审计", "登记簿", "消息", "工作日历",
    }  # fmt: skip


@pytest.mark.usefixtures("db")
def test_a_missing_migration_is_named_and_nothing_else_is_asked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    found = list(site_checks.examine(timezone.now()))

    assert found[-1].what_zh == "有 1 项迁移未执行（sessions.0001_initial 等）"
    assert found[-1].cure_zh == "tongban migrate"


def test_a_right_to_change_the_book_is_named(own_database: str) -> None:
    with psycopg.connect(cluster.SERVER.admin_url(own_database), autocommit=True) as admin:
        admin.execute("GRANT UPDATE ON register_entry TO tongban_app")
    [changed] = _bad(site_checks._append_only(NOW))

    with psycopg.connect(cluster.SERVER.admin_url(own_database), autocommit=True) as admin:
        admin.execute("REVOKE UPDATE ON register_entry FROM tongban_app")
        admin.execute("ALTER TABLE access_auditrow DISABLE TRIGGER access_auditrow_append_only")
    [disabled] = _bad(site_checks._append_only(NOW))

    assert changed.what_zh.endswith("register_entry")
    assert disabled.what_zh.endswith("access_auditrow")


def test_an_application_that_owns_the_tables_is_named(own_database: str) -> None:
    connection.close()
    before = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.settings_dict.update(USER="tongban_owner", PASSWORD=cluster.SITE.database_passwords["owner"])
    try:
        found = site_checks._role()
    finally:
        connection.close()
        connection.settings_dict.update(before)

    assert found.level is Level.BAD
    assert "tongban_owner" in found.what_zh


@pytest.mark.usefixtures("province")
def test_a_lost_key_is_named() -> None:
    next(Path(settings.TONGBAN_KEYS_DIR).glob(f"{world.HOME}*")).unlink()

    [found] = _bad(site_checks._keys(NOW))

    assert found.what_zh.startswith(f"{world.HOME} 不能签名")


@pytest.mark.usefixtures("db")
def test_audit_rows_that_nobody_seals_are_named() -> None:
    with transaction.atomic():
        audit(PUBLIC, "test.look", "x", now=NOW)
    at = AuditPending.objects.get().at

    assert _bad(site_checks._audit(at + timedelta(seconds=60))) == []
    [found] = _bad(site_checks._audit(at + timedelta(seconds=61)))
    assert found.what_zh == "最早一条已 61 秒未封存"


@pytest.mark.usefixtures("db")
def test_entries_that_no_head_covers_are_named() -> None:
    assert isinstance(book.record(a.request(a.opened(1), key="k1")), Recording)

    assert _bad(site_checks._register(a.NOW + timedelta(seconds=60))) == []
    [found] = _bad(site_checks._register(a.NOW + timedelta(seconds=61)))
    assert "410526 有 1 条" in found.what_zh


@pytest.mark.usefixtures("db")
def test_old_and_parked_messages_are_named() -> None:
    world.found()
    world.authorize()
    world.send_status()

    assert _bad(site_checks._messages(NOW + timedelta(minutes=10))) == []
    [late] = _bad(site_checks._messages(NOW + timedelta(minutes=11)))
    OutboxDelivery.objects.update(state="parked", reason_code="refused", reason_zh="对方拒收", settled_at=NOW)
    [parked] = _bad(site_checks._messages(NOW))

    assert late.what_zh.endswith("起未能发出")
    assert parked.what_zh.startswith("搁置 1 条")


@pytest.mark.usefixtures("province")
def test_a_calendar_that_ends_is_named() -> None:
    assert _bad(site_checks._calendar(NOW)) == []

    CalendarDay.objects.filter(day__gt=NOW.date()).delete()
    [found] = _bad(site_checks._calendar(NOW))

    assert found.cure_zh == "tongban sync-reference"


# ---- the command ----


def test_the_command_says_1_and_prints_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TONGBAN_HOME", str(tmp_path))

    assert command.run([]) == 1

    assert "→ tongban setup" in capsys.readouterr().out


def test_a_database_that_does_not_answer_is_a_finding_not_a_crash(home: Path) -> None:
    environment = {**os.environ, "TONGBAN_HOME": str(home), "DATABASE_URL": "postgresql://tongban_app@127.0.0.1:1/x"}

    done = subprocess.run(
        [sys.executable, "-m", "tongban.cli.main", "doctor"],
        env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 1
    assert "故障  数据库：" in done.stdout
    assert "tongban setup" in done.stdout
    assert done.stderr == ""
