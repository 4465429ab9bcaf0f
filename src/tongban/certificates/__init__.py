"""E-certificates, receipts and notices: rendered, sealed and verifiable by anyone."""
