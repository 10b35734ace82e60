"""What the service and its data say of themselves: service description, VoID, DCAT, for machines that look around."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from passerelle.graph.descriptions import DCAT_FILE, VOID_FILE
from passerelle.graph.descriptions.addresses import Addresses
from passerelle.graph.descriptions.catalogue import DOWNLOADS, Publisher, catalogue_graph
from passerelle.graph.descriptions.documents import places, stated_in, written
from passerelle.graph.descriptions.service import ServiceFacts, service_graph
from passerelle.graph.descriptions.void import served_void, void_graph
from passerelle.graph.descriptions.words import graph_title, release_iri, slug_of
from passerelle.graph.manifest import Manifest
from passerelle.graph.rights import OUR_LICENCE, OUR_LICENCE_NAME, rights_of
from passerelle.messages import LANGUAGES, Language, message
from passerelle.settings import Settings
from passerelle.sparql.media_types import PAGE
from passerelle.web.linked.graph_downloads import graph_download
from passerelle.web.releases.publication import Publication, Served
from passerelle.web.responses.addresses import public_address
from passerelle.web.responses.entity_tags import REVALIDATED, entity_tag, not_modified, tagged
from passerelle.web.responses.language import language_of
from passerelle.web.responses.representations import rdf_response, redirect_to, representation, with_licences
from passerelle.web.responses.streaming import describe, of_release
from passerelle.web.responses.wording import number
from passerelle.web.responses.written_documents import WrittenDocuments


def descriptions(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint of VoID, of the catalogue, and of the downloads that both name."""
    blueprint = Blueprint("descriptions", __name__)
    catalogues = WrittenDocuments()

    @blueprint.route("/.well-known/void")
    def void() -> Response:
        served = publication.current()
        if representation("last") is PAGE:
            return _page_of_release(served.identifier)
        return _void(served.manifest, served.folder, settings)

    @blueprint.route("/releases/<identifier>/void")
    def void_of(identifier: str) -> Response:
        found = publication.manifest(identifier)
        if representation("last") is PAGE:
            return _page_of_release(identifier)
        return _void(found, publication.folder(identifier), settings)

    @blueprint.route("/releases/<identifier>/graph/<slug>")
    def download(identifier: str, slug: str) -> Response:
        return graph_download(publication.of(identifier), slug, settings)

    @blueprint.route("/catalogue")
    def catalogue() -> Response:
        served = publication.current()
        manifests = publication.manifests()
        if representation("last") is PAGE:
            return _catalogue_page(served, manifests, settings)
        return _catalogue(served, manifests, catalogues, settings)

    def described_in_the_catalogue(prefix: str = "") -> Response:
        del prefix  # of a base that has a path, as in `linked_data`
        return make_response(redirect(url_for("descriptions.catalogue") + _format_asked(), 303))

    def described_in_its_void(identifier: str, prefix: str = "") -> Response:
        del prefix
        publication.manifest(identifier)
        media_type = representation("last")
        if media_type is PAGE:
            return _page_of_release(identifier)
        return redirect_to(url_for("descriptions.void_of", identifier=identifier), media_type)

    for start in ("", "/<path:prefix>"):
        for name in ("catalogue", "dataset", "publisher"):
            blueprint.add_url_rule(f"{start}/id/{name}", view_func=described_in_the_catalogue)
        blueprint.add_url_rule(f"{start}/id/release/<identifier>", view_func=described_in_its_void)
    return blueprint


def service_description(served: Served, endpoint: str, settings: Settings) -> Response:
    """The description of the endpoint at that address, in the RDF format that the Accept header asks for.

    Raises NotAcceptable.
    """
    at = _addresses(settings)
    facts = ServiceFacts(
        endpoint=endpoint,
        void=at.void_of(served.identifier),
        catalogue=at.catalogue,
        limits={language: limits_in_words(settings, language) for language in LANGUAGES},
        federated=bool(settings.service_endpoints.split()),
    )
    licences = rights_of(served.manifest, served.manifest.graphs).licences
    response = rdf_response(
        lambda media_type: written(service_graph(served.manifest, facts), media_type),
        served.identifier,
        facts,
        licences=licences,
    )
    return describe(response, served)


def limits_in_words(settings: Settings, language: Language) -> str:
    """What one query and one client may use, as the settings have it."""
    sentences = [
        message("service-limits").what(
            language,
            query=number(str(settings.query_bytes), language),
            seconds=number(str(settings.query_seconds), language),
            rows=number(str(settings.answer_rows), language),
            bytes=number(str(settings.answer_bytes), language),
            queries=settings.client_queries,
        )
    ]
    if settings.client_rate:
        rate = number(str(settings.client_rate), language)
        sentences.append(message("service-limits-rate").what(language, rate=rate, burst=settings.client_burst))
    endpoints = ", ".join(settings.service_endpoints.split())
    if endpoints:
        sentences.append(message("service-federation").what(language, endpoints=endpoints))
    else:
        sentences.append(message("service-no-federation").what(language))
    return " ".join(sentences)


def _page_of_release(identifier: str) -> Response:
    """303 to where people read of a release."""
    return redirect_to(url_for("releases.listing"), PAGE, identifier)


def _void(manifest: Manifest, folder: Path | None, settings: Settings) -> Response:
    at = _addresses(settings)
    document = public_address(settings, request.path)

    def write(media_type: str) -> bytes:
        graph = served_void(manifest, at, document)
        counted = stated_in(folder, VOID_FILE)
        if not counted:
            # not `+`: a new graph has all the prefixes that rdflib knows
            graph += void_graph(manifest, None)
        return written(graph, media_type, counted)

    licences = rights_of(manifest, manifest.graphs).licences
    response = rdf_response(write, manifest.identifier, document, licences=licences)
    return of_release(response, manifest)


def _catalogue(served: Served, manifests: list[Manifest], catalogues: WrittenDocuments, settings: Settings) -> Response:
    at = _addresses(settings)
    publisher = Publisher(settings.publisher, settings.contact)

    names = tuple(each.identifier for each in manifests)

    def described(media_type: str) -> bytes:
        about = places(stated_in(served.folder, DCAT_FILE), release_iri(served.manifest))
        return written(catalogue_graph(served.manifest, manifests, publisher, at, about), media_type)

    def write(media_type: str) -> bytes:
        return catalogues.of((served.identifier, names, at, publisher, media_type), lambda: described(media_type))

    response = rdf_response(
        write,
        served.identifier,
        at,
        publisher,
        names,
        licences=rights_of(served.manifest, served.manifest.graphs).licences,
        of_release=False,
    )
    return describe(response, served)


def _catalogue_page(served: Served, manifests: list[Manifest], settings: Settings) -> Response:
    manifest = served.manifest
    language = language_of(request)
    names = tuple(each.identifier for each in manifests)
    # its links are paths, and keep the parameters of the address
    tag = entity_tag(
        served.identifier, "catalogue", names, language, request.full_path, settings.publisher, settings.contact
    )
    unchanged = not_modified(request, tag, REVALIDATED)
    if unchanged is not None:
        return describe(unchanged, served)
    graphs = [
        {
            "slug": slug_of(manifest, name),
            "title": graph_title(manifest, name)[language],
            "triples": triples,
            "rights": rights_of(manifest, [name]),
        }
        for name, triples in manifest.graphs.items()
    ]
    page = render_template(
        "catalogue.html",
        graphs=graphs,
        our_licence=(OUR_LICENCE, OUR_LICENCE_NAME),
        releases=manifests[::-1],
        formats=[name for name, _, _ in DOWNLOADS],
        publisher=settings.publisher or message("publisher-unnamed").what(language),
        contact=settings.contact if urlsplit(settings.contact).scheme in ("http", "https", "mailto") else "",
        release=served,
        manifest=manifest,
    )
    response = with_licences(make_response(page), rights_of(manifest, manifest.graphs).licences)
    return describe(tagged(response, tag, REVALIDATED), served)


def _addresses(settings: Settings) -> Addresses:
    return Addresses(public_address(settings, "/").rstrip("/"))


def _format_asked() -> str:
    media_type = representation("last")
    return "" if media_type is PAGE else f"?format={media_type.name}"
