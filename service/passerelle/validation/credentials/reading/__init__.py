"""Reads a submitted file of any accepted form into triples, and remembers where each stood."""
