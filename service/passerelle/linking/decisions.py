"""What a review log decides for this release: which decision holds, what conflicts, what has to be reviewed again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from passerelle.graph.links import MATCH_RELATIONS, LinkGraph, Pair
from passerelle.records.review import Review
from passerelle.records.tally import Reject, Tally
from passerelle.records.text import normalised


@dataclass(frozen=True, slots=True)
class Queued:
    """A decision that does not apply to this release and waits for a person; `reason` is a message identifier."""

    review: Review
    reason: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decision that holds for each pair, and the queue of those that do not apply."""

    by_pair: dict[Pair, Review]
    queue: tuple[Queued, ...]
    moved: tuple[Review, ...]


def decide(graph: LinkGraph, reviews: Iterable[Review], tally: Tally) -> Decisions:
    """Resolve a whole log (in any order) against the outcomes and skills of a store.

    For a pair, the latest date wins. Decisions of that date which differ in state, or in relation where they accept,
    are a conflict: none holds. An outcome that is gone hands its decisions to the one outcome of its unit with the
    same normalised text (design, "Identity"). Everything else that does not apply is queued; moves and queued
    decisions are notices of `tally`.
    """
    queue: list[Queued] = []
    moved: list[Review] = []
    pairs: dict[Pair, list[Review]] = {}
    reviews = list(reviews)
    successors = _successors(graph, reviews)
    skills = {skill: graph.is_skill(skill) for skill in {review.skill for review in reviews}}
    for review in reviews:
        target = successors.get(review, review.outcome)
        if target is None:
            queue.append(Queued(review, "review-unknown-outcome"))
            continue
        if not skills[review.skill]:
            queue.append(Queued(review, "review-retired-skill"))
            continue
        applied = replace(review, outcome=target)
        if target != review.outcome:
            moved.append(review)
            parameters: dict[str, object] = {"outcome": review.outcome, "moved": target}
            tally.notice(Reject("review", "review-moved", review.place, parameters))
        pairs.setdefault(applied.pair, []).append(applied)
    by_pair: dict[Pair, Review] = {}
    for pair, found in pairs.items():
        latest = [review for review in found if review.date == max(each.date for each in found)]
        if len({(review.accepted, review.relation if review.accepted else "") for review in latest}) > 1:
            queue += [Queued(review, "review-conflict") for review in latest]
        else:
            by_pair[pair] = min(latest, key=lambda review: MATCH_RELATIONS.index(review.relation))
    for queued in queue:
        tally.notice(_notice(queued))
    return Decisions(by_pair, tuple(queue), tuple(moved))


def _notice(queued: Queued) -> Reject:
    review = queued.review
    parameters: dict[str, object] = {"outcome": review.outcome, "skill": review.skill, "date": review.date}
    return Reject("review", queued.reason, review.place, parameters)


def _successors(graph: LinkGraph, reviews: Iterable[Review]) -> dict[Review, str | None]:
    """Where the decisions about outcomes that are gone apply now (None: nowhere)."""
    known = {iri: graph.outcome(iri) is not None for iri in {review.outcome for review in reviews}}
    gone = [review for review in reviews if not known[review.outcome]]
    prefixes = {review.outcome.rpartition("/")[0] for review in gone if review.text}
    present = graph.outcomes_under(prefixes)
    texts: dict[tuple[str, str], set[str]] = {}
    for prefix, outcomes in present.items():
        for outcome in outcomes:
            for text in outcome.texts:
                texts.setdefault((prefix, normalised(text.text)), set()).add(outcome.iri)
    found: dict[Review, str | None] = {}
    for review in gone:
        same = texts.get((review.outcome.rpartition("/")[0], normalised(review.text)), set()) if review.text else set()
        found[review] = next(iter(same)) if len(same) == 1 else None
    return found
