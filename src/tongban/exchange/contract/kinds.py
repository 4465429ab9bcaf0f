"""Which body belongs to which kind of message, and the JSON Schemas that are published."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from tongban.domain import messages
from tongban.exchange.contract.body import Body
from tongban.exchange.contract.handover import HandoverPackage
from tongban.exchange.contract.judicial import JudicialOrder, OrderReceipt
from tongban.exchange.contract.register_query import (
    QueryPaperAnswer,
    QueryPaperRequest,
    RegisterQueryAnswer,
    RegisterQueryRequest,
)
from tongban.exchange.contract.restriction import RestrictionCheckAnswer, RestrictionCheckRequest
from tongban.exchange.contract.status import StatusReport
from tongban.exchange.contract.supplement import Supplement
from tongban.exchange.contract.withdrawal import Withdrawal

BODIES: Final[Mapping[str, type[Body]]] = MappingProxyType(
    {
        messages.CASE_HANDOVER: HandoverPackage,
        messages.CASE_STATUS: StatusReport,
        messages.CASE_SUPPLEMENT: Supplement,
        messages.CASE_WITHDRAWAL: Withdrawal,
        messages.RESTRICTION_CHECK: RestrictionCheckRequest,
        messages.REGISTER_QUERY: RegisterQueryRequest,
        messages.REGISTER_QUERY_PAPER: QueryPaperRequest,
        messages.JUDICIAL_ORDER: JudicialOrder,
        messages.JUDICIAL_RECEIPT: OrderReceipt,
    }
)
ANSWERS: Final[Mapping[str, type[Body]]] = MappingProxyType(
    {
        messages.RESTRICTION_CHECK: RestrictionCheckAnswer,
        messages.REGISTER_QUERY: RegisterQueryAnswer,
        messages.REGISTER_QUERY_PAPER: QueryPaperAnswer,
    }
)
# The field of the body that is the subject of the message, hence the line it belongs to.
SUBJECTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        messages.CASE_HANDOVER: "application_no",
        messages.CASE_STATUS: "application_no",
        messages.CASE_SUPPLEMENT: "application_no",
        messages.CASE_WITHDRAWAL: "application_no",
        messages.RESTRICTION_CHECK: "unit_code",
        messages.REGISTER_QUERY: "enquiry_no",
        messages.REGISTER_QUERY_PAPER: "enquiry_no",
        messages.JUDICIAL_ORDER: "order_no",
        messages.JUDICIAL_RECEIPT: "order_no",
    }
)

assert set(BODIES) == set(messages.MESSAGE_KINDS), "every kind of message has a body"
assert all(SUBJECTS[name] in model.model_fields for name, model in BODIES.items()), "every body has its subject"
assert set(ANSWERS) == {kind.name for kind in messages.MESSAGE_KINDS.values() if kind.is_question}, (
    "every question has the body of its answer"
)


def subject_of(kind: str, body: Body) -> str:
    """The subject a message with this body must have."""
    return str(getattr(body, SUBJECTS[kind]))


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema (2020-12) per kind; the answer of a question stands under `<kind>.answer`."""
    published = {name: model.model_json_schema() for name, model in BODIES.items()}
    published |= {f"{name}.answer": model.model_json_schema() for name, model in ANSWERS.items()}
    return published
