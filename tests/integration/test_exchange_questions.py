"""Questions between institutions: both sides keep what was asked and answered, and nothing is believed unsigned."""

from __future__ import annotations

import pytest
from tests import exchange_wiring as wiring
from tests import exchange_world as world
from tests.exchange_world import COURT, HOME, NOW, OUTLET, WINDOW, later

from tongban.directory.models import Institution, Site
from tongban.domain import messages
from tongban.domain.canonical import canonical_json
from tongban.domain.errors import BadReply, Unavailable
from tongban.domain.reasons import Reasons
from tongban.exchange import envelope, questions
from tongban.exchange.contract.restriction import RestrictionCheckAnswer
from tongban.exchange.envelope import Heading, Signed
from tongban.exchange.models import QuestionEvidence
from tongban.exchange.questions import Answer
from tongban.vault import keys
from tongban.vault.sm3 import sm3_hex

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(db: None, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_WIRING = "tests.exchange_wiring"
    world.found()


def ask(sender: str = WINDOW, unit_code: str = world.UNIT) -> Answer:
    body = world.check_request(unit_code)
    return questions.ask(messages.RESTRICTION_CHECK, sender=sender, to=HOME, body=body, now=NOW)


def question(seconds: float = 0, **changes: object) -> Signed:
    """A question made by hand."""
    source, kind = str(changes.get("source", WINDOW)), str(changes.get("kind", messages.RESTRICTION_CHECK))
    heading = Heading("question-0001", kind, source, str(changes.get("to", HOME)), world.UNIT, 0, later(seconds))
    content = envelope.build(heading, world.check_request().to_wire())
    return envelope.sign(str(changes.get("signer", source)), content, NOW)


def test_an_authorized_question_is_answered_and_kept_by_both_sides() -> None:
    world.authorize()

    answer = ask()

    assert isinstance(answer.body, RestrictionCheckAnswer)
    assert (answer.refusal, answer.body.matched, answer.body.unit and answer.body.unit.area) == (None, True, "96.50")
    asked, answered = QuestionEvidence.objects.order_by("-side")
    assert (answered.side, answered.outcome, asked.side, asked.outcome) == ("answered", "answered", "asked", "answered")
    assert asked.question_id == answered.question_id == answer.question_id
    assert asked.question == answered.question
    assert asked.answer == answered.answer
    assert asked.answer is not None
    assert answer.digest == asked.answer_digest == sm3_hex(asked.answer)
    assert answer.answered_at == NOW


def test_a_question_without_authorization_gets_a_signed_refusal_and_no_look_at_the_register() -> None:
    answer = ask()

    assert answer.body is None
    assert answer.refusal is not None
    assert answer.refusal.reason == Reasons.NOT_AUTHORIZED
    assert {row.outcome for row in QuestionEvidence.objects.all()} == {"refused D01"}


def test_an_outlet_asks_under_the_authorization_of_its_registry() -> None:
    assert ask(OUTLET).refusal is not None
    world.authorize()

    assert ask(OUTLET).refusal is None


def test_a_home_that_cannot_answer_now_is_unavailable_and_the_try_is_kept() -> None:
    world.authorize()

    with pytest.raises(Unavailable) as raised:
        ask(unit_code=wiring.NO_ANSWER_UNIT)

    assert raised.value.code == "register_busy"
    row = QuestionEvidence.objects.get()
    assert (row.side, row.outcome, row.answer) == ("asked", "register_busy", None)


def test_a_site_that_does_not_answer_is_unavailable() -> None:
    Site.objects.create(code="site-b", base_url="http://127.0.0.1:9")
    Institution.objects.filter(pk=HOME).update(site_code="site-b")

    with pytest.raises(Unavailable) as raised:
        ask()

    assert raised.value.code == "peer_unreachable"
    assert QuestionEvidence.objects.get().outcome == "peer_unreachable"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signer": COURT}, "bad_signature"),
        ({"source": COURT}, "kind_not_allowed"),
        ({"kind": messages.CASE_STATUS}, "kind_unknown"),
        ({"to": "registry-419999"}, "wrong_receiver"),
        ({"source": "registry-419999", "signer": WINDOW}, "sender_unknown"),
    ],
)
def test_a_question_that_is_not_in_order_is_not_answered(changes: dict[str, object], code: str) -> None:
    world.authorize()

    with pytest.raises(BadReply) as raised:
        questions.answer(question(**changes), NOW)

    assert raised.value.code == code
    assert not QuestionEvidence.objects.exists()


def test_a_question_is_answered_once() -> None:
    world.authorize()
    asked = question()
    questions.answer(asked, NOW)

    with pytest.raises(BadReply) as raised:
        questions.answer(asked, later(1))

    assert raised.value.code == "question_replayed"
    assert QuestionEvidence.objects.count() == 1


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_question_out_of_time_is_not_answered(seconds: int) -> None:
    world.authorize()

    with pytest.raises(BadReply) as raised:
        questions.answer(question(seconds), NOW)

    assert raised.value.code == "question_out_of_time"


def test_a_changed_question_is_not_answered() -> None:
    world.authorize()
    signed = question()

    with pytest.raises(BadReply) as raised:
        questions.answer(Signed(signed.content.replace(b"SJ-1", b"SJ-2"), signed.signature), NOW)

    assert raised.value.code == "bad_signature"


@pytest.mark.parametrize("forge", ["another question", "another signer", "changed", "another kind", "garbage"])
def test_an_answer_that_cannot_be_trusted_is_a_bad_reply(forge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other side is another site here, whose way back is in the hands of a liar."""
    world.authorize()
    Site.objects.create(code="site-b", base_url="http://127.0.0.1:9")
    Institution.objects.filter(pk=HOME).update(site_code="site-b")

    def lie(peer_site: str, asked: Signed, now: object) -> Signed:
        parsed = envelope.parse(asked.content)
        in_reply_to = "question-x" if forge == "another question" else parsed.id
        kind = "case.status.answer" if forge == "another kind" else f"{parsed.type}.answer"
        heading = Heading(f"{parsed.id}.answer", kind, HOME, WINDOW, parsed.subject, 0, NOW, in_reply_to, asked.digest)
        body = RestrictionCheckAnswer(matched=False, verdict="ALLOW", checked_at=NOW)  # type: ignore[arg-type]
        signer = COURT if forge == "another signer" else HOME
        signed = envelope.sign(signer, envelope.build(heading, body.to_wire()), NOW)
        if forge == "changed":
            return Signed(signed.content.replace(b'"matched":false', b'"matched":true'), signed.signature)
        if forge == "garbage":
            return Signed(canonical_json({"hello": "world"}), keys.sign(HOME, b"", NOW))
        return signed

    monkeypatch.setattr("tongban.exchange.transport.post_question", lie)

    with pytest.raises(BadReply):
        ask()

    row = QuestionEvidence.objects.get()
    assert (row.side, row.answer) == ("asked", None)
