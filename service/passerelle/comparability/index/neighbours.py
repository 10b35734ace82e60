"""What an outcome asks for and shows, the skills directly above and below included, and which outcomes read alike."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from passerelle.comparability.index.postings import Inverse
from passerelle.comparability.index.ragged import Floats, Integers, places, starts_of
from passerelle.comparability.index.tables import OutcomeTables, Tables
from passerelle.comparability.index.values import kinds, needed, shown
from passerelle.comparability.link_values import match_values
from passerelle.comparability.matches import TEXT_KINDS as _TEXT_KINDS
from passerelle.records.comparison import MatchKind

Expanded = tuple[Integers, Floats]
"""Skills, and what each counts for: a row a reading."""

KINDS: dict[MatchKind, int] = {kind: place for place, kind in enumerate(match_values())}
"""Kinds of matches by their row in `values.kinds`."""
TEXT_KINDS = np.array([KINDS[kind] for kind in _TEXT_KINDS])
"""Kind of match for each kind of key, in the order of `tables.IDENTITY`, `TEXT`, `WORDS`."""


def asked_links(tables: OutcomeTables, outcomes: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    """What could show something of each outcome of a target: link, skill, kind of match, number within `outcomes`."""
    links, owner = places(tables.links.starts, outcomes)
    skills, kind, which = expanded(tables, tables.links.skill[links], "narrower-skill", "broader-skill")
    return links[which], skills, kind, owner[which]


def asked(tables: OutcomeTables, outcomes: Integers) -> list[Expanded]:
    """For each outcome of a target the skills that show something of it, and how much."""
    links, skills, kind, owner = asked_links(tables, outcomes)
    values = (needed(tables.links.some(links)) * kinds()[kind]).T
    order = np.argsort(owner, kind="stable")
    starts = starts_of(np.bincount(owner, minlength=len(outcomes)))
    skills, values = skills[order], values[:, order]
    return [(skills[a:b], values[:, a:b]) for a, b in pairwise(starts)]


def shows(tables: OutcomeTables, outcomes: Integers) -> Expanded:
    """The skills of which a holder of these outcomes has shown something, and how much; some may come twice."""
    links = tables.links.some(places(tables.links.starts, outcomes)[0])
    # the holder's skill is the narrower one where the target's stands above it
    skills, kind, which = expanded(tables, links.skill, "broader-skill", "narrower-skill")
    return skills, (shown(links)[which] * kinds()[kind]).T


def alike(tables: Tables, inverse: Inverse, outcome: int) -> Expanded:
    """The outcomes that are, or read like, one (with itself, where there are others), and what each meeting counts."""
    return alike_to_any(tables, inverse, np.array([outcome]))


def alike_to_any(tables: Tables, inverse: Inverse, outcomes: Integers) -> Expanded:
    """The same for several at once, those of the first one first; some may come twice."""
    keys, _ = tables.keys.all_of(outcomes)
    found, owner = inverse.alike.all_of(keys)
    return found, kinds().T[:, TEXT_KINDS[tables.key_kind[keys]]][:, owner]


def expanded(
    tables: OutcomeTables, skills: Integers, below: MatchKind, above: MatchKind
) -> tuple[Integers, Integers, Integers]:
    """The skills, and those directly below and above them; the kind of match of each, and from which it comes.

    `below` is the kind for a skill below one of `skills`, `above` for one above: which of the two sides of a match is
    asked for decides.
    """
    found, owner = places(tables.closer.starts, skills)
    kind = np.where(tables.closer_below[found], KINDS[below], KINDS[above])
    everything = np.concatenate((skills, tables.closer.values[found]))
    all_kinds = np.concatenate((np.full(len(skills), KINDS["same-skill"]), kind))
    return everything, all_kinds, np.concatenate((np.arange(len(skills)), owner))
