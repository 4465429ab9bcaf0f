"""What is to be reported about a recording, written down in the recording's own transaction (G9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.timezone import localdate

from tongban.domain.codes import CaseNo
from tongban.domain.numbering import flow_no
from tongban.register.requests import Recording
from tongban.reporting import case_facts
from tongban.reporting.case_facts import CaseFacts, Part
from tongban.reporting.models import Upload

__all__ = ["CaseFacts", "Part", "queue_upload"]


def queue_upload(case_no: str, registry: str, parts: Sequence[Part], facts: CaseFacts, *, recording: Recording) -> None:
    """One message per part is to go to the national platform; a duty makes and sends it.  No network here.

    Call it in the recording transaction: a recording without its upload, or the other way round, cannot be.  Called
    again for the same case it changes nothing.
    """
    assert connection.in_atomic_block, "an upload is queued together with the recording, or not at all"
    assert parts, "a recording has at least one registration to report"
    units = {entry.unit_code for entry in recording.entries}
    assert {part.unit_code for part in parts} <= units, "a report about a unit nothing was recorded for"
    at: datetime = recording.recorded_at
    wire = case_facts.to_wire(facts)
    Upload.objects.bulk_create(
        [
            Upload(
                case_no=case_no,
                flow_no=flow_no(CaseNo(case_no), position, len(parts)),
                unit_code=part.unit_code,
                registry=registry,
                registration=part.registration.value,
                subject=part.subject.value,
                others=[one.subject.value for one in parts if one.unit_code == part.unit_code and one is not part],
                recorded_at=at,
                recorded_on=localdate(at),
                facts=wire,
                next_try_at=at,
            )
            for position, part in enumerate(parts, start=1)
        ],
        ignore_conflicts=True,
    )
