"""What the case hands over for its report, in the recording transaction: everything the register does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from tongban.departments.platform.port import Applicant, FeeLine, Handling, Paper, Review
from tongban.domain.terms import Registration, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """How the case came in, who applied with which papers, who reviewed, what was paid.

    `cause_zh` is the reason of registration where the entries do not state one.
    """

    item_zh: str
    cause_zh: str
    handling: Handling | None = None
    applicants: tuple[Applicant, ...] = ()
    papers: tuple[Paper, ...] = ()
    reviews: tuple[Review, ...] = ()
    fees: tuple[FeeLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One registration of one unit; a combined case has several for one unit."""

    unit_code: str
    registration: Registration
    subject: Subject


_FACTS = TypeAdapter(CaseFacts)


def to_wire(facts: CaseFacts) -> object:
    """The facts as JSON values."""
    return _FACTS.dump_python(facts, mode="json")


def from_wire(wire: Mapping[str, object]) -> CaseFacts:
    """The facts that `to_wire` wrote."""
    return _FACTS.validate_python(wire)
