"""Everybody follows every link from where he begins: no page fails, and none leads nowhere."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from tests.desk_site import Desk, Person
from tests.integration.desk_cases.conftest import desk as desk
from tests.province import CLERK, HOME, HOME_ADMIN, NOW, OFFICER, REGISTRAR, REVIEWER, SECOND
from tests.public_notice import published

from tongban.cli import examples
from tongban.cli.stage import Account
from tongban.domain.catalogue import CATALOGUE

OF_A_KIND = 3  # pages that differ only by a number are one kind
LINK = re.compile(r'<a\b[^>]*?href="([^"#]+)[^"]*"')
AWAY = ("tel:", "mailto:", "http")


def kind(url: str) -> str:
    """The address without what differs from case to case."""
    return re.sub(r"[0-9A-Fa-f]{6,}|\d+|=[^&]{16,}", "*", url)


def walk(client: Client, start: str) -> tuple[int, list[tuple[str, str, int]]]:
    """How many pages were read, and every link that led to a page that failed: from where, to where, the status."""
    seen, kinds, faults = {start}, Counter[str](), []
    waiting = deque([("", start)])
    read = 0
    while waiting:
        source, url = waiting.popleft()
        response = client.get(url, follow=True)
        read += 1
        if response.status_code not in (200, 204):
            faults.append((source, url, response.status_code))
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        for href in map(unescape, LINK.findall(response.content.decode())):
            if href.startswith(AWAY):
                continue
            target = urljoin(url, href)
            if target in seen or kinds[kind(target)] >= OF_A_KIND or urlsplit(target).path == "/sign-out":
                continue
            seen.add(target)
            kinds[kind(target)] += 1
            waiting.append((url, target))
    return read, faults


def test_a_visitor_finds_no_page_that_fails(desk: Desk) -> None:
    published(desk.story)

    read, faults = walk(Client(), "/")

    assert faults == []
    assert read > 40


@pytest.mark.parametrize(
    "account", [CLERK, OFFICER, REVIEWER, SECOND, REGISTRAR, HOME_ADMIN], ids=lambda one: one.username
)
def test_somebody_at_work_finds_no_page_that_fails(desk: Desk, account: Account) -> None:
    story = desk.story
    examples.take_units(HOME, NOW)
    at = examples.Stage(story.tick, story.settles, story.actor(CLERK), lambda action, actor, of: None)
    examples.play_item(CATALOGUE["S33"], at)
    person: Person = desk.person(account)

    read, faults = walk(person.client, "/desk/")

    assert faults == []
    assert read > 25, read
