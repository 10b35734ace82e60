"""The contexts that a European credential needs and does not name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from passerelle.contexts import known_contexts
from passerelle.validation.credentials.reading.active_context import INITIAL, ActiveContext, Budget
from passerelle.validation.credentials.reading.context_processing import processed
from passerelle.validation.credentials.reading.limits import Limits

_EUROPEAN = "EuropeanDigitalCredential"
_NEEDED = (
    ("https://www.w3.org/2018/credentials/v1", frozenset(("credentials-v1.jsonld", "credentials-v2.jsonld")), "issuer"),
    ("http://data.europa.eu/snb/model/context/edc-ap", frozenset(("edc-ap.jsonld",)), _EUROPEAN),
)
"""Address of a context, the files that stand for it, and a word that a context in its place would define."""


def missing_contexts(value: Any, outer: ActiveContext, used: Iterable[str], limits: Limits) -> tuple[str, ...]:
    """The addresses that are missing in the `@context` of `value`, where its types call it a European credential.

    `outer` is the context around it, `used` are the addresses named in the file. Nothing is missing where contexts
    written into the file define the words themselves, or where there is no context at all (which is told elsewhere).
    Raises ContextProblem.
    """
    if not isinstance(value, dict) or ("@context" not in value and outer is INITIAL):
        return ()
    stated = value.get("type", value.get("@type"))
    if _EUROPEAN not in (stated if isinstance(stated, list) else [stated]):
        return ()
    known = known_contexts()
    files = {known[each].file for each in used if each in known}
    needed = [(address, word) for address, stand_for, word in _NEEDED if files.isdisjoint(stand_for)]
    if not needed:
        return ()
    here = processed(outer, value["@context"], Budget(limits.definitions)) if "@context" in value else outer
    if here.vocab is not None:
        return ()
    terms = {*here.terms, *_of_type(here, "VerifiableCredential"), *_of_type(here, _EUROPEAN)}
    return tuple(address for address, word in needed if word not in terms)


def _of_type(context: ActiveContext, name: str) -> Iterable[str]:
    """The keys that the scoped context of a type defines."""
    definition = context.terms.get(name)
    scoped = definition.scoped if definition is not None else None
    return scoped if isinstance(scoped, dict) else ()
