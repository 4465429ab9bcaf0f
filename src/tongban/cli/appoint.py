"""`tongban appoint`: the first three administrators of a site that has nobody yet."""

from __future__ import annotations

import argparse
import sys

from django.utils import timezone

from tongban.access.permissions import Role
from tongban.access.staff import NewStaff, found
from tongban.directory import lookup
from tongban.domain.codes import InstitutionKind
from tongban.domain.errors import TongbanError


def run(words: list[str]) -> int:
    """Make the accounts and show once what each signs in with; refused when anybody has an account already."""
    parser = argparse.ArgumentParser(prog="tongban appoint")
    parser.add_argument("institution", help="code of the province's centre or of a registry this site hosts")
    for name, what in (
        ("system", "accounts, roll-out, figures"),
        ("security", "roles, keys"),
        ("audit", "audit trail"),
    ):
        parser.add_argument(f"--{name}", nargs=2, metavar=("USER", "NAME"), required=True, help=what)
    chosen = parser.parse_args(words)
    try:
        is_province = lookup.institution(chosen.institution).kind == InstitutionKind.PROVINCE
        roles = (
            (chosen.system, Role.PROVINCE_ADMIN if is_province else Role.REGISTRY_ADMIN),
            (chosen.security, Role.SECURITY_ADMIN),
            (chosen.audit, Role.AUDITOR),
        )
        made = found([(NewStaff(user, name, chosen.institution), role) for (user, name), role in roles], timezone.now())
    except TongbanError as error:
        print(f"tongban appoint: {error.message_zh}", file=sys.stderr)
        return 1
    for credentials in made:
        print(
            f"{credentials.username}  first password {credentials.password}\n  authenticator {credentials.enrolment_uri}"
        )
    print("shown this once; each sets a password of their own when signing in first")
    return 0
