"""The Turtle modules: they parse, are documented in both languages, and stay within OWL 2 DL."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef

from passerelle import __version__
from passerelle.namespaces import ONTOLOGY, PREFIXES
from unit.ontology.ontology_files import NAMESPACE, graph_of, ontology_files, terms, unsupported, vocabulary_files

# what design.md fixes by name; renaming any of these breaks queries of other people
FIXED = (
    "FullQualification",
    "Bloc",
    "SpecificCertification",
    "MicroCredential",
    "PartialQualification",
    "Component",
    "LearningActivity",
    "Registration",
    "OfficialCorrespondence",
    "LearningOutcome",
    "SkillLink",
    "ComparabilityAssertion",
    "ComparableSpecification",
    "Unresolved",
    "Claim",
    "Achievement",
    "AchievementMedium",
    "Recognition",
    "blocOf",
    "hasOutcome",
    "eqfLevelNumber",
    "linkedOutcome",
    "linkedSkill",
    "matchRelation",
    "confidence",
    "linkState",
    "coverageLower",
    "coverageExpected",
    "coverageUpper",
    "mayLeadTo",
    "recognisedTowards",
    "carriedBy",
)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return graph_of(ontology_files())


@pytest.mark.parametrize("path", [*ontology_files(), *vocabulary_files()], ids=lambda path: path.name)
def test_file_parses_and_holds_no_blank_node(path: Path) -> None:
    graph = Graph().parse(path)
    assert len(graph) > 10
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]


@pytest.mark.parametrize("name", FIXED)
def test_name_fixed_by_the_design_is_declared(ontology: Graph, name: str) -> None:
    kinds = {OWL.Class} if name[0].isupper() else {OWL.ObjectProperty, OWL.DatatypeProperty}
    assert kinds & set(ontology.objects(URIRef(NAMESPACE + name), RDF.type))


def test_every_name_that_code_rules_and_mappings_use_is_declared(ontology: Graph, root: Path) -> None:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
    declared = {term.removeprefix(NAMESPACE) for kind in kinds for term in terms(ontology, kind)}
    suffixes = {".py", ".rq", ".tsv", ".ttl", ".trig", ".jsonld"}
    used: dict[str, set[str]] = {}
    for top in ("service", "shapes", "mappings", "ontology", "data"):
        for path in (root / top).rglob("*"):
            if path.suffix in suffixes:
                text = path.read_text(encoding="utf-8")
                for name in re.findall(r"(?:\bpsl:|passerelle/ontology#)([A-Za-z]\w*)", text):
                    used.setdefault(name, set()).add(path.relative_to(root).as_posix())
    assert len(used) > 100
    assert {name: places for name, places in used.items() if name not in declared} == {}


def test_every_import_is_a_file_of_that_name_and_all_are_reached() -> None:
    by_iri: dict[str, Graph] = {}
    for path in ontology_files():
        iri = ONTOLOGY if path.stem == "passerelle" else f"{ONTOLOGY}/{path.stem}"
        by_iri[iri] = Graph().parse(path)
        assert (URIRef(iri), RDF.type, OWL.Ontology) in by_iri[iri]
    reached, queue = set(), [ONTOLOGY]
    while queue:
        iri = queue.pop()
        if iri not in reached:
            reached.add(iri)
            queue += [str(imported) for imported in by_iri[iri].objects(URIRef(iri), OWL.imports)]
    assert reached == set(by_iri)


def test_versions_are_those_of_the_software(ontology: Graph) -> None:
    versions = {str(version) for version in ontology.objects(None, OWL.versionInfo)}
    assert versions == {__version__}
    for module, version in ontology.subject_objects(OWL.versionIRI):
        assert str(version) == f"{module}/{__version__}"


def test_no_property_is_of_two_kinds(ontology: Graph) -> None:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.Class)
    declared: dict[Any, set[URIRef]] = {}
    for kind in kinds:
        for term in ontology.subjects(RDF.type, kind):
            declared.setdefault(term, set()).add(kind)
    assert {term: found for term, found in declared.items() if len(found) > 1} == {}


def test_every_term_in_an_axiom_is_declared(ontology: Graph) -> None:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    declared = {term for kind in kinds for term in ontology.subjects(RDF.type, kind)}
    builtin = (PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["xsd"])
    axioms = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.disjointWith, OWL.inverseOf)
    used = {term for axiom in axioms for pair in ontology.subject_objects(axiom) for term in pair}
    used |= set(ontology.predicates())
    assert {str(term) for term in used - declared if not str(term).startswith(builtin)} == set()


def test_object_properties_range_over_classes_and_data_properties_over_datatypes(ontology: Graph) -> None:
    # OWL 2 DL allows the datatypes of its map; rdfs:Literal stands for those it lacks
    datatypes = {"string", "integer", "decimal", "boolean", "dateTime", "anyURI"}
    for name in terms(ontology, OWL.DatatypeProperty):
        (found,) = ontology.objects(URIRef(name), RDFS.range)
        assert found == RDFS.Literal or str(found).removeprefix(PREFIXES["xsd"]) in datatypes, name
    for name in terms(ontology, OWL.ObjectProperty):
        (found,) = ontology.objects(URIRef(name), RDFS.range)
        assert found == OWL.Thing or (found, RDF.type, OWL.Class) in ontology, name


def test_no_datatype_outside_the_owl_2_datatype_map(ontology: Graph) -> None:
    assert unsupported(ontology) == []


def test_bloc_of_does_not_fall_under_the_symmetric_elm_property(ontology: Graph, reference: Path) -> None:
    elm = Graph().parse(reference / "elm" / "ontology" / "ELM-3.1.0.ttl")
    part = URIRef(PREFIXES["elm"] + "isPartOf")
    assert (part, RDF.type, OWL.SymmetricProperty) in elm
    assert part not in set(ontology.transitive_objects(URIRef(NAMESPACE + "blocOf"), RDFS.subPropertyOf))


def test_terms_taken_from_elm_exist_there(ontology: Graph, reference: Path) -> None:
    elm = Graph().parse(reference / "elm" / "ontology" / "ELM-3.1.0.ttl")
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    for kind in kinds:
        ours = {term for term in ontology.subjects(RDF.type, kind) if str(term).startswith(PREFIXES["elm"])}
        assert ours - set(elm.subjects(RDF.type, kind)) == set(), kind
