"""The limits both sides of a message keep to; published with the contract."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

MIB: Final = 1024 * 1024

ENVELOPE_BYTES_MAX: Final = MIB
ATTACHMENTS_MAX: Final = 200  # of one message
ATTACHMENT_BYTES_MAX: Final = 20 * MIB
SEALED_BYTES_MAX: Final = ATTACHMENT_BYTES_MAX + 1024  # what encryption adds is less
PART_BYTES_MAX: Final = MIB  # of one request
UPLOADS_OPEN_MAX: Final = 200  # unfinished, of one partner
UPLOAD_AGE_MAX: Final = timedelta(days=2)  # then an upload nobody continued is forgotten

BATCH_MAX: Final = 50  # messages of one request
BATCH_BYTES_MAX: Final = 4 * MIB  # envelopes of one request, before base64
MESSAGES_BODY_MAX: Final = 8 * MIB
QUESTION_BODY_MAX: Final = 2 * MIB
REQUESTS_PER_MINUTE_MAX: Final = 60_000  # of one partner, per worker process

CLOCK_SKEW_MAX: Final = timedelta(minutes=5)  # of a request or its answer
CLOCK_AHEAD_MAX: Final = timedelta(minutes=5)  # of a message's signature, before the receiver's clock
QUESTION_AGE_MAX: Final = timedelta(minutes=5)  # either way
NONCE_CHARS_MAX: Final = 64
NONCE_KEPT: Final = 3 * CLOCK_SKEW_MAX

CONNECT_TIMEOUT_S: Final = 3.0
MESSAGES_TIMEOUT_S: Final = 20.0
QUESTION_TIMEOUT_S: Final = 5.0
PART_TIMEOUT_S: Final = 20.0
LEASE_S: Final = 60  # of a batch being delivered; longer than any time-out above
BACKOFF_MAX_S: Final = 60
PROCESS_ATTEMPTS_MAX: Final = 8  # then a message is parked
