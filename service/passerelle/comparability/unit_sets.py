"""Several units taken together, as a holder of all of them has them: their outcomes, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit

SET = "set"
"""Identifier and kind of a set: it has no IRI, and no rule of the matrix of kinds speaks about it."""


def taken_together(units: Iterable[ComparedUnit]) -> ComparedUnit:
    """The union of units for `coverage.covered`. Only its outcomes mean something; it is no unit of its own.

    An outcome that several of them state has the texts of all.
    """
    found: dict[str, ComparedOutcome] = {}
    for unit in units:
        for outcome in unit.outcomes:
            known = found.get(outcome.iri)
            texts = {*outcome.texts, *(known.texts if known else ())}
            ordered = tuple(sorted(texts, key=lambda text: (text.language, text.text)))
            found[outcome.iri] = replace(outcome, texts=ordered)
    return ComparedUnit(SET, SET, SET, (), outcomes=tuple(found[iri] for iri in sorted(found)))
