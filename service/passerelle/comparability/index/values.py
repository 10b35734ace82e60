"""What links and matches count for, as arrays with a column for each reading (lower, expected, upper)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from passerelle.comparability.index.ragged import Floats, Truths
from passerelle.comparability.link_values import Values, class_values, match_values, needs, shows
from passerelle.records.compared_unit import LINK_CLASSES, LinkClass
from passerelle.records.link import UNSTATED_RELATION

if TYPE_CHECKING:
    from passerelle.comparability.index.tables import Links

READINGS = len(Values._fields)
LOWER, EXPECTED, UPPER = range(READINGS)
RELATIONS = tuple(shows())
"""Relations in the order of `mappings/match-relations.tsv`; the last row speaks for every link of an issuer."""

_DECLARED = LINK_CLASSES.index("declared")
_MACHINE = LINK_CLASSES.index("machine")


def shown(links: Links) -> Floats:
    """How much of its skill each link's outcome shows; see `link_values.shown`."""
    return _counted(links, _shows())


def needed(links: Links) -> Floats:
    """How much of its outcome each link's skill stands for; see `link_values.needed`."""
    return _counted(links, _needs())


def certainty(links: Links) -> Floats:
    """How sure each link is; see `link_values.certainty`."""
    return _by_class(links)[:, EXPECTED]


@cache
def kinds() -> Floats:
    """What the kinds of matches count for, a row each in the order of `MatchKind`."""
    return _array(match_values().values())


@cache
def _shows() -> Floats:
    return _array(shows().values())


@cache
def _needs() -> Floats:
    return _array(needs().values())


@cache
def _classes() -> Floats:
    return _array(class_values()[name] for name in LINK_CLASSES)


def counting(links: Links, left_out: Collection[LinkClass], threshold: float) -> Truths:
    """Which links count where these classes do not, and a machine's from a confidence on (`link_values.counting`)."""
    classes = [LINK_CLASSES.index(name) for name in left_out]
    sure = (links.link_class != _MACHINE) | (links.confidence >= threshold)
    counts: Truths = sure & ~np.isin(links.link_class, classes)
    return counts


def _counted(links: Links, by_relation: Floats) -> Floats:
    declared: Truths = links.link_class == _DECLARED
    relation = np.where(declared, RELATIONS.index(UNSTATED_RELATION), links.relation)
    return _by_class(links) * by_relation[relation]


def _by_class(links: Links) -> Floats:
    counted = _classes()[links.link_class]
    counted[:, EXPECTED] *= np.where(links.link_class == _MACHINE, links.confidence, 1.0)
    return counted


def _array(values: Iterable[Values]) -> Floats:
    return np.array(list(values), np.float64).reshape(-1, READINGS)
