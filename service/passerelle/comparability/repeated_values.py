"""How often a parameter may be given that takes several values, on the command line, in an address and in a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from passerelle.errors import ParameterError
from passerelle.records.unit_tables import countries, unit_kinds

MOST_ESSENTIAL = 150
"""Outcomes that can be marked essential: their hashes fit into one address (42 characters each, of some 8,000)."""
MOST_HELD = 20
"""Units that can be named as held, or as a set."""


@cache
def most_values() -> Mapping[str, int]:
    """By parameter, the values that it takes; parameters that are not here take one.

    More countries and kinds than there are would be the same ones again.
    """
    return {
        "essential": MOST_ESSENTIAL,
        "country": len(countries()),
        "kind": len(unit_kinds()),
        "have": MOST_HELD,
        "unit": MOST_HELD,
    }


def values_of(given: Iterable[str], name: str) -> tuple[str, ...]:
    """The values of a parameter, blank and repeated ones aside, in their order.

    Raises ParameterError where more were given than it takes; repeated ones count, so that no question is longer than
    its bound says.
    """
    values = tuple(given)
    most = most_values()[name]
    if len(values) > most:
        raise ParameterError("comparison-many-values", name=name, limit=most)
    return tuple(dict.fromkeys(value for value in (each.strip() for each in values) if value))
