"""A site that handles nothing."""

from __future__ import annotations

from collections.abc import Mapping

from tongban.exchange.wires import Answering, Wire

MESSAGES: Mapping[str, Wire] = {}
QUESTIONS: Mapping[str, Answering] = {}
