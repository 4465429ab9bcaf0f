"""Standing pre-signatures, kept on file."""
