"""What an officer can do with a case from its page: one move at hand, the others a page away, each with its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from tongban.cases.queries import CaseView
from tongban.desk.cases.forms import EvidenceForm, MoveForm


@dataclass(frozen=True, slots=True)
class Card:
    """One move as it is offered: its button, its letter, and whether it is made on the page itself."""

    action: str
    label_zh: str
    kind: str
    key: str
    is_direct: bool = False


_CARDS: Final = (
    Card("accept", "受理", "primary", "a", is_direct=True),
    Card("publish", "发布公告…", "primary", "a"),
    Card("approve_first", "初审通过", "primary", "a", is_direct=True),
    Card("approve_second", "复审通过", "primary", "a", is_direct=True),
    Card("record", "登簿…", "primary", "a"),
    Card("archive", "归档", "primary", "a", is_direct=True),
    Card("resume", "继续办理…", "primary", "a"),
    Card("ask_correction", "一次告知补正…", "quiet", "c"),
    Card("return_to_first", "退回初审…", "quiet", "r"),
    Card("suspend", "暂停办理…", "quiet", "s"),
    Card("withdraw", "纸质撤回…", "quiet", "w"),
    Card("not_accept", "不予受理…", "refuse", "x"),
    Card("refuse", "不予登记…", "refuse", "x"),
)
LOOKED_AT: Final = frozenset({"accept", "publish", "approve_first", "approve_second", "record"})  # proofs are confirmed
CARDS: Final[Mapping[str, Card]] = MappingProxyType({card.action: card for card in _CARDS})


@dataclass(frozen=True, slots=True)
class Hand:
    """Everything on offer for one case: the direct move with its form, and links to the pages of the others."""

    card: Card | None
    form: MoveForm | None
    url: str
    links: Sequence[tuple[Card, str]]
    own_review_zh: str = ""


def move_url(case_no: str, action: str, queue: str) -> str:
    """Where a move is made or its page stands."""
    return f"{reverse('desk:case_move', args=[case_no, action])}?{urlencode({'queue': queue})}"


def hand(view: CaseView, username: str, queue: str, form: MoveForm | None = None) -> Hand:
    """The moves this officer has on this case; `form` is the sent one when it came back with errors."""
    is_own = "approve_second" in view.actions and username == view.first_reviewer
    needs_notice = awaits_notice(view)
    offered = [card for card in _CARDS if card.action in view.actions and not (is_own and card.key == "a")]
    offered = [card for card in offered if card.action != ("approve_first" if needs_notice else "publish")]
    direct = next((card for card in offered if card.is_direct), None)
    return Hand(
        card=direct,
        form=(form or move_form(view, direct.action)) if direct else None,
        url=move_url(view.case_no, direct.action, queue) if direct else "",
        links=[(card, move_url(view.case_no, card.action, queue)) for card in offered if not card.is_direct],
        own_review_zh="这件是您初审的，复审要由另一位复审人员办理。" if is_own else "",
    )


def awaits_notice(view: CaseView) -> bool:
    """Whether the case needs a public notice that has not been published yet."""
    has_one = any(move.action == "publish" for move in view.moves)
    return not has_one and view.item.notice_for(view.form) is not None


def move_form(view: CaseView, action: str, sent: QueryDict | None = None) -> MoveForm:
    """The form of a move, sent or fresh; where findings hang on it, it asks for the proofs that open the way."""
    if action not in LOOKED_AT:
        return MoveForm(sent) if sent is not None else MoveForm.fresh(view.state.value)
    findings, claims = view.decision.findings, view.claims
    if sent is None:
        return EvidenceForm.fresh(view.state.value, findings=findings, claims=claims)
    return EvidenceForm(sent, findings=findings, claims=claims)
