"""Service description, VoID, DCAT-AP, downloads and example queries: true to the release, as other tools read them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pyshacl
import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SH, VOID, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from werkzeug.test import TestResponse

from passerelle.build.example_queries import example_text
from passerelle.build.options import read_options
from passerelle.build.pipeline import build
from passerelle.graph.release import Release
from passerelle.namespaces import PREFIXES, expand
from passerelle.queries import catalogue
from passerelle.settings import Settings
from passerelle.web.application import create_application
from small_release import ESCO, RNCP, small_release

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
PSL = Namespace(expand("psl:"))
STATE = "https://w3id.org/passerelle/vocabulary/link-state/"
SHAPES = Path(__file__).parent / "dcat-ap-3.ttl"
PUBLIC = "https://data.example.org/passerelle"
ESCO_SENTENCE = "This service uses the ESCO classification of the European Commission."
RDF_TYPES = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml",
             "application/ld+json": "json-ld"}  # fmt: skip


# rdflib uses these itself: to read JSON-LD, and to ask a dataset
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def quads(demo_release: Release) -> Dataset:
    """The demo in rdflib, an engine that shares nothing with the one that counted."""
    store = ox.Store.read_only(str(demo_release.store))
    dataset = Dataset()
    for name in demo_release.manifest.graphs:
        triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(name)))
        dataset.graph(URIRef(name)).parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    return dataset


@pytest.fixture(scope="module")
def client(demo_release: Release) -> Iterator[FlaskClient]:
    yield from _client(demo_release, public_url=PUBLIC, contact="mailto:data@example.org")


@pytest.fixture(scope="module")
def federated(demo_release: Release) -> Iterator[FlaskClient]:
    yield from _client(demo_release, service_endpoints="https://a.example/sparql https://b.example/sparql")


def _client(release: Release, **given: object) -> Iterator[FlaskClient]:
    settings = Settings.of(environment={}, releases=release.folder.parent, client_rate=0.0, **given)
    application = create_application(settings)
    yield application.test_client()
    application.extensions["publication"].close()
    application.extensions["credentials"].close()


def get(client: FlaskClient, path: str, accept: str = "text/turtle", **headers: str) -> TestResponse:
    return client.get(path, headers={"Accept": accept, **headers}, buffered=True)


def graph_at(client: FlaskClient, path: str, accept: str = "text/turtle") -> Graph:
    response = get(client, path, accept)
    assert response.status_code == 200, response.text
    assert response.mimetype == accept
    return Graph().parse(data=response.data, format=RDF_TYPES[accept])


def number(graph: Graph, subject: object, predicate: URIRef) -> int:
    value = graph.value(URIRef(str(subject)), predicate)
    assert isinstance(value, Literal)
    return int(value)


# VoID


def dataset_iri(release: Release) -> str:
    return f"{release.manifest.base}/id/release/{release.identifier}"


def described_graphs(release: Release, quads: Dataset) -> dict[str, set[tuple[object, object, object]]]:
    found: dict[str, set[tuple[object, object, object]]] = defaultdict(set)
    for s, p, o, name in quads.quads():
        found[str(name)].add((s, p, o))
    assert found.keys() == release.manifest.graphs.keys()
    found[dataset_iri(release)] = set.union(*found.values())
    return found


def test_the_counts_are_those_that_another_engine_finds(demo_release: Release, quads: Dataset) -> None:
    void = Graph().parse(demo_release.folder / "void.ttl")
    graphs = described_graphs(demo_release, quads)
    for name, triples in graphs.items():
        assert number(void, name, VOID.triples) == len(triples), name
        assert number(void, name, VOID.distinctSubjects) == len({s for s, _, _ in triples}), name
        assert number(void, name, VOID.distinctObjects) == len({o for _, _, o in triples}), name
        assert number(void, name, VOID.entities) == len({s for s, p, _ in triples if p == RDF.type}), name
    # two sources state the same of one thing, so the whole is less than its parts together
    assert len(graphs[dataset_iri(demo_release)]) < demo_release.manifest.triples


def test_the_partitions_are_those_that_another_engine_finds(demo_release: Release, quads: Dataset) -> None:
    void = Graph().parse(demo_release.folder / "void.ttl")
    for name, triples in described_graphs(demo_release, quads).items():
        properties: dict[object, int] = defaultdict(int)
        classes: dict[object, int] = defaultdict(int)
        for _, p, o in triples:
            properties[p] += 1
            if p == RDF.type:
                classes[o] += 1
        stated = {
            void.value(part, VOID.property): number(void, part, VOID.triples)
            for part in void.objects(URIRef(name), VOID.propertyPartition)
        }
        assert stated == properties, name
        stated = {
            void.value(part, VOID["class"]): number(void, part, VOID.entities)
            for part in void.objects(URIRef(name), VOID.classPartition)
        }
        assert stated == classes, name
        assert number(void, name, VOID.classes) == len(classes)
        assert number(void, name, VOID.properties) == len(properties)


def linksets(void: Graph) -> dict[tuple[str, str, str, str], int]:
    """Number of links by local name of the property, stating graph, target graph and state."""
    found = {}
    for node in void.subjects(RDF.type, VOID.Linkset):
        part = void.value(node, DCTERMS.subject)
        key = (
            str(void.value(node, VOID.linkPredicate)).replace("#", "/").rpartition("/")[2],
            str(node).partition("#")[0].rpartition("/")[2],
            str(void.value(node, VOID.objectsTarget)).rpartition("/")[2],
            str(part or "").removeprefix(STATE),
        )
        found[key] = number(void, node, VOID.triples)
    return found


def test_the_linksets_are_those_that_a_sparql_engine_finds(demo_release: Release, quads: Dataset) -> None:
    found = linksets(Graph().parse(demo_release.folder / "void.ttl"))
    base = demo_release.manifest.base

    def asked(pattern: str) -> int:
        prefixes = "".join(f"PREFIX {name}: <{expand(name + ':')}> " for name in ("psl", "elm", "esco", "skos"))
        links, esco, rome_esco = (f"<{base}/graph/{name}>" for name in ("links", "esco", "rome-esco"))
        text = pattern.replace("LINKS", links).replace("ESCO_GRAPH", esco).replace("CROSSWALK", rome_esco)
        (row,) = quads.query(f"{prefixes} SELECT (COUNT(*) AS ?n) {{ {text} }}")
        return int(row.n)  # type: ignore[union-attr]

    skill = "GRAPH ESCO_GRAPH { ?skill a esco:Skill }"
    for state in ("accepted", "candidate", "declared", "rejected"):
        pattern = f"GRAPH LINKS {{ ?link psl:linkState <{STATE}{state}> ; psl:linkedSkill ?skill }} {skill}"
        assert found["linkedSkill", "links", "esco", state] == asked(pattern) > 0, state
    related = f"GRAPH LINKS {{ ?outcome elm:relatedESCOSkill ?skill }} {skill}"
    assert found["relatedESCOSkill", "links", "esco", ""] == asked(related) > 0
    occupation = "GRAPH CROSSWALK { ?appellation skos:closeMatch ?o } GRAPH ESCO_GRAPH { ?o a skos:Concept }"
    assert found["closeMatch", "rome-esco", "esco", ""] == asked(occupation) > 0
    official = f"GRAPH <{base}/graph/rncp> {{ ?c psl:correspondenceTarget ?bloc . ?bloc a psl:Bloc }}"
    assert found["correspondenceTarget", "rncp", "rncp", ""] == asked(official) > 0


def test_where_several_graphs_describe_the_outcomes_the_links_start_from_the_whole(demo_release: Release) -> None:
    void = Graph().parse(demo_release.folder / "void.ttl")
    base = demo_release.manifest.base
    related = URIRef(f"{base}/graph/links#linkset-elm-relatedESCOSkill-esco")
    assert void.value(related, VOID.subjectsTarget) == URIRef(dataset_iri(demo_release))
    crosswalk = URIRef(f"{base}/graph/rome-esco#linkset-skos-closeMatch-esco")
    assert void.value(crosswalk, VOID.subjectsTarget) == URIRef(f"{base}/graph/rome-esco")
    assert void.value(crosswalk, VOID.objectsTarget) == URIRef(f"{base}/graph/esco")


def test_every_graph_has_a_vocabulary_and_an_example_that_it_describes(demo_release: Release, quads: Dataset) -> None:
    void = Graph().parse(demo_release.folder / "void.ttl")
    for name in demo_release.manifest.graphs:
        assert set(void.objects(URIRef(name), VOID.vocabulary)), name
        example = void.value(URIRef(name), VOID.exampleResource)
        assert example is not None, name
        assert any(quads.quads((example, None, None, URIRef(name)))), name


def test_equal_releases_have_equal_descriptions(demo_release: Release, root: Path, tmp_path: Path) -> None:
    config = root / "data" / "demo" / "passerelle.toml"
    other = build(read_options(config), Settings.of(config, environment={}, releases=tmp_path)).release
    for file in ("void.ttl", "dcat.ttl"):
        texts = []
        for release in (demo_release, other):
            text = (release.folder / file).read_text(encoding="utf-8")
            texts.append(text.replace(release.identifier, "ID").replace(release.manifest.created, "WHEN"))
        assert texts[0] == texts[1]


def test_a_release_says_nothing_of_the_server_and_the_server_adds_its_addresses(
    demo_release: Release, client: FlaskClient
) -> None:
    assert PUBLIC not in (demo_release.folder / "void.ttl").read_text(encoding="utf-8")
    served = graph_at(client, "/.well-known/void")
    dataset = URIRef(dataset_iri(demo_release))
    release = f"{PUBLIC}/releases/{demo_release.identifier}"
    assert served.value(dataset, VOID.sparqlEndpoint) == URIRef(f"{release}/sparql")
    for name in demo_release.manifest.graphs:
        slug = name.rpartition("/")[2]
        assert served.value(URIRef(name), VOID.dataDump) == URIRef(f"{release}/graph/{slug}")
    description = served.value(predicate=RDF.type, object=VOID.DatasetDescription)
    assert description == URIRef(f"{PUBLIC}/.well-known/void")
    assert served.value(description, FOAF.primaryTopic) == dataset
    assert Literal(ESCO_SENTENCE, lang="en") in set(served.objects(dataset, PSL.attribution))


def test_a_past_release_is_described_by_its_own_file(demo_release: Release, client: FlaskClient) -> None:
    own = graph_at(client, f"/releases/{demo_release.identifier}/void")
    assert set(Graph().parse(demo_release.folder / "void.ttl")) < set(own)
    assert get(client, "/releases/20200101T000000Z-00000000/void").status_code == 404


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


# DCAT-AP


def conforms(graph: Graph) -> tuple[bool, str]:
    ok, _, text = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES), allow_warnings=False)
    return bool(ok), str(text)


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
