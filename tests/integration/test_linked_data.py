"""Every IRI under the base dereferences, and what is described says where it comes from and under which licence."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import RDF, Graph, Literal, URIRef

from passerelle.graph.release import Release
from passerelle.messages import message
from passerelle.namespaces import PREFIXES, Minting, expand
from passerelle.settings import Settings
from passerelle.web.application import create_application
from passerelle.web.linked.thing_queries import REFERENCES_READ
from running_server import Server, served
from small_release import BASE, RNCP, small_release

# rdflib's JSON-LD parser uses what rdflib itself deprecates
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORMATS = {
    "turtle": "text/turtle",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
    "ntriples": "application/n-triples",
}
PARSERS = {"turtle": "turtle", "jsonld": "json-ld", "rdfxml": "xml", "ntriples": "nt"}
ODD_CODES = ("é", "a/b", "a b", "50%", "..", "a+b", "<x>", '"q"')
TITLED = ox.NamedNode(expand("dcterms:title"))


@pytest.fixture(scope="module")
def application(demo_release: Release) -> Iterator[Flask]:
    created = create_application(Settings(releases=demo_release.folder.parent, workers=2, client_rate=0))
    yield created
    for name in ("publication", "credentials"):
        created.extensions[name].close()


@pytest.fixture(scope="module")
def odd_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with blocs of odd codes, a stub, a thing that is only named, and a thing that many refer to."""
    releases = tmp_path_factory.mktemp("odd")
    folder = small_release(releases)
    store = ox.Store(folder / "store")
    minting = Minting(BASE)
    graph = ox.NamedNode(RNCP)
    for code in ODD_CODES:
        store.add(ox.Quad(ox.NamedNode(minting.bloc("RNCP1", code)), TITLED, ox.Literal(code), graph))
    document = ox.NamedNode(minting.genid("0123456789abcdef", "b 0"))
    store.add(ox.Quad(document, TITLED, ox.Literal("skolem"), graph))
    stub, named = ox.NamedNode(f"{BASE}/id/rncp/2"), ox.NamedNode(f"{BASE}/id/rncp/3")
    types = ox.NamedNode(expand("rdf:type"))
    provenance = ox.NamedNode(minting.graph("provenance"))
    store.add(ox.Quad(stub, types, ox.NamedNode(expand("psl:Unresolved")), provenance))
    unit = ox.NamedNode(f"{BASE}/id/rncp/1")
    store.add(ox.Quad(unit, ox.NamedNode(expand("dcterms:replaces")), stub, graph))
    store.add(ox.Quad(unit, ox.NamedNode(expand("rdfs:seeAlso")), named, graph))
    for count in range(REFERENCES_READ + 1):
        part = ox.NamedNode(f"{BASE}/id/part/{count}")
        store.add(ox.Quad(part, ox.NamedNode(expand("elm:isPartOf")), unit, graph))
    store.flush()
    return releases


@pytest.fixture(scope="module")
def odd(odd_releases: Path) -> Iterator[FlaskClient]:
    created = create_application(Settings(releases=odd_releases, workers=1, client_rate=0))
    yield created.test_client()
    for name in ("publication", "credentials"):
        created.extensions[name].close()


@pytest.fixture(scope="module")
def server(odd_releases: Path) -> Iterator[Server]:
    with served(odd_releases, "workers=1", "client_rate=0") as running:
        yield running


def raw(server: Server, target: bytes, accept: bytes = b"text/turtle") -> tuple[int, dict[str, str]]:
    """Status and headers of a GET whose target goes out byte for byte."""
    parts = urlsplit(server.address)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=30) as connection:
        connection.sendall(
            b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + b"\r\nConnection: close\r\n\r\n"
        )
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, *lines = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    return int(head.split()[1]), {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def iri_in(location: str) -> str:
    return parse_qs(urlsplit(location).query)["iri"][0]


def document(client: FlaskClient, iri: str, name: str = "turtle") -> tuple[Graph, URIRef]:
    """The description of a thing, parsed by rdflib, and the node of the document."""
    response = client.get("/things", query_string={"iri": iri, "format": name})
    assert response.status_code == 200, response.text
    assert response.mimetype == FORMATS[name]
    graph = Graph().parse(data=response.data, format=PARSERS[name])
    (node,) = graph.subjects(RDF.type, URIRef(expand("foaf:Document")))
    assert (node, URIRef(expand("foaf:primaryTopic")), URIRef(iri)) in graph
    assert isinstance(node, URIRef)
    return graph, node


# ---------------------------------------------------------------- 303


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (BROWSER, ""),
        ("text/turtle", "turtle"),
        ("application/ld+json", "jsonld"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.3", "rdfxml"),
        ("text/html;q=0.1, application/n-triples;q=0.2", "ntriples"),
        ("application/rdf+xml, */*;q=0.1", "rdfxml"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_identifier_answers_303_by_accept(client: FlaskClient, method: str, accept: str, name: str) -> None:
    iri = Minting().fiche("RNCP990001")
    response = client.open("/id/rncp/990001", method=method, headers={"Accept": accept} if accept else {})
    assert response.status_code == 303
    target = urlsplit(response.headers["Location"])
    assert (target.scheme, target.netloc, target.path) == ("", "", "/things")
    assert parse_qs(target.query) == {"iri": [iri], **({"format": [name]} if name else {})}
    assert "Accept" in response.headers["Vary"]
    followed = client.get(response.headers["Location"], headers={"Accept": accept} if accept else {})
    assert followed.status_code == 200
    assert followed.mimetype == (FORMATS[name] if name else "text/html")


def test_nothing_acceptable_is_406_with_the_list(client: FlaskClient) -> None:
    for address in ("/id/rncp/990001", f"/things?iri={Minting().fiche('RNCP990001')}", "/ontology"):
        response = client.get(address, headers={"Accept": "image/png"})
        assert response.status_code == 406
        assert response.mimetype == "application/problem+json"
        assert all(each in response.text for each in (*FORMATS.values(), "text/html"))


def test_the_path_of_the_base_may_stand_before(client: FlaskClient) -> None:
    # https://w3id.org/passerelle/demo/id/… asked of a server that answers for the whole authority
    response = client.get("/passerelle/demo/id/rncp/990001")
    assert response.status_code == 303
    assert iri_in(response.headers["Location"]) == Minting().fiche("RNCP990001")
    assert client.get("/elsewhere/id/rncp/990001").status_code == 404


def test_graphs_and_skolem_names_dereference(odd: FlaskClient) -> None:
    for path in ("/graph/rncp", "/.well-known/genid/0123456789abcdef/b%200"):
        response = odd.get(path)
        assert response.status_code == 303
        assert iri_in(response.headers["Location"]) == BASE + path
    graph, node = document(odd, RNCP)
    assert graph.value(URIRef(RNCP), URIRef(expand("void:triples"))) == Literal(2)
    assert graph.value(node, URIRef(expand("dcterms:isPartOf"))) == URIRef(f"{BASE}/id/dataset")


def test_what_nothing_describes_is_404(odd: FlaskClient) -> None:
    for path in ("/id/rncp/4", "/id/", "/id", "/graph/none", "/.well-known/genid/0/0", "/id/rncp/1/", "/id//rncp/1"):
        response = odd.get(path, headers={"Accept": "text/turtle"})
        assert response.status_code == 404, path
        assert response.mimetype == "application/problem+json"
    unknown = odd.get("/things", query_string={"iri": f"{BASE}/id/rncp/4", "format": "turtle"})
    assert (unknown.status_code, unknown.mimetype) == (404, "application/problem+json")


def test_a_thing_that_is_only_named_says_so(odd: FlaskClient) -> None:
    iri = f"{BASE}/id/rncp/3"
    assert odd.get("/id/rncp/3").status_code == 303
    data = odd.get("/things", query_string={"iri": iri, "format": "turtle"})
    assert data.status_code == 404
    assert message("thing-only-named").en in data.text
    page = odd.get("/things", query_string={"iri": iri, "lang": "fr"})
    assert page.status_code == 404
    assert message("thing-only-named").fr in page.text.replace("&#39;", "'")
    assert "Poser des panneaux" in page.text  # what refers to it


def test_a_stub_says_that_nothing_describes_it(odd: FlaskClient) -> None:
    iri = f"{BASE}/id/rncp/2"
    page = odd.get("/things", query_string={"iri": iri})
    assert page.status_code == 200
    assert message("thing-unresolved").en in page.text
    graph, _ = document(odd, iri)
    assert (URIRef(iri), RDF.type, URIRef(expand("psl:Unresolved"))) in graph
    assert (URIRef(f"{BASE}/id/rncp/1"), URIRef(expand("dcterms:replaces")), URIRef(iri)) in graph


# ---------------------------------------------------------------- paths as they are sent


@pytest.mark.parametrize("code", ODD_CODES)
def test_odd_codes_are_found_as_they_are_minted(server: Server, code: str) -> None:
    iri = Minting(BASE).bloc("RNCP1", code)
    status, headers = raw(server, iri.removeprefix(BASE).encode())
    assert status == 303
    assert iri_in(headers["location"]) == iri


@pytest.mark.parametrize(("sent", "code"), [(b"%c3%a9", "é"), (b"a%2fb", "a/b"), (b"%2E%2E", ".."), (b"a+b", "a+b")])
def test_other_spellings_of_a_code_lead_to_the_minted_one(server: Server, sent: bytes, code: str) -> None:
    status, headers = raw(server, b"/id/rncp/1/bloc/" + sent)
    assert status == 303
    assert iri_in(headers["location"]) == Minting(BASE).bloc("RNCP1", code)


@pytest.mark.parametrize(
    "target",
    [
        b"/id/rncp/1/bloc/a/b",  # a slash is not %2F
        b"/id/../../../etc/passwd",
        b"/id/%2e%2e/%2e%2e/etc/passwd",
        b"/id/..%2f..%2fetc%2fpasswd",
        b"/id/\xc3\xa9",  # not an address: what is beyond ASCII is encoded
        b"/id/%00",
        b"/id/rncp/1%00",
        b"/id/%zz",
        b"/id/%",
        b"/id/%0d%0aSet-Cookie:%20a=b",
        b"/id//evil.example/",
        b"//evil.example/id/rncp/1",
        b"/id/https://evil.example/",
        b"/id/rncp/1?iri=https://evil.example/x%0d%0aX: y",
        b"/id/" + b"a" * 5000,
        b"/id/" + b"a" * 10_000,
        b"/id/" + b"../" * 1000,
        b"/graph/..%2f..",
        b"/shapes/../../../etc/passwd",
        b"/shapes/..%2f..%2f..%2fLICENSE",
        b"/definitions/shapes/..%2fLICENSE",
        b"/ontology/..%2f..%2fLICENSE",
        b"/vocabulary/%2e%2e/eqf",
    ],
)
def test_no_path_leads_anywhere_else(server: Server, target: bytes) -> None:
    status, headers = raw(server, target)
    assert status in (303, 400, 404, 414)
    assert "set-cookie" not in headers
    assert "x" not in headers
    if status == 303:
        assert headers["location"].startswith("/things?iri=https%3A%2F%2Fexample.org%2Fpasserelle%2F")


def test_absolute_form_of_a_target(server: Server) -> None:
    status, headers = raw(server, b"http://evil.example/id/rncp/1")
    assert status == 303
    assert headers["location"].startswith("/things?iri=https%3A%2F%2Fexample.org%2F")


@pytest.mark.parametrize("name", [None, "turtle", "xml", "nt", "json-ld"])
def test_rdflib_reads_a_thing_from_its_address(server: Server, name: str | None) -> None:
    graph = Graph().parse(f"{server.address}id/rncp/1", format=name)
    assert Literal("Poser des panneaux", lang="fr") in set(graph.objects(URIRef(f"{BASE}/id/rncp/1")))


# ---------------------------------------------------------------- descriptions


@pytest.mark.parametrize("name", FORMATS)
def test_a_description_in_each_format_says_the_same(client: FlaskClient, name: str) -> None:
    iri = URIRef(Minting().fiche("RNCP990001"))
    graph, node = document(client, iri, name)
    other, _ = document(client, iri)
    assert set(graph) == set(other)
    assert (iri, RDF.type, URIRef(expand("psl:FullQualification"))) in graph
    # what points at it: its blocs
    assert list(graph.subjects(URIRef(expand("psl:blocOf")), iri))
    # where it comes from
    assert (node, URIRef(expand("dcterms:isPartOf")), URIRef(Minting().identifier("dataset"))) in graph
    assert graph.value(node, URIRef(expand("dcterms:issued"))) is not None
    assert list(graph.objects(node, URIRef(expand("dcterms:license"))))
    labels = {
        label
        for rights in graph.objects(node, URIRef(expand("dcterms:rights")))
        for label in graph.objects(rights, URIRef(expand("rdfs:label")))
    }
    assert {label.language for label in labels if isinstance(label, Literal)} == {"en", "fr"}


def test_literals_are_as_the_release_has_them(odd: FlaskClient) -> None:
    graph, _ = document(odd, f"{BASE}/id/rncp/1", "rdfxml")
    titles = set(graph.objects(URIRef(f"{BASE}/id/rncp/1"), URIRef(expand("dcterms:title"))))
    assert titles == {Literal("Poser des panneaux", lang="fr"), Literal("<script>alert('1')</script>", lang="en")}


def test_a_graph_is_described_with_where_it_is_downloaded(client: FlaskClient, demo_release: Release) -> None:
    iri = Minting().graph("rncp")
    address = f"http://localhost/releases/{demo_release.identifier}/graph/rncp"
    graph, _ = document(client, iri)
    assert list(graph.objects(URIRef(iri), URIRef(expand("void:dataDump")))) == [URIRef(address)]
    response = client.get("/things", query_string={"iri": iri}, headers={"Accept": BROWSER})
    assert f'<{address}>; rel="enclosure"' in response.headers.getlist("Link")
    assert f'href="{address}"' in response.text
    downloaded = client.get(address, headers={"Accept": "application/n-triples"})
    assert len(downloaded.text.splitlines()) == demo_release.manifest.graphs[iri]
    other = client.get("/things", query_string={"iri": Minting().fiche("RNCP990001")})
    assert "enclosure" not in str(other.headers.getlist("Link"))


def test_the_attribution_is_that_of_the_graphs_that_speak(client: FlaskClient, demo_release: Release) -> None:
    entries = {entry.slug: entry for entry in demo_release.manifest.sources}
    esco = next(entry for entry in entries.values() if entry.kind == "esco")
    store = ox.Store.read_only(str(demo_release.store))
    skill = next(
        quad.subject.value
        for quad in store.quads_for_pattern(None, ox.NamedNode(expand("rdf:type")), ox.NamedNode(expand("esco:Skill")))
        if isinstance(quad.subject, ox.NamedNode)
    )
    graph, _ = document(client, skill)
    assert Literal(esco.attribution_en, lang="en") in set(graph.objects())
    assert Literal(esco.attribution_fr, lang="fr") in set(graph.objects())
    page = client.get("/things", query_string={"iri": skill, "lang": "fr"})
    assert esco.attribution_fr in page.text.replace("&#39;", "'")
    # a source that says nothing of the thing is not named
    ours, _ = document(client, expand("psl:Bloc"))
    ours_page = client.get("/things", query_string={"iri": expand("psl:Bloc"), "lang": "en"}).text
    rights = ours_page.partition('id="rights"')[2].partition("</section>")[0]
    assert 'itself: <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>' in rights
    assert esco.attribution_en not in rights
    assert URIRef(Minting().identifier("source", esco.slug)) not in set(ours.objects())


def test_links_to_the_other_forms(client: FlaskClient) -> None:
    iri = Minting().fiche("RNCP990001")
    page = client.get("/things", query_string={"iri": iri}, headers={"Accept": BROWSER})
    links = page.headers.getlist("Link")
    for name, media_type in (*FORMATS.items(), ("html", "text/html")):
        address = f"/things?iri={quote(iri, safe='')}&format={name}"
        assert f'<{address}>; rel="alternate"; type="{media_type}"' in links
        if name != "html":
            assert f'type="{media_type}" href="{address.replace("&", "&amp;")}"' in page.text
    assert f'<{iri}>; rel="describes"' in links
    assert any(link.endswith('rel="license"') for link in links)
    assert {"Accept", "Accept-Language"} <= {each.strip() for each in page.headers["Vary"].split(",")}


def test_a_page_that_is_known_is_304(client: FlaskClient) -> None:
    question = {"iri": Minting().fiche("RNCP990001")}
    tags = set()
    for accept in (BROWSER, *FORMATS.values()):
        first = client.get("/things", query_string=question, headers={"Accept": accept})
        tag = first.headers["ETag"]
        assert tag.startswith('W/"')
        tags.add(tag)
        again = client.get("/things", query_string=question, headers={"Accept": accept, "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "no-cache"
    assert len(tags) == 5  # none stands for two representations


def test_what_is_left_out_is_told(odd: FlaskClient) -> None:
    iri = f"{BASE}/id/rncp/1"
    response = odd.get("/things", query_string={"iri": iri, "format": "turtle"})
    assert response.headers["Passerelle-Statements-More"] == "true"
    graph, node = document(odd, iri)
    assert len(list(graph.subjects(URIRef(expand("elm:isPartOf")), URIRef(iri)))) <= REFERENCES_READ
    comments = [str(each) for each in graph.objects(node, URIRef(PREFIXES["rdfs"] + "comment"))]
    assert any("not complete" in each for each in comments)
    assert any("n'est pas complet" in each for each in comments)
    page = odd.get("/things", query_string={"iri": iri})
    assert message("thing-references-shown").en.format(shown=REFERENCES_READ) in page.text


def test_an_ended_registration_is_said_first(client: FlaskClient, demo_release: Release) -> None:
    store = ox.Store.read_only(str(demo_release.store))
    ended = [
        (quad.subject.value, quad.object.value)
        for quad in store.quads_for_pattern(None, ox.NamedNode(expand("psl:endDate")), None)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
        if quad.object.value < "2026-01-01"
    ]
    assert ended
    registration, _ = ended[0]
    fiche = registration.removesuffix("/registration")
    for iri in (fiche, registration, fiche + "/record"):
        text = client.get("/things", query_string={"iri": iri, "lang": "en"}).text
        assert "The registration ended on" in text
        assert text.index("The registration ended on") < text.index("<table")
    french = client.get("/things", query_string={"iri": fiche, "lang": "fr"}).text.replace("&#39;", "'")
    assert "L'enregistrement a pris fin le" in french
