"""The single checks of verification: chain, unit events, projection, tree."""
