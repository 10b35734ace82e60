"""The figures of parts and of other assumptions, counted at once, are those of the definition one by one."""

from __future__ import annotations

from hypothesis import given, settings

from generated_units import Units, units
from passerelle.comparability.coverage import covered
from passerelle.comparability.pair_figures import both_ways
from passerelle.comparability.sensitivity import assumptions
from passerelle.comparability.weightings import EQUAL, weights


@given(units())
@settings(max_examples=100, deadline=None)
def test_figures_at_once_are_the_definition(made: Units) -> None:
    first, second = made.units[0], made.units[-1]
    parts = made.units[1:]
    proximity = made.hierarchy
    both = both_ways(first, second, parts, (), proximity)
    for found, holder, target, of_target in zip(both, (first, second), (second, first), ((), parts), strict=True):
        assert found.plain == covered(holder, target, proximity, wordings=False)[0]
        assert [(part.unit, part.coverage) for part in found.parts] == [
            (part.iri, covered(holder, part, proximity, wordings=False)[0]) for part in of_target
        ]
        for each in assumptions():
            weighed = None
            if each.weighting != EQUAL and target.outcomes:
                weighed = weights(target, each.weighting, proximity)
            expected = covered(
                holder, target, proximity, weighed, links=each.links, threshold=each.confidence, wordings=False
            )[0]
            assert found.assumed.get(each.name, found.plain) == expected, each.name
