"""House rules that no ready-made linter knows, and the generator of the reference pages."""
