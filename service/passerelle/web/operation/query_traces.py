"""What the log may say of a query: nothing, a hash of its text, or its shape without literals. Never the text."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus

from passerelle.errors import SettingsError
from passerelle.graph.answering.query_tokens import tokens
from passerelle.settings import Settings

_HASH_DIGITS = 12
_SHAPE_LENGTH = 4000
_HIDDEN = "…"


def query_trace(settings: Settings) -> Callable[[str, int], dict[str, str]]:
    """A function of query and status to fields of a line. Raises SettingsError."""
    try:
        return _TRACES[settings.log_queries]
    except KeyError:
        raise SettingsError("setting-log-queries", value=settings.log_queries, known=", ".join(_TRACES)) from None


def shape_of(query: str) -> str:
    """The query with `…` for each string and number, without comments; it ends where quotes do not match.

    Names and IRIs stay: they are of the data, and without them a slow query cannot be told from another.
    """
    shown: list[str] = []
    length = 0
    for token in tokens(query):
        if token.kind == "other" and token.text in "\"'\\":
            # an open string, or an escape that may stand for a quote: what follows may be its content
            shown.append(_HIDDEN)
            break
        shown.append(_HIDDEN if token.kind in ("string", "number") else token.text)
        length += len(shown[-1]) + 1
        if length > _SHAPE_LENGTH:
            shown.append(_HIDDEN)
            break
    return " ".join(shown)[: _SHAPE_LENGTH + 2]


def _shape(query: str, status: int) -> dict[str, str]:
    # what is not SPARQL has no shape: its words may be anything, such as a name in the wrong field
    return {} if status == HTTPStatus.BAD_REQUEST else {"query": shape_of(query)}


def _hash(query: str, _status: int) -> dict[str, str]:
    return {"query": sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]}


def _none(_query: str, _status: int) -> dict[str, str]:
    return {}


_TRACES: dict[str, Callable[[str, int], dict[str, str]]] = {"none": _none, "hash": _hash, "shape": _shape}
