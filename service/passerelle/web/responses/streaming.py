"""An answer of a query process as an HTTP response that is relayed piece by piece."""

from __future__ import annotations

from flask import Response, request

from passerelle.graph.answering.answer import AnswerBody, QueryAnswer
from passerelle.graph.answering.question import Question
from passerelle.graph.manifest import Manifest
from passerelle.sparql.media_types import BYTE_ORDER_MARK, MediaType, content_type
from passerelle.sparql.spreadsheet_cells import SpreadsheetCells
from passerelle.web.releases.publication import Served
from passerelle.web.responses.entity_tags import NOT_KEPT, REVALIDATED, entity_tag, not_modified, tagged
from passerelle.web.responses.headers import DEMONSTRATION, RELEASE, ROWS_LIMIT, ROWS_MORE


class _ForSpreadsheet(AnswerBody):
    """A body with a byte order mark before it, and without formulas."""

    def __init__(self, body: AnswerBody) -> None:
        self._body = body
        self._mark = BYTE_ORDER_MARK
        self._cells = SpreadsheetCells()

    def __next__(self) -> bytes:
        mark, self._mark = self._mark, b""
        for piece in self._body:
            content = mark + self._cells.feed(piece)
            if content:
                return content
        content = mark + self._cells.end()
        if content:
            return content
        raise StopIteration

    def close(self) -> None:
        """Give up what has not been read."""
        self._body.close()


def answered(
    served: Served, question: Question, media_type: MediaType, *, deterministic: bool, cache_control: str
) -> Response:
    """The answer to a question as a response; 304 where the client has it already.

    `deterministic`: whether the query says the same each time; `cache_control` is for that case. HEAD gets what a GET
    would say before its body, without a query process. Raises what `Backend.run` raises.
    """
    tag = None
    if not deterministic:
        cache_control = NOT_KEPT
    elif not served.backend.immutable:
        cache_control = REVALIDATED
    elif request.method != "POST":
        tag = _tag_of(served, question, media_type)
        unchanged = not_modified(request, tag, cache_control)
        if unchanged is not None:
            return describe(unchanged, served)
    if request.method == "HEAD":
        response = describe(head(media_type), served)
    else:
        response = streamed(served.backend.run(question), media_type, served)
        request.environ["passerelle.keep"] = tag is not None
    if question.limits is not None and question.limits.asked_rows is not None:
        response.headers[ROWS_LIMIT] = str(question.limits.asked_rows)
    if media_type.signed:
        response.headers["Content-Disposition"] = 'attachment; filename="answer.csv"'
    return tagged(response, tag, cache_control)


class _Head(Response):
    """The headers of an answer that was not computed, so that its length is not known (RFC 9110, 8.6)."""

    automatically_set_content_length = False


def head(media_type: MediaType) -> Response:
    """What HEAD gets of an answer in that format: no Content-Length, as it would have to be that of the body."""
    return _Head(content_type=content_type(media_type))


def streamed(answer: QueryAnswer, media_type: MediaType, served: Served) -> Response:
    """The response. If the answer breaks off, so does the connection, and a cut answer cannot pass for a whole one.

    The body is handed to the server as it is: its `close` then runs in every case, which a generator's does not. A
    short answer, which is there as a whole, is a response like any other.
    """
    body, sent = answer.body, content_type(media_type)
    if body.length is not None:
        content = b"".join(_ForSpreadsheet(body) if media_type.signed else body)
        response = Response(content, content_type=sent)
    else:
        # `direct_passthrough` keeps werkzeug from wrapping the body
        whole = _ForSpreadsheet(body) if media_type.signed else body
        response = Response(whole, content_type=sent, direct_passthrough=True)
    if answer.more_rows is not None:
        response.headers[ROWS_MORE] = "true" if answer.more_rows else "false"
    return describe(response, served)


def _tag_of(served: Served, question: Question, media_type: MediaType) -> str:
    """The tag of the answer to a deterministic query; how long it may take makes no other answer."""
    return entity_tag(
        served.identifier,
        question.query,
        question.base_iri,
        question.default_graphs,
        question.named_graphs,
        question.own_dataset,
        None if question.limits is None else question.limits.asked_rows,
        media_type.name,
        content_type(media_type),
    )


def describe(response: Response, served: Served) -> Response:
    """Say in the headers which release answered, and whether it is a demonstration."""
    return of_release(response, served.manifest)


def of_release(response: Response, manifest: Manifest) -> Response:
    """As `describe`, for what the manifest of a release says, which is asked nothing."""
    response.headers[RELEASE] = manifest.identifier
    if manifest.demo:
        response.headers[DEMONSTRATION] = "true"
    return response
