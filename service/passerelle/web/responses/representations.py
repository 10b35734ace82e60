"""The page or an RDF format of what is described: which of them a request asks for, and the links between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.urls import iri_to_uri

from passerelle.errors import NotAcceptable
from passerelle.records.iri import is_iri
from passerelle.sparql.media_types import PAGE, MediaType, by_name, content_type, format_name, offered
from passerelle.sparql.negotiate import best
from passerelle.web.responses.entity_tags import REVALIDATED, entity_tag, not_modified, tagged

_FORMATS = (
    *offered("triples"),
    # how N-Triples were called in 2004, and what rdflib still asks for
    MediaType("ntriples", "text/plain", "application/n-triples", "application/n-triples"),
    # each Turtle document is one of Notation3 and of TriG (RDF 1.1 TriG, 2)
    MediaType("turtle", "text/n3", "text/turtle", "text/n3; charset=utf-8"),
    MediaType("turtle", "application/trig", "text/turtle", "application/trig"),
)


def representation(
    page: Literal["first", "last", "none"] = "first", refusal: str = "linked-not-acceptable"
) -> MediaType:
    """What `format=` or else the Accept header asks for: PAGE, or an RDF format.

    The page comes first where who says nothing, or takes anything, may be a person, and last where programs look.
    Raises NotAcceptable with the list of what there is; `refusal` is its message.
    """
    choices = {"first": (PAGE, *_FORMATS), "last": (*_FORMATS, PAGE), "none": _FORMATS}[page]
    asked = request.args.get("format")
    if asked is not None:
        name = format_name(asked)
        named = PAGE if name == PAGE.name else by_name(name, "triples")
        if named is None or named not in choices:
            names = dict.fromkeys(each.name for each in choices)
            raise NotAcceptable("linked-format", format=asked[:100], offered=", ".join(names))
        return named
    found = best(request.headers.get("Accept"), [each.asked for each in choices])
    if found is None:
        listed = dict.fromkeys(each.written or each.asked for each in choices)
        raise NotAcceptable(refusal, offered=", ".join(listed))
    return next(each for each in choices if each.asked == found)


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
    media_types = {each.name: each.asked for each in reversed((PAGE, *_FORMATS))}
    given = {name: value for name, value in parameters.items() if value}
    return tuple(
        (name, media_types[name], f"{path}?{urlencode({**given, 'format': name})}")
        for name in dict.fromkeys(each.name for each in (PAGE, *_FORMATS))
    )


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
    for link in links:
        response.headers.add("Link", link)
    response.vary.update(("Accept", "Accept-Language"))
    return with_licences(response, licences)


def in_rdf(content: bytes, media_type: MediaType) -> Response:
    """A document in an RDF format."""
    return Response(content, content_type=content_type(media_type))


def rdf_response(
    write: Callable[[str], bytes],
    release: str,
    *parts: object,
    licences: Iterable[str] = (),
    of_release: bool = True,
) -> Response:
    """What `write` gives for the RDF format (media type) that is asked for; 304 where the client has it already.

    `parts` is what the description depends on beside the release, such as the addresses that it names: it is asked
    about again each time. `of_release` says that nothing in it but the release can change while the service runs, so
    that ResponseCache may keep it. Raises NotAcceptable.
    """
    media_type = representation("none")
    tag = entity_tag(release, request.path, media_type.name, content_type(media_type), *parts)
    response = not_modified(request, tag, REVALIDATED)
    if response is None:
        response = tagged(in_rdf(write(media_type.written), media_type), tag, REVALIDATED)
        request.environ["passerelle.keep"] = of_release
    return with_licences(response, licences)


def with_licences(response: Response, licences: Iterable[str]) -> Response:
    """`response` with `Link: <licence>; rel="license"` (RFC 4946, RFC 8288) for each licence, once."""
    for licence in dict.fromkeys(licences):
        if is_iri(licence):
            response.headers.add("Link", f'<{iri_to_uri(licence)}>; rel="license"')
    return response
