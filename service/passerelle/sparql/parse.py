"""An HTTP request as the SPARQL 1.1 Protocol reads it (W3C Recommendation of 21 March 2013, 2.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from passerelle.errors import QueryRefused, RequestError, RequestTooLarge, UnsupportedMediaType

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_FIELD_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """The query and the dataset that the protocol gives it (IRIs; empty: what the query says, or all graphs)."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def parse_request(
    method: str, query_string: bytes, content_type: str | None = None, body: bytes = b""
) -> ProtocolRequest:
    """Read a request in one of the three forms of the protocol.

    `content_type` is the header of the body with its parameters. Raises RequestError (no query, several, not UTF-8),
    UnsupportedMediaType, QueryRefused (an update).
    """
    in_address = _pairs(query_string)
    if method in ("GET", "HEAD"):
        return _of_pairs(in_address)
    if method != "POST":
        raise RequestError("sparql-method", method=method)
    media_type, charset = _media_type(content_type)
    if media_type == _UPDATE:
        raise QueryRefused("sparql-update", keyword=_UPDATE)
    if media_type not in (_FORM, _QUERY):
        raise UnsupportedMediaType("sparql-media-type", media_type=media_type or "–")
    if charset not in ("", "utf-8", "utf8"):
        raise UnsupportedMediaType("sparql-encoding")
    if media_type == _FORM:
        # a query in the address of a form is a second one
        return _of_pairs(_pairs(body) + [pair for pair in in_address if pair[0] in ("query", "update")])
    query = _text(body)
    count = 1 + sum(name == "query" for name, _ in in_address)
    if count > 1:
        raise RequestError("sparql-repeated", count=count)
    return _of_pairs([("query", query), *in_address])


def _of_pairs(pairs: Iterable[tuple[str, str]]) -> ProtocolRequest:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if "update" in values:
        raise QueryRefused("sparql-update", keyword="update")
    queries = values.get("query", [])
    if len(queries) > 1:
        raise RequestError("sparql-repeated", count=len(queries))
    if not queries or not queries[0].strip():
        raise RequestError("sparql-missing")
    return ProtocolRequest(
        queries[0], tuple(values.get("default-graph-uri", ())), tuple(values.get("named-graph-uri", ()))
    )


def _pairs(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(data.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_FIELD_LIMIT)
    except UnicodeDecodeError as error:
        raise RequestError("sparql-encoding") from error
    except ValueError as error:
        raise RequestTooLarge("sparql-fields", limit=_FIELD_LIMIT) from error


def _media_type(content_type: str | None) -> tuple[str, str]:
    media_type, *parameters = (part.strip() for part in (content_type or "").split(";"))
    charset = ""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"').lower()
    return media_type.lower(), charset


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError("sparql-encoding") from error
