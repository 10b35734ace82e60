"""SPARQL cut into tokens, in one linear pass: enough to see keywords, brackets and IRIs, and nothing inside strings.

The one reading of a query that both the rules of this service and those of an engine elsewhere go by.

Follows the terminals of the SPARQL 1.1 Query grammar (W3C Recommendation of 21 March 2013, 19.8). Two differences, both
on the safe side: any letter or digit of Unicode may stand in a name (a stray one is a syntax error anyway), and a
character that begins no token is a token of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, cast

TokenKind = Literal[
    "space", "comment", "iri", "string", "variable", "language", "blank", "prefixed", "number", "word", "open", "close",
    "other",
]  # fmt: skip

_NAME = r"[\w\-·‿⁀]"
_LOCAL = r"(?:(?![.\-])(?:NAME|[.:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])++)?+"
# possessive throughout, and a run of letters, digits, hyphens and points is one word, so that no input takes quadratic
# time; in alternation order: long strings before short ones, prefixed names before words
_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3} | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*+'{3}
               | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+')
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<blank>_:NAME(?:NAME|\.)*+)
    | (?P<word>[^\W\d](?:NAME|\.)*+(?P<colon>:LOCAL)?+)
    | (?P<prefixed>:LOCAL)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<open>[({\[])
    | (?P<close>[)}\]])
    | (?P<other>.)
    """.replace("LOCAL", _LOCAL).replace("NAME", _NAME),
    re.VERBOSE | re.DOTALL,
)
_INSIGNIFICANT = frozenset({"space", "comment"})
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_SURROGATES = range(0xD800, 0xE000)
_VENDOR_SCHEMES = frozenset({"bif", "sql"})


class Token(NamedTuple):
    """One token: what it is, its text, and where it starts (characters from 0)."""

    kind: TokenKind
    text: str
    start: int


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query without white space and comments. Never fails: what is no token comes as `other`."""
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup
        if kind == "word" and match["colon"] is not None:
            kind = "prefixed"
        if kind not in _INSIGNIFICANT:
            yield Token(cast("TokenKind", kind), match[0], match.start())


def unescape(query: str) -> str:
    r"""The query with its codepoint escapes resolved (SPARQL 1.1, 19.2); those of no character stay.

    >>> unescape(r"\u0053ELECT")
    'SELECT'
    """

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return match[0] if code > 0x10FFFF or code in _SURROGATES else chr(code)

    return _ESCAPE.sub(character, query) if "\\" in query else query


def vendor_function(name: str) -> str:
    """The scheme or prefix, with its colon, by which an IRI or a prefixed name calls functions of one make of engine.

    Empty for any other. Virtuoso calls its own by these, declared or not; some reach the network and its tables.

    >>> vendor_function("BIF:now"), vendor_function("ex:now")
    ('bif:', '')
    """
    scheme, colon, _ = name.partition(":")
    return scheme.lower() + colon if colon and scheme.lower() in _VENDOR_SCHEMES else ""
