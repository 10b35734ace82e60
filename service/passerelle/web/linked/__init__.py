"""Linked data: things, terms, and what the data say of themselves."""
