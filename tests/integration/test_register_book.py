"""Recording: what gets into the book, what is refused, and that nothing is ever half there."""

from __future__ import annotations

import pytest
from tests import register_builders as a

from tongban.register import book, reading
from tongban.register.requests import Recording

pytestmark = pytest.mark.django_db


def test_a_recorded_title_is_what_the_register_shows() -> None:
    done = book.record(a.request(a.opened(1, note_zh="附记"), key="k1"))

    assert isinstance(done, Recording)
    assert [(ref.ledger, ref.seq, ref.unit_seq) for ref in done.entries] == [(a.LEDGER, 1, 1)]
    assert reading.title(a.unit(1)) == a.title(1, note_zh="附记")
