"""What courts send in demonstrations and stories: orders as the court's own system would put them on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.permissions import Role
from tongban.cli.people import Flat
from tongban.cli.stage import COURT, HUAXIAN, Account
from tongban.domain.messages import JUDICIAL_ORDER
from tongban.exchange import outbox
from tongban.exchange.contract.judicial import CourtDocument, JudicialOrder, OfficerBody
from tongban.judicial.ordered import Kind
from tongban.vault.blobs import BlobRef

FIRST_OFFICER = Account(
    "hx.court", "雷正明", HUAXIAN, (Role.JUDICIAL_OFFICER,), "滑县协助执行：看法院的通知，提出怎么办"
)
SECOND_OFFICER = Account(
    "hx.court2", "童玉梅", HUAXIAN, (Role.JUDICIAL_OFFICER,), "滑县协助执行：核准另一个人提出的意见"
)
RULINGS: Final = {Kind.RELEASE.value: "解除查封裁定书", Kind.TRANSFER.value: "成交裁定书"}


def order(order_no: str, court_case_no: str, units: tuple[str, ...], now: datetime, **said: object) -> JudicialOrder:
    """One order with its papers and officers; `said` are further fields of `JudicialOrder`, the kind a seizure."""
    kind = str(said.pop("kind", Kind.SEIZURE.value))
    return JudicialOrder.model_validate(
        {
            "order_no": order_no,
            "court": COURT,
            "court_case_no": court_case_no,
            "kind": kind,
            "units": units,
            "officers": (OfficerBody(name="金远", work_permit_no="豫0526-017", execution_permit_no="豫执0526-017"),),
            "documents": (
                CourtDocument(kind=RULINGS.get(kind, "裁定书"), number=court_case_no),
                CourtDocument(kind="协助执行通知书", number=f"{court_case_no}之一"),
            ),
            "delivered_at": now,
            **said,
        }
    )


def send(body: JudicialOrder, now: datetime, court: str = COURT, *, attachments: Sequence[BlobRef] = ()) -> None:
    """Put the order into the court's outbox, with the scans of its papers."""
    with transaction.atomic():
        outbox.send(
            JUDICIAL_ORDER, sender=court, to=HUAXIAN, subject=body.order_no, body=body, attachments=attachments, now=now
        )  # fmt: skip


def send_seizure(flat: Flat, court_case_no: str, *, order_no: str, now: datetime) -> None:
    """滑县人民法院 orders the seizure of a flat for three years."""
    today = localdate(now)
    until = date(today.year + 3, today.month, min(today.day, 28))
    send(order(order_no, court_case_no, (flat.unit_code,), now, period_from=today, period_until=until), now)
