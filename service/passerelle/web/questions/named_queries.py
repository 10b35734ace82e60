"""`/queries` and `/queries/{name}`: the named questions as forms and tables, and as JSON, CSV and the other formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from passerelle.errors import ParameterError
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Kind, Question
from passerelle.messages import Language
from passerelle.queries import NamedQuery, catalogue, named_query
from passerelle.settings import Settings
from passerelle.sparql.authorise import authorise
from passerelle.sparql.media_types import PAGE, offered
from passerelle.sparql.negotiate import best, negotiate
from passerelle.web.questions.forms import Asked, asked, asked_values, faults_of, fields_of, things_asked
from passerelle.web.questions.labels import CountriesOfRelease, names_of
from passerelle.web.questions.tables import Table, table_of, things_in
from passerelle.web.releases.publication import Publication, Served
from passerelle.web.responses.addresses import public_address
from passerelle.web.responses.answers import results, whole
from passerelle.web.responses.entity_tags import REVALIDATED, tagged
from passerelle.web.responses.language import language_of
from passerelle.web.responses.streaming import answered, describe, head

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
        if best(request.headers.get("Accept"), ["application/json", PAGE.asked]) == PAGE.asked:
            served = publication.current()
            page = render_template(
                "queries.html", queries=catalogue().values(), manifest=served.manifest, release=served
            )
            return make_response(page)
        return jsonify([_described(query, language, settings) for query in catalogue().values()])

    @blueprint.route("/queries/<name>")
    def answer(name: str) -> Response:
        query = named_query(name)
        served = publication.current()
        values = _values(query)
        media_type = negotiate(
            request.headers.get("Accept"), _kind_of(query.name), request.args.get("format"), page=True
        )
        if media_type is PAGE:
            return tagged(_page(query, served, values, countries_of_release, settings), None, REVALIDATED)
        text = _bound(query, values, served)
        authorised = authorise(text, served.graphs, size_limit=settings.query_bytes)
        question = Question(
            text,
            media_type.written,
            own_dataset=authorised.own_dataset,
            limits=Limits.of(settings),
            kind=authorised.kind,
        )
        return answered(served, question, media_type, deterministic=authorised.deterministic, cache_control=REVALIDATED)

    return blueprint


def _values(query: NamedQuery) -> dict[str, str]:
    """The parameters of the question. Raises ParameterError for one that is given twice."""
    for name, values in request.args.lists():
        if len(values) > 1:
            raise ParameterError("query-parameter-repeated", query=query.name, name=name, count=len(values))
    return {name: value for name, value in request.args.items() if name not in _PAGE_PARAMETERS}


def _bound(query: NamedQuery, values: Mapping[str, str], served: Served) -> str:
    """The SPARQL of a question with its values, which is also what the log of requests has the trace of."""
    text = query.bind(values, served.manifest.base)
    request.environ["passerelle.query"] = text
    return text


@cache
def _kind_of(name: str) -> Kind:
    """What a question answers, whatever its values."""
    query = named_query(name)
    return authorise(query.text, frozenset(), size_limit=len(query.text) * 4).kind


def _page(
    query: NamedQuery, served: Served, given: Mapping[str, str], known: CountriesOfRelease, settings: Settings
) -> Response:
    language = language_of(request)
    base = served.manifest.base
    values = asked_values(query, given, language)
    # before anything is filled in, the page is the form alone
    wanted = bool(given) or not any(parameter.required for parameter in query.parameters)
    faults = faults_of(query, values, base) if wanted else {}
    status = HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK
    if request.method == "HEAD":  # without a question to the release
        headers = head(PAGE)
        headers.status_code = status
        return describe(headers, served)
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
    return describe(make_response(page, status), served)


def _answer(
    query: NamedQuery, served: Served, values: Mapping[str, str], language: Language, settings: Settings
) -> Answer:
    base = served.manifest.base
    text = _bound(query, values, served)
    authorised = authorise(text, served.graphs, size_limit=settings.query_bytes)
    things = things_asked(query, values, base)
    table: Table | None = None
    triples = ""
    if authorised.kind == "triples":
        question = Question(text, "text/turtle", own_dataset=authorised.own_dataset, kind="triples")
        triples = whole(served.backend.run(question)).decode()
        names = names_of(served, things.values())
    else:
        document = results(served, text, own_dataset=authorised.own_dataset, kind=authorised.kind)
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


def _described(query: NamedQuery, language: Language, settings: Settings) -> dict[str, Any]:
    return {
        "name": query.name,
        "title": query.title(language),
        "description": query.description(language),
        "address": public_address(settings, url_for("queries.answer", name=query.name)),
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
