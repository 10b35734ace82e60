"""Layer 7: each element of Annex I there and missing, what calls itself a micro-credential, the official samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from passerelle.records.finding import Severity
from passerelle.resources import folder
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.annex import elements
from passerelle.validation.credentials.layers.micro_credential import observe
from passerelle.validation.credentials.model import AnnexElement
from passerelle.validation.credentials.rules import CredentialRule, rules_of
from unit.validation.credentials.layers.small_credential import ROOT, changed, graph_of
from unit.validation.credentials.profiles.samples import samples

CREDENTIAL = "http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential"

MANDATORY = [
    *("LEARNER", "TITLE", "COUNTRY", "AWARDING-BODY", "DATE", "LEARNING-OUTCOMES", "WORKLOAD", "LEVEL", "ASSESSMENT"),
    *("PARTICIPATION", "QUALITY-ASSURANCE"),
]
OPTIONAL = ["PREREQUISITES", "SUPERVISION", "GRADE", "STACKABILITY", "FURTHER-INFORMATION"]
FOUND = {
    "LEARNER": ("foaf:fullName",),
    "TITLE": ("dcterms:title",),
    "COUNTRY": ("elm:location/elm:address/elm:countryCode",),
    "AWARDING-BODY": ("elm:awardedBy/elm:awardingBody",),
    "DATE": ("cred:issued", "cred:issuanceDate"),
    "LEARNING-OUTCOMES": ("elm:learningOutcome/dcterms:title",),
    "WORKLOAD": ("elm:volumeOfLearning", "elm:creditPoint/elm:point", "elm:workload"),
    "LEVEL": ("elm:EQFLevel", "elm:NQFLevel"),
    "ASSESSMENT": ("dcterms:type", "dcterms:title"),
    "PARTICIPATION": ("elm:mode",),
    "QUALITY-ASSURANCE": ("cred:evidence/elm:accreditation",),
    "PREREQUISITES": ("elm:entryRequirement/elm:noteLiteral",),
    "SUPERVISION": ("elm:idVerification",),
    "GRADE": ("elm:grade/elm:noteLiteral",),
    "STACKABILITY": ("elm:isPartialQualification",),
    "FURTHER-INFORMATION": ("dcterms:description",),
}
WITHOUT: dict[str, list[str]] = {
    "LEARNER": ["foaf:fullName => :called"],
    "TITLE": ['dcterms:title "Wind turbine basics"@en ; elm:awardedBy => elm:awardedBy'],
    "COUNTRY": ["elm:location :place => :at :place"],
    "AWARDING-BODY": ["elm:awardingBody :body => :by :body"],
    "DATE": ['cred:issued "2024-06-01T10:00:00Z"^^xsd:dateTime => cred:issued ""', "cred:issuanceDate => :issuance"],
    "LEARNING-OUTCOMES": ['"Inspects a rotor blade"@en => " "@en'],
    "WORKLOAD": [
        'elm:volumeOfLearning "PT60H" => :v "x"',
        "elm:creditPoint => :credits",
        'elm:workload "PT60H" => :w "x"',
    ],
    "LEVEL": ["elm:EQFLevel => :eqf", "elm:NQFLevel => :nqf"],
    "ASSESSMENT": [
        'dcterms:title "Examination"@en ; elm:grade => elm:grade',
        'dcterms:title "Examination"@en ; elm:gradingScheme => elm:gradingScheme',
        "dcterms:type <http://data.europa.eu/snb/assessment => :type <http://data.europa.eu/snb/assessment",
    ],
    "PARTICIPATION": ["elm:mode => :mode"],
    "QUALITY-ASSURANCE": ["elm:accreditation :accreditation => :a :accreditation"],
    "PREREQUISITES": ["elm:entryRequirement => :entry"],
    "SUPERVISION": ["elm:idVerification => :verified"],
    "GRADE": ["elm:grade :grade => :g :grade"],
    "STACKABILITY": ["elm:isPartialQualification => :partial"],
    "FURTHER-INFORMATION": ['dcterms:description "Text"@en => :d "x"'],
}
BADGE = """
:credential a ob:OpenBadgeCredential ; cred:issuer :issuer ; cred:credentialSubject <did:example:learner> ;
    cred:validFrom "2026-01-01T00:00:00Z"^^xsd:dateTime .
:issuer a ob:Profile ; schema:name "Issuer" ; ob:address [ schema:addressCountry "FR" ] ;
    ob:endorsement [ a ob:EndorsementCredential ] .
<did:example:learner> a ob:AchievementSubject ; ob:achievement :a ; ob:result [ schema:value "17" ] .
:a a ob:Achievement ; schema:name "Wind turbine basics" ; ob:achievementType "MicroCredential" ;
    ob:Criteria [ ob:narrative "Inspects a rotor blade" ] ; ob:creditsAvailable "2"^^xsd:float ;
    ob:resultDescription [ ob:resultType "LetterGrade" ] ; schema:description "Text" ;
    ob:alignment [ schema:targetUrl "http://data.europa.eu/snb/eqf/5"^^xsd:anyURI ] .
"""


def rules() -> dict[str, CredentialRule]:
    return dict(rules_of(folder("shapes") / "credential" / "micro-credential.ttl"))


def told(graph: CredentialGraph, *roots: str) -> dict[str, AnnexElement]:
    found, _ = observe(graph, roots or (ROOT,))
    return {each.code.removeprefix("ELM-MICRO-"): each for each in found}


def codes(graph: CredentialGraph, *roots: str) -> list[str]:
    _, observations = observe(graph, roots or (ROOT,))
    return [each.code.removeprefix("ELM-MICRO-") for each in observations]


def test_the_elements_are_those_of_the_annex_in_both_languages() -> None:
    found = told(changed())
    assert [code for code, each in found.items() if each.mandatory] == MANDATORY
    assert [code for code, each in found.items() if not each.mandatory] == OPTIONAL
    assert found["QUALITY-ASSURANCE"].label_en == "Type of quality assurance"
    assert found["QUALITY-ASSURANCE"].label_fr == "Type d'assurance qualité"
    assert all(each.label_en and each.label_fr for each in found.values())


def test_a_complete_micro_credential_tells_where_each_element_stands() -> None:
    found = told(changed())
    assert {code: each.found for code, each in found.items()} == FOUND
    assert all(each.present is True for each in found.values())
    assert codes(changed()) == []


@pytest.mark.parametrize("code", WITHOUT)
def test_each_missing_element_is_told(code: str) -> None:
    graph = changed(*WITHOUT[code])
    assert codes(graph) == [code]
    found = told(graph)
    # the annex asks for the level if applicable, so its absence is not a lack
    assert found[code].present is (None if code == "LEVEL" else False)
    assert found[code].found == ()
    assert all(each.present for name, each in found.items() if name != code)


@pytest.mark.parametrize(
    "changes",
    [
        ["cred:issued => :issued", "cred:issuanceDate => :issuance"],
        ["cred:issuer :issuer => :by :issuer"],
        ["cred:issuer :issuer => :by :issuer", "elm:awardingBody :body => :of :body"],
    ],
)
def test_what_the_profile_demands_of_every_credential_is_not_told_again(changes: list[str]) -> None:
    graph = changed(*changes)
    assert codes(graph) == []
    assert any(each.present is False for each in told(graph).values())


def test_a_badge_without_date_or_issuer_is_told_here() -> None:
    bare = BADGE.replace('cred:validFrom "2026-01-01T00:00:00Z"^^xsd:dateTime', ":x :y")
    assert "DATE" in codes(graph_of(bare))
    assert "COUNTRY" in codes(graph_of(BADGE.replace("cred:issuer :issuer", ":by :issuer")))


def test_every_rule_of_the_file_is_planted_with_its_severity_and_its_sentences_can_be_filled() -> None:
    stated = rules()
    planted = [observe(changed(*changes), (ROOT,))[1][0] for changes in WITHOUT.values()]
    planted += observe(changed('"Micro-credential"@en => "Course"@en'), (ROOT,))[1]
    assert {each.code for each in planted} == set(stated)
    mandatory = {f"ELM-MICRO-{code}" for code in MANDATORY} - {"ELM-MICRO-LEVEL"}
    assert {code for code, each in stated.items() if each.severity is Severity.WARNING} == mandatory
    assert not any(each.severity is Severity.VIOLATION for each in stated.values())
    for each in planted:
        parameters = {"value": each.value, "node": each.node, **each.parameters}
        rule = stated[each.code]
        for sentence in (rule.message_en, rule.message_fr, rule.remedy_en, rule.remedy_fr):
            assert "{" not in sentence.format_map(parameters)


def test_what_does_not_call_itself_a_micro_credential_lacks_nothing() -> None:
    graph = changed('"Micro-credential"@en => "Certificate of participation"@en', "elm:mode => :mode")
    _, observations = observe(graph, (ROOT,))
    assert [each.code for each in observations] == ["ELM-MICRO-NOT-STATED"]
    assert observations[0].parameters == {"present": "10", "mandatory": "11"}
    assert told(graph)["PARTICIPATION"].present is False


@pytest.mark.parametrize("title", ["Microcertification", "Microcredencial", "Mikro-Zertifikat", "MICRO CREDENTIAL"])
def test_how_languages_say_it(title: str) -> None:
    changes = [f'"Micro-credential"@en => "{title} in wind energy"@en', "elm:mode => :mode"]
    assert codes(changed(*changes)) == ["PARTICIPATION"]


def test_a_type_says_it_too_but_not_the_title_of_what_was_learnt() -> None:
    plain = ['"Micro-credential"@en => "Certificate"@en', "elm:mode => :mode"]
    typed = (
        ':spec dcterms:type <https://example.org/t> . <https://example.org/t> skos:prefLabel "Micro-credential"@en .'
    )
    assert codes(changed(*plain, typed)) == ["PARTICIPATION"]
    about = ':claim dcterms:title "Issuing micro-credentials"@en .'
    assert codes(changed(*plain, about)) == ["NOT-STATED"]


def test_parts_of_a_claim_are_searched_and_circles_end() -> None:
    nested = changed(
        "elm:specifiedBy :spec => elm:hasPart :inner",
        ':inner a elm:LearningAchievement ; dcterms:title "Inner"@en ; elm:specifiedBy :spec ; elm:hasPart :claim .',
    )
    assert codes(nested) == []


def test_an_open_badge_holds_all_but_the_form_of_participation() -> None:
    graph = graph_of(BADGE)
    found = told(graph)
    assert codes(graph) == ["PARTICIPATION", "PREREQUISITES", "SUPERVISION", "STACKABILITY"]
    assert found["LEARNER"].found == ("cred:credentialSubject",)
    assert found["AWARDING-BODY"].found == ("schema:name",)
    assert found["DATE"].found == ("cred:validFrom",)
    assert found["LEARNING-OUTCOMES"].found == ("ob:Criteria/ob:narrative",)
    assert found["LEVEL"].found == ("ob:alignment/schema:targetUrl",)
    nameless = graph_of(BADGE.replace("<did:example:learner>", "_:learner"))
    assert told(nameless)["LEARNER"].present is False


def test_ways_of_the_two_models_do_not_mix() -> None:
    assert not any("ob:" in way.shown or "schema:" in way.shown for each in elements(False) for way in each.ways)
    assert not any(way.shown.startswith(("elm:", "foaf:", "dcterms:")) for each in elements(True) for way in each.ways)


def test_nothing_is_told_of_a_file_without_credential() -> None:
    assert observe(graph_of(":a :b :c ."), ()) == ((), [])


EXPECTED = {
    "AA-Annex1-MC-signed.jsonld": (10, ["QUALITY-ASSURANCE", "STACKABILITY"]),
    "Sample-MC-Annex1-signed.jsonld": (10, ["QUALITY-ASSURANCE"]),
    "Sample-CertOfPart-signed.jsonld": (7, ["NOT-STATED"]),
    "Sample-MastersDegree-signed.jsonld": (11, ["NOT-STATED"]),
    "AA-Annex1-MC-unsigned.json": (9, ["QUALITY-ASSURANCE", "STACKABILITY"]),
    "Sample-MC-Annex1-unsigned.jsonld": (9, ["QUALITY-ASSURANCE"]),
    "Sample-MC-Annex1-unsigned-uploadable.json": (9, ["QUALITY-ASSURANCE"]),
    "cred1.jsonld": (5, ["NOT-STATED"]),
    "credential-sample.jsonld": (5, ["NOT-STATED"]),
    "credential-sample-turtle.ttl": (4, ["NOT-STATED"]),
    "credential_shouldValidate.jsonld": (11, ["NOT-STATED"]),
    "cred_noLegalName_shouldFail.jsonld": (11, ["NOT-STATED"]),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_official_samples(reference: Path, name: str) -> None:
    graph = CredentialGraph(samples(reference)[name])
    roots = tuple(graph.instances(CREDENTIAL))
    held, expected = EXPECTED[name]
    assert codes(graph, *roots) == expected
    found = told(graph, *roots)
    assert sum(found[code].present is True for code in MANDATORY) == held
