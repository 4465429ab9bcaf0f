"""The bodies of messages: what is kept, what is refused, what bytes they become."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from tongban.domain.decision import Fact, Finding, Place, Reason, Refusal, Verdict
from tongban.domain.messages import MESSAGE_KINDS
from tongban.exchange.contract import limits
from tongban.exchange.contract.handover import HandoverPackage, PartyBody, WindowBody
from tongban.exchange.contract.kinds import ANSWERS, BODIES, schemas, subject_of
from tongban.exchange.contract.messages_page import messages_page
from tongban.exchange.contract.receipt import RefusalCode
from tongban.exchange.contract.restriction import RestrictionCheckAnswer
from tongban.exchange.contract.status import StatusReport

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
REASON = Reason("R01", "什么", "为什么", "依据", "办法")


def handover(**changes: object) -> HandoverPackage:
    facts: dict[str, object] = {
        "application_no": "SJ-1",
        "service_item": "S13",
        "channel": "window",
        "receiving_registry": "registry-410100",
        "home_registry": "registry-410526",
        "window": WindowBody(code="w", name="窗口"),
        "received_at": NOW,
        "units": ("410526001002GB00001F00010001",),
        "certificate_no": "",
        "parties": (PartyBody(role="holder", name="张小花", id_kind="id_card", id_no="410526199001011237"),),
        "form": {"new_name": "张晓花"},
    }
    return HandoverPackage.model_validate(facts | changes)


def test_a_body_is_the_same_after_its_bytes_were_read() -> None:
    body = handover()

    again = HandoverPackage.model_validate(json.loads(body.to_bytes()))

    assert again == body
    assert again.to_bytes() == body.to_bytes()


def test_fields_of_a_later_version_are_kept() -> None:
    wire = handover().to_wire() | {"drone_picture": {"digest": "ab"}}
    wire["parties"][0]["nickname"] = "花花"

    again = HandoverPackage.model_validate(wire)

    assert again.to_wire() == wire


def test_an_instant_is_written_in_universal_time_and_read_with_any_zone() -> None:
    body = handover(received_at="2026-11-22T10:00:00+08:00")

    assert body.received_at == NOW
    assert body.to_wire()["received_at"] == "2026-11-22T02:00:00.000000Z"


@pytest.mark.parametrize("odd", ["2026-11-22T10:00:00", 1795312800, 1795312800.5, "yesterday", None])
def test_an_instant_without_a_zone_or_as_a_number_is_refused(odd: object) -> None:
    with pytest.raises(ValidationError):
        handover(received_at=odd)


@pytest.mark.parametrize(
    "changes",
    [{"units": ()}, {"parties": ()}, {"form": {"a": 1}}, {"form": {"a": "x" * 4001}}, {"units": ("u",) * 501}],
)
def test_a_handover_out_of_bounds_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        handover(**changes)


def test_a_float_never_becomes_bytes() -> None:
    with pytest.raises(TypeError):
        handover(area=96.5).to_bytes()


def test_a_refusal_travels_as_the_value_it_is() -> None:
    refusal = Refusal(REASON, (Fact("查封法院", "滑县人民法院"),), Place("滑县", "某路1号", "0372"))
    body = StatusReport(application_no="SJ-1", state="REFUSED", state_zh="不予登记", happened_at=NOW, refusal=refusal)

    again = StatusReport.model_validate(json.loads(body.to_bytes()))

    assert again.refusal == refusal


def test_findings_travel_as_the_values_they_are() -> None:
    finding = Finding("SEIZURE×ALTER_NAME", Verdict.REFUSE, REASON)
    body = RestrictionCheckAnswer(matched=True, verdict=Verdict.REFUSE, findings=(finding,), checked_at=NOW)

    again = RestrictionCheckAnswer.model_validate(json.loads(body.to_bytes()))

    assert (again.findings, again.verdict) == ((finding,), Verdict.REFUSE)


@pytest.mark.parametrize("odd", [{}, {"reason": "R01"}, "no", {"reason": REASON.to_wire()}])
def test_a_refusal_that_is_none_is_refused(odd: object) -> None:
    with pytest.raises(ValidationError):
        StatusReport.model_validate(
            {
                "application_no": "a",
                "state": "x",
                "state_zh": "x",
                "happened_at": "2026-11-22T02:00:00Z",
                "refusal": odd,
            }
        )


def test_a_day_is_a_day_and_not_a_moment() -> None:
    body = StatusReport(application_no="a", state="x", state_zh="x", happened_at=NOW, due_on=date(2026, 11, 30))

    assert body.to_wire()["due_on"] == "2026-11-30"
    with pytest.raises(ValidationError):
        StatusReport.model_validate(body.to_wire() | {"due_on": 20000})


def test_every_kind_has_a_body_a_subject_and_a_schema() -> None:
    published = schemas()

    assert set(published) == set(MESSAGE_KINDS) | {f"{name}.answer" for name in ANSWERS}
    for name, model in BODIES.items():
        assert published[name]["title"] == model.__name__
        assert published[name].get("additionalProperties") is True
    assert subject_of("case.handover", handover()) == "SJ-1"


def test_the_page_of_the_contract_names_every_kind_field_code_and_limit() -> None:
    page = messages_page()

    for name, model in BODIES.items():
        assert f"### `{name}`" in page
        assert all(f"| `{field}` |" in page for field in model.model_fields)
    assert all(f"| `{code}` |" in page for code in RefusalCode)
    assert f"| messages of a request | {limits.BATCH_MAX} |" in page
    assert all(len(row) <= 200 for row in page.splitlines() if row.startswith("|"))
