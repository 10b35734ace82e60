"""Verifies the signatures of sealed credentials."""
