"""The part of the OpenAPI description about releases, linked data, descriptions and operation."""

from __future__ import annotations

from collections.abc import Iterable

from passerelle.messages import Language, message
from passerelle.sparql.media_types import PAGE, content_type, offered
from passerelle.web.interface.openapi_parts import TEXT, Json, answers, in_address, one_of, ref, schema, several

_JSON = "application/json"
_CAPACITY = 503
_RDF = tuple(dict.fromkeys(content_type(each).partition(";")[0] for each in offered("triples")))
_FORMATS = tuple(dict.fromkeys(each.name for each in offered("triples")))


def data_paths(language: Language, *, administration: bool) -> Json:
    """The operations by address; those of administrators where they exist."""
    paths = _Paths(language)
    return {
        **paths.releases(),
        **paths.described(),
        **paths.linked(),
        **paths.operation(),
        **(paths.administration() if administration else {}),
    }


def in_path(name: str, description: str) -> Json:
    """A parameter that is a part of the address."""
    return {**in_address(name, description, TEXT, required=True), "in": "path"}


class _Paths:
    def __init__(self, language: Language) -> None:
        self._language: Language = language

    def releases(self) -> Json:
        listed = {_JSON: several(schema("Release")), PAGE.asked: TEXT}
        formats = in_address("format", self._text("api-format"), one_of(["json", "html"]))
        return {
            "/releases": self._get("releases", "api-releases", listed, [formats], [406, _CAPACITY]),
            "/releases/{identifier}": self._get(
                "release", "api-manifest", {_JSON: {"type": "object"}}, [self._identifier()], [404]
            ),
            "/releases/{identifier}/void": self._rdf("releaseVoid", "api-void", [self._identifier()]),
            "/releases/{identifier}/graph/{slug}": self._rdf(
                "releaseGraph", "api-graph", [self._identifier(), in_path("slug", self._text("api-slug"))]
            ),
        }

    def described(self) -> Json:
        return {
            "/.well-known/void": self._rdf("void", "api-void", []),
            "/catalogue": self._rdf("catalogue", "api-catalogue", [], page=True),
            "/id/release/{identifier}": self._elsewhere("describedRelease", [self._identifier()]),
            **{f"/id/{name}": self._elsewhere(f"described{name.title()}", []) for name in _CATALOGUED},
        }

    def linked(self) -> Json:
        name = in_path("name", self._text("api-name"))
        kind = {**in_path("kind", self._text("api-kind")), "schema": one_of(["vocabulary", "shapes"])}
        return {
            "/id/{name}": self._elsewhere("dereferenced", [name]),
            "/graph/{name}": self._elsewhere("dereferencedGraph", [name]),
            "/.well-known/genid/{name}": self._elsewhere("dereferencedNode", [name]),
            "/vocabulary/{name}": self._elsewhere("vocabularyTerm", [name]),
            "/shapes/{name}": self._elsewhere("shape", [name]),
            "/definitions": self._get("definitions", "api-definitions", {PAGE.asked: TEXT}, [], [_CAPACITY]),
            "/definitions/{kind}/{name}": self._rdf("definition", "api-definitions", [kind, name], page=True),
            "/ontology": self._rdf("ontology", "api-definitions", [], page=True),
            "/ontology/{name}": self._rdf("ontologyPart", "api-definitions", [name], page=True),
        }

    def operation(self) -> Json:
        state = {_JSON: schema("Readiness")}
        ready = self._get("ready", "api-ready", state, [], [])
        ready["get"]["responses"]["503"] = ready["get"]["responses"]["200"]
        return {"/readyz": ready, "/metrics": self._get("metrics", "api-metrics", {"text/plain": TEXT}, [], [])}

    def administration(self) -> Json:
        found: dict[str, Json] = {_JSON: {"type": "object"}}
        one = [self._identifier()]
        refused = (401, 404, 429)
        removal = self._get("adminRemove", "api-admin-remove", {}, one, [401, 404, 409, 429])["get"]
        removal["responses"]["204"] = {"description": self._text("api-admin-removed")}
        del removal["responses"]["200"]
        activation = self._get("adminActivate", "api-admin-activate", found, one, [*refused, 500])["get"]
        paths: dict[str, Json] = {
            "/admin/releases": self._get("adminReleases", "api-releases", found, [], [401, 429]),
            "/admin/releases/{identifier}": {
                **self._get("adminRelease", "api-manifest", found, one, refused),
                "delete": removal,
            },
            "/admin/releases/{identifier}/activate": {"post": activation},
        }
        for operations in paths.values():
            for each in operations.values():
                each["security"] = [{"administrator": []}]
        return paths

    def _text(self, identifier: str) -> str:
        return message(identifier).what(self._language)

    def _identifier(self) -> Json:
        return in_path("identifier", self._text("api-identifier"))

    def _get(
        self, name: str, summary: str, contents: dict[str, Json], parameters: list[Json], problems: Iterable[int]
    ) -> Json:
        return {
            "get": {
                "operationId": name,
                "summary": self._text(summary),
                "parameters": [*parameters, ref("parameters", "lang")],
                "responses": answers(contents, self._text("api-found"), problems),
            }
        }

    def _rdf(self, name: str, summary: str, parameters: list[Json], *, page: bool = False) -> Json:
        contents: dict[str, Json] = {**dict.fromkeys(_RDF, TEXT), **({PAGE.asked: TEXT} if page else {})}
        formats = in_address("format", self._text("api-format"), one_of([*_FORMATS, *(["html"] if page else [])]))
        return self._get(name, summary, contents, [*parameters, formats], [404, 406, _CAPACITY])

    def _elsewhere(self, name: str, parameters: list[Json]) -> Json:
        """An address that leads to what describes the thing (303)."""
        found = self._get(name, "api-dereference", {}, parameters, [404, 406, 410, _CAPACITY])
        location = {"Location": {"description": self._text("api-location"), "schema": TEXT}}
        found["get"]["responses"]["303"] = {"description": self._text("api-location"), "headers": location}
        del found["get"]["responses"]["200"]
        return found


_CATALOGUED = ("catalogue", "dataset", "publisher")
