"""Queries of registration data, at a desk."""
