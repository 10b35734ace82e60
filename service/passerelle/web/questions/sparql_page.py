"""The query page of the endpoint: a form, the answer below it, and files of it to download. Works without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request

from passerelle.errors import CapacityError, PasserelleError, RequestError
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Kind, Question
from passerelle.messages import Language
from passerelle.queries import NamedQuery, catalogue
from passerelle.sparql.media_types import PAGE, offered
from passerelle.web.questions.labels import Names, chosen, names_of
from passerelle.web.questions.tables import ROWS_SHOWN, Cell, Column, Table, Text, short_form, table_of, things_in
from passerelle.web.releases.publication import Served
from passerelle.web.responses.answers import results_of, whole
from passerelle.web.responses.language import language_of
from passerelle.web.responses.problems import headers_of, outcome_of
from passerelle.web.responses.streaming import describe, head

FIRST_QUERY = """\
SELECT ?graph (COUNT(*) AS ?triples)
WHERE { GRAPH ?graph { ?s ?p ?o } }
GROUP BY ?graph
ORDER BY DESC(?triples)
"""
LONGEST_ADDRESS = 6000
"""Characters; what is longer does not fit the request line of every server and browser, and goes by POST alone."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer on the page: a table or triples, whether there are more rows, files (format, address)."""

    table: Table | None
    triples: str
    more: bool
    downloads: tuple[tuple[str, str], ...]
    address: str


def form_page(served: Served, endpoint: str) -> Response:
    """The form with nothing asked; `example=` fills it with a named query. `endpoint` is the address to tell people."""
    example = catalogue().get(request.args.get("example", ""))
    return _page(served, FIRST_QUERY if example is None else _bound(example, served), endpoint, example=example)


def page_format(kind: Kind) -> str:
    """The format that the page is made from: results in JSON, or triples in Turtle, which a person can read."""
    return offered(kind)[0].written


def answer_page(served: Served, question: Question, kind: Kind, limits: Limits) -> Response:
    """The form with the answer to `question` (in `page_format`) below it, of which the first rows are shown.

    HEAD gets the headers of a page, and nothing is asked. `question.base_iri` is the address of the endpoint.
    """
    rows = ROWS_SHOWN if limits.asked_rows is None else min(limits.asked_rows, ROWS_SHOWN)
    if request.method == "HEAD":
        return describe(head(PAGE), served)
    try:
        limited = replace(question, limits=replace(limits, asked_rows=rows))
        shown = _shown(served, limited, kind, language_of(request))
    except (CapacityError, RequestError) as error:
        return fault_page(served, question.query, question.base_iri, error)
    return _page(served, question.query, question.base_iri, shown=shown)


def fault_page(served: Served, query: str, endpoint: str, fault: PasserelleError) -> Response:
    """The form with what is wrong with the query, so that it can be put right in its place."""
    page = _page(served, query, endpoint, fault=fault)
    request.environ.setdefault("passerelle.outcome", outcome_of(fault))
    page.status_code = fault.http_status
    page.headers["Cache-Control"] = "no-store"
    page.headers.extend(headers_of(fault))
    return page


def _page(
    served: Served,
    query: str,
    endpoint: str,
    *,
    shown: Shown | None = None,
    fault: PasserelleError | None = None,
    example: NamedQuery | None = None,
) -> Response:
    language = language_of(request)
    page = render_template(
        "sparql.html",
        query=query,
        answer=shown,
        fault=fault,
        example=example,
        examples=[(each, _example_address(each, language)) for each in catalogue().values()],
        row_formats=_names("solutions"),
        triple_formats=_names("triples"),
        most=ROWS_SHOWN,
        endpoint=endpoint,
        release=served,
        manifest=served.manifest,
    )
    return describe(make_response(page), served)


def _names(kind: Kind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.name for each in offered(kind)))


def _example_address(query: NamedQuery, language: Language) -> str:
    return f"{request.path}?{urlencode({'example': query.name, 'lang': language})}"


def _bound(query: NamedQuery, served: Served) -> str:
    values = {each.name: each.example for each in query.parameters if each.required}
    return query.bind(values, served.manifest.base)


def _shown(served: Served, question: Question, kind: Kind, language: Language) -> Shown:
    downloads, address = _downloads(question, kind, language)
    if kind == "triples":
        answer = served.backend.run(question)
        text = whole(answer).decode()
        return Shown(None, text, bool(answer.more_rows), downloads, address)
    document, more = results_of(served, question)
    names = names_of(served, things_in(document))
    table = _table(document, served.manifest.base, names, language)
    return Shown(table, "", bool(more), downloads, address)


def _downloads(question: Question, kind: Kind, language: Language) -> tuple[tuple[tuple[str, str], ...], str]:
    """The formats, each with its address (empty where it would be too long), and the address of this page."""
    fields = [
        ("query", question.query),
        *(("default-graph-uri", iri) for iri in question.default_graphs),
        *(("named-graph-uri", iri) for iri in question.named_graphs),
    ]
    address = f"{request.path}?{urlencode(fields)}"
    if len(address) > LONGEST_ADDRESS:
        address = ""
    downloads = tuple((name, f"{address}&{urlencode({'format': name})}" if address else "") for name in _names(kind))
    page = f"{address}&{urlencode({'format': 'html', 'lang': language})}" if address else ""
    return downloads, page


def _table(document: Mapping[str, Any], base: str, names: Names, language: Language) -> Table:
    """The values as the query gives them: headings are its variables, every column is shown."""
    if "boolean" in document:
        return table_of(document, "sparql", base, names, language)
    variables = document["head"]["vars"]
    bindings = document["results"]["bindings"]
    columns = tuple(Column(f"?{name}", (name,)) for name in variables)
    rows = tuple(tuple(_cell(row.get(name), base, names, language) for name in variables) for row in bindings)
    return Table(columns, rows, len(bindings))


def _cell(term: Mapping[str, Any] | None, base: str, names: Names, language: Language) -> Cell:
    if term is None:
        return Cell(())
    value = term["value"]
    if not isinstance(value, str):  # a quoted triple
        return Cell((Text(str(value)),))
    if term["type"] == "uri":
        name = chosen(names.get(value, ()), language, "en")
        short = short_form(value, base)
        if name is not None:
            return Cell((Text(name.text, name.language, value, short),))
        return Cell((Text(short, thing=value) if value.startswith(base) else Text(short, address=value),))
    return Cell((Text(f"_:{value}" if term["type"] == "bnode" else value, term.get("xml:lang", "")),))
