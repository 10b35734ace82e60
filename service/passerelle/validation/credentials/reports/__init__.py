"""Writes a report in one of its formats."""
