"""The part of the OpenAPI description about comparisons of units."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

from passerelle.comparability.questions import (
    HIGHEST_LEVEL,
    LONGEST_NAME,
    LOWEST_LEVEL,
    MOST_ROWS,
    USUAL_ROWS,
    purposes,
)
from passerelle.messages import Language, message
from passerelle.records.unit_tables import unit_kinds
from passerelle.resources import folder
from passerelle.web.comparisons.parameters import COMPARISON, MEDIA_TYPES
from passerelle.web.interface.openapi_parts import (
    COUNTRY,
    TEXT,
    Json,
    answers,
    in_address,
    one_of,
    ref,
    schema,
    several_values,
)

_PREFIX = "Comparison"
_NAME: Json = {"type": "string", "maxLength": LONGEST_NAME}
_LEVEL: Json = {"type": "integer", "minimum": LOWEST_LEVEL, "maximum": HIGHEST_LEVEL}
_APART: Json = {"type": "integer", "minimum": 0, "maximum": HIGHEST_LEVEL - LOWEST_LEVEL}
_TOP: Json = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": USUAL_ROWS}
_FORM = "application/x-www-form-urlencoded"
_PROBLEMS = (400, 404, 406, 429, 501, 503)
_OF_RELEASE = "/releases/{identifier}"


def comparison_paths(language: Language) -> Json:
    """The operations by address."""
    paths = _Paths(language)
    return {
        "/compare": paths.page("comparePage", COMPARISON),
        "/nearest": paths.page("nearestPage", ["unit", "purpose", *_FILTERS]),
        "/compare/report": paths.report(),
        **{
            f"{start}/api/v1/{path}": operation
            for start, suffix, at in (("", "", ()), (_OF_RELEASE, "OfRelease", ("identifier",)))
            for path, operation in paths.interface(suffix, at).items()
        },
    }


@cache
def comparison_schemas() -> Json:
    """The schemas of the documents, with their definitions as schemas of their own."""
    path = folder("data") / "schemas" / "comparison.schema.json"
    # within this document, `#/$defs/…` would point outside the schema
    text = path.read_text(encoding="utf-8").replace('"#/$defs/', f'"#/components/schemas/{_PREFIX}-')
    definitions: Json = json.loads(text)["$defs"]
    return {f"{_PREFIX}-{name}": each for name, each in definitions.items()}


_FILTERS = ("country", "level", "levels_apart", "kind", "top")


class _Paths:
    def __init__(self, language: Language) -> None:
        self._language: Language = language

    def interface(self, suffix: str, at: tuple[str, ...]) -> Json:
        before = [self._in_path(name) for name in at]
        unit = [*before, self._in_path("unit")]
        return {
            "compare": self._get(
                f"compare{suffix}",
                "api-compare",
                [*before, *self._parameters(COMPARISON)],
                "comparison",
                ["json", "html"],
            ),
            "units/{unit}/nearest": self._get(
                f"nearest{suffix}",
                "api-nearest",
                [*unit, *self._parameters(["purpose", *_FILTERS, "explained"])],
                "neighbours",
                ["json", "csv", "tsv", "html"],
            ),
            "units/{unit}": self._get(f"unit{suffix}", "api-unit", unit, "unit", ["json", "html"]),
        }

    def page(self, name: str, parameters: Iterable[str]) -> Json:
        asked = [{**each, "required": False} for each in self._parameters(parameters)]
        responses = answers({MEDIA_TYPES["html"]: TEXT}, self._text("api-found"), _PROBLEMS)
        return {"get": self._operation(name, "api-compare-page", asked, responses)}

    def report(self) -> Json:
        fields = {name: described for name, (_, described, _) in self._described().items() if name in COMPARISON}
        form: Json = {
            "type": "object",
            "properties": {**fields, "analyst": {**TEXT, "description": self._text("api-analyst")},
                           "format": one_of(["html", "pdf"]), "lang": TEXT},
            "required": ["first", "second", "purpose", "analyst"],
        }  # fmt: skip
        contents: dict[str, Json] = {
            MEDIA_TYPES["html"]: TEXT,
            MEDIA_TYPES["pdf"]: {"contentMediaType": "application/pdf"},
        }
        responses = answers(contents, self._text("api-found"), _PROBLEMS)
        operation = self._operation("comparisonReport", "api-compare-report", [], responses)
        asked = [{**each, "required": False} for each in self._parameters(COMPARISON)]
        leads = self._operation(
            "comparisonReportForm", "api-report-form", asked, {"303": {"description": self._text("api-report-form")}}
        )
        return {
            "get": leads,
            "post": {**operation, "requestBody": {"required": True, "content": {_FORM: {"schema": form}}}},
        }

    def _get(self, name: str, summary: str, parameters: list[Json], of: str, formats: list[str]) -> Json:
        contents = {MEDIA_TYPES[each]: schema(f"{_PREFIX}-{of}") if each == "json" else TEXT for each in formats}
        asked = in_address("format", self._text("api-format"), one_of(formats))
        responses = answers(contents, self._text("api-found"), _PROBLEMS)
        responses["200"]["headers"]["ETag"] = ref("headers", "ETag")
        return {"get": self._operation(name, summary, [*parameters, asked], responses)}

    def _operation(self, name: str, summary: str, parameters: list[Json], responses: Json) -> Json:
        return {
            "operationId": name,
            "summary": self._text(summary),
            "parameters": [*parameters, ref("parameters", "lang")],
            "responses": responses,
        }

    def _parameters(self, names: Iterable[str]) -> list[Json]:
        described = self._described()
        return [
            in_address(name, self._text(text), values, required=required)
            for name in names
            for text, values, required in [described[name]]
        ]

    def _described(self) -> dict[str, tuple[str, Json, bool]]:
        """The text, the values and whether it must be given, of each parameter."""
        return {
            "first": ("api-unit-id", _NAME, True),
            "second": ("api-unit-id", _NAME, True),
            "unit": ("api-unit-id", _NAME, True),
            "purpose": ("api-purpose", one_of(purposes()), True),
            "essential": ("api-essential", several_values("essential", _NAME), False),
            "country": ("api-country", several_values("country", COUNTRY), False),
            "level": ("api-level", _LEVEL, False),
            "levels_apart": ("api-levels-apart", _APART, False),
            "kind": ("api-unit-kind", several_values("kind", one_of(unit_kinds())), False),
            "top": ("api-top", _TOP, False),
            "arithmetic": ("api-arithmetic", one_of(["true", "false"]), False),
            "explained": ("api-explained", one_of(["true", "false"]), False),
        }

    def _in_path(self, name: str) -> Json:
        text = "api-identifier" if name == "identifier" else "api-unit-id"
        return {**in_address(name, self._text(text), TEXT, required=True), "in": "path"}

    def _text(self, identifier: str) -> str:
        return message(identifier).what(self._language)
