"""People, roles, permissions, confidentiality agreements and the audit trail.

Public modules: `actors` (who acts), `permissions` (the table), `require` (may they), `audit` (what is left behind),
`denials` (audit of what was refused), `audit_seals`, `agreements`, `sign_in`, `staff`, `directory_changes`, `queries`,
`middleware`.
"""
