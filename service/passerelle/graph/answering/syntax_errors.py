"""What the engine's parser says of a query, as an error in the reader's language with the engine's words kept short."""

from __future__ import annotations

import re

from passerelle.errors import QuerySyntaxError

WORDS_SHOWN = 120
"""Characters of the parser's own words; of an open brace it lists six hundred of what might follow."""

_PLACED = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): (?P<words>.*)", re.DOTALL)
_CHARACTERS = re.compile(r"(?<!\")\[(?:'(?:\\.|[^'\\])+'|'\\''|[^\]'])*\](?:, )?")
"""A class of characters among what was expected: `['0'..='9']`, `[_]`."""


def syntax_error(said: str) -> QuerySyntaxError:
    """The error for what the parser said: position and what it expected there, never the text of the query."""
    placed = _PLACED.fullmatch(said)
    if placed is None:
        return QuerySyntaxError("sparql-syntax-unplaced", words=_short(said))
    return QuerySyntaxError(
        "sparql-syntax", line=placed["line"], column=placed["column"], words=_short(placed["words"])
    )


def _short(words: str) -> str:
    words = " ".join(words.split())
    named = _CHARACTERS.sub("", words).rstrip(", ")
    if not named.endswith(("expected", "expected one of")):
        words = named
    if len(words) <= WORDS_SHOWN:
        return words
    kept = words[: WORDS_SHOWN - 1]
    return (kept.rpartition(" ")[0] or kept).rstrip(",") + "…"
