"""All pairs of units that catalogues declare to correspond, or that replaced one another, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox

from passerelle.graph.official_relations import OfficialRelations
from passerelle.graph.statements.writer import TYPE, term

Rule = Literal["correspondence", "succession", "given"]


@dataclass(frozen=True, slots=True)
class OfficialPair:
    """A unit (IRI) and its lawful counterpart; `declared_by` is who says so (an IRI, or words for a given pair).

    A correspondence is set to set: `units` counts the units of both sides, 2 for one to one. `predecessor`: who gives
    the pair says that one certification replaced the other.
    """

    source: str
    target: str
    rule: Rule
    declared_by: str
    units: int = 2
    predecessor: bool = False


def official_pairs(store: ox.Store) -> Iterator[OfficialPair]:
    """Each source of a correspondence with each target, then each certification with what replaced it; sorted."""
    yield from sorted(set(_correspondences(store)), key=_order)
    yield from sorted(set(_successions(store)), key=_order)


def _correspondences(store: ox.Store) -> Iterator[OfficialPair]:
    relations = OfficialRelations(store)
    named = {
        quad.object.value
        for node in _subjects(store, TYPE, term("psl:OfficialCorrespondence"))
        for curie in ("psl:correspondenceTarget", "psl:correspondenceTargetQualification")
        for quad in store.quads_for_pattern(node, term(curie), None, None)
        if isinstance(quad.object, ox.NamedNode)
    }
    for target in named:
        for each in relations.correspondences(target):
            for source in each.sources:
                for counterpart in each.targets:
                    units = len(each.sources) + len(each.targets)
                    yield OfficialPair(source, counterpart, "correspondence", each.declared_by, units)


def _successions(store: ox.Store) -> Iterator[OfficialPair]:
    for predicate, newer_first in (("dcterms:replaces", True), ("dcterms:isReplacedBy", False)):
        for quad in store.quads_for_pattern(None, term(predicate), None, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                first, second = quad.subject.value, quad.object.value
                older, newer = (second, first) if newer_first else (first, second)
                yield OfficialPair(older, newer, "succession", "")


def _subjects(store: ox.Store, predicate: ox.NamedNode, value: ox.NamedNode) -> list[ox.NamedNode]:
    quads = store.quads_for_pattern(None, predicate, value, None)
    return [quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)]


def _order(pair: OfficialPair) -> tuple[str, str, str, int]:
    return pair.source, pair.target, pair.declared_by, pair.units
