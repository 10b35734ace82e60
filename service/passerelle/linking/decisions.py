"""What a review log decides for this release: which decision holds, what conflicts, what has to be reviewed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from passerelle.graph.links import MATCH_RELATIONS, LinkGraph, Pair
from passerelle.records.link import OutcomeText
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
    same normalised text (design, "Identity"). A decision about a wording that the outcome no longer has does not
    apply. Everything that does not apply is queued, unless a decision that does is as recent; moves and queued
    decisions are notices of `tally`.
    """
    queue: list[Queued] = []
    moved: list[Review] = []
    pairs: dict[Pair, list[Review]] = {}
    reviews = list(reviews)
    wordings = _Wordings(graph)
    successors = _successors(graph, wordings, reviews)
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
        present, outdated = wordings.parted(found)
        queue += [Queued(review, "review-changed-text") for review in outdated]
        if not present:
            continue
        latest = [review for review in present if review.date == max(each.date for each in present)]
        if len({(review.accepted, review.relation if review.accepted else "") for review in latest}) > 1:
            queue += [Queued(review, "review-conflict") for review in latest]
        else:
            by_pair[pair] = min(latest, key=lambda review: MATCH_RELATIONS.index(review.relation))
    for queued in queue:
        tally.notice(_notice(queued))
    return Decisions(by_pair, tuple(queue), tuple(moved))


def says(outcome: OutcomeText, text: str) -> bool:
    """Whether one of an outcome's wordings is `text` after normalisation."""
    return normalised(text) in {normalised(each.text) for each in outcome.texts}


class _Wordings:
    """Tells decisions about what an outcome says now from those about what it said before, under the same IRI.

    Our own IRIs hold a hash of the wording; a foreign one may keep its name when its text changes.
    """

    def __init__(self, graph: LinkGraph) -> None:
        self._graph = graph
        self._known: dict[str, OutcomeText | None] = {}

    def outcome(self, iri: str) -> OutcomeText | None:
        """The outcome, or None where the store has none; each is read once."""
        if iri not in self._known:
            self._known[iri] = self._graph.outcome(iri)
        return self._known[iri]

    def parted(self, reviews: Sequence[Review]) -> tuple[list[Review], list[Review]]:
        """The decisions of one pair that are about its present wording, and the later ones that are not.

        A decision that names no wording may be about any, so that it yields to a later one about another wording.
        """
        outcome = self.outcome(reviews[0].outcome)
        if outcome is None:
            return list(reviews), []
        outdated = [review for review in reviews if review.text and not says(outcome, review.text)]
        last = max((review.date for review in outdated), default="")
        present = [review for review in reviews if review not in outdated and (review.text or review.date >= last)]
        settled = max((review.date for review in present), default="")
        return present, [review for review in outdated if review.date > settled]


def _notice(queued: Queued) -> Reject:
    review = queued.review
    parameters: dict[str, object] = {"outcome": review.outcome, "skill": review.skill, "date": review.date}
    return Reject("review", queued.reason, review.place, parameters)


def _successors(graph: LinkGraph, wordings: _Wordings, reviews: Iterable[Review]) -> dict[Review, str | None]:
    """Where the decisions about outcomes that are gone apply now (None: nowhere)."""
    gone = [review for review in reviews if wordings.outcome(review.outcome) is None]
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
