"""Entity tags (RFC 9110, 8.8.3 and 13.1.2): equal questions to one release are answered 304 without being asked again.

The tags are weak: they name the question and the release and not the bytes, so that a coded answer has the same.
"""

from __future__ import annotations

import hashlib
import re

from flask import Request, Response

from passerelle import __version__

UNCHANGING = "max-age=31536000, immutable"
"""Cache-Control of what a past release answers: a year, the longest that RFC 9111 speaks of."""

REVALIDATED = "no-cache"
"""Cache-Control of what the current release answers: may be kept, and is asked for each time by its tag."""

NOT_KEPT = "no-store"
"""Cache-Control of what is another answer each time."""

_TAG = re.compile(r'(?:W/)?("[^"\x00-\x20\x7f]*")')
_LONGEST = 8192


def entity_tag(release: str, *parts: object) -> str:
    """The tag of a representation: all that it depends on beside the release and the software."""
    content = "\0".join(map(repr, (__version__, release, *parts))).encode("utf-8", "surrogatepass")
    return f'W/"{hashlib.blake2b(content, digest_size=15).hexdigest()}"'


def matches(given: str | None, tag: str) -> bool:
    """Whether the header If-None-Match holds a tag, in the weak comparison that the standard asks for.

    `*` is not heard: whether there is an answer is not known before the question is asked.
    """
    if not given or len(given) > _LONGEST:
        return False
    return tag.removeprefix("W/") in _TAG.findall(given)


def not_modified(request: Request, tag: str, cache_control: str) -> Response | None:
    """The response 304 where the client has the representation of this tag already; None where it has not."""
    if request.method not in ("GET", "HEAD") or not matches(request.headers.get("If-None-Match"), tag):
        return None
    response = Response(status=304)
    del response.headers["Content-Type"]
    return tagged(response, tag, cache_control)


def tagged(response: Response, tag: str | None, cache_control: str) -> Response:
    """`response` with its tag and how long it may be kept."""
    if tag is not None:
        response.headers["ETag"] = tag
    response.headers["Cache-Control"] = cache_control
    return response
