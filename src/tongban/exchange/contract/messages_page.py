"""The page docs/reference/messages.md, written from the contract's models and limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tongban.domain.messages import MESSAGE_KINDS, MessageKind
from tongban.exchange.contract import limits
from tongban.exchange.contract.body import ROWS_MAX, TEXT_MAX, Body
from tongban.exchange.contract.kinds import ANSWERS, BODIES, SUBJECTS
from tongban.exchange.contract.receipt import RefusalCode

_HEAD = """# Messages between institutions

Written from `tongban.exchange.contract` and `tongban.domain.messages` by
`tongban.exchange.contract.messages_page`; change those, not this page. Why it works this way:
[How messages travel](../explanation/messages.md). A running site publishes the same as JSON Schema at
`/api/exchange/schemas` and as OpenAPI at `/api/openapi.json`.
"""

_ENVELOPE = """## The envelope

CloudEvents JSON, canonical (keys sorted, no blanks, NFC, no floats). The signature stands beside the bytes and covers
exactly these bytes; a receiver keeps and checks the bytes as they came.

| field | meaning |
|---|---|
| `specversion` | `1.0` |
| `id` | of this message, for ever; together with `source` it names it |
| `source`, `to` | institution codes |
| `type` | the kind, one of the table above |
| `subject` | what the message is about; equals the field of the body named above |
| `time` | when it was signed, UTC with microseconds |
| `datacontenttype` | `application/json` |
| `seq` | 1, 2, 3 … per (source, to, subject); 0 for questions and answers |
| `attachments` | list of `digest` (SM3 of the plaintext), `size`, `mediatype`, `name` |
| `data` | the body |
| `inreplyto`, `questiondigest` | only in answers: id of the question and SM3 of its bytes |

On the wire a signed thing is `{"content": base64 of the bytes, "alg": "sm2sm3", "keyid", "signature": base64}`.

## The receipt

The receiver's signed answer to one message: `type` = `exchange.receipt`, `message_id`, `digest` (SM3 of the message),
`issuer`, `to`, `subject`, `seq`, `outcome`, `received_at`; a refusal adds `code`, `message_zh` and, for a missing
authorization, `refusal`. `outcome` is `stored` or `refused`. A message that may succeed later gets no receipt but
`later_code` and `later_zh`.
"""

_REFUSALS: dict[RefusalCode, str] = {
    RefusalCode.MALFORMED: "the bytes are no envelope",
    RefusalCode.WRONG_RECEIVER: "the receiver is not hosted at this site",
    RefusalCode.SENDER_UNKNOWN: "the directory does not know the sender",
    RefusalCode.BAD_SIGNATURE: "bytes, key, or time do not fit the signature",
    RefusalCode.KIND_UNKNOWN: "this site does not handle the kind",
    RefusalCode.KIND_NOT_ALLOWED: "this sender does not send the kind to this receiver",
    RefusalCode.BODY_INVALID: "the body breaks its schema, or its subject is not the envelope's",
    RefusalCode.NOT_AUTHORIZED: "no authorization in force; `refusal` says which reason",
    RefusalCode.FORGED_DUPLICATE: "the id is known with other bytes",
    RefusalCode.SEQ_TAKEN: "the place in the line is taken by another message",
    RefusalCode.ATTACHMENT_MISMATCH: "an attachment has another size than listed",
}
assert set(_REFUSALS) == set(RefusalCode), "every refusal code is explained"

_HTTP = """## HTTP between sites

| request | body | answer |
|---|---|---|
| `POST /api/exchange/messages` | `{"messages": [signed, …]}` | `{"results": […]}`, one per message, same order |
| `POST /api/exchange/questions` | signed question | signed answer, `type` = kind + `.answer` or `.refusal` |
| `HEAD /api/exchange/attachments/{digest}` | – | the three headers `Tongban-Upload-…` |
| `PUT /api/exchange/attachments/{digest}` | the next bytes of the ciphertext | `{"state", "offset", "sealed_digest"}` |
| `GET /api/exchange/schemas` | – | JSON Schema per kind; not signed |

A result is `{"receipt": signed}` or `{"later_code", "later_zh"}`. The query of `HEAD` is `receiver`; that of `PUT` is
`receiver`, `name`, `media_type`, `sealed_digest`, `sealed_size`, `offset`. `Tongban-Upload-State` is `complete` or
`partial`, `Tongban-Upload-Offset` says where to go on, `Tongban-Upload-Sealed-Digest` with which ciphertext.

Every request but the last carries six headers; so does every answer:

| header | meaning |
|---|---|
| `Tongban-Signer` | an institution hosted at the site that signs |
| `Tongban-Key`, `Tongban-Algorithm` | key id, `sm2sm3` |
| `Tongban-Time` | UTC, ISO 8601 |
| `Tongban-Nonce` | of the request; the answer repeats it |
| `Tongban-Signature` | base64, over the lines below joined by line feeds, in UTF-8 |

| signed lines of a request | signed lines of an answer |
|---|---|
| `tongban request 1` | `tongban answer 1` |
| signer | signer |
| method | status |
| path with query, as sent | SM3 of the body, hexadecimal |
| SM3 of the body, hexadecimal | the three `Tongban-Upload-…` headers joined by blanks; empty without them |
| nonce | nonce |
| time | time |

Errors are signed too: `{"code", "message_zh"}` with 401 (not signed well, wrong time, replayed), 404 (not here), 413
(too large), 422 (not understood), 429 (too many), 503 (not now).

An attachment is encrypted for its receiver as `vault.keys.encrypt_for` describes and sent in parts. The same
`sealed_digest` goes on at the offset the answer names; another one begins anew.
"""


def messages_page() -> str:
    """The whole page in Markdown."""
    parts = [_HEAD, "## Kinds\n", _kinds(), _ENVELOPE, _refusals(), _HTTP, "## Limits\n", _limits(), "## Bodies\n"]
    parts += [_BODIES.format(text=TEXT_MAX, rows=ROWS_MAX), *_bodies()]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


_BODIES = """Fields a receiver does not know are kept and passed on. A text has at most {text} characters, a list at most {rows}
rows unless said otherwise. Instants are UTC text with microseconds, days `YYYY-MM-DD`, areas and shares text.
"""


def _kinds() -> str:
    rows = [
        "| kind | 名称 | from | to | subject 主题 | needs authorization | question |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join(rows + [_kind(kind) for kind in MESSAGE_KINDS.values()])


def _kind(kind: MessageKind) -> str:
    senders, receivers = (
        ", ".join(sorted(value.value for value in side)) for side in (kind.sender_kinds, kind.receiver_kinds)
    )
    subject = f"`{SUBJECTS[kind.name]}` {kind.subject_zh}"
    answers = ("yes" if kind.needs_authorization else "–", "yes" if kind.is_question else "–")
    return f"| `{kind.name}` | {kind.name_zh} | {senders} | {receivers} | {subject} | {answers[0]} | {answers[1]} |"


def _refusals() -> str:
    rows = ["Codes of a refusal for good:\n", "| code | when |", "|---|---|"]
    return "\n".join(rows + [f"| `{code.value}` | {meaning} |" for code, meaning in _REFUSALS.items()])


def _limits() -> str:
    rows = (
        ("envelope", _size(limits.ENVELOPE_BYTES_MAX)),
        ("attachments of a message", str(limits.ATTACHMENTS_MAX)),
        ("one attachment", _size(limits.ATTACHMENT_BYTES_MAX)),
        ("one part of an attachment", _size(limits.PART_BYTES_MAX)),
        ("unfinished uploads of a partner", str(limits.UPLOADS_OPEN_MAX)),
        ("how long an upload nobody continues is kept", _duration(limits.UPLOAD_AGE_MAX.total_seconds())),
        ("messages of a request", str(limits.BATCH_MAX)),
        ("body of a request with messages", _size(limits.MESSAGES_BODY_MAX)),
        ("body of a request with a question", _size(limits.QUESTION_BODY_MAX)),
        ("requests of a partner a minute, per worker process", f"{limits.REQUESTS_PER_MINUTE_MAX:,}"),
        ("clock difference of a request or answer", _duration(limits.CLOCK_SKEW_MAX.total_seconds())),
        ("age of a question", _duration(limits.QUESTION_AGE_MAX.total_seconds())),
        ("how far a sender's clock may be ahead", _duration(limits.CLOCK_AHEAD_MAX.total_seconds())),
        ("wait for an answer to a question", _duration(limits.QUESTION_TIMEOUT_S)),
        ("wait for the answer to a batch", _duration(limits.MESSAGES_TIMEOUT_S)),
        ("longest pause before a message is sent again", _duration(limits.BACKOFF_MAX_S)),
        ("lease of a batch", _duration(limits.LEASE_S)),
        ("attempts to process before parking", str(limits.PROCESS_ATTEMPTS_MAX)),
    )
    return "\n".join(["| what | at most |", "|---|---|"] + [f"| {what} | {limit} |" for what, limit in rows])


def _size(size: int) -> str:
    return f"{size // limits.MIB} MiB"


def _duration(seconds: float) -> str:
    if seconds > 3600:
        return f"{seconds / 3600:g} h"
    return f"{seconds / 60:g} min" if seconds > 60 else f"{seconds:g} s"


def _bodies() -> Iterator[str]:
    for name, model in BODIES.items():
        yield f"### `{name}` – {MESSAGE_KINDS[name].name_zh}\n"
        yield from _body(model)
        if name in ANSWERS:
            yield f"### `{name}.answer`\n"
            yield from _body(ANSWERS[name])


def _body(model: type[Body]) -> Iterator[str]:
    schema = model.model_json_schema()
    yield _table(schema)
    for title, part in schema.get("$defs", {}).items():
        if part.get("type") == "object":
            yield f"`{title}`:\n"
            yield _table(part)


def _table(schema: dict[str, Any]) -> str:
    text = " ".join(schema.get("description", "").split())
    required = set(schema.get("required", ()))
    rows = [f"{text}\n", "| field | value | required |", "|---|---|---|"]
    for name, field in schema["properties"].items():
        rows.append(f"| `{name}` | {_type(field)} | {'yes' if name in required else '–'} |")
    return "\n".join(rows) + "\n"


def _type(field: dict[str, Any]) -> str:
    """A field's type in words; nested objects by their name."""
    if "anyOf" in field:
        return " or ".join(_type(part) for part in field["anyOf"])
    if "$ref" in field:
        return f"`{field['$ref'].rsplit('/', 1)[-1]}`"
    if "allOf" in field:
        return _type(field["allOf"][0])
    if "enum" in field:
        return " / ".join(f"`{value}`" for value in field["enum"])
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    if field.get("type") == "object":
        inner = field.get("additionalProperties")
        return f"object of {_type(inner)}" if isinstance(inner, dict) else "object " + _names(field)
    names = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}
    name = names.get(field.get("type", ""), "any")
    return {"date-time": "instant", "date": "day"}.get(field.get("format", ""), name)


def _names(field: dict[str, Any]) -> str:
    return "{" + ", ".join(f"`{name}`" for name in field.get("properties", {})) + "}"
