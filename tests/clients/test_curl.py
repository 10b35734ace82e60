"""curl as a client, with the options that people type."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import DCTERMS, Graph, Literal, URIRef

from passerelle.namespaces import Minting
from running_server import Server

FICHE = Minting().fiche("RNCP990001")
TITLE = "Technicien de maintenance d'éoliennes (démonstration)"
TITLES = f"""\
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?title {{ <{FICHE}> dcterms:title ?title }}
"""
LONG = "SELECT * { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z }"
ERROR = 22
"""An HTTP status of 400 and more, with --fail (`man curl`, EXIT CODES)."""

Curl = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def curl(tmp_path: Path) -> Curl:
    program = shutil.which("curl")
    if program is None:
        reason = "no curl: apt-get install curl"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    (tmp_path / "question.rq").write_text(TITLES, encoding="utf-8")

    def run(*options: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([program, "--silent", *options], cwd=tmp_path, check=False, capture_output=True)

    return run


@pytest.mark.parametrize(
    "options",
    [
        ("--get", "--data-urlencode", f"query={TITLES}"),
        ("--get", "--data-urlencode", "query@question.rq"),
        ("--data-urlencode", "query@question.rq"),
        ("--header", "Content-Type: application/sparql-query", "--data-binary", "@question.rq"),
    ],
    ids=["a query on the line", "a file by GET", "a file as a form", "a file as it is"],
)
def test_a_query_as_csv(server: Server, curl: Curl, options: tuple[str, ...]) -> None:
    ended = curl("--fail", *options, "--header", "Accept: text/csv", server.endpoint)
    assert (ended.returncode, ended.stdout.decode()) == (0, f"title\r\n{TITLE}\r\n")


def test_a_whole_answer_compressed_on_the_way(server: Server, curl: Curl) -> None:
    asked = ("--get", "--data-urlencode", "query=SELECT * { ?s ?p ?o } LIMIT 5000", "--data", "format=csv")
    plain = curl("--fail", *asked, server.endpoint)
    told = ("--output", "answer.csv", "--write-out", "%{size_download} %header{content-encoding}")
    compressed = curl("--fail", "--compressed", *asked, *told, server.endpoint)
    size, coding = compressed.stdout.decode().split()
    assert coding in ("gzip", "zstd")
    assert int(size) < len(plain.stdout) / 2
    shown = curl("--fail", "--compressed", *asked, server.endpoint)
    assert shown.stdout == plain.stdout
    assert len(list(csv.reader(plain.stdout.decode().splitlines()))) == 5001


def test_a_failing_query_fails(server: Server, curl: Curl) -> None:
    wrong = ("--get", "--data-urlencode", "query=SELECT * {", server.endpoint)
    quiet = curl("--fail", *wrong)
    assert (quiet.returncode, quiet.stdout) == (ERROR, b"")
    telling = curl("--fail-with-body", *wrong)
    assert telling.returncode == ERROR
    assert json.loads(telling.stdout)["status"] == 400


@pytest.mark.parametrize("options", [(), ("--compressed",)], ids=["plain", "compressed"])
def test_a_cut_answer_fails(cutting: Server, curl: Curl, options: tuple[str, ...]) -> None:
    asked = ("--get", "--data-urlencode", f"query={LONG}", "--data", "format=csv", "--output", "answer.csv")
    assert curl(*options, *asked, cutting.endpoint).returncode != 0
    assert curl("--get", "--data-urlencode", f"query={TITLES}", cutting.endpoint).returncode == 0


def test_the_head_alone(server: Server, curl: Curl) -> None:
    ended = curl("--head", "--get", "--data-urlencode", f"query={TITLES}", server.endpoint)
    head = ended.stdout.decode()
    assert ended.returncode == 0
    assert head.startswith("HTTP/1.1 200 ")
    assert "Content-Type: application/sparql-results+json" in head
    assert head.endswith("\r\n\r\n")
    assert "HTTP/1.1 303 " in curl("--head", f"{server.address}id/rncp/990001").stdout.decode()


@pytest.mark.parametrize(
    ("accept", "syntax"),
    [("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("application/n-triples", "nt")],
)
def test_a_thing_by_its_address(server: Server, curl: Curl, accept: str, syntax: str) -> None:
    ended = curl("--fail", "--location", "--header", f"Accept: {accept}", f"{server.address}id/rncp/990001")
    assert ended.returncode == 0
    graph = Graph().parse(data=ended.stdout, format=syntax)
    assert (URIRef(FICHE), DCTERMS.title, Literal(TITLE, lang="fr")) in graph
    page = curl("--fail", "--location", f"{server.address}id/rncp/990001")
    assert page.stdout.startswith(b"<!doctype html>")


def test_an_answer_that_was_kept_is_asked_for_again(server: Server, curl: Curl) -> None:
    again = ("--etag-save", "tag", "--etag-compare", "tag", "--write-out", "%{http_code}", "--output", "answer.csv")
    asked = ("--get", "--data-urlencode", f"query={TITLES}", "--data", "format=csv", server.endpoint)
    assert curl(*again, *asked).stdout == b"200"
    assert curl(*again, *asked).stdout == b"304"
