"""Registration proofs from the recording to the sealed file, and what the site says of them afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests import certificate_builders as b
from tests import proof_builders as p
from tests import register_builders as a
from tests.certificate_builders import NOW, REGISTRY

from tongban.certificates import issue, queries
from tongban.certificates.models import Licence, SignedPayload, State
from tongban.certificates.trust import read_trust
from tongban.certificates.trust_export import trust_bundle
from tongban.certificates.verify import verify_payload, verify_pdf
from tongban.cli import verify_certificate
from tongban.domain.burden_entries import CloseBurden
from tongban.domain.burdens import Burden
from tongban.domain.entries import DescribeUnit, Entry
from tongban.domain.errors import EvidenceBroken
from tongban.domain.facts import UnitState
from tongban.domain.restrictions import Act
from tongban.domain.terms import RightKind
from tongban.domain.unit_page import UnitPage
from tongban.portal import limits
from tongban.register import book, reading, sealing

LATER = NOW + timedelta(minutes=1)
FLAT = a.unit(1)


@pytest.fixture
def registry(db: None, settings: Any, tmp_path: Path) -> None:
    settings.TONGBAN_KEYS_DIR = tmp_path / "keys"
    settings.TONGBAN_KEYS_DIR.mkdir(mode=0o700)
    limits.forget()
    b.found_registry()
    b.open_flat(1)


def recorded(*entries: Entry, key: str, now: Any = NOW) -> tuple[str, ...]:
    """What the entries call for, decided on in the recording transaction."""
    with transaction.atomic():
        done = book.record(a.request(*entries, key=key, now=now, act=Act.MORTGAGE))
        assert isinstance(done, book.Recording), done
        written = zip(entries, done.entries, strict=True)
        return issue.prepare(case_no=b.CASE, registry=REGISTRY, written=written, now=now)


def signed(*entries: Entry, key: str, now: Any = NOW) -> str:
    """The one licence the entries call for, covered by a signed head and signed."""
    (identifier,) = recorded(*entries, key=key, now=now)
    sealing.seal(now)
    assert issue.issue_due(now) == 1, queries.licence(identifier).problem_zh
    return identifier


def content(identifier: str) -> dict[str, Any]:
    said: dict[str, Any] = SignedPayload.objects.get(pk=identifier).opening["content"]
    return said


@pytest.mark.parametrize("kind", p.MATTERS, ids=lambda kind: kind.value)
def test_a_proof_of_every_kind_is_issued_sealed_and_verified(registry: None, kind: Burden) -> None:
    identifier = signed(p.right(FLAT, kind), key="open")

    found = verify_pdf(issue.pdf(identifier, LATER), read_trust(trust_bundle(LATER)))

    assert found.ok, found.checks
    assert found.identifier == identifier
    facts = {fact.name_zh: fact.value_zh for fact in found.facts}
    assert (facts["证照种类"], facts["不动产登记证明号"]) == ("不动产登记证明", p.proof(1))
    licence = Licence.objects.get(pk=identifier)
    assert (licence.kind, licence.right_ref) == ("proof", f"{FLAT}/burden/{p.proof(1)}")


def test_the_code_on_a_proof_verifies_offline_and_hides_the_amount(registry: None) -> None:
    identifier = signed(p.right(FLAT), key="open")

    found = verify_payload(issue.code(identifier), read_trust(trust_bundle(LATER)))

    assert found.ok
    facts = {fact.name_zh: fact.value_zh for fact in found.facts}
    assert facts["权利人"] == "滑县************公司"
    assert "650" not in "".join(facts.values())


def test_one_flipped_byte_of_a_proof_is_named_by_the_command(
    registry: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf = issue.pdf(signed(p.right(FLAT), key="open"), LATER)
    trust, genuine, flipped = (tmp_path / name for name in ("trust.json", "genuine.pdf", "flipped.pdf"))
    trust.write_bytes(trust_bundle(LATER))
    genuine.write_bytes(pdf)
    flipped.write_bytes(pdf[:5000] + bytes([pdf[5000] ^ 1]) + pdf[5001:])

    assert verify_certificate.run([str(genuine), "--trust", str(trust)]) == verify_certificate.GENUINE
    said = capsys.readouterr().out
    assert "  证照种类：不动产登记证明\n" in said and "  被担保主债权数额：650,000.00元\n" in said
    assert verify_certificate.run([str(flipped), "--trust", str(trust)]) == verify_certificate.BROKEN
    assert "✗ 文件完整" in capsys.readouterr().out


def test_a_changed_right_gets_a_new_proof_and_the_old_one_is_replaced(registry: None) -> None:
    right = p.right(FLAT)
    old = signed(right, key="open")
    before = issue.pdf(old, NOW)

    new = signed(p.changed(right, 2, debt_yuan="500000.00"), key="change", now=LATER)

    found = queries.currency(old)
    assert (found.state, found.replaced_by) == (State.REPLACED, new)
    assert issue.pdf(old, LATER) == before
    assert "被担保主债权数额：500,000.00元" in content(new)["other_zh"]
    assert f"原不动产登记证明号：{p.proof(1)}，自登簿时起作废" in content(new)["notes_zh"]


def test_a_right_that_ends_ends_its_proof_and_nothing_is_issued(registry: None) -> None:
    old = signed(p.right(FLAT), key="open")

    assert recorded(CloseBurden(FLAT, p.proof(1), "债务已经清偿"), key="close", now=LATER) == ()

    found = queries.currency(old)
    assert (found.state, found.reason_zh) == (State.REVOKED, "债务已经清偿")


def test_a_proof_is_printed_as_recorded_even_if_the_right_changed_before_signing(registry: None) -> None:
    right = p.right(FLAT)
    (first,) = recorded(right, key="open")
    other = p.right(FLAT, Burden.HABITATION, 7)
    (second,) = recorded(other, key="habitation", now=LATER)
    b.rename(1, 101, now=LATER + timedelta(minutes=1))
    sealing.seal(LATER + timedelta(minutes=2))

    assert issue.issue_due(LATER + timedelta(minutes=2)) == 3

    assert content(first)["other_zh"][0] == f"不动产权证书号：{a.certificate(1)}"
    assert content(second)["matter_zh"] == "居住权"
    assert content(second)["other_zh"][0] == f"不动产权证书号：{a.certificate(1)}"


def test_an_advance_notice_on_a_flat_without_a_title_gets_its_proof_even_after_the_title_came(registry: None) -> None:
    unit = a.unit(2)
    described = DescribeUnit(UnitState(unit, "滨河花园8幢301室（在建）", RightKind.STATE_LAND_HOUSE))
    (identifier,) = recorded(described, p.right(unit, Burden.PRIORITY_NOTICE), key="notice")
    assert isinstance(book.record(a.request(a.opened(2), key="first", now=LATER)), book.Recording)
    sealing.seal(LATER)

    assert issue.issue_due(LATER) == 1

    said = content(identifier)
    assert (said["address_zh"], said["obligors_zh"]) == ("滨河花园8幢301室（在建）", "滑县滨河置业有限公司")
    assert not any("不动产权证书号" in line for line in said["other_zh"])
    assert verify_pdf(issue.pdf(identifier, LATER), read_trust(trust_bundle(LATER))).ok


def test_two_rights_recorded_together_get_a_proof_each_that_speaks_of_itself(registry: None) -> None:
    mortgage, notice = p.right(FLAT), p.right(FLAT, Burden.PRIORITY_NOTICE, 2)

    first, second = recorded(mortgage, notice, key="both")
    sealing.seal(NOW)
    assert issue.issue_due(NOW) == 2

    assert (content(first)["matter_zh"], content(second)["matter_zh"]) == ("抵押权", "预告登记")


def test_a_right_that_is_nobodys_is_not_signed_and_says_why(registry: None) -> None:
    nobodys = replace(p.right(FLAT), holders=())
    (identifier,) = recorded(nobodys, key="open")
    sealing.seal(NOW)

    assert issue.issue_due(NOW) == 0

    assert queries.licence(identifier).problem_zh == (f"证明号 {p.proof(1)} 的记载没有权利人，不能制作登记证明。")
    with pytest.raises(EvidenceBroken):
        issue.signing.sign(Licence.objects.get(pk=identifier), NOW)


def test_the_register_reads_a_page_as_it_was(registry: None) -> None:
    right = p.right(FLAT)
    changed = p.changed(right, 2, debt_yuan="500000.00")
    opened_at, changed_at, closed_at = (NOW + timedelta(minutes=minute) for minute in (1, 2, 3))
    recorded(right, key="open", now=opened_at)
    recorded(changed, key="change", now=changed_at)
    recorded(CloseBurden(FLAT, right.burden_no, "清偿"), key="close", now=closed_at)

    assert reading.page(FLAT, as_of=NOW - timedelta(days=1)) == UnitPage(FLAT)
    assert reading.page(FLAT, as_of=opened_at).burdens == (right,)
    assert reading.page(FLAT, as_of=changed_at).burdens == (changed.opened,)
    assert reading.page(FLAT, as_of=closed_at) == reading.page(FLAT) == UnitPage(FLAT, reading.title(FLAT))


# ---- the public page ----


def typed(client: Client, number: str) -> str:
    response = client.post("/verify/number", {"number": number})
    assert response.status_code == 200
    return response.content.decode()


def test_the_public_page_says_whether_a_proof_counts(registry: None, client: Client) -> None:
    right = p.right(FLAT)
    signed(right, key="open")
    page = typed(client, p.proof(1))
    assert "有这份证明，现在有效" in page and "不动产登记证明号" in page and "滑县************公司" in page

    signed(p.changed(right, 2), key="change", now=LATER)
    assert "有这份证明，但已被新证替换" in typed(client, p.proof(1))
    assert "有这份证明，现在有效" in typed(client, p.proof(2).replace("（", "(").replace("）", ")"))

    recorded(CloseBurden(FLAT, right.burden_no, "清偿"), key="close", now=LATER + timedelta(minutes=1))
    assert "有这份证明，但已经注销" in typed(client, p.proof(2))
    assert "没有查到这个编号" in typed(client, p.proof(9))


def test_the_public_page_knows_a_proof_of_paper(registry: None, client: Client) -> None:
    book.record(a.request(p.right(FLAT), key="stock", act=Act.MORTGAGE))
    assert "它是纸质证明，还没有电子证照" in typed(client, p.proof(1))

    book.record(a.request(CloseBurden(FLAT, p.proof(1), "清偿"), key="close", now=LATER, act=Act.MORTGAGE))
    assert "有过这份证明，但已经作废" in typed(client, p.proof(1))
