"""Reads a submitted file of any accepted form; the entry of layers 1 and 2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from passerelle.validation.credentials.model import Form, NotReadable, Observation, Reading
from passerelle.validation.credentials.reading.content import text_of
from passerelle.validation.credentials.reading.detection import Family, family_of, notes
from passerelle.validation.credentials.reading.json_ld import JsonLdReading, read_json_ld
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.reading.open_badges import CLAIMS, claims_unlike
from passerelle.validation.credentials.reading.positions import member
from passerelle.validation.credentials.reading.rdf_syntaxes import read_rdf_text, read_rdf_xml
from passerelle.validation.credentials.reading.roots import about_roots, declared_schemas, is_badge, roots_of
from passerelle.validation.credentials.reading.unwrapping import Unwrapped, unwrap

_EUROPEAN_CONTEXTS = ("https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap")
_BADGE_CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
_BADGE_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3"
_BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_NO_CONTEXT = "ELM-READING-NO-CONTEXT"
_UNKNOWN_KEY = "ELM-READING-UNKNOWN-KEY"


def read(data: bytes, name: str = "", media_type: str = "", limits: Limits | None = None) -> Reading:
    """The triples of a file and where they stood. `name` and `media_type` help where the content leaves it open.

    Raises NotReadable with the observations that say why the file cannot be checked. A file that says nothing of
    what is checked here is a Reading without `roots`, and an observation says so.
    """
    limits = limits or Limits()
    text, marks = text_of(data, limits)
    try:
        family = family_of(text, name, media_type)
        reading = (
            _read_json(text, limits) if family in (Family.JSON, Family.COMPACT) else _read_rdf(text, family, limits)
        )
    except NotReadable as refusal:
        said = tuple(notes(refusal.forms, name, media_type)) if refusal.forms else ()
        raise NotReadable(*refusal.observations, *marks, *said, forms=refusal.forms) from None
    roots = roots_of(reading.triples)
    return replace(
        reading,
        forms=_forms(reading, roots),
        observations=(
            *marks,
            *notes(reading.forms, name, media_type),
            *reading.observations,
            *about_roots(reading.triples, roots),
        ),
        roots=roots,
        declared=declared_schemas(reading.triples, roots),
    )


def _read_rdf(text: str, family: Family, limits: Limits) -> Reading:
    found = read_rdf_xml(text, limits) if family is Family.XML else read_rdf_text(text, limits)
    silent = () if found.triples else (Observation("ELM-FILE-NO-TRIPLES"),)
    return Reading((found.form,), found.triples, found.source, (*found.observations, *silent))


def _read_json(text: str, limits: Limits) -> Reading:
    opened = unwrap(text, limits)
    forms = (*opened.forms, Form.JSON_LD)
    defaults = _default_contexts(opened.value) if opened.bare else ()
    try:
        found = read_json_ld(opened.document, opened.pointer, defaults, limits)
    except NotReadable as refusal:
        raise NotReadable(*refusal.observations, *opened.observations, forms=forms) from None
    triples = found.triples
    if found.named:
        triples = tuple(dict.fromkeys((*triples, *(triple for _, triple in found.named))))
    observations = (*opened.observations, *_said(opened, found))
    return Reading(forms, triples, found.source, observations, contexts=found.contexts, seals=opened.seals)


def _said(opened: Unwrapped, found: JsonLdReading) -> Iterator[Observation]:
    """What reading the JSON-LD saw; the claims of a JWT beside the credential are no unknown keys of it."""
    value = opened.value
    claims, beside = opened.claims, frozenset[str]()
    if not claims and Form.COMPACT_JWS in opened.forms and isinstance(value, dict):
        claims, beside = value, CLAIMS & value.keys()
    around = opened.pointer.removesuffix("/vc") if opened.claims else opened.pointer
    names = {member(around, each) for each in beside}
    for each in found.observations:
        if each.code == _NO_CONTEXT and Form.UPLOADABLE not in opened.forms:
            # a wrapper may leave its context to the profile; a credential on its own may not
            yield replace(each, code="ELM-FILE-CONTEXT-MISSING")
        elif not (each.code == _UNKNOWN_KEY and each.spot is not None and each.spot.pointer in names):
            yield each
    if claims and isinstance(value, dict):
        yield from claims_unlike(opened.document, around, claims, value)


def _default_contexts(value: Any) -> tuple[str, ...]:
    types = value.get("type", value.get("@type")) if isinstance(value, dict) else None
    stated = types if isinstance(types, list) else [types]
    return (
        _BADGE_CONTEXTS if any(each in _BADGE_TYPES for each in stated if isinstance(each, str)) else _EUROPEAN_CONTEXTS
    )


def _forms(reading: Reading, roots: tuple[str, ...]) -> tuple[Form, ...]:
    """The form of an Open Badge is told by what it is, or by its context where its type is missing."""
    badge = is_badge(roots, reading.triples)
    if not roots:
        badge = any(each.startswith(_BADGE_CONTEXT) for each in reading.contexts)
    if not badge:
        return reading.forms
    return (*(each for each in reading.forms if each is not Form.JSON_LD), Form.OPEN_BADGE)
