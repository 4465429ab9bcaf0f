"""What a password must be, and the second factor: time-based codes (RFC 6238) of which each works once."""

from __future__ import annotations

import hmac
import secrets
import string
from datetime import datetime
from typing import Final

import pyotp

from tongban.domain.errors import Problem

LENGTH_MIN: Final = 10
LENGTH_MAX: Final = 128
CLASSES_MIN: Final = 3
STEP_S: Final = 30
STEPS_OFF: Final = 1  # clocks of telephones and servers differ a little
INITIAL_LENGTH: Final = 14
ISSUER: Final = "全豫通办"
_LOOKALIKES: Final = "0O1lI"


def password_problems(password: str, username: str) -> tuple[Problem, ...]:
    """Everything wrong with a new password; empty when it will do (GB/T 22239 三级: length and three classes)."""
    problems = []
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        problems.append(Problem("password", f"口令应有{LENGTH_MIN}到{LENGTH_MAX}个字符", "请换一个长一些的口令"))
    if _classes(password) < CLASSES_MIN:
        problems.append(
            Problem("password", "口令太简单", f"大写字母、小写字母、数字、符号，至少要有其中{CLASSES_MIN}种")
        )
    if username and username.lower() in password.lower():
        problems.append(Problem("password", "口令里不能有用户名", "请换一个猜不到的口令"))
    return tuple(problems)


def new_password() -> str:
    """A first password that passes the rules; whoever gets it must change it."""
    letters = [letter for letter in string.ascii_letters + string.digits + "-+=@#" if letter not in _LOOKALIKES]
    while True:
        made = "".join(secrets.choice(letters) for _ in range(INITIAL_LENGTH))
        if not password_problems(made, ""):
            return made


def new_totp_secret() -> str:
    """A fresh secret in base32, for the person's authenticator."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, username: str) -> str:
    """The address an authenticator scans as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def code_at(secret: str, now: datetime) -> str:
    """The six digits an authenticator shows at `now`; for demonstrations and tests."""
    return pyotp.TOTP(secret).at(now)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, at most `STEPS_OFF` away from now; None for a wrong code."""
    current = int(now.timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    given = "".join(code.split())
    found = None
    for step in range(current - STEPS_OFF, current + STEPS_OFF + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), given.encode()):
            found = step
    return found


def _classes(password: str) -> int:
    return sum(
        (
            any(letter.islower() for letter in password),
            any(letter.isupper() for letter in password),
            any(letter.isdigit() for letter in password),
            any(not letter.isalnum() for letter in password),
        )
    )
