"""The units, outcomes, links and texts of a release as arrays: what everything else in an index is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from passerelle.comparability.index.ragged import Floats, Integers, Lists, Truths, starts_of
from passerelle.comparability.index.strings import SortedTexts
from passerelle.comparability.index.unit_contexts import ARRAYS as CONTEXT_ARRAYS
from passerelle.comparability.index.unit_contexts import UnitContexts
from passerelle.comparability.index.unit_words import ARRAYS as WORDS_ARRAYS
from passerelle.comparability.index.unit_words import UnitWords
from passerelle.comparability.index.values import RELATIONS
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
class OutcomeTables:
    """The outcomes of units with everything by which they meet each other.

    `outcomes` gives the outcomes of each unit, its own and those of its parts, numbered in the order of their IRIs. An
    outcome that units of several graphs state with different texts is one outcome for each of these wordings; they
    share a key of kind `IDENTITY`. `keys` are the keys of each outcome, `key_kind` says what each key means. `skills`
    are sorted; `closer` gives the skills directly above and below each, and `closer_below` which of them are below.
    """

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


@dataclass(frozen=True, slots=True)
class Tables(OutcomeTables):
    """The outcomes of all units of a release, and the units themselves, numbered in the order of their IRIs.

    `kinds`, `countries` and `languages` number what `kind`, `country` and `language` hold, the language being the one
    of most outcomes; 0 where none is stated, as with `level` and `basis`. `words` are those of the units' texts,
    `contexts` what sources say the units are about.
    """

    iris: SortedTexts
    kinds: tuple[str, ...]
    countries: tuple[str, ...]
    bases: tuple[str, ...]
    languages: tuple[str, ...]
    kind: Integers
    country: Integers
    language: Integers
    level: Integers
    basis: Integers
    parts: Lists
    wholes: Lists
    words: UnitWords
    contexts: UnitContexts

    def with_parts(self, units: Integers) -> Integers:
        """These units (by number) and their parts at all depths, in no order; a unit may come more than once."""
        return np.concatenate((units, self.parts.all_of(units)[0]))

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
        return found | self.words.arrays() | self.contexts.arrays()

    def description(self) -> dict[str, Any]:
        """What is no array."""
        return {name: list(getattr(self, name)) for name in NAMES}

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
            languages=tuple(description["languages"]),
            kind=arrays["table-kind"],
            country=arrays["table-country"],
            language=arrays["table-language"],
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
            words=UnitWords.of(arrays),
            contexts=UnitContexts.of(arrays),
        )


_PLAIN = ("kind", "country", "language", "level", "basis", "closer_below", "key_kind")
_LISTS = ("parts", "wholes", "outcomes", "closer", "keys")
_TEXTS = ("iris", "skills")
NAMES = ("kinds", "countries", "bases", "languages")
"""What `Tables.description` gives."""
ARRAYS = (
    *(f"table-{name}{end}" for name in (*_LISTS, *_TEXTS) for end in ("-starts", "")),
    *(f"table-{name}" for name in _PLAIN),
    *(f"link-{name}" for name in Links.__slots__),
    *WORDS_ARRAYS,
    *CONTEXT_ARRAYS,
)
"""The names of all that `Tables.arrays` gives."""


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
