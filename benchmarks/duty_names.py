"""Prints the names of the site's duties, one a line."""

from __future__ import annotations

import django

django.setup()

from tongban.runtime import duties  # noqa: E402 - the wiring can be imported once Django is set up

print("\n".join(duty.name for duty in duties.load()))
