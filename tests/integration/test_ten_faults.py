"""The ten measured faults of the official validation: for each, what it says, and what ours finds.

The official way is PyLD with the official contexts, then pySHACL with the official shapes.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from official_shapes import (
    CREDENTIALS_V1,
    EDC_AP,
    all_official_results,
    bare_credential,
    official_results,
    official_shapes,
    official_triples,
)
from passerelle.validation.credentials.model import CredentialReport, Severity, Verdict
from passerelle.validation.credentials.validator import CredentialValidator
from passerelle.validation.terms import triples_of
from unit.validation.credentials.profiles.verdicts import official

FULL = "edc-generic-full"
OCCUPATION = "http://data.europa.eu/esco/occupation"


@pytest.fixture(scope="module")
def good(reference: Path) -> dict[str, Any]:
    """A sealed sample that is right in every way, taken out of its seal."""
    return bare_credential(reference / "elm" / "samples" / "AA-Annex1-MC-signed.jsonld")


def report_on(document: object, profile: str | None = None) -> CredentialReport:
    return CredentialValidator(profile=profile).validate(json.dumps(document).encode(), "credential.jsonld")


def violations(report: CredentialReport) -> set[str]:
    return {each.code for each in report.findings if each.severity is Severity.VIOLATION and not each.set_aside_by}


def conforms(reference: Path, document: dict[str, Any]) -> bool:
    return not official_results(reference, FULL, official_triples(reference, document))


def achievement(document: dict[str, Any]) -> dict[str, Any]:
    claims = document["credentialSubject"]["hasClaim"]
    return dict(claims[0] if isinstance(claims, list) else claims)


def test_0_the_good_one_is_valid_both_ways(reference: Path, good: dict[str, Any]) -> None:
    assert conforms(reference, good)
    assert report_on(good).verdict is Verdict.VALID


def test_1_what_was_not_unwrapped(reference: Path) -> None:
    path = reference / "elm" / "samples" / "AA-Annex1-MC-signed.jsonld"
    sealed = json.loads(path.read_text(encoding="utf-8"))
    assert conforms(reference, {**sealed, "@context": [CREDENTIALS_V1, EDC_AP]})
    report = CredentialValidator().validate(path.read_bytes(), path.name)
    assert report.verdict is Verdict.VALID
    assert report.triples == 326


def test_1_an_empty_graph_and_a_missing_type(reference: Path, good: dict[str, Any]) -> None:
    assert conforms(reference, {"@context": [CREDENTIALS_V1, EDC_AP]})
    assert report_on({"@context": [CREDENTIALS_V1, EDC_AP]}).verdict is Verdict.NOT_CHECKABLE
    untyped = {**good, "type": ["VerifiableCredential"]}
    assert conforms(reference, untyped)
    assert report_on(untyped).verdict is not Verdict.VALID


@pytest.mark.parametrize(("key", "wrong"), [("specifiedBy", "specifedBy"), ("eqfLevel", "EQFLevel")])
def test_2_keys_that_vanish(reference: Path, good: dict[str, Any], key: str, wrong: str) -> None:
    document = copy.deepcopy(good)
    holder = holder_of(document, key)
    holder[wrong] = holder.pop(key)
    assert conforms(reference, document)
    report = report_on(document)
    assert report.verdict is Verdict.INVALID
    finding = next(each for each in report.findings if each.code == "ELM-READING-MISSPELT-KEY")
    assert wrong in finding.message_en
    assert key in finding.message_en + finding.remedy_en
    assert finding.spots[0].pointer is not None
    assert finding.spots[0].pointer.endswith("/" + wrong)


def holder_of(value: Any, key: str) -> dict[str, Any]:
    """The first object that has this key, depth first."""
    found = _holder(value, key)
    assert found is not None
    return found


def _holder(value: Any, key: str) -> dict[str, Any] | None:
    if isinstance(value, dict) and key in value:
        return value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for each in children if (found := _holder(each, key)) is not None), None)


def test_3_the_parser_does_not_change_the_verdict(reference: Path) -> None:
    path = reference / "elm" / "samples" / "Sample-MastersDegree-signed.jsonld"
    document = bare_credential(path)
    assert '"dateModified"' in json.dumps(document)
    by_pyld = official_triples(reference, document)
    by_rdflib = rdflib.Graph()
    for triple in by_pyld:
        by_rdflib.add(triple)
    node = holder_of(document, "dateModified")
    # what rdflib's parser makes of the value that the context calls an IRI
    modified = rdflib.URIRef("http://purl.org/dc/terms/modified")
    by_rdflib.add((rdflib.URIRef(node["id"]), modified, rdflib.URIRef("http://base.example/" + node["dateModified"])))
    assert not official_results(reference, FULL, by_pyld)
    assert official_results(reference, FULL, by_rdflib)
    report = CredentialValidator(profile=FULL).validate(path.read_bytes(), path.name)
    assert report.official is not None
    assert report.official.conforms
    assert report.verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("key", "iri", "code"),
    [
        ("eqfLevel", "http://data.europa.eu/snb/eqf/99", "ELM-VOCABULARY-EQF"),
        ("relatedESCOSkill", f"{OCCUPATION}/00030d09-2b3a-4efd-87cc-c4ea39d27c34", "ELM-VOCABULARY-SKILL-OCCUPATION"),
    ],
)
def test_4_membership_is_real(reference: Path, good: dict[str, Any], key: str, iri: str, code: str) -> None:
    document = copy.deepcopy(good)
    holder = holder_of(document, key)
    value = holder[key][0] if isinstance(holder[key], list) else holder[key]
    value["id"] = iri
    assert conforms(reference, document)
    assert code in violations(report_on(document))


def test_5_expiry_before_issue_and_issue_in_the_future(reference: Path, good: dict[str, Any]) -> None:
    expired = {**good, "expirationDate": "2001-01-01T00:00:00Z"}
    future = {**good, "issuanceDate": "2999-01-01T00:00:00Z", "issued": "2999-01-01T00:00:00Z"}
    for document in (expired, future):
        assert conforms(reference, document)
        report = report_on(document)
        assert report.verdict is Verdict.INVALID
        assert {each.layer.value for each in report.findings if each.severity is Severity.VIOLATION} == {"fields"}


def test_5_part_above_whole_and_cycle(reference: Path, good: dict[str, Any]) -> None:
    scheme = {"id": "http://data.europa.eu/snb/eqf/25831c2", "type": "ConceptScheme"}

    def level(number: int) -> dict[str, Any]:
        return {"id": f"http://data.europa.eu/snb/eqf/{number}", "type": "Concept", "inScheme": scheme}

    def part(**more: object) -> dict[str, Any]:
        return {
            "id": "urn:part",
            "type": "Qualification",
            "title": {"en": "Part"},
            "isPartialQualification": True,
        } | more

    whole = {"id": "urn:whole", "type": "Qualification", "title": {"en": "Whole"}, "eqfLevel": level(4)}
    above = copy.deepcopy(good)
    holder_of(above, "specifiedBy")["specifiedBy"] = {**whole, "hasPart": part(eqfLevel=level(6))}
    cycle = copy.deepcopy(good)
    holder_of(cycle, "specifiedBy")["specifiedBy"] = {**whole, "hasPart": part(hasPart="urn:whole")}
    for document, code in ((above, "ELM-FIELDS-PART-ABOVE-WHOLE"), (cycle, "ELM-FIELDS-CYCLE")):
        assert conforms(reference, document)
        assert code in {each.code for each in report_on(document).findings}


def test_5_declared_profile_unlike_the_one_that_fits(good: dict[str, Any]) -> None:
    declared = copy.deepcopy(good)
    declared["credentialSchema"] = {
        "id": "http://data.europa.eu/snb/model/ap/edc-accredited",
        "type": "ShaclValidator2017",
    }
    report = report_on(declared)
    assert report.profile == "edc-accredited"
    assert report.fitting == FULL
    assert "ELM-FIELDS-PROFILE" in {each.code for each in report.findings}


LOQ = """
@prefix elm: <http://data.europa.eu/snb/model/elm/> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:q> a elm:Qualification ; dcterms:title "Electrician"@en ;
  elm:learningOutcome <urn:o> ; elm:EQFLevel <http://data.europa.eu/snb/eqf/4> ;
  elm:NQFLevel <http://data.europa.eu/snb/qdr/c_01be7324> ; elm:ISCEDFCode <http://data.europa.eu/snb/isced-f/0713> .
<urn:o> a elm:LearningOutcome ; dcterms:title "Installs a circuit"@en .
<http://data.europa.eu/snb/eqf/4> a skos:Concept . <http://data.europa.eu/snb/qdr/c_01be7324> a skos:Concept .
<http://data.europa.eu/snb/isced-f/0713> a skos:Concept .
"""


PAGE = """
<urn:q> foaf:homepage <urn:page> .
<urn:page> a elm:WebResource ; elm:contentUrl "https://example.org/q"^^<http://www.w3.org/2001/XMLSchema#anyURI> .
"""


def test_6_an_address_in_a_qualification(reference: Path) -> None:
    typed = LOQ + PAGE
    data = rdflib.Graph().parse(data=typed, format="turtle")
    with pytest.raises(Exception, match=r"."):
        pyshacl.validate(data, shacl_graph=official_shapes(reference, "loq"))
    report = CredentialValidator(profile="loq").validate(typed.encode(), "q.ttl")
    assert report.official is not None
    assert report.official.conforms is not None
    assert report.verdict is not Verdict.NOT_CHECKABLE


ENTITLEMENT = """
@prefix elm: <http://data.europa.eu/snb/model/elm/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
<urn:e> a elm:LearningEntitlementSpecification ; dcterms:title "Right to install"@en ;
  dcterms:type <http://data.europa.eu/snb/entitlement/64aad92881> ;
  elm:entitlementStatus <http://data.europa.eu/snb/entitlement-status/a7a2ac6b5f> .
<http://data.europa.eu/snb/entitlement/64aad92881> a skos:Concept .
<http://data.europa.eu/snb/entitlement-status/a7a2ac6b5f> a skos:Concept ;
  skos:inScheme <http://data.europa.eu/snb/entitlement-status/25831c2> .
<http://data.europa.eu/snb/entitlement-status/25831c2> a skos:ConceptScheme .
"""
ENTITLEMENT_STATUS = "http://data.europa.eu/snb/entitlement-status/a7a2ac6b5f"
ELM = "http://data.europa.eu/snb/model/elm/"


def loq_results(reference: Path, turtle: str) -> dict[str, set[tuple[str, str]]]:
    """What LOQ and LOQ-mdr say under pySHACL, their broken patterns mended: (property, constraint) of each result."""
    data = tuple(triples_of(ox.parse(turtle, format=ox.RdfFormat.TURTLE)))
    return {
        profile: {
            (path.rpartition("/")[2], constraint.removeprefix("sh:").removesuffix("ConstraintComponent"))
            for _, path, constraint in results
        }
        for profile, results in official(reference, "loq", data).items()
    }


@pytest.mark.parametrize(
    ("status", "of_loq", "of_mdr"),
    [
        ("", set(), {("status", "MinCount")}),
        ('elm:status "in force"', set(), {("status", "NodeKind"), ("status", "Node")}),
        (f"elm:status <{ENTITLEMENT_STATUS}>", {("status", "Datatype")}, {("status", "Datatype")}),
        (
            f'elm:status "in force" , <{ENTITLEMENT_STATUS}>',
            {("status", "Datatype"), ("status", "MaxCount")},
            {("status", "Datatype"), ("status", "MaxCount"), ("status", "NodeKind"), ("status", "Node")},
        ),
    ],
)
def test_7_no_entitlement_can_conform(
    status: str, of_loq: set[tuple[str, str]], of_mdr: set[tuple[str, str]], reference: Path
) -> None:
    """The profile demands text of a status, its vocabularies an IRI of a list: each way fails one of the two."""
    turtle = ENTITLEMENT + (f"<urn:e> {status} ." if status else "")
    assert loq_results(reference, turtle) == {"loq": of_loq, "loq-mdr": of_mdr}


def test_7_ours_accepts_an_entitlement(reference: Path) -> None:
    """With the status where the model has it, and with a status in words beside it."""
    for turtle in (ENTITLEMENT, ENTITLEMENT + '<urn:e> elm:status "in force" .'):
        report = CredentialValidator(profile="loq-mdr").validate(turtle.encode(), "e.ttl")
        assert report.official is not None
        assert not report.official.conforms
        assert report.repaired is not None
        assert report.repaired.conforms
        assert report.official.violations == len(loq_results(reference, turtle)["loq-mdr"])
    wrong = ENTITLEMENT.replace("entitlement-status/25831c2", "verification-status/25831c2")
    report = CredentialValidator(profile="loq-mdr").validate(wrong.encode(), "e.ttl")
    assert report.repaired is not None
    assert not report.repaired.conforms
    assert "ELM-REPAIRED-ENTITLEMENT-STATUS" in violations(report)


@pytest.mark.parametrize(
    ("class_", "property_", "concept", "scheme"),
    [
        ("LearningOutcome", "relatedESCOSkill", "skill/0005c151-5b5a-4a66-8aac-60e734beb1ab", "skills"),
        ("LearningEntitlementSpecification", "limitOccupation", "occupation/00030d09-2b3a-4efd-87cc-c4ea39d27c34",
         "occupations"),
    ],
)  # fmt: skip
def test_7_the_lists_that_esco_has(class_: str, property_: str, concept: str, scheme: str, reference: Path) -> None:
    esco = "http://data.europa.eu/esco"
    turtle = f"""{ENTITLEMENT}
        <urn:e> elm:status "in force" .
        <urn:n> a elm:{class_} ; dcterms:title "x"@en ; elm:{property_} <{esco}/{concept}> ;
          dcterms:type <http://data.europa.eu/snb/entitlement/64aad92881> ;
          elm:entitlementStatus <{ENTITLEMENT_STATUS}> .
        <{esco}/{concept}> a skos:Concept ; skos:prefLabel "x"@en ; skos:inScheme <{esco}/concept-scheme/{scheme}> .
        <{esco}/concept-scheme/{scheme}> a skos:ConceptScheme ."""
    results = loq_results(reference, turtle)
    assert (property_, "Node") in results["loq-mdr"] - results["loq"]
    report = CredentialValidator(profile="loq-mdr").validate(turtle.encode(), "n.ttl")
    aside = {each.path for each in report.findings if each.set_aside_by}
    assert ELM + property_ in aside
    assert not any(each.path == ELM + property_ and not each.set_aside_by for each in report.findings)


def test_8_the_ontology_within_the_data(reference: Path) -> None:
    ontology = rdflib.Graph().parse(reference / "elm" / "ontology" / "ELM-3.1.0.ttl")
    classes = [
        f"<{narrow}> <{rdflib.RDFS.subClassOf}> <{broad}> ."
        for narrow, broad in ontology.subject_objects(rdflib.RDFS.subClassOf)
        if isinstance(narrow, rdflib.URIRef) and isinstance(broad, rdflib.URIRef)
    ]
    together = "\n".join([LOQ, *classes])
    assert not official_results(reference, "loq", rdflib.Graph().parse(data=LOQ, format="turtle"))
    closed = official_results(reference, "loq", rdflib.Graph().parse(data=together, format="turtle"))
    assert {(where.rpartition("/")[2], constraint) for _, where, constraint in closed} == {
        (each, "ClosedConstraintComponent") for each in ("learningOutcome", "EQFLevel", "NQFLevel", "ISCEDFCode")
    }
    report = CredentialValidator(profile="loq").validate(together.encode(), "q.ttl")
    assert report.verdict is Verdict.VALID
    assert report.official is not None
    assert report.official.violations == len(closed)
    assert report.repaired is not None
    assert report.repaired.conforms
    told = next(each for each in report.findings if each.code == "ELM-REPAIRED-ONTOLOGY-WITHIN")
    assert sum(each.count for each in told.consequences) == len(closed)


def test_9_terms_that_the_context_spells_wrongly(reference: Path, good: dict[str, Any]) -> None:
    document = copy.deepcopy(good)
    distribution = {"id": "urn:distribution", "type": "ResultDistribution"}
    node = {
        "id": "urn:grading",
        "type": "LearningAssessment",
        "title": {"en": "Test"},
        "resultDistribution": distribution,
    }
    achieved = holder_of(document, "hasClaim")["hasClaim"]
    (achieved[0] if isinstance(achieved, list) else achieved).setdefault("proves", []).append(node)
    property_iri = rdflib.URIRef("http://data.europa.eu/snb/model/elm/resultDistribution")
    assert not list(official_triples(reference, document).subject_objects(property_iri))
    told = report_on(document)
    assert not any("resultDistribution" in each.message_en for each in told.findings)


def test_10_one_cause_is_told_once(reference: Path, good: dict[str, Any]) -> None:
    document = copy.deepcopy(good)
    del document["credentialProfiles"]
    assert len(all_official_results(reference, FULL, official_triples(reference, document))) == 2
    causes = [each for each in report_on(document).findings if each.severity is Severity.VIOLATION]
    assert [each.path for each in causes] == ["http://data.europa.eu/snb/model/elm/credentialProfiles"]


def test_10_messages_say_what_is_missing(reference: Path, good: dict[str, Any]) -> None:
    document = copy.deepcopy(good)
    del document["issuer"]["eIDASIdentifier"]
    told = [each for each in report_on(document).findings if each.severity is Severity.VIOLATION]
    assert len(told) == 1
    assert "eIDAS" in told[0].message_en
    assert "eIDAS" in told[0].message_fr
