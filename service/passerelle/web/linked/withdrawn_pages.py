"""410 Gone: what an earlier release described and this one no longer does, since when, and what replaced it."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, after_this_request, make_response, render_template, request, url_for

from passerelle.errors import ReleaseError, Withdrawn
from passerelle.graph.withdrawn import WithdrawnThing, withdrawn_things
from passerelle.messages import message
from passerelle.settings import Settings
from passerelle.sparql.media_types import PAGE, MediaType
from passerelle.web.questions.labels import chosen, names_of
from passerelle.web.questions.tables import short_form
from passerelle.web.releases.publication import Publication, Served
from passerelle.web.responses.addresses import public_address
from passerelle.web.responses.entity_tags import REVALIDATED
from passerelle.web.responses.language import language_of
from passerelle.web.responses.streaming import describe
from passerelle.web.responses.wording import moment


def withdrawn_of(served: Served, *iris: str) -> WithdrawnThing | None:
    """The first of `iris` that is withdrawn as of this release; None where none is, or an engine elsewhere holds it."""
    if served.folder is None:
        return None
    listed = withdrawn_things(served.folder)
    return next((listed[iri] for iri in iris if iri in listed), None)


def gone(
    thing: WithdrawnThing, served: Served, publication: Publication, settings: Settings, media_type: MediaType
) -> Response:
    """The page 410. Raises Withdrawn where data were asked for; its Link header leads to the past description."""
    language = language_of(request)
    past = _past(thing, publication)
    when = moment(thing.withdrawn, language)
    if past:
        after_this_request(lambda response: _with_link(response, past))
    if media_type is not PAGE:
        where = message("thing-withdrawn-past").what(language, address=public_address(settings, past)) if past else ""
        followed = message("thing-withdrawn-successors").what(language, successors=", ".join(thing.successors))
        remedy = " ".join(part for part in (where, followed if thing.successors else "") if part)
        raise Withdrawn("thing-withdrawn", iri=thing.iri, moment=when, release=thing.last_release, what_remains=remedy)
    names = names_of(served, thing.successors)
    successors = [
        (iri, name.text if (name := chosen(names.get(iri, ()), language, "en")) else "") for iri in thing.successors
    ]
    page = render_template(
        "withdrawn.html",
        thing=thing,
        name=short_form(thing.iri, served.manifest.base),
        past=past,
        when=when,
        successors=[(iri, name or short_form(iri, served.manifest.base)) for iri, name in successors],
    )
    response = describe(make_response(page, 410), served)
    response.headers["Cache-Control"] = REVALIDATED
    return response


def _past(thing: WithdrawnThing, publication: Publication) -> str:
    """The path of its last description; empty where that release is no longer there."""
    try:
        publication.manifest(thing.last_release)
    except ReleaseError:
        return ""
    return f"{url_for('things.thing')}?{urlencode({'iri': thing.iri, 'release': thing.last_release})}"


def _with_link(response: Response, past: str) -> Response:
    # RFC 5829, 3.3: the version before this one
    response.headers.add("Link", f'<{past}>; rel="predecessor-version"')
    return response
