"""`/validate`: a form for a credential, and the report about one that is posted; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for
from markupsafe import Markup

from passerelle.errors import ParameterError, RequestError
from passerelle.messages import Language, message
from passerelle.settings import Settings
from passerelle.sparql.negotiate import best
from passerelle.validation.credentials.model import MAX_RESULTS, CredentialReport, Stage
from passerelle.validation.credentials.profiles.names import PROFILES, descriptions
from passerelle.validation.credentials.reports import (
    html_report,
    json_report,
    phrases,
    sarif_report,
    text_report,
    turtle_report,
)
from passerelle.web.credentials.submission_options import MOST_RESULTS, Format, format_of, given_in, options_of
from passerelle.web.credentials.uploads import Submission, megabytes, receive
from passerelle.web.responses.addresses import public_address
from passerelle.web.responses.language import ask_for, language_of

_HTML = "text/html"
_PROBLEM = "application/problem+json"
_FORMATS_OFFERED = ("html", "json", "turtle", "sarif", "text")
_WRITERS = {
    "json": json_report.write,
    "turtle": turtle_report.write,
    "text": text_report.write,
}
# where a reader can put right what a message is about
_FIELD_OF = {"validate-nothing": "file", "validate-two-files": "text", "validate-too-large": "file"}


class Validates(Protocol):
    """Whoever validates: a pool of confined processes, because a file may be hostile."""

    def validate(
        self, data: bytes, name: str, media_type: str, *, profile: str | None, stage: Stage, max_results: int
    ) -> CredentialReport:
        """The report about a file. Raises CapacityError."""
        ...


def validation(validator: Validates, settings: Settings) -> Blueprint:
    """The blueprint of the validator."""
    blueprint = Blueprint("validation", __name__)

    @blueprint.route("/validate", methods=["GET"])
    def form() -> Response:
        return make_response(_form(request.args, None, settings))

    @blueprint.route("/validate/report.css")
    def style() -> Response:
        # a document of its own has this style within; here the policy of contents allows files alone
        return Response(html_report.style().partition("/* report */")[2], content_type="text/css; charset=utf-8")

    @blueprint.route("/validate", methods=["POST"])
    def validate() -> Response:
        given: dict[str, str] = {}
        try:
            submission = receive(request, settings.validation_bytes)
            given = dict(submission.fields)
            ask_for(given.get("lang", ""))
            if not submission.data.strip():
                raise ParameterError("validate-nothing")
            response = _report(submission, given_in(request.args.items(), given), validator, settings)
        except RequestError as fault:
            if best(request.headers.get("Accept"), [_PROBLEM, "application/json", _HTML]) != _HTML:
                raise
            # a reader sees what is wrong beside the form, and corrects it there
            response = make_response(_form(given, fault, settings), fault.http_status)
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint


def _report(submission: Submission, values: Mapping[str, str], validator: Validates, settings: Settings) -> Response:
    options = options_of(values, PROFILES)
    chosen = format_of(values.get("format"), request.headers.get("Accept"))
    report = validator.validate(
        submission.data,
        submission.name,
        submission.media_type,
        profile=options.profile,
        stage=options.stage,
        max_results=options.max_results,
    )
    language = language_of(request)
    if chosen.media_type == _HTML:
        return make_response(_page(report, values, language))
    response = make_response(_written(report, chosen, language, settings))
    response.content_type = chosen.content_type
    response.headers["Content-Language"] = language
    response.headers["Content-Disposition"] = f'inline; filename="validation-report.{chosen.suffix}"'
    return response


def _written(report: CredentialReport, chosen: Format, language: Language, settings: Settings) -> str:
    if chosen.name == "sarif":
        return sarif_report.write([report], language, f"{public_address(settings, url_for('rules.listing'))}/")
    return _WRITERS[chosen.name]([report], language)


def _page(report: CredentialReport, values: Mapping[str, str], language: Language) -> str:
    again = {name: values[name] for name in ("profile", "stage", "max-results") if name in values}
    fragment = html_report.fragment(report, language, f"{url_for('rules.listing')}/", rules_query=f"?lang={language}")
    page = render_template(
        "validation_report.html",
        name=phrases.name_of(report, language),
        verdict=phrases.verdict(report, language),
        report=Markup(fragment),  # noqa: S704  # it escapes what it quotes
        again=f"{url_for('validation.form')}?{urlencode({**again, 'lang': language})}",
    )
    # JSON can hold half a surrogate pair, which UTF-8 cannot write
    return page.encode("utf-8", "replace").decode()


def _form(values: Mapping[str, str], fault: RequestError | None, settings: Settings) -> str:
    language = language_of(request)
    return render_template(
        "validate.html",
        fault=fault,
        faulty=_FIELD_OF.get(fault.message_id, "") if fault else "",
        values=values,
        limit=megabytes(settings.validation_bytes),
        profiles=[(name, each.fr if language == "fr" else each.en) for name, each in descriptions().items()],
        stages=[(each.value, message(f"credential-stage-{each.value}").what(language)) for each in Stage],
        formats=[(each, message(f"validate-format-{each}").what(language)) for each in _FORMATS_OFFERED],
        usual_results=MAX_RESULTS,
        most_results=MOST_RESULTS,
    )
