"""`/sparql` by the test client: the three forms of request, the four forms of query, what is refused."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, URIRef

from passerelle.settings import Settings
from passerelle.web.application import create_application
from passerelle.web.releases.local_publication import LocalPublication
from small_release import BASE, ESCO, IDENTIFIER, NUMBERS, RNCP, small_release

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
TITLES = "SELECT ?title { ?unit <http://purl.org/dc/terms/title> ?title } ORDER BY LANG(?title)"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w }"
JSON = "application/sparql-results+json"


@pytest.fixture(scope="module")
def settings(releases: Path) -> Settings:
    return Settings(releases=releases, workers=1, query_seconds=20.0)


def rows(body: bytes) -> list[str]:
    return [row["title"]["value"] for row in json.loads(body)["results"]["bindings"]]


def test_the_three_forms_of_a_request(client: FlaskClient) -> None:
    expected = ["<script>alert('1')</script>", "Poser des panneaux"]
    responses = [
        client.get("/sparql", query_string={"query": TITLES}),
        client.post("/sparql", data={"query": TITLES}),
        client.post("/sparql", data=TITLES.encode(), content_type="application/sparql-query"),
    ]
    for response in responses:
        assert response.status_code == 200
        assert response.content_type == JSON
        assert rows(response.data) == expected


def test_select_in_each_format(client: FlaskClient) -> None:
    def get(accept: str) -> bytes:
        response = client.get("/sparql", query_string={"query": COUNT}, headers={"Accept": accept})
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith(accept)
        return response.data

    total = str(NUMBERS + 2)
    assert json.loads(get(JSON))["results"]["bindings"][0]["n"]["value"] == total
    literal = ElementTree.fromstring(get("application/sparql-results+xml")).find(".//{*}literal")
    assert literal is not None
    assert literal.text == total
    assert list(csv.DictReader(io.StringIO(get("text/csv").decode()))) == [{"n": total}]
    assert get("text/tab-separated-values").decode() == f"?n\n{total}\n"


def test_ask(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": f"ASK {{ <{BASE}/id/rncp/1> ?p ?o }}"})
    assert response.json == {"head": {}, "boolean": True}


# rdflib's own parser of JSON-LD uses what rdflib deprecates
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("accept", "syntax"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
@pytest.mark.parametrize("form", ["CONSTRUCT WHERE { <NODE> ?p ?o }", "DESCRIBE <NODE>"])
def test_construct_and_describe_in_each_format(client: FlaskClient, form: str, accept: str, syntax: str) -> None:
    query = form.replace("NODE", f"{BASE}/n/7")
    response = client.post("/sparql", data={"query": query}, headers={"Accept": accept})
    assert response.headers["Content-Type"].startswith(accept)
    graph = Graph().parse(data=response.data, format=syntax)
    assert [(s, p, int(o)) for s, p, o in graph] == [(URIRef(f"{BASE}/n/7"), URIRef(f"{BASE}/number"), 7)]


def test_dataset_by_protocol_and_by_from(client: FlaskClient) -> None:
    def count(query: str, **dataset: str) -> str:
        values = {"query": query, **{name.replace("_", "-"): value for name, value in dataset.items()}}
        response = client.get("/sparql", query_string=values, headers={"Accept": "text/csv"})
        return response.text.split()[1]

    assert count(COUNT) == str(NUMBERS + 2)
    assert count(COUNT, default_graph_uri=ESCO) == str(NUMBERS)
    assert count("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", named_graph_uri=RNCP) == "2"
    assert count(f"SELECT (COUNT(*) AS ?n) FROM <{RNCP}> {{ ?s ?p ?o }}") == "2"


@pytest.mark.parametrize(
    ("request_", "status", "kind"),
    [
        ({"query_string": {"query": "SELECT * {"}}, 400, "sparql-syntax"),
        ({"query_string": {"query": ""}}, 400, "sparql-missing"),
        ({"method": "POST", "data": {"lang": "en"}}, 400, "sparql-missing"),
        ({"query_string": {"query": COUNT, "format": "word"}}, 406, "sparql-format"),
        ({"query_string": {"query": COUNT, "timeout": "soon"}}, 400, "sparql-timeout"),
        ({"query_string": {"query": COUNT, "max-rows": "-1"}}, 400, "sparql-max-rows"),
        (
            {"method": "POST", "data": COUNT, "headers": {"Content-Encoding": "gzip"}},
            415,
            "sparql-content-coding",
        ),
        ({"headers": {"Accept": "image/png"}}, 406, "sparql-description-not-acceptable"),
        ({"query_string": {"query": COUNT}, "headers": {"Accept": "image/png"}}, 406, "sparql-not-acceptable"),
        ({"query_string": {"query": "INSERT DATA { <a:a> <a:b> 1 }"}}, 403, "sparql-update"),
        ({"method": "POST", "data": {"update": "DROP ALL"}}, 403, "sparql-update"),
        ({"query_string": {"query": "ASK { SERVICE <http://127.0.0.1/> {} }"}}, 403, "sparql-service"),
        ({"query_string": {"query": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"}}, 403, "sparql-graph-unknown"),
        ({"query_string": {"query": COUNT, "default-graph-uri": "a:b"}}, 403, "sparql-graph-unknown"),
        ({"query_string": {"query": COUNT, "named-graph-uri": "b"}}, 400, "sparql-graph-iri"),
        ({"query_string": {"query": "ASK" + "{" * 101}}, 400, "sparql-depth"),
        ({"method": "POST", "data": {"query": COUNT + "#" * 65_536}}, 413, "sparql-size"),
        ({"method": "POST", "data": {"query": "#" * 400_000}}, 413, "page-too-large"),
        ({"method": "POST", "data": b"ASK {}", "content_type": "text/plain"}, 415, "sparql-media-type"),
        ({"query_string": {"query": COUNT}, "headers": {"Accept": "text/turtle"}}, 406, "sparql-not-acceptable"),
        ({"method": "PUT", "query_string": {"query": COUNT}}, 405, "page-method"),
        ({"path": "/nothing"}, 404, "page-not-found"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    client: FlaskClient, request_: dict[str, object], status: int, kind: str
) -> None:
    given = {"path": "/sparql", "method": "GET", **request_}
    response = client.open(**given)  # type: ignore[arg-type]
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = response.json
    assert problem is not None
    assert problem["type"].endswith("/" + kind)
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["remedy"]
    assert problem["instance"].startswith("urn:uuid:")
    assert set(problem) == {"type", "title", "status", "detail", "remedy", "instance"}


def test_problem_in_the_language_of_the_client(client: FlaskClient) -> None:
    french = client.get("/sparql?query=", headers={"Accept-Language": "fr-CH, en;q=0.5"})
    assert french.json is not None
    assert french.json["detail"] == "La demande ne contient aucune requête."
    assert french.headers["Content-Language"] == "fr"
    page = client.get("/sparql?query=", headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert page.status_code == 400
    assert page.mimetype == "text/html"
    assert '<html lang="fr">' in page.text
    assert "La demande ne contient aucune requête." in page.text


def test_headers(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": COUNT})
    assert response.headers["Vary"] == "Accept, Accept-Encoding, Accept-Language"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert response.headers["Passerelle-Release"] == IDENTIFIER
    assert response.headers["Passerelle-Demonstration"] == "true"
    assert response.content_length == len(response.data)


def test_head_needs_no_query_process(application: Flask, client: FlaskClient) -> None:
    pool = application.extensions["publication"].current().backend
    before = pool.statistics.answered
    for _ in range(3):
        response = client.head("/sparql", query_string={"query": COUNT}, headers={"Accept": "text/csv"})
        assert (response.status_code, response.content_type, response.data) == (200, "text/csv; charset=utf-8", b"")
    assert pool.statistics.answered == before
    assert pool.statistics.running == 0


def test_a_client_that_leaves_gives_the_place_back(application: Flask, client: FlaskClient) -> None:
    pool = application.extensions["publication"].current().backend
    query = "SELECT * { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z }"
    for _ in range(3):  # there is one place
        response = client.get("/sparql", query_string={"query": query}, buffered=False)
        assert response.status_code == 200
        response.close()
    assert pool.statistics.running == 0


def test_a_query_past_its_limit_is_a_503_problem(settings: Settings) -> None:
    application = create_application(replace(settings, query_seconds=0.5))
    try:
        response = application.test_client().get("/sparql", query_string={"query": ENDLESS})
        assert response.status_code == 503
        assert response.content_type == "application/problem+json"
        assert response.headers["Retry-After"]
        assert response.json is not None
        assert response.json["detail"] == "The query gave no answer within 0.5 seconds and was stopped."
    finally:
        application.extensions["publication"].close()


def test_without_a_release_everything_is_a_503_problem(tmp_path: Path) -> None:
    client = create_application(Settings(releases=tmp_path)).test_client()
    for address in ("/", "/queries/whatever", "/sparql?query=ASK%7B%7D"):
        response = client.get(address)
        assert response.status_code in (404, 503)
        assert response.content_type == "application/problem+json"
    health = client.get("/healthz")  # the process answers, whatever it has to answer from
    assert (health.status_code, health.json["release"]) == (200, None)  # type: ignore[index]


def test_another_current_release_is_served_from_the_next_request_on(tmp_path: Path) -> None:
    small_release(tmp_path)
    publication = LocalPublication(Settings(releases=tmp_path, workers=1))
    application = create_application(Settings(releases=tmp_path, workers=1), publication)
    client = application.test_client()
    try:
        assert "Poser des panneaux" in client.get("/sparql", query_string={"query": TITLES}).text
        open_answer = client.get("/sparql", query_string={"query": "SELECT * { ?a ?p ?x . ?b ?p ?y }"}, buffered=False)
        second = "20261122T130000Z-0a1b2c3e"
        small_release(tmp_path, second, title="Monter des éoliennes")
        response = client.get("/sparql", query_string={"query": TITLES})
        assert response.headers["Passerelle-Release"] == second
        assert "Monter des éoliennes" in json.loads(response.data)["results"]["bindings"][1]["title"]["value"]
        # what was under way ends on the old one
        assert json.loads(open_answer.data)["results"]["bindings"]
        # a release that cannot be opened is not served
        broken = tmp_path / "20261122T140000Z-0a1b2c3f"
        broken.mkdir()
        (tmp_path / "current").unlink()
        (tmp_path / "current").symlink_to(broken.name)
        assert client.get("/healthz").json["release"] == second  # type: ignore[index]
    finally:
        publication.close()


def test_an_unexpected_error_tells_nothing_of_the_query(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    application = create_application(settings)

    def fail(*_args: object, **_kwargs: object) -> None:
        raise KeyError("Marie Dupont")

    monkeypatch.setattr("passerelle.web.questions.sparql_endpoint.authorise", fail)
    try:
        response = application.test_client().get("/sparql", query_string={"query": "ASK { ?s ?p 'Marie Dupont' }"})
    finally:
        application.extensions["publication"].close()
    assert response.status_code == 500
    assert response.json is not None
    identifier = response.json["instance"].removeprefix("urn:uuid:")
    assert identifier in response.json["remedy"]
    assert identifier in caplog.text
    assert "KeyError" in caplog.text
    assert "Marie" not in response.text + caplog.text


@pytest.mark.parametrize(
    ("name", "content_type", "beginning"),
    [
        ("json", JSON, b'{"head"'),
        ("xml", "application/sparql-results+xml", b"<?xml"),
        ("csv", "text/csv; charset=utf-8", b"n\r\n"),
        ("tsv", "text/tab-separated-values; charset=utf-8", b"?n\n"),
        ("excel", "text/csv; charset=utf-8", b"\xef\xbb\xbfn\r\n"),
    ],
)
def test_formats_by_name(client: FlaskClient, name: str, content_type: str, beginning: bytes) -> None:
    # what the address asks for wins over what the browser says of itself
    response = client.get("/sparql", query_string={"query": COUNT, "format": name}, headers={"Accept": "text/html"})
    assert response.content_type == content_type
    assert response.data.startswith(beginning)


def test_a_row_limit_is_told(client: FlaskClient) -> None:
    def ask(limit: int) -> tuple[int, str | None, str | None]:
        query = {"query": f"SELECT ?n {{ ?s <{BASE}/number> ?n }}", "format": "csv", "max-rows": str(limit)}
        response = client.get("/sparql", query_string=query)
        told = [response.headers.get(f"Passerelle-Rows-{name}") for name in ("Limit", "More")]
        return len(response.text.splitlines()) - 1, told[0], told[1]

    assert ask(7) == (7, "7", "true")
    assert ask(NUMBERS) == (NUMBERS, str(NUMBERS), "false")
    assert ask(NUMBERS + 1) == (NUMBERS, str(NUMBERS + 1), "false")
    assert "Passerelle-Rows-Limit" not in client.get("/sparql", query_string={"query": COUNT}).headers


def test_a_shorter_time_may_be_asked_for(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": ENDLESS, "timeout": "0.2"})
    assert response.status_code == 503
    assert response.json is not None
    assert "0.2" in response.json["detail"]


def test_without_a_query_the_endpoint_describes_itself(client: FlaskClient) -> None:
    described = Graph().parse(data=client.get("/sparql").data, format="turtle")
    endpoint = URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
    assert [str(address) for address in described.objects(None, endpoint)] == ["http://localhost/sparql"]
    past = Graph().parse(data=client.get(f"/releases/{IDENTIFIER}/sparql").data, format="turtle")
    assert [str(each) for each in past.objects(None, endpoint)] == [f"http://localhost/releases/{IDENTIFIER}/sparql"]
    assert client.get("/sparql", headers={"Accept": "application/rdf+xml"}).mimetype == "application/rdf+xml"


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_people_get_a_form_with_examples(client: FlaskClient) -> None:
    page = client.get("/sparql?lang=fr", headers=BROWSER)
    assert page.mimetype == "text/html"
    assert '<textarea id="query" name="query"' in page.text
    assert "Source : France compétences" in page.text
    example = client.get("/sparql?example=data-sources-and-licences&lang=en", headers=BROWSER)
    assert "SELECT" in example.text.partition("<textarea")[2].partition("</textarea>")[0]


def test_an_answer_as_a_page(client: FlaskClient) -> None:
    query = f"SELECT ?s ?title_en ?n {{ ?s <{BASE}/number> ?n }} ORDER BY ?n"
    form = client.get("/sparql?lang=fr", headers=BROWSER).text
    action = form.partition('<form action="')[2].partition('"')[0]
    page = client.post(action, data={"query": query, "format": "html"})
    assert page.status_code == 200
    assert '<html lang="fr">' in page.text
    # every column of the query, in each language, though the table of a named question leaves some out
    assert all(f"?{name}</th>" in page.text for name in ("s", "title_en", "n"))
    assert f"Lignes\N{NO-BREAK SPACE}: {NUMBERS}." in page.text
    address = page.text.partition('<p class="downloads">')[2].partition('href="')[2].partition('"')[0]
    assert client.get(address.replace("&amp;", "&")).content_type == JSON


def test_foreign_texts_stay_texts_on_the_page(client: FlaskClient) -> None:
    page = client.get(
        "/sparql", query_string={"query": TITLES + "#</textarea><script>alert(2)</script>"}, headers=BROWSER
    )
    assert page.status_code == 200
    assert "<script" not in page.text
    triples = client.get("/sparql", query_string={"query": f"DESCRIBE <{BASE}/id/rncp/1>", "format": "html"})
    assert "<script" not in triples.text
    assert "Poser des panneaux" in triples.text


def test_what_is_wrong_with_a_query_stands_above_it_on_the_page(client: FlaskClient) -> None:
    for query, status in (("SELECT * { 7", 400), ("DROP ALL", 403)):
        page = client.get("/sparql", query_string={"query": query}, headers=BROWSER)
        assert (page.status_code, page.mimetype) == (status, "text/html")
        assert query in page.text.partition("<textarea")[2].partition("</textarea>")[0]
        assert 'role="alert"' in page.text


def test_more_rows_than_a_page_shows_are_said(client: FlaskClient) -> None:
    page = client.get("/sparql", query_string={"query": "SELECT ?a { ?a ?p ?x . ?b ?p ?y }"}, headers=BROWSER)
    assert "The first 1000 rows. There are more" in page.text


@pytest.mark.parametrize(
    "address", ["/sparql", f"/releases/{IDENTIFIER}/sparql", "/queries", "/things?iri=a:b", "/openapi.json", "/nothing"]
)
def test_scripts_of_other_sites_may_read(client: FlaskClient, address: str) -> None:
    response = client.get(address, headers={"Origin": "https://yasgui.example"})
    assert response.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert "Passerelle-Rows-More" in response.headers["Access-Control-Expose-Headers"]
    asked = {"Origin": "https://yasgui.example", "Access-Control-Request-Method": "POST"}
    preflight = client.options(address, headers=asked)
    assert (preflight.status_code, preflight.data) == (204, b"")
    assert ("POST" in preflight.headers["Access-Control-Allow-Methods"]) is address.endswith("/sparql")
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("address", ["/admin", "/admin/releases", "/validate", "/metrics", "/healthz", "/readyz"])
def test_scripts_of_other_sites_may_not_read(client: FlaskClient, address: str) -> None:
    for method in ("GET", "OPTIONS"):
        response = client.open(address, method=method, headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in response.headers
