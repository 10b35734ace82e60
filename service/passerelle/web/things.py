"""`/things?iri=…`: what the release that is served states about one thing, statement by statement, with the source."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template, request

from passerelle.errors import ParameterError
from passerelle.namespaces import expand
from passerelle.records.iri import is_iri
from passerelle.settings import Settings
from passerelle.web.answers import results
from passerelle.web.labels import chosen, names_of
from passerelle.web.language import language_of
from passerelle.web.publication import Publication
from passerelle.web.streaming import describe
from passerelle.web.tables import Cell, Table, Text, short_form, table_of, things_in

STATEMENTS_SHOWN = 500
"""Statements of one page; the largest fiche has some 300."""


def things(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint of the pages about things."""
    del settings
    blueprint = Blueprint("things", __name__)

    @blueprint.route("/things")
    def thing() -> Response:
        iri = request.args.get("iri", "")
        if not is_iri(iri):
            raise ParameterError("page-thing-iri")
        language = language_of(request)
        served = publication.current()
        document = results(served, _statements(iri))
        names = names_of(served, (iri, *things_in(document)))
        base = served.manifest.base
        table = _grouped(table_of(document, "things", base, names, language))
        name = chosen(names.get(iri, ()), language, "en")
        page = render_template(
            "thing.html",
            iri=iri,
            name=name.text if name else short_form(iri, base),
            name_language=name.language if name else "",
            table=table,
            shown=STATEMENTS_SHOWN,
            release=served,
            manifest=served.manifest,
        )
        return describe(make_response(page, HTTPStatus.OK if table.rows else HTTPStatus.NOT_FOUND), served)

    return blueprint


def _grouped(table: Table) -> Table:
    """One row for all values that one source states with one property."""
    rows: dict[tuple[Cell, Cell], tuple[Text, ...]] = {}
    for statement, value, source in table.rows:
        rows[statement, source] = (*rows.get((statement, source), ()), *value.texts)
    grouped = tuple((statement, Cell(values), source) for (statement, source), values in rows.items())
    # a property may have numbers and texts, so the column has no alignment of its own
    columns = tuple(replace(column, numeric=False) for column in table.columns)
    return replace(table, columns=columns, rows=grouped)


def _statements(iri: str) -> str:
    return (
        "SELECT DISTINCT ?property ?value ?source WHERE { "
        f"GRAPH ?graph {{ <{iri}> ?property ?value }} "
        f"OPTIONAL {{ ?graph <{expand('prov:wasDerivedFrom')}> ?source }} "
        f"}} ORDER BY ?property ?value LIMIT {STATEMENTS_SHOWN}"
    )
