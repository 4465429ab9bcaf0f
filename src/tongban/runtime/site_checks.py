"""What the doctor asks the database and the packages: roles, migrations, keys, seals, queues, calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tongban.access import audit_seals
from tongban.directory import notices
from tongban.domain.parameters import PARAMETERS
from tongban.exchange import queries as exchange
from tongban.register import sealing
from tongban.reporting import queries as reporting
from tongban.runtime.findings import Finding, bad, note
from tongban.vault import condition, sm2

CLOCK_SKEW_MAX = timedelta(seconds=5)
UNSEALED_ENTRY_AGE_MAX = timedelta(seconds=60)
WAITING_AGE_MAX = timedelta(minutes=10)
REPORT_AGE_MAX = timedelta(hours=4)  # reported on the day of the recording
CALENDAR_AHEAD_MIN = timedelta(days=90)
WORKER_CURE = "确认后台在运行：tongban run；仍不消失时看其输出"

# A table that may only grow carries a trigger of this name; the application must not hold the rights either.
_APPEND_ONLY = """
SELECT t.tgrelid::regclass::text, t.tgenabled IN ('O', 'A'),
       has_table_privilege('tongban_app', t.tgrelid, 'UPDATE')
       OR has_table_privilege('tongban_app', t.tgrelid, 'DELETE')
       OR has_table_privilege('tongban_app', t.tgrelid, 'TRUNCATE')
FROM pg_trigger t WHERE t.tgname LIKE '%\\_append\\_only' ORDER BY 1
"""
_MY_RIGHTS = """
SELECT current_user, (SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user),
       (SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)
"""


def examine(now: datetime) -> Iterator[Finding]:
    """Everything the database of a migrated site can tell; without the tables only that they are missing."""
    yield _time()
    yield _role()
    pending = _pending_migrations()
    if pending:
        yield bad("数据库结构", f"有 {len(pending)} 项迁移未执行（{pending[0]} 等）", "tongban migrate")
        return
    yield Finding("数据库结构", "最新")
    for check in CHECKS:
        yield from check(now)


def _time() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        theirs, after = cursor.fetchone()[0], timezone.now()
    # Theirs lies between the two when the clocks agree, however slow the answer was.
    skew = max(before - theirs, theirs - after)
    if skew > CLOCK_SKEW_MAX:
        return bad("数据库", f"与本机时钟相差 {skew.total_seconds():.0f} 秒", "两台机器都执行 timedatectl set-ntp true")
    return Finding("数据库", "可以连接，时钟一致")


def _role() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(_MY_RIGHTS)
        name, is_mighty, owned = cursor.fetchone()
    if name != "tongban_app" or is_mighty or owned:
        what = f"应用以 {name} 连接，权限过大（拥有 {owned} 张表）"
        return bad("数据库角色", what, "让 DATABASE_URL 使用 tongban_app，然后 tongban setup")
    return Finding("数据库角色", "tongban_app，不拥有任何表")


def _pending_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _append_only(_now: datetime) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_APPEND_ONLY)
        rows = cursor.fetchall()
    open_tables = [table for table, is_enabled, may_change in rows if may_change or not is_enabled]
    if open_tables or not rows:
        what = f"只增不改的表可以被改动：{'、'.join(open_tables) or '保护触发器不存在'}"
        yield bad("只增不改", what, "查明是谁改的授权；之后 tongban restore 最近的备份，或按迁移文件重新收回权限")
    else:
        yield Finding("只增不改", f"{len(rows)} 张表受保护")


def _keys(now: datetime) -> Iterator[Finding]:
    faults = condition.examine(now)
    for fault in faults:
        make = note if fault.code in ("sm2_slow", "master_key_old") else bad
        yield make("密钥", fault.what_zh, fault.cure_zh)
    if not faults:
        yield Finding("密钥", f"全部可用，SM2 由 {sm2.backend_name()} 计算")


def _audit(now: datetime) -> Iterator[Finding]:
    age_s = audit_seals.unsealed_age_s(now)
    if age_s > int(PARAMETERS["unsealed_seconds"].default):
        yield bad("审计", f"最早一条已 {age_s} 秒未封存", WORKER_CURE)
    else:
        yield Finding("审计", "已封存")


def _register(now: datetime) -> Iterator[Finding]:
    late = [ledger for ledger in sealing.unsealed() if now - ledger.since > UNSEALED_ENTRY_AGE_MAX]
    for ledger in late:
        what = f"登记簿 {ledger.ledger} 有 {ledger.entries} 条自 {_when(ledger.since)} 起未签封"
        yield bad("登记簿", what, WORKER_CURE)
    if not late:
        yield Finding("登记簿", "已签封（逐条核对：tongban verify-register）")


def _messages(now: datetime) -> Iterator[Finding]:
    backlog = exchange.backlog()
    parked = backlog.parked_sent + backlog.parked_received
    if parked:
        what = f"搁置 {parked} 条（发出 {backlog.parked_sent}，收到 {backlog.parked_received}），同一事项的后续都在等"
        yield bad("消息", what, "在“消息”页查看原因，排除后重新投递")
    for oldest, word in ((backlog.oldest_to_send_at, "发出"), (backlog.oldest_to_process_at, "处理")):
        if oldest and now - oldest > WAITING_AGE_MAX:
            yield bad("消息", f"最早一条自 {_when(oldest)} 起未能{word}", WORKER_CURE)
    if not parked:
        yield Finding("消息", f"待发 {backlog.to_send}，待处理 {backlog.to_process}，无搁置")


def _reporting(now: datetime) -> Iterator[Finding]:
    """The outside bodies that recordings and licences are reported to."""
    for line in reporting.overview():
        waits = f"等待 {line.waiting}，搁置 {line.parked}"
        if not line.exists:
            continue
        if not line.is_connected:
            yield note(line.name_zh, f"未接入，{waits}", "见 docs/how-to/connect-the-national-platform.md")
        elif line.parked:
            yield bad(line.name_zh, waits, "在“上报与对账”页查看原因，更正后重新上报")
        elif line.oldest_at and now - line.oldest_at > REPORT_AGE_MAX:
            what = f"最早一份自 {_when(line.oldest_at)} 起未能上报（{line.reason_zh or '后台没有运行'}）"
            yield bad(line.name_zh, what, "确认对方地址可以访问，然后 tongban run")
        else:
            yield Finding(line.name_zh, waits)


def _calendar(now: datetime) -> Iterator[Finding]:
    status = notices.calendar_status()
    needed = timezone.localdate(now) + CALENDAR_AHEAD_MIN
    if status.last_day is None or status.last_day < needed:
        yield bad("工作日历", f"只到 {status.last_day}，期限算不出来", "tongban sync-reference")
    elif status.last_final_day is None or status.last_final_day < needed:
        what = f"国务院安排只到 {status.last_final_day}，其后为暂定"
        yield note("工作日历", what, "国务院公布下一年安排后，在“日历”页录入")
    else:
        yield Finding("工作日历", f"到 {status.last_final_day}")


def _when(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}"


CHECKS: tuple[Callable[[datetime], Iterator[Finding]], ...] = (
    _append_only,
    _keys,
    _audit,
    _register,
    _messages,
    _reporting,
    _calendar,
)
