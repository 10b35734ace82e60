"""Turns the rows that a reviewer hands in into decisions: what is new, what stands already, what cannot be taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from passerelle.graph.links import LinkGraph, Pair
from passerelle.graph.reviewable_links import ReviewableLinks
from passerelle.linking.decisions import says
from passerelle.linking.review_lines import LogDecision
from passerelle.linking.submitted import SubmittedRow
from passerelle.namespaces import ESCO_SKILL
from passerelle.records.place import Place
from passerelle.records.review import Review
from passerelle.records.tally import Reject, Tally

_ITEM = "row"


@dataclass(frozen=True, slots=True)
class Defaults:
    """What fills a row that names no reviewer or no day (ISO 8601), and the editions for the log.

    `latest` is the last day that a decision may bear (ISO 8601; empty: any): one of tomorrow could not be corrected
    before tomorrow, because the latest day wins.
    """

    reviewer: str = ""
    date: str = ""
    skill_version: str = ""
    source_versions: dict[str, str] = field(default_factory=dict)
    latest: str = ""


@dataclass(slots=True)
class Judged:
    """What a review file comes to: rows appended, unchanged, undecided (they and the refused add up to the read).

    `conflicting` are those of the appended rows that contradict a decision of the same day: both wait from then on.
    `held_back` are rows that would have been appended, but for others of the file (`hold_back`).
    """

    decisions: list[LogDecision] = field(default_factory=list)
    appended: int = 0
    unchanged: int = 0
    undecided: int = 0
    conflicting: int = 0
    held_back: int = 0

    def hold_back(self) -> None:
        """Append no row of the file after all."""
        self.decisions.clear()
        self.held_back, self.appended, self.conflicting = self.appended, 0, 0


class _Refused(Exception):
    def __init__(self, message_id: str, **parameters: object) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.parameters = parameters


@dataclass(frozen=True, slots=True)
class _Compared:
    """Whether a decision is new, and what the message says of a decision of the same day that it contradicts."""

    new: bool
    conflict: dict[str, object] = field(default_factory=dict)


class ReviewImport:
    """Judges rows against a release and the decisions that stand.

    `waiting` are pairs that were sent back: to reject one of them takes the earlier decision back, so its skill or
    outcome need not be there any more.
    """

    def __init__(
        self, graph: LinkGraph, links: ReviewableLinks, defaults: Defaults, waiting: Collection[Pair] = ()
    ) -> None:
        self._graph = graph
        self._links = links
        self._defaults = defaults
        self._waiting = frozenset(waiting)

    def judge(self, rows: Iterable[SubmittedRow], standing: Iterable[Review], tally: Tally) -> Judged:
        """Judge all rows; what cannot be taken is rejected by `tally` (item: row), and nothing of such a row is kept.

        `standing` are all decisions so far: those of the log, and those of the release's other logs. A decision that
        contradicts a standing one of the same day is taken and noticed: neither holds then (see `decisions.decide`),
        and the pair waits in the queue with both. Two rows of the file that contradict each other are both refused,
        and so is one that contradicts a decision of a later day.
        """
        judged = Judged()
        proposed: list[tuple[SubmittedRow, list[LogDecision]]] = []
        for row in rows:
            if not row.decision:
                judged.undecided += 1
                tally.accept(_ITEM)
                continue
            try:
                proposed.append((row, self._proposed(row)))
            except _Refused as reason:
                tally.reject(Reject(_ITEM, reason.message_id, row.place, reason.parameters))
        within = _contradictions(proposed)
        held = _by_pair(standing)
        taken: set[tuple[object, ...]] = set()
        for row, decisions in proposed:
            try:
                if row.place in within:
                    raise _Refused("review-import-contradiction", other=within[row.place])
                compared = [(each, self._compared(each, held.get(each.pair, []))) for each in decisions]
            except _Refused as reason:
                tally.reject(Reject(_ITEM, reason.message_id, row.place, reason.parameters))
                continue
            compared = [(each, what) for each, what in compared if what.new and _key(each) not in taken]
            new = [each for each, _ in compared]
            taken |= {_key(each) for each in new}
            conflicts = [what.conflict for _, what in compared if what.conflict]
            for conflict in conflicts:
                tally.notice(Reject(_ITEM, "review-import-conflict", row.place, conflict))
            judged.decisions += new
            judged.conflicting += bool(conflicts)
            judged.appended += bool(new)
            judged.unchanged += not new
            tally.accept(_ITEM)
        return judged

    def _proposed(self, row: SubmittedRow) -> list[LogDecision]:
        day = row.date or self._defaults.date
        reviewer = row.reviewer or self._defaults.reviewer
        if not reviewer:
            raise _Refused("review-anonymous")
        try:
            day = date.fromisoformat(day).isoformat()
        except ValueError:
            raise _Refused("review-import-date", value=day) from None
        if self._defaults.latest and day > self._defaults.latest:
            raise _Refused("review-import-future", date=day, latest=self._defaults.latest)
        settles = row.decision != "accept" and (row.outcome, row.skill) in self._waiting
        outcome = self._graph.outcome(row.outcome)
        if outcome is None and not (row.decision == "reject" and settles):
            raise _Refused("review-import-unknown-outcome", outcome=row.outcome)
        if outcome is not None and row.text and not says(outcome, row.text):
            raise _Refused("review-import-other-text", outcome=row.outcome)
        if row.decision in ("accept", "correct") and not row.relation:
            raise _Refused("review-import-no-relation")
        if not settles:
            self._check_skill(row.skill)
        rejects = row.decision in ("reject", "correct")
        text = row.text or (outcome.texts[0].text if outcome is not None and outcome.texts else "")
        first = LogDecision(
            row.outcome,
            row.skill,
            row.relation or "skos:relatedMatch",
            not rejects,
            day,
            reviewer,
            text,
            self._label(row.skill) or row.skill_label,
            self._edition(row.outcome),
            self._defaults.skill_version,
            row.comment,
        )
        if row.decision != "correct":
            return [first]
        if row.corrected == row.skill:
            raise _Refused("review-import-same-skill")
        self._check_skill(row.corrected)
        second = LogDecision(
            row.outcome,
            row.corrected,
            row.relation,
            accepted=True,
            date=day,
            reviewer=reviewer,
            text=text,
            skill_label=self._label(row.corrected),
            outcome_version=first.outcome_version,
            skill_version=first.skill_version,
            comment=row.comment,
        )
        return [first, second]

    def _check_skill(self, skill: str) -> None:
        if self._graph.is_skill(skill):
            return
        replaced = self._links.replacements(skill)
        if replaced:
            raise _Refused("review-import-replaced-skill", skill=skill, replacement=", ".join(replaced))
        if skill.startswith(ESCO_SKILL):
            raise _Refused("review-retired-skill", skill=skill)
        raise _Refused("review-import-unknown-skill", skill=skill)

    def _label(self, skill: str) -> str:
        """The preferred label in English, the language that every version of ESCO has."""
        return next((each.text for each in self._graph.labels_of(skill, "en") if each.preferred), "")

    def _edition(self, outcome: str) -> str:
        known = (self._defaults.source_versions.get(slug, "") for slug in self._links.sources_of(outcome))
        return next((each for each in known if each), "")

    def _compared(self, decision: LogDecision, held: list[Review]) -> _Compared:
        """What a decision adds to the standing ones about its pair. Raises _Refused where a later one differs.

        What was decided about another wording neither says the same nor contradicts it.
        """
        held = [each for each in held if self._still_said(each)]
        latest = [each for each in held if each.date == max(review.date for review in held)]
        if all(_agree(decision, each) for each in latest):
            return _Compared(new=not latest)
        other = next(each for each in latest if not _agree(decision, each))
        about: dict[str, object] = {"outcome": decision.outcome, "skill": decision.skill, "date": other.date}
        about["place"] = f"{other.place.file}:{other.place.line}"
        if other.date > decision.date:
            raise _Refused("review-import-older", **about)
        if other.date < decision.date:
            return _Compared(new=True)
        return _Compared(not any(_agree(decision, each) for each in latest), about)

    def _still_said(self, review: Review) -> bool:
        """Whether a decision was made about the present text."""
        outcome = self._graph.outcome(review.outcome)
        return outcome is None or not review.text or says(outcome, review.text)


def _agree(decision: LogDecision, review: Review) -> bool:
    if decision.accepted != review.accepted:
        return False
    return not decision.accepted or decision.relation == review.relation


def _key(decision: LogDecision) -> tuple[object, ...]:
    return (*decision.pair, decision.accepted, decision.relation if decision.accepted else "", decision.date)


def _by_pair(reviews: Iterable[Review]) -> dict[Pair, list[Review]]:
    found: dict[Pair, list[Review]] = {}
    for review in reviews:
        found.setdefault(review.pair, []).append(review)
    return found


def _contradictions(proposed: list[tuple[SubmittedRow, list[LogDecision]]]) -> dict[Place, str]:
    """The rows that contradict another row about a pair on one day, each with the lines of the others."""
    said: dict[tuple[Pair, str], dict[tuple[object, ...], set[int]]] = {}
    for row, decisions in proposed:
        for each in decisions:
            said.setdefault((each.pair, each.date), {}).setdefault(_key(each), set()).add(row.place.line or 0)
    found: dict[Place, str] = {}
    for row, decisions in proposed:
        others: set[int] = set()
        for each in decisions:
            versions = said[each.pair, each.date]
            if len(versions) > 1:
                others |= {line for key, lines in versions.items() if key != _key(each) for line in lines}
        if others:
            found[row.place] = ", ".join(map(str, sorted(others)))
    return found
