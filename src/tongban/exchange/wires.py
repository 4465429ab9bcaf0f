"""How a kind of message is handled: the table `config.wiring` fills, and what its functions are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

from tongban.domain.decision import Refusal
from tongban.exchange.contract.body import Body
from tongban.vault.blobs import BlobRef


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A received message whose bytes were verified and stored; `digest` is the SM3 of these bytes."""

    id: str
    kind: str
    source: str
    to: str
    subject: str
    seq: int
    signed_at: datetime
    received_at: datetime
    body: Body
    attachments: tuple[BlobRef, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Question:
    """A verified question; `now` is when it is being answered."""

    id: str
    kind: str
    source: str
    to: str
    subject: str
    asked_at: datetime
    now: datetime
    body: Body
    digest: str


def nothing(message: StoredMessage, now: datetime) -> None:
    """The step of a kind that has nothing to do at this moment."""


@dataclass(frozen=True, slots=True)
class Wire:
    """What happens to one kind of message.

    `arrive` runs in the transaction that stores the message, in order of arrival, so it must be quick and must not
    fail for reasons of content.  `process` runs later, once, in order of the subject; raising makes it run again
    and parks the message in the end.  Both write to the database only; whatever goes outside goes through an outbox.
    """

    model: type[Body]
    arrive: Callable[[StoredMessage, datetime], None] = nothing
    process: Callable[[StoredMessage, datetime], None] = nothing


Answering = Callable[[Question], Body | Refusal]


class Wiring(Protocol):
    """The module named by `settings.TONGBAN_WIRING`."""

    MESSAGES: Mapping[str, Wire]
    QUESTIONS: Mapping[str, Answering]


def wire_of(kind: str) -> Wire | None:
    """How this site handles a kind of message; None when it does not."""
    return _wiring(settings.TONGBAN_WIRING).MESSAGES.get(kind)


def answering_of(kind: str) -> Answering | None:
    """Who answers a kind of question here; None when nobody does."""
    return _wiring(settings.TONGBAN_WIRING).QUESTIONS.get(kind)


@cache
def _wiring(name: str) -> Wiring:
    return cast("Wiring", import_module(name))
