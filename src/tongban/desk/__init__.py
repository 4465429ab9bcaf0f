"""Pages of window clerks and of the home registry's officers."""
