"""The pages of queries: what a clerk is asked, what is shown, what a stranger may verify, and how many statements it takes."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.enquiry_site import (
    CLEAN,
    COURT_ZH,
    HOME_CLERK,
    NEIGHBOUR,
    SEIZED,
    STRANGER,
    UNSIGNED,
    Counter,
    application,
    flat,
    owner,
)
from tests.province import HOME, OFFICER, REVIEWER

from tongban.access.models import Staff
from tongban.access.sign_in import SEEN_AT
from tongban.cli.stage import Account
from tongban.domain.query_terms import Asker, Wanted
from tongban.enquiries.models import Enquiry, QueryCopy, QueryRecord
from tongban.portal import limits

WRITES = ("BEGIN", "COMMIT", 'UPDATE "django_session"', 'UPDATE "access_staff"')
BUYING = "/desk/enquiries/new/buying/in_person/result"


class Person:
    """Somebody signed in at a browser."""

    def __init__(self, counter: Counter, account: Account) -> None:
        self.client, self.counter = Client(), counter
        self.client.force_login(Staff.objects.get(username=account.username))
        session = self.client.session
        session[SEEN_AT] = int(counter.story.now.timestamp())
        session.save()

    def opens(self, url: str, status: int = 200, **query: str) -> str:
        self.counter.story.tick(seconds=1)
        response = self.client.get(url, query or None)
        assert response.status_code == status, response.content.decode()[:1500]
        return unescape(response.content.decode(errors="replace"))

    def sends(self, url: str, **fields: Any) -> Any:
        self.counter.story.tick(seconds=1)
        return self.client.post(url, fields)

    def queries_of(self, url: str) -> int:
        self.opens(url)
        with CaptureQueriesContext(connection) as captured:
            self.opens(url)
        return sum(not one["sql"].startswith(WRITES) for one in captured)


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def typed(page: str, **changes: Any) -> dict[str, Any]:
    """What a clerk types for somebody who wants to buy the seized flat."""
    return {
        "key": key_of(page), "person_name": STRANGER.name, "person_id_kind": "id_card", "person_id_no": STRANGER.id_no,
        "home": HOME, "index": "unit_code", "reference": flat(SEIZED).unit_code, "purpose": "买房前核实",
        "papers": ["application", "identity", "purpose_statement", "secrecy_promise"], **changes,
    }  # fmt: skip


def test_a_clerk_takes_in_a_query_and_sees_only_yes_and_no(counter: Counter) -> None:
    clerk = Person(counter, HOME_CLERK)

    asked = clerk.client.get("/desk/enquiries/new", {"asker": "buying", "acting": "in_person", "wanted": "result"})
    assert asked.headers["Location"] == BUYING
    answered = clerk.sends(BUYING, **typed(clerk.opens(BUYING)))
    page = clerk.opens(answered.headers["Location"])

    assert "豫（2026）滑县不动产查询证明第0000001号" in page
    assert "是否有查封登记" in page
    assert not [word for word in (owner(flat(SEIZED)).name, COURT_ZH, "0526执1234") if word in page]
    pdf = clerk.client.get(answered.headers["Location"] + "paper.pdf")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")


def test_a_clerk_is_asked_only_what_this_asker_needs(counter: Counter) -> None:
    clerk = Person(counter, HOME_CLERK)

    buying, guardian = clerk.opens(BUYING), clerk.opens("/desk/enquiries/new/guardian/agent/holdings")

    assert ("证明监护关系的材料" in guardian, "授权委托书" in guardian, 'name="subject_name"' in guardian) == (
        True,
    ) * 3
    assert 'name="reference"' not in guardian
    assert ("证明监护关系" in buying, "授权委托书" in buying, 'name="subject_name"' in buying) == (False,) * 3
    assert 'value="identity"' not in buying.split("按什么查")[1].split("</fieldset>")[0]


def test_what_would_be_refused_is_said_before_anything_is_typed(counter: Counter) -> None:
    page = Person(counter, HOME_CLERK).opens("/desk/enquiries/new/suit_party/in_person/originals")

    assert "这样申请，会得到不予查询的答复" in page
    assert "请改查登记结果" in page


def test_a_form_with_mistakes_keeps_what_was_typed_and_asks_nobody(counter: Counter) -> None:
    clerk = Person(counter, HOME_CLERK)

    response = clerk.sends(BUYING, **typed(clerk.opens(BUYING), person_id_no="41052619900101123X", reference="12"))

    page = unescape(response.content.decode())
    assert response.status_code == 422
    assert "查询人：身份证号有一位填错了" in page
    assert 'value="12"' in page
    assert not Enquiry.objects.exists()


def test_missing_papers_end_in_a_refusal_in_writing(counter: Counter) -> None:
    clerk = Person(counter, HOME_CLERK)

    answered = clerk.sends(BUYING, **typed(clerk.opens(BUYING), papers=["application"]))
    page = clerk.opens(answered.headers["Location"])

    assert "查询要的材料还不齐。" in page
    assert "保密承诺书" in page
    assert "豫（2026）滑县不动产不予查询第0000001号" in page
    assert "是否有查封登记" not in page


def test_the_lists_take_few_statements_however_long_they_are(counter: Counter) -> None:
    clerk, officer = Person(counter, HOME_CLERK), Person(counter, OFFICER)
    counter.takes(application(Asker.BUYING, flat(SEIZED)))
    few = clerk.queries_of("/desk/enquiries/"), officer.queries_of("/desk/enquiries/log/")
    for number in range(4):
        counter.takes(application(Asker.HOLDER, flat(number)))

    assert (clerk.queries_of("/desk/enquiries/"), officer.queries_of("/desk/enquiries/log/")) == few
    assert max(few) <= 10


def test_a_number_leads_straight_to_its_query(counter: Counter) -> None:
    row = counter.takes(application(Asker.BUYING, flat(SEIZED)))
    clerk = Person(counter, HOME_CLERK)

    found = clerk.client.get("/desk/enquiries/", {"q": row.number[-4:]})

    assert found.headers["Location"] == f"/desk/enquiries/{row.number}/"


def test_nobody_else_opens_the_pages(counter: Counter) -> None:
    row = counter.takes(application(Asker.HOLDER, flat(CLEAN)))
    record = QueryRecord.objects.get().pk

    for account in (NEIGHBOUR, REVIEWER, UNSIGNED):
        person = Person(counter, account)
        for url in (f"/desk/enquiries/{row.number}/", f"/desk/enquiries/log/{record}/", "/desk/enquiries/log/"):
            page = person.opens(url, status=403)
            assert owner(flat(CLEAN)).name not in page
    Person(counter, UNSIGNED).opens("/desk/enquiries/new", status=403)
    assert counter.audited(action="denied.enquiry.read", actor_id="ay.clerk")


def test_the_log_shows_who_saw_what_and_what_was_copied(counter: Counter) -> None:
    counter.takes(application(Asker.HOLDER, flat(CLEAN), wanted=Wanted.ORIGINALS))
    officer = Person(counter, OFFICER)
    url = f"/desk/enquiries/log/{QueryRecord.objects.get().pk}/"

    page = officer.opens(url)
    noted = officer.sends(url, key=key_of(page), kind="application", pages="3", note="第12卷")

    assert noted.headers["Location"] == url
    again = officer.opens(url)
    assert all(word in again for word in ("登记申请书", "第12卷", "吕秀兰", "登记原始资料", "2026年11月30日"))
    assert QueryCopy.objects.get().pages == 3
    assert officer.sends(url, key="k2", kind="", pages="0", note="").status_code == 422


def test_anybody_may_check_a_number_and_learns_nobodys_name(counter: Counter) -> None:
    counter.takes(application(Asker.HOLDER, flat(CLEAN)))
    limits.forget()

    said = unescape(
        Client().post("/verify/number", {"number": "豫(2026)滑县不动产查询证明第0000001号"}).content.decode()
    )
    unknown = Client().post("/verify/number", {"number": "豫（2026）滑县不动产查询证明第0000009号"}).content.decode()

    assert "有这份文书" in said
    assert "滑县不动产登记中心" in said
    assert owner(flat(CLEAN)).name not in said
    assert "没有查到这个编号" in unescape(unknown)


def test_the_public_guide_says_what_each_may_see_and_bring(counter: Counter) -> None:
    page = unescape(Client().get("/guides/register-query").content.decode())

    assert all(word in page for word in ("受理案件通知书", "保密承诺书", "查询专用章", "5 个工作日"))
    assert "协助查询通知书" not in page
