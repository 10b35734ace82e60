"""The ways in which outcomes of the holder's unit meet one of the target, by text or through ESCO skills."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.link_values import Values, match_values, needed, shown
from passerelle.comparability.proximity import Proximity
from passerelle.linking.labels import exact_key, near_key, primary
from passerelle.records.compared_unit import ComparedOutcome, OutcomeLink
from passerelle.records.comparison import Match, MatchKind, share
from passerelle.records.text import LanguageText, normalised

OUTCOMES_KEPT = 2**12
"""Outcomes whose keys stay in memory; a comparison asks for each a dozen times."""

TEXT_KINDS: tuple[MatchKind, ...] = ("same-outcome", "same-text", "same-words")

Key = tuple[MatchKind, str, str]


class Meeting:
    """One match, its values not rounded yet. Meetings sort best first, the same on every run.

    Order: larger expected, lower, upper; kind as in `outcome-matches.tsv`; the holder's outcome and skill, the target's
    skill by IRI.
    """

    __slots__ = ("holder_link", "kind", "order", "outcome", "target_link", "values")

    def __init__(
        self,
        outcome: str,
        kind: MatchKind,
        values: Values,
        holder_link: OutcomeLink | None = None,
        target_link: OutcomeLink | None = None,
    ) -> None:
        self.outcome = outcome
        self.kind = kind
        self.values = values
        self.holder_link = holder_link
        self.target_link = target_link
        self.order = (
            -values.expected,
            -values.lower,
            -values.upper,
            _ranks()[kind],
            outcome,
            holder_link.skill if holder_link else "",
            target_link.skill if target_link else "",
        )

    def record(self) -> Match:
        """The record of this match, its values rounded."""
        lower, expected, upper = map(share, self.values)
        return Match(self.outcome, self.kind, lower, expected, upper, self.holder_link, self.target_link)


@dataclass(frozen=True, slots=True)
class _Showing:
    """What shows one skill: `best` is the most in each reading; `links` those of each value, the best value first."""

    best: Values
    links: tuple[tuple[Values, tuple[tuple[str, OutcomeLink], ...]], ...]

    @classmethod
    def of(cls, held: Collection[tuple[str, OutcomeLink]]) -> _Showing:
        by_value: dict[Values, list[tuple[str, OutcomeLink]]] = {}
        for outcome, link in sorted(held, key=lambda each: each[0]):
            by_value.setdefault(shown(link), []).append((outcome, link))
        values = sorted(by_value, key=lambda each: (each.expected, each.lower, each.upper), reverse=True)
        return cls(greatest(values), tuple((each, tuple(by_value[each])) for each in values))


class Holder:
    """The outcomes of the holder's unit, found by text and by skill.

    Issuers tag outcomes alike, so hundreds may meet hundreds in many skills: what is asked for comes from the best of
    each skill, and no more matches are made than somebody wants to see.
    """

    def __init__(self, outcomes: Collection[ComparedOutcome], proximity: Proximity) -> None:
        self._proximity = proximity
        self._by_text: dict[Key, list[str]] = {}
        by_skill: dict[str, list[tuple[str, OutcomeLink]]] = {}
        for outcome in sorted(outcomes, key=lambda each: each.iri):
            for key in text_keys(outcome):
                self._by_text.setdefault(key, []).append(outcome.iri)
            for link in outcome.links:
                by_skill.setdefault(link.skill, []).append((outcome.iri, link))
        self._by_skill = {skill: _Showing.of(held) for skill, held in by_skill.items()}

    def values(self, target: ComparedOutcome) -> Values:
        """The most that any outcome shows of `target`, reading by reading."""
        textual = (match_values()[key[0]] for key in text_keys(target) if key in self._by_text)
        through = (
            showing.best.times(needed(link)).times(match_values()[kind])
            for kind, link, showing in self._showing(target)
        )
        return greatest((*textual, *through))

    def meetings(self, target: ComparedOutcome, most: int) -> list[Meeting]:
        """The best match of each outcome that may show something of `target`: `most` of them, best first."""
        found = (*self._textual(target, most), *self._through_skills(target, most))
        best: dict[str, Meeting] = {}
        for meeting in sorted((each for each in found if each.values.upper > 0), key=lambda each: each.order):
            best.setdefault(meeting.outcome, meeting)
        return list(islice(best.values(), most))

    def met_by_text(self, target: ComparedOutcome) -> set[str]:
        """The outcomes (IRIs) that are, or read like, `target`."""
        return {outcome for key in text_keys(target) for outcome in self._by_text.get(key, ())}

    def _textual(self, target: ComparedOutcome, most: int) -> Iterator[Meeting]:
        for key in text_keys(target):
            for outcome in self._by_text.get(key, ())[:most]:
                yield Meeting(outcome, key[0], match_values()[key[0]])

    def _through_skills(self, target: ComparedOutcome, most: int) -> Iterator[Meeting]:
        for kind, link, showing in self._showing(target):
            asked = needed(link)
            # an outcome among the best `most` of all is among the best of each skill; different values may give equal
            # products, among which lower, upper and the names decide: so go on until the products are less
            expected: list[float] = []
            for value, held in showing.links:
                values = value.times(asked).times(match_values()[kind])
                if len(expected) >= most and values.expected < expected[most - 1]:
                    break
                for outcome, each in held[:most]:
                    expected.append(values.expected)
                    yield Meeting(outcome, kind, values, each, link)

    def _showing(self, target: ComparedOutcome) -> Iterator[tuple[MatchKind, OutcomeLink, _Showing]]:
        """Each kind of match and link of `target` through which outcomes meet it, and what shows that skill."""
        for link in target.links:
            for kind, skills in closest(link.skill, self._proximity):
                for skill in skills:
                    showing = self._by_skill.get(skill)
                    if showing is not None:
                        yield kind, link, showing


def closest(skill: str, proximity: Proximity) -> tuple[tuple[MatchKind, Collection[str]], ...]:
    """The skills of a holder that meet a target's `skill`, by kind of match."""
    return (
        ("same-skill", (skill,)),
        ("narrower-skill", proximity.narrower(skill)),
        ("broader-skill", proximity.broader(skill)),
    )


def greatest(values: Collection[Values]) -> Values:
    """The greatest value in each reading; 0 of none."""
    return Values(*map(max, zip(*values, strict=True))) if values else Values(0.0, 0.0, 0.0)


def text_keys(outcome: ComparedOutcome) -> frozenset[Key]:
    """The keys under which an outcome meets others by text: its IRI, its normalised texts, and their words.

    Outcomes with a common key match in the key's kind. Languages are compared by their primary subtag. Texts have the
    same words from `fewest-words` distinct stems on.
    """
    return _text_keys(outcome.iri, outcome.texts)


@lru_cache(maxsize=OUTCOMES_KEPT)
def _text_keys(iri: str, texts: tuple[LanguageText, ...]) -> frozenset[Key]:
    return frozenset((("same-outcome", iri, ""), *(key for text in texts for key in _keys_of(text))))


@lru_cache(maxsize=65_536)
def _keys_of(text: LanguageText) -> tuple[Key, ...]:
    language, identity, words = primary(text.language), normalised(text.text), words_of(text)
    keys: list[Key] = [("same-text", language, identity)] if identity else []
    if words:
        keys.append(("same-words", language, words))
    return tuple(keys)


def words_of(text: LanguageText) -> str:
    """The words under which a text meets others (see `text_keys`); empty where they are too few."""
    near = near_key(exact_key(text.text), primary(text.language))
    return near if len(near.split()) >= parameters().fewest_words else ""


@cache
def _ranks() -> dict[MatchKind, int]:
    return {kind: rank for rank, kind in enumerate(match_values())}
