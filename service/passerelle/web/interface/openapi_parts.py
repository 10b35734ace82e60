"""Parts of the OpenAPI description: parameters, contents, responses, and the schemas of answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from passerelle.comparability.repeated_values import most_values
from passerelle.graph.processes.process_pool import PoolStatistics
from passerelle.messages import LANGUAGES, Language, message
from passerelle.queries.parameters import LONGEST_TEXT, Parameter
from passerelle.records.finding import Severity
from passerelle.resources import folder
from passerelle.validation.credentials.model import Layer
from passerelle.web.responses.headers import DEMONSTRATION, RELEASE, ROWS_LIMIT, ROWS_MORE

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer"}
COUNTRY: Json = {"type": "string", "pattern": "^[A-Za-z]{2}$"}
SPARQL_HEADERS = ("ETag", ROWS_LIMIT, ROWS_MORE)
_REPORT = "ValidationReport"


def ref(kind: str, name: str) -> Json:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def schema(name: str) -> Json:
    """A reference to a schema of `schemas`."""
    return ref("schemas", name)


def in_address(name: str, description: str, schema: Json, *, required: bool = False) -> Json:
    """A parameter that stands in the address."""
    return {"name": name, "in": "query", "description": description, "required": required, "schema": schema}


def several(items: Json) -> Json:
    """A list."""
    return {"type": "array", "items": items}


def several_values(name: str, items: Json) -> Json:
    """The values of a parameter about units that may be given several times."""
    return {**several(items), "maxItems": most_values()[name]}


def one_of(values: Iterable[str], default: str = "") -> Json:
    """A text out of a list."""
    return {"type": "string", "enum": list(values), **({"default": default} if default else {})}


def record(properties: Mapping[str, Json], optional: Sequence[str] = ()) -> Json:
    """An object with these properties."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": dict(properties), "required": required}


def answers(contents: Mapping[str, Json], description: str, problems: Iterable[int] = ()) -> Json:
    """The responses of an operation: 200 with these contents by media type, and the problems that it can end in."""
    headers = {name: ref("headers", name) for name in (RELEASE, DEMONSTRATION)}
    content = {media_type: {"schema": each} for media_type, each in contents.items()}
    found: Json = {"200": {"description": description, "headers": headers, "content": content}}
    return {**found, **{str(status): ref("responses", "Problem") for status in problems}}


def of_question(parameter: Parameter, language: Language) -> Json:
    """A parameter of a named question."""
    described = in_address(
        parameter.name, parameter.label(language), _values_of(parameter), required=parameter.required
    )
    example: str | int = int(parameter.example) if described["schema"]["type"] == "integer" else parameter.example
    return {**described, "example": example}


def _values_of(parameter: Parameter) -> Json:
    if parameter.kind == "level":
        found: Json = {"type": "integer", "minimum": 1, "maximum": 8}
    elif parameter.kind == "integer":
        found = {"type": "integer", "minimum": parameter.minimum, "maximum": parameter.maximum}
    elif parameter.kind == "date":
        found = {"type": "string", "format": "date"}
    elif parameter.kind == "iri":
        found = {"type": "string", "format": "iri"}
    elif parameter.kind in ("text", "words"):
        found = {"type": "string", "maxLength": LONGEST_TEXT}
    else:
        found = {"type": "string"}
    if parameter.default:
        found["default"] = int(parameter.default) if found["type"] == "integer" else parameter.default
    return found


def components(language: Language, further: Mapping[str, Json]) -> Json:
    """What operations refer to; `further` are schemas beside those of `schemas`."""
    return {
        "schemas": {**schemas(), **further},
        "parameters": {
            "lang": in_address("lang", message("api-lang").what(language), one_of(LANGUAGES)),
        },
        "headers": {
            RELEASE: {"description": message("api-release").what(language), "schema": TEXT},
            DEMONSTRATION: {
                "description": message("api-demonstration").what(language),
                "schema": one_of(["true"]),
            },
            "ETag": {"description": message("api-etag").what(language), "schema": TEXT},
            ROWS_LIMIT: {"description": message("api-rows-limit").what(language), "schema": NUMBER},
            ROWS_MORE: {
                "description": message("api-rows-more").what(language),
                "schema": one_of(["true", "false"]),
            },
        },
        "securitySchemes": {"administrator": {"type": "http", "scheme": "bearer"}},
        "responses": {
            "Problem": {
                "description": message("api-problem").what(language),
                "content": {"application/problem+json": {"schema": schema("Problem")}, "text/html": {"schema": TEXT}},
            }
        },
    }


def schemas() -> Json:
    """The schemas of all answers in JSON, by name."""
    in_languages = record(dict.fromkeys(LANGUAGES, TEXT))
    layer = one_of(each.value for each in Layer)
    severity = one_of(each.value for each in Severity)
    rule = {"code": TEXT, "layer": layer, "severity": severity}
    numbers = record({each.name: NUMBER for each in fields(PoolStatistics)})
    return {
        "Problem": record(
            {
                "type": {"type": "string", "format": "uri"},
                "title": TEXT,
                "status": NUMBER,
                "detail": TEXT,
                "remedy": TEXT,
                "instance": {"type": "string", "format": "uri"},
            }
        ),
        "Health": record(
            {
                "status": one_of(["ok"]),
                # null before a release was opened
                "release": {"type": ["string", "null"]},
                "created": {"type": ["string", "null"], "format": "date-time"},
                "software": {"type": ["string", "null"]},
                "triples": {"type": ["integer", "null"]},
                "demo": {"type": ["boolean", "null"]},
                "queries": {"oneOf": [schema("Processes"), {"type": "null"}]},
                "validations": schema("Processes"),
                "comparisons": schema("Processes"),
            }
        ),
        "Processes": numbers,
        "Readiness": record(
            {
                "status": one_of(["ready", "not ready"]),
                "release": {"type": "boolean"},
                "processes": {"type": "boolean"},
                "serving": {"type": "boolean"},
            }
        ),
        "Release": record(
            {
                "identifier": TEXT,
                "created": {"type": "string", "format": "date-time"},
                "base": {"type": "string", "format": "iri"},
                "triples": NUMBER,
                "demo": {"type": "boolean"},
                "software": TEXT,
                "derivedFrom": {"type": ["string", "null"]},
                "current": {"type": "boolean"},
                "manifest": {"type": "string", "format": "uri"},
                "endpoint": {"type": "string", "format": "uri"},
            }
        ),
        "Question": record(
            {
                "name": TEXT,
                "title": TEXT,
                "description": TEXT,
                "address": {"type": "string", "format": "uri"},
                "parameters": several(
                    record(
                        {
                            "name": TEXT,
                            "type": TEXT,
                            "required": {"type": "boolean"},
                            "default": TEXT,
                            "label": TEXT,
                            "example": TEXT,
                        }
                    )
                ),
            }
        ),
        # SPARQL 1.1 Query Results JSON Format (W3C Recommendation of 21 March 2013)
        "SparqlResults": record(
            {
                "head": record({"vars": several(TEXT)}, optional=("vars",)),
                "results": record({"bindings": several({"type": "object"})}),
                "boolean": {"type": "boolean"},
            },
            optional=("results", "boolean"),
        ),
        "Rule": record({**rule, "message": TEXT, "remedy": TEXT, "source": TEXT, "address": TEXT}),
        "RuleInFull": record(
            {
                **rule,
                "iri": TEXT,
                "message": in_languages,
                "remedy": in_languages,
                "source": in_languages,
                "link": TEXT,
                "path": TEXT,
                "setsAside": several(TEXT),
                "address": TEXT,
            }
        ),
        **_report_schemas(),
    }


@cache
def _report_schemas() -> Json:
    """The schema of the report, with its definitions as schemas of their own."""
    path = folder("data") / "schemas" / "validation-report.schema.json"
    # within this document, `#/$defs/…` would point outside the schema
    text = path.read_text(encoding="utf-8").replace('"#/$defs/', f'"#/components/schemas/{_REPORT}-')
    whole: Json = json.loads(text)
    definitions: Json = whole.pop("$defs", {})
    for name in ("$schema", "$id"):
        whole.pop(name, None)
    return {_REPORT: whole, **{f"{_REPORT}-{name}": each for name, each in definitions.items()}}
