"""An answer of a query process as an HTTP response that is relayed piece by piece."""

from __future__ import annotations

from flask import Response

from passerelle.graph.answer import QueryAnswer
from passerelle.web.publication import Served


def streamed(answer: QueryAnswer, content_type: str, served: Served) -> Response:
    """The response. If the answer breaks off, so does the connection, and a cut answer cannot pass for a whole one.

    The body is handed to the server as it is: its `close` then runs in every case, which a generator's does not.
    """
    # `direct_passthrough` keeps werkzeug from wrapping the body
    response = Response(answer.body, content_type=content_type, direct_passthrough=True)
    if answer.body.length is not None:
        response.content_length = answer.body.length
    return describe(response, served)


def describe(response: Response, served: Served) -> Response:
    """Say in the headers which release answered, and whether it is a demonstration."""
    response.headers["Passerelle-Release"] = served.identifier
    if served.manifest.demo:
        response.headers["Passerelle-Demonstration"] = "true"
    return response
