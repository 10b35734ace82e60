"""Requests that are none: what gunicorn's parser refuses, as problems (RFC 9457) in both languages.

Nothing of the request is known for sure, so its Accept-Language is not looked for, and nothing of it is repeated.
"""

from __future__ import annotations

from http import HTTPStatus

from gunicorn.http import errors

from passerelle.messages import LANGUAGES, message
from passerelle.web.responses.headers import REQUEST
from passerelle.web.responses.problems import BARE_HEADERS, PROBLEM_TYPE, encoded

_MESSAGES = {
    HTTPStatus.BAD_REQUEST: "protocol-malformed",
    HTTPStatus.REQUEST_URI_TOO_LONG: "protocol-line",
    HTTPStatus.EXPECTATION_FAILED: "protocol-expectation",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "protocol-header",
    HTTPStatus.NOT_IMPLEMENTED: "protocol-coding",
    HTTPStatus.HTTP_VERSION_NOT_SUPPORTED: "protocol-version",
    HTTPStatus.INTERNAL_SERVER_ERROR: "page-unexpected",
}
_STATUSES = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
_SEPARATOR = " / "


def status_of(error: BaseException) -> HTTPStatus:
    """The status of an error of the parser; 500 for what is not one, as a response header that we made."""
    if isinstance(error, (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)):
        return HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, errors.InvalidHTTPVersion) and isinstance(error.version, tuple):  # well formed
        return HTTPStatus.HTTP_VERSION_NOT_SUPPORTED
    if not isinstance(error, errors.ParseException):
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)


def response_of(status: HTTPStatus, request_identifier: str) -> bytes:
    """The whole response; the connection closes after it, as nobody knows where a next request would begin."""
    text = message(_MESSAGES[status])
    title = message(f"page-status-{status.value // 100}xx")
    problem = {
        "detail": _SEPARATOR.join(text.what(language) for language in LANGUAGES),
        "remedy": _SEPARATOR.join(text.remedy(language, request=request_identifier) for language in LANGUAGES),
        "title": _SEPARATOR.join(title.what(language) for language in LANGUAGES),
        "status": status.value,
        "type": PROBLEM_TYPE + text.identifier,
        "instance": f"urn:uuid:{request_identifier}",
    }
    body = encoded(problem)
    headers = [
        ("Connection", "close"),
        *BARE_HEADERS,
        ("Content-Language", ", ".join(LANGUAGES)),
        ("Content-Length", str(len(body))),
        (REQUEST, request_identifier),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n".encode("ascii") + body
