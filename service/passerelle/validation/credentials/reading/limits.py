"""Limits of what is read: sizes, depth and counts beyond which a file is refused instead of read slowly."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be; real credentials have half a megabyte, ten levels and two thousand values.

    `bytes` counts the file as submitted. `depth` are JSON levels, `values` JSON values of one document, `digits` those
    of a number. `definitions` are terms that contexts inside a document may define together; `observations` how many a
    reading yields before it stops looking. `triples` are those of a file in an RDF syntax, `nesting` seals and wrappers
    in each other, `signatures` those of one seal.
    `repetitions` are the values of one property of one node: to compare each with each takes their square.
    """

    bytes: int = 32 * 1024**2
    depth: int = 100
    values: int = 100_000
    digits: int = 400
    definitions: int = 20_000
    observations: int = 2_000
    triples: int = 200_000
    nesting: int = 4
    signatures: int = 16
    repetitions: int = 2_000
