"""Whether a query may run: its form, the graphs and services it names, how deep it is nested; updates are refused.

Text in which nothing can stand that is refused passes by a few searches (`plain_form`); all other text is cut into
tokens, in one linear scan (`scan`). Neither parses: a parse costs 5 ms and recurses, and no parser at hand would tell
more. The engine's says nothing of what it has read, and works without a lexer: it takes things that the grammar's
tokens forbid (`SERVICEex:x { … }`, `FILTER(?a<2)SERVICE …`), which another parser would not see. So the scan decides
alone, and is made safe in three ways. It refuses what can be read in two ways as soon as a word to refuse stands
anywhere in the text; escapes are read both as the standard and as the engine does, and both readings must pass; and
`graph.processes.confinement` stands behind it: a query process cannot open a socket, unless `services` asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Set
from dataclasses import dataclass
from typing import Literal, cast

from passerelle.errors import QueryRefused, QuerySyntaxError, RequestError, RequestTooLarge
from passerelle.graph.answering.query_tokens import unescape
from passerelle.graph.answering.question import Kind
from passerelle.sparql.scan import Scan

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]
KIND_OF_FORM: dict[Form, Kind] = {
    "SELECT": "solutions",
    "ASK": "boolean",
    "CONSTRUCT": "triples",
    "DESCRIBE": "triples",
}

DEPTH_LIMIT = 100
"""Brackets within brackets; the engine overflows its stack at some thousands, and takes seconds at 300."""

_SPACE = r"(?:[ \t\r\n]+|\#[^\r\n]*+)*+"
_IRI = r'<[^<>"{}|^`\\\x00-\x20]*>'
_BEGINNING = re.compile(
    rf"{_SPACE}(?:(?:BASE|PREFIX{_SPACE}[\w.\-]*+:){_SPACE}{_IRI}{_SPACE})*+"
    r"(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:.\-])",
    re.IGNORECASE,
)
# what follows FROM where it names a graph is none of these
_FROM = re.compile(r"FROM\s*(?![\s?$\"'(){}\[\];,=])")
_SECOND = re.compile(r";\s*(?:#|SPARQL|DEFINE|BASE|PREFIX|INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD|WITH)")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_CHANGING = {word: re.compile(rf"{word}\s*[(#]") for word in ("RAND", "NOW", "UUID", "BNODE")}


@dataclass(frozen=True, slots=True)
class Authorised:
    """A query that may run.

    `own_dataset`: it says FROM. `deterministic`: asked again, it gives the same answer on the same data; False where
    a function that does not may be called, or a service. `services` are the IRIs of the endpoints that it calls.
    """

    form: Form
    own_dataset: bool
    deterministic: bool = True
    services: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What it answers."""
        return KIND_OF_FORM[self.form]


def authorise(
    query: str,
    known_graphs: Collection[str],
    *,
    size_limit: int,
    service_endpoints: Set[str] = frozenset(),
) -> Authorised:
    """Check a query against the rules of this service.

    `known_graphs` are the IRIs that FROM and FROM NAMED may name, `service_endpoints` those that SERVICE may name;
    `size_limit` counts bytes in UTF-8. Raises RequestTooLarge, RequestError (nesting), QueryRefused (update, SERVICE,
    unknown graph), QuerySyntaxError (no form, or text that can be read in two ways).
    """
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > size_limit:
        raise RequestTooLarge("sparql-size", size=size, limit=size_limit)
    upper = query.upper()
    form = plain_form(query, upper)
    if form is not None:
        return Authorised(form, False, _deterministic(upper))
    return scanned(query, known_graphs, service_endpoints)


def plain_form(query: str, upper: str) -> Form | None:
    """The form of a query in which nothing stands that any reading of it could refuse; None where that is not plain.

    Words are sought everywhere, so it does not matter where strings and comments end, nor that a word may be glued to
    the next. `upper` holds at least the words that the engine, which knows the case of ASCII alone, can see.
    """
    if "\\" in query or "SERVICE" in upper or "BIF:" in upper or "SQL:" in upper:
        return None
    if query.count("{") + query.count("(") + query.count("[") > DEPTH_LIMIT:
        return None
    if "FROM" in upper and _FROM.search(upper):
        return None
    if _SECOND.search(upper):
        return None
    beginning = _BEGINNING.match(query)
    return None if beginning is None else cast("Form", beginning[1].upper())


def scanned(query: str, known_graphs: Collection[str], service_endpoints: Set[str]) -> Authorised:
    """Check a query token by token, in each of its readings; raises as `authorise` does."""
    scan = Scan(query, DEPTH_LIMIT, service_endpoints)
    check_graphs(scan.graphs, known_graphs)
    deterministic = _deterministic(query.upper())
    # the standard resolves \u0053 before everything else, the engine in strings and IRIs only: both readings must pass
    unescaped = unescape(query)
    if unescaped != query:
        second = Scan(unescaped, DEPTH_LIMIT, service_endpoints)
        check_graphs(second.graphs, known_graphs)
        if second.services != scan.services:
            raise QueryRefused("sparql-service")
        deterministic = deterministic and _deterministic(unescaped.upper())
    if scan.form is None:
        line, column = scan.fault
        raise QuerySyntaxError("sparql-form", line=line, column=column)
    return Authorised(cast("Form", scan.form), bool(scan.graphs), deterministic and not scan.services, scan.services)


def _deterministic(upper: str) -> bool:
    return not any(word in upper and pattern.search(upper) for word, pattern in _CHANGING.items())


def check_graphs(iris: Collection[str], known: Collection[str]) -> None:
    """Raise RequestError for a name that is no absolute IRI, QueryRefused for a graph that is not held here."""
    for iri in iris:
        if not _ABSOLUTE.match(iri):
            raise RequestError("sparql-graph-iri", iri=iri)
        if iri not in known:
            raise QueryRefused("sparql-graph-unknown", iri=iri)
