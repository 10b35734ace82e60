"""Coverage under a stricter assumption: each outcome of the holder shows at most one outcome of the target.

ESCO does not tell some outcomes apart, and then one outcome of the holder shows many of the target. This says what is
left if it showed one of them only. It is a variant (`mappings/sensitivity.tsv`), not the definition.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from passerelle.comparability.link_values import Values, is_linked, match_values, needed, shown
from passerelle.comparability.matches import Holder, Meeting, closest, text_keys
from passerelle.comparability.proximity import Proximity
from passerelle.records.compared_unit import ComparedOutcome

if TYPE_CHECKING:
    from passerelle.comparability.matches import Key

READINGS = len(Values._fields)
_EXPECTED, _UPPER = Values._fields.index("expected"), Values._fields.index("upper")

Floats = npt.NDArray[np.float64]


def assigned(
    holder: Sequence[ComparedOutcome],
    target: Sequence[ComparedOutcome],
    weights: Mapping[str, float],
    silent: Collection[str],
    proximity: Proximity,
) -> dict[str, tuple[Values, Meeting | None]]:
    """For each outcome of the target (IRI) what is shown of it, and the match that is expected to.

    In each reading by itself the outcomes are assigned to each other so that the weighted sum is the greatest possible
    (linear sum assignment, as scipy solves it). The sums are in order, lower ≤ expected ≤ upper; those of a single
    outcome need not be. In `upper` each outcome of the holder in `silent` (IRIs) may show any one outcome, and what is
    not linked in the target is shown by itself. Memory: three numbers for each pair of outcomes.
    """
    rows, columns = sorted(target, key=_iri), sorted(holder, key=_iri)
    shares = _shares(rows, columns, proximity)
    by_itself = np.array([not is_linked(each) for each in rows], np.bool_)
    shares[_UPPER][:, [each.iri in silent for each in columns]] = 1.0
    shares[_UPPER][by_itself] = 0.0
    values = np.zeros((len(rows), READINGS))
    values[by_itself, _UPPER] = 1.0
    meetings: dict[int, Meeting] = {}
    weight = np.array([weights[each.iri] for each in rows]).reshape(-1, 1)
    for reading in range(READINGS):
        if not shares[reading].any():
            continue
        chosen: tuple[npt.NDArray[Any], npt.NDArray[Any]] = linear_sum_assignment(
            shares[reading] * weight, maximize=True
        )
        for row, column in zip(*chosen, strict=True):
            value = shares[reading, row, column]
            if value > 0:
                values[row, reading] = value
                if reading == _EXPECTED:
                    meetings[row] = Holder((columns[column],), proximity).meetings(rows[row], 1)[0]
    return {each.iri: (Values(*values[row].tolist()), meetings.get(row)) for row, each in enumerate(rows)}


def _shares(rows: Sequence[ComparedOutcome], columns: Sequence[ComparedOutcome], proximity: Proximity) -> Floats:
    """What each outcome of the holder (a column) shows of each of the target (a row), in each reading."""
    by_text: dict[Key, list[int]] = {}
    by_skill: dict[str, tuple[list[int], list[Values]]] = {}
    for column, outcome in enumerate(columns):
        for key in text_keys(outcome):
            by_text.setdefault(key, []).append(column)
        for link in outcome.links:
            who, values = by_skill.setdefault(link.skill, ([], []))
            who.append(column)
            values.append(shown(link))
    found = np.zeros((READINGS, len(rows), len(columns)))
    for row, outcome in enumerate(rows):
        for key in text_keys(outcome) & by_text.keys():
            _raise(found[:, row], by_text[key], np.array(match_values()[key[0]])[:, None])
        for link in outcome.links:
            for kind, skills in closest(link.skill, proximity):
                for skill in skills:
                    if skill in by_skill:
                        columns_of, held = by_skill[skill]
                        asked = (
                            np.array(held).T * np.array(needed(link))[:, None] * np.array(match_values()[kind])[:, None]
                        )
                        _raise(found[:, row], columns_of, asked)
    return found


def _raise(values: Floats, columns: list[int], least: Floats) -> None:
    """Raise some columns of the readings of a row to what another way of meeting shows."""
    values[:, columns] = np.maximum(values[:, columns], least)


def _iri(outcome: ComparedOutcome) -> str:
    return outcome.iri
