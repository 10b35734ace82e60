"""HTTP requests as the SPARQL protocol reads them."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.errors import PasserelleError, QueryRefused, RequestError, RequestTooLarge, UnsupportedMediaType
from passerelle.sparql.parse import ProtocolRequest, asks_nothing, parse_request

QUERY = "ASK { ?s ?p 'é+& \\u00e9' }"
ENCODED = urlencode({"query": QUERY}).encode()
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


@pytest.mark.parametrize(
    ("method", "query_string", "content_type", "body"),
    [
        ("GET", ENCODED, None, b""),
        ("HEAD", ENCODED, None, b""),
        ("GET", ENCODED + b"&output=json&results=json&unknown=1&unknown=2", None, b""),
        ("POST", b"", FORM, ENCODED.replace(b"%C3%A9", "é".encode())),
        ("POST", b"", DIRECT, b"\xef\xbb\xbf" + QUERY.encode()),
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
    ("parameters", "format_", "seconds", "rows"),
    [
        ("format=csv", "csv", None, None),
        ("format=text%2Fcsv&timeout=2.5&max-rows=10", "csv", 2.5, 10),
        ("format=", None, None, None),
        ("format=Word", "word", None, None),
        ("timeout=1&max-rows=0001", None, 1.0, 1),
        # SPARQLWrapper 2 writes two names of one format, or an empty second one
        ("format=tsv&output=tsv&format=text%2Ftab-separated-values", "tsv", None, None),
        ("format=json-ld&format=application%2Fld%2Bjson%2Capplication%2Fx-json%2Bld", "jsonld", None, None),
        ("format=rdf%2Bxml&format=", "rdfxml", None, None),
    ],
)
def test_how_it_shall_be_answered(
    parameters: str, format_: str | None, seconds: float | None, rows: int | None
) -> None:
    expected = ProtocolRequest(QUERY, (), (), format_, seconds, rows)
    encoded = parameters.encode()
    assert parse_request("GET", ENCODED + b"&" + encoded) == expected
    assert parse_request("POST", b"", FORM, encoded + b"&" + ENCODED) == expected
    assert parse_request("POST", encoded, FORM, ENCODED) == expected
    assert parse_request("POST", encoded, DIRECT, QUERY.encode()) == expected


def test_dataset_of_address_and_form_together() -> None:
    asked = parse_request("POST", b"default-graph-uri=g:1", FORM, ENCODED + b"&default-graph-uri=g:2")
    assert asked.default_graphs == ("g:1", "g:2")


@pytest.mark.parametrize(
    ("query_string", "nothing"),
    [
        (b"", True),
        (b"format=turtle", True),
        (b"lang=fr&default-graph-uri=g:1", True),
        (b"query=", False),
        (b"%71uery=ASK{}", False),
        (b"update=DROP+ALL", False),
        (b"%", False),
        (b"\xff", False),
    ],
)
def test_an_address_that_asks_nothing(query_string: bytes, nothing: bool) -> None:
    assert asks_nothing(query_string) is nothing


@pytest.mark.parametrize(
    ("parameters", "message", "names"),
    [
        (b"timeout=1&timeout=1", "sparql-parameter-repeated", {"name": "timeout"}),
        (b"max-rows=1&max-rows=2", "sparql-parameter-repeated", {"name": "max-rows"}),
        (b"lang=fr&lang=en", "sparql-parameter-repeated", {"name": "lang"}),
        (b"format=csv&format=json", "sparql-parameter-repeated", {"name": "format"}),
        (b"timeout=", "sparql-timeout", {"value": ""}),
        (b"timeout=0", "sparql-timeout", {"value": "0"}),
        (b"timeout=-1", "sparql-timeout", {"value": "-1"}),
        (b"timeout=nan", "sparql-timeout", {"value": "nan"}),
        (b"timeout=1e9", "sparql-timeout", {"value": "1e9"}),
        (b"timeout=%D9%A1", "sparql-timeout", {"value": "\u0661"}),
        (b"max-rows=0", "sparql-max-rows", {"value": "0"}),
        (b"max-rows=1.5", "sparql-max-rows", {"value": "1.5"}),
        (b"max-rows=" + b"9" * 5000, "sparql-max-rows", {"value": "9" * 5000}),
    ],
)
def test_wrong_values_are_named(parameters: bytes, message: str, names: dict[str, str]) -> None:
    with pytest.raises(RequestError) as caught:
        parse_request("GET", ENCODED + b"&" + parameters)
    assert caught.value.message_id == message
    assert caught.value.parameters == names
    assert caught.value.http_status == 400


def test_compressed_bodies_are_refused() -> None:
    assert parse_request("POST", b"", DIRECT, b"ASK {}", "identity").query == "ASK {}"
    for coding in ("gzip", "br", "identity, gzip"):
        with pytest.raises(UnsupportedMediaType) as caught:
            parse_request("POST", b"", DIRECT, b"ASK {}", coding)
        assert caught.value.message_id == "sparql-content-coding"


@given(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", ""]),
    st.one_of(st.binary(), st.sampled_from([ENCODED, b"query=%ED%A0%80", b"query=%00", b"query=%"])),
    st.one_of(st.none(), st.text(), st.sampled_from([FORM, DIRECT, DIRECT + "; charset=utf-16"])),
    st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-16")), st.just(ENCODED)),
)
def test_whatever_is_sent_is_a_request_or_a_4xx(
    method: str, query_string: bytes, content_type: str | None, body: bytes
) -> None:
    asks_nothing(query_string)
    try:
        asked = parse_request(method, query_string, content_type, body)
    except PasserelleError as error:
        assert 400 <= error.http_status < 500
        assert error.what("fr").encode("utf-8")
    else:
        assert asked.query.encode("utf-8").strip()


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
        ("POST", b"", DIRECT, "ASK {}".encode("utf-16"), RequestError, "sparql-encoding"),
        ("POST", b"", DIRECT, "ASK {}".encode("utf-16-le"), RequestError, "sparql-nul"),
        ("POST", b"", FORM, "query=ASK {}".encode("utf-16-be"), RequestError, "sparql-nul"),
        ("POST", b"", DIRECT, b"ASK { ?s ?p '\xed\xa0\x80' }", RequestError, "sparql-encoding"),
        ("POST", b"", DIRECT + "; charset=utf-8; charset=utf-16", b"ASK {}", UnsupportedMediaType, "sparql-encoding"),
        ("GET", b"query=%ED%A0%80", None, b"", RequestError, "sparql-encoding"),
        ("GET", b"query=ASK%7B%7D%00", None, b"", RequestError, "sparql-nul"),
        ("GET", b"query=ASK%7B%7D%2", None, b"", RequestError, "sparql-escape"),
        ("GET", ENCODED + b"&x=%zz", None, b"", RequestError, "sparql-escape"),
        ("GET", b"&".join([b"a=1"] * 1001), None, b"", RequestTooLarge, "sparql-fields"),
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
