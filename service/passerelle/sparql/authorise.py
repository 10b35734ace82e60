"""Whether a query may run: its form, the graphs it names, how deep it is nested; updates and SERVICE are refused.

A linear scan over tokens (a full parse costs 5 ms and recurses). The engine's parser works without a lexer and takes
things that the grammar's tokens forbid (`SERVICEex:x { … }`, `FILTER(?a<2)SERVICE …`), so the scan refuses what it
cannot read in one way only. Behind it stands `graph.confinement`: a query process cannot open a socket at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from passerelle.errors import QueryRefused, QuerySyntaxError, RequestError, RequestTooLarge
from passerelle.graph.question import Kind
from passerelle.sparql.tokens import Token, tokens

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]
KIND_OF_FORM: dict[Form, Kind] = {
    "SELECT": "solutions",
    "ASK": "boolean",
    "CONSTRUCT": "triples",
    "DESCRIBE": "triples",
}

DEPTH_LIMIT = 100
"""Brackets within brackets; the engine overflows its stack at some thousands, and takes seconds at 300."""

_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH")
_OPERAND_ENDS = frozenset({"iri", "string", "variable", "language", "prefixed", "number", "word", "close"})
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_HIERARCHICAL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")


@dataclass(frozen=True, slots=True)
class Authorised:
    """A query that may run. `form` is None where the text has none: the engine's parser then says what is wrong."""

    form: Form | None
    own_dataset: bool

    @property
    def kind(self) -> Kind:
        """What it answers."""
        return "solutions" if self.form is None else KIND_OF_FORM[self.form]


def authorise(query: str, known_graphs: Collection[str], *, size_limit: int) -> Authorised:
    """Check a query against the rules of this service.

    `known_graphs` are the IRIs that FROM and FROM NAMED may name; `size_limit` counts bytes in UTF-8. Raises
    RequestTooLarge, RequestError (nesting), QueryRefused (update, SERVICE, unknown graph), QuerySyntaxError (text that
    can be read in two ways).
    """
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > size_limit:
        raise RequestTooLarge("sparql-size", size=size, limit=size_limit)
    found = _Scan(query, known_graphs).result
    # the standard resolves \u0053 before everything else, the engine in strings and IRIs only: both readings must pass
    unescaped = unescape(query)
    if unescaped != query:
        _Scan(unescaped, known_graphs)
    return found


def unescape(query: str) -> str:
    r"""The query with its codepoint escapes resolved (SPARQL 1.1, 19.2).

    >>> unescape(r"\u0053ELECT")
    'SELECT'
    """

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code < 0x110000 else match[0]

    return _ESCAPE.sub(character, query)


class _Scan:
    """One pass over the tokens of one reading of a query."""

    def __init__(self, query: str, known_graphs: Collection[str]) -> None:
        self._query = query
        self._known = known_graphs
        self._tokens = list(tokens(query))
        self._prefixes: dict[str, str] = {}
        self._form: Form | None = None
        self._own_dataset = False
        self._check()

    @property
    def result(self) -> Authorised:
        return Authorised(self._form, self._own_dataset)

    def _check(self) -> None:
        open_brackets: list[str] = []
        for index, token in enumerate(self._tokens):
            if token.kind == "open":
                open_brackets.append(token.text)
                if len(open_brackets) > DEPTH_LIMIT:
                    raise RequestError("sparql-depth", depth=self._depth(), limit=DEPTH_LIMIT)
            elif token.kind == "close":
                if open_brackets:
                    open_brackets.pop()
            elif token.kind == "iri":
                self._check_reading(index, in_parentheses=bool(open_brackets) and open_brackets[-1] == "(")
            elif token.kind == "word":
                self._word(index, token.text.upper(), at_top=not open_brackets)
            elif token.kind in ("prefixed", "blank"):
                self._check_glued_service(index)

    def _word(self, index: int, word: str, *, at_top: bool) -> None:
        if "SERVICE" in word:
            raise QueryRefused("sparql-service")
        if self._form is None:
            if word.startswith("PREFIX"):
                self._declare_prefix(index)
            elif word.startswith(_UPDATES):
                raise QueryRefused("sparql-update", keyword=word)
            else:
                self._form = next((form for form in KIND_OF_FORM if word.startswith(form)), None)
        elif at_top and word.startswith("FROM"):
            self._own_dataset = True
            self._check_graph(index)

    def _check_graph(self, index: int) -> None:
        following = self._token(index + 1)
        if following is not None and following.kind == "word" and following.text.upper() == "NAMED":
            following = self._token(index + 2)
        if following is None:
            return  # a syntax error, which the engine's parser tells
        iri = following.text
        if following.kind == "iri":
            iri = unescape(iri[1:-1])
        elif following.kind == "prefixed":
            prefix, _, local = iri.partition(":")
            iri = self._prefixes.get(prefix, prefix + ":") + local.rstrip(".").replace("\\", "")
        check_graphs((iri,), self._known)

    def _declare_prefix(self, index: int) -> None:
        name, iri = self._token(index + 1), self._token(index + 2)
        if name is not None and iri is not None and name.kind == "prefixed" and iri.kind == "iri":
            self._prefixes[name.text[:-1]] = unescape(iri.text[1:-1])

    def _check_reading(self, index: int, *, in_parentheses: bool) -> None:
        # `?a<b#>` after an operand within parentheses: the grammar's lexer reads an IRI, the engine a comparison. An
        # IRI with `://` cannot be the second, and without these characters both readings go on in the same way.
        text = self._tokens[index].text[1:-1]
        if not in_parentheses or index == 0 or self._tokens[index - 1].kind not in _OPERAND_ENDS:
            return
        if not _HIERARCHICAL.match(text) and any(character in text for character in "'#)("):
            line, column = self._position(self._tokens[index])
            raise QuerySyntaxError("sparql-ambiguous", line=line, column=column)

    def _check_glued_service(self, index: int) -> None:
        # the engine reads `SERVICEex:x {` and `ex:.SERVICE ex:x {` as SERVICE; `GRAPH service:x {` is none
        name, _, local = self._tokens[index].text.upper().partition(":")
        if "SERVICE" not in name and ".SERVICE" not in local:
            return
        before = self._token(index - 1) if index else None
        if before is not None and before.text.upper() == "GRAPH":
            return
        after = index + 1
        for kind in ("word", "name"):
            token = self._token(after)
            if token is not None and (
                token.text.upper() == "SILENT" if kind == "word" else token.kind in ("iri", "variable", "prefixed")
            ):
                after += 1
        token = self._token(after)
        if token is not None and token.text == "{":
            raise QueryRefused("sparql-service")

    def _token(self, index: int) -> Token | None:
        return self._tokens[index] if index < len(self._tokens) else None

    def _position(self, token: Token) -> tuple[int, int]:
        before = self._query[: token.start]
        return before.count("\n") + 1, token.start - before.rfind("\n")

    def _depth(self) -> int:
        depth = deepest = 0
        for token in self._tokens:
            depth += (token.kind == "open") - (token.kind == "close")
            deepest = max(deepest, depth)
        return deepest


def check_graphs(iris: Collection[str], known: Collection[str]) -> None:
    """Raise RequestError for a name that is no absolute IRI, QueryRefused for a graph that is not held here."""
    for iri in iris:
        if not _ABSOLUTE.match(iri):
            raise RequestError("sparql-graph-iri", iri=iri)
        if iri not in known:
            raise QueryRefused("sparql-graph-unknown", iri=iri)
