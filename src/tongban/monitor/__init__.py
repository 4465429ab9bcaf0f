"""Pages of administrators, security officers and auditors."""
