"""Reads the tables of an index from a store: units, outcomes, links and the keys by which texts meet.

There may be a million outcomes and as many links: each is some numbers in an array, its IRI the only object.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from passerelle.comparability.index.outcome_numbers import FlatLists, OutcomeNumbers
from passerelle.comparability.index.ragged import Integers, Lists, Truths, first_of_runs, places, starts_of
from passerelle.comparability.index.strings import SortedTexts
from passerelle.comparability.index.tables import IDENTITY, TEXT, WORDS, Links, Tables
from passerelle.comparability.index.text_keys import TextKeys
from passerelle.comparability.index.unit_contexts import PROPERTIES, UnitContexts, UnitsByThing
from passerelle.comparability.index.unit_words import unit_words
from passerelle.comparability.index.values import RELATIONS
from passerelle.graph.all_units import AllUnits, UnitRow
from passerelle.records.compared_unit import LINK_CLASSES


def read_tables(units: AllUnits, texts: TextKeys) -> Tables:
    """The tables of a store; `units` must have been made with the numbers of `texts`."""
    numbers = OutcomeNumbers()
    stated, titles = FlatLists(), FlatLists()
    rows: list[UnitRow] = []
    for row in units.rows():
        stated.add(numbers.number(iri, keys) for iri, keys in row.outcomes)
        titles.add(row.titles)
        rows.append(replace(row, outcomes=(), titles=()))
    place = {row.iri: number for number, row in enumerate(rows)}
    ordered = numbers.in_order()
    outcomes = Lists(stated.made().starts, ordered.place[stated.made().values].astype(np.int32))
    kinds, kind = _coded(row.kind for row in rows)
    countries, country = _coded(row.country for row in rows)
    bases, basis = _coded(row.level_basis for row in rows)
    languages, language = _languages(ordered.texts, outcomes, texts)
    keys, key_kind = _keys(ordered.texts, ordered.identity, outcomes, texts)
    words = unit_words(texts.stems, _texts_of(outcomes, ordered.texts), titles.made(), country, kind)
    contexts = {name: UnitsByThing.read(units.naming(curie), place) for name, curie in PROPERTIES.items()}
    skills: dict[str, int] = {}
    pairs = np.array([[skills.setdefault(each, len(skills)) for each in pair] for pair in units.closer()], np.int64)
    links = _read_links(units, numbers, skills)
    names = sorted(skills)
    rank = np.empty(len(skills), np.int64)
    rank[[skills[name] for name in names]] = np.arange(len(skills))
    closer, below = _closer(rank[pairs.reshape(-1, 2)], len(skills))
    return Tables(
        iris=SortedTexts.of(place),
        kinds=kinds,
        countries=countries,
        bases=bases,
        languages=languages,
        kind=kind,
        country=country,
        language=language,
        level=np.array([row.level or 0 for row in rows], np.int8),
        basis=basis,
        parts=_family((row.parts for row in rows), place),
        wholes=_family((row.wholes for row in rows), place),
        words=words,
        contexts=UnitContexts(**contexts),
        outcomes=outcomes,
        links=links.in_order(numbers.ranks(), ordered.starts, rank),
        skills=SortedTexts.of(names),
        closer=closer,
        closer_below=below,
        keys=keys,
        key_kind=key_kind,
    )


class _ReadLinks:
    """Links as they come: the number of the outcome's IRI and that of the skill, and what is said of the link."""

    def __init__(self) -> None:
        self.identity, self.skill = array("i"), array("i")
        self.link_class, self.relation = array("B"), array("B")
        self.confidence, self.calibrated = array("d"), array("B")

    def in_order(self, ranks: Integers, starts: Integers, skills: Integers) -> Links:
        """The links of each outcome by skill.

        `ranks` of IRIs, `starts` of the places of the outcomes with each by rank, `skills`: the final number of each.
        """
        owner, which = places(starts, ranks[np.array(self.identity, np.int64)])
        skill = skills[np.array(self.skill, np.int64)[which]]
        order = np.lexsort((skill, owner))
        which = which[order]
        return Links(
            starts=starts_of(np.bincount(owner, minlength=int(starts[-1]))),
            skill=skill[order].astype(np.int32),
            link_class=np.array(self.link_class, np.uint8)[which],
            relation=np.array(self.relation, np.uint8)[which],
            confidence=np.array(self.confidence, np.float64)[which],
            calibrated=np.array(self.calibrated, np.bool_)[which],
        )


def _read_links(units: AllUnits, numbers: OutcomeNumbers, skills: dict[str, int]) -> _ReadLinks:
    """The links of known outcomes; skills that are new are numbered on."""
    classes = {name: place for place, name in enumerate(LINK_CLASSES)}
    relations = {name: place for place, name in enumerate(RELATIONS)}
    found = _ReadLinks()
    for iri, link in units.links():
        identity = numbers.identity(iri)
        if identity is not None:
            found.identity.append(identity)
            found.skill.append(skills.setdefault(link.skill, len(skills)))
            found.link_class.append(classes[link.link_class])
            found.relation.append(relations[link.relation])
            found.confidence.append(link.confidence)
            found.calibrated.append(link.calibrated)
    return found


def _coded(values: Iterable[str]) -> tuple[tuple[str, ...], Integers]:
    """The different values, sorted, and for each value its number among them; 0 is nothing stated."""
    given = list(values)
    names = ("", *sorted({*given} - {""}))
    numbers = {name: place for place, name in enumerate(names)}
    return names, np.array([numbers[value] for value in given], np.uint8)


def _family(members: Iterable[Sequence[str]], place: dict[str, int]) -> Lists:
    found = FlatLists()
    for each in members:
        found.add(sorted(place[iri] for iri in each))
    return found.made()


def _texts_of(outcomes: Lists, texts: Lists) -> Lists:
    """The texts of each unit, from those of its outcomes."""
    found, _ = texts.all_of(outcomes.values)
    ends = starts_of(np.diff(texts.starts)[outcomes.values])
    return Lists(ends[outcomes.starts], found)


def _languages(stated: Lists, outcomes: Lists, texts: TextKeys) -> tuple[tuple[str, ...], Integers]:
    """The languages of texts, and for each unit the one that most of its outcomes are stated in; of equals the first.

    An outcome counts once for each language that it is stated in. `stated` are the texts of each outcome.
    """
    names, of_text = _coded(texts.languages)
    outcome = np.repeat(np.arange(len(stated)), np.diff(stated.starts))
    by_outcome = np.zeros((len(stated), len(names)), np.bool_)
    by_outcome[outcome, of_text[stated.values]] = True
    unit = np.repeat(np.arange(len(outcomes)), np.diff(outcomes.starts))
    counted = np.stack(
        [np.bincount(unit, by_outcome[outcomes.values, place], minlength=len(outcomes)) for place in range(len(names))],
        axis=1,
    )
    counted[:, 0] = 0  # no language is no answer where any other is
    return names, counted.argmax(axis=1).astype(np.uint8)


def _closer(pairs: Integers, skills: int) -> tuple[Lists, Truths]:
    """For each skill those directly above and below it, and which are below; `pairs` are narrower and broader ones."""
    narrow, broad = pairs.T
    owner, other = np.concatenate((broad, narrow)), np.concatenate((narrow, broad))
    below = np.repeat([True, False], len(pairs))
    order = np.lexsort((below, other, owner))
    order = order[first_of_runs(owner[order], other[order], below[order])]
    starts = starts_of(np.bincount(owner[order], minlength=skills))
    return Lists(starts, other[order].astype(np.int32)), below[order]


def _keys(stated: Lists, identity: Integers, outcomes: Lists, texts: TextKeys) -> tuple[Lists, Integers]:
    """The keys by which outcomes meet others. A key that one outcome of one unit alone has says nothing: left out.

    So is the text of an outcome that no other outcome has: its units meet by its identity. `stated` are the texts of
    each outcome, `identity` says which outcomes have one IRI.
    """
    count = len(stated)
    owner = np.repeat(np.arange(count), np.diff(stated.starts))
    units = np.bincount(outcomes.values, minlength=count)
    owners: list[Integers] = []
    values: list[Integers] = []
    kinds: list[Integers] = []
    for kind, having, given in (
        (IDENTITY, np.arange(count), identity + 1),
        (TEXT, owner, np.array(texts.text, np.int64)[stated.values]),
        (WORDS, owner, np.array(texts.words, np.int64)[stated.values]),
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
