"""Each shape fires on a planted fault, in both languages, and is silent on good records."""

from __future__ import annotations

import pytest
import rdflib
from rdflib.namespace import RDF, SH

from passerelle.records.finding import Severity
from passerelle.validation.engine import ReleaseEngine
from passerelle.validation.shapes import Profile
from unit.validation.planted import SHAPES, broken_quads, faults, good_quads

FAULTS = faults()


@pytest.fixture(scope="module")
def profile() -> Profile:
    return Profile.of_release()


@pytest.fixture(scope="module")
def engine(profile: Profile) -> ReleaseEngine:
    return ReleaseEngine(profile)


def test_good_records_conform(engine: ReleaseEngine) -> None:
    assert engine.validate(good_quads()) == []


def test_nothing_at_all_conforms(engine: ReleaseEngine) -> None:
    assert engine.validate([]) == []


@pytest.mark.parametrize(("expected", "update"), FAULTS, ids=lambda value: value if isinstance(value, str) else None)
def test_fault_is_found_by_its_shapes_alone(
    expected: frozenset[str], update: str, engine: ReleaseEngine, profile: Profile
) -> None:
    findings = engine.validate(broken_quads(update))
    assert {finding.rule for finding in findings} == expected
    for finding in findings:
        assert finding.severity is profile.rules[finding.rule].severity
        assert finding.messages == {
            "en": profile.rules[finding.rule].message_en,
            "fr": profile.rules[finding.rule].message_fr,
        }


def test_every_shape_that_can_fire_has_a_planted_fault(profile: Profile) -> None:
    fired = {rule for expected, _ in FAULTS for rule in expected}
    graph = profile.graph
    not_constraints = {
        RDF.type,
        SH.property,
        SH.targetClass,
        SH.targetObjectsOf,
        SH.targetSubjectsOf,
        SH.severity,
        SH.message,
        rdflib.DCTERMS.source,
    }
    helpers = {str(shape) for shape in graph.objects(None, SH["not"])}
    able = {
        rule
        for rule in profile.rules
        if rule not in helpers and set(graph.predicates(rdflib.URIRef(rule))) - not_constraints
    }
    assert able == fired


def test_no_shape_is_anonymous(profile: Profile) -> None:
    graph = profile.graph
    properties = (SH.property, SH.node, SH["not"], SH.sparql, SH.qualifiedValueShape)
    named = {shape for each in properties for shape in graph.objects(None, each)}
    named |= {shape for kind in (SH.NodeShape, SH.PropertyShape) for shape in graph.subjects(RDF.type, kind)}
    named |= set(graph.subjects(SH.path, None)) - {None}
    assert all(isinstance(shape, rdflib.URIRef) and shape.startswith(SHAPES) for shape in named)


def test_every_property_shape_is_used(profile: Profile) -> None:
    graph = profile.graph
    used = set(graph.objects(None, SH.property)) | set(graph.subjects(SH.targetObjectsOf, None))
    assert set(graph.subjects(RDF.type, SH.PropertyShape)) <= used


def test_every_shape_says_severity_message_and_source_in_both_languages(profile: Profile) -> None:
    assert len(profile.rules) > 120
    for rule in profile.rules.values():
        assert rule.iri.startswith(SHAPES)
        assert rule.severity in Severity
        for english, french in ((rule.message_en, rule.message_fr), (rule.source_en, rule.source_fr)):
            assert english.strip()
            assert french.strip()
        assert rule.message_en != rule.message_fr


def test_a_shape_without_its_sentence_is_refused(tmp_path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . "
        '<urn:s> a sh:NodeShape ; sh:severity sh:Info ; sh:message "x"@en .',
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="urn:s"):
        _ = Profile((broken,)).rules


def test_version_follows_the_bytes_of_the_files(tmp_path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("# one", encoding="utf-8")
    first = Profile((path,)).version
    path.write_text("# two", encoding="utf-8")
    assert len(first) == 16
    assert Profile((path,)).version != first


def test_finding_names_path_component_and_value(engine: ReleaseEngine) -> None:
    update = (
        'DELETE { ?b dcterms:identifier ?i } INSERT { ?b dcterms:identifier "01" } '
        "WHERE { ?b a psl:Bloc ; dcterms:identifier ?i }"
    )
    (finding,) = engine.validate(broken_quads(update))
    assert finding.focus == "https://w3id.org/passerelle/demo/id/rncp/99001/bloc/RNCP99001BC01"
    assert finding.path == "dcterms:identifier"
    assert finding.component == "sh:PatternConstraintComponent"
    assert finding.value == "01"
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("update", "path"),
    [
        ("DELETE WHERE { ?q psl:certifierRole ?r }", "^psl:certifierRole"),
        ("DELETE WHERE { <rs/9901/registration> psl:decisionDate ?d }", "(psl:effectDate | psl:decisionDate)"),
        (
            "DELETE { ?b psl:eqfLevelNumber ?n } INSERT { ?b psl:eqfLevelNumber 6 } "
            "WHERE { ?b a psl:Bloc ; psl:eqfLevelNumber ?n }",
            "psl:blocOf / psl:eqfLevelNumber",
        ),
        ("DELETE WHERE { <rncp/99001> psl:targetOccupation ?o }", "psl:targetOccupation"),
    ],
)
def test_paths_read_as_in_sparql(update: str, path: str, engine: ReleaseEngine) -> None:
    assert {finding.path for finding in engine.validate(broken_quads(update))} == {path}
