"""The window: an application from the first question to its receipt."""
