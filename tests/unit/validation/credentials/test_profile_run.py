"""One run for a profile and all around it says what the runs of each would say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.errors import ParameterError
from passerelle.validation.credentials.model import Triple
from passerelle.validation.credentials.profile_run import ProfileRun
from passerelle.validation.credentials.profiles import repaired
from passerelle.validation.credentials.profiles.names import PROFILES
from passerelle.validation.credentials.profiles.runner import ProfileRunner
from passerelle.validation.credentials.reading.reading import read
from passerelle.validation.terms import triples_of

_PREFIXES = """@prefix : <https://example.org/> . @prefix elm: <http://data.europa.eu/snb/model/elm/> .
@prefix cred: <https://www.w3.org/2018/credentials#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def triples(turtle: str) -> tuple[Triple, ...]:
    return tuple(triples_of(ox.parse(_PREFIXES + turtle, format=ox.RdfFormat.TURTLE)))


def sample_triples(reference: Path, name: str) -> Sequence[Triple]:
    return read((reference / "elm" / "samples" / f"{name}.jsonld").read_bytes()).triples


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("sample", ["Sample-MC-Annex1-signed", "credential_shouldValidate", "cred1"])
def test_the_profile_and_its_repairs_say_what_they_say_alone(reference: Path, profile: str, sample: str) -> None:
    data = sample_triples(reference, sample)
    outcome = ProfileRun.of(profile).check(data)
    assert list(outcome.observations) == ProfileRunner.of(profile).observe(data)
    assert list(outcome.repaired) == repaired.observe(profile, data)


def fitting(profile: str, turtle: str) -> str:
    return ProfileRun.of(profile).check(triples(turtle)).fitting


@pytest.mark.parametrize(
    ("sample", "wanted"),
    [
        ("Sample-CertOfPart-signed", "edc-generic-full"),
        ("Sample-MC-Annex1-signed", "edc-issued-by-mandate"),
        ("Sample-MastersDegree-signed", "edc-accredited"),
    ],
)
def test_the_profile_that_a_sample_fits(reference: Path, sample: str, wanted: str) -> None:
    assert ProfileRun.of("edc-generic-full").check(sample_triples(reference, sample)).fitting == wanted


def test_the_profile_that_fits() -> None:
    address = ":a a elm:Address ; elm:countryCode :fr . :fr a skos:Concept ."
    assert fitting("edc-converted", address) == "edc-generic-no-cv"
    assert fitting("edc-generic-no-cv", address) == "edc-generic-no-cv"
    assert fitting("edc-converted", ":a a elm:Address .") == ""
    assert fitting("edc-generic-full", "[] a elm:Unheard .") == ""
    assert fitting("edc-generic-full", "") == ""


def test_what_is_said_because_of_class_axioms_alone_is_set_aside() -> None:
    axiom = "elm:Qualification rdfs:subClassOf elm:Specification ."
    qualification = ":q a elm:Qualification ; elm:EQFLevel <http://data.europa.eu/snb/eqf/6> ."
    found = ProfileRun.of("loq").check(triples(qualification + axiom)).observations
    alone = ProfileRunner.of("loq").observe(triples(qualification))
    assert [each for each in found if not each.set_aside_by][:-1] == alone
    aside = [each.set_aside_by for each in found if each.set_aside_by]
    assert aside
    assert set(aside) == {"ELM-REPAIRED-ONTOLOGY-WITHIN"}


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ParameterError):
        ProfileRun.of("edc")
