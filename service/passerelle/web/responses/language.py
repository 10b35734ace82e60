"""The language of a page and of an error: the field `lang` of a form, `?lang=`, Accept-Language, then English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Request, g
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from passerelle.messages import LANGUAGES, Language

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# the rest of the address, which may be a long query, is not decoded for it
_ASKED = re.compile(r"(?:^|&)lang=(?:(en|fr)(?:&|$))?")


def ask_for(language: str) -> None:
    """Answer this request in the language that its form asks for; anything but a language of ours is not heard."""
    g.asked_language = language


def language_of(request: Request) -> Language:
    """The language that a request asks for."""
    asked: str | None = g.get("asked_language")
    return asked if asked in LANGUAGES else language_of_address(request.environ)


def language_of_address(environ: WSGIEnvironment) -> Language:
    """The language that a request asks for by its address and its header, also outside of the application."""
    asked = _ASKED.search(environ.get("QUERY_STRING", ""))
    if asked and asked[1] in LANGUAGES:
        return asked[1]
    accepted = environ.get("HTTP_ACCEPT_LANGUAGE")
    if not accepted:
        return "en"
    # the header comes sorted by quality; Swiss French before plain English is still French
    for tag, quality in parse_accept_header(accepted, LanguageAccept):
        primary = tag.partition("-")[0].lower()
        if primary in LANGUAGES and quality > 0:
            return primary
    return "en"
