"""`/things?iri=…`: what a release states about one thing, as a page with the source of each statement and as RDF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for

from passerelle.errors import ParameterError, UnknownName
from passerelle.graph.rights import OUR_LICENCE, OUR_LICENCE_NAME, Rights, rights_of
from passerelle.graph.thing_document import Row, ThingDocument
from passerelle.messages import LANGUAGES, Language, message
from passerelle.records.iri import is_iri
from passerelle.settings import Settings
from passerelle.sparql.media_types import PAGE, MediaType
from passerelle.web.linked.graph_downloads import download_address
from passerelle.web.linked.registration_notices import notices_of
from passerelle.web.linked.thing_queries import (
    REFERENCES_READ,
    STATEMENTS_READ,
    Found,
    found_of,
    statements_query,
)
from passerelle.web.linked.withdrawn_pages import gone, withdrawn_of
from passerelle.web.questions.labels import chosen, labels_of, names_of
from passerelle.web.questions.tables import Cell, Table, Text, short_form, table_of, things_in
from passerelle.web.releases.publication import Publication, Served
from passerelle.web.responses.addresses import public_address
from passerelle.web.responses.entity_tags import NOT_KEPT, REVALIDATED, UNCHANGING, entity_tag, not_modified, tagged
from passerelle.web.responses.headers import STATEMENTS_MORE
from passerelle.web.responses.language import language_of
from passerelle.web.responses.representations import alternates, in_rdf, linked, representation
from passerelle.web.responses.streaming import describe
from passerelle.web.responses.wording import day, number

STATEMENTS_SHOWN = 500
"""Statements of one page; the largest fiche has some 300."""


def things(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint of the pages and documents about things."""
    blueprint = Blueprint("things", __name__)

    @blueprint.route("/things")
    def thing() -> Response:
        iri, release = request.args.get("iri", ""), request.args.get("release", "")
        if not is_iri(iri):
            raise ParameterError("page-thing-iri")
        media_type = representation()
        served = publication.of(release) if release else publication.current()
        withdrawn = withdrawn_of(served, iri)
        if withdrawn is not None:
            return gone(withdrawn, served, publication, settings, media_type)
        return _thing(served, iri, release, media_type, settings)

    return blueprint


def _thing(served: Served, iri: str, release: str, media_type: MediaType, settings: Settings) -> Response:
    page = media_type is PAGE
    tag = None
    if served.backend.immutable:
        # what a page says of a registration depends on the day
        depends = (language_of(request), _today(), bool(release)) if page else (bool(release),)
        tag = entity_tag(served.identifier, "things", iri, media_type.name, _address(settings, iri, release), *depends)
    control = NOT_KEPT if tag is None else UNCHANGING if release and not page else REVALIDATED
    others = alternates(url_for("things.thing"), iri=iri, release=release)
    unchanged = None if tag is None else not_modified(request, tag, control)
    if unchanged is not None:
        return describe(linked(unchanged, others, describes=iri), served)
    request.environ["passerelle.query"] = statements_query(iri)
    download = download_address(served, iri, settings)
    found = found_of(served, iri, download)
    if page:
        response, rights = _page(served, iri, found, others, release)
    else:
        response, rights = _document(served, iri, found, media_type, _address(settings, iri, release))
    if response.status_code == HTTPStatus.OK:
        tagged(response, tag, control)
        if found.cut:
            response.headers[STATEMENTS_MORE] = "true"
        request.environ["passerelle.keep"] = served.backend.immutable and not page and not release
    if download:
        # IANA's word for what may be large; the graph is what is described here, not another form of the description
        response.headers.add("Link", f'<{download}>; rel="enclosure"')
    return describe(linked(response, others, describes=iri, licences=rights.licences), served)


def _address(settings: Settings, iri: str, release: str) -> str:
    """The document's own name: the address that negotiates."""
    query = urlencode({"iri": iri, "release": release} if release else {"iri": iri})
    return public_address(settings, f"{url_for('things.thing')}?{query}")


def _document(served: Served, iri: str, found: Found, media_type: MediaType, address: str) -> tuple[Response, Rights]:
    if not found.statements:
        raise UnknownName("thing-only-named" if found.references else "thing-unknown")
    labels = labels_of(served, _named(found))
    rights = rights_of(served.manifest, {*found.graphs, *(row["graph"]["value"] for row in labels)})
    cut = {language: _cut(language) for language in LANGUAGES} if found.cut else {}
    document = ThingDocument(address, iri, served.manifest, rights, cut)
    content = document.written((*found.statements, *found.references, *labels), media_type.written)
    return in_rdf(content, media_type), rights


def _page(
    served: Served, iri: str, found: Found, others: Sequence[tuple[str, str, str]], release: str
) -> tuple[Response, Rights]:
    language = language_of(request)
    base = served.manifest.base
    stated = _result(found.statements, ("property", "value", "source"))
    pointing = _result(found.references, ("property", "subject"))
    notices = notices_of(served, iri, found, _today())
    successors = [successor for notice in notices for successor in notice.successors]
    names = names_of(served, (iri, *successors, *things_in(stated), *things_in(pointing)))
    table = _grouped(table_of(stated, "things", base, names, language))
    rights = rights_of(served.manifest, found.graphs)
    name = chosen(names.get(iri, ()), language, "en")
    page = render_template(
        "thing.html",
        iri=iri,
        name=name.text if name else short_form(iri, base),
        name_language=name.language if name else "",
        table=table,
        shown=STATEMENTS_SHOWN,
        references=_grouped(table_of(pointing, "things", base, names, language)),
        references_shown=REFERENCES_READ if found.more_references else 0,
        unresolved=found.has("rdf:type", "psl:Unresolved"),
        comparable=found.has("rdf:type", "psl:ComparableSpecification") and served.folder is not None,
        notices=[(notice, [(each, _called(each, names, served)) for each in notice.successors]) for notice in notices],
        rights=rights,
        our_licence=(OUR_LICENCE, OUR_LICENCE_NAME),
        alternates=others,
        past=release,
        day=lambda text: day(text, language),
        release=served,
        manifest=served.manifest,
    )
    return make_response(page, HTTPStatus.OK if found.statements else HTTPStatus.NOT_FOUND), rights


def _called(iri: str, names: Mapping[str, Any], served: Served) -> str:
    name = chosen(names.get(iri, ()), language_of(request), "en")
    number_ = short_form(iri, served.manifest.base)
    return f"{number_}, {name.text}" if name else number_


def _named(found: Found) -> Iterable[str]:
    """What a document has the labels of: what the thing points at, then what points at it."""
    for row in found.statements:
        if row["value"]["type"] == "uri":
            yield row["value"]["value"]
    for row in found.references:
        yield row["subject"]["value"]


def _cut(language: Language) -> str:
    return message("thing-cut").what(
        language, statements=number(str(STATEMENTS_READ), language), references=number(str(REFERENCES_READ), language)
    )


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _result(rows: Sequence[Row], variables: tuple[str, ...]) -> dict[str, Any]:
    """The rows as SPARQL Results JSON with these variables, each row once."""
    kept: dict[tuple[tuple[str, tuple[tuple[str, Any], ...]], ...], dict[str, Any]] = {}
    for row in rows:
        chosen_ = {name: row[name] for name in variables if name in row}
        kept.setdefault(tuple((name, tuple(sorted(term.items()))) for name, term in chosen_.items()), chosen_)
    return {"head": {"vars": list(variables)}, "results": {"bindings": list(kept.values())[: STATEMENTS_SHOWN + 1]}}


def _grouped(table: Table) -> Table:
    """One row for all values of one property that come from one source."""
    rows: dict[tuple[Cell, ...], tuple[Text, ...]] = {}
    for statement, value, *source in table.rows[:STATEMENTS_SHOWN]:
        rows[statement, *source] = (*rows.get((statement, *source), ()), *value.texts)
    grouped = tuple((key[0], Cell(values), *key[1:]) for key, values in rows.items())
    # a property may have numbers and texts, so the column has no alignment of its own
    columns = tuple(replace(column, numeric=False) for column in table.columns)
    return replace(table, columns=columns, rows=grouped)
