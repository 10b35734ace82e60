"""The language of a page and of an error: `?lang=`, then Accept-Language, then English."""

from __future__ import annotations

from typing import cast

from flask import Request

from passerelle.messages import LANGUAGES, Language


def language_of(request: Request) -> Language:
    """The language that a request asks for."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return cast("Language", asked)
    return cast("Language", request.accept_languages.best_match(LANGUAGES, default="en"))
