"""Institutions, districts, windows, service roll-out, dated parameters and the working-day calendar."""
