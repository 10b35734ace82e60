"""Addresses by what they cost, and the pattern under which one is counted and logged: never the address itself.

What is not listed as free has a cost, so that a new page is guarded before anybody thinks of it.
"""

from __future__ import annotations

import re

_FREE = {
    "": "a template without a query",
    "static": "files",
    "healthz": "monitoring must get through, above all under load",
    "readyz": "as healthz",
    "metrics": "as healthz",
    "openapi.json": "a document that is made once",
    "rules": "texts of the package",
    "admin": "administrators; failed attempts are counted apart",
}
"""First segments of addresses that take no process, and why."""
_FREE_EXACT = frozenset({"/queries", "/validate/report.css"})

_PATTERNS = (
    (re.compile(r"/sparql"), "/sparql"),
    (re.compile(r"/releases/[^/]*/sparql"), "/releases/{identifier}/sparql"),
    (re.compile(r"/queries"), "/queries"),
    (re.compile(r"/queries/[^/]*"), "/queries/{name}"),
    (re.compile(r"/things"), "/things"),
    (re.compile(r"/validate"), "/validate"),
    (re.compile(r"/compare"), "/compare"),
    (re.compile(r"/compare/report"), "/compare/report"),
    (re.compile(r"/nearest"), "/nearest"),
    (re.compile(r"/path"), "/path"),
    (re.compile(r"/combination"), "/combination"),
    (re.compile(r"/neighbours"), "/neighbours"),
    (re.compile(r"/api/v1/compare"), "/api/v1/compare"),
    (re.compile(r"/api/v1/units/.*/nearest", re.DOTALL), "/api/v1/units/{unit}/nearest"),
    (re.compile(r"/api/v1/units/.*/neighbours", re.DOTALL), "/api/v1/units/{unit}/neighbours"),
    (re.compile(r"/api/v1/units/.*/path", re.DOTALL), "/api/v1/units/{unit}/path"),
    (re.compile(r"/api/v1/combination"), "/api/v1/combination"),
    (re.compile(r"/api/v1/units/.*", re.DOTALL), "/api/v1/units/{unit}"),
    (re.compile(r"/(?:id|graph|ontology)(?:/.*)?", re.DOTALL), "/id/{path}"),
)
OTHER = "other"
QUERY_ROUTES = frozenset({"/sparql", "/releases/{identifier}/sparql", "/queries/{name}"})
"""Patterns of the addresses where clients ask queries; a page about a thing asks some of its own accord."""


def costs(method: str, path: str) -> bool:
    """Whether a request may take a query or validation process, or read a body for one."""
    if method == "OPTIONS" or path in _FREE_EXACT or (method in ("GET", "HEAD") and path == "/validate"):
        return False
    return path.lstrip("/").partition("/")[0] not in _FREE


def is_administrators(path: str) -> bool:
    """Whether an address asks for the token of an administrator."""
    return path == "/admin" or path.startswith("/admin/")


def pattern_of(path: str) -> str:
    """The pattern of an address that the application itself was not asked for: refused, or answered from the cache."""
    return next((name for pattern, name in _PATTERNS if pattern.fullmatch(path)), OTHER)


def pattern_of_rule(rule: str | None) -> str:
    """The pattern of a rule of the routing: `/queries/<name>` is `/queries/{name}`."""
    return OTHER if rule is None else re.sub(r"<(?:[^:<>]*:)?([^<>]*)>", r"{\1}", rule)
