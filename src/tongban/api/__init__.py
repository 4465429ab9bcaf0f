"""The machine door: what other sites call."""
