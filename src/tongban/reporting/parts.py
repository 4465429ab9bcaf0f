"""Which registrations a recording made: one message each, found from what was written about every unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.entries import CloseTitle, DescribeUnit, Entry
from tongban.domain.terms import Registration, Subject
from tongban.reporting.case_facts import Part
from tongban.reporting.recorded import subject_of

_BEGINS: Mapping[Subject, Registration] = {
    Subject.PRIORITY_NOTICE: Registration.PRIORITY_NOTICE,
    Subject.OBJECTION: Registration.OBJECTION,
    Subject.NONE: Registration.SEIZURE,
}


def parts_of(
    entries: Sequence[Entry], main: Subject, registration: Registration, *, is_combined: bool
) -> tuple[Part, ...]:
    """The registrations of one recording, unit by unit, the main one first.

    `main` and `registration` are what the case is about.  Only a combined case (合并办理) makes more than one of a unit;
    otherwise whatever else the recording changed, such as a notice used up by the transfer, belongs to the main one.
    """
    found: list[Part] = []
    for unit_code in dict.fromkeys(entry.unit_code for entry in entries):
        written = [one for one in entries if one.unit_code == unit_code and not isinstance(one, DescribeUnit)]
        subjects = sorted(dict.fromkeys(_subject(one, main) for one in written), key=lambda one: one is not main)
        chosen = subjects if is_combined else subjects[:1]
        for subject in chosen:
            own = [one for one in written if _subject(one, main) is subject]
            found.append(Part(unit_code, registration if subject is main else _registration(own, subject), subject))
            if subject is Subject.TITLE and any(isinstance(one, CloseTitle) for one in own):
                found[-1] = replace(found[-1], registration=Registration.CANCELLATION)
    return tuple(found)


def _subject(entry: Entry, main: Subject) -> Subject:
    """A closed burden does not say of what kind it was; it counts with what the case is about."""
    match entry:
        case OpenBurden() | AlterBurden():
            return subject_of(entry.burden.burden)
        case CloseBurden():
            return main
        case _:
            return Subject.TITLE


def _registration(own: Sequence[Entry], subject: Subject) -> Registration:
    """What a registration is that the case makes beside its main one."""
    if any(isinstance(one, OpenBurden) for one in own):
        return _BEGINS.get(subject, Registration.FIRST)
    return Registration.ALTERATION
