"""Two registries, a window outlet and a court for the tests of the exchange, with keys, agreement and authorization."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from tongban.access.actors import Actor, ActorKind, HeldRole
from tongban.access.models import ConfidentialityAgreement
from tongban.access.permissions import Role
from tongban.directory.models import Institution, Site
from tongban.directory.recent import forget_kept
from tongban.domain import messages
from tongban.exchange import authorizations, envelope, outbox
from tongban.exchange.authorizations import Terms
from tongban.exchange.contract.handover import HandoverPackage, PartyBody, WindowBody
from tongban.exchange.contract.judicial import JudicialOrder
from tongban.exchange.contract.restriction import RestrictionCheckRequest
from tongban.exchange.contract.status import StatusReport
from tongban.exchange.envelope import Heading, Signed
from tongban.exchange.models import OutboxMessage
from tongban.vault import keys
from tongban.vault.keys import Signature

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
WINDOW = "registry-410100"
OUTLET = "outlet-410100-01"
HOME = "registry-410526"
COURT = "court-410526"
PROVINCE = "province-410000"
ALL = (WINDOW, OUTLET, HOME, COURT, PROVINCE)
ITEM, CHANNEL = "S13", "window"
UNIT = "410526001002GB00001F00010001"
TERMS = Terms((ITEM,), (CHANNEL,), date(2026, 1, 1), date(2027, 12, 31), "豫自然资授〔2026〕1号")
ADMIN = Actor(
    ActorKind.STAFF,
    "sheng_admin",
    "省管理员",
    PROVINCE,
    frozenset({HeldRole(Role.PROVINCE_ADMIN, PROVINCE)}),
    "127.0.0.1",
)


def later(seconds: float, start: datetime = NOW) -> datetime:
    return start + timedelta(seconds=seconds)


def found(sites: Mapping[str, str] | None = None, now: datetime = NOW) -> None:
    """Institutions with keys, all here unless `sites` says where; no authorization yet."""
    elsewhere = sites or {}
    Site.objects.update_or_create(code=settings.TONGBAN_SITE_CODE, defaults={"is_self": True})
    for code in ALL:
        kind, division = code.split("-")[:2]
        site = elsewhere.get(code, settings.TONGBAN_SITE_CODE)
        Site.objects.get_or_create(code=site)
        Institution.objects.create(
            code=code,
            kind=kind,
            name_zh=f"{division}的{kind}",
            short_zh=division,
            division_code=division,
            site_code=site,
            parent_code=WINDOW if code == OUTLET else "",
            address_zh="河南省某路1号",
            phone="0371-12345678",
        )
        if site == settings.TONGBAN_SITE_CODE:
            keys.create_key(code, now - timedelta(days=1), valid_from=now - timedelta(days=1))
    forget_kept()


def agree() -> None:
    """A confidentiality agreement between the two registries."""
    ConfidentialityAgreement.objects.create(
        kind="registry", first=WINDOW, second=HOME, document_no="密〔2026〕1号",
        signed_on=date(2025, 12, 1), valid_from=date(2026, 1, 1), valid_until=date(2027, 12, 31),
    )  # fmt: skip


def authorize() -> int:
    """The home registry lets the window's registry receive; returns the grant's number."""
    agree()
    return authorizations.grant(HOME, WINDOW, TERMS, ADMIN, now=NOW)


def handover(application_no: str = "SJ-1", now: datetime = NOW) -> HandoverPackage:
    return HandoverPackage(
        application_no=application_no,
        service_item=ITEM,
        channel=CHANNEL,
        receiving_registry=WINDOW,
        home_registry=HOME,
        window=WindowBody(code="window-410100-01", name="郑州通办专窗"),
        received_at=now,
        units=(UNIT,),
        certificate_no="豫（2026）滑县不动产权第0000001号",
        parties=(PartyBody(role="holder", name="张小花", id_kind="id_card", id_no="410526199001011237"),),
        form={"new_name": "张晓花"},
    )


def status(application_no: str = "SJ-1", state: str = "ACCEPTED") -> StatusReport:
    return StatusReport(application_no=application_no, case_no="YWH1", state=state, state_zh="已受理", happened_at=NOW)


def order(order_no: str = "CX-1") -> JudicialOrder:
    return JudicialOrder(
        order_no=order_no, court="滑县人民法院", court_case_no="（2026）豫0526执1号", kind="seizure", units=(UNIT,),
        delivered_at=NOW,
    )  # fmt: skip


def check_request(unit_code: str = UNIT) -> RestrictionCheckRequest:
    return RestrictionCheckRequest(
        unit_code=unit_code,
        certificate_no="豫（2026）滑县不动产权第0000001号",
        holder_name="张小花",
        holder_id_no="410526199001011237",
        service_item=ITEM,
        channel=CHANNEL,
        purpose="收件前核验",
        application_no="SJ-1",
    )


def send_status(subject: str = "SJ-1", *, count: int = 1, now: datetime = NOW) -> list[str]:
    """Status reports from the home registry to the window, in one transaction; their ids."""
    with transaction.atomic():
        return [
            outbox.send(
                messages.CASE_STATUS,
                sender=HOME,
                to=WINDOW,
                subject=subject,
                body=status(subject, f"S{number}"),
                now=now,
            )
            for number in range(1, count + 1)
        ]


def send_handover(subject: str = "SJ-1", now: datetime = NOW) -> str:
    with transaction.atomic():
        return outbox.send(
            messages.CASE_HANDOVER, sender=WINDOW, to=HOME, subject=subject, body=handover(subject, now), now=now
        )


def sent(message_id: str) -> Signed:
    """The signed bytes of a message in our outbox."""
    row = OutboxMessage.objects.get(message_id=message_id)
    return Signed(row.content, Signature(row.algorithm, row.key_id, bytes(row.signature)))


def signed_status(seq: int = 1, subject: str = "SJ-1", **changes: object) -> Signed:
    """A status report made by hand, outside the outbox; `changes` override the heading or name another signer."""
    facts = {"source": HOME, "to": WINDOW, "time": NOW, "state": f"S{seq}", "kind": messages.CASE_STATUS, **changes}
    source, to, time = str(facts["source"]), str(facts["to"]), facts["time"]
    assert isinstance(time, datetime)
    identity = str(changes.get("id", envelope.message_id(source, to, subject, seq)))
    heading = Heading(identity, str(facts["kind"]), source, to, subject, seq, time)
    content = envelope.build(heading, status(subject, str(facts["state"])).to_wire())
    return envelope.sign(str(changes.get("signer", source)), content, time)
