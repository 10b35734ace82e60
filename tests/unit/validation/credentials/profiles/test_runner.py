"""The runner: what it observes, in which order, and which profile fits."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox
import pytest

from passerelle.errors import ParameterError
from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, Term, Triple
from passerelle.validation.credentials.profiles.runner import ProfileRunner, fitting_profile
from passerelle.validation.terms import triples_of

_PREFIXES = """@prefix : <https://example.org/> . @prefix elm: <http://data.europa.eu/snb/model/elm/> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix cred: <https://www.w3.org/2018/credentials#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ob: <https://purl.imsglobal.org/spec/vc/ob/vocab.html#> . @prefix schema: <https://schema.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""


def triples(turtle: str) -> tuple[Triple, ...]:
    return tuple(triples_of(ox.parse(_PREFIXES + turtle, format=ox.RdfFormat.TURTLE)))


def codes(profile: str, data: Sequence[Triple]) -> list[str]:
    return [each.code for each in ProfileRunner.of(profile).observe(data)]


def test_an_observation_names_node_path_value_and_component() -> None:
    (seen,) = ProfileRunner.of("edc-generic-no-cv").observe(
        triples(":n a elm:Amount ; elm:unit [ a skos:Concept ] ; elm:value 5 .")
    )
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
    seen = {each.code: each for each in ProfileRunner.of("edc-generic-no-cv").observe(data)}
    assert seen["ELM-EDC-Amount-unit-class"].node == "_:b0"
    assert seen["ELM-EDC-Amount-unit-class"].value == "_:c14n7"
    assert seen["ELM-EDC-Amount-value-datatype"].value == "007"


def test_the_order_is_that_of_the_nodes_then_of_codes() -> None:
    data = triples(":z a elm:Amount . :a a elm:Address . :m a elm:Amount .")
    seen = [(each.node.rpartition("/")[2], each.code) for each in ProfileRunner.of("edc-generic-no-cv").observe(data)]
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
    (seen,) = ProfileRunner.of("loq").observe(data)
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
        ProfileRunner.of("edc")


def test_a_runner_is_made_once() -> None:
    assert ProfileRunner.of("ams") is ProfileRunner.of("ams")


# enough for the overlays of the generic profile, which look at credential, evidence, person and qualification
_EVIDENCE = """:c a elm:EuropeanDigitalCredential ; cred:evidence :e . :e a elm:Evidence ; {} .
:p a elm:Person ; elm:hasClaim :l . :l a elm:LearningAchievement ."""


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (":c a elm:EuropeanDigitalCredential .", "edc-generic-full"),
        (_EVIDENCE.format("elm:evidenceStatement 'on behalf of'"), "edc-issued-by-mandate"),
        (_EVIDENCE.format("elm:embeddedEvidence [ a elm:MediaObject ]"), "edc-converted"),
        (_EVIDENCE.format("elm:accreditation [ a elm:Accreditation ]"), "edc-accredited"),
        ("[] a elm:Unheard .", ""),
        ("", ""),
    ],
)
def test_fitting_profile_of_what_the_generic_profile_takes(data: str, wanted: str) -> None:
    assert fitting_profile("edc-generic-full", [], triples(data)) == wanted


def test_fitting_profile_of_what_breaks_one() -> None:
    data = triples(":a a elm:Address ; elm:countryCode :fr . :fr a skos:Concept .")
    seen = ProfileRunner.of("edc-converted").observe(data)
    assert fitting_profile("edc-converted", seen, data) == "edc-generic-no-cv"
    data = triples(":a a elm:Address .")
    assert fitting_profile("edc-converted", ProfileRunner.of("edc-converted").observe(data), data) == ""
