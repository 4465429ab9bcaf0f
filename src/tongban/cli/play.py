"""Plays applications and cases through the public services, as clerks and officers would; for walk, demo and tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from tongban.access.actors import Actor
from tongban.cases import flow
from tongban.cases import queries as cases
from tongban.cases.moves import Moved, StepData
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as forms
from tongban.domain.decision import Refusal
from tongban.domain.terms import Channel
from tongban.intake import filling, handover, opening, queries
from tongban.vault.blobs import CleanUpload, check_upload

SCAN_SIZE = (900, 620)
PAPER, INK, FAINT = "#f7f3e8", "#20303c", "#9aa7ad"


@dataclass(frozen=True, slots=True)
class Wish:
    """What an applicant wants: the certificate in hand, who it names, and the form as it will be filled in."""

    item_number: str
    unit_code: str
    certificate_no: str
    holder_name: str
    holder_id_no: str
    form: dict[str, str]
    answers: dict[str, str]


def begin(wish: Wish, window: Actor, *, window_code: str, now: datetime, key: str) -> str | Refusal:
    """The window asks the home registry and opens a draft; the refusal when there is one."""
    question = opening.PropertyQuestion(
        wish.item_number,
        Channel.WINDOW.value,
        window_code,
        wish.unit_code,
        wish.certificate_no,
        wish.holder_name,
        wish.holder_id_no,
        {key: wish.form[key] for key in CATALOGUE[wish.item_number].opening_fields if key in wish.form},
    )
    begun = opening.begin(question, window, key=key, now=now)
    return begun if isinstance(begun, Refusal) else begun.number


def fill(number: str, wish: Wish, window: Actor, *, now: datetime) -> None:
    """Form, identity, scans, originals, inquiry and signatures, everything an application needs."""
    filling.save_form(number, wish.form, window, version=queries.application(number, window, now).version, now=now)
    attend(number, wish.answers, window, now=now)


def attend(number: str, answers: dict[str, str], window: Actor, *, now: datetime) -> None:
    """Everything an application needs besides its form: people come with their papers, are asked, and sign."""
    view = queries.application(number, window, now)
    for position in sorted(view.present):
        check = filling.IdentityCheck(position, filling.READER_FACE, filling.PASSED)
        filling.check_identity(number, check, window, now=now)
    for requirement in view.requirements:
        name = requirement.material.name_zh
        filling.add_scan(number, requirement.key, scan(f"{name}\n{view.form.get('new_name', '')}"), window, now=now)
        kind = filling.COLLECTED if requirement.keeps_original else filling.CHECKED_RETURNED
        filling.record_paper(number, requirement.key, kind, window, pages=1, now=now)
    asked = {q.key: answers.get(q.key, "") for q in forms.visible_questions(view.item, answers)}
    version = queries.application(number, window, now).version
    filling.save_inquiry(number, asked, window, version=version)
    sign(number, window, now=now)


def sign(number: str, window: Actor, *, now: datetime) -> None:
    """Everybody present signs the content as it stands."""
    for party in queries.application(number, window, now).present_parties:
        filling.sign(number, party.position, signature(party.name), window, now=now)


def hand_over(number: str, window: Actor, *, now: datetime) -> handover.HandedOver:
    """Seal and send."""
    return handover.hand_over(number, window, key=f"hand-over:{number}", now=now)


def advance(case_no: str, action: str, officer: Actor, *, now: datetime, note_zh: str = "") -> Moved | Refusal:
    """One move of a case by one officer."""
    return flow.advance(case_no, action, officer, StepData(key=f"{action}:{now.isoformat()}", now=now, note_zh=note_zh))


def case_of(application_no: str) -> str:
    """The number of the case that was opened for an application."""
    return cases.case_no_of(application_no)


def pump(duties: tuple[Callable[[], int], ...], rounds: int = 50) -> int:
    """Let the site's duties run until nothing is left to do; how many things they did."""
    total = 0
    for _ in range(rounds):
        done = sum(duty() for duty in duties)
        total += done
        if not done:
            return total
    raise AssertionError("the duties never come to rest")


def scan(text: str) -> CleanUpload:
    """A picture such as the document camera makes, marked as a sample."""
    picture = Image.new("RGB", SCAN_SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((24, 24, SCAN_SIZE[0] - 24, SCAN_SIZE[1] - 24), outline=FAINT, width=3)
    draw.multiline_text((70, 90), text, fill=INK, font=_font(44), spacing=18)
    draw.text((70, SCAN_SIZE[1] - 110), "样本 仅供演示", fill=FAINT, font=_font(30))
    return check_upload(_png(picture), "image/png", "scan.png")


def signature(name: str) -> CleanUpload:
    """A drawn signature."""
    picture = Image.new("RGB", (480, 180), "white")
    ImageDraw.Draw(picture).text((60, 50), name, fill=INK, font=_font(64))
    return check_upload(_png(picture), "image/png", "signature.png")


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    path = next(folder.rglob("NotoSansSC-Regular.otf"))
    return ImageFont.truetype(str(path), size)
