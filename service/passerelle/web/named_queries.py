"""`/queries` and `/queries/{name}`: the named questions as forms and tables, and as JSON, CSV and the other formats."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from passerelle.errors import NotAcceptable, ParameterError, RequestTooLarge
from passerelle.graph.question import Kind
from passerelle.graph.workers import QueryAnswer
from passerelle.messages import Language
from passerelle.namespaces import PREFIXES
from passerelle.queries import NamedQuery, catalogue, named_query
from passerelle.settings import Settings
from passerelle.sparql.authorise import authorise
from passerelle.sparql.media_types import MediaType, content_type, offered
from passerelle.sparql.negotiate import best
from passerelle.web.language import language_of
from passerelle.web.publication import Publication, Served
from passerelle.web.streaming import describe, streamed

ROWS_SHOWN = 1000
"""Rows of a page; the whole answer is one click away as CSV."""

_PAGE_BYTES = 16 * 1024 * 1024
_HTML = "text/html"
_PAGE_PARAMETERS = frozenset({"lang", "format"})  # of every page, so no question can have a parameter of these names


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table: its text, how it is shown, and where it leads (empty: nowhere)."""

    text: str
    shown: str
    language: str
    address: str


@dataclass(frozen=True, slots=True)
class Table:
    """The columns and the rows of a page; `total` counts all rows, `rows` holds the first ROWS_SHOWN."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


def named_queries(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint of the named queries."""
    blueprint = Blueprint("queries", __name__)

    @blueprint.route("/queries")
    def listing() -> Response:
        language = language_of(request)
        if best(request.headers.get("Accept"), ["application/json", _HTML]) == _HTML:
            served = publication.current()
            page = render_template(
                "queries.html", queries=catalogue().values(), manifest=served.release.manifest, release=served.release
            )
            return make_response(page)
        return jsonify([_described(query, language) for query in catalogue().values()])

    @blueprint.route("/queries/<name>")
    def answer(name: str) -> Response:
        query = named_query(name)
        served = publication.current()
        values = _values()
        kind = authorise(query.text, served.graphs, size_limit=settings.query_bytes).kind
        media_type = _representation(kind)
        if media_type is None:
            return _page(query, served, values, settings)
        text = query.bind(values, served.release.manifest.base)
        if request.method == "HEAD":
            return describe(Response(content_type=content_type(media_type)), served)
        return streamed(_run(served, text, media_type.written, settings), content_type(media_type), served)

    return blueprint


def _values() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name not in _PAGE_PARAMETERS}


def _representation(kind: Kind) -> MediaType | None:
    """The format that `format=` or the Accept header asks for; None for a page. Raises NotAcceptable."""
    choices = offered(kind)
    asked = request.args.get("format")
    if asked is not None:
        for choice in choices:
            if choice.name == asked:
                return choice
        if asked == "html":
            return None
        raise NotAcceptable("page-format", format=asked, offered=", ".join(dict.fromkeys(c.name for c in choices)))
    found = best(request.headers.get("Accept"), [*(choice.asked for choice in choices), _HTML])
    if found is None:
        raise NotAcceptable("sparql-not-acceptable", offered=", ".join(choice.asked for choice in choices))
    return next((choice for choice in choices if choice.asked == found), None)


def _run(served: Served, text: str, media_type: str, settings: Settings) -> QueryAnswer:
    authorised = authorise(text, served.graphs, size_limit=settings.query_bytes)
    return served.pool.run(text, media_type, own_dataset=authorised.own_dataset)


def _page(query: NamedQuery, served: Served, values: Mapping[str, str], settings: Settings) -> Response:
    language = language_of(request)
    fault: ParameterError | None = None
    table: Table | None = None
    triples = ""
    try:
        # before anything is filled in, the page is the form alone
        if values or not any(parameter.required for parameter in query.parameters):
            text = query.bind(values, served.release.manifest.base)
            kind = authorise(text, served.graphs, size_limit=settings.query_bytes).kind
            if kind == "triples":
                triples = _read(_run(served, text, "text/turtle", settings)).decode()
            else:
                document = _read(_run(served, text, "application/sparql-results+json", settings))
                table = table_of(json.loads(document), served.release.manifest.base)
    except ParameterError as error:
        fault = error
    page = render_template(
        "query.html",
        query=query,
        values=values,
        table=table,
        triples=triples,
        downloads=_downloads(query, values, "triples" if triples else "solutions", language)
        if table or triples
        else (),
        fault=fault,
        release=served.release,
        manifest=served.release.manifest,
    )
    return describe(make_response(page, HTTPStatus.BAD_REQUEST if fault else HTTPStatus.OK), served)


def _read(answer: QueryAnswer) -> bytes:
    content = bytearray()
    try:
        for piece in answer.body:
            content += piece
            if len(content) > _PAGE_BYTES:
                raise RequestTooLarge("page-answer-too-large", limit=_PAGE_BYTES // 1024**2)
    finally:
        answer.body.close()
    return bytes(content)


def table_of(document: Mapping[str, Any], base: str) -> Table:
    """The table of a result in SPARQL Results JSON; ASK gives one cell. `base` shortens our own IRIs."""
    if "boolean" in document:
        answer = str(document["boolean"]).lower()
        return Table(("ASK",), ((Cell(answer, answer, "", ""),),), 1)
    columns = tuple(document["head"]["vars"])
    bindings = document["results"]["bindings"]
    rows = tuple(tuple(_cell(row.get(column), base) for column in columns) for row in bindings[:ROWS_SHOWN])
    return Table(columns, rows, len(bindings))


def _cell(term: Mapping[str, Any] | None, base: str) -> Cell:
    if term is None or not isinstance(term["value"], str):
        return Cell("", "", "", "")
    value = term["value"]
    if term["type"] == "uri":
        return Cell(value, _short(value, base), "", value)
    return Cell(value, value, term.get("xml:lang", ""), "")


def _short(iri: str, base: str) -> str:
    if iri.startswith(base + "/id/"):
        return iri[len(base) + len("/id/") :]
    prefixes = (item for item in PREFIXES.items() if iri.startswith(item[1]) and len(iri) > len(item[1]))
    prefix, start = max(prefixes, key=lambda item: len(item[1]), default=("", ""))
    return f"{prefix}:{iri[len(start) :]}" if prefix else iri


def _downloads(
    query: NamedQuery, values: Mapping[str, str], kind: Kind, language: Language
) -> tuple[tuple[str, str], ...]:
    names = dict.fromkeys(choice.name for choice in offered(kind))
    address = url_for("queries.answer", name=query.name)
    return tuple((name, f"{address}?{urlencode({**values, 'format': name, 'lang': language})}") for name in names)


def _described(query: NamedQuery, language: Language) -> dict[str, Any]:
    return {
        "name": query.name,
        "title": query.title(language),
        "description": query.description(language),
        "address": url_for("queries.answer", name=query.name, _external=True),
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.kind,
                "required": parameter.required,
                "default": parameter.default,
                "label": parameter.label(language),
                "example": parameter.example,
            }
            for parameter in query.parameters
        ],
    }
