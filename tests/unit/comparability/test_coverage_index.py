"""The rows of the index are the definition of coverage, for all units at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from generated_units import SKILLS, Units, index_of, units
from passerelle.comparability.coverage import covered
from passerelle.comparability.index.outcome_numbers import OutcomeNumbers
from passerelle.comparability.index.pairs import Pairs, coverages


@given(units())
@settings(max_examples=200, deadline=None)
def test_pairs_are_the_definition(made: Units) -> None:
    index = index_of(made.units, made.broader)
    both = [(holder, target) for holder in made.units for target in made.units]
    numbers = [np.array([index.position(unit.iri) for unit in side]) for side in zip(*both, strict=True)]
    found = coverages(index.tables, index.inverse, *numbers).records()
    states, expected = Pairs(index.tables, index.inverse, *numbers).states()
    rows = iter(zip(states, expected.tolist(), strict=True))
    for place, (holder, target) in enumerate(both):
        coverage, evidence = covered(holder, target, made.hierarchy, wordings=False)
        assert found[place] == coverage
        assert [next(rows) for _ in evidence] == [(row.state, row.expected) for row in evidence]


@given(units())
@settings(max_examples=200, deadline=None)
def test_rows_are_the_definition(made: Units) -> None:
    index = index_of(made.units, made.broader)
    for target in made.units:
        holders, targets = index.holders_of(target.iri), index.targets_of(target.iri)
        for country in ("FR", "IT"):
            same, outcomes = index.comparable(country, "bloc")
            found = index.expected_of(target.iri, outcomes)
            assert found[same] == pytest.approx(targets.expected[same])
            lower, expected = index.bounds_of(target.iri, same)
            assert lower[same] == pytest.approx(holders.lower[same])
            assert expected[same] == pytest.approx(holders.expected[same])
        for place, other in enumerate(made.units):
            to, _ = covered(other, target, made.hierarchy, wordings=False)
            back, _ = covered(target, other, made.hierarchy, wordings=False)
            for row, coverage in ((holders, to), (targets, back)):
                for reading in ("lower", "expected", "upper"):
                    share = getattr(row, reading)[place]
                    assert share == pytest.approx(getattr(coverage, reading), abs=6e-5), (other, target)


@given(units())
@settings(max_examples=50, deadline=None)
def test_the_index_has_the_links_and_the_hierarchy_as_they_were_read(made: Units) -> None:
    index, hierarchy = index_of(made.units, made.broader), made.hierarchy
    for unit in made.units:
        assert index.links_of(unit.iri) == tuple(outcome.links for outcome in unit.outcomes)
    for skill in SKILLS:
        assert tuple(map(frozenset, index.closer_skills(skill))) == (
            hierarchy.broader(skill),
            hierarchy.narrower(skill),
        )


def test_an_iri_with_other_texts_is_another_outcome_and_stands_beside_the_first() -> None:
    numbers = OutcomeNumbers()
    given = [("o/b", (4,)), ("o/a", (7,)), ("o/b", (2, 3)), ("o/b", (4,)), ("o/c", ())]
    assert [numbers.number(*each) for each in given] == [0, 1, 2, 0, 3]
    found = numbers.in_order()
    # o/a, then o/b with the texts 2 and 3, then with the text 4, then o/c
    assert found.place.tolist() == [2, 0, 1, 3]
    assert [found.texts[place].tolist() for place in range(4)] == [[7], [2, 3], [4], []]
    assert (found.identity.tolist(), found.starts.tolist()) == ([0, 1, 1, 2], [0, 1, 3, 4])
    assert numbers.identity("o/d") is None
