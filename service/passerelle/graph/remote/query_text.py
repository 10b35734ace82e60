"""The text of a query on its way to an engine elsewhere: its FROM clauses, and the base of its relative IRIs."""

from __future__ import annotations

import re

from passerelle.graph.answering.query_tokens import tokens, unescape

_ADDRESS = re.compile(r"https?://[^<>\"{}|^`\\\x00-\x20\x7f]+")


def without_from(query: str) -> str:
    """The query without its FROM clauses, which stand outside of all brackets (SPARQL 1.1 grammar, 13)."""
    kept: list[str] = []
    depth = begins = 0
    dropping = False
    for token in tokens(query):
        depth += (token.kind == "open") - (token.kind == "close")
        word = token.text.upper() if token.kind == "word" else ""
        if dropping:
            if word != "NAMED":
                dropping, begins = False, token.start + len(token.text)
        elif depth == 0 and word == "FROM":
            dropping = True
            kept.append(query[begins : token.start])
    return " ".join([*kept, "" if dropping else query[begins:]])


def based(query: str, base_iri: str) -> str:
    """The query with a BASE declaration on its first line, unless it has one of its own (SPARQL 1.1, 4.1.1.1).

    The engine would take its own address, which is not the one that the client asked (RFC 3986, 5.1.3). What could
    end the declaration early is left out: it may come from the header Host.

    >>> based("ASK { <a> ?p ?o }", "https://example.org/sparql")
    'BASE <https://example.org/sparql> ASK { <a> ?p ?o }'
    """
    if not _ADDRESS.fullmatch(base_iri) or any(_declares_base(text) for text in {query, unescape(query)}):
        return query
    return f"BASE <{base_iri}> {query}"


def _declares_base(query: str) -> bool:
    return any(token.kind == "word" and token.text.upper() == "BASE" for token in tokens(query))
