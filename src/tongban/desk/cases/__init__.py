"""The home registry's cases as its officers read them."""
