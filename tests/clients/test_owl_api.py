"""Protégé as a client: it opens the ontology by the OWL API, whose version 3 comes inside owlready2 with HermiT."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import owlready2
import pytest
from rdflib import OWL, RDF, Graph, URIRef

from passerelle.namespaces import PREFIXES
from raw_http import ask
from running_server import Server

OURS = PREFIXES["psl"]
CLASSES = 36
OWL_API_5 = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"
OWL_API_3 = "application/rdf+xml, application/xml; q=0.5, text/xml; q=0.3, */*; q=0.2"
HERMIT = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"


@pytest.mark.parametrize("accept", [OWL_API_5, OWL_API_3], ids=["version 5", "version 3"])
def test_what_the_owl_api_asks_for_is_rdf_xml_without_a_redirect(server: Server, accept: str) -> None:
    answer = ask(server, "/ontology", Accept=accept, Accept_Encoding="xz,gzip,deflate", User_Agent="Java/17.0.15")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/rdf+xml")
    assert answer.headers["Content-Encoding"] == "gzip"
    plain = ask(server, "/ontology", Accept=accept)
    graph = Graph().parse(data=plain.body, format="xml")
    assert len({each for each in graph.subjects(RDF.type, OWL.Class) if str(each).startswith(OURS)}) == CLASSES
    assert (URIRef("https://w3id.org/passerelle/ontology"), RDF.type, OWL.Ontology) in graph


def test_another_reader_of_owl_finds_every_class(server: Server, tmp_path: Path) -> None:
    statements = ask(server, "/ontology?format=ntriples").body
    (tmp_path / "ontology.nt").write_bytes(statements)
    world = owlready2.World()
    with (tmp_path / "ontology.nt").open("rb") as opened:
        ontology = world.get_ontology("https://w3id.org/passerelle/ontology#")
        ontology.load(fileobj=opened, format="ntriples", only_local=True)
    assert len({found.iri for found in world.classes() if found.iri.startswith(OURS)}) == CLASSES


def test_the_owl_api_opens_and_classifies_the_ontology_from_its_address(server: Server) -> None:
    java = shutil.which("java")
    if java is None:
        reason = "the OWL API needs a Java runtime: apt-get install default-jre-headless"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    program = "org.semanticweb.HermiT.cli.CommandLine"
    command = [java, "-cp", str(HERMIT), program, "--classify", f"{server.address}ontology"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    # its documents are one: nothing else is asked for, from anywhere
    assert "Exception" not in ended.stderr, ended.stderr[:1000]
    # by way of psl:ComparableSpecification, which its own text places below ELM
    assert f"SubClassOf( <{OURS}Bloc> <{OURS}ComparableSpecification> )" in ended.stdout
    below = f"SubClassOf( <{OURS}ComparableSpecification> <{PREFIXES['elm']}LearningAchievementSpecification> )"
    assert below in ended.stdout
