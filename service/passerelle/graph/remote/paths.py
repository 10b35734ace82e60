"""Whether the property paths of a query may give rows twice on a store that does not keep them apart.

SPARQL 1.1 (18.4) lets `+` and `*` reach each end once; Virtuoso 7 gives one row for each way that leads there.
"""

from __future__ import annotations

import re

from passerelle.graph.answering.query_tokens import Token, tokens, unescape

_AFTER_A_VALUE = frozenset({"variable", "string", "language", "number", "open"})
_VALUES = frozenset({"variable", "string", "language", "number", "blank"})
_OPERATORS = frozenset(",=<&|*+-/!")
_BEFORE_A_STAR = ("SELECT", "DISTINCT", "REDUCED", "DESCRIBE")
_COUNTING = ("COUNT", "SUM", "AVG", "GROUP_CONCAT")
_AGGREGATES = (*_COUNTING, "MIN", "MAX", "SAMPLE")
_HIERARCHICAL = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")


def repeats_rows(query: str) -> bool:
    """Whether a `+` or `*` path may repeat rows that nothing takes together again. May be wrong only by True.

    Rows are taken together by SELECT DISTINCT, or where the only SELECT groups them; COUNT, SUM, AVG and GROUP_CONCAT
    need a DISTINCT of their own.
    """
    if "*" not in query and "+" not in query and "\\" not in query:
        return False
    readings = {query, unescape(query)}
    return any(_has_path(found) and _tells_rows_apart(found) for found in (list(tokens(each)) for each in readings))


def _tells_rows_apart(found: list[Token]) -> bool:
    words = [(index, token.text.upper()) for index, token in enumerate(found) if token.kind == "word"]
    for index, word in words:
        if word.endswith(_COUNTING) and not _is_distinct(found, index + 2):
            return True
    selects = [index for index, word in words if "SELECT" in word]
    grouped = len(selects) == 1 and any(word == "GROUP" or word.endswith(_AGGREGATES) for _, word in words)
    return not grouped and not all(_is_distinct(found, index + 1) for index in selects)


def _is_distinct(found: list[Token], index: int) -> bool:
    return index < len(found) and found[index].text.upper() == "DISTINCT"


def _has_path(found: list[Token]) -> bool:
    for index, token in enumerate(found):
        if token.kind == "iri":
            # it may be a comparison, and hold a path, or the beginning of a string or a comment that ends who knows
            if any(character in token.text for character in "*+'#") and not _HIERARCHICAL.match(token.text):
                return True
        elif token.text in ("*", "+") and index and not _is_arithmetic(found, index):
            return True
    return False


def _is_arithmetic(found: list[Token], index: int) -> bool:
    before = found[index - 1]
    if before.kind in _AFTER_A_VALUE or before.text in _OPERATORS:
        return True
    if before.kind == "word":
        return before.text.upper() in _BEFORE_A_STAR
    return before.text == ")" and _holds_a_value(found, index - 1)


def _holds_a_value(found: list[Token], closing: int) -> bool:
    """Whether the brackets that close here hold what no path holds: a value, or nothing, or the star of COUNT(*)."""
    depth = 0
    for index in range(closing, -1, -1):
        token = found[index]
        depth += (token.kind == "close") - (token.kind == "open")
        if token.kind in _VALUES or token.text == ",":
            return True
        if depth == 0:
            return found[index + 1].text in (")", "*")
    return False
