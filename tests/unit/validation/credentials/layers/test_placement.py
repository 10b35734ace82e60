"""Properties on the wrong kind of node: the three nestings that people get wrong, and what is no mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.placement import observe
from passerelle.validation.credentials.reading.roots import roots_of
from unit.validation.credentials.layers.small_credential import ROOT, changed
from unit.validation.credentials.profiles.samples import samples


def told(graph: CredentialGraph) -> list[tuple[str, str, str, str]]:
    return [
        (each.node.removeprefix("urn:c:"), each.parameters["key"], each.parameters["class"], each.parameters["types"])
        for each in observe(graph, (ROOT,))
    ]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            ":learner elm:specifiedBy :spec .",
            ("learner", "specifiedBy", "person", "`LearningAchievement`, `LearningActivity`, `LearningAssessment`"),
        ),
        (
            ":claim elm:learningOutcome :outcome .",
            ("claim", "learningOutcome", "learning achievement", "`Qualification`"),
        ),
        (
            ":spec elm:awardedBy :award .",
            ("spec", "awardedBy", "qualification", "`LearningAchievement`, `LearningActivity`, `LearningAssessment`"),
        ),
        (":body elm:emailAddress <mailto:a@b.example> .", ("body", "emailAddress", "organisation", "`ContactPoint`")),
        # the key is the one of JSON
        (
            ":claim elm:EQFLevel <http://data.europa.eu/snb/eqf/5> .",
            ("claim", "eqfLevel", "learning achievement", "`Qualification`"),
        ),
    ],
)
def test_a_property_of_another_class(statement: str, expected: tuple[str, str, str, str]) -> None:
    assert told(changed(statement)) == [expected]


@pytest.mark.parametrize(
    "statement",
    [
        # of the class above, and of the class below
        ":spec elm:supplementaryDocument :home .",
        ":some a elm:Agent ; rov:legalName 'Name'@en .",
        # vocabularies that describe anything
        ":body skos:prefLabel 'Body'@en ; dcterms:title 'Body'@en .",
        # a property that no profile knows, a class of one's own, no class
        ":learner <urn:own> 1 .",
        ":learner a <urn:Own> ; elm:specifiedBy :spec .",
        ":untyped elm:specifiedBy :spec .",
    ],
)
def test_what_is_no_mistake(statement: str) -> None:
    assert told(changed(statement)) == []


def test_documents_of_other_profiles_are_left_to_those() -> None:
    assert list(observe(changed(":learner elm:specifiedBy :spec ."), ("urn:c:spec",))) == []


def test_the_official_samples_have_none(reference: Path) -> None:
    for name, triples in samples(reference).items():
        assert list(observe(CredentialGraph(triples), roots_of(triples))) == [], name
