"""Which earlier decisions wait for a person again, and about which present outcome and skill the question now is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from passerelle.graph.links import LinkGraph, Pair
from passerelle.graph.reviewable_links import ReviewableLinks
from passerelle.linking.decisions import Decisions
from passerelle.records.review import Review
from passerelle.records.text import normalised

_UNKNOWN_OUTCOME = "review-unknown-outcome"
_RETIRED_SKILL = "review-retired-skill"
_CONFLICT = "review-conflict"
_CHANGED_TEXT = "review-changed-text"

Reason = Literal["reworded", "gone", "retired-skill", "replaced-skill", "conflict", "changed-text"]
"""The outcome has another wording and so another IRI, or none is like it; the skill is not in this ESCO, which names no
successor or one; decisions of one day contradict each other; the wording changed under the same (foreign) IRI."""

SIMILAR = 0.5
"""Of the characters in common order, from which a new wording is suggested for a decision about the old one.

Below it another outcome of the unit is as likely as a reworded one. It is a suggestion to a person and decides nothing.
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Earlier decisions about one pair that hold no longer, or contradict each other.

    `pair` is what the question is about now: a reworded outcome, a skill that replaces a retired one, or the pair of
    the decisions themselves. `open` is False where nothing of the present release corresponds to the outcome.
    """

    pair: Pair
    reason: str
    earlier: tuple[Review, ...]
    open: bool = True


def waiting(
    graph: LinkGraph, links: ReviewableLinks, reviews: Iterable[Review], decisions: Decisions
) -> tuple[Waiting, ...]:
    """What waits, each pair and reason once, sorted.

    `decisions` are what `decide` made of `reviews`. A rejection of what is gone leaves nothing to decide: where the
    machine or the issuer names the skill again, it waits in its own right. Whatever a later decision has settled does
    not wait any longer, and no pair of which a decision about the present wording holds.
    """
    reviews = list(reviews)
    latest = _latest(reviews)
    found: dict[tuple[Pair, Reason], list[Review]] = {}
    reworded = _Rewordings(graph, [each.review for each in decisions.queue if each.reason == _UNKNOWN_OUTCOME])
    for queued in decisions.queue:
        review = queued.review
        if queued.reason == _CONFLICT:
            found.setdefault((review.pair, "conflict"), []).append(review)
            continue
        if queued.reason == _CHANGED_TEXT:
            if review.pair not in decisions.by_pair:
                found.setdefault((review.pair, "changed-text"), []).append(review)
            continue
        if review not in latest[review.pair] or not review.accepted:
            continue
        for pair, reason in _now(review, queued.reason, links, reworded, decisions):
            decided = decisions.by_pair.get(pair)
            if decided is None or decided.date <= review.date:
                found.setdefault((pair, reason), []).append(review)
    return tuple(
        Waiting(pair, reason, tuple(sorted(set(earlier), key=_order)))
        for (pair, reason), earlier in sorted(found.items(), key=lambda each: each[0])
    )


def _latest(reviews: list[Review]) -> dict[Pair, list[Review]]:
    """The decisions of the last day on which anything was decided about a pair."""
    found: dict[Pair, list[Review]] = {}
    for review in reviews:
        held = found.setdefault(review.pair, [])
        if held and held[0].date < review.date:
            held.clear()
        if not held or held[0].date == review.date:
            held.append(review)
    return found


def _now(
    review: Review, queued: str, links: ReviewableLinks, reworded: _Rewordings, decisions: Decisions
) -> list[tuple[Pair, Reason]]:
    """The pairs that the question is about now, and why."""
    if queued == _RETIRED_SKILL:
        known: list[tuple[Pair, Reason]] = [
            ((review.outcome, skill), "replaced-skill") for skill in links.replacements(review.skill)
        ]
        return known or [(review.pair, "retired-skill")]
    outcome = reworded.of(review, decisions)
    return [((outcome, review.skill), "gone" if outcome == review.outcome else "reworded")]


class _Rewordings:
    """The present outcome of the same unit that is worded most like one that is gone."""

    def __init__(self, graph: LinkGraph, gone: list[Review]) -> None:
        self._present = graph.outcomes_under({review.outcome.rpartition("/")[0] for review in gone if review.text})

    def of(self, review: Review, decisions: Decisions) -> str:
        """Its IRI; the gone outcome's own where none is similar enough.

        An outcome about which that skill was decided on no later day existed beside the one that is gone.
        """
        best, nearest = SIMILAR, review.outcome
        text = normalised(review.text)
        for outcome in self._present.get(review.outcome.rpartition("/")[0], ()):
            decided = decisions.by_pair.get((outcome.iri, review.skill))
            if decided is not None and decided.date <= review.date:
                continue
            for each in outcome.texts:
                ratio = SequenceMatcher(None, text, normalised(each.text), autojunk=False).ratio()
                if ratio > best:
                    best, nearest = ratio, outcome.iri
        return nearest


def _order(review: Review) -> tuple[str, str, int]:
    return (review.date, review.place.file, review.place.line or 0)
