"""The repairs: what the official profile refuses wrongly passes, and what was meant still fails."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.validation.credentials.model import Layer
from passerelle.validation.credentials.profiles import repaired
from passerelle.validation.credentials.profiles.names import PROFILES, components, profile_of
from passerelle.validation.credentials.profiles.run import ProfileRun
from passerelle.validation.credentials.rules import catalogue
from passerelle.validation.terms import triples_of
from unit.validation.credentials.profiles.test_run import triples

_ESCO = "http://data.europa.eu/esco/concept-scheme"


def test_what_is_set_aside_are_rules_of_profiles() -> None:
    rules = catalogue()
    aside = {code for rule in rules.values() for code in rule.sets_aside}
    assert aside
    assert {rules[code].layer for code in aside} == {Layer.PROFILE}


def test_every_repair_belongs_to_a_profile() -> None:
    every = {rule.code for each in PROFILES for rule in repaired.repairs(components(each))}
    stated = {code for code, rule in catalogue().items() if rule.layer is Layer.REPAIRED}
    assert stated - every == {"ELM-REPAIRED-ONTOLOGY-WITHIN"}  # which the pipeline finds before the shapes run


def test_each_is_a_real_contradiction_of_the_profiles() -> None:
    """The conforming qualification of these tests fails the official vocabularies for nothing but what is repaired."""
    path = Path(__file__).with_name("loq.ttl")
    data = tuple(triples_of(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)))
    official = {each.code for each in ProfileRun.of("loq-mdr").check(data).observations}
    aside = {code for rule in repaired.repairs(components("loq-mdr")) for code in rule.sets_aside}
    assert official == {
        "ELM-LOQ-MDR-LearningEntitlementSpecification-limitOccupation-node",
        "ELM-LOQ-MDR-LearningEntitlementSpecification-status-minCount",
        "ELM-LOQ-MDR-LearningOutcome-relatedESCOSkill-node",
    }
    assert official <= aside
    assert ProfileRun.of("loq-mdr").check(data).repaired == []


_OWNER = ":c a elm:EuropeanDigitalCredential ; cred:credentialSubject :p . :p a {} ."


@pytest.mark.parametrize(
    ("profile", "data", "official", "ours"),
    [
        # an assessor need not be certified by the credential; the owner must be
        ("edc-generic-no-cv", ":a a elm:Person .", "ELM-EDC-Person-hasClaim-minCount", []),
        ("edc-generic-no-cv", _OWNER.format("elm:Person"), "ELM-EDC-Person-hasClaim-minCount", ["OWNER-CLAIM"]),
        ("edc-generic-no-cv", _OWNER.format("elm:Organisation"), "", []),
        ("edc-diploma-supplement", ":a a elm:Person .", "ELM-EDC-SUPPLEMENT-Person-fullName-minCount", []),
        ("edc-diploma-supplement", _OWNER.format("elm:Person ; elm:hasClaim :x"),
         "ELM-EDC-SUPPLEMENT-Person-dateOfBirth-minCount", ["OWNER-DATE-OF-BIRTH", "OWNER-FULL-NAME"]),
        # a node with an address, as the official context makes it
        ("edc-generic-no-cv", ":c a elm:EuropeanDigitalCredential ; cred:credentialStatus <https://example.org/s> .",
         "ELM-EDC-EuropeanDigitalCredential-credentialStatus-datatype", []),
        ("edc-generic-no-cv", ":c a elm:EuropeanDigitalCredential ; cred:credentialStatus 'https://example.org/s' .",
         "ELM-EDC-EuropeanDigitalCredential-credentialStatus-datatype", ["CREDENTIAL-STATUS"]),
        ("edc-generic-no-cv", ":c a elm:EuropeanDigitalCredential ; cred:credentialStatus [] .",
         "ELM-EDC-EuropeanDigitalCredential-credentialStatus-datatype", ["CREDENTIAL-STATUS"]),
        ("edc-generic-no-cv", ":c a elm:EuropeanDigitalCredential ; cred:termsOfUse [ a :Policy ] .",
         "ELM-EDC-EuropeanDigitalCredential-termsOfUse-datatype", []),
        ("edc-generic-no-cv", ":c a elm:EuropeanDigitalCredential ; cred:termsOfUse 'none' .",
         "ELM-EDC-EuropeanDigitalCredential-termsOfUse-datatype", ["TERMS-OF-USE"]),
        # a status as text fails the vocabularies, an entry of their list fails the profile
        ("loq-mdr", ":a a elm:Accreditation ; elm:status 'current' .", "ELM-LOQ-MDR-Accreditation-status-node", []),
        ("ams-mdr", ":a a elm:Accreditation ; elm:status :s . "
         ":s skos:inScheme <https://publications.europa.eu/resource/authority/snb/status/25831c2> .",
         "ELM-AMS-Accreditation-status-datatype", []),
        ("ams-mdr", ":a a elm:Accreditation ; elm:status 5 .", "ELM-AMS-Accreditation-status-datatype",
         ["ACCREDITATION-STATUS"]),
        ("loq-mdr", ":e a elm:LearningEntitlementSpecification ; elm:entitlementStatus :s .",
         "ELM-LOQ-MDR-LearningEntitlementSpecification-status-minCount", ["ENTITLEMENT-STATUS"]),
        # the lists that ESCO has
        ("loq-mdr", f":o a elm:LearningOutcome ; elm:relatedESCOSkill :s . :s skos:inScheme <{_ESCO}/skills> .",
         "ELM-LOQ-MDR-LearningOutcome-relatedESCOSkill-node", []),
        ("loq-mdr", ":o a elm:LearningOutcome ; elm:relatedESCOSkill :s . "
         ":s skos:inScheme <https://ec.europa.eu/esco/skill/x> .", "", ["ESCO-SKILL"]),
        ("loq-mdr", ":e a elm:LearningEntitlementSpecification ; elm:limitOccupation :o ; elm:entitlementStatus :s . "
         f":o skos:inScheme <{_ESCO}/occupations> . "
         ":s skos:inScheme <http://data.europa.eu/snb/entitlement-status/25831c2> .",
         "ELM-LOQ-MDR-LearningEntitlementSpecification-limitOccupation-node", []),
        # the value of an amount by the name that the model has
        ("loq", ":a a elm:Amount ; elm:value 5.0 ; elm:unit :u .", "ELM-LOQ-Amount-closed", []),
        ("loq", ":a a elm:Amount ; elm:value 5.0 ; elm:unit :u .", "ELM-LOQ-Amount-value-minCount", []),
        ("loq", ":a a elm:Amount ; elm:value '5' ; elm:unit :u .", "ELM-LOQ-Amount-closed", ["AMOUNT-VALUE"]),
        ("loq", ":a a elm:Amount ; <urn:x> 5.0 .", "ELM-LOQ-Amount-closed", ["AMOUNT-CLOSED", "AMOUNT-VALUE"]),
    ],
)  # fmt: skip
def test_repairs(profile: str, data: str, official: str, ours: list[str]) -> None:
    given = triples(data)
    outcome = ProfileRun.of(profile).check(given)
    codes = {each.code for each in outcome.official}
    if official:
        assert official in codes
        assert any(official in rule.sets_aside for rule in repaired.repairs(components(profile)))
    assert [each.code for each in outcome.repaired] == [f"ELM-REPAIRED-{each}" for each in ours]


def test_other_profiles_have_other_repairs() -> None:
    assert {profile_of(code) for rule in repaired.repairs(("ams",)) for code in rule.sets_aside} >= {"ams"}
    assert repaired.repairs(("open-badges-3",)) == []
    assert ProfileRun.of("open-badges-3").check(triples(":a a elm:Person .")).repaired == []
