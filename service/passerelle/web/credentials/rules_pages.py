"""`/rules` and `/rules/{code}`: every rule of the credential validator, with its source and what to do."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from passerelle.errors import NotAcceptable, UnknownName
from passerelle.messages import Language
from passerelle.settings import Settings
from passerelle.sparql.negotiate import best
from passerelle.validation.credentials.model import Layer
from passerelle.validation.credentials.reports.rule_page import RulePage, rule_page
from passerelle.validation.credentials.rules import CredentialRule, catalogue
from passerelle.validation.credentials.wording import generic
from passerelle.web.responses.addresses import public_address
from passerelle.web.responses.language import language_of

RULES_SHOWN = 200
"""Rules of one layer that a page lists; the profiles together have more than a thousand."""
OVERVIEW_SHOWN = 60
"""Rules of a layer that the page of all layers lists."""

_HTML, _JSON, _TURTLE = "text/html", "application/json", "text/turtle"
_LISTING = {"json": _JSON, "html": _HTML}
_ONE = {"json": _JSON, "html": _HTML, "turtle": _TURTLE}
_NEAREST = 3


def rules_pages(settings: Settings) -> Blueprint:
    """The blueprint of the rules."""
    blueprint = Blueprint("rules", __name__)

    @blueprint.route("/rules")
    def listing() -> Response:
        language = language_of(request)
        words, layer = request.args.get("q", ""), request.args.get("layer", "")
        found = _found(catalogue().values(), words, layer)
        if _representation(_LISTING) == _JSON:
            return jsonify([_in_language(each, language, settings) for each in found])
        return make_response(_listing_page(found, words, layer, language))

    @blueprint.route("/rules/<code>")
    def rule(code: str) -> Response:
        found = catalogue().get(code)
        if found is None:
            meant = _in_its_case(code)
            if meant:
                query = request.query_string.decode("ascii", "replace")
                return make_response(redirect(url_for("rules.rule", code=meant) + (f"?{query}" if query else "")))
            raise UnknownName("rule-unknown", code=code[:100], nearest=", ".join(nearest(code, list(catalogue()))))
        representation = _representation(_ONE)
        if representation == _JSON:
            return jsonify(_in_full(found, settings))
        page = rule_page(code, language_of(request))
        if representation == _TURTLE:
            return Response(page.turtle, content_type=f"{_TURTLE}; charset=utf-8")
        return make_response(_rule_page(page))

    return blueprint


def nearest(code: str, codes: Sequence[str]) -> list[str]:
    """The codes that look most like one that does not exist; never none, so that there is something to follow."""
    by_capitals = {each.upper(): each for each in codes}
    close = difflib.get_close_matches(code[:100].upper(), by_capitals, _NEAREST, 0.5)
    return [by_capitals[each] for each in close] or list(codes[:_NEAREST])


def _in_its_case(code: str) -> str:
    """The code that this one is but for its capitals; empty where there is none."""
    return next((each for each in catalogue() if each.upper() == code.upper()), "")


def _representation(offered: dict[str, str]) -> str:
    asked = request.args.get("format")
    found = offered.get(asked) if asked else best(request.headers.get("Accept"), list(offered.values()))
    if found is None:
        raise NotAcceptable("rule-not-acceptable", offered=", ".join(offered.values()))
    return found


def _found(rules: Iterable[CredentialRule], words: str, layer: str) -> list[CredentialRule]:
    """The rules of a layer ("" for any) in which every word stands, in either language, whatever its accents."""
    wanted = _plain(words).split()
    return [
        each
        for each in rules
        if layer in ("", each.layer.value) and (not wanted or all(word in _text(each) for word in wanted))
    ]


def _text(rule: CredentialRule) -> str:
    texts = (rule.code, rule.message_en, rule.message_fr, rule.remedy_en, rule.remedy_fr, rule.source_en, rule.path)
    return _plain(" ".join(texts))


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in split if not unicodedata.combining(character))


def _listing_page(found: Sequence[CredentialRule], words: str, layer: str, language: Language) -> str:
    limit = RULES_SHOWN if layer or words else OVERVIEW_SHOWN
    by_layer = {each: [rule for rule in found if rule.layer is each] for each in Layer}
    return render_template(
        "rules.html",
        sentence=lambda rule: _marked(generic(rule.message_fr if language == "fr" else rule.message_en)),
        words=words,
        layer=layer,
        layers=[each.value for each in Layer],
        groups=[(each.value, rules, rules[:limit]) for each, rules in by_layer.items() if rules],
        total=len(found),
    )


def _rule_page(page: RulePage) -> str:
    return render_template(
        "rule.html",
        rule=page,
        marked=_marked,
        address_of=lambda code: url_for("rules.rule", code=code, lang=language_of(request)),
    )


def _marked(sentence: str) -> Markup:
    """The sentence with what stands between grave accents as code."""
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if number % 2 else piece
        for number, piece in enumerate(sentence.split("`"))
    )


def _in_language(rule: CredentialRule, language: Language, settings: Settings) -> dict[str, Any]:
    french = language == "fr"
    return {
        "code": rule.code,
        "layer": rule.layer.value,
        "severity": rule.severity.value,
        "message": rule.message_fr if french else rule.message_en,
        "remedy": rule.remedy_fr if french else rule.remedy_en,
        "source": rule.source_fr if french else rule.source_en,
        "address": public_address(settings, url_for("rules.rule", code=rule.code)),
    }


def _in_full(rule: CredentialRule, settings: Settings) -> dict[str, Any]:
    return {
        "code": rule.code,
        "iri": rule.iri,
        "layer": rule.layer.value,
        "severity": rule.severity.value,
        "message": {"en": rule.message_en, "fr": rule.message_fr},
        "remedy": {"en": rule.remedy_en, "fr": rule.remedy_fr},
        "source": {"en": rule.source_en, "fr": rule.source_fr},
        "link": rule.link,
        "path": rule.path,
        "setsAside": sorted(rule.sets_aside),
        "address": public_address(settings, url_for("rules.rule", code=rule.code)),
    }
