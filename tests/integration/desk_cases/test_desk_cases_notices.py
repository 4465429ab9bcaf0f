"""Notices printed from a case: worded from its moves, sealed once, the same ever after, every print audited."""

from __future__ import annotations

import pytest
from tests.desk_site import Desk
from tests.province import OFFICER, REGISTRAR, REVIEWER, STRANGER

from tongban.cases import notices
from tongban.cases.models import Case, CaseFile
from tongban.cases.notices import Available, Notice
from tongban.certificates import documents
from tongban.certificates.seals import pdf_check
from tongban.domain.decision import Fact, Refusal
from tongban.domain.reasons import Reasons
from tongban.vault import blobs


def url(desk: Desk, name: str, notice: str, position: int = 1) -> str:
    return f"/desk/cases/{desk.cases[name]}/notices/{notice}/{position}"


@pytest.mark.parametrize(
    ("name", "notice"), [("accepted", "acceptance"), ("correction", "supplement"), ("refused", "refusal")]
)
def test_a_notice_is_sealed_once_and_is_the_same_ever_after(desk: Desk, name: str, notice: str) -> None:
    reviewer = desk.person(REVIEWER)

    first, again = (reviewer.client.get(url(desk, name, notice)) for _ in range(2))
    later = desk.person(REGISTRAR).client.get(url(desk, name, notice))

    assert first.content == again.content == later.content
    assert first["Content-Type"] == "application/pdf" and first.content.startswith(b"%PDF")
    assert b"/ByteRange" in first.content
    kept = CaseFile.objects.get(kind=f"notice.{notice}", case_id=desk.cases[name])
    assert blobs.read(desk.case(name).home_registry, kept.digest) == first.content
    assert kept.added_by == "hx.reviewer"


def test_every_print_is_audited(desk: Desk) -> None:
    for person in (desk.person(REVIEWER), desk.person(REGISTRAR)):
        person.opens(url(desk, "accepted", "inquiry"))

    rows = desk.audited(action="case.notice")
    assert [(row.actor_id, row.detail["notice"]) for row in rows] == [
        ("hx.reviewer", "inquiry"),
        ("hx.registrar", "inquiry"),
    ]


def test_the_inquiry_is_the_windows_record_and_bears_no_seal_of_ours(desk: Desk) -> None:
    page = desk.person(REVIEWER).client.get(url(desk, "accepted", "inquiry"))

    assert page.content.startswith(b"%PDF") and b"/ByteRange" not in page.content
    assert not CaseFile.objects.filter(kind="notice.inquiry").exists()


@pytest.mark.parametrize(
    ("name", "notice", "position"),
    [
        ("received", "acceptance", 1),
        ("accepted", "refusal", 1),
        ("correction", "supplement", 2),
        ("accepted", "nonsense", 1),
    ],
)
def test_a_notice_the_case_does_not_have_is_not_made(desk: Desk, name: str, notice: str, position: int) -> None:
    page = desk.person(REVIEWER).opens(url(desk, name, notice, position))

    assert page.status == 404
    assert not CaseFile.objects.exists()


def test_another_registry_prints_nothing(desk: Desk) -> None:
    assert desk.person(STRANGER).opens(url(desk, "refused", "refusal")).status == 403
    assert desk.audited(action="case.notice") == []


def test_the_page_offers_exactly_the_notices_there_are(desk: Desk) -> None:
    reviewer = desk.person(REVIEWER)

    offered = {
        name: reviewer.opens_case(name).text.count("/notices/")
        for name in ("received", "accepted", "refused", "correction")
    }

    assert offered == {"received": 1, "accepted": 2, "refused": 3, "correction": 2}


def test_the_acceptance_names_both_limits_and_that_nothing_is_to_pay(desk: Desk) -> None:
    case = desk.case("accepted")

    document = notices._document(case, Available(Notice.ACCEPTANCE))

    assert isinstance(document, documents.AcceptanceNotice)
    assert document.applicants_zh == ("蒋文静",) and document.case_no == case.case_no
    assert document.promised_zh == "1个工作日，即2026年11月24日以前"
    assert document.legal_limit_zh == "30个工作日，即2027年1月5日以前"
    assert "不收登记费" in document.dues_zh and document.head.office_zh == "滑县不动产登记中心"


def test_a_case_accepted_by_lapse_says_so(desk: Desk) -> None:
    desk.story.tick(days=3)
    desk.story.settles()

    document = notices._document(desk.case("received"), Available(Notice.ACCEPTANCE))

    assert isinstance(document, documents.AcceptanceNotice)
    assert document.accepted_zh.endswith("（到期没有答复，视为受理）")


def test_the_correction_notice_says_until_when_and_where(desk: Desk) -> None:
    document = notices._document(desk.case("correction"), Available(Notice.SUPPLEMENT))

    assert isinstance(document, documents.SupplementNotice)
    assert document.due_zh.startswith("2026年12月14日以前")
    assert [line.material_zh for line in document.lines] == ["变更证明"]
    assert "郑州市不动产登记中心" in document.where_zh[0]


def test_the_refusal_tells_the_facts_the_reason_and_the_remedy(desk: Desk) -> None:
    document = notices._document(desk.case("refused"), Available(Notice.REFUSAL))

    assert isinstance(document, documents.RefusalDecision)
    assert [fact.value_zh for fact in document.facts] == ["户口簿上的曾用名与登记簿不同"]
    assert document.reasons == (Reasons.CONFLICTS_WITH_REGISTER,)
    assert "行政复议" in document.remedy_zh and "退还" in document.returned_zh


def test_what_is_previewed_is_what_is_sealed(desk: Desk) -> None:
    officer = desk.story.actor(OFFICER)
    refusal = Refusal(Reasons.APPLICANT_NOT_ENTITLED, (Fact("查明的事实", "来人不是权利人。"),))
    case_no = desk.cases["received"]
    preview = notices.preview_refusal(case_no, refusal, Notice.NOT_ACCEPTED, officer, desk.story.now)

    person = desk.person(OFFICER)
    address = person.url("received", "not_accept")
    fields = {"reason": "R03", "facts": "来人不是权利人。", **person.opens(address).handle}
    person.sends(address, act="send", **fields)

    assert notices._document(Case.objects.get(pk=case_no), Available(Notice.NOT_ACCEPTED)) == preview
    assert isinstance(preview, documents.NotAcceptedNotice)
    assert preview.reasons[0].why_zh.startswith("查明的事实：来人不是权利人。房产是谁的")
    assert preview.place is None, "the applicant is not sent to where he already is"


def test_the_seal_on_a_notice_is_the_home_registrys(desk: Desk) -> None:
    page = desk.person(REVIEWER).client.get(url(desk, "refused", "refusal"))

    seal = pdf_check.open_seal(page.content)

    assert pdf_check.owner_of(seal.certificate) == desk.case("refused").home_registry
    assert pdf_check.name_of(seal.certificate) == "滑县不动产登记中心"
