"""The part of the OpenAPI description about sets of units: paths, neighbours, combinations of competences."""

from __future__ import annotations

import json
from functools import cache
from typing import get_args

from passerelle.comparability.path_questions import MOST_UNITS, SERVED_SECONDS, USUAL_UNITS
from passerelle.comparability.questions import (
    HIGHEST_LEVEL,
    LONGEST_NAME,
    LOWEST_LEVEL,
    MOST_ROWS,
    USUAL_ROWS,
    purposes,
)
from passerelle.comparability.weightings import EQUAL, weightings
from passerelle.messages import Language, message
from passerelle.records.path_questions import Fewest
from passerelle.records.unit_tables import unit_kinds
from passerelle.resources import folder
from passerelle.web.comparisons.parameters import MEDIA_TYPES
from passerelle.web.comparisons.unit_sets_api import FORMATS
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

_PREFIX = "UnitSet"
_NAME: Json = {"type": "string", "maxLength": LONGEST_NAME}
_PROBLEMS = (400, 404, 406, 429, 501, 503)
_JSON, _HTML = MEDIA_TYPES["json"], MEDIA_TYPES["html"]

_PARAMETERS: dict[str, tuple[str, Json]] = {
    "have": ("api-path-have", several_values("have", _NAME)),
    "country": ("api-country", several_values("country", COUNTRY)),
    "kind": ("api-path-kind", several_values("kind", one_of(unit_kinds()))),
    "level": ("api-level", {"type": "integer", "minimum": LOWEST_LEVEL, "maximum": HIGHEST_LEVEL}),
    "levels_apart": ("api-levels-apart", {"type": "integer", "minimum": 0, "maximum": HIGHEST_LEVEL - LOWEST_LEVEL}),
    "max_units": (
        "api-path-max-units",
        {"type": "integer", "minimum": 1, "maximum": MOST_UNITS, "default": USUAL_UNITS},
    ),
    "fewest": ("api-path-fewest", {**one_of(get_args(Fewest)), "default": "units"}),
    "purpose": ("api-purpose", one_of(purposes())),
    "weighting": ("api-path-weighting", {**one_of(weightings()), "default": EQUAL}),
    "time_limit": (
        "api-path-time-limit",
        {"type": "number", "exclusiveMinimum": 0, "maximum": SERVED_SECONDS, "default": SERVED_SECONDS},
    ),
    "day": ("api-path-day", {"type": "string", "format": "date"}),
    "top": ("api-neighbours-top", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": USUAL_ROWS}),
}
_OF_PATH = tuple(name for name in _PARAMETERS if name != "top")


def unit_set_paths(language: Language) -> Json:
    """The operations by address."""
    found: Json = {}
    for start, suffix, at in (("", "", ()), ("/releases/{identifier}", "OfRelease", ("identifier",))):
        before = [_in_path(name, language) for name in at]
        unit = [*before, _in_path("unit", language)]
        asked = {
            "units/{unit}/path": ("path", [*unit, *_asked(_OF_PATH, language)], "path"),
            "units/{unit}/neighbours": ("neighbours", [*unit, *_asked(("top",), language)], "surroundings"),
            "combination": ("combination", [*before, _units(language)], "combination"),
        }
        for path, (name, parameters, document) in asked.items():
            found[f"{start}/api/v1/{path}"] = _get(name, suffix, parameters, document, language)
    of_unit = in_address("unit", message("api-unit-id").what(language), _NAME)
    pages = {
        "path": [of_unit, *_asked(_OF_PATH, language)],
        "neighbours": [of_unit, *_asked(("top",), language)],
        "combination": [{**_units(language), "required": False}],
    }
    return found | {f"/{name}": _page(name, parameters, language) for name, parameters in pages.items()}


@cache
def unit_set_schemas() -> Json:
    """The schemas of the documents, with their definitions as schemas of their own."""
    text = (folder("data") / "schemas" / "unit-sets.schema.json").read_text(encoding="utf-8")
    text = text.replace('"comparison.schema.json#/$defs/', '"#/components/schemas/Comparison-')
    definitions: Json = json.loads(text.replace('"#/$defs/', f'"#/components/schemas/{_PREFIX}-'))["$defs"]
    return {f"{_PREFIX}-{name}": each for name, each in definitions.items()}


def _get(name: str, suffix: str, parameters: list[Json], document: str, language: Language) -> Json:
    contents = {_JSON: schema(f"{_PREFIX}-{document}"), _HTML: TEXT}
    responses = answers(contents, message("api-found").what(language), _PROBLEMS)
    responses["200"]["headers"]["ETag"] = ref("headers", "ETag")
    form = in_address("format", message("api-format").what(language), one_of(FORMATS))
    return {
        "get": {
            "operationId": f"{name}{suffix}",
            "summary": message(f"api-{name}").what(language),
            "parameters": [*parameters, form, ref("parameters", "lang")],
            "responses": responses,
        }
    }


def _page(name: str, parameters: list[Json], language: Language) -> Json:
    return {
        "get": {
            "operationId": f"{name}Page",
            "summary": message("api-compare-page").what(language),
            "parameters": [*parameters, ref("parameters", "lang")],
            "responses": answers({_HTML: TEXT}, message("api-found").what(language), _PROBLEMS),
        }
    }


def _asked(names: tuple[str, ...], language: Language) -> list[Json]:
    return [in_address(name, message(_PARAMETERS[name][0]).what(language), _PARAMETERS[name][1]) for name in names]


def _units(language: Language) -> Json:
    units = {**several_values("unit", _NAME), "minItems": 1}
    return in_address("unit", message("api-combination-unit").what(language), units, required=True)


def _in_path(name: str, language: Language) -> Json:
    text = message("api-identifier" if name == "identifier" else "api-unit-id").what(language)
    return {**in_address(name, text, TEXT, required=True), "in": "path"}
