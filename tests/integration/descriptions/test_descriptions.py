"""The description of the service and of each release, in all formats, and what a client may keep."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, RDF, RDFS, VOID, Literal, URIRef
from rdflib.compare import isomorphic

from integration.descriptions.described import (
    DEPRECATED_IN_RDFLIB,
    ESCO_SENTENCE,
    PSL,
    PUBLIC,
    RDF_TYPES,
    SD,
    get,
    graph_at,
    number,
)
from passerelle.graph.release import Release

pytestmark = DEPRECATED_IN_RDFLIB

# All RDF formats, and what a client may keep


@pytest.mark.parametrize("path", ["/.well-known/void", "/catalogue", "/sparql"])
def test_every_format_says_the_same(client: FlaskClient, path: str) -> None:
    turtle = graph_at(client, path)
    for accept in RDF_TYPES:
        assert isomorphic(graph_at(client, path, accept), turtle), accept
    assert len(turtle) > 100


@pytest.mark.parametrize("path", ["/.well-known/void", "/catalogue", "/sparql"])
def test_a_description_names_the_licences_and_is_not_sent_twice(client: FlaskClient, path: str) -> None:
    response = get(client, path)
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in response.headers.getlist("Link")
    again = get(client, path, **{"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = get(client, path, "application/n-triples", **{"If-None-Match": response.headers["ETag"]})
    assert other.status_code == 200
    assert get(client, path, "image/png").status_code == 406


# Service description


def test_the_service_describes_itself_and_each_graph(demo_release: Release, client: FlaskClient) -> None:
    found = graph_at(client, "/sparql")
    (service,) = found.subjects(RDF.type, SD.Service)
    assert set(found.objects(service, SD.endpoint)) == {URIRef(f"{PUBLIC}/sparql")}
    assert set(found.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(found.objects(service, SD.feature)) == {SD.UnionDefaultGraph}
    formats = {
        str(each).removeprefix("http://www.w3.org/ns/formats/") for each in found.objects(service, SD.resultFormat)
    }
    assert formats == {"SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
                       "Turtle", "N-Triples", "RDF_XML", "JSON-LD"}  # fmt: skip
    dataset = found.value(service, SD.defaultDataset)
    sizes = {}
    for named in found.objects(dataset, SD.namedGraph):
        content = found.value(named, SD.graph)
        sizes[str(found.value(named, SD.name))] = number(found, content, VOID.triples)
        assert found.value(content, DCTERMS.license) or found.value(content, DCTERMS.rights)
    assert sizes == demo_release.manifest.graphs
    available = found.value(service, SD.availableGraphs)
    assert set(found.objects(available, SD.namedGraph)) == set(found.objects(dataset, SD.namedGraph))
    assert (None, PSL.attribution, Literal(ESCO_SENTENCE, lang="en")) in found


def test_the_limits_of_a_query_stand_there_in_both_languages(client: FlaskClient) -> None:
    found = graph_at(client, "/sparql")
    (service,) = found.subjects(RDF.type, SD.Service)
    comments = {text.language: str(text) for text in found.objects(service, RDFS.comment) if isinstance(text, Literal)}
    assert comments.keys() == {"en", "fr"}
    assert "65,536 bytes, runs at most 20 seconds" in comments["en"]
    assert "10,000,000 rows" in comments["en"]
    assert "SERVICE is refused" in comments["en"]
    assert "SERVICE est refusé" in comments["fr"]


def test_federation_is_claimed_only_where_it_is_open(federated: FlaskClient) -> None:
    found = graph_at(federated, "/sparql")
    (service,) = found.subjects(RDF.type, SD.Service)
    assert (service, SD.feature, SD.BasicFederatedQuery) in found
    comment = next(str(text) for text in found.objects(service, RDFS.comment) if text.language == "en")  # type: ignore[attr-defined]
    assert "https://a.example/sparql, https://b.example/sparql" in comment
