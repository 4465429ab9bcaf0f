"""What can come of an act: the values of the column `outcome` of the audit trail."""

from __future__ import annotations

from typing import Final

OK: Final = "ok"
DENIED: Final = "denied"  # no permission
REFUSED: Final = "refused"  # the law said no
FAILED: Final = "failed"  # tried in vain
OUTCOMES: Final = frozenset({OK, DENIED, REFUSED, FAILED})
