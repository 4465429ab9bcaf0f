"""No personal number reaches the audit in clear, whatever stands around it."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tongban.access.audit import masked
from tongban.access.audit_seals import members, ranges
from tongban.access.passwords import new_password, password_problems

ID18 = st.from_regex(
    r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]", fullmatch=True
)
MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
CARD = st.from_regex(r"[1-9][0-9]{15,18}", fullmatch=True)
AROUND = st.text(alphabet="，。：；（）身份证电话号为是 \n", max_size=12)


@given(before=AROUND, number=st.one_of(ID18, MOBILE, CARD), after=AROUND)
def test_a_personal_number_in_a_text_is_masked(before, number, after):
    shown = masked(before + number + after)

    assert number not in shown
    assert "*" in shown


@given(number=st.from_regex(r"41[0-9]{4}20[0-9]{12}", fullmatch=True))
def test_a_case_number_stays_readable(number):
    assert masked(number) == number
    assert masked("SJ" + number) == "SJ" + number


@given(unit=st.from_regex(r"41[0-9]{10}GB[0-9]{5}F[0-9]{8}", fullmatch=True))
def test_a_unit_code_stays_readable(unit):
    assert masked(f"{unit}、{unit}") == f"{unit}、{unit}"


@given(text=st.text(max_size=200))
def test_masking_twice_changes_nothing_more_and_leaves_no_long_number(text):
    once = masked(text)

    assert masked(once) == once
    assert not re.search(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])", once, re.ASCII)


@given(numbers=st.sets(st.integers(min_value=1, max_value=500), max_size=60))
def test_ranges_hold_exactly_their_numbers(numbers):
    ordered = sorted(numbers)
    found = ranges(ordered)

    assert list(members(found)) == ordered
    assert all(after[0] > before[1] + 1 for before, after in pairwise(found))


@given(st.none())
def test_a_first_password_passes_its_own_rules(_):
    assert password_problems(new_password(), "li.ming") == ()
