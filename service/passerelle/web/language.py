"""The language of a page and of an error: the field `lang` of a form, `?lang=`, Accept-Language, then English."""

from __future__ import annotations

from flask import Request, g
from werkzeug import Request as AnyRequest

from passerelle.messages import LANGUAGES, Language


def ask_for(language: str) -> None:
    """Answer this request in the language that its form asks for; anything but a language of ours is not heard."""
    g.asked_language = language


def language_of(request: Request) -> Language:
    """The language that a request asks for."""
    asked: str | None = g.get("asked_language")
    return asked if asked in LANGUAGES else language_of_address(request)


def language_of_address(request: AnyRequest) -> Language:
    """The language that a request asks for by its address and its header, also outside of the application."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    # the header comes sorted by quality; Swiss French before plain English is still French
    for tag, quality in request.accept_languages:
        primary = tag.partition("-")[0].lower()
        if primary in LANGUAGES and quality > 0:
            return primary
    return "en"
