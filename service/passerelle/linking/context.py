"""Orders the candidates of an outcome by what surrounds it. Context ranks; it is no evidence.

A candidate's place is the logarithm of the odds of its confidence, plus the weights (`mappings/link-context.tsv`) of
what speaks for it around the outcome. No candidate comes or goes by it, and no confidence changes: whatever is computed
from a link rests on the two texts alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from math import log

from passerelle.graph.surroundings import Surrounding, Surroundings
from passerelle.linking.candidate_memory import Key
from passerelle.linking.ranking import RankedSkill
from passerelle.records.link import OutcomeText
from passerelle.records.mapping_table import rows
from passerelle.records.text import LanguageText

NEIGHBOURS = 15
"""Other outcomes of the unit that are looked at; a bloc has 8 on average, and some units of the real files 200."""

_LEAST, _MOST = 1e-4, 1 - 1e-4
"""Where the odds end: confidences have four decimals."""

Ranked = Callable[[Iterable[LanguageText]], Mapping[Key, Sequence[RankedSkill]]]


@cache
def weights() -> dict[str, float]:
    """The weight of each kind of context."""
    return {row["context"]: float(row["weight"]) for row in rows("link-context.tsv")}


class ContextOrder:
    """An `Order` (see `linking.candidates`); `ranked` gives the ranked skills of texts by key.

    `counted` are weights instead of those of the table.
    """

    def __init__(self, surroundings: Surroundings, ranked: Ranked, counted: Mapping[str, float] | None = None) -> None:
        self._surroundings = surroundings
        self._ranked = ranked
        self._weights = weights() if counted is None else counted

    def __call__(self, outcome: OutcomeText, ranked: Sequence[RankedSkill]) -> list[RankedSkill]:
        """The same skills, those first that text and context speak for; ties stay as they are."""
        around = self._surroundings.of(outcome.iri)
        near: dict[str, float] = {}
        # to rank the neighbours takes far longer than the rest
        looked_at = around.neighbours[:NEIGHBOURS] if self._weights["neighbours"] else ()
        for skills in self._ranked(looked_at).values():
            for each in skills:
                near[each.skill] = max(each.confidence, near.get(each.skill, 0.0))
        return sorted(ranked, key=lambda each: -(_odds(each.confidence) + self._support(each.skill, around, near)))

    def _support(self, skill: str, around: Surrounding, near: Mapping[str, float]) -> float:
        occupation = self._weights["occupation-essential"] * (skill in around.essential)
        occupation += self._weights["occupation-optional"] * (skill in around.optional)
        return occupation + self._weights["neighbours"] * near.get(skill, 0.0)


def _odds(confidence: float) -> float:
    bounded = min(max(confidence, _LEAST), _MOST)
    return log(bounded / (1 - bounded))
