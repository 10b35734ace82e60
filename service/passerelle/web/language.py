"""The language of a page and of an error: `?lang=`, then Accept-Language, then English."""

from __future__ import annotations

from flask import Request

from passerelle.messages import LANGUAGES, Language


def language_of(request: Request) -> Language:
    """The language that a request asks for."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    # the header comes sorted by quality; Swiss French before plain English is still French
    for tag, quality in request.accept_languages:
        primary = tag.partition("-")[0].lower()
        if primary in LANGUAGES and quality > 0:
            return primary
    return "en"
