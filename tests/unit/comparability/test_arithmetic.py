"""The arithmetic that is printed of a match gives its value; which outcomes of a holder nobody linked."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import given, settings

from generated_units import Units, units
from passerelle.comparability.arithmetic import factors
from passerelle.comparability.coverage import covered
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.comparability.reports.arithmetic import match_arithmetic
from passerelle.comparability.reports.phrases import Phrases
from passerelle.comparability.silent_outcomes import silent_outcomes
from passerelle.records.comparison import share
from small_units import declared, link, machine, outcome, unit

READINGS = ("lower", "expected", "upper")
ALONE = SkillHierarchy.of_pairs((("S1", "S2"),), ("S1", "S2"))


@given(units())
@settings(max_examples=100, deadline=None)
def test_the_factors_of_every_match_give_its_value(made: Units) -> None:
    for holder in made.units:
        for target in made.units:
            _, evidence = covered(holder, target, made.hierarchy, wordings=False)
            for match in (match for row in evidence for match in row.matches):
                found = factors(match)
                for place, reading in enumerate(READINGS):
                    product = prod(each.values[place] for each in found)
                    assert share(product) == pytest.approx(getattr(match, reading), abs=1e-4)


def test_an_issuers_link_against_a_narrower_skill_one_step_apart() -> None:
    # 0.8 (issuer) · 1 (as the issuer says) · 1 (reviewed) · 0.5 (skill is narrower) · 0.5 (S1 stands below S2) = 0.2
    holder, target = unit("A", outcome("A/1", declared("S1"))), unit("B", outcome("B/1", link("S2", relation="narrow")))
    match = covered(holder, target, ALONE)[1][0].matches[0]
    found = factors(match)
    assert [(each.name, each.values.expected) for each in found] == [
        ("holder-class", 0.8),
        ("holder-relation", 1.0),
        ("target-class", 1.0),
        ("target-relation", 0.5),
        ("kind", 0.5),
    ]
    assert (match.lower, match.expected, match.upper) == (0.0, 0.2, 1.0)


def test_the_confidence_of_a_machine_counts_in_the_expected_value_alone() -> None:
    # 1 (machine) · 0.6 (confidence) · 1 (nearly the same) · 1 (reviewed) · 1 (the same) · 1 (same skill) = 0.6
    holder, target = unit("A", outcome("A/1", machine("S1", 0.6))), unit("B", outcome("B/1", link("S1")))
    confidence = factors(covered(holder, target, ALONE)[1][0].matches[0])[1]
    assert (confidence.name, tuple(confidence.values)) == ("holder-confidence", (1.0, 0.6, 1.0))


def test_what_reads_the_same_has_one_factor() -> None:
    holder, target = (unit(name, outcome(f"{name}/1", text="Poser un module")) for name in ("A", "B"))
    found = factors(covered(holder, target, ALONE)[1][0].matches[0])
    assert [(each.name, tuple(each.values)) for each in found] == [("kind", (1.0, 1.0, 1.0))]


def test_a_reader_sees_the_product_in_their_language() -> None:
    def factor(label: str, *values: float) -> dict[str, object]:
        of = {"name": label, "label": label}
        return {"factor": of, "of": of, **dict(zip(READINGS, values, strict=True))}

    match = {
        "arithmetic": [factor("émetteur", 0, 0.8, 1), factor("plus étroite", 0, 0.5, 1)],
        "lower": 0.0,
        "expected": 0.4,
        "upper": 1.0,
    }
    assert [phrase.text.replace("\N{NO-BREAK SPACE}", " ") for phrase in match_arithmetic(match, Phrases("fr"))] == [
        "valeur attendue : 0,8 (émetteur) × 0,5 (plus étroite) = 0,4",
        "borne basse : 0 × 0 = 0",
        "borne haute : 1 × 1 = 1",
    ]
    assert match_arithmetic({"lower": 0.0, "expected": 0.4, "upper": 1.0}, Phrases("fr")) == ()


def test_outcomes_that_nobody_linked_are_those_that_may_show_any_open_one() -> None:
    target = unit("B", outcome("B/1", link("S1")), outcome("B/2", text="Poser un module"))
    holder = unit(
        "A",
        outcome("A/1"),
        outcome("A/2", machine("S1", 0.3)),
        outcome("A/3", declared("S1")),
        outcome("A/4", text="Poser un module"),
    )
    # A/1 has no link and A/2 a faint one; A/3 is linked, A/4 reads like an outcome of the target
    assert [each.iri for each in silent_outcomes(holder, target)] == ["A/1", "A/2"]
