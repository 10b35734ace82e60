"""The Turtle report is a validation report in the sense of SHACL, section 3.6, for two parsers."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import DCTERMS, RDF, RDFS, SH, Literal, URIRef
from rdflib.compare import isomorphic

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import CredentialReport
from passerelle.validation.credentials.reports import turtle_report
from passerelle.validation.credentials.reports.property_path import NotAPath, turtle
from passerelle.validation.credentials.rules import RULES

ONCE = (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape)
AT_MOST_ONCE = (SH.resultPath, SH.value)


@pytest.fixture
def graph(invalid: CredentialReport, valid: CredentialReport, unreadable: CredentialReport) -> rdflib.Graph:
    text = turtle_report.write([invalid, valid, unreadable], "en")
    graph = rdflib.Graph().parse(data=text, format="turtle")
    triples = list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
    other = rdflib.Graph().parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    assert isomorphic(graph, other)
    return graph


def test_every_report_and_result_has_what_shacl_asks_for(graph: rdflib.Graph) -> None:
    reports = list(graph.subjects(RDF.type, SH.ValidationReport))
    assert len(reports) == 3
    for report in reports:
        (conforms,) = graph.objects(report, SH.conforms)
        violations = [
            each for each in graph.objects(report, SH.result) if (each, SH.resultSeverity, SH.Violation) in graph
        ]
        assert conforms == Literal(not violations)
        assert (report, URIRef(expand("sh:conformanceDisallows")), SH.Violation) in graph
    results = set(graph.subjects(RDF.type, SH.ValidationResult))
    assert results == set(graph.objects(None, SH.result)) | set(graph.objects(None, SH.detail))
    for result in results:
        for name in ONCE:
            assert len(list(graph.objects(result, name))) == 1, name
        for name in AT_MOST_ONCE:
            assert len(list(graph.objects(result, name))) <= 1, name
        assert {each.language for each in graph.objects(result, SH.resultMessage)} == {"en", "fr"}
        assert next(graph.objects(result, SH.resultSeverity)) in (SH.Violation, SH.Warning, SH.Info)


def test_each_report_names_its_file(graph: rdflib.Graph) -> None:
    for report in graph.subjects(RDF.type, SH.ValidationReport):
        (title,) = graph.objects(report, DCTERMS.title)
        (file,) = graph.objects(report, DCTERMS.source)
        assert list(graph.objects(file, RDFS.label)) == [title]
    assert Literal("folder/my credential.json") in set(graph.objects(None, DCTERMS.title))


def test_results_say_what_was_found(graph: rdflib.Graph) -> None:
    (follows,) = graph.subjects(SH.sourceShape, URIRef(f"{RULES}ELM-EDC-title-minCount"))
    assert next(graph.objects(follows, SH.resultPath)) == URIRef(expand("dcterms:title"))
    assert next(graph.objects(follows, SH.sourceConstraintComponent)) == SH.MinCountConstraintComponent
    assert isinstance(next(graph.objects(follows, SH.focusNode)), rdflib.BNode)
    cause = next(graph.subjects(SH.detail, follows))
    own = next(graph.objects(cause, SH.sourceConstraintComponent))
    assert str(own) == turtle_report.OWN_COMPONENT
    names = {str(each) for each in graph.objects(next(graph.objects(cause, SH.focusNode)), RDFS.label)}
    assert names == {"folder/my credential.json"}
    (aside,) = graph.subjects(SH.sourceShape, URIRef(f"{RULES}ELM-EDC-scheme-hasValue"))
    assert next(graph.objects(aside, SH.resultSeverity)) == SH.Info
    assert next(graph.objects(aside, SH.value)) == URIRef("http://data.europa.eu/snb/eqf")
    (note,) = graph.subjects(SH.sourceShape, URIRef(f"{RULES}ELM-FIELDS-NOTE"))
    assert Literal("A “note” \\ with\nmarks", lang="en") in set(graph.objects(note, SH.resultMessage))
    assert next(graph.objects(note, SH.value)) == Literal('a "b" \\')


def test_the_same_report_gives_the_same_bytes(invalid: CredentialReport) -> None:
    assert turtle_report.write([invalid], "en") == turtle_report.write([invalid], "en")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("http://example.org/p", "<http://example.org/p>"),
        ("dcterms:title", "<http://purl.org/dc/terms/title>"),
        ("^elm:hasPart", f"[ sh:inversePath <{expand('elm:hasPart')}> ]"),
        (
            "(elm:hasPart | <urn:x:y>)* / skos:prefLabel",
            f"( [ sh:zeroOrMorePath [ sh:alternativePath ( <{expand('elm:hasPart')}> <urn:x:y> ) ] ]"
            f" <{expand('skos:prefLabel')}> )",
        ),
        ("elm:hasPart+ / elm:hasPart?", f"( [ sh:oneOrMorePath <{expand('elm:hasPart')}> ]"
         f" [ sh:zeroOrOnePath <{expand('elm:hasPart')}> ] )"),
    ],
)  # fmt: skip
def test_paths_of_sparql_become_paths_of_shacl(path: str, written: str) -> None:
    assert turtle(path) == written


@pytest.mark.parametrize("path", ["(", "a b", "elm:hasPart /", "<http://a b>", "(" * 200, "x", "| elm:hasPart", ")"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(NotAPath):
        turtle(path)
