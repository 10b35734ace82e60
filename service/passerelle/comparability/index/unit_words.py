"""How alike the wordings of units are: the word stems of titles and outcomes, rarer ones weighing more.

A unit's stems are those of all its outcomes, its parts' included, and of its titles in the languages of its outcomes: a
translated title alone says too little (`linking.terms.stems`; the words themselves in a language without a stemmer). A
stem counts 1 + ln(texts that have it), times its rarity among the units
of the same country and language, 1 + ln((1 + units) / (1 + units that have it)): so another country changes no
similarity. Similarity is the cosine, in the mean over the languages that both units have; stems of two languages never
meet. It enters no figure; `comparability.standing` says what it orders.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from passerelle.comparability.index.ragged import Floats, Integers, Lists, Truths, places, starts_of
from passerelle.linking.labels import primary
from passerelle.linking.terms import stems
from passerelle.records.text import LanguageText

LANGUAGES = 64
"""Bits of the languages of a unit; what a release has beyond them shares the last."""
PIECE = 8_192
"""Units whose stems are sorted at once: bounds the memory."""
POSTINGS = 100_000
"""Units that the search by stems looks up, the rarest stems first: what most units say sets none apart."""


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

    `starts` as in `Lists`; `languages` has a bit for each language of the unit. `having_starts` and `having` tell which
    units have each stem.
    """

    starts: Integers
    stems: Integers
    weights: npt.NDArray[np.float32]
    languages: npt.NDArray[np.uint64]
    having_starts: Integers
    having: Integers

    @classmethod
    def none(cls, units: int) -> UnitWords:
        """Of units that say nothing."""
        starts, nothing = np.zeros(units + 1, np.int64), np.empty(0, np.int32)
        return cls(starts, nothing, np.empty(0, np.float32), np.zeros(units, np.uint64), starts[:1], nothing)

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
        found, owner = places(self.starts, others)
        products = weights[np.minimum(self.stems[found], beyond)] * self.weights[found]
        totals = np.bincount(owner, products, minlength=len(others))
        shared = np.bitwise_count(self.languages[others] & self.languages[unit])
        similar: Floats = np.where(shared > 0, np.minimum(totals / np.maximum(shared, 1), 1.0), np.nan)
        return similar

    def sharing(self, unit: int, wanted: Truths, most: int) -> Integers:
        """At most so many of the units `wanted`, ascending: those that share most with a unit, by its rarer stems."""
        own = np.arange(int(self.starts[unit]), int(self.starts[unit + 1]))
        lengths = np.diff(self.having_starts)[self.stems[own]]
        rarest = np.argsort(lengths, kind="stable")
        rarest = rarest[np.cumsum(lengths[rarest]) <= POSTINGS]
        found, which = places(self.having_starts, self.stems[own[rarest]])
        # the square of a weight stands for the product of both: the other's is read for those that are chosen alone
        weights = self.weights[own[rarest]].astype(np.float64) ** 2
        totals = np.bincount(self.having[found], weights[which], minlength=len(wanted))
        totals[~wanted] = 0
        sharing = np.flatnonzero(totals)
        if len(sharing) > most:
            sharing = np.sort(sharing[np.argpartition(-totals[sharing], most)[:most]])
        return sharing


ARRAYS = tuple(f"words-{name}" for name in UnitWords.__slots__)
"""The names of all that `UnitWords.arrays` gives."""


def unit_words(stems: Stems, outcome_texts: Lists, titles: Lists, countries: Integers) -> UnitWords:
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
    inverse = Lists(starts, values).inverse(width)
    words = UnitWords(
        starts=starts,
        stems=values,
        weights=np.concatenate(counts),
        languages=np.bitwise_or.reduce(np.where(speaks, bits, np.uint64(0)), axis=1),
        having_starts=inverse.starts,
        having=inverse.values,
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
