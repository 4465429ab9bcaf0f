"""The command `tongban`."""
