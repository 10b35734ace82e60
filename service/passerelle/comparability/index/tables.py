"""The units, outcomes, links and texts of a release as arrays: what everything else in an index is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from passerelle.comparability.index.ragged import Floats, Integers, Lists, Truths, starts_of
from passerelle.comparability.index.strings import SortedTexts
from passerelle.comparability.index.text_keys import TextKeys
from passerelle.comparability.index.values import RELATIONS
from passerelle.graph.all_units import AllUnits
from passerelle.records.compared_unit import LINK_CLASSES, OutcomeLink

IDENTITY, TEXT, WORDS = range(3)
"""What outcomes that share a key have in common: being the same outcome, the text, or the words."""


@dataclass(frozen=True, slots=True)
class Links:
    """The links of each outcome: `starts` as in `Lists`; within an outcome sorted by skill.

    `link_class` numbers `LINK_CLASSES`, `relation` the relations of `mappings/match-relations.tsv`.
    """

    starts: Integers
    skill: Integers
    link_class: Integers
    relation: Integers
    confidence: Floats
    calibrated: Truths

    def some(self, places: Integers) -> Links:
        """The links at these places; `starts` stays that of all."""
        columns = (getattr(self, name)[places] for name in Links.__slots__[1:])
        return Links(self.starts, *columns)


@dataclass(frozen=True, slots=True)
class Tables:
    """Units (numbered in the order of their IRIs), outcomes (in the order of theirs), skills and keys of texts.

    `kinds` and `countries` number what `kind` and `country` hold; `level` is 0 and `basis` 0 where none is stated.
    `outcomes` gives the outcomes of each unit, its own and those of its parts. An outcome that units of several graphs
    state with different texts is one outcome for each of these wordings; they share a key of kind `IDENTITY`. `keys`
    are the keys of each outcome, `key_kind` says what each key means. `closer` gives the skills directly above and
    below each skill, and `closer_below` which of them are below.
    """

    iris: SortedTexts
    kinds: tuple[str, ...]
    countries: tuple[str, ...]
    bases: tuple[str, ...]
    kind: Integers
    country: Integers
    level: Integers
    basis: Integers
    parts: Lists
    wholes: Lists
    outcomes: Lists
    links: Links
    skills: SortedTexts
    closer: Lists
    closer_below: Truths
    keys: Lists
    key_kind: Integers

    @property
    def outcome_count(self) -> int:
        """Number of outcomes."""
        return len(self.keys)

    @property
    def linked(self) -> Truths:
        """Which outcomes have a link of any class."""
        return np.diff(self.links.starts) > 0

    def linked_of(self, outcomes: Integers) -> Truths:
        """Which of these outcomes have one."""
        linked: Truths = self.links.starts[outcomes + 1] > self.links.starts[outcomes]
        return linked

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As `arrays.write` takes them."""
        found: dict[str, npt.NDArray[Any]] = {}
        for name in _PLAIN:
            found[f"table-{name}"] = getattr(self, name)
        for name in _LISTS:
            found[f"table-{name}-starts"], found[f"table-{name}"] = (
                getattr(self, name).starts,
                getattr(self, name).values,
            )
        for name in _TEXTS:
            found[f"table-{name}-starts"], found[f"table-{name}"] = getattr(self, name).starts, getattr(self, name).data
        for name in Links.__slots__:
            found[f"link-{name}"] = getattr(self.links, name)
        return found

    def description(self) -> dict[str, Any]:
        """What is no array."""
        return {name: list(getattr(self, name)) for name in _NAMES}

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]], description: Mapping[str, Any]) -> Tables:
        """What `arrays` and `description` gave."""

        def lists(name: str) -> Lists:
            return Lists(arrays[f"table-{name}-starts"], arrays[f"table-{name}"])

        def texts(name: str) -> SortedTexts:
            return SortedTexts(arrays[f"table-{name}-starts"], arrays[f"table-{name}"])

        return cls(
            iris=texts("iris"),
            kinds=tuple(description["kinds"]),
            countries=tuple(description["countries"]),
            bases=tuple(description["bases"]),
            kind=arrays["table-kind"],
            country=arrays["table-country"],
            level=arrays["table-level"],
            basis=arrays["table-basis"],
            parts=lists("parts"),
            wholes=lists("wholes"),
            outcomes=lists("outcomes"),
            links=Links(*(arrays[f"link-{name}"] for name in Links.__slots__)),
            skills=texts("skills"),
            closer=lists("closer"),
            closer_below=arrays["table-closer_below"],
            keys=lists("keys"),
            key_kind=arrays["table-key_kind"],
        )


_NAMES = ("kinds", "countries", "bases")
_PLAIN = ("kind", "country", "level", "basis", "closer_below", "key_kind")
_LISTS = ("parts", "wholes", "outcomes", "closer", "keys")
_TEXTS = ("iris", "skills")

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
        kind=kind,
        country=country,
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


def links_of(links: Iterable[tuple[int, OutcomeLink]], skills: Mapping[str, int], outcomes: int) -> Links:
    """The links (outcome, link) of that many outcomes as arrays. Raises KeyError for a skill that is not numbered."""
    classes = {name: place for place, name in enumerate(LINK_CLASSES)}
    relations = {name: place for place, name in enumerate(RELATIONS)}
    sortable = sorted(
        (
            place,
            skills[each.skill],
            classes[each.link_class],
            relations[each.relation],
            each.confidence,
            each.calibrated,
        )
        for place, each in links
    )
    columns = list(zip(*sortable, strict=True)) or [()] * 6
    owner = np.array(columns[0], np.int64)
    return Links(
        starts=starts_of(np.bincount(owner, minlength=outcomes)),
        skill=np.array(columns[1], np.int32),
        link_class=np.array(columns[2], np.uint8),
        relation=np.array(columns[3], np.uint8),
        confidence=np.array(columns[4], np.float64),
        calibrated=np.array(columns[5], np.bool_),
    )


def with_links(tables: Tables, links: Mapping[int, Iterable[OutcomeLink]]) -> Tables:
    """The tables with these links for the outcomes named, in place of those that they had."""
    changed = np.zeros(tables.outcome_count, np.bool_)
    changed[list(links)] = True
    found = [(outcome, link) for outcome, given in links.items() for link in given]
    skills = sorted({*tables.skills, *(link.skill for _, link in found)})
    number = {skill: place for place, skill in enumerate(skills)}
    # a review may name a skill that no link named before
    moved = np.array([number[skill] for skill in tables.skills], np.int32)
    old, new = tables.links, links_of(found, number, tables.outcome_count)
    owners = [np.repeat(np.arange(tables.outcome_count), np.diff(each.starts)) for each in (old, new)]
    kept = ~changed[owners[0]]
    owner = np.concatenate((owners[0][kept], owners[1]))
    skill = np.concatenate((moved[old.skill[kept]], new.skill))
    order = np.lexsort((skill, owner))

    def column(name: str) -> Any:
        return np.concatenate((getattr(old, name)[kept], getattr(new, name)))[order]

    nearby = np.zeros(len(skills), np.int64)
    nearby[moved] = np.diff(tables.closer.starts)
    return replace(
        tables,
        links=Links(
            starts=starts_of(np.bincount(owner, minlength=tables.outcome_count)),
            skill=skill[order],
            link_class=column("link_class"),
            relation=column("relation"),
            confidence=column("confidence"),
            calibrated=column("calibrated"),
        ),
        skills=SortedTexts.of(skills),
        # a skill that was not there is not in the loaded ESCO: it has no neighbours, and the others keep their order
        closer=Lists(starts_of(nearby), moved[tables.closer.values]),
    )


def _coded(values: Iterable[str]) -> tuple[tuple[str, ...], Integers]:
    """The different values, sorted, and for each value its number among them; 0 is nothing stated."""
    given = list(values)
    names = ("", *sorted({*given} - {""}))
    numbers = {name: place for place, name in enumerate(names)}
    return names, np.array([numbers[value] for value in given], np.uint8)


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
    new = np.ones(len(first), np.bool_)
    new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return first[new], second[new]
