"""The one door to comparison for the command line and the web: two units, or the units nearest to one, of a release.

Every method gives the same numbers as the definition (`comparability.coverage`); findings come from rules that are
data (`comparability.elements`, `comparability.findings`). Nothing here is a recognition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache, partial

from passerelle.comparability.acceptance import lacks_review
from passerelle.comparability.completions import completions
from passerelle.comparability.coverage import METHOD, Count
from passerelle.comparability.element_conditions import Situation
from passerelle.comparability.elements import element_rows
from passerelle.comparability.findings import finding_of
from passerelle.comparability.index import arrays
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.nearer_targets import nearer_targets
from passerelle.comparability.nearest import Filters, nearest
from passerelle.comparability.pair_figures import DirectionFigures, both_ways
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.comparability.questions import purpose_name
from passerelle.comparability.related import related
from passerelle.comparability.sensitivity import Assumption, variants
from passerelle.comparability.wording import Nearest, nearest_wordings
from passerelle.errors import NoComparison, ParameterError, UnknownUnit
from passerelle.graph.compared_units import UnitReader
from passerelle.graph.manifest import Manifest
from passerelle.graph.official_relations import OfficialRelations
from passerelle.graph.release import Release
from passerelle.graph.skills import preferred_labels
from passerelle.namespaces import Minting
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit
from passerelle.records.comparison import (
    Comparison,
    Coverage,
    Direction,
    Finding,
    OutcomeEvidence,
    Purpose,
)
from passerelle.records.neighbours import NeighbourList
from passerelle.records.text import LanguageText, outcome_hash

UNITS_KEPT = 256
"""Units that stay in memory; one has some hundred kilobytes at most."""


class Comparisons:
    """A release, opened read-only, asked about its units. Releases never change, so what was read is kept.

    Raises DamagedRelease where the store cannot be opened.
    """

    def __init__(self, release: Release) -> None:
        self.release = release
        self.manifest: Manifest = release.manifest
        store, minting = release.open_store(), Minting(release.manifest.base)
        self.reader = UnitReader(store, minting, lasting=True, index=self.index if self.has_index else None)
        closer = self.index.closer_skills if self.has_index else self.reader.closer_skills
        self.hierarchy = SkillHierarchy(closer, self.reader.skills)
        self._relations = OfficialRelations(self.reader.store)
        self._described = lru_cache(maxsize=UNITS_KEPT)(self.reader.unit)
        self._without_facts = lru_cache(maxsize=UNITS_KEPT)(partial(self.reader.unit, facts=False))

    @cached_property
    def has_index(self) -> bool:
        """Whether the release has the index that a search over all units needs, in the format of this version."""
        return arrays.is_readable(self.release.folder / arrays.FOLDER)

    @cached_property
    def index(self) -> CoverageIndex:
        """The index of all units. Raises NoComparison where the release has none, DamagedRelease."""
        if not self.has_index:
            raise NoComparison("comparison-no-index", identifier=self.release.identifier)
        return CoverageIndex.open(self.release.folder)

    def warm(self) -> None:
        """Load what the first questions would wait for: ESCO's skills, and the pages of the index that all touch."""
        self.hierarchy.information("")
        if self.has_index and self.index.iris:
            self.index.holders_of(self.index.iris[0])
            self.index.targets_of(self.index.iris[0])

    def labels(self) -> Iterator[tuple[str, LanguageText]]:
        """What ESCO calls its skills, occupations and groups (IRIs), in every language that is loaded."""
        return preferred_labels(self.reader.store, self.reader.minting)

    def unit(self, written: str) -> ComparedUnit:
        """The unit that somebody names (`UnitReader.identified`). Raises UnknownUnit, also for a learning activity."""
        unit = self._described(self.reader.identified(written))
        if unit is None:
            raise UnknownUnit("unit-unknown", written=written)
        return unit

    def outcomes_of(self, iri: str) -> ComparedUnit:
        """The unit with its outcomes and without its facts: what coverage needs, in a fifth of the time.

        Raises UnknownUnit.
        """
        unit = self._without_facts(iri)
        if unit is None:
            raise UnknownUnit("unit-unknown", written=iri)
        return unit

    def compare(self, first: str, second: str, purpose: Purpose, essential: Iterable[str] = ()) -> Comparison:
        """What a holder of `first` has shown of `second`, and the other way round, in view of a purpose.

        `essential` are outcomes of `second`, see `essential_outcomes`. Needs no index, but for other targets that are
        nearer and for units that would complete it. Raises UnknownUnit, ParameterError: unknown purpose or outcome, the
        same unit twice.
        """
        purpose = purpose_name(purpose)
        holder, target = self.unit(first), self.unit(second)
        if holder.iri == target.iri:
            raise ParameterError("comparison-same-unit", unit=holder.identifier)
        marked = essential_outcomes(target, essential)
        ahead, back = both_ways(holder, target, self._parts(holder), self._parts(target), self.hierarchy)
        in_holder, in_target = nearest_wordings(holder.outcomes, target.outcomes)
        forward, situation = self._direction(holder, target, ahead, in_holder, purpose, marked)
        reverse, _ = self._direction(target, holder, back, in_target, purpose, ())
        return Comparison(
            first=holder,
            second=target,
            purpose=purpose,
            forward=forward,
            reverse=reverse,
            elements=element_rows(purpose, situation),
            related=related(holder, target, self._relations),
            nearer=nearer_targets(self.index, target, forward) if self.has_index else (),
            essential=marked,
            method=METHOD,
            release=self.release.identifier,
            completions=completions(self.index, self.reader.summary, target, forward) if self.has_index else (),
        )

    def nearest(self, target: str, purpose: Purpose, filters: Filters, top: int) -> NeighbourList:
        """The units whose holders have shown most of `target`, best first, with counts (see `comparability.nearest`).

        Raises UnknownUnit, ParameterError for an unknown purpose, NoComparison for a release without an index.
        """
        return nearest(
            self.index, self.reader.summary, self.reader.identified(target), purpose_name(purpose), filters, top
        )

    def _direction(
        self,
        holder: ComparedUnit,
        target: ComparedUnit,
        figures: DirectionFigures,
        wordings: Mapping[str, Nearest],
        purpose: Purpose,
        essential: Collection[str],
    ) -> tuple[Direction, Situation]:
        count = Count(holder, target, self.hierarchy)
        coverage, evidence = count.covered(essential, wordings)
        base = Situation(holder, target, coverage, _marked(evidence))
        finding = finding_of(purpose, base)

        def under(assumption: Assumption) -> tuple[Coverage, Finding, bool]:
            situation = self._situation(count, base, figures, assumption, essential)
            changes = bool(assumption.shift) or situation.coverage != coverage
            return situation.coverage, finding if situation == base else finding_of(purpose, situation), changes

        direction = Direction(
            holder=holder.iri,
            target=target.iri,
            coverage=coverage,
            finding=replace(finding, unreviewed=lacks_review(purpose, finding, base, evidence, self.hierarchy)),
            evidence=evidence,
            parts=figures.parts,
            variants=variants(finding, under),
        )
        return direction, base

    def _situation(
        self,
        count: Count,
        base: Situation,
        figures: DirectionFigures,
        assumption: Assumption,
        essential: Collection[str],
    ) -> Situation:
        """The same two units under another assumption."""
        if assumption.one_to_one:
            coverage, evidence = count.one_to_one(essential)
            return replace(base, coverage=coverage, essential=_marked(evidence))
        coverage, rows = figures.assumed.get(assumption.name, base.coverage), base.essential
        if rows and (assumption.left_out or assumption.confidence):
            links, threshold = assumption.links, assumption.confidence
            again = Count(base.holder, base.target, self.hierarchy, links=links, threshold=threshold)
            rows = _marked(again.covered(essential)[1])
        return replace(base, coverage=coverage, essential=rows, shift=assumption.shift)

    def _parts(self, unit: ComparedUnit) -> list[ComparedUnit]:
        """The parts of a unit with their outcomes; nothing is read again that the unit has as its part has it."""
        known: dict[int, ComparedOutcome] = {}
        if self.has_index:
            known = dict(zip(self.index.outcomes_of(unit.iri), unit.outcomes, strict=True))
        parts: list[ComparedUnit | None] = []
        for iri in unit.parts:
            numbers = self.index.outcomes_of(iri) if self.has_index else ()
            if self.has_index and known.keys() >= set(numbers):
                parts.append(ComparedUnit(iri, iri, "", (), outcomes=tuple(known[each] for each in numbers)))
            else:
                parts.append(self._without_facts(iri))
        return [part for part in parts if part is not None]


def essential_outcomes(target: ComparedUnit, given: Iterable[str]) -> tuple[str, ...]:
    """The outcomes of `target` (IRIs, each once) that are named by number, by IRI or by the hash of their text.

    Numbers count from 1 in the order of the outcomes, which is that of the evidence. Digits alone are never anything
    else: an IRI may end in those of another outcome.
    Raises ParameterError for one that the target does not have.
    """
    known: dict[str, list[str]] = {}
    for outcome in target.outcomes:
        hashes = {outcome_hash(each.text, each.language) for each in outcome.texts}
        for name in {outcome.iri, outcome.iri.rpartition("/")[2], *hashes}:
            if not _is_number(name):
                known.setdefault(name, []).append(outcome.iri)
    known |= {str(number): [outcome.iri] for number, outcome in enumerate(target.outcomes, 1)}
    found: list[str] = []
    for each in given:
        if each.strip() not in known:
            raise ParameterError("comparison-essential-unknown", value=each.strip(), unit=target.identifier)
        found += known[each.strip()]
    return tuple(dict.fromkeys(found))


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal()


def _marked(evidence: Iterable[OutcomeEvidence]) -> tuple[OutcomeEvidence, ...]:
    return tuple(row for row in evidence if row.essential)
