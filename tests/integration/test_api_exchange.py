"""The machine door: signed requests only, each once, in time, within limits; every answer signed.

Requests are put together here by the published rule, not by the product's own client.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests import exchange_wiring as wiring
from tests import exchange_world as world
from tests.exchange_world import COURT, HOME, WINDOW

from tongban.directory.models import Institution, Site
from tongban.domain import messages
from tongban.exchange import attachments, envelope, http_auth, inbox, receipts
from tongban.exchange.contract import limits
from tongban.exchange.contract.restriction import RestrictionCheckAnswer
from tongban.exchange.envelope import Heading, Signed
from tongban.exchange.models import AttachmentPart, AttachmentUpload, HttpNonce, InboxMessage
from tongban.vault import blobs, keys
from tongban.vault.keys import Signature
from tongban.vault.sm3 import sm3_hex

pytestmark = pytest.mark.django_db
PARTNER = "registry-410100"  # hosted at site-b, which signs its requests with it
MESSAGES = "/api/exchange/messages"


@pytest.fixture(autouse=True)
def here(db: None, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_WIRING = "tests.exchange_wiring"
    settings.ROOT_URLCONF = "tongban.api.urls"
    world.found(now=timezone.now())
    Site.objects.create(code="site-b")
    Institution.objects.filter(code=PARTNER).update(site_code="site-b")


def signed_headers(method: str, path: str, body: bytes, **changes: Any) -> dict[str, str]:
    """Headers by the rule of docs/reference/messages.md."""
    now: datetime = changes.get("now", timezone.now())
    nonce, signer = changes.get("nonce", f"{now.timestamp()}"), changes.get("signer", PARTNER)
    time = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    text = "\n".join(("tongban request 1", signer, method, path, sm3_hex(body), nonce, time))
    signature = keys.sign(signer, text.encode(), now)
    return {
        "Tongban-Signer": signer,
        "Tongban-Key": signature.key_id,
        "Tongban-Algorithm": "sm2sm3",
        "Tongban-Time": time,
        "Tongban-Nonce": nonce,
        "Tongban-Signature": base64.b64encode(signature.value).decode(),
    }


def call(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Any:
    prepared = dict(headers) if headers is not None else signed_headers(method, path, body)
    return Client().generic(method, path, body, content_type="application/octet-stream", headers=prepared)


def batch(*signed: Signed) -> bytes:
    return json.dumps({"messages": [message.to_wire() for message in signed]}).encode()


def order(number: int = 1, *refs: blobs.BlobRef) -> Signed:
    now = timezone.now()
    heading = Heading(f"order-id-{number:04d}", messages.JUDICIAL_ORDER, COURT, HOME, f"CX-{number}", 1, now)
    return envelope.sign(COURT, envelope.build(heading, world.order(f"CX-{number}").to_wire(), refs), now)


def assert_signed(response: HttpResponse, nonce: str) -> None:
    answer = http_auth.Answer(response.status_code, nonce, response.content)
    http_auth.check_answer("site-test", answer, response.headers, timezone.now())


def test_a_batch_is_answered_message_by_message_and_the_answer_is_signed() -> None:
    body = batch(order(1), order(2))
    headers = signed_headers("POST", MESSAGES, body)

    response = call("POST", MESSAGES, body, headers)

    assert response.status_code == 200
    assert_signed(response, headers["Tongban-Nonce"])
    results = json.loads(response.content)["results"]
    found = [receipts.read(Signed.from_wire(result["receipt"])) for result in results]
    assert [receipt.outcome for receipt in found] == ["stored", "stored"]
    assert wiring.effects(wiring.ARRIVED) == [("CX-1", 1), ("CX-2", 1)]


def test_one_bad_message_does_not_hold_the_others_of_its_batch() -> None:
    good = order(2)
    forged = Signed(order(1).content, good.signature)
    wiring.fail_arrival("CX-3")
    wire = json.loads(batch(forged, good, order(3)))
    wire["messages"].append({"content": "??"})

    response = call("POST", MESSAGES, json.dumps(wire).encode())

    results = json.loads(response.content)["results"]
    assert receipts.read(Signed.from_wire(results[0]["receipt"])).code == "bad_signature"
    assert receipts.read(Signed.from_wire(results[1]["receipt"])).is_stored
    assert [result["later_code"] for result in results[2:]] == ["test_failure", "signed_malformed"]
    assert InboxMessage.objects.count() == 1


def test_a_request_that_comes_twice_is_refused_the_second_time() -> None:
    body = batch(order())
    headers = signed_headers("POST", MESSAGES, body)
    assert call("POST", MESSAGES, body, headers).status_code == 200

    response = call("POST", MESSAGES, body, headers)

    assert (response.status_code, response.json()["code"]) == (401, "http_replayed")
    assert_signed(response, headers["Tongban-Nonce"])
    assert HttpNonce.objects.count() == 1


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_request_out_of_time_is_refused(minutes: int) -> None:
    body = batch(order())
    headers = signed_headers("POST", MESSAGES, body, now=timezone.now() + timedelta(minutes=minutes))

    response = call("POST", MESSAGES, body, headers)

    assert (response.status_code, response.json()["code"]) == (401, "http_clock")
    assert not InboxMessage.objects.exists()


@pytest.mark.parametrize("change", ["body", "path", "method", "nonce", "time", "signer", "unsigned"])
def test_a_request_changed_on_the_way_is_refused(change: str) -> None:
    body, path, method = batch(order()), MESSAGES, "POST"
    headers = signed_headers(method, path, body)
    if change == "body":
        body = body.replace(b"content", b"content", 1) + b" "
    elif change == "path":
        path += "?x=1"
    elif change == "method":
        headers = signed_headers("PUT", path, body)
    elif change == "nonce":
        headers["Tongban-Nonce"] = "another"
    elif change == "time":
        headers["Tongban-Time"] = (timezone.now() + timedelta(seconds=1)).isoformat()
    elif change == "signer":
        headers["Tongban-Signer"] = COURT
    else:
        headers = {}

    response = call("POST", path, body, headers)

    assert response.status_code == 401
    assert response.json()["code"] in ("http_signature", "http_unsigned")
    assert not InboxMessage.objects.exists()
    assert not HttpNonce.objects.exists()


def test_a_stranger_is_refused() -> None:
    body = batch(order())
    headers = signed_headers("POST", MESSAGES, body)
    Institution.objects.filter(code=PARTNER).delete()

    assert call("POST", MESSAGES, body, headers).status_code == 401


def test_a_request_with_too_much_in_it_is_not_read() -> None:
    body = b"x" * (8 * 1024 * 1024 + 1)

    response = call("POST", MESSAGES, body)

    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")


def test_a_batch_has_a_bound() -> None:
    wire = order().to_wire()

    response = call("POST", MESSAGES, json.dumps({"messages": [wire] * 51}).encode())

    assert (response.status_code, response.json()["code"]) == (422, "batch_malformed")
    assert not InboxMessage.objects.exists()


def test_a_partner_that_asks_too_often_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_auth, "REQUESTS_PER_MINUTE_MAX", 0)

    response = call("POST", MESSAGES, batch(order()))

    assert (response.status_code, response.json()["code"]) == (429, "http_rate")
    assert not InboxMessage.objects.exists()


def test_old_nonces_are_forgotten_when_their_requests_would_be_refused_anyway() -> None:
    now = timezone.now()
    HttpNonce.objects.create(partner="site-b", nonce="old", seen_at=now - timedelta(minutes=16))
    HttpNonce.objects.create(partner="site-b", nonce="new", seen_at=now - timedelta(minutes=9))

    assert http_auth.prune_nonces(now) == 1
    assert HttpNonce.objects.get().nonce == "new"


# --- questions ---


def question() -> Signed:
    now = timezone.now()
    heading = Heading("question-0001", messages.RESTRICTION_CHECK, WINDOW, HOME, world.UNIT, 0, now)
    return envelope.sign(WINDOW, envelope.build(heading, world.check_request().to_wire()), now)


def test_a_question_is_answered_with_a_signature_of_the_home_registry() -> None:
    world.authorize()

    response = call("POST", "/api/exchange/questions", json.dumps(question().to_wire()).encode())

    answer = Signed.from_wire(response.json())
    parsed = envelope.parse(answer.content)
    envelope.check(HOME, answer, parsed.time, timezone.now())
    assert RestrictionCheckAnswer.model_validate(parsed.data).matched


def test_a_question_asked_twice_is_answered_once() -> None:
    world.authorize()
    body = json.dumps(question().to_wire()).encode()
    call("POST", "/api/exchange/questions", body)

    response = call("POST", "/api/exchange/questions", body)

    assert (response.status_code, response.json()["code"]) == (422, "question_replayed")


# --- attachments ---

FILE = b"%PDF-1.7 " + bytes(range(256)) * 9000  # 2.2 MiB: three parts


class Upload:
    """One file on its way to the home registry."""

    def __init__(self, data: bytes = FILE, receiver: str = HOME) -> None:
        self.digest, self.receiver = sm3_hex(data), receiver
        self.sealed = keys.encrypt_for(HOME, data, now=timezone.now())

    def path(self, offset: int | None = None, **changes: str) -> str:
        path = f"/api/exchange/attachments/{self.digest}?receiver={self.receiver}"
        if offset is None:
            return path
        facts = {
            "name": "a.pdf",
            "media_type": "application/pdf",
            "sealed_digest": sm3_hex(self.sealed),
            "sealed_size": str(len(self.sealed)),
            **changes,
        }
        return path + "".join(f"&{name}={value}" for name, value in facts.items()) + f"&offset={offset}"

    def put(self, offset: int, size: int = limits.PART_BYTES_MAX, **changes: str) -> Any:
        return call("PUT", self.path(offset, **changes), self.sealed[offset : offset + size])

    def head(self) -> tuple[int, str, str]:
        response = call("HEAD", self.path())
        headers = response.headers
        return response.status_code, headers.get("Tongban-Upload-State", ""), headers.get("Tongban-Upload-Offset", "")


def test_an_attachment_comes_in_parts_and_is_stored_when_whole() -> None:
    upload, offset = Upload(), 0
    while (state := upload.put(offset).json())["state"] == "partial":
        assert state["offset"] == offset + limits.PART_BYTES_MAX
        offset = state["offset"]

    assert blobs.read(HOME, upload.digest) == FILE
    assert upload.head()[:2] == (200, "complete")
    assert not AttachmentUpload.objects.exists()
    assert not AttachmentPart.objects.exists()


def test_an_upload_that_was_cut_goes_on_where_it_stopped() -> None:
    upload = Upload()
    upload.put(0, 1000)
    upload.put(1000, 500)

    assert upload.head() == (200, "partial", "1500")
    assert upload.put(0, 1000).json()["offset"] == 1500
    assert upload.put(2000, 500).json()["offset"] == 1500

    offset = 1500
    while (state := upload.put(offset).json())["state"] == "partial":
        offset = state["offset"]
    assert blobs.read(HOME, upload.digest) == FILE


def test_a_file_encrypted_again_begins_again() -> None:
    Upload().put(0, 1000)
    upload = Upload()

    assert upload.put(0, 700).json()["offset"] == 700
    assert AttachmentPart.objects.count() == 1


def test_a_file_that_is_not_what_it_was_said_to_be_is_not_kept() -> None:
    upload = Upload(b"%PDF-1.7 something")
    upload.digest = "ab" * 32

    response = upload.put(0)

    assert (response.status_code, response.json()["code"]) == (422, "attachment_broken")
    assert upload.head() == (200, "partial", "0")
    assert not AttachmentUpload.objects.exists()


def test_ciphertext_changed_on_the_way_is_not_kept() -> None:
    upload = Upload(b"%PDF-1.7 something")
    sealed = bytearray(upload.sealed)
    sealed[-1] ^= 1
    upload.sealed = bytes(sealed)

    assert upload.put(0).json()["code"] == "envelope_broken"
    assert upload.head() == (200, "partial", "0")


def test_an_upload_beyond_the_limit_is_refused() -> None:
    upload = Upload(b"%PDF-1.7 something")

    too_large = upload.put(0, sealed_size=str(limits.SEALED_BYTES_MAX + 1))
    too_far = upload.put(0, sealed_size="5")

    assert (too_large.status_code, too_far.status_code) == (413, 413)
    assert upload.put(0, media_type="nonsense").status_code == 422
    assert upload.put(0, sealed_size="x").status_code == 422
    assert not AttachmentUpload.objects.exists()


def test_an_upload_for_somebody_else_is_refused() -> None:
    upload = Upload(receiver=PARTNER)

    assert upload.put(0).status_code == 404
    assert upload.head()[0] == 404


def test_uploads_nobody_continued_are_forgotten() -> None:
    Upload().put(0, 1000)

    assert attachments.prune_uploads(timezone.now() + timedelta(days=1)) == 0
    assert attachments.prune_uploads(timezone.now() + timedelta(days=3)) == 1
    assert not AttachmentPart.objects.exists()


def test_a_message_is_stored_only_when_its_attachments_are_there() -> None:
    upload = Upload(b"%PDF-1.7 order")
    message = order(1, blobs.BlobRef(upload.digest, 14, "application/pdf", "a.pdf"))

    first = json.loads(call("POST", MESSAGES, batch(message)).content)["results"][0]
    upload.put(0)
    second = json.loads(call("POST", MESSAGES, batch(message)).content)["results"][0]

    assert first["later_code"] == "attachments_missing"
    assert receipts.read(Signed.from_wire(second["receipt"])).is_stored


def test_an_attachment_of_another_size_than_listed_is_refused() -> None:
    upload = Upload(b"%PDF-1.7 order")
    upload.put(0)
    message = order(1, blobs.BlobRef(upload.digest, 15, "application/pdf", "a.pdf"))

    receipt = inbox.receive(message.content, message.signature, timezone.now())

    assert receipt.code == "attachment_mismatch"


# --- what is published ---


def test_the_contract_is_published() -> None:
    schemas = call("GET", "/api/exchange/schemas", headers={}).json()
    openapi = call("GET", "/api/openapi.json", headers={}).json()

    assert set(schemas) == set(messages.MESSAGE_KINDS) | {
        "restriction.check.answer", "register.query.answer", "register.query_paper.answer",
    }  # fmt: skip
    assert schemas["case.handover"]["properties"]["units"]["minItems"] == 1
    assert set(openapi["paths"]) == {
        "/api/exchange/messages",
        "/api/exchange/questions",
        "/api/exchange/attachments/{digest}",
        "/api/exchange/schemas",
    }
    assert set(openapi["paths"]["/api/exchange/attachments/{digest}"]) == {"head", "put"}


def test_a_signature_of_another_algorithm_is_refused() -> None:
    message = order()
    other = Signed(message.content, Signature("ed25519", message.signature.key_id, message.signature.value))

    result = json.loads(call("POST", MESSAGES, batch(other)).content)["results"][0]

    assert receipts.read(Signed.from_wire(result["receipt"])).code == "bad_signature"
