"""How alike the wordings of units are: the word stems of titles and outcomes, rarer ones weighing more.

A unit's stems are those of all its outcomes, its parts' included, and of its titles in the languages of its outcomes: a
translated title alone says too little (`linking.terms.stems`; the words themselves in a language without a stemmer). A
stem counts 1 + ln(texts that have it), times its rarity among the units
of the same country and language, 1 + ln((1 + units) / (1 + units that have it)): so another country changes no
similarity. Similarity is the cosine, in the mean over the languages that both units have; stems of two languages never
meet. It enters no figure; `comparability.standing` says what it orders.

Which units are like another is searched for by its rarer stems, and so is bounded (`Sharing`). Units of a country and a
kind make a group: a search looks at the groups that it was asked for and at no other, so that the units of another
country take no place from them.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from passerelle.comparability.index.ragged import Floats, Integers, Lists, Truths, first_of_runs, places, starts_of
from passerelle.linking.labels import primary
from passerelle.linking.terms import stems
from passerelle.records.text import LanguageText

LANGUAGES = 64
"""Bits of the languages of a unit; what a release has beyond them shares the last."""
PIECE = 8_192
"""Units whose stems are sorted, or compared, at once: bounds the memory, and less of it is quicker."""
POSTINGS = 100_000
"""Units, counted once for each stem, that a search looks up in the groups it was asked for, the rarest stems first."""
STEPS = 2.0**20
"""A weight is counted in so many steps of 1: sums of whole numbers are the same in any order."""


@dataclass(slots=True)
class Stems:
    """Numbers the different stems of each language from 0, and keeps those of each text (`starts` as in `Lists`).

    `languages` numbers the language of each stem, `text_languages` that of each text.
    """

    languages: list[int] = field(default_factory=list)
    text_languages: list[int] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("q", (0,)))
    values: array[int] = field(default_factory=lambda: array("i"))
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)

    def add(self, text: LanguageText) -> None:
        """Keep the stems of the next text, each once."""
        language = primary(text.language)
        which = self._names.setdefault(language, len(self._names))
        for stem in sorted({*stems(text.text, language)}):
            number = self._numbers.setdefault((language, stem), len(self._numbers))
            if number == len(self.languages):
                self.languages.append(which)
            self.values.append(number)
        self.starts.append(len(self.values))
        self.text_languages.append(which)

    @property
    def of_texts(self) -> Lists:
        """The stems of each text, by number."""
        return Lists(np.array(self.starts, np.int64), np.array(self.values, np.int32))


@dataclass(frozen=True, slots=True)
class UnitWords:
    """The stems of each unit, ascending, with what each weighs: those of one language have length 1 together.

    `starts` as in `Lists`; `languages` has a bit for each language of the unit and `group` its group. `runs_starts` and
    `run_groups` tell which groups have each stem, `having_starts` and `having` which units of that group do.
    """

    starts: Integers
    stems: Integers
    weights: npt.NDArray[np.float32]
    languages: npt.NDArray[np.uint64]
    group: Integers
    runs_starts: Integers
    run_groups: Integers
    having_starts: Integers
    having: Integers

    @classmethod
    def none(cls, units: int) -> UnitWords:
        """Of units that say nothing."""
        starts, nothing = np.zeros(units + 1, np.int64), np.empty(0, np.int32)
        weights, languages, group = np.empty(0, np.float32), np.zeros(units, np.uint64), np.zeros(units, np.int64)
        return cls(starts, nothing, weights, languages, group, starts[:1], nothing, starts[:1], nothing)

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> UnitWords:
        """What `arrays` gave."""
        return cls(*(arrays[name] for name in ARRAYS))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As `arrays.write` takes them."""
        return {f"words-{name}": getattr(self, name) for name in UnitWords.__slots__}

    def alike(self, unit: int, others: Integers) -> Floats:
        """The similarity, from 0 to 1, of a unit to each of others; NaN where they share no language."""
        own = slice(int(self.starts[unit]), int(self.starts[unit + 1]))
        # one place more, without weight, for every stem beyond the unit's last
        beyond = int(self.stems[own].max(initial=-1)) + 1
        weights = np.zeros(beyond + 1, np.float32)
        weights[self.stems[own]] = self.weights[own]
        shared = np.bitwise_count(self.languages[others] & self.languages[unit])
        similar = np.full(len(others), np.nan)
        meeting = np.flatnonzero(shared)
        for some in np.split(meeting, range(PIECE, len(meeting), PIECE)):
            found, owner = places(self.starts, others[some])
            own_weights = weights[np.minimum(self.stems[found], beyond)]
            both = np.flatnonzero(own_weights)
            products = own_weights[both] * self.weights[found[both]]
            totals = np.bincount(owner[both], products, minlength=len(some))
            similar[some] = np.minimum(totals / shared[some], 1.0)
        return similar

    def sharing(self, unit: int, candidates: Truths, wanted: Truths, most: int) -> Sharing:
        """At most so many of the units `wanted`, those that share most with a unit by its rarer stems.

        The stems are the rarest in the groups of the `candidates`, of which `wanted` are some.
        """
        own = np.arange(int(self.starts[unit]), int(self.starts[unit + 1]))
        asked = np.bincount(self.group[candidates], minlength=int(self.group.max(initial=0)) + 1) > 0
        runs, owner = places(self.runs_starts, self.stems[own])
        kept = asked[self.run_groups[runs]]
        runs, owner = runs[kept], owner[kept]
        units = self.having_starts[runs + 1] - self.having_starts[runs]
        lengths = np.bincount(owner, units, minlength=len(own)).astype(np.int64)
        looked_up = _rarest(lengths, POSTINGS)[owner]
        found, which = places(self.having_starts, runs[looked_up])
        # the square of a weight stands for the product of both: the other's is read for those that are chosen alone
        weights = np.round(self.weights[own].astype(np.float64) ** 2 * STEPS)[owner[looked_up]]
        totals = np.bincount(self.having[found], weights[which], minlength=len(wanted))
        totals[~wanted] = 0
        sharing = np.flatnonzero(totals > 0)
        return Sharing(sharing[largest(totals[sharing], most)], bool(looked_up.all()) and len(sharing) <= most)


@dataclass(frozen=True, slots=True)
class Sharing:
    """Units found by the stems that they share with another, ascending; `whole` where all that share any are there."""

    units: Integers
    whole: bool


def largest(values: Floats | Integers, most: int) -> Integers:
    """The places of at most so many largest values, ascending; of equal ones those that come first.

    >>> largest(np.array([3.0, 1.0, 3.0, 2.0, 1.0]), 4)
    array([0, 1, 2, 3])
    """
    if len(values) <= most:
        return np.arange(len(values))
    least = np.partition(values, -most)[-most] if most else np.inf
    above = np.flatnonzero(values > least)
    return np.sort(np.concatenate((above, np.flatnonzero(values == least)[: most - len(above)])))


def _rarest(lengths: Integers, most: int) -> Truths:
    """Which stems are looked up, the rarest first as long as that makes no more units than `most`.

    Those that are equally rare are looked up together or not at all: which comes first would be chance.
    """
    order = np.argsort(lengths, kind="stable")
    ordered = lengths[order]
    within = np.cumsum(ordered)[np.searchsorted(ordered, ordered, side="right") - 1] <= most
    found = np.zeros(len(lengths), np.bool_)
    found[order[within]] = True
    return found


ARRAYS = tuple(f"words-{name}" for name in UnitWords.__slots__)
"""The names of all that `UnitWords.arrays` gives."""


def unit_words(stems: Stems, outcome_texts: Lists, titles: Lists, countries: Integers, kinds: Integers) -> UnitWords:
    """The words of units: `outcome_texts` and `titles` give the texts of each by number (as often as they come)."""
    units, width, of_texts = len(outcome_texts), max(1, len(stems.languages)), stems.of_texts
    languages = np.array(stems.languages, np.int32)
    text_languages = np.array(stems.text_languages, np.int32)
    spoken = 1 + max(int(each.max(initial=0)) for each in (languages, text_languages))
    speaks = np.zeros((units, spoken), np.bool_)
    having = np.zeros((int(countries.max(initial=0)) + 1) * width, np.int32)
    found, counts, lengths = [np.empty(0, np.int32)], [np.empty(0, np.float32)], [np.empty(0, np.int64)]
    for begin in range(0, units, PIECE):
        piece = np.arange(begin, min(begin + PIECE, units))
        text, unit = outcome_texts.all_of(piece)
        title, entitled = titles.all_of(piece)
        said = np.zeros((len(piece), spoken), np.bool_)
        said[unit, text_languages[text]] = True
        kept = said[entitled, text_languages[title]]
        text, unit = np.concatenate((text, title[kept])), np.concatenate((unit, entitled[kept]))
        stem, owner = of_texts.all_of(text)
        keys, times = np.unique(unit[owner] * width + stem, return_counts=True)
        unit, stem = keys // width, keys % width
        speaks[begin + unit, languages[stem]] = True
        having += np.bincount(countries[piece[unit]].astype(np.int64) * width + stem, minlength=len(having))
        found.append(stem.astype(np.int32))
        counts.append(1 + np.log(times.astype(np.float32)))
        lengths.append(np.bincount(unit, minlength=len(piece)))
    among = np.zeros((int(countries.max(initial=0)) + 1, spoken), np.int64)
    np.add.at(among, countries, speaks)
    bits = np.left_shift(np.uint64(1), np.minimum(np.arange(spoken), LANGUAGES - 1).astype(np.uint64))
    starts, values = starts_of(np.concatenate(lengths)), np.concatenate(found)
    group = np.unique(countries.astype(np.int64) * 256 + kinds, return_inverse=True)[1]
    owner, stem = np.repeat(np.arange(units, dtype=np.int32), np.diff(starts)), values
    order = np.lexsort((group[owner], stem))
    owner, in_group, stem = owner[order], group[owner][order], stem[order]
    first = np.flatnonzero(first_of_runs(stem, in_group))
    words = UnitWords(
        starts=starts,
        stems=values,
        weights=np.concatenate(counts),
        languages=np.bitwise_or.reduce(np.where(speaks, bits, np.uint64(0)), axis=1),
        group=group,
        runs_starts=starts_of(np.bincount(stem[first], minlength=width)),
        run_groups=in_group[first].astype(np.int32),
        having_starts=np.append(first, len(owner)),
        having=owner,
    )
    _weigh(words, languages, countries, among, having)
    return words


def _weigh(words: UnitWords, languages: Integers, countries: Integers, among: Integers, having: Integers) -> None:
    """Multiply counts by rarity, and bring those of a unit and language to length 1; in place.

    `among` counts the units of each country (row) that speak each language, `having` those of them that have each stem
    (country after country).
    """
    units, spoken, width = len(words.starts) - 1, among.shape[1], max(1, len(languages))
    for begin in range(0, units, PIECE):
        end = min(begin + PIECE, units)
        part = slice(int(words.starts[begin]), int(words.starts[end]))
        unit = np.repeat(np.arange(end - begin), np.diff(words.starts[begin : end + 1]))
        stem, country = words.stems[part], countries[begin:end].astype(np.int64)[unit]
        language = languages[stem]
        rarity = 1 + np.log((1 + among[country, language]) / (1 + having[country * width + stem]))
        weights = words.weights[part] * rarity
        block = unit * spoken + language
        lengths = np.sqrt(np.bincount(block, weights**2, minlength=(end - begin) * spoken))
        words.weights[part] = weights / lengths[block]
