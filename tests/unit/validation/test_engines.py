"""The fast engine gives the verdicts of the reference engine."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from passerelle.validation.engine import ReferenceEngine, ShapesEngine, TurboEngine
from passerelle.validation.shapes import Profile
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
    fast = TurboEngine(profile).validate(quads)
    reference = ReferenceEngine(profile).validate(quads)
    assert planted >= 100
    assert {finding.rule for finding in fast} >= fired
    assert {finding.key for finding in fast} == {finding.key for finding in reference}


def _near(quads: list[ox.Quad], nodes: set) -> list[ox.Quad]:
    """The quads of these nodes, and single quads that point to them."""
    return [quad for quad in quads if quad.subject in nodes or quad.object in nodes]


@pytest.mark.parametrize("engine", [TurboEngine, ReferenceEngine])
def test_good_records_conform_for_both(engine: type[TurboEngine] | type[ReferenceEngine], profile: Profile) -> None:
    assert engine(profile).validate(good_quads()) == []


def test_named_graphs_count_as_their_union(profile: Profile) -> None:
    graphs = (ox.NamedNode("https://example.org/a"), ox.NamedNode("https://example.org/b"))
    quads = [
        ox.Quad(quad.subject, quad.predicate, quad.object, graphs[position % 2])
        for position, quad in enumerate(good_quads())
    ]
    engine: ShapesEngine = TurboEngine(profile)
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
    for engine in (TurboEngine(profile), ReferenceEngine(profile)):
        assert [finding.focus for finding in engine.validate(quads)] == ["urn:2"]
