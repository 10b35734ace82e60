"""Descriptions as responses: the RDF format by `format=` or Accept, with an ETag."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Response, request

from passerelle.sparql.media_types import PAGE, MediaType, content_type
from passerelle.sparql.negotiate import negotiate
from passerelle.web.entity_tags import REVALIDATED, entity_tag, not_modified, tagged


def rdf_format_or_page() -> MediaType | None:
    """The RDF format that `format=` or the Accept header asks for; None for the page that is there too.

    Raises NotAcceptable with the list of what there is.
    """
    found = negotiate(request.headers.get("Accept"), "triples", request.args.get("format"), page=True)
    return None if found is PAGE else found


def rdf_response(
    write: Callable[[str], bytes],
    release: str,
    *parts: object,
    licences: Iterable[str] = (),
) -> Response:
    """What `write` gives for the format (media type) that is asked for; 304 where the client has it already.

    `parts` is what the description depends on beside the release, such as the addresses that it names: it is asked
    about again each time. Raises NotAcceptable.
    """
    media_type = negotiate(request.headers.get("Accept"), "triples", request.args.get("format"))
    tag = entity_tag(release, request.path, media_type.name, content_type(media_type), *parts)
    response = not_modified(request, tag, REVALIDATED)
    if response is None:
        response = Response(write(media_type.written), content_type=content_type(media_type))
        tagged(response, tag, REVALIDATED)
    return with_licences(response, licences)


def with_licences(response: Response, licences: Iterable[str]) -> Response:
    """`response` with `Link: <licence>; rel="license"` (RFC 4946, RFC 8288) for each licence, once."""
    for licence in dict.fromkeys(licences):
        response.headers.add("Link", f'<{licence}>; rel="license"')
    return response
