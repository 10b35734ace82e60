"""Validates what goes into a release: shapes within records, queries across them."""
