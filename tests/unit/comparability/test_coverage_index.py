"""The rows of the index are the definition of coverage, for all units at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from generated_units import Units, index_of, units
from passerelle.comparability.coverage import covered
from passerelle.comparability.index.pairs import coverages


@given(units())
@settings(max_examples=200, deadline=None)
def test_pairs_are_the_definition(made: Units) -> None:
    index = index_of(made.units, made.broader)
    both = [(holder, target) for holder in made.units for target in made.units]
    found = coverages(
        index.tables,
        index.inverse,
        np.array([index.position(holder.iri) for holder, _ in both]),
        np.array([index.position(target.iri) for _, target in both]),
    )
    for place, (holder, target) in enumerate(both):
        assert found.record(place) == covered(holder, target, made.hierarchy, wordings=False)[0]


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
        for place, other in enumerate(made.units):
            to, _ = covered(other, target, made.hierarchy, wordings=False)
            back, _ = covered(target, other, made.hierarchy, wordings=False)
            for row, coverage in ((holders, to), (targets, back)):
                for reading in ("lower", "expected", "upper"):
                    share = getattr(row, reading)[place]
                    assert share == pytest.approx(getattr(coverage, reading), abs=6e-5), (other, target)
