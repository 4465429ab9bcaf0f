"""Outside bodies: for each a port in our words, an adapter that speaks theirs, and the table between the two."""
