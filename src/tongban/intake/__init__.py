"""收: an application from the first question to the sealed hand-over; never reads the register."""
