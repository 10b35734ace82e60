"""HermiT over the closure with ELM 3.1: consistent, every class satisfiable, wrong combinations of classes not."""

from __future__ import annotations

import os
import shutil
from io import BytesIO
from pathlib import Path

import owlready2
import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from passerelle.namespaces import PREFIXES, expand
from unit.ontology.ontology_files import NAMESPACE, graph_of, ontology_files, store_of, terms, unsupported

WRONG = {
    "BlocThatIsAFullQualification": ["psl:Bloc", "psl:FullQualification"],
    "MicroCredentialThatIsAFullQualification": ["psl:MicroCredential", "psl:FullQualification"],
    "LearningActivityThatIsComparable": ["psl:LearningActivity", "psl:ComparableSpecification"],
    "AchievementThatIsASpecificationByElmAlone": ["psl:Achievement", "elm:Qualification"],
    "AchievementThatIsItsOwnMedium": ["psl:Achievement", "psl:AchievementMedium"],
    "BlocThatIsAnRsEntry": ["psl:Bloc", "psl:SpecificCertification"],
}
"""Classes that nothing can be in, by a name for what would be in them: a run of the reasoner takes five seconds."""
PLANTED = "https://example.org/wrong/"
RIGHT = [
    ["psl:Bloc"],
    ["psl:FullQualification", "elm:Qualification"],
    ["psl:MicroCredential"],
    ["psl:LearningActivity"],
]


@pytest.fixture(scope="module", autouse=True)
def _java() -> None:
    if shutil.which("java") is None:
        reason = "HermiT needs a Java runtime: apt-get install default-jre-headless"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def _completed(graph: Graph) -> Graph:
    """`graph` as a reasoner can take it: ELM leaves classes of others undeclared, and uses datatypes outside OWL 2.

    Without the declarations the OWL API takes `dcterms:Location` and others for datatypes; what is left out is
    asserted in `test_what_is_left_out_for_the_reasoner_is_no_statement_of_ours`.
    """
    for statement in [*unsupported(graph), *graph.triples((None, OWL.imports, None))]:
        graph.remove(statement)
    declared = set(graph.subjects(RDF.type, OWL.Class))
    relations = set(graph.subjects(RDF.type, OWL.ObjectProperty))
    used = {each for pair in graph.subject_objects(RDFS.subClassOf) for each in pair}
    used |= {each for relation in relations for each in graph.objects(relation, RDFS.range)}
    used |= set(graph.objects(None, RDFS.domain))
    builtin = (PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["xsd"])
    for found in used - declared:
        if not str(found).startswith(builtin):
            graph.add((found, RDF.type, OWL.Class))
    return graph


@pytest.fixture(scope="module")
def closure(reference: Path) -> bytes:
    """Ontology and ELM 3.1 as N-Triples: owlready2 loads Turtle silently as no classes at all."""
    elm = reference / "elm" / "ontology"
    graph = _completed(graph_of([*ontology_files(), elm / "ELM-3.1.0.ttl", elm / "ELM-external.ttl"]))
    return graph.serialize(format="nt", encoding="utf-8")


def _load(closure: bytes, individuals: Graph | None = None) -> owlready2.World:
    world = owlready2.World()
    added = b"" if individuals is None else individuals.serialize(format="nt", encoding="utf-8")
    ontology = world.get_ontology("https://w3id.org/passerelle/test-closure#")
    ontology.load(fileobj=BytesIO(closure + added), format="ntriples")
    return world


def _individuals(*each: list[str]) -> Graph:
    graph = Graph()
    for number, classes in enumerate(each):
        subject = URIRef(f"https://example.org/individual/{number}")
        graph.add((subject, RDF.type, OWL.NamedIndividual))
        for name in classes:
            graph.add((subject, RDF.type, URIRef(expand(name))))
    return graph


def _reason(world: owlready2.World) -> None:
    owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)


def test_every_class_is_loaded(closure: bytes) -> None:
    loaded = {found.iri for found in _load(closure).classes()}
    ours = terms(graph_of(ontology_files()), OWL.Class)
    assert len(ours) == 36
    assert {iri for iri in loaded if iri.startswith(NAMESPACE)} == ours
    assert len({iri for iri in loaded if iri.startswith(PREFIXES["elm"])}) >= 47


def test_what_is_left_out_for_the_reasoner_is_no_statement_of_ours(reference: Path) -> None:
    elm = Graph().parse(reference / "elm" / "ontology" / "ELM-3.1.0.ttl")
    left_out = unsupported(elm)
    assert {p for _, p, _ in left_out} == {
        RDFS.range,
        URIRef(expand("dcterms:created")),
        URIRef(expand("dcterms:modified")),
    }
    assert {o for _, p, o in left_out if p == RDFS.range} == {XSD.duration, RDF.HTML}
    assert all(isinstance(o, Literal) for _, p, o in left_out if p != RDFS.range)
    assert unsupported(graph_of(ontology_files())) == []


def test_every_class_is_satisfiable_but_the_wrong_ones(closure: bytes) -> None:
    planted = _individuals(*RIGHT)
    for name, classes in WRONG.items():
        planted.add((URIRef(PLANTED + name), RDF.type, OWL.Class))
        for each in classes:
            planted.add((URIRef(PLANTED + name), RDFS.subClassOf, URIRef(expand(each))))
    world = _load(closure, planted)
    _reason(world)
    found = {each.iri for each in world.inconsistent_classes()} - {str(OWL.Nothing)}
    assert found == {PLANTED + name for name in WRONG}


def test_a_bloc_of_a_micro_credential_is_inconsistent(closure: bytes) -> None:
    individuals = _individuals(["psl:Bloc"], ["psl:MicroCredential"])
    bloc, whole = (URIRef(f"https://example.org/individual/{number}") for number in (0, 1))
    individuals.add((bloc, URIRef(expand("psl:blocOf")), whole))
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        _reason(_load(closure, individuals))


def test_a_small_release_is_consistent_with_ontology_and_elm(closure: bytes) -> None:
    release = Graph()
    for quad in store_of([], (Path(__file__).parent / "small_release.trig").read_text(encoding="utf-8")):
        release.parse(data=f"{quad.triple} .", format="nt")
    assert len(release) > 60
    for statement in unsupported(release):
        release.remove(statement)
    _reason(_load(closure, release))
