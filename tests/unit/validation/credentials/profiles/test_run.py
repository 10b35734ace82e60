"""A run of a profile: what it observes, in which order, what it sets aside, and which profile fits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.errors import ParameterError
from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, Observation, Term, Triple
from passerelle.validation.credentials.profiles.run import ProfileRun
from passerelle.validation.terms import triples_of
from unit.validation.credentials.profiles.samples import samples

_PREFIXES = """@prefix : <https://example.org/> . @prefix elm: <http://data.europa.eu/snb/model/elm/> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix cred: <https://www.w3.org/2018/credentials#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ob: <https://purl.imsglobal.org/spec/vc/ob/vocab.html#> . @prefix schema: <https://schema.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def triples(turtle: str) -> tuple[Triple, ...]:
    return tuple(triples_of(ox.parse(_PREFIXES + turtle, format=ox.RdfFormat.TURTLE)))


def observed(profile: str, data: Sequence[Triple]) -> Sequence[Observation]:
    return ProfileRun.of(profile).check(data).observations


def codes(profile: str, data: Sequence[Triple]) -> list[str]:
    return [each.code for each in observed(profile, data)]


def test_an_observation_names_node_path_value_and_component() -> None:
    (seen,) = observed("edc-generic-no-cv", triples(":n a elm:Amount ; elm:unit [ a skos:Concept ] ; elm:value 5 ."))
    assert seen.code == "ELM-EDC-Amount-value-datatype"
    assert (seen.node, seen.path) == ("https://example.org/n", "http://data.europa.eu/snb/model/elm/value")
    assert (seen.value, seen.component) == ("5", "sh:DatatypeConstraintComponent")


def test_blank_nodes_and_lexical_forms_stay_as_they_are() -> None:
    node, kind = Term(BLANK, "b0"), Term(IRI, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    elm = "http://data.europa.eu/snb/model/elm/"
    data = (
        (node, kind, Term(IRI, elm + "Amount")),
        (node, Term(IRI, elm + "unit"), Term(BLANK, "c14n7")),
        (node, Term(IRI, elm + "value"), Term(LITERAL, "007", "http://www.w3.org/2001/XMLSchema#integer")),
    )
    seen = {each.code: each for each in observed("edc-generic-no-cv", data)}
    assert seen["ELM-EDC-Amount-unit-class"].node == "_:b0"
    assert seen["ELM-EDC-Amount-unit-class"].value == "_:c14n7"
    assert seen["ELM-EDC-Amount-value-datatype"].value == "007"


def test_the_order_is_that_of_the_nodes_then_of_codes() -> None:
    data = triples(":z a elm:Amount . :a a elm:Address . :m a elm:Amount .")
    seen = [(each.node.rpartition("/")[2], each.code) for each in observed("edc-generic-no-cv", data)]
    amount = ["ELM-EDC-Amount-unit-minCount", "ELM-EDC-Amount-value-minCount"]
    assert seen == [
        ("z", amount[0]),
        ("z", amount[1]),
        ("a", "ELM-EDC-Address-countryCode-minCount"),
        ("m", amount[0]),
        ("m", amount[1]),
    ]


def test_a_profile_holds_what_it_builds_on() -> None:
    data = triples(":a a elm:Address ; elm:countryCode :fr . :fr a skos:Concept .")
    assert codes("edc-generic-no-cv", data) == []
    assert codes("edc-generic-full", data) == ["ELM-EDC-FULL-Address-countryCode-node"]
    assert codes("edc-converted", data) == ["ELM-EDC-FULL-Address-countryCode-node"]


def test_a_closed_class() -> None:
    data = triples(":m a elm:Mailbox ; dcterms:title 'x'@en .")
    (seen,) = observed("loq", data)
    assert (seen.code, seen.path, seen.value) == ("ELM-LOQ-Mailbox-closed", "http://purl.org/dc/terms/title", "x")
    assert codes("edc-generic-no-cv", data) == []


def test_addresses_of_the_web() -> None:
    """Patterns that crash pySHACL in the official files: any address that begins with http or https is good."""
    shown = ":a a elm:Accreditation ; elm:landingPage [ a elm:WebResource ; elm:contentUrl '{}'^^xsd:anyURI ] ."
    code = "ELM-LOQ-Accreditation-landingPage-node"
    for good in ("https://example.org/é?a=b#c", "HTTP://example.org:80/", "http://[::1]/"):
        assert code not in codes("loq", triples(shown.format(good)))
    for bad in ("ftp://example.org", "example.org", "mailto:a@example.org"):
        assert code in codes("loq", triples(shown.format(bad)))


_BADGE = """
:b a ob:OpenBadgeCredential, cred:VerifiableCredential ; cred:issuer :i ; cred:credentialSubject :s ;
    cred:validFrom '2024-01-01T00:00:00Z'^^xsd:dateTime .
:s a ob:AchievementSubject ; ob:achievement :a .
:i a ob:Profile .
:a a ob:Achievement ; ob:Criteria [ ob:narrative 'x' ] ; schema:name 'Bread' ; schema:description 'x' ;
    ob:alignment [ a schema:AlignmentObject ; schema:targetName 'knead' ;
        schema:targetUrl 'https://example.org'^^xsd:anyURI ] .
"""


def test_open_badges() -> None:
    assert codes("open-badges-3", triples(_BADGE)) == []
    bare = triples("[] a ob:OpenBadgeCredential . [] a ob:AchievementSubject . [] a ob:Achievement .")
    assert sorted(codes("open-badges-3", bare)) == [
        "ELM-OB-Achievement-Criteria-minCount",
        "ELM-OB-Achievement-description-minCount",
        "ELM-OB-Achievement-name-minCount",
        "ELM-OB-Achievement-nodeKind",
        "ELM-OB-AchievementSubject-achievement-minCount",
        "ELM-OB-OpenBadgeCredential-credentialSubject-minCount",
        "ELM-OB-OpenBadgeCredential-issuer-minCount",
        "ELM-OB-OpenBadgeCredential-nodeKind",
        "ELM-OB-OpenBadgeCredential-validFrom-minCount",
    ]


def test_nothing_to_look_at_is_silent() -> None:
    assert codes("edc-generic-full", ()) == []


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ParameterError):
        ProfileRun.of("edc")


def test_a_run_is_made_once() -> None:
    assert ProfileRun.of("ams") is ProfileRun.of("ams")


@pytest.mark.parametrize(
    ("sample", "wanted"),
    [
        ("AA-Annex1-MC-signed.jsonld", "edc-generic-full"),  # names no evidence
        ("Sample-MC-Annex1-signed.jsonld", "edc-issued-by-mandate"),  # its evidence is a statement of a mandate
        ("Sample-MastersDegree-signed.jsonld", "edc-accredited"),  # its evidence is an accreditation
        ("credential-sample.jsonld", ""),  # has no individual display
    ],
)
@pytest.mark.parametrize("profile", ["edc-generic-no-cv", "edc-generic-full"])
def test_the_profile_that_fits_a_sample(profile: str, sample: str, wanted: str, reference: Path) -> None:
    assert ProfileRun.of(profile).check(samples(reference)[sample]).fitting == wanted


def test_evidence_decides_which_profile_fits(reference: Path) -> None:
    """The credential of a mandate with a file as its evidence instead: a converted one."""
    elm = "http://data.europa.eu/snb/model/elm/"
    data = samples(reference)["Sample-MC-Annex1-signed.jsonld"]
    file = next(each[0] for each in data if each[2].value == elm + "MediaObject")
    with_file = [
        (subject, Term(IRI, elm + "embeddedEvidence"), file) if property_.value == elm + "evidenceStatement" else each
        for each in data
        for subject, property_, _ in [each]
    ]
    assert ProfileRun.of("edc-generic-full").check(with_file).fitting == "edc-converted"


@pytest.mark.parametrize(
    ("profile", "data", "wanted"),
    [
        ("edc-converted", ":a a elm:Address ; elm:countryCode :fr . :fr a skos:Concept .", "edc-generic-no-cv"),
        ("edc-converted", ":a a elm:Address .", ""),
        ("edc-generic-full", "[] a elm:Unheard .", ""),
        ("edc-generic-full", "", ""),
    ],
)
def test_the_profile_that_fits(profile: str, data: str, wanted: str) -> None:
    assert ProfileRun.of(profile).check(triples(data)).fitting == wanted


_AXIOM = "elm:Qualification rdfs:subClassOf elm:Specification ."
_WITHIN = "ELM-REPAIRED-ONTOLOGY-WITHIN"


def test_what_is_said_because_of_class_axioms_alone_is_set_aside() -> None:
    """LOQ has isPartialQualification for qualifications alone, and its shape of the class above is closed."""
    alone = ":q a elm:Qualification ; elm:isPartialQualification false ."
    found = ProfileRun.of("loq").check(triples(alone + _AXIOM))
    kept = [each for each in found.observations if not each.set_aside_by]
    assert kept == observed("loq", triples(alone))
    aside = [each for each in found.observations if each.set_aside_by]
    assert {each.set_aside_by for each in aside} == {_WITHIN}
    assert "ELM-LOQ-Specification-closed" in {each.code for each in aside}
    assert [each.code for each in found.repaired] == [_WITHIN]
    assert {each.code for each in found.official} == {each.code for each in (*kept, *aside)}


def test_what_class_axioms_hide_is_told_but_not_officially() -> None:
    """The official verdict is about the whole file, in which the value is of the right class."""
    given = ":c a elm:CreditPoint ; elm:framework :f ; elm:point '1' . :f a :Own . :Own rdfs:subClassOf skos:Concept ."
    found = ProfileRun.of("edc-generic-no-cv").check(triples(given))
    assert found.official == []
    assert [each.code for each in found.observations] == ["ELM-EDC-CreditPoint-framework-class"]
    assert not found.observations[0].set_aside_by
