"""Passerelle: a knowledge graph that makes qualifications comparable across borders."""

__version__ = "0.1.0"
