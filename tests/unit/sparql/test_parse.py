"""HTTP requests as the SPARQL protocol reads them."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from passerelle.errors import PasserelleError, QueryRefused, RequestError, UnsupportedMediaType
from passerelle.sparql.parse import ProtocolRequest, parse_request

QUERY = "ASK { ?s ?p 'é+& \\u00e9' }"
ENCODED = urlencode({"query": QUERY}).encode()
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


@pytest.mark.parametrize(
    ("method", "query_string", "content_type", "body"),
    [
        ("GET", ENCODED, None, b""),
        ("HEAD", ENCODED, None, b""),
        ("GET", ENCODED + b"&format=json&output=json", None, b""),
        ("POST", b"", FORM, ENCODED),
        ("POST", b"", FORM + "; charset=UTF-8", ENCODED),
        ("POST", b"other=1", FORM, ENCODED),
        ("POST", b"", DIRECT, QUERY.encode()),
        ("POST", b"", DIRECT + ';charset="utf-8"', QUERY.encode()),
    ],
)
def test_three_forms(method: str, query_string: bytes, content_type: str | None, body: bytes) -> None:
    assert parse_request(method, query_string, content_type, body) == ProtocolRequest(QUERY)


def test_dataset_of_each_form() -> None:
    dataset = urlencode([("default-graph-uri", "g:1"), ("default-graph-uri", "g:2"), ("named-graph-uri", "g:3")])
    expected = ProtocolRequest(QUERY, ("g:1", "g:2"), ("g:3",))
    encoded = dataset.encode()
    assert parse_request("GET", ENCODED + b"&" + encoded) == expected
    assert parse_request("POST", b"", FORM, ENCODED + b"&" + encoded) == expected
    assert parse_request("POST", encoded, DIRECT, QUERY.encode()) == expected


@pytest.mark.parametrize(
    ("method", "query_string", "content_type", "body", "kind", "message"),
    [
        ("GET", b"", None, b"", RequestError, "sparql-missing"),
        ("GET", b"query=", None, b"", RequestError, "sparql-missing"),
        ("GET", b"query=+%0A", None, b"", RequestError, "sparql-missing"),
        ("POST", b"", FORM, b"", RequestError, "sparql-missing"),
        ("POST", b"", DIRECT, b"", RequestError, "sparql-missing"),
        ("GET", ENCODED + b"&" + ENCODED, None, b"", RequestError, "sparql-repeated"),
        ("POST", b"", FORM, ENCODED + b"&" + ENCODED, RequestError, "sparql-repeated"),
        ("POST", ENCODED, FORM, ENCODED, RequestError, "sparql-repeated"),
        ("POST", ENCODED, DIRECT, b"ASK {}", RequestError, "sparql-repeated"),
        ("POST", b"", None, b"ASK {}", UnsupportedMediaType, "sparql-media-type"),
        ("POST", b"", "text/plain", b"ASK {}", UnsupportedMediaType, "sparql-media-type"),
        ("POST", b"", "multipart/form-data; boundary=x", b"", UnsupportedMediaType, "sparql-media-type"),
        ("POST", b"", DIRECT + "; charset=utf-16", b"", UnsupportedMediaType, "sparql-encoding"),
        ("POST", b"", DIRECT, b"ASK { ?s ?p '\xe9' }", RequestError, "sparql-encoding"),
        ("GET", b"query=ASK%7B%7D%23%E9", None, b"", RequestError, "sparql-encoding"),
        ("POST", b"", FORM, b"query=\xe9", RequestError, "sparql-encoding"),
        ("POST", b"", "application/sparql-update", b"DROP ALL", QueryRefused, "sparql-update"),
        ("POST", b"", FORM, b"update=DROP+ALL", QueryRefused, "sparql-update"),
        ("POST", b"update=DROP+ALL", FORM, ENCODED, QueryRefused, "sparql-update"),
        ("GET", ENCODED + b"&update=DROP+ALL", None, b"", QueryRefused, "sparql-update"),
        ("PUT", ENCODED, None, b"", RequestError, "sparql-method"),
    ],
)
def test_what_is_refused(
    method: str,
    query_string: bytes,
    content_type: str | None,
    body: bytes,
    kind: type[PasserelleError],
    message: str,
) -> None:
    with pytest.raises(kind) as caught:
        parse_request(method, query_string, content_type, body)
    assert type(caught.value) is kind
    assert caught.value.message_id == message
    assert caught.value.what("fr")
    assert caught.value.remedy("fr")
