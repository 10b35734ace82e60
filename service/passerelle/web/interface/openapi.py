"""`/openapi.json`: the OpenAPI 3.1 description of all that this service answers, made from what the program knows."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, request

from passerelle import __version__
from passerelle.messages import Language, message
from passerelle.queries import NamedQuery, catalogue
from passerelle.settings import Settings
from passerelle.sparql.authorise import authorise
from passerelle.sparql.media_types import PAGE, content_type, offered
from passerelle.validation.credentials.model import MAX_RESULTS, Layer, Stage
from passerelle.validation.credentials.profiles.names import PROFILES
from passerelle.web.credentials.submission_options import FORMATS, MOST_RESULTS
from passerelle.web.credentials.uploads import FILE_FIELD, MEDIA_TYPES, MULTIPART, TEXT_FIELD, megabytes
from passerelle.web.interface.openapi_comparisons import comparison_paths, comparison_schemas
from passerelle.web.interface.openapi_data import data_paths, in_path
from passerelle.web.interface.openapi_parts import (
    SPARQL_HEADERS,
    TEXT,
    Json,
    answers,
    components,
    in_address,
    of_question,
    one_of,
    ref,
    schema,
    several,
)
from passerelle.web.interface.openapi_unit_sets import unit_set_paths, unit_set_schemas
from passerelle.web.responses.addresses import public_address
from passerelle.web.responses.language import language_of

_ADDRESS = "/openapi.json"
_HTML, _JSON = "text/html", "application/json"
_CAPACITY = 503
_SPARQL = (*offered("solutions"), *offered("triples"))
_POSITIVE: Json = {"type": "number", "exclusiveMinimum": 0}


def openapi(settings: Settings) -> Blueprint:
    """The blueprint of the description."""
    blueprint = Blueprint("openapi", __name__)

    @blueprint.route(_ADDRESS)
    def description() -> Response:
        return jsonify(document(settings, public_address(settings, "/").rstrip("/"), language_of(request)))

    return blueprint


def document(settings: Settings, server: str, language: Language) -> Json:
    """The description with its texts in a language; `server` is the address of the service without slash at its end."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Passerelle",
            "version": __version__,
            "description": message("api-description").what(language),
        },
        "servers": [{"url": server}],
        "paths": _Paths(settings, language).all(),
        "components": components(language, {**comparison_schemas(), **unit_set_schemas()}),
    }


class _Paths:
    """The operations, in one language."""

    def __init__(self, settings: Settings, language: Language) -> None:
        self._settings = settings
        self._language: Language = language
        self._lang = ref("parameters", "lang")

    def all(self) -> Json:
        return {
            "/": {"get": self._page("front", "api-front")},
            "/sparql": self._sparql("sparql", []),
            "/releases/{identifier}/sparql": self._sparql(
                "sparqlOfRelease", [in_path("identifier", self._text("api-identifier"))]
            ),
            **comparison_paths(self._language),
            **unit_set_paths(self._language),
            **data_paths(self._language, administration=bool(self._settings.admin_token)),
            "/queries": {"get": self._queries()},
            **{f"/queries/{name}": {"get": self._question(each)} for name, each in catalogue().items()},
            "/things": {"get": self._page("thing", "api-things", self._thing())},
            "/validate": {"get": self._page("validationForm", "api-form"), "post": self._validate()},
            "/rules": {"get": self._rules()},
            "/rules/{code}": {"get": self._rule()},
            "/healthz": {"get": self._json("health", "api-health", schema("Health"))},
            _ADDRESS: {"get": self._json("openapi", "api-openapi", {"type": "object"})},
        }

    def _text(self, identifier: str, **values: object) -> str:
        return message(identifier).what(self._language, **values)

    def _operation(self, name: str, summary: str, parameters: list[Json], responses: Json) -> Json:
        return {
            "operationId": name,
            "summary": summary,
            "parameters": [*parameters, self._lang],
            "responses": responses,
        }

    def _page(self, name: str, identifier: str, *parameters: Json) -> Json:
        problems = (400, 404, _CAPACITY) if parameters else (_CAPACITY,)
        responses = answers({_HTML: TEXT}, self._text("api-found"), problems)
        return self._operation(name, self._text(identifier), list(parameters), responses)

    def _json(self, name: str, identifier: str, described: Json) -> Json:
        return self._operation(
            name, self._text(identifier), [], answers({_JSON: described}, self._text("api-found"), [_CAPACITY])
        )

    def _format(self, names: list[str]) -> Json:
        return in_address("format", self._text("api-format"), one_of(names))

    def _thing(self) -> Json:
        iri: Json = {"type": "string", "format": "iri"}
        return in_address("iri", self._text("api-thing-iri"), iri, required=True)

    def _sparql(self, name: str, at: list[Json]) -> Json:
        limit = self._settings.query_bytes
        query: Json = {"type": "string", "maxLength": limit}
        described = self._text("api-sparql-query", limit=limit)
        graph: Json = {"type": "string", "format": "iri"}
        graphs = [
            in_address("default-graph-uri", self._text("api-default-graph"), several(graph)),
            in_address("named-graph-uri", self._text("api-named-graph"), several(graph)),
            self._format(list(dict.fromkeys(each.name for each in (*_SPARQL, PAGE)))),
            in_address("timeout", self._text("api-timeout", limit=self._settings.query_seconds), _POSITIVE),
            in_address("max-rows", self._text("api-max-rows"), {"type": "integer", "minimum": 1}),
        ]
        contents = {content_type(each).partition(";")[0]: _content(content_type(each)) for each in (*_SPARQL, PAGE)}
        responses = answers(contents, self._text("api-found"), (400, 403, 404, 406, 413, 415, 429, _CAPACITY))
        responses["200"]["headers"] |= {each: ref("headers", each) for each in SPARQL_HEADERS}
        summary = self._text("api-sparql")
        form = {
            "type": "object",
            "properties": {"query": query, **{each["name"]: each["schema"] for each in graphs}},
            "required": ["query"],
        }
        return {
            "get": self._operation(
                f"{name}ByGet", summary, [*at, in_address("query", described, query), *graphs], responses
            ),
            "post": {
                **self._operation(f"{name}ByPost", summary, [*at, *graphs], responses),
                "requestBody": {
                    "description": described,
                    "required": True,
                    "content": {
                        "application/sparql-query": {"schema": query},
                        "application/x-www-form-urlencoded": {"schema": form},
                    },
                },
            },
        }

    def _queries(self) -> Json:
        contents = {_JSON: several(schema("Question")), _HTML: TEXT}
        return self._operation(
            "questions", self._text("api-queries"), [], answers(contents, self._text("api-found"), [_CAPACITY])
        )

    def _question(self, query: NamedQuery) -> Json:
        described = offered(authorise(query.text, frozenset(), size_limit=self._settings.query_bytes).kind)
        contents: dict[str, Json] = {
            content_type(each).partition(";")[0]: _content(content_type(each)) for each in described
        }
        names = list(dict.fromkeys(each.name for each in described))
        parameters = [of_question(each, self._language) for each in query.parameters]
        responses = answers({**contents, _HTML: TEXT}, self._text("api-answer"), (400, 406, _CAPACITY))
        return {
            **self._operation(
                _camel(query.name),
                query.title(self._language),
                [*parameters, self._format([*names, "html"])],
                responses,
            ),
            "description": query.description(self._language),
        }

    def _options(self) -> Mapping[str, tuple[str, Json]]:
        """What can be asked of a validation: in the address, and in the fields of a form."""
        number: Json = {"type": "integer", "minimum": 1, "maximum": MOST_RESULTS, "default": MAX_RESULTS}
        formats = one_of(each.name for each in FORMATS)
        return {
            "profile": (self._text("api-profile"), one_of(PROFILES)),
            "stage": (self._text("api-stage"), one_of((each.value for each in Stage), Stage.ISSUED.value)),
            "max-results": (self._text("api-max-results"), number),
            "format": (self._text("api-format"), formats),
        }

    def _validate(self) -> Json:
        options = self._options()
        contents = {each.media_type: TEXT for each in FORMATS}
        contents[_JSON] = schema("ValidationReport")
        contents["application/sarif+json"] = {"type": "object"}
        form: Json = {
            "type": "object",
            "properties": {
                FILE_FIELD: {"type": "string", "contentMediaType": "application/octet-stream"},
                TEXT_FIELD: TEXT,
                **{name: described for name, (_, described) in options.items()},
                "lang": TEXT,
            },
        }
        bodies: dict[str, Json] = {each: {} for each in MEDIA_TYPES}
        parameters = [in_address(name, *described) for name, described in options.items()]
        responses = answers(contents, self._text("api-report"), (400, 406, 413, 415, _CAPACITY))
        return {
            **self._operation("validate", self._text("api-validate"), parameters, responses),
            "description": self._text("api-validate-description", limit=megabytes(self._settings.validation_bytes)),
            "requestBody": {"required": True, "content": {**bodies, MULTIPART: {"schema": form}}},
        }

    def _rules(self) -> Json:
        parameters = [
            in_address("q", self._text("api-rules-words"), TEXT),
            in_address("layer", self._text("api-rules-layer"), one_of(each.value for each in Layer)),
            self._format(["json", "html"]),
        ]
        contents = {_JSON: several(schema("Rule")), _HTML: TEXT}
        responses = answers(contents, self._text("api-found"), [406])
        return self._operation("rules", self._text("api-rules"), parameters, responses)

    def _rule(self) -> Json:
        code = in_address("code", self._text("api-rule-code"), TEXT, required=True)
        contents = {_JSON: schema("RuleInFull"), _HTML: TEXT, "text/turtle": TEXT}
        responses = answers(contents, self._text("api-found"), [404, 406])
        parameters = [{**code, "in": "path"}, self._format(["json", "html", "turtle"])]
        return self._operation("rule", self._text("api-rule"), parameters, responses)


def _content(media_type: str) -> Json:
    return schema("SparqlResults") if media_type == "application/sparql-results+json" else TEXT


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(each.capitalize() for each in rest)
