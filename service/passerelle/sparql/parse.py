"""An HTTP request as the SPARQL 1.1 Protocol reads it (W3C Recommendation of 21 March 2013, 2.1).

Beside the protocol's own parameters stand those of this service: `format`, `timeout` and `max-rows`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from passerelle.errors import QueryRefused, RequestError, RequestTooLarge, UnsupportedMediaType
from passerelle.sparql.media_types import format_name

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_UTF_8 = frozenset({"utf-8", "utf8"})
_FIELD_LIMIT = 1000
_SINGLE = ("timeout", "max-rows", "lang")
_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_SECONDS = re.compile(r"(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})", re.ASCII)
_ROWS = re.compile(r"\d{1,18}", re.ASCII)

Fields = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """The query, the dataset that the protocol gives it, and how it shall be answered.

    `default_graphs` and `named_graphs` are IRIs (both empty: what the query says, or all graphs). `format` is a short
    name of `media_types`, or what the client said instead of one; `seconds` and `rows` are limits that the client asks
    for, more than 0. None is not asked.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    seconds: float | None = None
    rows: int | None = None


def parse_request(
    method: str,
    query_string: bytes,
    content_type: str | None = None,
    body: bytes = b"",
    content_encoding: str | None = None,
) -> ProtocolRequest:
    """Read a request in one of the three forms of the protocol.

    `content_type` and `content_encoding` are the headers of the body. The parameters of the address count in all three
    forms, together with those of a form. Raises RequestError (no query, several, not UTF-8, a number that is none),
    RequestTooLarge (too many parameters), UnsupportedMediaType, QueryRefused (an update).
    """
    if method in ("GET", "HEAD"):
        return _request(_fields(query_string))
    if method != "POST":
        raise RequestError("sparql-method", method=method)
    if (content_encoding or "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("sparql-content-coding", coding=content_encoding)
    media_type, charsets = _media_type(content_type)
    if media_type == _UPDATE:
        raise QueryRefused("sparql-update", keyword=_UPDATE)
    if media_type not in (_FORM, _QUERY):
        raise UnsupportedMediaType("sparql-media-type", media_type=media_type or "–")
    if not charsets <= _UTF_8:
        raise UnsupportedMediaType("sparql-encoding")
    fields = _fields(query_string)
    for name, values in (_fields(body) if media_type == _FORM else {"query": [_text(body)]}).items():
        fields.setdefault(name, []).extend(values)
    return _request(fields)


def asks_nothing(query_string: bytes) -> bool:
    """Whether the address of a GET holds neither a query nor an update: it asks for the service description.

    (SPARQL 1.1 Service Description, 2.) An empty query is one that is missing. Never raises: of an address that cannot
    be read, `parse_request` says what is wrong.
    """
    if not query_string:
        return True
    try:
        return not {"query", "update"} & _fields(query_string).keys()
    except RequestError:
        return False


def _request(fields: Fields) -> ProtocolRequest:
    if "update" in fields:
        raise QueryRefused("sparql-update", keyword="update")
    queries = fields.get("query", [])
    if len(queries) > 1:
        raise RequestError("sparql-repeated", count=len(queries))
    for name in _SINGLE:
        if len(fields.get(name, ())) > 1:
            raise RequestError("sparql-parameter-repeated", name=name)
    asked = ProtocolRequest(
        queries[0] if queries else "",
        tuple(fields.get("default-graph-uri", ())),
        tuple(fields.get("named-graph-uri", ())),
        _format(fields),
        _seconds(fields),
        _rows(fields),
    )
    if not asked.query.strip():
        raise RequestError("sparql-missing")
    return asked


def _format(fields: Fields) -> str | None:
    # SPARQLWrapper says `format=tsv&format=text/tab-separated-values`, and an empty second one: two names of one thing
    given = [value for value in fields.get("format", ()) if value.strip()]
    names = dict.fromkeys(format_name(value) for value in given)
    if len(names) > 1:
        raise RequestError("sparql-parameter-repeated", name="format")
    return next(iter(names), None)


def _seconds(fields: Fields) -> float | None:
    for value in fields.get("timeout", ()):
        if not _SECONDS.fullmatch(value.strip()) or float(value) <= 0:
            raise RequestError("sparql-timeout", value=value)
        return float(value)
    return None


def _rows(fields: Fields) -> int | None:
    for value in fields.get("max-rows", ()):
        if not _ROWS.fullmatch(value.strip()) or int(value) <= 0:
            raise RequestError("sparql-max-rows", value=value)
        return int(value)
    return None


def _fields(data: bytes) -> dict[str, list[str]]:
    if not data:
        return {}
    text = _text(data)
    if _BAD_ESCAPE.search(text):
        raise RequestError("sparql-escape")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELD_LIMIT)
    except UnicodeDecodeError as error:
        raise RequestError("sparql-encoding") from error
    except ValueError as error:
        raise RequestTooLarge("sparql-fields", limit=_FIELD_LIMIT) from error
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        if "\0" in value:
            raise RequestError("sparql-nul")
        fields.setdefault(name, []).append(value)
    return fields


def _media_type(content_type: str | None) -> tuple[str, frozenset[str]]:
    media_type, *parameters = (part.strip() for part in (content_type or "").split(";"))
    pairs = (parameter.partition("=") for parameter in parameters)
    charsets = (value.strip().strip('"').lower() for name, _, value in pairs if name.strip().lower() == "charset")
    return media_type.lower(), frozenset(charsets)


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError("sparql-encoding") from error
    if "\0" in text:  # UTF-16 of Latin letters, mostly
        raise RequestError("sparql-nul")
    return text
