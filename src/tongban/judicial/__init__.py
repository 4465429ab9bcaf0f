"""Orders of courts: stored on arrival, entered in order."""
