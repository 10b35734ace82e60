"""Errors as responses: application/problem+json (RFC 9457), or a page where a browser asks.

Logs hold the request's id, the kind of error and its message id; never the query, a parameter or the address of the
request, because queries may name persons.
"""

from __future__ import annotations

import json
import logging
import traceback
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from passerelle.errors import (
    AnswerTooLarge,
    CapacityError,
    Overloaded,
    PasserelleError,
    QueryOutOfMemory,
    QueryTimeout,
    TooManyRequests,
    Unauthorised,
)
from passerelle.messages import Language, message
from passerelle.sparql.negotiate import best
from passerelle.web.admission.routes import pattern_of_rule
from passerelle.web.responses.language import language_of, language_of_address

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PROBLEM_TYPE = "https://w3id.org/passerelle/problems/"
_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 5
_OF_STATUS = {
    HTTPStatus.NOT_FOUND: "page-not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "page-method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "page-too-large",
}


BARE_HEADERS = (
    ("Content-Type", "application/problem+json"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)
"""Of problems that are made outside of the application."""
_OUTCOMES: dict[type[PasserelleError], str] = {
    QueryTimeout: "timeout",
    QueryOutOfMemory: "memory",
    Overloaded: "overloaded",
    AnswerTooLarge: "cut",
    TooManyRequests: "refused",
}
"""What the log and the metrics call an error; others go by the identifier of their message."""


def register_problems(application: Flask) -> None:
    """Answer every exception of `application` with a problem."""
    application.register_error_handler(PasserelleError, _known)
    application.register_error_handler(HTTPException, _of_http)
    application.register_error_handler(Exception, _unexpected)
    application.before_request(_name_the_route)


def request_identifier() -> str:
    """The id of this request, as in the log, in `instance` and in the header `Passerelle-Request`."""
    # without the layer that logs, as in a test of one page, there is none yet
    return _identifier(request.environ)


def _identifier(environ: WSGIEnvironment) -> str:
    found: str | None = environ.get("passerelle.request_id")
    if found is None:
        found = environ["passerelle.request_id"] = str(uuid.uuid4())
    return found


def problem_document(environ: WSGIEnvironment, error: PasserelleError) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status line, headers and body of a problem, for layers around the application."""
    language = language_of_address(environ)
    identifier = _identifier(environ)
    status = error.http_status
    problem = _document(status, error.message_id, error.what(language), error.remedy(language), language, identifier)
    body = encoded(problem)
    headers = [
        *BARE_HEADERS,
        ("Content-Length", str(len(body))),
        ("Content-Language", language),
        ("Vary", "Accept-Language"),
        *headers_of(error),
    ]
    return f"{status.value} {status.phrase}", headers, body


def _name_the_route() -> None:
    rule = request.url_rule
    request.environ["passerelle.route"] = pattern_of_rule(None if rule is None else rule.rule)


def _known(error: PasserelleError) -> Response:
    language = language_of(request)
    request.environ.setdefault("passerelle.outcome", outcome_of(error))
    if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.warning("request %s: %s %s", request_identifier(), type(error).__name__, error.message_id)
    where = str(error.place)
    what = error.what(language)
    response = _problem(
        error.http_status, error.message_id, f"{where}: {what}" if where else what, error.remedy(language), language
    )
    for name, value in headers_of(error):
        response.headers[name] = value
    return response


def outcome_of(error: PasserelleError) -> str:
    """What the log and the metrics call an error."""
    return next((name for kind, name in _OUTCOMES.items() if isinstance(error, kind)), error.message_id)


def headers_of(error: PasserelleError) -> list[tuple[str, str]]:
    """The headers that the response to an error has beside those of any other."""
    if isinstance(error, Unauthorised):
        return [("WWW-Authenticate", 'Bearer realm="passerelle"')]
    if isinstance(error, TooManyRequests):
        return [("Retry-After", str(error.parameters.get("seconds", _RETRY_SECONDS)))]
    if isinstance(error, CapacityError):
        return [("Retry-After", str(_RETRY_SECONDS))]
    return []


def _of_http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    if status < HTTPStatus.BAD_REQUEST:  # a redirect of the routing
        return make_response(error.get_response())
    language = language_of(request)
    text = message(_OF_STATUS.get(status, "page-bad-request"))
    response = _problem(status, text.identifier, text.what(language), text.remedy(language), language)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    # where it happened, without the exception's text: that may quote the query or the data
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames[-8:]))
    _LOG.error("request %s: unexpected %s at %s", request_identifier(), type(error).__name__, where)
    language = language_of(request)
    text = message("page-unexpected")
    request.environ.setdefault("passerelle.outcome", text.identifier)
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        text.identifier,
        text.what(language),
        text.remedy(language, request=request_identifier()),
        language,
    )


def _problem(status: HTTPStatus, kind: str, detail: str, remedy: str, language: Language) -> Response:
    problem = _document(status, kind, detail, remedy, language, request_identifier())
    if (
        best(request.headers.get("Accept"), ["application/problem+json", "application/json", "text/html"])
        == "text/html"
    ):
        response = make_response(render_template("problem.html", problem=problem), status)
    else:
        response = make_response(encoded(problem), status)
        response.content_type = "application/problem+json"
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    return response


def _document(
    status: HTTPStatus, kind: str, detail: str, remedy: str, language: Language, identifier: str
) -> dict[str, object]:
    return {
        "detail": detail,
        "remedy": remedy,
        "title": message(f"page-status-{status.value // 100}xx").what(language),
        "status": status.value,
        "type": PROBLEM_TYPE + kind,
        "instance": f"urn:uuid:{identifier}",
    }


def encoded(problem: Mapping[str, object]) -> bytes:
    """A problem as UTF-8, a member a line: terminals and YASGUI show the body of an error as it comes."""
    return (json.dumps(problem, ensure_ascii=False, indent=2) + "\n").encode()
