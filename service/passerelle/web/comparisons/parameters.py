"""What a client asks of a comparison, in an address or in a form: each parameter known, given once, and in bounds."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from werkzeug.datastructures import MultiDict

from passerelle.comparability.questions import (
    ComparisonQuestion,
    NearestQuestion,
    comparison_question,
    nearest_question,
    shown,
)
from passerelle.comparability.repeated_values import values_of
from passerelle.errors import NotAcceptable, ParameterError
from passerelle.sparql.negotiate import best

OF_PAGES = ("lang", "format")
COMPARISON = ("first", "second", "purpose", "essential", "arithmetic")
NEAREST = ("purpose", "country", "level", "levels_apart", "kind", "top", "explained")
REPEATED = frozenset({"essential", "country", "kind"})
"""Parameters that may be given several times."""

Given = MultiDict[str, str]

MEDIA_TYPES = {
    "json": "application/json",
    "html": "text/html",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "pdf": "application/pdf",
}
"""What answers can be had as, by the name that `format=` takes."""


def comparison_asked(given: Given) -> ComparisonQuestion:
    """The comparison that is asked for. Raises ParameterError."""
    check(given, COMPARISON)
    return comparison_question(
        given.get("first", ""),
        given.get("second", ""),
        given.get("purpose", ""),
        given.getlist("essential"),
        arithmetic=_is_true(given.get("arithmetic", "")),
    )


def nearest_asked(unit: str, given: Given, *, explained: bool = False) -> NearestQuestion:
    """The list that is asked for. Raises ParameterError."""
    check(given, NEAREST)
    return nearest_question(
        unit,
        given.get("purpose", ""),
        given_countries=given.getlist("country"),
        level=given.get("level", ""),
        levels_apart=given.get("levels_apart", ""),
        kinds=given.getlist("kind"),
        top=given.get("top", ""),
        explained=explained or _is_true(given.get("explained", "")),
    )


def _is_true(given: str) -> bool:
    return given.strip().lower() in ("true", "1")


def check(given: Given, known: Collection[str], repeated: Collection[str] = REPEATED) -> None:
    """Raises ParameterError for a parameter that there is not, or that is given more often than it may be.

    Those that are not among `repeated` may be given once.
    """
    for name, values in given.lists():
        if name not in known and name not in OF_PAGES:
            raise ParameterError("comparison-parameter", name=shown(name), known=", ".join(known))
        if name in repeated:
            values_of(values, name)
        elif len(values) > 1:
            raise ParameterError("comparison-repeated", name=name, count=len(values))


def of_names(given: Given, names: Collection[str]) -> Given:
    """What was given under these names."""
    return Given([(name, value) for name, value in given.items(multi=True) if name in names])


def format_of(asked: str | None, accept: str | None, offered: Iterable[str]) -> str:
    """The name of the format that `format=` or else the Accept header asks for. Raises NotAcceptable."""
    names = list(offered)
    if asked:
        if asked not in names:
            raise NotAcceptable("comparison-format", format=shown(asked), offered=", ".join(names))
        return asked
    found = best(accept, [MEDIA_TYPES[name] for name in names])
    if found is None:
        raise NotAcceptable("comparison-not-acceptable", offered=", ".join(MEDIA_TYPES[name] for name in names))
    return next(name for name in names if MEDIA_TYPES[name] == found)
