"""One pass over the tokens of one reading of a query: what it begins with, what it names, and what is refused."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Set

from passerelle.errors import QueryRefused, QuerySyntaxError, RequestError
from passerelle.graph.answering.query_tokens import Token, tokens, unescape, vendor_function

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH")
_OPERAND_ENDS = frozenset({"iri", "string", "variable", "language", "prefixed", "number", "word", "close"})
_HIERARCHICAL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_SERVICE = re.compile("SERVICE", re.IGNORECASE)


class Scan:
    """What one reading of a query says.

    `form` is None where no form follows the prologue; `fault` (line, column) is then the place. `graphs` are the IRIs
    of FROM and FROM NAMED, `services` those of SERVICE.
    """

    def __init__(self, query: str, depth_limit: int, service_endpoints: Set[str]) -> None:
        """Read `query`. Raises RequestError (nesting), QueryRefused (update, SERVICE), QuerySyntaxError (ambiguous)."""
        self._query = query
        self._endpoints = service_endpoints
        self._tokens = list(tokens(query))
        self._prefixes: dict[str, str | None] = {}
        self.graphs: list[str] = []
        self._calls: dict[int, str] = {}
        self.form: str | None = None
        begins = self._prologue()
        self._fault = begins
        self._check(begins, depth_limit)
        if self._calls:
            self._check_calls()
        self.services = tuple(dict.fromkeys(self._calls.values()))

    @property
    def fault(self) -> tuple[int, int]:
        """Line and column, from 1, of what follows the prologue."""
        token = self._token(self._fault)
        return self._position(len(self._query) if token is None else token.start)

    def _prologue(self) -> int:
        """Read the declarations; returns the index of the token behind them, and sets the form if it is one."""
        index = 0
        while (token := self._token(index)) is not None:
            word, following = token.text.upper(), self._token(index + 1)
            if token.kind == "word" and word == "PREFIX" and following is not None and following.kind == "prefixed":
                index += 2
                name = following.text
            elif token.kind == "prefixed" and word.startswith("PREFIX"):
                index += 1
                name = token.text[len("PREFIX") :]
            elif token.kind == "word" and word in ("BASE", "VERSION"):
                index += 1
                name = ""
            else:
                break
            value = self._token(index)
            if value is None or value.kind != ("string" if word == "VERSION" else "iri"):
                break
            index += 1
            if name:
                # of a prefix that is declared twice, it is not said which counts
                self._prefixes[name[:-1]] = None if name[:-1] in self._prefixes else unescape(value.text[1:-1])
        token = self._token(index)
        if token is not None and token.kind == "word":
            word = token.text.upper()
            if word.startswith(_UPDATES):
                raise QueryRefused("sparql-update", keyword=word)
            self.form = word if word in _FORMS else None
        return index

    def _check(self, begins: int, depth_limit: int) -> None:
        open_brackets: list[str] = []
        for index, token in enumerate(self._tokens):
            kind = token.kind
            if kind == "open":
                open_brackets.append(token.text)
                if len(open_brackets) > depth_limit:
                    raise RequestError("sparql-depth", depth=self._depth(), limit=depth_limit)
            elif kind == "close":
                if open_brackets:
                    open_brackets.pop()
            elif kind == "iri":
                self._check_extension(token.text[1:])
                self._check_reading(index, in_parentheses=bool(open_brackets) and open_brackets[-1] == "(")
            elif kind == "word":
                if index > begins or self.form is None:
                    self._word(index, token.text.upper(), at_top=not open_brackets)
            elif kind in ("prefixed", "blank"):
                if token.text.partition(":")[0] not in self._prefixes:
                    self._check_extension(token.text)
                self._check_glued_service(index)
                if not open_brackets and index > begins:
                    self._check_glued_from(token)
            elif token.text == ";" and not open_brackets:
                line, column = self._position(token.start)
                raise QuerySyntaxError("sparql-several", line=line, column=column)

    def _word(self, index: int, word: str, *, at_top: bool) -> None:
        if "SERVICE" in word:
            self._service(index, word)
        elif at_top and word.startswith("FROM"):
            self._graph(index + 1)

    def _graph(self, index: int) -> None:
        following = self._token(index)
        if following is not None and following.kind == "word" and following.text.upper() == "NAMED":
            following = self._token(index + 1)
        if following is not None:  # otherwise a syntax error, which the engine's parser tells
            self.graphs.append(self._iri(following) or following.text)

    def _iri(self, token: Token) -> str | None:
        """The IRI that a token names; None where it names none, or it is not said which."""
        if token.kind == "iri":
            return unescape(token.text[1:-1])
        if token.kind != "prefixed":
            return None
        prefix, _, local = token.text.partition(":")
        value = self._prefixes.get(prefix)
        return None if value is None else value + local.rstrip(".").replace("\\", "")

    def _service(self, index: int, word: str) -> None:
        if not self._endpoints or word != "SERVICE":
            raise QueryRefused("sparql-service")
        named = index + 1
        token = self._token(named)
        if token is not None and token.text.upper() == "SILENT":
            named += 1
            token = self._token(named)
        after = self._token(named + 1)
        iri = None if token is None or token.text.endswith(".") or "\\" in token.text else self._iri(token)
        if iri is None or iri not in self._endpoints or after is None or after.text != "{":
            self._refuse_endpoint()
        else:
            self._calls[self._tokens[index].start] = iri

    def _check_calls(self) -> None:
        """Where a service is called, and the network open, the word stands for nothing else, in whatever reading."""
        starts = [token.start for token in self._tokens]
        for match in _SERVICE.finditer(self._query):
            if match.start() in self._calls:
                continue
            token = self._tokens[max(0, bisect_right(starts, match.start()) - 1)]
            if token.kind != "iri" or match.end() > token.start + len(token.text) or not _plain_iri(token.text[1:-1]):
                self._refuse_endpoint()

    def _refuse_endpoint(self) -> None:
        raise QueryRefused("sparql-service-endpoint", allowed=", ".join(sorted(self._endpoints)))

    def _check_extension(self, iri: str) -> None:
        if word := vendor_function(iri):
            raise QueryRefused("sparql-extension", word=word)

    def _check_reading(self, index: int, *, in_parentheses: bool) -> None:
        # `?a<b#>` after an operand within parentheses: the grammar's lexer reads an IRI, the engine a comparison. An
        # IRI with `://` cannot be the second, and without these characters both readings go on in the same way.
        text = self._tokens[index].text[1:-1]
        if not in_parentheses or index == 0 or self._tokens[index - 1].kind not in _OPERAND_ENDS:
            return
        if not _HIERARCHICAL.match(text) and any(character in text for character in "'#)("):
            line, column = self._position(self._tokens[index].start)
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

    def _check_glued_from(self, token: Token) -> None:
        # the engine reads `FROMg:1` as FROM g:1 unless it knows the whole prefix, or a name cannot stand there
        prefix = token.text.partition(":")[0]
        for word in ("FROM", "FROMNAMED", "NAMED"):
            if prefix.upper().startswith(word) and prefix[len(word) :] in self._prefixes:
                line, column = self._position(token.start)
                raise QuerySyntaxError("sparql-glued", word=word, line=line, column=column)

    def _token(self, index: int) -> Token | None:
        return self._tokens[index] if index < len(self._tokens) else None

    def _position(self, start: int) -> tuple[int, int]:
        before = self._query[:start]
        return before.count("\n") + 1, start - before.rfind("\n")

    def _depth(self) -> int:
        depth = deepest = 0
        for token in self._tokens:
            depth += (token.kind == "open") - (token.kind == "close")
            deepest = max(deepest, depth)
        return deepest


def _plain_iri(iri: str) -> bool:
    return _HIERARCHICAL.match(iri) is not None and not any(character in iri for character in "'\"#()")
