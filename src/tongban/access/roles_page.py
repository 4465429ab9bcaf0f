"""The page docs/reference/roles.md, written from the table so that the two cannot differ."""

from __future__ import annotations

from tongban.access.permissions import (
    ESTATES,
    NEEDS_AGREEMENT,
    OVERSIGHT_ROLES,
    TABLE,
    WINDOW_ROLES,
    Permission,
    Reach,
    Role,
)

_HEAD = """# Roles and permissions

Written from `tongban.access.permissions` by `tongban.access.roles_page`; change the table, not this page.

What a role does not list is denied. **own** reaches the institution the role is held at, **province** every one.
"""


def roles_page() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD, "## Roles\n", _roles(), "## What each role may do\n"]
    parts += [_role_section(role) for role in Role]
    parts += ["## Who may do what\n", _by_permission()]
    return "\n".join(parts).rstrip() + "\n"


def _roles() -> str:
    lines = ["| role | 角色 | administration | remarks |", "|---|---|---|---|"]
    lines += [
        f"| `{role.value}` | {role.name_zh} | {ESTATES.get(role, '') or '—'} | {_remark(role)} |" for role in Role
    ]
    return "\n".join(lines) + "\n"


def _remark(role: Role) -> str:
    if role is Role.SYSTEM:
        return "the product itself; never granted to a person"
    if role in WINDOW_ROLES:
        return "needs a confidentiality agreement in force"
    if role in OVERSIGHT_ROLES:
        return "held at the province's centre it reaches every institution"
    return ""


def _role_section(role: Role) -> str:
    lines = [f"### {role.name_zh} `{role.value}`\n", "| permission | 权限 | reach |", "|---|---|---|"]
    listed = sorted(TABLE[role].items(), key=lambda row: row[0].value)
    lines += [f"| `{permission.value}` | {permission.name_zh} | {reach.value} |" for permission, reach in listed]
    return "\n".join(lines) + "\n"


def _by_permission() -> str:
    lines = ["| permission | 权限 | roles | agreement |", "|---|---|---|---|"]
    for permission in sorted(Permission, key=lambda row: row.value):
        holders = [
            role.name_zh + ("（全省）" if TABLE[role][permission] is Reach.PROVINCE else "")
            for role in Role
            if permission in TABLE[role]
        ]
        agreement = "at windows" if permission in NEEDS_AGREEMENT else "—"
        lines.append(f"| `{permission.value}` | {permission.name_zh} | {'、'.join(holders) or '—'} | {agreement} |")
    return "\n".join(lines) + "\n"
