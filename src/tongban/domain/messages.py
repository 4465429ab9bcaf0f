"""Every kind of message between institutions: who may send it, to whom, and what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongban.domain.codes import InstitutionKind

CASE_HANDOVER: Final = "case.handover"
CASE_STATUS: Final = "case.status"
CASE_SUPPLEMENT: Final = "case.supplement"
CASE_WITHDRAWAL: Final = "case.withdrawal"
RESTRICTION_CHECK: Final = "restriction.check"
REGISTER_QUERY: Final = "register.query"
REGISTER_QUERY_PAPER: Final = "register.query_paper"
JUDICIAL_ORDER: Final = "judicial.order"
JUDICIAL_RECEIPT: Final = "judicial.receipt"


@dataclass(frozen=True, slots=True)
class MessageKind:
    """One kind of message.

    `subject_zh` says what the subject line holds; messages of one subject are processed in their order.
    `needs_authorization`: the home registry must have authorised the other side (收件授权) for the service item.
    `is_question`: answered at once over `exchange.ask`, never queued.
    """

    name: str
    name_zh: str
    subject_zh: str
    sender_kinds: frozenset[InstitutionKind]
    receiver_kinds: frozenset[InstitutionKind]
    needs_authorization: bool
    is_question: bool = False


_REGISTRY = frozenset({InstitutionKind.REGISTRY})
_RECEIVING = frozenset({InstitutionKind.REGISTRY, InstitutionKind.OUTLET, InstitutionKind.PROVINCE})
_COURT = frozenset({InstitutionKind.COURT})

_KINDS = (
    MessageKind(CASE_HANDOVER, "收件移交", "收件编号", _RECEIVING, _REGISTRY, needs_authorization=True),
    MessageKind(CASE_STATUS, "办理进度", "收件编号", _REGISTRY, _RECEIVING, needs_authorization=False),
    MessageKind(CASE_SUPPLEMENT, "补正材料", "收件编号", _RECEIVING, _REGISTRY, needs_authorization=True),
    MessageKind(CASE_WITHDRAWAL, "撤回申请", "收件编号", _RECEIVING, _REGISTRY, needs_authorization=False),
    MessageKind(
        RESTRICTION_CHECK,
        "限制情况核验",
        "不动产单元代码",
        _RECEIVING,
        _REGISTRY,
        needs_authorization=True,
        is_question=True,
    ),
    MessageKind(
        REGISTER_QUERY, "登记资料查询", "查询编号", _RECEIVING, _REGISTRY, needs_authorization=True, is_question=True
    ),
    MessageKind(
        REGISTER_QUERY_PAPER,
        "查询结果证明",
        "查询编号",
        _RECEIVING,
        _REGISTRY,
        needs_authorization=True,
        is_question=True,
    ),
    MessageKind(JUDICIAL_ORDER, "协助执行通知", "请求单号", _COURT, _REGISTRY, needs_authorization=False),
    MessageKind(JUDICIAL_RECEIPT, "协助执行回执", "请求单号", _REGISTRY, _COURT, needs_authorization=False),
)

MESSAGE_KINDS: Final[Mapping[str, MessageKind]] = MappingProxyType({kind.name: kind for kind in _KINDS})
assert len(MESSAGE_KINDS) == len(_KINDS), "a message kind is listed twice"
