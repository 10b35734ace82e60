"""Reads the official formats: bytes in, records and rejects out, streaming."""
