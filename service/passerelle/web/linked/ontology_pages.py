"""`/ontology`, `/vocabulary/…`, `/shapes/…`: our terms dereference, as pages with an anchor a term and as RDF.

The ontology has hash IRIs, so its documents answer themselves. Vocabularies and shapes have slash IRIs, which name
concepts and rules and not documents: those answer 303 See Other to the document under `/definitions/` that defines
them (Cool URIs for the Semantic Web, 4; Best Practice Recipes for Publishing RDF Vocabularies, recipes 3 to 6).
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for

from passerelle.errors import PasserelleError, UnknownName
from passerelle.graph.definitions import SHAPES, DefiningDocument, DocumentKind, document_of, documents
from passerelle.graph.manifest import Manifest
from passerelle.graph.rights import OUR_LICENCE
from passerelle.graph.thing_document import served_beside
from passerelle.messages import Language
from passerelle.namespaces import ONTOLOGY, VOCABULARY, expand
from passerelle.sparql.media_types import PAGE
from passerelle.validation.credentials.rules import RULES
from passerelle.validation.credentials.rules import catalogue as rules
from passerelle.web.linked.definitions_view import anchor_of, path_of, title_of, view
from passerelle.web.releases.publication import Publication
from passerelle.web.responses.entity_tags import REVALIDATED, entity_tag, not_modified, tagged
from passerelle.web.responses.language import language_of
from passerelle.web.responses.representations import alternates, in_rdf, linked, redirect_to, representation

_KINDS: tuple[DocumentKind, ...] = ("ontology", "vocabulary", "shapes")


def ontology_pages(publication: Publication) -> Blueprint:
    """The blueprint. What is defined is of the software; a page also names the current release around it."""
    blueprint = Blueprint("definitions", __name__)

    @blueprint.route("/definitions")
    def listing() -> Response:
        language = language_of(request)
        groups = [(kind, f"definitions-{kind}", _listed(kind, language)) for kind in _KINDS]
        return make_response(render_template("definitions.html", groups=groups, licence=OUR_LICENCE))

    @blueprint.route("/definitions/<any(vocabulary, shapes):kind>/<path:name>")
    def document(kind: DocumentKind, name: str) -> Response:
        found = documents().get((kind, name))
        if found is None:
            raise UnknownName("definition-unknown", name=name[:100])
        return _document(found, publication)

    @blueprint.route("/ontology")
    @blueprint.route("/ontology/<name>")
    def ontology(name: str = "") -> Response:
        whole = documents()["ontology", ""]
        versions = {each.value for each in whole.statements[ONTOLOGY] if each.property == expand("owl:versionIRI")}
        found = whole if f"{ONTOLOGY}/{name}" in versions else documents().get(("ontology", name))
        if found is None:
            raise UnknownName("definition-unknown", name=name[:100])
        return _document(found, publication)

    @blueprint.route("/vocabulary/<path:name>")
    def vocabulary(name: str) -> Response:
        return _defined(VOCABULARY + name)

    @blueprint.route("/shapes/<path:name>")
    def shape(name: str) -> Response:
        return _defined(SHAPES + name)

    return blueprint


def _listed(kind: DocumentKind, language: Language) -> list[tuple[str, str, str]]:
    """Path, title and IRI of each document of a kind."""
    of_kind = [each for each in documents().values() if each.kind == kind]
    return [(path_of(each), title_of(each, language), each.iri) for each in of_kind]


def _defined(iri: str) -> Response:
    """303 to where a slash IRI is defined; a rule has a page of its own."""
    found = document_of(iri)
    if found is None:
        raise UnknownName("definition-unknown", name=iri[:100])
    media_type = representation()
    code = iri.removeprefix(RULES)
    if media_type is PAGE and iri.startswith(RULES) and code in rules():
        return redirect_to(url_for("rules.rule", code=code), media_type)
    return redirect_to(path_of(found), media_type, anchor_of(found, iri) if media_type is PAGE else "")


def _document(document: DefiningDocument, publication: Publication) -> Response:
    """A document in the representation that is asked for, or 304."""
    media_type = representation()
    others = alternates(path_of(document))
    manifest = _manifest(publication)
    language = language_of(request) if media_type is PAGE else ""
    around = (manifest.identifier if manifest is not None else "", language)
    tag = entity_tag("", document.kind, document.name, document.digest, media_type.name, *around)
    response = not_modified(request, tag, REVALIDATED)
    if response is None:
        if media_type is PAGE:
            response = make_response(_page(document, others))
        else:
            more = () if manifest is None else tuple(served_beside(manifest, document.iri))
            response = in_rdf(document.written(media_type.written, more), media_type)
        tagged(response, tag, REVALIDATED)
        request.environ["passerelle.keep"] = True
    return linked(response, others, licences=[document.licence])


def _manifest(publication: Publication) -> Manifest | None:
    """That of the current release; terms are defined without one, too."""
    try:
        return publication.current().manifest
    except PasserelleError:
        return None


def _page(document: DefiningDocument, others: tuple[tuple[str, str, str], ...]) -> str:
    return render_template(
        "definition.html",
        document=document,
        view=view(document, language_of(request)),
        alternates=others,
        licence=document.licence,
    )
