"""Occupations and fields of a store: which ESCO occupations a ROME code leads to, what they need; crosswalks back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import pyoxigraph as ox

from passerelle.graph.statements.writer import TYPE, term
from passerelle.records.crosswalk import MAPPING_RELATIONS

_ROME_CODES = ("psl:rome4Code", "psl:rome3Code")
_OWN = "skos:exactMatch"


@dataclass(frozen=True, slots=True)
class ReachedOccupation:
    """An ESCO occupation (IRI) that an occupation leads to.

    `relation` (CURIE) is the closest that the crosswalk states, ROME to ESCO; `appellations` how many appellations of
    the code have it; 0 where the occupation is the ESCO one itself.
    """

    iri: str
    relation: str
    appellations: int = 0


@dataclass(frozen=True, slots=True)
class NeededSkills:
    """The skills (IRIs, sorted) that ESCO calls essential, and optional, for an occupation."""

    essential: tuple[str, ...]
    optional: tuple[str, ...]


class OccupationGraph:
    """The occupations of a store, read-only."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self.reached = cache(self._reached)

    def needs(self, occupation: str) -> NeededSkills:
        """What ESCO says that an occupation needs. A skill that is both counts as essential; groups are none."""
        essential, optional = (
            {each.value for each in self._objects(occupation, curie) if each in self._skills}
            for curie in ("esco:relatedEssentialSkill", "esco:relatedOptionalSkill")
        )
        return NeededSkills(tuple(sorted(essential)), tuple(sorted(optional - essential)))

    def leading_to(self, occupation: str) -> Iterator[str]:
        """The ROME codes (IRIs, sorted) of which an appellation is mapped to an ESCO occupation, by any relation."""
        node = ox.NamedNode(occupation)
        appellations = {each for relation in MAPPING_RELATIONS for each in self._subjects(relation, node)}
        codes = {code.value for each in appellations for curie in _ROME_CODES for code in self._of(each, curie)}
        yield from sorted(codes)

    def specialities_in(self, field: str) -> Iterator[str]:
        """The French specialities (IRIs, sorted) that lead to a field of education by the project's own crosswalk."""
        groups = self._subjects("skos:closeMatch", ox.NamedNode(field))
        specialities = {
            each.value
            for group in groups
            for curie in ("skos:exactMatch", "skos:broadMatch")
            for each in self._subjects(curie, group)
        }
        yield from sorted(specialities)

    def _reached(self, occupation: str) -> tuple[ReachedOccupation, ...]:
        """The ESCO occupations that an occupation leads to, the closest first; itself if it is one of ESCO's."""
        node = ox.NamedNode(occupation)
        if self._is_occupation(node):
            return (ReachedOccupation(occupation, _OWN),)
        appellations = {node, *(each for curie in _ROME_CODES for each in self._subjects(curie, node))}
        found: dict[str, dict[int, int]] = {}
        for each in appellations:
            for rank, relation in enumerate(MAPPING_RELATIONS):
                for target in self._of(each, relation):
                    if self._is_occupation(target):
                        counts = found.setdefault(target.value, {})
                        counts[rank] = counts.get(rank, 0) + 1
        reached = ((min(counts), -counts[min(counts)], iri) for iri, counts in found.items())
        return tuple(ReachedOccupation(iri, MAPPING_RELATIONS[rank], -less) for rank, less, iri in sorted(reached))

    @cached_property
    def _skills(self) -> frozenset[ox.NamedNode]:
        return frozenset(self._subjects_of_type("esco:Skill"))

    def _is_occupation(self, node: ox.NamedNode) -> bool:
        pattern = (node, TYPE, term("esco:Occupation"), None)
        return next(iter(self._store.quads_for_pattern(*pattern)), None) is not None

    def _subjects_of_type(self, curie: str) -> Iterator[ox.NamedNode]:
        for quad in self._store.quads_for_pattern(None, TYPE, term(curie), None):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject

    def _subjects(self, curie: str, node: ox.NamedNode) -> set[ox.NamedNode]:
        quads = self._store.quads_for_pattern(None, term(curie), node, None)
        return {quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)}

    def _objects(self, iri: str, curie: str) -> set[ox.NamedNode]:
        return self._of(ox.NamedNode(iri), curie)

    def _of(self, node: ox.NamedNode, curie: str) -> set[ox.NamedNode]:
        quads = self._store.quads_for_pattern(node, term(curie), None, None)
        return {quad.object for quad in quads if isinstance(quad.object, ox.NamedNode)}
