"""Orders of courts at the home registry, for its assistants in execution."""
