"""Authorizations between registries and the signed messages that cross from one institution to another."""
