"""What the search for the best pairs adds up: the expected reading alone, with skills and keys of texts as one sort."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from passerelle.comparability.index.neighbours import TEXT_KINDS, expanded
from passerelle.comparability.index.ragged import Floats, Integers, first_of_runs, places, starts_of
from passerelle.comparability.index.tables import Tables
from passerelle.comparability.index.values import EXPECTED, kinds, needed, shown


class Terms(NamedTuple):
    """What owners (units or outcomes) have of each key: `keys[starts[i]:starts[i + 1]]` for owner `i`, ascending.

    Keys are skills, then keys of texts. `holds`: how far a holder of the owner shows the key at best; `needs`: how much
    of the owner it stands for, of a unit added up over its outcomes.
    """

    starts: Integers
    keys: Integers
    holds: Floats
    needs: Floats


def outcome_terms(tables: Tables) -> Terms:
    """Of each outcome."""
    links, text = _of_links(tables), _of_texts(tables)
    owner, key, holds, needs = (np.concatenate(both) for both in zip(links, text, strict=True))
    return _gathered(owner, key, holds, needs, tables.outcome_count)


def unit_terms(tables: Tables, terms: Terms) -> Terms:
    """Of each unit, from those of its outcomes."""
    found, owner = places(terms.starts, tables.outcomes.values)
    unit = np.repeat(np.arange(len(tables.iris), dtype=np.int32), np.diff(tables.outcomes.starts))
    return _gathered(unit[owner], terms.keys[found], terms.holds[found], terms.needs[found], len(tables.iris))


def by_key(terms: Terms, keys: int) -> Terms:
    """The same for each key: `keys` of the result are the owners, ascending."""
    owner = np.repeat(np.arange(len(terms.starts) - 1, dtype=np.int32), np.diff(terms.starts))
    order = np.argsort(terms.keys, kind="stable")
    starts = starts_of(np.bincount(terms.keys, minlength=keys))
    return Terms(starts, owner[order], terms.holds[order], terms.needs[order])


def expanded_terms(tables: Tables, outcomes: Integers) -> Terms:
    """What each of these outcomes asks for and shows where it meets others, with the skills above and below."""
    links, owner = places(tables.links.starts, outcomes)
    skill, asked, which = expanded(tables, tables.links.skill[links], "narrower-skill", "broader-skill")
    _, held, _ = expanded(tables, tables.links.skill[links], "broader-skill", "narrower-skill")
    chosen = tables.links.some(links)
    by_skill = (
        owner[which],
        skill,
        shown(chosen)[which, EXPECTED] * kinds()[held, EXPECTED],
        needed(chosen)[which, EXPECTED] * kinds()[asked, EXPECTED],
    )
    found, owner = places(tables.keys.starts, outcomes)
    key = tables.keys.values[found]
    counts = kinds()[TEXT_KINDS[tables.key_kind[key]], EXPECTED]
    by_text = (owner, key + len(tables.skills), counts, counts)
    owner, key, holds, needs = (np.concatenate(both) for both in zip(by_skill, by_text, strict=True))
    return _gathered(owner, key, holds, needs, len(outcomes), np.maximum)


def joined_terms(terms: Terms, sizes: Integers) -> Terms:
    """The terms of owners with so many consecutive owners of `terms` each: the best `holds`, the sum of `needs`."""
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return _gathered(np.repeat(owner, np.diff(terms.starts)), terms.keys, terms.holds, terms.needs, len(sizes))


def _of_links(tables: Tables) -> tuple[Integers, Integers, Floats, Floats]:
    owner = np.repeat(np.arange(tables.outcome_count, dtype=np.int32), np.diff(tables.links.starts))
    return owner, tables.links.skill, shown(tables.links)[:, EXPECTED], needed(tables.links)[:, EXPECTED]


def _of_texts(tables: Tables) -> tuple[Integers, Integers, Floats, Floats]:
    owner = np.repeat(np.arange(tables.outcome_count, dtype=np.int32), np.diff(tables.keys.starts))
    ones = np.ones(len(owner))
    return owner, tables.keys.values + len(tables.skills), ones, ones


def _gathered(
    owner: Integers, key: Integers, holds: Floats, needs: Floats, count: int, reduce_needs: np.ufunc = np.add
) -> Terms:
    order = np.lexsort((key, owner))
    owner, key = owner[order], key[order]
    begin = np.flatnonzero(first_of_runs(owner, key))
    starts = starts_of(np.bincount(owner[begin], minlength=count))
    if not len(begin):
        return Terms(starts, key.astype(np.int32), holds, needs)
    return Terms(
        starts,
        key[begin].astype(np.int32),
        np.maximum.reduceat(holds[order], begin),
        reduce_needs.reduceat(needs[order], begin),
    )
