"""Units that tag far more skills than their peers: whoever declares many, seems to cover much.

The rule: a unit is flagged when its issuer declares more skills for its own outcomes than the outer fence of Tukey
(third quartile plus three times the distance of the quartiles, Exploratory Data Analysis, 1977, chapter 2) of the units
of the same kind and source, where at least PEERS of them declare any; otherwise of all units of that kind. Quartiles
that are less than one skill apart count as one apart: two skills more than everyone else are no abundance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally

PEERS = 10
"""Fewer units have no quartiles to speak of."""

_STEPS = 3.0


@dataclass(frozen=True, slots=True)
class TaggedUnit:
    """How many skills the issuer of a unit (IRI) declares for the unit's own outcomes.

    `kind` is a concept of `unit-kind` (IRI, empty where none is stated), `source` the graph (IRI) that declares them.
    """

    unit: str
    kind: str
    source: str
    skills: int


@dataclass(frozen=True, slots=True)
class AbundantUnit:
    """A unit above the fence of its `peers` (how many units they are)."""

    unit: str
    skills: int
    fence: float
    peers: int


def abundant(units: Iterable[TaggedUnit]) -> list[AbundantUnit]:
    """The units that tag far more skills than their peers, sorted by IRI; each unit once, at its largest count."""
    of_source: dict[tuple[str, str], list[int]] = defaultdict(list)
    of_kind: dict[str, list[int]] = defaultdict(list)
    known = list(units)
    for each in known:
        of_source[each.kind, each.source].append(each.skills)
        of_kind[each.kind].append(each.skills)
    found: dict[str, AbundantUnit] = {}
    for each in known:
        peers = of_source[each.kind, each.source]
        if len(peers) < PEERS:
            peers = of_kind[each.kind]
        if len(peers) < PEERS:
            continue
        lower, upper = np.quantile(peers, (0.25, 0.75))
        fence = float(upper + _STEPS * max(upper - lower, 1.0))
        if each.skills > fence and each.skills > (found[each.unit].skills if each.unit in found else 0):
            found[each.unit] = AbundantUnit(each.unit, each.skills, fence, len(peers))
    return [found[unit] for unit in sorted(found)]


def report(units: Iterable[AbundantUnit], tally: Tally) -> None:
    """Give a notice of each unit."""
    for each in units:
        parameters: dict[str, object] = {"skills": each.skills, "fence": f"{each.fence:g}", "peers": each.peers}
        tally.notice(Reject("link", "unit-tags-many-skills", Place(record=each.unit), parameters))
