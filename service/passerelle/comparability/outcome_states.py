"""What the state of an outcome means for a holder: the groups of `mappings/outcome-states.tsv`."""

from __future__ import annotations

from functools import cache
from typing import Literal

from passerelle.records.mapping_table import rows

Group = Literal["shown", "to-check", "open", "lacking"]
"""Shown; shown by what somebody should look at; too little is known; known and not shown."""


@cache
def states_in(group: Group) -> frozenset[str]:
    """The states of a group."""
    return frozenset(row["state"] for row in rows("outcome-states.tsv") if row["group"] == group)
