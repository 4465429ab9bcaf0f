"""`/api/exchange`: deliver messages, upload attachments, ask questions, read the published schemas."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, ValidationError

from tongban.api.signing import Call, Reply, signed
from tongban.domain.errors import BadReply
from tongban.exchange import attachments, envelope, inbox, questions, transport
from tongban.exchange.contract.body import Body
from tongban.exchange.contract.kinds import schemas
from tongban.exchange.contract.limits import BATCH_MAX, MESSAGES_BODY_MAX, PART_BYTES_MAX, QUESTION_BODY_MAX
from tongban.exchange.envelope import Signed
from tongban.exchange.receipts import Later, Receipt
from tongban.exchange.transport import Part, ResultsWire, StateWire

router = Router(tags=["exchange"])


class SignedWire(Body):
    """Bytes in base64 and the detached SM2 signature (`sm2sm3`) over exactly these bytes."""

    content: str
    alg: str
    keyid: str
    signature: str


class BatchWire(Body):
    """Messages to deliver, in order."""

    messages: Annotated[tuple[dict[str, Any], ...], Field(min_length=1, max_length=BATCH_MAX)]


def _json_body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _query(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "required": True, "schema": {"type": "string"}} for name in names]


_SIGNED_SCHEMA = SignedWire.model_json_schema()
_BATCH_SCHEMA = {
    "type": "object",
    "required": ["messages"],
    "properties": {"messages": {"type": "array", "minItems": 1, "maxItems": BATCH_MAX, "items": _SIGNED_SCHEMA}},
}


@router.post(
    "/messages", response=ResultsWire, openapi_extra=_json_body(_BATCH_SCHEMA), operation_id="deliver_messages"
)
def deliver_messages(request: HttpRequest) -> HttpResponse:
    """Deliver up to 50 signed messages; each is answered by a signed receipt, or by why to send it again later."""
    return signed(request, _deliver, body_bytes_max=MESSAGES_BODY_MAX)


@router.post("/questions", response=SignedWire, openapi_extra=_json_body(_SIGNED_SCHEMA), operation_id="ask_question")
def ask_question(request: HttpRequest) -> HttpResponse:
    """Ask one signed question; the signed answer comes back at once."""
    return signed(request, _answer, body_bytes_max=QUESTION_BODY_MAX)


@router.api_operation(
    ["HEAD"],
    "/attachments/{digest}",
    openapi_extra={"parameters": _query("receiver")},
    operation_id="attachment_state",
)
def attachment_state(request: HttpRequest, digest: str) -> HttpResponse:
    """How much of an attachment is here: headers `Tongban-Upload-State`, `-Offset` and `-Sealed-Digest`."""
    return signed(request, lambda call: _state(call, digest), body_bytes_max=0)


@router.put(
    "/attachments/{digest}",
    response=StateWire,
    openapi_extra={"parameters": _query("receiver", "name", "media_type", "sealed_digest", "sealed_size", "offset")},
    operation_id="upload_attachment",
)
def upload_attachment(request: HttpRequest, digest: str) -> HttpResponse:
    """Upload up to 1 MiB of an attachment's ciphertext at an offset; the answer says where to go on."""
    return signed(request, lambda call: _take_part(call, digest), body_bytes_max=PART_BYTES_MAX)


@router.get("/schemas", response=dict[str, Any], operation_id="message_schemas")
def message_schemas(request: HttpRequest) -> dict[str, Any]:
    """JSON Schema of every kind of message, and of every question's answer under `<kind>.answer`."""
    return schemas()


def _deliver(call: Call) -> Reply:
    try:
        batch = BatchWire.model_validate(_json(call))
    except ValidationError as error:
        raise envelope.malformed("batch_malformed", error) from None
    return Reply({"results": [_deliver_one(wire, call) for wire in batch.messages]})


def _deliver_one(wire: dict[str, Any], call: Call) -> dict[str, Any]:
    try:
        message = Signed.from_wire(wire)
    except BadReply as error:
        return _result(Later(error.code, error.message_zh))
    return _result(inbox.take(message, call.now))


def _result(answer: Receipt | Later) -> dict[str, Any]:
    if isinstance(answer, Later):
        return {"receipt": None, "later_code": answer.code, "later_zh": answer.message_zh}
    return {"receipt": answer.signed.to_wire(), "later_code": "", "later_zh": ""}


def _answer(call: Call) -> Reply:
    return Reply(questions.answer(Signed.from_wire(_json(call)), call.now).to_wire())


def _state(call: Call, digest: str) -> Reply:
    state = attachments.state_of(call.query.get("receiver", ""), digest, call.partner)
    return Reply(headers=transport.state_headers(state))


def _take_part(call: Call, digest: str) -> Reply:
    state = attachments.accept_part(_part(call, digest), call.body, call.partner, call.now)
    return Reply(
        {
            "state": "complete" if state.is_complete else "partial",
            "offset": state.offset,
            "sealed_digest": state.sealed_digest,
        }
    )


def _part(call: Call, digest: str) -> Part:
    try:
        return Part(
            receiver=call.query["receiver"],
            digest=digest,
            name=call.query["name"],
            media_type=call.query["media_type"],
            sealed_digest=call.query["sealed_digest"],
            sealed_size=int(call.query["sealed_size"]),
            offset=int(call.query["offset"]),
        )
    except (KeyError, ValueError) as error:
        raise BadReply("part_malformed", f"附件分段的参数不完整或不是整数：{error}。") from None


def _json(call: Call) -> Any:
    try:
        return envelope.read_json(call.body, bytes_max=MESSAGES_BODY_MAX)
    except ValueError:
        raise BadReply("body_malformed", "请求内容不是合格的 JSON。") from None
