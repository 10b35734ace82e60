"""Answers of the query processes read as a whole, for pages."""

from __future__ import annotations

import json
from typing import Any

from passerelle.errors import AnswerTooLarge, BackendFailed
from passerelle.graph.answering.answer import QueryAnswer
from passerelle.graph.answering.question import Kind, Question
from passerelle.web.releases.publication import Served

_PAGE_BYTES = 16 * 1024 * 1024
_RESULTS = "application/sparql-results+json"


class Told(dict[str, Any]):
    """An object in the answer of an engine elsewhere, which may lack what was asked: reading that raises BackendFailed.

    Optional variables are read by `get` or `in`.
    """

    def __missing__(self, name: str) -> Any:
        raise BackendFailed("remote-format")


def results(served: Served, query: str, *, own_dataset: bool = False, kind: Kind = "solutions") -> dict[str, Any]:
    """The SPARQL Results JSON of a SELECT or ASK. Raises AnswerTooLarge, and what `Backend.run` raises."""
    return results_of(served, Question(query, _RESULTS, own_dataset=own_dataset, kind=kind))[0]


def results_of(served: Served, question: Question) -> tuple[dict[str, Any], bool | None]:
    """The SPARQL Results JSON of a question in that format, and whether a row limit left rows out.

    Raises AnswerTooLarge, and what `Backend.run` raises.
    """
    answer = served.backend.run(question)
    # our own engine answers what was asked, or the mistake is ours
    document: dict[str, Any] = json.loads(whole(answer), object_hook=Told if served.folder is None else None)
    return document, answer.more_rows


def whole(answer: QueryAnswer) -> bytes:
    """All bytes of an answer. Raises AnswerTooLarge beyond 16 MB, CapacityError when it breaks off."""
    content = bytearray()
    try:
        for piece in answer.body:
            content += piece
            if len(content) > _PAGE_BYTES:
                raise AnswerTooLarge("page-answer-too-large", limit=_PAGE_BYTES // 1024**2)
    finally:
        answer.body.close()
    return bytes(content)
