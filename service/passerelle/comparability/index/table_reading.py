"""Reads the tables of an index from a store: units, outcomes, links and the keys by which texts meet."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from passerelle.comparability.index.ragged import Integers, Lists, Truths, first_of_runs, starts_of
from passerelle.comparability.index.strings import SortedTexts
from passerelle.comparability.index.tables import IDENTITY, TEXT, WORDS, Tables, links_of
from passerelle.comparability.index.text_keys import TextKeys
from passerelle.graph.all_units import AllUnits

Outcome = tuple[str, tuple[int, ...]]


def read_tables(units: AllUnits, texts: TextKeys) -> Tables:
    """The tables of a store; `units` must have been made with the numbers of `texts`."""
    rows = list(units.rows())
    number = {row.iri: place for place, row in enumerate(rows)}
    numbered: dict[Outcome, int] = {outcome: 0 for row in rows for outcome in row.outcomes}
    ordered = sorted(numbered)
    numbered.update((outcome, place) for place, outcome in enumerate(ordered))
    wordings: dict[str, list[int]] = {}
    for place, (iri, _) in enumerate(ordered):
        wordings.setdefault(iri, []).append(place)
    outcomes = _lists([[numbered[outcome] for outcome in row.outcomes] for row in rows])
    kinds, kind = _coded(row.kind for row in rows)
    countries, country = _coded(row.country for row in rows)
    bases, basis = _coded(row.level_basis for row in rows)
    languages, language = _languages(ordered, outcomes, texts)
    keys, key_kind = _keys(ordered, outcomes, texts)
    pairs = set(units.closer())
    links = [(place, link) for iri, link in units.links() for place in wordings.get(iri, ())]
    skills = sorted({skill for pair in pairs for skill in pair} | {link.skill for _, link in links})
    skill_number = {skill: place for place, skill in enumerate(skills)}
    closer, below = _closer({(skill_number[narrow], skill_number[broad]) for narrow, broad in pairs}, len(skills))
    return Tables(
        iris=SortedTexts.of(number),
        kinds=kinds,
        countries=countries,
        bases=bases,
        languages=languages,
        kind=kind,
        country=country,
        language=language,
        level=np.array([row.level or 0 for row in rows], np.int8),
        basis=basis,
        parts=_lists([sorted(number[each] for each in row.parts) for row in rows]),
        wholes=_lists([sorted(number[each] for each in row.wholes) for row in rows]),
        outcomes=outcomes,
        links=links_of(links, skill_number, len(ordered)),
        skills=SortedTexts.of(skills),
        closer=closer,
        closer_below=below,
        keys=keys,
        key_kind=key_kind,
    )


def _coded(values: Iterable[str]) -> tuple[tuple[str, ...], Integers]:
    """The different values, sorted, and for each value its number among them; 0 is nothing stated."""
    given = list(values)
    names = ("", *sorted({*given} - {""}))
    numbers = {name: place for place, name in enumerate(names)}
    return names, np.array([numbers[value] for value in given], np.uint8)


def _languages(ordered: list[Outcome], outcomes: Lists, texts: TextKeys) -> tuple[tuple[str, ...], Integers]:
    """The languages of texts, and for each unit the one that most of its outcomes are stated in; of equals the first.

    An outcome counts once for each language that it is stated in.
    """
    names, of_text = _coded(texts.languages)
    stated, owner = np.array([text for _, numbers in ordered for text in numbers], np.int64), outcomes.values
    outcome = np.repeat(np.arange(len(ordered)), np.array([len(numbers) for _, numbers in ordered], np.int64))
    by_outcome = np.zeros((len(ordered), len(names)), np.int32)
    by_outcome[outcome, of_text[stated]] = 1
    unit = np.repeat(np.arange(len(outcomes)), np.diff(outcomes.starts))
    counted = np.stack(
        [np.bincount(unit, by_outcome[owner, place], minlength=len(outcomes)) for place in range(len(names))], axis=1
    )
    counted[:, 0] = 0  # no language is no answer where any other is
    return names, counted.argmax(axis=1).astype(np.uint8)


def _lists(lists: list[list[int]]) -> Lists:
    starts = starts_of(np.array([len(each) for each in lists], np.int64))
    return Lists(starts, np.fromiter((value for each in lists for value in each), np.int32, int(starts[-1])))


def _closer(pairs: set[tuple[int, int]], skills: int) -> tuple[Lists, Truths]:
    found = sorted(
        {(broad, narrow, True) for narrow, broad in pairs} | {(narrow, broad, False) for narrow, broad in pairs}
    )
    owner = np.array([each[0] for each in found], np.int64)
    starts = starts_of(np.bincount(owner, minlength=skills))
    return Lists(starts, np.array([each[1] for each in found], np.int32)), np.array(
        [each[2] for each in found], np.bool_
    )


def _keys(ordered: list[Outcome], outcomes: Lists, texts: TextKeys) -> tuple[Lists, Integers]:
    """The keys by which outcomes meet others. A key that one outcome of one unit alone has says nothing: left out.

    So is the text of an outcome that no other outcome has: its units meet by its identity.
    """
    count = len(ordered)
    owner = np.repeat(np.arange(count), np.array([len(numbers) for _, numbers in ordered], np.int64))
    number = np.array([each for _, numbers in ordered for each in numbers], np.int64)
    iris = [iri for iri, _ in ordered]
    changes = np.array([place == 0 or iri != iris[place - 1] for place, iri in enumerate(iris)], np.int64)
    units = np.bincount(outcomes.values, minlength=count)
    owners: list[Integers] = []
    values: list[Integers] = []
    kinds: list[Integers] = []
    for kind, having, given in (
        (IDENTITY, np.arange(count), np.cumsum(changes)),
        (TEXT, owner, np.array(texts.text, np.int64)[number]),
        (WORDS, owner, np.array(texts.words, np.int64)[number]),
    ):
        who, key = _distinct(having[given > 0], given[given > 0])
        _, place, shared = np.unique(key, return_inverse=True, return_counts=True)
        useful = shared > 1
        if kind == IDENTITY:
            useful |= np.bincount(place, units[who], minlength=len(shared)) > 1
        renumbered = np.cumsum(useful) - 1 + sum(len(each) for each in kinds)
        owners.append(who[useful[place]])
        values.append(renumbered[place][useful[place]])
        kinds.append(np.full(int(useful.sum()), kind, np.uint8))
    return Lists.of(np.concatenate(owners), np.concatenate(values).astype(np.int32), count), np.concatenate(kinds)


def _distinct(first: Integers, second: Integers) -> tuple[Integers, Integers]:
    """The pairs, each once, in order."""
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    new = first_of_runs(first, second)
    return first[new], second[new]
