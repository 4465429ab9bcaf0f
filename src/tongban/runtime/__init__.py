"""Where the product runs: site file, embedded PostgreSQL, supervisor, doctor."""
