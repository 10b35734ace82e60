"""Property paths in the notation of SPARQL, written as SHACL property paths in Turtle."""

from __future__ import annotations

import re

from passerelle.namespaces import PREFIXES

_TOKEN = re.compile(
    r"\s*(?:<([^<>\s]*)>|([a-z][a-z0-9+.-]*://[^\s|()*+?^]+|[a-z][\w-]*:\w[\w.-]*)|([\^|/()*+?]))", re.ASCII
)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\ud800-\udfff]+")
_REPEATED = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}


class NotAPath(ValueError):
    """The text is no property path."""


def is_iri(text: str) -> bool:
    """Whether the text can stand as an absolute IRI in Turtle."""
    return _IRI.fullmatch(text) is not None


def iri(text: str) -> str:
    """An IRI or a CURIE with one of our prefixes as Turtle. Raises NotAPath."""
    prefix, _, local = text.partition(":")
    full = PREFIXES[prefix] + local if prefix in PREFIXES else text
    if not is_iri(full):
        raise NotAPath(text)
    return f"<{full}>"


def turtle(path: str) -> str:
    """The path as the object of sh:resultPath: an IRI, or blank nodes of SHACL 1.0, 2.3.1. Raises NotAPath."""
    if is_iri(path) and not set(path) & set(" |()*+^"):
        return iri(path)
    parser = _Parser(path)
    written = parser.alternatives()
    if parser.tokens:
        raise NotAPath(path)
    return written


class _Parser:
    """A descent over `a | b`, `a / b`, `^a`, `a*`, `a+`, `a?` and brackets."""

    def __init__(self, path: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(path.rstrip()):
            match = _TOKEN.match(path, place)
            if match is None:
                raise NotAPath(path)
            named = match[1] if match[1] is not None else match[2]
            self.tokens.append(("mark", match[3]) if match[3] else ("name", named))
            place = match.end()
        self.tokens.reverse()
        self.depth = 0

    def alternatives(self) -> str:
        parts = [self.sequence()]
        while self.took("|"):
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else f"[ sh:alternativePath ( {' '.join(parts)} ) ]"

    def sequence(self) -> str:
        parts = [self.element()]
        while self.took("/"):
            parts.append(self.element())
        return parts[0] if len(parts) == 1 else f"( {' '.join(parts)} )"

    def element(self) -> str:
        if self.took("^"):
            return f"[ sh:inversePath {self.element()} ]"
        self.depth += 1
        if not self.tokens or self.depth > 50:
            raise NotAPath
        kind, text = self.tokens.pop()
        if kind == "name":
            written = iri(text)
        elif text == "(":
            written = self.alternatives()
            if not self.took(")"):
                raise NotAPath
        else:
            raise NotAPath
        while self.tokens and self.tokens[-1][1] in _REPEATED and self.tokens[-1][0] == "mark":
            written = f"[ sh:{_REPEATED[self.tokens.pop()[1]]} {written} ]"
        return written

    def took(self, mark: str) -> bool:
        if self.tokens and self.tokens[-1] == ("mark", mark):
            self.tokens.pop()
            return True
        return False
