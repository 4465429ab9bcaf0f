"""办: a case at the home registry from hand-over to archive; never reads an intake table."""
