"""The page or an RDF format: which of them a request asks for, and the links from each to the others."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.urls import iri_to_uri

from passerelle.errors import NotAcceptable
from passerelle.records.iri import is_iri
from passerelle.sparql.media_types import MediaType, content_type, offered
from passerelle.sparql.negotiate import best

PAGE = MediaType("html", "text/html", "text/html", "text/html; charset=utf-8")
REPRESENTATIONS = (
    PAGE,
    *offered("triples"),
    # how N-Triples were called in 2004, and what rdflib still asks for
    MediaType("ntriples", "text/plain", "application/n-triples", "application/n-triples"),
)
"""A page first: who says nothing, or takes anything, may be a person."""


def representation() -> MediaType:
    """What `format=` or else the Accept header asks for.

    Raises NotAcceptable with the list of what there is.
    """
    asked = request.args.get("format")
    if asked is not None:
        for each in REPRESENTATIONS:
            if each.name == asked:
                return each
        names = dict.fromkeys(each.name for each in REPRESENTATIONS)
        raise NotAcceptable("linked-format", format=asked[:100], offered=", ".join(names))
    found = best(request.headers.get("Accept"), [each.asked for each in REPRESENTATIONS])
    if found is None:
        listed = dict.fromkeys(each.written for each in REPRESENTATIONS)
        raise NotAcceptable("linked-not-acceptable", offered=", ".join(listed))
    return next(each for each in REPRESENTATIONS if each.asked == found)


def asked_on(**parameters: str) -> str:
    """A query string (with its `?`, empty for none) of these parameters and the `format` and `lang` of this request."""
    kept = {name: request.args[name] for name in ("format", "lang") if name in request.args}
    values = {name: value for name, value in {**parameters, **kept}.items() if value}
    return f"?{urlencode(values)}" if values else ""


def redirect_to(path: str, media_type: MediaType, fragment: str = "", **parameters: str) -> Response:
    """303 See Other (Cool URIs for the Semantic Web, 4.2) to a path of this server, in the representation asked for.

    `path` comes from our own routing; what a client sent stands in parameters alone, percent-encoded.
    """
    if media_type is not PAGE:
        parameters["format"] = media_type.name
    response = Response(status=303)
    response.headers["Location"] = path + asked_on(**parameters) + (f"#{fragment}" if fragment else "")
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Language"))
    return response


def alternates(path: str, **parameters: str) -> tuple[tuple[str, str, str], ...]:
    """Name, media type and address (a path of this server) of each representation."""
    seen = {each.name: each for each in reversed(REPRESENTATIONS)}
    names = dict.fromkeys(each.name for each in REPRESENTATIONS)
    given = {name: value for name, value in parameters.items() if value}
    return tuple((name, seen[name].written, f"{path}?{urlencode({**given, 'format': name})}") for name in names)


def linked(
    response: Response,
    others: Iterable[tuple[str, str, str]],
    *,
    describes: str = "",
    licences: Iterable[str] = (),
) -> Response:
    """`response` with Link headers (RFC 8288) to its other forms, to what it describes, and to licences."""
    links = [f'<{address}>; rel="alternate"; type="{media_type}"' for _, media_type, address in others]
    if describes:
        links.append(f'<{iri_to_uri(describes)}>; rel="describes"')
    links += [f'<{iri_to_uri(licence)}>; rel="license"' for licence in licences if is_iri(licence)]
    for link in links:
        response.headers.add("Link", link)
    response.vary.update(("Accept", "Accept-Language"))
    return response


def in_rdf(content: bytes, media_type: MediaType) -> Response:
    """A document in an RDF format."""
    return Response(content, content_type=content_type(media_type))
