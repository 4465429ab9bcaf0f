"""The province of a measurement, staged through the public services; imported by clients, run as a script to build it.

`python province.py REGISTRIES FLATS` in the environment of a scratch site: 郑州 receives, that many county
registries decide, each with that many flats.  Prints a JSON object with the clerk's sign-in.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import timedelta
from functools import cache

import django

django.setup()
logging.disable(logging.WARNING)

from django.utils import timezone  # noqa: E402 - tables can be imported once Django is set up
from django.utils.timezone import localdate  # noqa: E402

from tongban.access import staff  # noqa: E402
from tongban.access.actors import Actor  # noqa: E402
from tongban.access.permissions import Role  # noqa: E402
from tongban.cli import people, play, stage  # noqa: E402
from tongban.cli.people import Flat  # noqa: E402
from tongban.cli.play import Wish  # noqa: E402
from tongban.cli.stage import Account  # noqa: E402
from tongban.directory import lookup  # noqa: E402
from tongban.domain.codes import institution_division  # noqa: E402

PASSWORD = "Bench-2026-site"  # noqa: S105 - of an invented clerk of a throw-away site
COUNTIES_FROM = "410500"  # registries of counties from here on, 滑县 first
OFFICES = (
    ("officer", "受理员", Role.DESK_OFFICER), ("reviewer", "初审员", Role.REVIEWER),
    ("second", "复审员", Role.SECOND_REVIEWER), ("registrar", "登簿员", Role.REGISTRAR),
)  # fmt: skip


def homes(count: int) -> list[str]:
    """The deciding registries: 滑县 and the counties that follow it in the list of the province."""
    counties = sorted(one.code for one in lookup.registries() if one.code > f"registry-{COUNTIES_FROM}")
    rest = [code for code in counties if code != stage.HUAXIAN and not code.endswith("00")]
    assert count <= len(rest) + 1, "the province has no more county registries"
    return [stage.HUAXIAN, *rest][:count]


@cache
def flats(registry: str, count: int) -> tuple[Flat, ...]:
    """The flats of one registry, the same in every process."""
    found = lookup.institution(registry)
    return people.flats(institution_division(registry), found.short_zh, found.short_zh, count)


def account(registry: str, office: str) -> Account:
    """The officer of a registry who does one part of the work."""
    if registry == stage.HUAXIAN:
        known = dict(zip((name for name, _, _ in OFFICES), stage.CAST[1:], strict=True))
        return known[office]
    name_zh, role = next((name_zh, role) for name, name_zh, role in OFFICES if name == office)
    return Account(f"r{registry[-6:]}.{office}", name_zh, registry, (role,), "")


def officer(registry: str, office: str) -> Actor:
    return stage.actor(account(registry, office))


def clerk() -> Actor:
    return stage.actor(stage.CLERK)


def wish(flat: Flat, new_name: str = "韩雨桐") -> Wish:
    return people.name_change(flat, new_name, day=localdate(timezone.now()))


def begin(flat: Flat, key: str) -> str:
    """A draft for a flat; its number."""
    begun = play.begin(wish(flat), clerk(), window_code=stage.window_of(stage.ZHENGZHOU), now=timezone.now(), key=key)
    assert isinstance(begun, str), begun
    return begun


def build(registries: int, flats_each: int) -> dict[str, str]:
    """Fill an empty site; what the clerk signs in with."""
    now = timezone.now() - timedelta(days=1)
    stage.found(now)
    credentials = stage.hire(stage.CLERK, now)
    staff.choose_password(stage.CLERK.username, credentials.password, PASSWORD, now)
    for registry in homes(registries):
        for office, _, _ in OFFICES:
            stage.hire(account(registry, office), now)
        stage.befriend(registry, stage.ZHENGZHOU, now)
        stage.take_stock(flats(registry, flats_each), registry, now)
    return {
        "username": stage.CLERK.username,
        "password": PASSWORD,
        "totp_secret": credentials.totp_secret,
        "window": stage.window_of(stage.ZHENGZHOU),
    }


if __name__ == "__main__":
    print(json.dumps(build(int(sys.argv[1]), int(sys.argv[2]))))
