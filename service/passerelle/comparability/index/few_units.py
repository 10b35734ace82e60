"""A few units that were read one by one, as tables; also several times over, each time with some of their links.

So the figures of many pairs of them (parts, other assumptions) come from one pass over arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from passerelle.comparability.index.postings import best_skills, linked_outcomes
from passerelle.comparability.index.ragged import Integers, Lists, Truths, starts_of
from passerelle.comparability.index.strings import SortedTexts
from passerelle.comparability.index.tables import IDENTITY, TEXT, WORDS, OutcomeTables, links_of
from passerelle.comparability.matches import TEXT_KINDS, text_keys
from passerelle.comparability.proximity import Proximity
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit

_KEY_KINDS = dict(zip(TEXT_KINDS, (IDENTITY, TEXT, WORDS), strict=True))


@dataclass(frozen=True, slots=True)
class FewUnits:
    """Tables, and what `postings.Known` says of them."""

    tables: OutcomeTables
    linked: Truths
    size: Integers
    best: Integers

    @classmethod
    def of(cls, tables: OutcomeTables) -> FewUnits:
        """What follows from the tables."""
        size = np.diff(tables.outcomes.starts)
        return cls(tables, linked_outcomes(tables), size, best_skills(tables))


def tables_of(units: Sequence[ComparedUnit], proximity: Proximity) -> OutcomeTables:
    """The tables of these units, numbered as they are given. Rows of a unit are in the order of its outcomes."""
    worded = {_worded(outcome): outcome for unit in units for outcome in unit.outcomes}
    number = {each: place for place, each in enumerate(sorted(worded))}
    outcomes = [worded[each] for each in number]
    links = [(place, link) for place, outcome in enumerate(outcomes) for link in outcome.links]
    skills = {skill: place for place, skill in enumerate(sorted({link.skill for _, link in links}))}
    keys = [text_keys(outcome) for outcome in outcomes]
    key_number = {key: place for place, key in enumerate(dict.fromkeys(key for found in keys for key in found))}
    closer = [
        (place, skills[each], below)
        for skill, place in skills.items()
        for below, found in ((False, proximity.broader(skill)), (True, proximity.narrower(skill)))
        for each in skills.keys() & found
    ]
    ordered = np.array(sorted(closer), np.int64).reshape(-1, 3)
    return OutcomeTables(
        outcomes=_lists([[number[_worded(each)] for each in unit.outcomes] for unit in units]),
        links=links_of(links, skills, len(outcomes)),
        skills=SortedTexts.of(skills),
        closer=Lists(starts_of(np.bincount(ordered[:, 0], minlength=len(skills))), ordered[:, 1]),
        closer_below=ordered[:, 2] > 0,
        keys=_lists([[key_number[key] for key in found] for found in keys]),
        key_kind=np.array([_KEY_KINDS[kind] for kind, _, _ in key_number], np.uint8),
    )


def repeated(tables: OutcomeTables, counting: Sequence[Truths]) -> OutcomeTables:
    """The units once for each of `counting`, one after another, each time with the links that count there alone."""
    times, count = len(counting), tables.outcome_count
    owner = np.repeat(np.arange(count), np.diff(tables.links.starts))
    which = np.flatnonzero(np.concatenate(counting))
    copy, link = which // max(1, len(owner)), which % max(1, len(owner))
    starts = starts_of(np.bincount(owner[link] + copy * count, minlength=count * times))
    return replace(
        tables,
        outcomes=_tiled(tables.outcomes, times, count),
        links=replace(tables.links.some(link), starts=starts),
        keys=_tiled(tables.keys, times, 0),
    )


def _worded(outcome: ComparedOutcome) -> tuple[str, tuple[tuple[str, str], ...]]:
    """An outcome and its wordings: units of several graphs may state it in different ones."""
    return outcome.iri, tuple((text.language, text.text) for text in outcome.texts)


def _tiled(lists: Lists, times: int, apart: int) -> Lists:
    """The lists so many times, their values each time greater by `apart`."""
    values = np.tile(lists.values, times) + np.repeat(np.arange(times) * apart, len(lists.values))
    return Lists(starts_of(np.tile(np.diff(lists.starts), times)), values)


def _lists(given: Sequence[Sequence[int]]) -> Lists:
    starts = starts_of(np.array([len(each) for each in given], np.int64))
    return Lists(starts, np.fromiter((value for each in given for value in each), np.int64, int(starts[-1])))
