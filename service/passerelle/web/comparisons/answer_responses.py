"""An answer about units as a response: its entity tag, how long it may be kept, which release gave it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request

from passerelle.comparability.questions import Question, encoded
from passerelle.web.comparisons.comparison_answers import ComparisonAnswers
from passerelle.web.comparisons.parameters import MEDIA_TYPES
from passerelle.web.releases.publication import Served
from passerelle.web.responses.entity_tags import REVALIDATED, UNCHANGING, entity_tag, not_modified, tagged
from passerelle.web.responses.language import language_of
from passerelle.web.responses.streaming import describe


def answered(
    served: Served,
    question: Question,
    answers: ComparisonAnswers,
    form: str,
    write: Callable[[bytes], bytes | str],
    *,
    past: bool,
) -> Response:
    """The answer in the format `form`, which `write` makes of the JSON document; 304 where the client has it.

    `past`: whether the address names the release, so that the answer never changes. Raises what
    `ComparisonAnswers.answer` raises.
    """
    language = language_of(request)
    control = UNCHANGING if past else REVALIDATED
    tag = entity_tag(served.identifier, "comparison", encoded(question, language), form, request.path)
    unchanged = not_modified(request, tag, control)
    if unchanged is not None:
        return describe(unchanged, served)
    content = write(answers.answer(served, question, language))
    media_type = MEDIA_TYPES[form]
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    response = tagged(Response(content, content_type=media_type + charset), tag, control)
    response.headers["Content-Language"] = language
    # the same for everybody, so that it can be told again without a process
    request.environ["passerelle.keep"] = True
    return describe(response, served)
