"""People, roles, permissions, confidentiality agreements and the audit trail."""
