"""The units nearest to one, as a document: filters as they were understood, rows, and what each holder would lack."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.coverage import METHOD
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.pairs import Pairs
from passerelle.comparability.nearest import Filters
from passerelle.comparability.neighbour_documents import neighbours_document
from passerelle.comparability.questions import NearestQuestion
from passerelle.comparability.unit_documents import unit_summary
from passerelle.comparability.words import Json, Words
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.neighbours import OutcomeShown


def nearest_document(comparisons: Comparisons, question: NearestQuestion, words: Words) -> Json:
    """See `documents.neighbours_document`. Raises UnknownUnit, NoComparison."""
    target = comparisons.outcomes_of(comparisons.reader.identified(question.target))
    level = _level(question, target)
    apart = question.levels_apart or 0
    filters = Filters(countries=question.countries, level=level, levels_apart=apart, kinds=question.kinds)
    found = comparisons.nearest(target.iri, question.purpose, filters, question.top)
    rows = found.neighbours
    outcomes = _shown_by(comparisons.index, [row.unit for row in rows], target) if question.explained else None
    asked: Json = {
        "countries": [words.country(each) for each in question.countries],
        "level": level,
        "levelsApart": apart if level is not None else None,
        "kinds": [words.concept("unit-kind", each) for each in question.kinds],
        "top": question.top,
    }
    return neighbours_document(
        unit_summary(target, words),
        rows,
        question.purpose,
        METHOD,
        words,
        asked=asked,
        looked=found.looked,
        outcomes=outcomes,
        wordings={each.iri: each for each in target.outcomes},
    )


def _shown_by(index: CoverageIndex, holders: Sequence[str], target: ComparedUnit) -> dict[str, list[OutcomeShown]]:
    """How far a holder of each unit (by IRI) has shown each outcome of the target, in the order of its outcomes."""
    places = np.array([index.position(iri) for iri in holders], np.int64)
    targets = np.full(len(places), index.position(target.iri))
    states, expected = Pairs(index.tables, index.inverse, places, targets).states()
    count = len(target.outcomes)
    iris = [outcome.iri for outcome in target.outcomes] * len(holders)
    rows = list(map(OutcomeShown, iris, states, expected.tolist()))
    return {iri: rows[place * count : (place + 1) * count] for place, iri in enumerate(holders)}


def _level(question: NearestQuestion, target: ComparedUnit) -> int | None:
    """The level around which is searched: the one asked for, else the target's own where a distance is given."""
    if question.level is not None:
        return question.level
    return target.level if question.levels_apart is not None else None
