"""Sets the stage: reference data, keys, people with accounts, agreements, authorizations, titles already registered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from tongban.access import agreements, staff
from tongban.access.actors import Actor, ActorKind, roles_at
from tongban.access.agreements import Agreement, AgreementKind
from tongban.access.permissions import Role
from tongban.access.staff import Credentials, Grant, NewStaff
from tongban.cases import presignatures
from tongban.cli import play
from tongban.cli.people import Flat
from tongban.directory import lookup, reference
from tongban.directory.divisions import PROVINCE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.decision import Refusal
from tongban.domain.presignatures import PreSignature, presigned
from tongban.domain.restrictions import Act
from tongban.domain.terms import Channel
from tongban.exchange import authorizations
from tongban.exchange.authorizations import Terms
from tongban.register import book
from tongban.register.requests import RecordRequest

STOCK_BATCH = 500
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Account:
    """A person with an account: what the sign-in page of a demonstration lists."""

    username: str
    name_zh: str
    institution: str
    roles: tuple[Role, ...]
    try_zh: str


FOUNDERS = (
    Account("province.admin", "系统管理员", PROVINCE, (Role.PROVINCE_ADMIN,), "管理授权、协议、开通事项和参数"),
    Account("province.security", "安全管理员", PROVINCE, (Role.SECURITY_ADMIN,), "授予和收回角色"),
    Account("province.audit", "审计管理员", PROVINCE, (Role.AUDITOR,), "查看审计记录，核验登记簿"),
)
ADMIN, SECURITY, AUDIT = FOUNDERS

HUAXIAN, ZHENGZHOU, ANYANG, COURT = "registry-410526", "registry-410100", "registry-410500", "court-410526"
CLERK = Account(
    "zz.clerk",
    "周晓雯",
    ZHENGZHOU,
    (Role.WINDOW_CLERK,),
    "在郑州窗口替滑县收件：查房产、核身份、扫材料、询问、签名、移交",
)
OFFICER = Account("hx.officer", "方志远", HUAXIAN, (Role.DESK_OFFICER,), "滑县通办专岗：受理、一次告知补正、不予受理")
REVIEWER = Account("hx.reviewer", "秦文博", HUAXIAN, (Role.REVIEWER,), "滑县初审：材料与登记簿并排核对")
SECOND = Account("hx.second", "曹桂英", HUAXIAN, (Role.SECOND_REVIEWER,), "滑县复审：与初审不能是同一人")
REGISTRAR = Account("hx.registrar", "魏建国", HUAXIAN, (Role.REGISTRAR,), "滑县登簿：登簿、看登记簿、下载电子证照")
CAST = (CLERK, OFFICER, REVIEWER, SECOND, REGISTRAR)


def actor(account: Account) -> Actor:
    """The account as it acts once signed in."""
    roles = roles_at(account.institution, account.roles)
    return Actor(ActorKind.STAFF, account.username, account.name_zh, account.institution, roles, "", has_agreement=True)


def found(now: datetime, *, hosts: Sequence[str] | None = None) -> tuple[Credentials, ...]:
    """Reference data, keys and the three administrators of a fresh site."""
    reference.sync_reference(now, hosts=hosts)
    reference.create_missing_keys(now)
    founders = [(NewStaff(one.username, one.name_zh, one.institution), one.roles[0]) for one in FOUNDERS]
    return staff.found(founders, now)


def hire(account: Account, now: datetime, *, with_agreement: bool = True) -> Credentials:
    """An account with its roles and, unless said otherwise, its confidentiality agreement."""
    made = staff.create_staff(actor(ADMIN), NewStaff(account.username, account.name_zh, account.institution), now)
    today = localdate(now)
    for role in account.roles:
        staff.grant_role(actor(SECURITY), Grant(account.username, role, account.institution, today), now)
    if not with_agreement:
        return made
    agreement = Agreement(
        AgreementKind.STAFF,
        account.institution,
        account.username,
        f"保密〔{today.year}〕{account.username}号",
        today,
        today,
        today + 3 * YEAR,
    )
    agreements.conclude(actor(ADMIN), agreement, now)
    return made


def befriend(home: str, receiving: str, now: datetime, *, until: date | None = None) -> int:
    """`home` lets `receiving` take in every service for it; both keep confidentiality."""
    today = localdate(now)
    number = f"〔{today.year}〕{home[-6:]}-{receiving[-6:]}号"
    if agreements.agreement_between(home, receiving, today) is None:
        pair = Agreement(AgreementKind.REGISTRY, home, receiving, f"保密{number}", today, today, today + 3 * YEAR)
        agreements.conclude(actor(ADMIN), pair, now)
    channels = tuple(channel.value for channel in (Channel.WINDOW, Channel.PRECHECKED, Channel.ONLINE))
    terms = Terms(tuple(sorted(authorizations.GRANTABLE)), channels, today, until or today + YEAR, f"授权{number}")
    return authorizations.grant(home, receiving, terms, actor(ADMIN), now=now)


def take_stock(flats: Iterable[Flat], registry: str, now: datetime) -> int:
    """Enter titles that were registered before this system (存量数据); how many."""
    rows = list(flats)
    recorder = Actor(ActorKind.SYSTEM, "system:stock", "存量数据整理", registry, frozenset(), "worker")
    for start in range(0, len(rows), STOCK_BATCH):
        batch = rows[start : start + STOCK_BATCH]
        outcome = book.record(
            RecordRequest(
                unit_codes=tuple(flat.unit_code for flat in batch),
                entries=tuple(flat.entry for flat in batch),
                acts=(Act.CORRECT,),
                evidence=frozenset(),
                recorder=recorder,
                case_no="",
                key=f"stock:{batch[0].unit_code}",
                now=now,
                registry=registry,
            )
        )
        assert not isinstance(outcome, Refusal), "a unit without burdens takes its first title"
    return len(rows)


def small_province(now: datetime, flats: Iterable[Flat]) -> None:
    """The least a case needs: five people, one authorization, some flats in 滑县."""
    found(now)
    for account in CAST:
        hire(account, now)
    befriend(HUAXIAN, ZHENGZHOU, now)
    take_stock(flats, HUAXIAN, now)


def presign(item: ServiceItem, form: Mapping[str, str], now: datetime) -> int:
    """Put on file at 滑县 whatever pre-signature this form says is there and is not yet; how many papers."""
    kept, today = 0, localdate(now)
    for who in presigned(item, form):
        papers = presignatures.kept_by_bodies(HUAXIAN, [who.id_no])
        if any(one.covers(item.number, ()) and one.is_of(who) for one in papers):
            continue
        number = f"预签〔{today.year}〕{item.number}-{who.id_no[-8:]}号"
        items, since = frozenset({item.number}), today - timedelta(days=1)
        paper = PreSignature(number, who.name, who.id_no, "常思远", items, frozenset(), since, today + YEAR)
        presignatures.keep(actor(OFFICER), paper, play.scan(f"预先签章授权书\n{who.name}"), now)
        kept += 1
    return kept


def window_of(registry: str) -> str:
    """The code of a registry's window for other registries' cases."""
    return next(window.code for window in lookup.windows(registry) if window.is_cross_registry)
