"""`/queries` and `/queries/{name}`: the named questions as forms and tables, and as JSON, CSV and the other formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from passerelle.errors import NotAcceptable
from passerelle.graph.answer import QueryAnswer
from passerelle.graph.question import Kind, Question
from passerelle.messages import Language
from passerelle.queries import NamedQuery, catalogue, named_query
from passerelle.settings import Settings
from passerelle.sparql.authorise import authorise
from passerelle.sparql.media_types import MediaType, content_type, offered
from passerelle.sparql.negotiate import best
from passerelle.web.answers import results, whole
from passerelle.web.forms import Asked, asked, asked_values, faults_of, fields_of, things_asked
from passerelle.web.labels import CountriesOfRelease, names_of
from passerelle.web.language import language_of
from passerelle.web.publication import Publication, Served
from passerelle.web.streaming import describe, streamed
from passerelle.web.tables import Table, table_of, things_in

_HTML = "text/html"
_PAGE_PARAMETERS = frozenset({"lang", "format"})  # of every page, so no question can have a parameter of these names


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page shows of an answer: what was asked, a table or triples, files (format, address), and the SPARQL."""

    asked: tuple[Asked, ...]
    table: Table | None
    triples: str
    downloads: tuple[tuple[str, str], ...]
    sparql: str


def named_queries(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint of the named queries."""
    blueprint = Blueprint("queries", __name__)
    countries_of_release = CountriesOfRelease()

    @blueprint.route("/queries")
    def listing() -> Response:
        language = language_of(request)
        if best(request.headers.get("Accept"), ["application/json", _HTML]) == _HTML:
            served = publication.current()
            page = render_template(
                "queries.html", queries=catalogue().values(), manifest=served.manifest, release=served
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
            return _page(query, served, values, countries_of_release, settings)
        text = query.bind(values, served.manifest.base)
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
    return served.backend.run(Question(text, media_type, own_dataset=authorised.own_dataset))


def _page(
    query: NamedQuery, served: Served, given: Mapping[str, str], known: CountriesOfRelease, settings: Settings
) -> Response:
    language = language_of(request)
    base = served.manifest.base
    values = asked_values(query, given, language)
    # before anything is filled in, the page is the form alone
    wanted = bool(given) or not any(parameter.required for parameter in query.parameters)
    faults = faults_of(query, values, base) if wanted else {}
    found = _answer(query, served, values, language, settings) if wanted and not faults else None
    offered = known.of(served, language) if any(each.kind == "country" for each in query.parameters) else ()
    page = render_template(
        "query.html",
        query=query,
        fields=fields_of(query, values, faults, offered, language),
        faults=faults,
        answer=found,
        example=_example(query, language) if served.manifest.demo and not wanted else "",
        release=served,
        manifest=served.manifest,
    )
    return describe(make_response(page, HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK), served)


def _answer(
    query: NamedQuery, served: Served, values: Mapping[str, str], language: Language, settings: Settings
) -> Answer:
    base = served.manifest.base
    text = query.bind(values, base)
    authorised = authorise(text, served.graphs, size_limit=settings.query_bytes)
    things = things_asked(query, values, base)
    table: Table | None = None
    triples = ""
    if authorised.kind == "triples":
        triples = whole(_run(served, text, "text/turtle", settings)).decode()
        names = names_of(served, things.values())
    else:
        document = results(served, text, own_dataset=authorised.own_dataset)
        names = names_of(served, (*things.values(), *things_in(document)))
        table = table_of(document, query.name, base, names, language, query.description(language))
    downloads = _downloads(query, values, authorised.kind, language)
    return Answer(asked(query, values, things, names, language), table, triples, downloads, text)


def _example(query: NamedQuery, language: Language) -> str:
    """The address of the question with its example values, where it cannot be asked without any."""
    values = {each.name: each.example for each in query.parameters if each.required}
    if not values:
        return ""
    return f"{url_for('queries.answer', name=query.name)}?{urlencode({**values, 'format': 'html', 'lang': language})}"


def _downloads(
    query: NamedQuery, values: Mapping[str, str], kind: Kind, language: Language
) -> tuple[tuple[str, str], ...]:
    names = sorted(dict.fromkeys(choice.name for choice in offered(kind)), key=_file_order)
    address = url_for("queries.answer", name=query.name)
    return tuple((name, f"{address}?{urlencode({**values, 'format': name, 'lang': language})}") for name in names)


def _file_order(name: str) -> int:
    first = ("csv", "json")  # what an analyst's spreadsheet and a programme open
    return first.index(name) if name in first else len(first)


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
