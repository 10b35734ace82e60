"""What sources say about two compared units, shown as what it is and never turned into a figure or a finding.

An official correspondence is directed, set to set, about competences, of an extent that the data do not state; it is
neither symmetric nor transitive, so it is given as its fiche declares it (design, "Identity").
"""

from __future__ import annotations

from dataclasses import replace

from passerelle.graph.official_relations import OfficialRelations
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import Related


def related(first: ComparedUnit, second: ComparedUnit, relations: OfficialRelations) -> tuple[Related, ...]:
    """What is said about the two units, then what is said about their wholes and parts: correspondences, successions.

    A correspondence is about the two where each stands on a side of its own; about their wholes or parts where those
    do. That one unit is a part of the other comes first.
    """
    found = [Related("part-of", "", (part.iri,), (whole.iri,)) for part, whole in _part_and_whole(first, second)]
    families = _family(first), _family(second)
    for unit in (first.iri, *first.wholes, *first.parts):
        found += (
            replace(each, direct=_between(each, frozenset({first.iri}), frozenset({second.iri})))
            for each in relations.correspondences(unit)
            if _between(each, *families)
        )
    for one in (first.iri, *first.wholes):
        for other in (second.iri, *second.wholes):
            for older, newer in ((one, other), (other, one)):
                for step in relations.succession(older, newer):
                    compared = {*step.sources, *step.targets} == {first.iri, second.iri}
                    found.append(replace(step, direct=compared))
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _part_and_whole(first: ComparedUnit, second: ComparedUnit) -> list[tuple[ComparedUnit, ComparedUnit]]:
    pairs = ((first, second), (second, first))
    return [(part, whole) for part, whole in pairs if whole.iri in part.wholes]


def _family(unit: ComparedUnit) -> frozenset[str]:
    return frozenset({unit.iri, *unit.wholes, *unit.parts})


def _between(each: Related, one: frozenset[str], other: frozenset[str]) -> bool:
    sources, targets = set(each.sources), set(each.targets)
    return bool((sources & one and targets & other) or (sources & other and targets & one))


def _order(each: Related) -> tuple[int, bool, tuple[str, ...], tuple[str, ...]]:
    return ("part-of", "correspondence", "succession").index(each.kind), not each.direct, each.sources, each.targets
