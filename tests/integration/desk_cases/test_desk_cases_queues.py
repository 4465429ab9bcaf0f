"""Queues: everybody begins with his own work, the most pressing first, and finds any case of his registry."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.desk_site import Desk, Page
from tests.province import CLERK, OFFICER, REGISTRAR, REVIEWER, SECOND, STRANGER

from tongban.cases.models import Case
from tongban.cases.queues import PAGE_ROWS, QUEUES, Queue
from tongban.cli.stage import Account
from tongban.domain.lifecycle import CaseState

QUEUE = "/desk/cases/"


def numbers(page: Page) -> list[str]:
    """The case numbers of the table, in its order."""
    return re.findall(r'class="grid__open" href="/desk/cases/(\d+)/', page.text)


def copies(desk: Desk, many: int) -> None:
    """So many more cases like the first, a minute apart."""
    first = desk.case("received")
    Case.objects.bulk_create(
        Case(
            case_no=f"41052620261123{900000 + n}", application_no=f"SJ41010020261123{900000 + n}",
            item_number=first.item_number, channel=first.channel, home_registry=first.home_registry,
            receiving_registry=first.receiving_registry, state=first.state, state_since=first.state_since,
            package=first.package, package_digest=first.package_digest, package_message=first.package_message,
            received_at=first.received_at, opened_at=first.opened_at + timedelta(minutes=n),
            answer_due_at=first.answer_due_at + timedelta(minutes=n // 2),
        )
        for n in range(many)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("account", "name_zh", "case"),
    [
        (OFFICER, "待受理", "received"),
        (REVIEWER, "待初审", "accepted"),
        (SECOND, "待复审", "reviewed"),
        (REGISTRAR, "待登簿", "ready"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_everybody_begins_with_the_queue_of_his_own_work(desk: Desk, account: Account, name_zh: str, case: str) -> None:
    page = desk.person(account).opens(QUEUE)

    assert f'<h1 class="page__title">{name_zh}</h1>' in page.text
    assert desk.cases[case] in numbers(page)
    assert "从第一件开始办" in page.text


@pytest.mark.parametrize("queue", QUEUES.values(), ids=lambda queue: queue.key)
def test_every_queue_opens_with_cases_and_without(desk: Desk, queue: Queue) -> None:
    officer = desk.person(OFFICER)
    resumes = CaseState.ACCEPTED if queue.states[0] is CaseState.SUSPENDED else ""
    accepted = Case.objects.filter(case_no=desk.cases["accepted"])
    accepted.update(state=queue.states[0], resume_state=resumes, ended_at=desk.story.now)

    assert desk.cases["accepted"] in numbers(officer.opens(QUEUE, queue=queue.key))
    Case.objects.filter(state__in=queue.states).update(
        state=CaseState.WITHDRAWN, resume_state="", ended_at=desk.story.now
    )
    assert officer.opens(QUEUE, queue=queue.key).status == 200


def test_a_queue_masks_names_and_says_how_much_answer_time_is_left(desk: Desk) -> None:
    page = desk.person(OFFICER).opens(QUEUE)

    assert "韩**" in page.words and "韩雨桐" not in page.text
    assert re.search(r"还剩 1 天 \d+ 小时", page.words)


def test_a_case_whose_answer_time_is_nearly_over_is_marked_and_stands_first(desk: Desk) -> None:
    late = desk.case("received_later")
    late.answer_due_at = desk.story.now + timedelta(hours=1)
    late.save()

    page = desk.person(OFFICER).opens(QUEUE)

    assert numbers(page)[0] == late.case_no
    assert "快到期，只剩 59 分钟" in page.words
    assert 'class="grid__row--waiting"' in page.text


def test_past_its_answer_time_a_case_says_that_it_counts_as_accepted(desk: Desk) -> None:
    desk.story.tick(days=3)

    page = desk.person(OFFICER).opens(QUEUE)

    assert "已到期，视为受理" in page.words
    assert 'class="grid__row--stopped"' in page.text


def test_a_queue_is_paged_by_key_forward_and_back(desk: Desk) -> None:
    copies(desk, 80)
    officer = desk.person(OFFICER)

    first = officer.opens(QUEUE)
    second = officer.opens(re.search(r'rel="next" href="([^"]*)"', first.text)[1])  # type: ignore[index]
    third = officer.opens(re.search(r'rel="next" href="([^"]*)"', second.text)[1])  # type: ignore[index]
    back = officer.opens(re.search(r'rel="prev" href="([^"]*)"', third.text)[1])  # type: ignore[index]

    seen = [*numbers(first), *numbers(second), *numbers(third)]
    assert [len(numbers(page)) for page in (first, second, third)] == [PAGE_ROWS, PAGE_ROWS, 22]
    assert len(set(seen)) == 82
    due = dict(Case.objects.values_list("case_no", "answer_due_at"))
    assert [due[number] for number in seen] == sorted(due[number] for number in seen)
    assert 'rel="next"' not in third.text
    assert numbers(back) == numbers(second)


def test_an_unreadable_page_key_shows_the_first_page(desk: Desk) -> None:
    officer = desk.person(OFFICER)

    assert numbers(officer.opens(QUEUE, after="nonsense")) == numbers(officer.opens(QUEUE))


def test_a_queue_takes_as_many_queries_with_two_hundred_cases_as_with_two(desk: Desk) -> None:
    officer = desk.person(OFFICER)
    few = officer.queries_of(QUEUE)

    copies(desk, 200)

    assert officer.queries_of(QUEUE) == few <= 12


@pytest.mark.parametrize("query", ["{whole}", "{application}", "{last}", "41052620261123"])
def test_a_case_is_found_by_its_numbers(desk: Desk, query: str) -> None:
    case = desk.case("ready")
    typed = query.format(whole=case.case_no, application=case.application_no, last=str(int(case.case_no[-6:])))

    page = desk.person(REGISTRAR).opens(QUEUE, q=f" {typed} ")

    if query == "41052620261123":
        assert case.case_no in numbers(page) and len(numbers(page)) == len(desk.cases)
    else:
        assert page.response["Location"] == f"/desk/cases/{case.case_no}/?queue=all"


def test_a_number_nobody_has_says_so(desk: Desk) -> None:
    page = desk.person(REGISTRAR).opens(QUEUE, q="999999")

    assert page.status == 200
    assert "没有找到这个号码" in page.words


def test_another_registry_sees_none_of_these_cases(desk: Desk) -> None:
    stranger = desk.person(STRANGER)

    assert numbers(stranger.opens(QUEUE, queue="all")) == []
    assert numbers(stranger.opens(QUEUE, q=desk.cases["ready"])) == []


def test_a_window_clerk_is_denied_the_queues_and_the_denial_is_audited(desk: Desk) -> None:
    page = desk.person(CLERK).opens(QUEUE)

    assert page.status == 403
    (row,) = desk.audited(action="denied.case.read")
    assert (row.actor_id, row.outcome) == ("zz.clerk", "denied")


@pytest.mark.parametrize("path", [QUEUE, "/desk/cases/41052620261123000001/", "/desk/register/"])
def test_nobody_sees_anything_without_signing_in(desk: Desk, path: str) -> None:
    response = Client().get(path)

    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in?next=")


def test_what_ended_lately_is_listed_newest_first_and_nothing_older(desk: Desk) -> None:
    reviewer = desk.person(REVIEWER)
    recent = numbers(reviewer.opens(QUEUE, queue="ended"))

    desk.story.now += timedelta(days=31)
    later = numbers(desk.person(REVIEWER).opens(QUEUE, queue="ended"))

    assert recent == [desk.cases["refused"], desk.cases["certified"]]
    assert later == []


def test_going_on_without_deciding_opens_the_next_case_and_begins_again_at_the_end(desk: Desk) -> None:
    officer = desk.person(OFFICER)

    first = officer.opens("/desk/cases/next", queue="receive", after=desk.cases["received"])
    again = officer.opens("/desk/cases/next", queue="receive", after=desk.cases["received_later"])

    assert first.response["Location"] == f"/desk/cases/{desk.cases['received_later']}/?queue=receive"
    assert again.response["Location"] == f"/desk/cases/{desk.cases['received']}/?queue=receive"
