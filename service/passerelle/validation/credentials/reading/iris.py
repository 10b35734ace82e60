"""IRIs of a JSON-LD document: well formed or not, mended or not, and resolved against a base."""

from __future__ import annotations

import re
from urllib.parse import quote

import pyoxigraph as ox

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_PARTS = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
"""RFC 3986, appendix B."""

LANGUAGE_TAG = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
"""The form that Turtle and N-Triples allow."""


def is_iri(text: str) -> bool:
    """Whether `text` can stand as an IRI in RDF: absolute, of the syntax of RFC 3987."""
    try:
        ox.NamedNode(text)  # by the parser that the SHACL engine uses as well: what it refuses must never reach it
    except ValueError:
        return False
    return True


def mended(text: str) -> str | None:
    """`text` with its forbidden characters percent-encoded; None where it has no scheme.

    >>> mended("http://example.org/a b")
    'http://example.org/a%20b'
    """
    if _SCHEME.match(text) is None:
        return None
    return _FORBIDDEN.sub(lambda match: quote(match[0], safe=""), text)


def resolved(reference: str, base: str) -> str:
    """`reference` against an absolute base (RFC 3986, section 5.2).

    >>> resolved("../b?c", "http://example.org/x/y/z")
    'http://example.org/x/b?c'
    """
    scheme, authority, path, query, fragment = _split(reference)
    if scheme is None:
        scheme, base_authority, base_path, base_query, _ = _split(base)
        if authority is None:
            authority = base_authority
            if not path:
                path = base_path
                query = base_query if query is None else query
            elif not path.startswith("/"):
                merged = "/" if base_authority is not None and not base_path else base_path[: base_path.rfind("/") + 1]
                path = merged + path
    path = _without_dots(path)
    return "".join(
        (
            f"{scheme}:" if scheme is not None else "",
            f"//{authority}" if authority is not None else "",
            path,
            f"?{query}" if query is not None else "",
            f"#{fragment}" if fragment is not None else "",
        )
    )


def _split(text: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    match = _PARTS.fullmatch(text)
    assert match is not None  # noqa: S101 - every text matches
    return match[1], match[2], match[3], match[4], match[5]


def _without_dots(path: str) -> str:
    if "." not in path:
        return path
    found: list[str] = []
    parts = path.split("/")
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "..":
            if len(found) > 1 or (found and found[0]):
                found.pop()
            if last:
                found.append("")
        elif part == ".":
            if last:
                found.append("")
        else:
            found.append(part)
    return "/".join(found)
