"""The catalogue in DCAT-AP: complete, with its downloads, as a page, and with the names of its sources."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, Dataset, Graph, Literal, URIRef

from integration.descriptions.described import (
    DEPRECATED_IN_RDFLIB,
    ESCO_SENTENCE,
    PUBLIC,
    RDF_TYPES,
    conforms,
    dataset_iri,
    get,
    graph_at,
)
from passerelle.graph.release import Release
from passerelle.namespaces import expand

pytestmark = DEPRECATED_IN_RDFLIB


def test_the_catalogue_has_all_that_dcat_ap_demands_and_recommends(client: FlaskClient) -> None:
    ok, text = conforms(graph_at(client, "/catalogue"))
    assert ok, text


@pytest.mark.parametrize(
    ("subject", "predicate"),
    [
        (DCAT.Catalog, DCTERMS.publisher),
        (DCAT.Dataset, DCTERMS.description),
        (DCAT.Distribution, DCAT.accessURL),
        (DCAT.DataService, DCAT.endpointURL),
        (FOAF.Agent, FOAF.name),
    ],
)
def test_the_shapes_of_dcat_ap_miss_what_is_taken_away(client: FlaskClient, subject: URIRef, predicate: URIRef) -> None:
    graph = graph_at(client, "/catalogue")
    node = min(graph.subjects(RDF.type, subject))
    graph.remove((node, predicate, None))
    assert not conforms(graph)[0]


def test_the_catalogue_lists_releases_graphs_and_services(demo_release: Release, client: FlaskClient) -> None:
    found = graph_at(client, "/catalogue")
    base = demo_release.manifest.base
    (catalogue_,) = found.subjects(RDF.type, DCAT.Catalog)
    release = URIRef(dataset_iri(demo_release))
    datasets = set(found.objects(catalogue_, DCAT.dataset))
    assert datasets == {release, URIRef(f"{base}/id/dataset"), *map(URIRef, demo_release.manifest.graphs)}
    endpoints = {str(found.value(each, DCAT.endpointURL)) for each in found.objects(catalogue_, DCAT.service)}
    assert endpoints == {f"{PUBLIC}/sparql", f"{PUBLIC}/releases/{demo_release.identifier}/sparql"}
    assert found.value(URIRef(f"{base}/id/dataset"), URIRef(expand("dcat:hasCurrentVersion"))) == release
    agent = found.value(catalogue_, DCTERMS.publisher)
    assert set(found.objects(agent, FOAF.name)) == {
        Literal("Passerelle demonstration", lang="en"),
        Literal("Démonstration de Passerelle", lang="fr"),
    }
    countries = {str(place).rpartition("/")[2] for place in found.objects(catalogue_, DCTERMS.spatial)}
    assert countries == {"BEL", "DEU", "DNK", "ESP", "FRA", "GRC", "ITA", "NLD", "PRT"}


def test_each_download_of_the_catalogue_is_the_graph(
    demo_release: Release, client: FlaskClient, quads: Dataset
) -> None:
    found = graph_at(client, "/catalogue")
    esco = URIRef(f"{demo_release.manifest.base}/graph/esco")
    downloads = {}
    for distribution in found.objects(esco, DCAT.distribution):
        media_type = str(found.value(distribution, DCAT.mediaType)).partition("media-types/")[2]
        downloads[media_type] = str(found.value(distribution, DCAT.downloadURL))
        assert str(found.value(distribution, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
        rights = found.value(distribution, DCTERMS.rights)
        assert Literal(ESCO_SENTENCE, lang="en") in set(found.objects(rights, RDFS.label))
    assert downloads.keys() == RDF_TYPES.keys()
    expected = set(quads.graph(esco))
    for media_type, address in downloads.items():
        response = get(client, address.removeprefix(PUBLIC), "*/*")
        assert response.mimetype == media_type
        assert response.headers.getlist("Link") == ['<https://creativecommons.org/licenses/by/4.0/>; rel="license"']
        assert response.headers["Content-Disposition"].startswith("attachment; filename=esco-")
        assert set(Graph().parse(data=response.data, format=RDF_TYPES[media_type])) == expected, media_type


def test_a_download_is_kept_by_its_tag_and_an_unknown_graph_says_which_there_are(
    demo_release: Release, client: FlaskClient
) -> None:
    path = f"/releases/{demo_release.identifier}/graph"
    first = get(client, f"{path}/rncp")
    assert first.headers["Cache-Control"] == "max-age=31536000, immutable"
    assert get(client, f"{path}/rncp", **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    head = client.head(f"{path}/rncp", headers={"Accept": "text/turtle"}, buffered=True)
    assert (head.status_code, head.mimetype, head.data) == (200, "text/turtle", b"")
    assert "Content-Length" not in head.headers
    missing = get(client, f"{path}/nothing", "application/json")
    assert missing.status_code == 404
    assert "rome-esco" in missing.get_json(force=True)["remedy"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_catalogue_is_a_page_too(client: FlaskClient, language: str) -> None:
    page = get(client, f"/catalogue?lang={language}", "text/html").text
    titles = {"en": "Graphs of the current release, to download", "fr": "Graphes de la version actuelle, à télécharger"}
    assert titles[language] in page
    assert {"en": "Passerelle demonstration", "fr": "Démonstration de Passerelle"}[language] in page
    assert 'href="mailto:data@example.org"' in page
    assert "/graph/rome-esco?format=jsonld" in page


def test_the_names_of_catalogue_and_release_lead_to_their_descriptions(
    demo_release: Release, client: FlaskClient
) -> None:
    for path, target in (
        ("/id/catalogue", "/catalogue?format=turtle"),
        ("/id/dataset", "/catalogue?format=turtle"),
        ("/passerelle/demo/id/publisher", "/catalogue?format=turtle"),
        (
            "/id/query/successors",
            f"/things?iri={quote(f'{demo_release.manifest.base}/id/query/successors', safe='')}&format=turtle",
        ),
        (f"/id/release/{demo_release.identifier}", f"/releases/{demo_release.identifier}/void?format=turtle"),
    ):
        response = get(client, path)
        assert (response.status_code, response.headers["Location"]) == (303, target)
        assert "Accept" in response.headers["Vary"]
    assert get(client, "/id/release/nothing").status_code == 404


@pytest.mark.parametrize("format_", ["turtle", "jsonld", "rdfxml", "ntriples"])
def test_esco_is_named_in_every_description(demo_release: Release, client: FlaskClient, format_: str) -> None:
    base = demo_release.manifest.base
    identifier = demo_release.identifier
    things = [
        f"{base}/id/rs/990002/record",
        f"{base}/id/dataset",
        f"{base}/id/query/successors",
        *demo_release.manifest.graphs,
        expand("psl:Bloc"),
    ]
    pages = ["/.well-known/void", f"/releases/{identifier}/void", "/catalogue", "/sparql", "/ontology"]
    pages += ["/definitions/vocabulary/link-state", "/definitions/shapes/catalogue"]
    parser = {"jsonld": "json-ld", "rdfxml": "xml", "ntriples": "nt"}.get(format_, format_)
    for address in (*pages, *(f"/things?iri={quote(iri, safe='')}" for iri in things)):
        response = client.get(address + ("&" if "?" in address else "?") + f"format={format_}")
        assert response.status_code == 200, address
        found = Graph().parse(data=response.data, format=parser)
        for entry in demo_release.manifest.sources:
            for text, language in entry.attributions:
                assert Literal(text, lang=language) in set(found.objects()), (address, entry.slug)


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/xml;q=0.9,*/*;q=0.8"])
def test_a_person_who_follows_the_name_of_a_release_reads_of_it(
    demo_release: Release, client: FlaskClient, accept: str
) -> None:
    identifier = demo_release.identifier
    for path in (f"/id/release/{identifier}", f"/releases/{identifier}/void", "/.well-known/void"):
        response = get(client, path, accept)
        assert (response.status_code, response.headers["Location"]) == (303, f"/releases#{identifier}")
        assert "Accept" in response.headers["Vary"]
    page = get(client, "/releases", accept)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert f'id="{identifier}"' in page.text
    assert f'href="/releases/{identifier}/void?format=turtle"' in page.text
    for asked in ("/.well-known/void?format=html", f"/id/release/{identifier}?format=html&lang=fr"):
        assert client.get(asked, follow_redirects=True).mimetype == "text/html"
    assert get(client, "/.well-known/void", "*/*").mimetype == "text/turtle"
