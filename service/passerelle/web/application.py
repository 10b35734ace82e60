"""The application: its pages put together, with the headers that every response carries."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, Response, request, url_for

from passerelle.messages import LANGUAGES, Language, catalogue, message
from passerelle.settings import Settings
from passerelle.web.admission.admission import Admission
from passerelle.web.comparisons.api import comparison_interface
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.comparisons.pages import comparison_pages
from passerelle.web.comparisons.unit_sets_api import unit_set_interface
from passerelle.web.credentials.credential_checks import CredentialChecks
from passerelle.web.credentials.rules_pages import rules_pages
from passerelle.web.credentials.uploads import InMemoryRequest
from passerelle.web.credentials.validation import validation
from passerelle.web.front_page import front_page
from passerelle.web.interface.openapi import openapi
from passerelle.web.linked.descriptions import descriptions
from passerelle.web.linked.linked_data import linked_data
from passerelle.web.linked.things import things
from passerelle.web.operation.admin import admin
from passerelle.web.operation.health import health
from passerelle.web.operation.metrics import Metrics, metrics_page
from passerelle.web.operation.request_log import RequestLog
from passerelle.web.questions.named_queries import named_queries
from passerelle.web.questions.sparql_endpoint import sparql_endpoint
from passerelle.web.releases.local_publication import LocalPublication
from passerelle.web.releases.publication import Publication, publication_of
from passerelle.web.releases.releases_pages import releases_pages
from passerelle.web.responses.compression import coded
from passerelle.web.responses.cors import CrossOrigin
from passerelle.web.responses.headers import RELEASE
from passerelle.web.responses.language import language_of
from passerelle.web.responses.problems import register_problems
from passerelle.web.responses.response_cache import ResponseCache
from passerelle.web.responses.streaming import describe
from passerelle.web.responses.wording import moment, number

_SECURITY_HEADERS = {
    # scripts, styles and pictures of our own, and nothing else: texts of the graph are foreign texts
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_VARY = ("Accept", "Accept-Encoding", "Accept-Language")
# percent-encoding triples a byte; graph parameters stand beside the query
_ENCODING_FACTOR = 3
_PARAMETER_BYTES = 65_536


def create_application(settings: Settings, publication: Publication | None = None) -> Flask:
    """The WSGI application over the current release of `settings.releases`.

    Query processes start with the first request (or `publication.current()`), validation processes with the first
    credential, comparison processes with the first question about units; end them with `close()` of
    `application.extensions["publication"]`, `["credentials"]` and `["comparisons"]`.
    """
    publication = publication or publication_of(settings)
    credentials = CredentialChecks(publication, settings)
    comparisons = ComparisonAnswers(publication, settings)
    application = Flask(__name__)
    # else `//` is answered by a redirect to an address that is made of the request's own Host
    application.url_map.merge_slashes = False
    application.request_class = InMemoryRequest
    application.config["MAX_CONTENT_LENGTH"] = settings.query_bytes * _ENCODING_FACTOR + _PARAMETER_BYTES
    application.extensions["publication"] = publication
    application.extensions["credentials"] = credentials
    application.extensions["comparisons"] = comparisons
    application.jinja_env.trim_blocks = application.jinja_env.lstrip_blocks = True
    application.jinja_env.tests["web_address"] = is_web_address
    register_problems(application)
    application.register_blueprint(front_page(publication, settings))
    application.register_blueprint(sparql_endpoint(publication, settings))
    application.register_blueprint(releases_pages(publication, settings))
    application.register_blueprint(named_queries(publication, settings))
    metrics = Metrics()
    application.register_blueprint(health(publication, credentials, comparisons))
    application.register_blueprint(metrics_page(metrics, publication, credentials, comparisons))
    if settings.admin_token and isinstance(publication, LocalPublication):
        application.register_blueprint(admin(publication, settings))
    application.register_blueprint(things(publication, settings))
    application.register_blueprint(linked_data(publication, settings))
    application.register_blueprint(descriptions(publication, settings))
    application.register_blueprint(comparison_interface(publication, comparisons))
    application.register_blueprint(unit_set_interface(publication, comparisons))
    application.register_blueprint(comparison_pages(publication, comparisons))
    application.register_blueprint(validation(credentials, settings))
    application.register_blueprint(rules_pages(settings))
    application.register_blueprint(openapi(settings))
    application.context_processor(lambda: _page_context(publication))
    application.after_request(lambda response: _headers(response, publication))
    # from outside to inside: what is logged, what is kept, who may come in
    admitted = Admission(application.wsgi_app, settings)
    kept = ResponseCache(admitted, publication, settings)
    application.wsgi_app = RequestLog(CrossOrigin(kept), metrics, settings)  # type: ignore[method-assign]  # as Flask documents it
    return application


def is_web_address(text: object) -> bool:
    """Whether a text may stand in `href`: an http or https address, never `javascript:`."""
    if not isinstance(text, str):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _page_context(publication: Publication) -> dict[str, object]:
    """What every template may use; `release` and `manifest` of a view come before these."""
    language = language_of(request)
    # opens nothing: an error page says what is wrong, and must not ask for it again
    served = publication.latest
    return {
        "release": served,
        "manifest": served.manifest if served else None,
        "language": language,
        "languages": LANGUAGES,
        "text": lambda identifier, **values: message(identifier).what(language, **values),
        "item_name": lambda item: _item_name(item, language),
        "format_title": lambda name: message(f"sparql-format-{name}").what(language),
        "in_language": _address_in_language,
        "number": lambda value: number(str(value), language),
        # a column of counts, which no year is among, is read by its groups
        "count": lambda value: number(str(value), language, ungrouped=999),
        "moment": lambda value: moment(value, language),
        "thing_address": lambda iri: url_for("things.thing", iri=iri, lang=language),
    }


def _item_name(item: str, language: Language) -> str:
    """What is counted of a source (fiche, bloc …), in the plural; its own word where no message names it."""
    named = catalogue().get(f"item-{item}")
    return item if named is None else named.what(language)


def _address_in_language(language: str) -> str:
    values = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    # browsers take two slashes at the start, also backslashes, for another host
    path = "/" + quote(request.path.lstrip("/\\"))
    return f"{path}?{urlencode([*values, ('lang', language)])}"


def _headers(response: Response, publication: Publication) -> Response:
    headers = response.headers
    for name, value in _SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    served = publication.latest
    if served is not None and RELEASE not in headers:
        describe(response, served)
    if "Vary" in headers:
        response.vary.update(_VARY)
    else:
        headers["Vary"] = ", ".join(_VARY)
    if response.mimetype == "text/html":
        headers.setdefault("Content-Language", language_of(request))
    return coded(response, request)
