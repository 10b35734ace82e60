"""Every way in which an outcome of the holder's unit meets one of the target, by text or through ESCO skills."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from passerelle.comparability.link_values import Values, match_values, needed, shown
from passerelle.comparability.proximity import Proximity
from passerelle.linking.labels import exact_key, near_key, primary
from passerelle.records.compared_unit import ComparedOutcome, OutcomeLink
from passerelle.records.comparison import SHARE_DIGITS, Match, MatchKind
from passerelle.records.text import LanguageText, normalised

FEWEST_WORDS = 3
"""Distinct word stems that two texts must share to have the same words: shorter ones are chapter headings."""

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
            tuple(match_values()).index(kind),
            outcome,
            holder_link.skill if holder_link else "",
            target_link.skill if target_link else "",
        )

    def record(self) -> Match:
        """The record of this match, its values rounded."""
        lower, expected, upper = (round(value, SHARE_DIGITS) for value in self.values)
        return Match(self.outcome, self.kind, lower, expected, upper, self.holder_link, self.target_link)


class Holder:
    """The outcomes of the holder's unit, found by text and by skill."""

    def __init__(self, outcomes: Collection[ComparedOutcome], proximity: Proximity) -> None:
        self._proximity = proximity
        self._by_text: dict[Key, list[str]] = {}
        self._by_skill: dict[str, list[tuple[str, OutcomeLink, Values]]] = {}
        for outcome in outcomes:
            for key in text_keys(outcome):
                self._by_text.setdefault(key, []).append(outcome.iri)
            for link in outcome.links:
                self._by_skill.setdefault(link.skill, []).append((outcome.iri, link, shown(link)))

    def meetings(self, target: ComparedOutcome) -> list[Meeting]:
        """Every match of the holder's outcomes with `target` that may show something, best first."""
        found = (*self._textual(target), *self._through_skills(target))
        return sorted((each for each in found if each.values.upper > 0), key=lambda meeting: meeting.order)

    def met_by_text(self, target: ComparedOutcome) -> set[str]:
        """The holder's outcomes (IRIs) that are, or read like, `target`."""
        return {meeting.outcome for meeting in self._textual(target)}

    def _textual(self, target: ComparedOutcome) -> Iterator[Meeting]:
        for key in text_keys(target):
            for outcome in self._by_text.get(key, ()):
                yield Meeting(outcome, key[0], match_values()[key[0]])

    def _through_skills(self, target: ComparedOutcome) -> Iterator[Meeting]:
        kinds: Mapping[MatchKind, Values] = match_values()
        for link in target.links:
            asked = needed(link)
            for kind, skills in self._closest(link.skill):
                for skill in skills:
                    for outcome, held, value in self._by_skill.get(skill, ()):
                        yield Meeting(outcome, kind, value.times(asked).times(kinds[kind]), held, link)

    def _closest(self, skill: str) -> tuple[tuple[MatchKind, Collection[str]], ...]:
        return (
            ("same-skill", (skill,)),
            ("narrower-skill", self._proximity.narrower(skill)),
            ("broader-skill", self._proximity.broader(skill)),
        )


def text_keys(outcome: ComparedOutcome) -> frozenset[Key]:
    """The keys under which an outcome meets others by text: its IRI, its normalised texts, and their words.

    Outcomes with a common key match in the key's kind. Languages are compared by their primary subtag.
    """
    found: set[Key] = {("same-outcome", outcome.iri, "")}
    for text in outcome.texts:
        found.update(_keys_of(text))
    return frozenset(found)


@lru_cache(maxsize=65_536)
def _keys_of(text: LanguageText) -> tuple[Key, ...]:
    language, identity = primary(text.language), normalised(text.text)
    near = near_key(exact_key(text.text), language)
    keys: list[Key] = [("same-text", language, identity)] if identity else []
    if len(near.split()) >= FEWEST_WORDS:
        keys.append(("same-words", language, near))
    return tuple(keys)
