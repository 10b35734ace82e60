"""What an outcome asks for and shows, the skills directly above and below included, and which outcomes read alike."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from passerelle.comparability.index.postings import Inverse
from passerelle.comparability.index.ragged import Floats, Integers, places, starts_of
from passerelle.comparability.index.tables import Tables
from passerelle.comparability.index.values import kinds, needed, shown
from passerelle.comparability.link_values import match_values

Expanded = tuple[Integers, Floats]
"""Skills, and what each counts for: a row a reading."""

_KINDS = {kind: place for place, kind in enumerate(match_values())}
_SAME, _NARROWER, _BROADER = (_KINDS[kind] for kind in ("same-skill", "narrower-skill", "broader-skill"))
TEXT_KINDS = np.array([_KINDS[kind] for kind in ("same-outcome", "same-text", "same-words")])
"""Kind of match for each kind of key, in the order of `tables.IDENTITY`, `TEXT`, `WORDS`."""


def asked_links(tables: Tables, outcomes: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    """What could show something of each outcome of a target: link, skill, kind of match, number within `outcomes`."""
    links, owner = places(tables.links.starts, outcomes)
    skills, kind, which = _expanded(tables, tables.links.skill[links], _NARROWER, _BROADER)
    return links[which], skills, kind, owner[which]


def asked(tables: Tables, outcomes: Integers) -> list[Expanded]:
    """For each outcome of a target the skills that show something of it, and how much."""
    links, skills, kind, owner = asked_links(tables, outcomes)
    values = (needed(tables.links.some(links)) * kinds()[kind]).T
    order = np.argsort(owner, kind="stable")
    starts = starts_of(np.bincount(owner, minlength=len(outcomes)))
    skills, values = skills[order], values[:, order]
    return [(skills[a:b], values[:, a:b]) for a, b in pairwise(starts)]


def shows(tables: Tables, outcomes: Integers) -> Expanded:
    """The skills of which a holder of these outcomes has shown something, and how much; some may come twice."""
    links = tables.links.some(places(tables.links.starts, outcomes)[0])
    # the holder's skill is the narrower one where the target's stands above it
    skills, kind, which = _expanded(tables, links.skill, _BROADER, _NARROWER)
    return skills, (shown(links)[which] * kinds()[kind]).T


def alike(tables: Tables, inverse: Inverse, outcome: int) -> Expanded:
    """The outcomes that are, or read like, one (with itself, where there are others), and what each meeting counts."""
    keys = tables.keys[outcome]
    found, owner = inverse.alike.all_of(keys)
    return found, kinds().T[:, TEXT_KINDS[tables.key_kind[keys]]][:, owner]


def _expanded(tables: Tables, skills: Integers, below: int, above: int) -> tuple[Integers, Integers, Integers]:
    """The skills, and those directly below and above with the kinds `below` and `above`; and from which each comes."""
    found, owner = places(tables.closer.starts, skills)
    kind = np.where(tables.closer_below[found], below, above)
    everything = np.concatenate((skills, tables.closer.values[found]))
    kinds_of = np.concatenate((np.full(len(skills), _SAME), kind))
    return everything, kinds_of, np.concatenate((np.arange(len(skills)), owner))
