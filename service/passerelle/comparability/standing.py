"""Which units a list of the nearest has, and in which order: by links, and by words where links leave it open.

Where few outcomes are linked, the faint guesses of a machine order units by chance, and plain words do better; where
outcomes are linked well, plain words do worse. So units stand by

    standing = expected + (1 - expected) · open · w²
    open     = 1 - (share of the one's outcomes that are linked) · (share of the other's)

with `w` the similarity of their wordings (`index.unit_words`) and *linked* as `link_values.is_linked` has it: of what
is not expected, the part that links say nothing of counts by the share that the wordings have in common (the square of
a cosine is the share of one vector that the other explains). Where all outcomes are linked, units stand by their
expected coverage. No parameter of it was fitted. Its form (w², the product of the linked shares) was chosen among a few
on five sets of French units: 604 made of texts that people had linked, and versions and fields of professional titles,
those of the decrees behind `correspondence_check` left aside. Figures on the five sets are therefore no independent
ones.

Listed are units of which enough is expected, and units whose standing is as high by their wording: those are flagged,
for a resemblance of words is no evidence of outcomes. Where two units share no language, nothing is known of their
wordings: no unit is listed for it, and none is put back for it, the mean w² of the others being taken. The standing is
an order and no figure: it is not shown, and enters no coverage and no finding.

Not every unit is looked at, which would take too long where there are many: of the candidates, those of which most is
expected (`MOST`), and of all others those that share most with the unit by its rarer words (as many; `unit_words`).
Where this leaves out units that share any word with it, the number of those listed for their wording is a least one,
and is told as such. Which units are looked at depends on the candidates' countries and kinds, and on no other unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from passerelle.comparability.index.ragged import Floats, Integers, Truths, first_of_runs
from passerelle.comparability.index.shares import shares
from passerelle.comparability.index.unit_words import UnitWords, largest

MOST = 1_024
"""Units whose wordings are looked at, those of which most is expected, and as many others by words."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Units (by number), best first; `wording` is their similarity, 0 where they share no language.

    `by_wording` tells which are listed for their wording alone, `in_all_by_wording` how many would be in a list without
    end: of the units looked at, and so at least as many where `at_least`.
    """

    places: Integers
    wording: Floats
    by_wording: Truths
    in_all_by_wording: int
    at_least: bool


def standing(expected: Floats, left_open: Floats, wording: Floats, firm: Truths) -> Floats:
    """Where units stand, from 0 to 1. `wording` is NaN where nothing is known: the mean w² of those `firm` is taken."""
    known = ~np.isnan(wording)
    common = np.where(known, wording, 0.0) ** 2
    if (known & firm).any():
        common[~known] = common[known & firm].mean()
    return shares(expected + (1 - expected) * left_open * common)


def openness(size: Integers, silent: Integers, unit: int, others: Integers) -> Floats:
    """What links leave open between a unit and each of others, from 0 to 1; see `ranked` for `size` and `silent`."""
    own = 1 - silent[unit] / max(1, size[unit])
    linked = 1 - silent[others] / np.maximum(size[others], 1)
    found: Floats = 1 - own * linked
    return found


def ranked(
    words: UnitWords,
    size: Integers,
    silent: Integers,
    unit: int,
    candidates: Truths,
    figures: tuple[Floats, Floats],
    floor: float,
    top: int,
    reverse: Callable[[Integers], Floats],
    most: int = MOST,
) -> Ranked:
    """The first `top` of the `candidates` in view of `unit` (by number).

    Of every unit of the index: `size` counts the outcomes, `silent` those not linked, `figures` are the lower and the
    expected shares, rounded. A unit is listed from a share `floor` on. In order of standing, then the expected figure,
    the lower one, the wording, the shares that `reverse` gives of units (asked for where it decides), then the IRI.
    """
    lower, expected = figures
    firm = np.flatnonzero(candidates & (expected >= floor))
    firm = firm[largest(expected[firm], most)]
    wanted = candidates.copy()
    wanted[firm] = False
    sharing = words.sharing(unit, candidates, wanted, most)
    others = np.concatenate((firm, sharing.units))
    lower, expected = lower[others], expected[others]
    is_firm = expected >= floor
    alike = words.alike(unit, others)
    stands = standing(expected, openness(size, silent, unit, others), alike, is_firm)
    wording = shares(np.nan_to_num(alike))
    listed = np.flatnonzero(is_firm | (stands >= floor))
    keys = [each[listed] for each in (-wording, -lower, -expected, -stands)]
    order = np.lexsort((others[listed], *keys))
    runs = np.cumsum(first_of_runs(*(each[order] for each in keys)))
    # those that may come into the list, with all that are equal to the last of them
    last = runs[min(top, len(runs)) - 1] if top and len(runs) else 0
    front = order[: int(np.searchsorted(runs, last, side="right"))]
    if len(front) and runs[len(front) - 1] < len(front):
        equal = others[listed][front]
        front = front[np.lexsort((equal, -reverse(equal), *(each[front] for each in keys)))]
    chosen = listed[front[:top]]
    by_wording = int(np.count_nonzero(~is_firm[listed]))
    return Ranked(others[chosen], wording[chosen], ~is_firm[chosen], by_wording, not sharing.whole)
