"""The fast engine gives the verdicts of the reference engine."""

from __future__ import annotations

import subprocess
import sys

import pyoxigraph as ox
import pytest

from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, Term
from passerelle.validation.engine import Reference, ReleaseEngine, ShapesEngine, Turbo
from passerelle.validation.report import Path
from passerelle.validation.shapes import Profile
from passerelle.validation.terms import triples_of
from unit.validation.planted import broken_quads, faults, good_quads, moved


@pytest.fixture(scope="module")
def profile() -> Profile:
    return Profile.of_release()


def test_same_findings_on_every_planted_fault(profile: Profile) -> None:
    quads = []
    planted = 0
    fired: set[str] = set()
    for expected, update in faults():
        if "_:b" not in update:  # engines name blank nodes as they like
            planted += 1
            fired |= expected
            # what is good in every copy would only cost time: the reference parses a query anew for each focus node
            changed = set(broken_quads(update)) ^ set(good_quads())
            nodes = {quad.subject for quad in changed} | {quad.object for quad in changed}
            quads += moved(_near(broken_quads(update), nodes), f"https://example.org/{planted}")
    fast = ReleaseEngine(profile).validate(quads)
    reference = ReleaseEngine(profile, Reference).validate(quads)
    assert planted >= 100
    assert {finding.rule for finding in fast} >= fired
    assert {finding.key for finding in fast} == {finding.key for finding in reference}


def _near(quads: list[ox.Quad], nodes: set) -> list[ox.Quad]:
    """The quads of these nodes, and single quads that point to them."""
    return [quad for quad in quads if quad.subject in nodes or quad.object in nodes]


@pytest.mark.parametrize("engine", [Turbo, Reference])
def test_good_records_conform_for_both(engine: type[Turbo] | type[Reference], profile: Profile) -> None:
    assert ReleaseEngine(profile, engine).validate(good_quads()) == []


def test_named_graphs_count_as_their_union(profile: Profile) -> None:
    graphs = (ox.NamedNode("https://example.org/a"), ox.NamedNode("https://example.org/b"))
    quads = [
        ox.Quad(quad.subject, quad.predicate, quad.object, graphs[position % 2])
        for position, quad in enumerate(good_quads())
    ]
    engine: ShapesEngine = ReleaseEngine(profile)
    assert engine.validate(quads) == []


def test_plain_strings_are_compared_as_strings(tmp_path) -> None:
    """pyshacl-turbo 0.6.5 does not do so when it is given a pyoxigraph Store; ours goes another way."""
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
        <urn:s> a sh:NodeShape ; sh:targetClass <urn:C> ; sh:property <urn:p> ; sh:severity sh:Info ;
            sh:message "a"@en, "b"@fr ; dcterms:source "a"@en, "b"@fr .
        <urn:p> a sh:PropertyShape ; sh:path <urn:q> ; sh:in ( "Publiée" ) ; sh:severity sh:Info ;
            sh:message "a"@en, "b"@fr ; dcterms:source "a"@en, "b"@fr .""",
        encoding="utf-8",
    )
    profile = Profile((shapes,))
    data = '<urn:1> a <urn:C> ; <urn:q> "Publiée" . <urn:2> a <urn:C> ; <urn:q> "Publiée"@fr .'
    quads = [ox.Quad(*triple) for triple in ox.parse(data, format=ox.RdfFormat.TURTLE)]
    for engine in (ReleaseEngine(profile), ReleaseEngine(profile, Reference)):
        assert [finding.focus for finding in engine.validate(quads)] == ["urn:2"]


_SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:s> a sh:NodeShape ; sh:targetClass <urn:C> ; sh:property <urn:p> , <urn:i> .
<urn:p> a sh:PropertyShape ; sh:path <urn:q> ; sh:datatype xsd:string ; sh:message "a"@en , "b"@fr .
<urn:i> a sh:PropertyShape ; sh:path ( [ sh:inversePath <urn:r> ] <urn:q> ) ; sh:maxCount 0 ."""
_TYPE = Term(IRI, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DATA = (
    (Term(BLANK, "a-label"), _TYPE, Term(IRI, "urn:C")),
    (Term(BLANK, "a-label"), Term(IRI, "urn:q"), Term(LITERAL, "01", "http://www.w3.org/2001/XMLSchema#integer")),
    (Term(BLANK, "a-label"), Term(IRI, "urn:q"), Term(LITERAL, "x", None, "fr")),
    (Term(BLANK, "a-label"), Term(IRI, "urn:q"), Term(BLANK, "other.label-1")),
    (Term(BLANK, "a-label"), Term(IRI, "urn:q"), Term(LITERAL, "plain")),
    (Term(IRI, "urn:x"), Term(IRI, "urn:r"), Term(BLANK, "a-label")),
    (Term(IRI, "urn:x"), Term(IRI, "urn:q"), Term(LITERAL, "plain")),
)


def _results(engine: Turbo | Reference) -> set[tuple[object, ...]]:
    return {(each.shape, each.focus, each.path, each.component, each.value) for each in engine.results(_DATA)}


@pytest.mark.parametrize("kind", [Turbo, Reference])
def test_results_name_terms_as_they_were_given(kind: type[Turbo] | type[Reference]) -> None:
    engine = kind(triples_of(ox.parse(_SHAPES, format=ox.RdfFormat.TURTLE)))
    shacl = "http://www.w3.org/ns/shacl#"
    focus = Term(BLANK, "a-label")
    wanted = {
        ("urn:p", focus, Path("<urn:q>", "urn:q"), f"{shacl}DatatypeConstraintComponent", value)
        for value in (_DATA[1][2], _DATA[2][2], _DATA[3][2])
    }
    wanted.add(("urn:i", focus, Path("^<urn:r> / <urn:q>", ""), f"{shacl}MaxCountConstraintComponent", None))
    assert _results(engine) == wanted
    words = next(each.messages for each in engine.results(_DATA) if each.shape == "urn:p")
    assert {each.language for each in words} <= {"en", "fr"}


def test_the_reference_engine_is_not_imported_before_it_is_needed() -> None:
    """It would double the time that each worker and each command takes to start."""
    code = "import sys, passerelle.validation.credentials.validator; print('pyshacl' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False"]


def test_values_are_not_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    engine = Reference(triples_of(ox.parse(_SHAPES, format=ox.RdfFormat.TURTLE)))
    for datatype in ("boolean", "dateTime", "integer"):
        bad = Term(LITERAL, "Marie Dupont", f"http://www.w3.org/2001/XMLSchema#{datatype}")
        engine.results((*_DATA, (Term(BLANK, "a-label"), Term(IRI, "urn:q"), bad)))
    assert "Dupont" not in caplog.text
    assert "Dupont" not in "".join(capfd.readouterr())
