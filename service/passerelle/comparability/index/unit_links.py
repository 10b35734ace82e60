"""The links of a unit's outcomes, read from the tables of an index: the same as the store has, at no look-up."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from passerelle.comparability.index.ragged import places
from passerelle.comparability.index.tables import Tables
from passerelle.comparability.index.values import RELATIONS
from passerelle.records.compared_unit import LINK_CLASSES, OutcomeLink


def unit_links(tables: Tables, unit: int) -> list[tuple[OutcomeLink, ...]]:
    """The links of each outcome of a unit (by number), its own and those of its parts, in the order of their IRIs.

    Those of an outcome are sorted by skill.
    """
    links, outcomes = tables.links, tables.outcomes[unit]
    found, owner = places(links.starts, outcomes)
    some = links.some(found)
    ends = np.searchsorted(owner, np.arange(1, len(outcomes) + 1)).tolist()
    columns = (some.skill, some.link_class, some.relation, some.confidence, some.calibrated)
    each_link = [
        OutcomeLink(tables.skills[skill], LINK_CLASSES[link_class], RELATIONS[relation], confidence, calibrated)
        for skill, link_class, relation, confidence, calibrated in zip(
            *(each.tolist() for each in columns), strict=True
        )
    ]
    return [tuple(each_link[begin:end]) for begin, end in pairwise((0, *ends))]
