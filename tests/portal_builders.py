"""What tests of the public pages need: a certificate of the story, its code, and a second renaming of the same flat."""

from __future__ import annotations

from dataclasses import dataclass

from tests.province import OFFICER, REGISTRAR, REVIEWER, SECOND, Province, flats
from tongban.certificates import issue, queries
from tongban.certificates.payload import ATTACHMENT_NAME, Attachment
from tongban.certificates.seals import pdf_check
from tongban.cli import people, play
from tongban.cli.people import Flat
from tongban.register import reading


@dataclass(frozen=True, slots=True)
class Certificate:
    """A sealed certificate as its holder has it."""

    identifier: str
    certificate_no: str
    unit_code: str
    pdf: bytes
    code: str


def certificate_of(story: Province, case_no: str) -> Certificate:
    (licence,) = queries.licences_of_case(case_no)
    pdf = issue.pdf(licence.identifier, story.now)
    attached = pdf_check.attached_file(pdf, ATTACHMENT_NAME)
    assert attached is not None, "a certificate has its data attached"
    code = Attachment.parse(attached).code
    return Certificate(licence.identifier, licence.certificate_no, licence.unit_code, pdf, code)


def a_certificate(story: Province, new_name: str = "韩雨桐") -> Certificate:
    """The certificate of the first flat after a change of name."""
    return certificate_of(story, story.case_certified(0, new_name))


def renamed_again(story: Province, new_name: str = "韩若溪") -> Certificate:
    """The certificate after another change of name of the same flat: the one before is replaced."""
    title = reading.title(flats()[0].unit_code)
    assert title is not None
    application = story.hands_over(people.name_change(Flat(title), new_name, day=story.now.date()))
    story.settles()
    case_no = play.case_of(application)
    for action, account in (("accept", OFFICER), ("approve_first", REVIEWER), ("approve_second", SECOND)):
        story.moves(case_no, action, account)
    story.settles()
    story.moves(case_no, "record", REGISTRAR)
    story.settles()
    return certificate_of(story, case_no)


def flipped(data: bytes, place: int) -> bytes:
    """The same bytes with the lowest bit of one turned over."""
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)
