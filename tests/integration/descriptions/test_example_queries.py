"""Named queries as executable examples in the description of the service."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
from rdflib import DCTERMS, RDF, RDFS, SH, VOID, Dataset, Graph, Literal, Namespace, URIRef

from integration.descriptions.described import (
    DEPRECATED_IN_RDFLIB,
    conforms,
    get,
    graph_at,
    number,
)
from passerelle.build.example_queries import example_text
from passerelle.graph.release import Release
from passerelle.namespaces import PREFIXES, expand
from passerelle.queries import catalogue
from passerelle.settings import Settings
from passerelle.web.application import create_application
from small_release import ESCO, RNCP, small_release

pytestmark = DEPRECATED_IN_RDFLIB

# Example queries


def executables(graph: Graph) -> dict[str, str]:
    """Texts by IRI, as an editor with autocompletion asks for them."""
    rows = graph.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?query ?text"
        " { ?query a sh:SPARQLExecutable ; sh:select|sh:ask|sh:construct ?text }"
    )
    return {str(row.query): str(row.text) for row in rows}  # type: ignore[union-attr]


def test_every_named_query_is_an_example_that_answers_on_the_demo(demo_release: Release, quads: Dataset) -> None:
    base = demo_release.manifest.base
    found = executables(quads.graph(URIRef(f"{base}/graph/queries")))
    assert found == {f"{base}/id/query/{name}": example_text(query, base) for name, query in catalogue().items()}
    store = ox.Store.read_only(str(demo_release.store))
    for name, text in found.items():
        solutions = store.query(text, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        # no unit of the demonstration declares more than its peers
        assert next(solutions, None) is not None or name.endswith("units-with-many-declared-skills"), name


def test_an_example_says_what_it_is_for(demo_release: Release, quads: Dataset) -> None:
    base = demo_release.manifest.base
    graph = quads.graph(URIRef(f"{base}/graph/queries"))
    schema = Namespace(expand("schema:"))
    for name, query in catalogue().items():
        node = URIRef(f"{base}/id/query/{name}")
        assert set(graph.objects(node, RDF.type)) == {SH.SPARQLExecutable, SH.SPARQLSelectExecutable}
        assert set(graph.objects(node, RDFS.label)) == {
            Literal(query.title_en, lang="en"), Literal(query.title_fr, lang="fr")}  # fmt: skip
        assert {text.language for text in graph.objects(node, RDFS.comment)} == {"en", "fr"}  # type: ignore[attr-defined]
        assert {text.language for text in graph.objects(node, schema.keywords)} == {"en", "fr"}, name  # type: ignore[attr-defined]
        assert graph.value(node, schema.target) == URIRef(f"{base}/sparql")
        assert graph.value(node, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
        prefixes = {
            str(graph.value(declared, SH.prefix)): str(graph.value(declared, SH.namespace))
            for declared in graph.objects(graph.value(node, SH.prefixes), SH.declare)
        }
        assert prefixes["psl"] == expand("psl:")
        text = str(graph.value(node, SH.select))
        assert all(f"PREFIX {prefix}: <{namespace}>" in text for prefix, namespace in prefixes.items())
        assert len(prefixes) == text.count("PREFIX ")


def test_without_files_of_descriptions_the_manifest_is_what_there_is(tmp_path: Path) -> None:
    small_release(tmp_path)
    settings = Settings.of(environment={}, releases=tmp_path)
    application = create_application(settings)
    client = application.test_client()
    void = graph_at(client, "/.well-known/void")
    assert number(void, RNCP, VOID.triples) == 2
    assert number(void, ESCO, VOID.triples) == 300
    prefixes = re.findall(r"^@prefix (\S+):", get(client, "/.well-known/void").text, re.MULTILINE)
    assert set(prefixes) <= PREFIXES.keys()
    # what is no web address is no licence, but its name is told
    rights = void.value(URIRef(RNCP), DCTERMS.rights)
    assert (void.value(URIRef(RNCP), DCTERMS.license), str(void.value(rights, RDFS.label))) == (
        None,
        "Licence Ouverte 2.0",
    )
    page = get(client, "/catalogue", "text/html").text
    assert "RNCP &lt;b&gt;extract&lt;/b&gt;" in page
    assert "javascript:" not in page
    assert conforms(graph_at(client, "/catalogue"))[1].count("Severity: sh:Violation") == 0
    application.extensions["publication"].close()
    application.extensions["credentials"].close()
