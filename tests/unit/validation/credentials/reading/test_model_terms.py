"""Names in the namespaces of the model that are no terms of it, and namespaces that are nearly right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from passerelle.validation.credentials.model import Triple
from passerelle.validation.credentials.reading.model_terms import ModelTerms
from unit.validation.credentials.layers.small_credential import changed, graph_of
from unit.validation.credentials.profiles.samples import samples
from unit.validation.credentials.reading.told import accepted, codes

MODEL = "http://data.europa.eu/snb/model/elm/"


def told(triples: Sequence[Triple]) -> list[tuple[str, str]]:
    return [
        (each.code.removeprefix("ELM-FILE-"), each.parameters.get("nearest", ""))
        for each in ModelTerms(triples).observations
    ]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("elm:hasClaims", ("MISSPELT-TERM", "elm:hasClaim")),
        ("rov:LegalName", ("MISSPELT-TERM", "rov:legalName")),
        ("elm:EQFLevl", ("MISSPELT-TERM", "elm:EQFLevel")),
        # the key of JSON, and a term of another vocabulary in the model's namespace
        ("elm:thematicArea", ("MISSPELT-TERM", "elm:ISCEDFCode")),
        ("elm:title", ("MISSPELT-TERM", "dcterms:title")),
        ("elm:legalName", ("MISSPELT-TERM", "rov:legalName")),
        ("elm:favouriteColour", ("UNKNOWN-TERM", "")),
    ],
)
def test_properties_that_are_no_terms(statement: str, expected: tuple[str, str]) -> None:
    assert told(graph_of(f":x {statement} :y , :z .").triples) == [expected]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("elm:Qualificaton", ("MISSPELT-TYPE", "elm:Qualification")),
        ("elm:qualification", ("MISSPELT-TYPE", "elm:Qualification")),
        ("elm:Concept", ("MISSPELT-TYPE", "skos:Concept")),
        ("elm:Spacecraft", ("UNKNOWN-TYPE", "")),
    ],
)
def test_classes_that_are_no_terms(name: str, expected: tuple[str, str]) -> None:
    terms = ModelTerms(graph_of(f":x a {name} .").triples)
    assert [each.value for each in terms.observations] == [MODEL + name.removeprefix("elm:")]
    assert told(graph_of(f":x a {name} .").triples) == [expected]
    assert terms.mistyped == {"urn:c:x"}


@pytest.mark.parametrize(
    "statement",
    [
        ":x dcterms:created 1 ; dcterms:isVersionOf :y ; skos:broader :y ; foaf:family_name 'N' ; org:member :y .",
        ":x a foaf:Document , org:Site , elm:AwardingBody , <urn:Qualificaton> .",
        ":x <urn:hasClaims> :y ; <http://data.europa.eu/esco/model#isEssentialFor> :y .",
        ":x elm:learningOutcome <http://data.europa.eu/snb/model/elm/none> .",
    ],
)
def test_what_is_no_mistake(statement: str) -> None:
    assert told(graph_of(statement).triples) == []


@pytest.mark.parametrize(
    ("namespace", "right"),
    [
        ("http://data.europa.eu/snb/model/ontology/", MODEL),
        ("http://data.europa.eu/snb/model#", MODEL),
        ("http://data.europa.eu/snb/model/elm#", MODEL),
        ("https://data.europa.eu/snb/model/elm/", MODEL),
        ("https://www.w3.org/2004/02/skos/core#", "http://www.w3.org/2004/02/skos/core#"),
        ("http://www.w3.org/2018/credentials#", "https://www.w3.org/2018/credentials#"),
        ("http://data.europa.eu/snb/model/ap/", ""),
    ],
)
def test_a_namespace_that_is_nearly_right_is_told_once(namespace: str, right: str) -> None:
    found = ModelTerms(
        graph_of(f":x a <{namespace}A> ; <{namespace}b> :y . :y <{namespace}b> :x .").triples
    ).observations
    assert [(each.code, dict(each.parameters)) for each in found] == (
        [("ELM-FILE-OTHER-NAMESPACE", {"namespace": namespace, "right": right})] if right else []
    )


@pytest.mark.parametrize(
    ("iri", "namespace", "right"),
    [
        ("http://purl.org/dc/termstitle", "http://purl.org/dc/terms", "http://purl.org/dc/terms/"),
        (MODEL[:-1] + "hasClaim", MODEL[:-1], MODEL),
        (
            "http://www.w3.org/2004/02/skos/coreprefLabel",
            "http://www.w3.org/2004/02/skos/core",
            "http://www.w3.org/2004/02/skos/core#",
        ),
        (
            "http://purl.org/dc/elements/1.1/title",
            "http://purl.org/dc/elements/1.1/",
            "http://purl.org/dc/terms/",
        ),
    ],
)
def test_a_namespace_without_its_end_and_one_taken_for_another(iri: str, namespace: str, right: str) -> None:
    found = ModelTerms(graph_of(f":x <{iri}> :y , :z .").triples).observations
    assert [(each.code, dict(each.parameters)) for each in found] == [
        ("ELM-FILE-OTHER-NAMESPACE", {"namespace": namespace, "right": right})
    ]


@pytest.mark.parametrize(
    "statement",
    [
        ":x <http://purl.org/dc/elements/1.1/coverage> :y .",
        ":x <http://purl.org/dc/elements/1.1/title> 'T' ; dcterms:type :y .",
        ":x <http://purl.org/dc/termsandmore> :y .",
    ],
)
def test_neighbours_that_are_no_mistake(statement: str) -> None:
    assert told(graph_of(statement).triples) == []


def test_a_misspelt_class_is_not_told_as_a_missing_one() -> None:
    text = (
        f"@prefix elm: <{MODEL}> . @prefix cred: <https://www.w3.org/2018/credentials#> .\n"
        "<urn:c> a elm:EuropeanDigitalCredental ;\n  cred:credentialSubject <urn:p> .\n"
    )
    reading = accepted(text)
    assert codes(reading) == ["MISSPELT-TYPE"]
    found = reading.observations[0]
    assert reading.source.spot(found.node, found.path, found.value).line == 2


def test_a_flood_ends() -> None:
    words = " ; ".join(f"elm:word{'x' * (each % 40)}{each} 1" for each in range(2000))
    assert len(told(graph_of(f":x {words} .").triples)) == 300


def test_the_official_samples_and_the_good_credential_have_none(reference: Path) -> None:
    assert told(changed().triples) == []
    for name, triples in samples(reference).items():
        assert told(triples) == [], name
