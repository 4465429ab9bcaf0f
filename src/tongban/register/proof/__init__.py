"""What is hashed, signed and proven: pure functions and values that need no database and no settings."""
