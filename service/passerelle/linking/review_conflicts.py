"""What a decision that is handed in says beside the standing ones, and which rows of a file contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from passerelle.graph.links import Pair
from passerelle.linking.review_lines import LogDecision
from passerelle.linking.submitted import SubmittedRow
from passerelle.records.place import Place
from passerelle.records.review import Review

Key = tuple[object, ...]


class Refused(Exception):
    """A row that cannot be taken: a message identifier and its parameters."""

    def __init__(self, message_id: str, **parameters: object) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.parameters = parameters


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether a decision is new, and what the message says of a decision of the same day that it contradicts."""

    new: bool
    conflict: dict[str, object] = field(default_factory=dict)


def compared_with(decision: LogDecision, held: Sequence[Review]) -> Compared:
    """What a decision adds to the standing ones about its pair. Raises Refused where a later one differs."""
    latest = [each for each in held if each.date == max(review.date for review in held)]
    other = next((each for each in latest if not _agree(decision, each)), None)
    if other is None:
        return Compared(new=not latest)
    if other.date < decision.date:
        return Compared(new=True)
    about: dict[str, object] = {"outcome": decision.outcome, "skill": decision.skill, "date": other.date}
    about["place"] = f"{other.place.file}:{other.place.line}"
    if other.date > decision.date:
        raise Refused("review-import-older", **about)
    return Compared(not any(_agree(decision, each) for each in latest), about)


def key_of(decision: LogDecision) -> Key:
    """What two decisions that say the same have in common."""
    return (*decision.pair, decision.accepted, decision.relation if decision.accepted else "", decision.date)


def by_pair(reviews: Iterable[Review]) -> dict[Pair, list[Review]]:
    """The standing decisions about each pair."""
    found: dict[Pair, list[Review]] = {}
    for review in reviews:
        found.setdefault(review.pair, []).append(review)
    return found


def contradictions(proposed: Iterable[tuple[SubmittedRow, Sequence[LogDecision]]]) -> dict[Place, str]:
    """The rows that contradict another row about a pair on one day, each with the lines of the others."""
    proposed = list(proposed)
    said: dict[tuple[Pair, str], dict[Key, set[int]]] = {}
    for row, decisions in proposed:
        for each in decisions:
            said.setdefault((each.pair, each.date), {}).setdefault(key_of(each), set()).add(row.place.line or 0)
    found: dict[Place, str] = {}
    for row, decisions in proposed:
        others: set[int] = set()
        for each in decisions:
            versions = said[each.pair, each.date]
            if len(versions) > 1:
                others |= {line for key, lines in versions.items() if key != key_of(each) for line in lines}
        if others:
            found[row.place] = ", ".join(map(str, sorted(others)))
    return found


def _agree(decision: LogDecision, review: Review) -> bool:
    if decision.accepted != review.accepted:
        return False
    return not decision.accepted or decision.relation == review.relation
