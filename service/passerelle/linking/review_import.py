"""Turns the rows that a reviewer hands in into decisions: what is new, what stands already, what cannot be taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from passerelle.graph.links import LinkGraph, Pair
from passerelle.graph.reviewable_links import ReviewableLinks
from passerelle.linking.decisions import says
from passerelle.linking.review_conflicts import Compared, Refused, by_pair, compared_with, contradictions, key_of
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
            except Refused as reason:
                tally.reject(Reject(_ITEM, reason.message_id, _place(row), reason.parameters))
        within = contradictions(proposed)
        held = by_pair(standing)
        taken: set[tuple[object, ...]] = set()
        for row, decisions in proposed:
            try:
                if row.place in within:
                    raise Refused("review-import-contradiction", other=within[row.place])
                compared = [(each, self._compared(each, held)) for each in decisions]
            except Refused as reason:
                tally.reject(Reject(_ITEM, reason.message_id, _place(row), reason.parameters))
                continue
            compared = [(each, what) for each, what in compared if what.new and key_of(each) not in taken]
            new = [each for each, _ in compared]
            taken |= {key_of(each) for each in new}
            conflicts = [what.conflict for _, what in compared if what.conflict]
            for conflict in conflicts:
                tally.notice(Reject(_ITEM, "review-import-conflict", _place(row), conflict))
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
            raise Refused("review-anonymous")
        try:
            day = date.fromisoformat(day).isoformat()
        except ValueError:
            raise Refused("review-import-date", value=day) from None
        if self._defaults.latest and day > self._defaults.latest:
            raise Refused("review-import-future", date=day, latest=self._defaults.latest)
        settles = row.decision != "accept" and (row.outcome, row.skill) in self._waiting
        outcome = self._graph.outcome(row.outcome)
        if outcome is None and not (row.decision == "reject" and settles):
            raise Refused("review-import-unknown-outcome", outcome=row.outcome)
        if outcome is not None and row.text and not says(outcome, row.text):
            raise Refused("review-import-other-text", outcome=row.outcome)
        if row.decision in ("accept", "correct") and not row.relation:
            raise Refused("review-import-no-relation")
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
            raise Refused("review-import-same-skill")
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
            raise Refused("review-import-replaced-skill", skill=skill, replacement=", ".join(replaced))
        if skill.startswith(ESCO_SKILL):
            raise Refused("review-import-skill-not-loaded", skill=skill)
        raise Refused("review-import-unknown-skill", skill=skill)

    def _label(self, skill: str) -> str:
        """The preferred label in English, the language that every version of ESCO has."""
        return next((each.text for each in self._graph.labels_of(skill, "en") if each.preferred), "")

    def _edition(self, outcome: str) -> str:
        known = (self._defaults.source_versions.get(slug, "") for slug in self._links.sources_of(outcome))
        return next((each for each in known if each), "")

    def _compared(self, decision: LogDecision, held: Mapping[Pair, list[Review]]) -> Compared:
        # what was decided about another wording neither says the same nor contradicts it
        return compared_with(decision, [each for each in held.get(decision.pair, ()) if self._still_said(each)])

    def _still_said(self, review: Review) -> bool:
        """Whether a decision was made about the present text."""
        outcome = self._graph.outcome(review.outcome)
        return outcome is None or not review.text or says(outcome, review.text)


def _place(row: SubmittedRow) -> Place:
    """Where a row stands, with the outcome that it is about."""
    return replace(row.place, record=row.outcome)
