"""Public pages: the front door and certificate verification."""
