"""Errors as responses: application/problem+json (RFC 9457), or a page where a browser asks.

Logs hold the request's id, the kind of error and its message id; never the query, a parameter or the address of the
request, because queries may name persons.
"""

from __future__ import annotations

import json
import logging
import traceback
import uuid
from http import HTTPStatus

from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from passerelle.errors import CapacityError, PasserelleError
from passerelle.messages import Language, message
from passerelle.sparql.negotiate import best
from passerelle.web.language import language_of

PROBLEM_TYPE = "https://w3id.org/passerelle/problems/"
_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 5
_OF_STATUS = {
    HTTPStatus.NOT_FOUND: "page-not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "page-method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "page-too-large",
}


def register_problems(application: Flask) -> None:
    """Answer every exception of `application` with a problem."""
    application.register_error_handler(PasserelleError, _known)
    application.register_error_handler(HTTPException, _of_http)
    application.register_error_handler(Exception, _unexpected)
    application.before_request(_number_the_request)


def request_identifier() -> str:
    """The id of this request, as in the log and in `instance`."""
    if "request_identifier" not in g:
        g.request_identifier = str(uuid.uuid4())
    return str(g.request_identifier)


def _number_the_request() -> None:
    request_identifier()


def _known(error: PasserelleError) -> Response:
    language = language_of(request)
    if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.warning("request %s: %s %s", request_identifier(), type(error).__name__, error.message_id)
    where = str(error.place)
    what = error.what(language)
    response = _problem(
        error.http_status, error.message_id, f"{where}: {what}" if where else what, error.remedy(language), language
    )
    if isinstance(error, CapacityError):
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response


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
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        text.identifier,
        text.what(language),
        text.remedy(language, request=request_identifier()),
        language,
    )


def _problem(status: HTTPStatus, kind: str, detail: str, remedy: str, language: Language) -> Response:
    title = message(f"page-status-{status.value // 100}xx").what(language)
    problem = {
        "type": PROBLEM_TYPE + kind,
        "title": title,
        "status": status.value,
        "detail": detail,
        "remedy": remedy,
        "instance": f"urn:uuid:{request_identifier()}",
    }
    if (
        best(request.headers.get("Accept"), ["application/problem+json", "application/json", "text/html"])
        == "text/html"
    ):
        response = make_response(render_template("problem.html", problem=problem), status)
    else:
        response = make_response(json.dumps(problem, ensure_ascii=False), status)
        response.content_type = "application/problem+json"
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    return response
