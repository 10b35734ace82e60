"""What waits for a person in a release, ranked and with everything that a reviewer needs to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from passerelle.comparability.proximity import SkillHierarchy
from passerelle.comparability.review_findings import FindingChanges
from passerelle.comparability.review_impact import Question
from passerelle.comparability.review_queue import ReviewQueue, index_of
from passerelle.graph.all_units import AllUnits
from passerelle.graph.compared_units import UnitReader
from passerelle.graph.links import LinkGraph, Pair
from passerelle.graph.release import Release
from passerelle.graph.reviewable_links import ReviewableLinks
from passerelle.linking.decisions import decide
from passerelle.linking.labels import primary
from passerelle.linking.waiting import Waiting, waiting
from passerelle.namespaces import Minting
from passerelle.records.compared_unit import ComparedUnit, LinkClass, OutcomeLink
from passerelle.records.comparison import Purpose
from passerelle.records.review import Review
from passerelle.records.review_item import REVIEW_STATES, Impact, ReviewItem, ReviewState
from passerelle.records.tally import Tally
from passerelle.records.text import LanguageText

_CLASSES: dict[ReviewState, LinkClass] = {"candidate": "machine", "declared": "declared"}
_SHORTLIST = 2
"""Times the wanted number: what the impact brings near the best, and findings may bring among them."""
_UNSPECIFIED = "semapv:UnspecifiedMatching"


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """Which links are wanted, and for which purpose findings count.

    `unit` as a person names it (with its parts), `country` a code, `language` a primary subtag.
    """

    purpose: Purpose
    unit: str = ""
    country: str = ""
    language: str = ""
    states: frozenset[ReviewState] = frozenset(REVIEW_STATES)


class ReleaseReview:
    """The review of one release, in view of all decisions so far: `reviews`, of which more may stand in a log by now.

    `language` is the reviewer's.
    """

    def __init__(self, release: Release, reviews: Sequence[Review], language: str) -> None:
        self.minting = Minting(release.manifest.base)
        store = release.open_store()
        self.graph = LinkGraph(store, self.minting)
        self.links = ReviewableLinks(store, self.minting)
        self.versions = {each.slug: each.edition for each in release.manifest.sources}
        self.skill_version = next((each.edition for each in release.manifest.sources if each.kind == "esco"), "")
        self.decided = decide(self.graph, reviews, Tally())
        self.waiting = waiting(self.graph, self.links, reviews, self.decided)
        self._folder = release.folder
        self._store = store
        self._reader = UnitReader(store, self.minting)
        self._language = language
        self._unit = lru_cache(maxsize=4096)(self._read_unit)

    def items(self, filters: ReviewFilters, top: int) -> list[ReviewItem]:
        """The `top` links whose decision would change most, best first.

        Twice as many are taken by their impact (see `review_queue`), and those of them that change most findings come
        first (see `review_findings`); then by impact, outcome and skill. Decisions that were sent back and meet nothing
        of the comparisons, because no skill replaces a retired one or the outcome is gone, come last. Raises
        UnknownUnit.
        """
        queue = ReviewQueue(index_of(self._folder, lambda texts: AllUnits(self._store, self.minting, texts.number)))
        within = self._units_of(queue, filters)
        sent_back: dict[Pair, list[Waiting]] = {}
        for each in self.waiting:
            sent_back.setdefault(each.pair, []).append(each)
        returned: dict[Question, list[Waiting]] = {}
        alone: list[list[Waiting]] = []
        for group in sent_back.values() if "sent-back" in filters.states else ():
            question = self._question(queue, group[0])
            if question is None:
                alone.append(group)
            else:
                returned[question] = group
        taken: set[Pair] = set()

        def wanted(question: Question) -> bool:
            units = {int(each) for each in queue.moves.holding[question.outcome]}
            if within is not None and not within & units:
                return False
            pair = self._pair(queue, question)
            settled = pair in self.decided.by_pair or pair in sent_back
            if pair in taken or (question not in returned and settled) or not self._speaks(pair[0], filters.language):
                return False
            taken.add(pair)
            return True

        classes = [_CLASSES[state] for state in _CLASSES if state in filters.states]
        ranked = queue.ranked(queue.unreviewed(classes), list(returned), _SHORTLIST * top, wanted)
        items = []
        for question, impact in self._by_findings(queue, ranked, returned, filters.purpose)[:top]:
            items.append(self._item(self._pair(queue, question), returned.get(question, ()), impact))
        if not filters.unit and not filters.country:
            rest = [group for group in alone if self._speaks(group[0].pair[0], filters.language)]
            items += [self._item(group[0].pair, group, None) for group in rest]
        return items[:top]

    def _by_findings(
        self,
        queue: ReviewQueue,
        ranked: Sequence[tuple[Question, Impact]],
        returned: Mapping[Question, Sequence[Waiting]],
        purpose: Purpose,
    ) -> list[tuple[Question, Impact]]:
        """The ranked questions with the findings that they change, those that change most first."""
        proximity = SkillHierarchy(self._reader.closer_skills, self._reader.skills)
        changes = FindingChanges(lambda number: self._unit(queue.tables.iris[number]), proximity, purpose)
        judged = []
        for question, impact in ranked:
            outcome, skill = self._pair(queue, question)
            group = returned.get(question)
            relation = group[0].earlier[-1].relation if group else queue.relation(question)
            link = OutcomeLink(skill, "reviewed", relation)
            findings = changes.of(question, queue.moves.of(question), outcome, link)
            judged.append((question, replace(impact, findings=findings)))
        return sorted(judged, key=lambda each: (-each[1].findings, -each[1].score, each[0].outcome, each[0].skill))

    def _units_of(self, queue: ReviewQueue, filters: ReviewFilters) -> set[int] | None:
        """The units (numbers) that the filters ask for; None for all."""
        found: set[int] | None = None
        tables = queue.tables
        if filters.unit:
            number = tables.iris.find(self._reader.identified(filters.unit))
            found = set() if number is None else {number, *(int(each) for each in tables.parts[number])}
        if filters.country:
            wanted = filters.country.upper()
            there = {unit for unit, code in enumerate(tables.country) if tables.countries[code] == wanted}
            found = there if found is None else found & there
        return found

    def _question(self, queue: ReviewQueue, sent_back: Waiting) -> Question | None:
        outcome, skill = sent_back.pair
        for iri in self.links.units_of(outcome):
            number = queue.tables.iris.find(iri)
            unit = None if number is None else self._unit(iri)
            place = queue.tables.skills.find(skill)
            if number is None or unit is None or place is None:
                continue
            for position, each in enumerate(unit.outcomes):
                if each.iri == outcome:
                    relation = sent_back.earlier[-1].relation
                    return queue.absent(int(queue.tables.outcomes[number][position]), place, relation)
        return None

    def _pair(self, queue: ReviewQueue, question: Question) -> Pair:
        """Outcome and skill of a question; the tables keep the outcomes of a unit in the order of their IRIs."""
        tables = queue.tables
        holders = queue.moves.holding[question.outcome]
        number = min((int(each) for each in holders), key=lambda each: (len(tables.outcomes[each]), each))
        unit = self._unit(tables.iris[number])
        if unit is None:
            raise KeyError(tables.iris[number])
        position = tables.outcomes[number].tolist().index(question.outcome)
        return unit.outcomes[position].iri, tables.skills[question.skill]

    def _read_unit(self, iri: str) -> ComparedUnit | None:
        return self._reader.unit(iri)

    def _speaks(self, outcome: str, language: str) -> bool:
        stated = self.graph.outcome(outcome) if language else None
        return not language or (stated is not None and any(primary(each.language) == language for each in stated.texts))

    def _item(self, pair: Pair, sent_back: Sequence[Waiting], impact: Impact | None) -> ReviewItem:
        outcome, skill = pair
        stored = self.links.link(outcome, skill)
        stated = self.graph.outcome(outcome)
        earlier = tuple(review for each in sent_back for review in each.earlier)
        text = self._wording(stated.texts if stated else ())
        units = self.links.units_of(outcome)
        unit = self._unit(units[0]) if units else None
        label = self._reader.label(skill, self._language)
        edition = (self.versions.get(slug, "") for slug in self.links.sources_of(outcome))
        state: ReviewState = "sent-back" if sent_back else "declared"
        if not sent_back and stored is not None and stored.state == "candidate":
            state = "candidate"
        return ReviewItem(
            outcome=outcome,
            text=text.text if text else (earlier[-1].text if earlier else ""),
            language=text.language if text else "",
            units=units,
            unit_identifier=unit.identifier if unit else "",
            unit_title=self._reader.label(units[0], self._language).text if units else "",
            country=unit.country if unit else "",
            skill=skill,
            skill_label=label.text if label.language else "",
            skill_description=self.links.description(skill, self._language),
            # that an issuer names the skill says nothing about how the two relate
            relation=earlier[-1].relation if earlier else (stored.relation if stored and state == "candidate" else ""),
            # a person's decision that no longer holds must not look like one in the file
            justification=stored.justification if stored and not sent_back else _UNSPECIFIED,
            state=state,
            confidence=stored.confidence if stored else "",
            confidence_status=stored.confidence_status if stored else "",
            reasons=tuple(each.reason for each in sent_back),
            earlier=earlier,
            outcome_version=next((each for each in edition if each), ""),
            skill_version=self.skill_version,
            impact=impact,
        )

    def _wording(self, texts: Sequence[LanguageText]) -> LanguageText | None:
        """The wording in the reviewer's language where there is one, else the first."""
        own = (each for each in texts if primary(each.language) == self._language)
        return next(own, texts[0] if texts else None)
