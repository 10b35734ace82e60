"""Terms dereference: ontology, vocabularies and shapes, as data and as pages with an anchor a term."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from passerelle.graph.definitions import document_of, documents
from passerelle.namespaces import ONTOLOGY, VOCABULARY, expand
from passerelle.resources import folder
from passerelle.settings import Settings
from passerelle.web.application import create_application
from small_release import BASE, small_release

# rdflib's JSON-LD parser uses what rdflib itself deprecates
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PARSERS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
}
SHAPES = "https://w3id.org/passerelle/shapes/"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    releases = tmp_path_factory.mktemp("releases")
    small_release(releases)
    created = create_application(Settings(releases=releases, workers=1, client_rate=0))
    yield created
    for name in ("publication", "credentials"):
        created.extensions[name].close()


def parsed(client: FlaskClient, address: str, media_type: str) -> Graph:
    response = client.get(address, headers={"Accept": media_type})
    assert response.status_code == 200
    assert response.mimetype == media_type
    return Graph().parse(data=response.data, format=PARSERS[media_type])


def beside(document: str) -> set[tuple[URIRef, URIRef, URIRef | Literal]]:
    """What each document of the service says beside its own content: whose data the service holds."""
    dataset = URIRef(f"{BASE}/id/dataset")
    attribution = URIRef(expand("psl:attribution"))
    return {
        (URIRef(document), DCTERMS.relation, dataset),
        (dataset, attribution, Literal("Source: France compétences", lang="en")),
        (dataset, attribution, Literal("Source : France compétences", lang="fr")),
    }


@pytest.mark.parametrize("media_type", PARSERS)
def test_the_ontology_answers_under_its_own_address(client: FlaskClient, media_type: str) -> None:
    files = Graph()
    for path in folder("ontology").glob("*.ttl"):
        files.parse(path)
    # one document is one ontology: a reader would look for what it imports elsewhere
    modules = set(files.subjects(RDF.type, OWL.Ontology)) - {URIRef(ONTOLOGY)}
    assert len(modules) == 7
    expected = {each for each in files if each[0] not in modules and each[1] != OWL.imports}
    assert set(parsed(client, "/ontology", media_type)) == expected | beside(ONTOLOGY)


def test_modules_and_the_version_answer_as_well(client: FlaskClient) -> None:
    module = parsed(client, "/ontology/specifications", "text/turtle")
    assert (URIRef(f"{ONTOLOGY}/specifications"), RDF.type, OWL.Ontology) in module
    whole = parsed(client, "/ontology", "text/turtle")
    (version,) = whole.objects(URIRef(ONTOLOGY), OWL.versionIRI)
    assert str(version).startswith(ONTOLOGY + "/")
    assert set(parsed(client, f"/ontology/{str(version).rpartition('/')[2]}", "text/turtle")) == set(whole)
    imported = set(module.objects(URIRef(f"{ONTOLOGY}/specifications"), OWL.imports))
    assert imported
    for each in imported:
        assert client.get(str(each).removeprefix("https://w3id.org/passerelle")).status_code == 200


def test_the_whole_in_turtle_is_the_same_text_each_time_and_prefixed(client: FlaskClient) -> None:
    text = client.get("/ontology", headers={"Accept": "text/turtle"}).text
    prefixes = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes)
    assert text.startswith(prefixes[0])
    assert "psl:Bloc a owl:Class" in text.replace("rdf:type", "a")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_has_an_anchor_for_each_of_our_terms(client: FlaskClient, language: str) -> None:
    whole = documents()["ontology", ""]
    page = client.get(f"/ontology?lang={language}", headers={"Accept": BROWSER})
    assert page.mimetype == "text/html"
    identifiers = re.findall(r' id="([^"]+)"', page.text)
    assert len(identifiers) == len(set(identifiers))
    ours = {iri.partition("#")[2] for iri in whole.statements if iri.startswith(f"{ONTOLOGY}#")}
    assert ours
    assert ours <= set(identifiers)
    text = page.text.replace("&#39;", "'").replace("&#34;", '"')
    graph = parsed(client, "/ontology", "text/turtle")
    for term in (URIRef(expand("psl:Bloc")), URIRef(expand("psl:blocOf"))):
        for name in (RDFS.label, SKOS.definition):
            said = {each.language: str(each) for each in graph.objects(term, name) if isinstance(each, Literal)}
            assert said[language] in text
    # the superclass leads to its own anchor, and a class of ELM to ELM
    assert 'href="#ComparableSpecification"' in page.text
    assert 'href="http://data.europa.eu/snb/model/elm/LearningAchievementSpecification"' in page.text


def test_a_concept_answers_303_to_its_vocabulary(client: FlaskClient) -> None:
    concept = URIRef(f"{VOCABULARY}registration-status/ended")
    path = "/vocabulary/registration-status/ended"
    page = client.get(path, headers={"Accept": BROWSER})
    assert (page.status_code, page.headers["Location"]) == (303, "/definitions/vocabulary/registration-status#ended")
    assert "Accept" in page.headers["Vary"]
    target = client.get("/definitions/vocabulary/registration-status?lang=fr", headers={"Accept": BROWSER})
    assert 'id="ended"' in target.text
    assert "terminée" in target.text
    for media_type in PARSERS:
        found = client.get(path, headers={"Accept": media_type})
        assert found.status_code == 303
        graph = parsed(client, found.headers["Location"], media_type)
        assert (concept, SKOS.prefLabel, Literal("ended", lang="en")) in graph


@pytest.mark.parametrize("iri", [f"{SHAPES}catalogue/record", f"{SHAPES}catalogue", f"{SHAPES}credential/reading"])
def test_a_shape_answers_303_to_its_file(client: FlaskClient, iri: str) -> None:
    found = client.get(iri.removeprefix("https://w3id.org/passerelle"), headers={"Accept": "application/rdf+xml"})
    assert found.status_code == 303
    graph = parsed(client, found.headers["Location"], "application/rdf+xml")
    document = document_of(iri)
    assert document is not None
    expected = Graph().parse(document.files[0])
    for triple in beside(document.iri):
        expected.add(triple)
    assert isomorphic(graph, expected)
    assert (URIRef(iri), None, None) in graph


def test_a_rule_leads_to_its_page(client: FlaskClient) -> None:
    path = "/shapes/credential/ELM-READING-CONTEXT-UNKNOWN"
    page = client.get(path, headers={"Accept": BROWSER})
    assert (page.status_code, page.headers["Location"]) == (303, "/rules/ELM-READING-CONTEXT-UNKNOWN")
    assert client.get(page.headers["Location"], headers={"Accept": BROWSER}).status_code == 200
    data = client.get(path, headers={"Accept": "text/turtle"})
    assert data.headers["Location"] == "/definitions/shapes/credential/reading?format=turtle"
    listed = client.get("/definitions/shapes/credential/reading", headers={"Accept": BROWSER}).text
    assert 'href="/rules/ELM-READING-CONTEXT-UNKNOWN?lang=en"' in listed


def test_every_document_answers_in_every_form_and_states_its_licence(client: FlaskClient) -> None:
    addresses = re.findall(
        r'<li><a href="(/(?:ontology|definitions)[^"?]*)\?lang=en"', client.get("/definitions?lang=en").text
    )
    assert len(addresses) == len(documents())
    for address in addresses:
        for accept in (BROWSER, "text/turtle", "application/ld+json"):
            response = client.get(address, headers={"Accept": accept})
            assert response.status_code == 200, address
            links = response.headers.getlist("Link")
            assert sum('rel="alternate"' in link for link in links) == 5
            assert any('rel="license"' in link for link in links)
            again = client.get(address, headers={"Accept": accept, "If-None-Match": response.headers["ETag"]})
            assert again.status_code == 304
    assert f'<{LICENCE}>; rel="license"' in client.get("/ontology").headers.getlist("Link")
    assert {documents()["shapes", name].licence for name in ("catalogue", "units", "links")} == {LICENCE}


def test_terms_without_a_definition_are_404(client: FlaskClient) -> None:
    for path in (
        "/ontology/none",
        "/vocabulary/none",
        "/vocabulary/",
        "/shapes/credential",
        "/shapes/catalogue.ttl",
        "/definitions/shapes/LICENSE",
        "/definitions/shapes/../LICENSE",
        "/definitions/ontology/none",
    ):
        assert client.get(path).status_code == 404, path


def test_long_pages_say_that_they_are_cut(client: FlaskClient) -> None:
    page = client.get("/definitions/shapes/credential/profile/loq?lang=en", headers={"Accept": BROWSER})
    assert "The first 300 of 547 terms are shown" in page.text


def test_the_front_page_leads_to_the_terms(client: FlaskClient) -> None:
    page = client.get("/?lang=fr", headers={"Accept": BROWSER}).text
    (link,) = set(re.findall(r'href="(/definitions[^"]*)"', page))
    assert urlsplit(link).path == "/definitions"


@pytest.mark.parametrize(
    ("language", "labels"),
    [("en", {"usual prefix", "namespace", "related to"}), ("fr", {"préfixe usuel", "espace de noms", "lié à"})],
)
def test_what_the_ontology_says_of_itself_has_words_for_keys(
    client: FlaskClient, language: str, labels: set[str]
) -> None:
    page = client.get(f"/ontology?lang={language}", headers={"Accept": BROWSER}).text
    keys = set(re.findall("<dt>(.*?)</dt>", page))
    assert labels <= keys
    assert [key for key in keys if ":" in key] == []


def test_terms_are_defined_without_a_release(tmp_path: Path) -> None:
    client = create_application(Settings(releases=tmp_path)).test_client()
    found = parsed(client, "/ontology/specifications", "text/turtle")
    assert isomorphic(found, Graph().parse(folder("ontology") / "specifications.ttl"))
    assert client.get("/ontology", headers={"Accept": BROWSER}).status_code == 200


def test_a_new_release_is_another_state_of_a_document(tmp_path: Path) -> None:
    """Its attributions may be others."""
    small_release(tmp_path)
    application = create_application(Settings(releases=tmp_path, workers=1, client_rate=0))
    try:
        client = application.test_client()
        known = {"Accept": "text/turtle", "If-None-Match": client.get("/ontology?format=turtle").headers["ETag"]}
        assert client.get("/ontology", headers=known).status_code == 304
        small_release(tmp_path, "20261123T120000Z-0a1b2c3d")
        assert application.extensions["publication"].serve("20261123T120000Z-0a1b2c3d")
        assert client.get("/ontology", headers=known).status_code == 200
    finally:
        for name in ("publication", "credentials"):
            application.extensions[name].close()
