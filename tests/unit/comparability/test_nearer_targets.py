"""Other targets of the country and kind that are covered clearly more, named beside a finding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from passerelle.comparability.findings import strengths
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.nearer_targets import nearer_targets
from passerelle.records.comparison import Coverage, Direction, Finding
from passerelle.records.other_units import Nearer
from small_units import unit

UNITS = {
    # name: country, kind, share of it that a holder of H is expected to have shown
    "A": ("FR", "bloc", 0.7),
    "B": ("FR", "bloc", 0.69),
    "C": ("FR", "bloc", 0.9),
    "D": ("IT", "bloc", 1.0),
    "E": ("FR", "specific-certification", 1.0),
    "F": ("FR", "bloc", 0.9),
    "G": ("FR", "bloc", 1.0),
    "H": ("FR", "bloc", 1.0),
    "T": ("FR", "bloc", 0.5),
}


@dataclass
class SmallIndex:
    """What is asked of an index; G is the whole of the target T."""

    iris: tuple[str, ...] = tuple(UNITS)

    def comparable(self, country: str, kind: str) -> tuple[np.ndarray, np.ndarray]:
        same = np.array([(country, kind) == each[:2] for each in UNITS.values()])
        return same, same

    def expected_of(self, holder: str, outcomes: np.ndarray) -> np.ndarray:
        assert holder == "H"
        return np.where(outcomes, [share for _, _, share in UNITS.values()], 0.0)

    def family(self, iri: str) -> frozenset[str]:
        return frozenset({"T", "G"} if iri == "T" else {iri})


def forward(expected: float, finding: str = "covers-named-parts") -> Direction:
    coverage = Coverage(0.0, expected, 1.0, 1.0, 0.0, 0.0, 10)
    return Direction("H", "T", coverage, Finding(finding, "rule", "row", finding), ())


def test_units_of_the_same_country_and_kind_are_named_where_they_are_covered_clearly_more() -> None:
    index = cast("CoverageIndex", SmallIndex())
    target = replace(unit("T"), country="FR")
    # 0.5 + the margin of 0.2: A is there, B is not; D and E are of another country and kind, G and H of the families
    assert nearer_targets(index, target, forward(0.5)) == (Nearer("C", 0.9), Nearer("F", 0.9), Nearer("A", 0.7))
    assert nearer_targets(index, target, forward(0.71)) == ()
    # whatever is found about the two themselves
    assert all(len(nearer_targets(index, target, forward(0.5, finding))) == 3 for finding in strengths())
    # nothing is a fifth more than 0.81, even if all of it is shown
    assert nearer_targets(index, replace(target, iri="A"), forward(0.81)) == ()


def test_of_a_target_without_country_or_kind_nothing_is_of_the_same() -> None:
    index = cast("CoverageIndex", SmallIndex())
    target = replace(unit("T"), country="FR")
    assert nearer_targets(index, replace(target, country=""), forward(0.5)) == ()
    assert nearer_targets(index, replace(target, kind="not-stated"), forward(0.5)) == ()
