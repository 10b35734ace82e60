"""Every IRI under the base dereferences by its path, on whatever server: `/id/…`, `/graph/…`, `/.well-known/genid/…`.

303 See Other to `/things?iri=…`, in the representation that is asked for (Cool URIs for the Semantic Web, 4.2). The
path is taken as it was sent: `%2F` in a code of a bloc is no slash, and WSGI's PATH_INFO has lost the difference.
Nothing that a client sent becomes part of the target but the parameter `iri`, percent-encoded.
"""

from __future__ import annotations

from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

from flask import Blueprint, Request, Response, request, url_for

from passerelle.errors import UnknownName
from passerelle.records.iri import is_iri
from passerelle.settings import Settings
from passerelle.web.linked.ontology_pages import ontology_pages
from passerelle.web.linked.thing_queries import is_known
from passerelle.web.linked.withdrawn_pages import gone, withdrawn_of
from passerelle.web.releases.publication import Publication
from passerelle.web.responses.representations import redirect_to, representation
from passerelle.web.responses.streaming import describe

_UNRESERVED = "-._~"
_STARTS = ("/id/", "/graph/", "/.well-known/genid/")


def linked_data(publication: Publication, settings: Settings) -> Blueprint:
    """The blueprint of things, graphs and skolem IRIs, and of the terms that they are described with."""
    blueprint = Blueprint("linked_data", __name__)
    blueprint.register_blueprint(ontology_pages(publication))

    def dereferenced(name: str, prefix: str = "") -> Response:
        del name, prefix  # decoded, so not what was sent
        media_type = representation()
        served = publication.current()
        candidates = _candidates(sent_path(request), served.manifest.base)
        withdrawn = withdrawn_of(served, *candidates)
        if withdrawn is not None:
            return gone(withdrawn, served, publication, settings, media_type)
        iri = is_known(served, candidates) if candidates else None
        if iri is None:
            raise UnknownName("thing-unknown")
        return describe(redirect_to(url_for("things.thing"), media_type, iri=iri), served)

    for start in _STARTS:
        for rule in (f"{start}<path:name>", f"/<path:prefix>{start}<path:name>"):
            # two slashes in a row are an empty segment: another IRI, not a slip of the pen
            blueprint.add_url_rule(rule, view_func=dereferenced, merge_slashes=False)
    return blueprint


def sent_path(request_: Request) -> str:
    """The path of a request as it was sent, percent-encoding and all, below where the application is mounted."""
    environ = request_.environ
    raw: str | None = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if raw is None:  # a server that does not say it
        return quote_from_bytes(environ.get("PATH_INFO", "").encode("latin-1"), safe=f"/{_UNRESERVED}")
    if not raw.startswith("/"):  # absolute form (RFC 9112, 3.2.2)
        parts = urlsplit(raw)
        raw = parts.path or "/"
    path = raw.partition("?")[0].partition("#")[0]
    root = environ.get("SCRIPT_NAME", "").rstrip("/")
    return path.removeprefix(root) if path.startswith(f"{root}/") else path


def _candidates(path: str, base: str) -> tuple[str, ...]:
    """The IRIs under `base` that a path may stand for: as it was sent, and with each segment encoded as ours are.

    The path stands below the base or, where a server answers for the authority of the base itself, holds its path.
    """
    own = urlsplit(base).path
    if own and path.startswith(f"{own}/"):
        path = path.removeprefix(own)
    if not path.startswith(_STARTS):
        return ()
    # raw bytes beyond ASCII come as Latin-1 (PEP 3333)
    segments = path.encode("latin-1", "replace").split(b"/")
    encoded = "/".join(quote_from_bytes(unquote_to_bytes(each), safe=_UNRESERVED) for each in segments)
    return tuple(dict.fromkeys(iri for iri in (base + path, base + encoded) if iri.isascii() and is_iri(iri)))
