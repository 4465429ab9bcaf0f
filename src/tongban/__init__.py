"""通办: received at any window, decided and recorded by the home registry alone."""
