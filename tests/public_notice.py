"""A succession without deed in tests: handed over, accepted, published, posted."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

from django.utils.timezone import localdate
from PIL import Image

from tests.province import HOME, NOW, OFFICER, REVIEWER, Province
from tongban.cases import public_notices
from tongban.cases.public_notices import Objection
from tongban.cli import examples, play
from tongban.directory.figures import Figure, write_figure
from tongban.directory.recent import forget_kept
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.decision import Refusal
from tongban.register import reading
from tongban.vault.blobs import check_upload

ITEM = CATALOGUE["S06"]
CODE = EXAMPLE_UNITS[ITEM.example.unit].unit.unit_code
FIRST, LAST = date(2026, 11, 23), date(2026, 12, 14)  # fifteen working days, no holiday between


def photo(colour: str = "white") -> bytes:
    """A picture of a wall."""
    drawn = io.BytesIO()
    Image.new("RGB", (200, 280), colour).save(drawn, "PNG")
    return drawn.getvalue()


def accepted(story: Province) -> str:
    """A case without deed or court paper; the registry has lifted the exclusion of such cases (X15)."""
    before = NOW - timedelta(days=1)
    write_figure(Figure("exclusion.X15", "410526", "off", NOW.date(), "滑自然资〔2026〕11号"), set_by="t", now=before)
    forget_kept()
    examples.take_units(HOME, NOW)
    wish = examples.wish_of(ITEM, reading.page(CODE), NOW.date().isoformat())
    form = {key: text for key, text in wish.form.items() if not key.startswith("paper_")}
    application = story.hands_over(replace(wish, form={**form, "way": "neither"}))
    story.settles()
    case_no = play.case_of(application)
    story.moves(case_no, "accept", OFFICER)
    return case_no


def published(story: Province) -> str:
    case_no = accepted(story)
    assert not isinstance(story.moves(case_no, "publish", REVIEWER), Refusal)
    return case_no


def posted(story: Province, case_no: str, day: date, colour: str = "white") -> None:
    """The desk officer posts the notice at the property and keeps the photograph."""
    clean = check_upload(photo(colour), "image/png", "wall.png")
    public_notices.keep_posting(case_no, day, clean, story.actor(OFFICER), now=story.tick())


def on(story: Province, day: date) -> None:
    story.tick(days=(day - localdate(story.now)).days)
    story.settles()


def objects(story: Province, case_no: str, day: date, key: str = "o1") -> int | Refusal:
    said = Objection("陶建民", "13800138777", "我也是法定继承人，没有人问过我。", "户口簿复印件一份", day)
    return public_notices.take_objection(case_no, said, story.actor(OFFICER), key=key, now=story.tick())
