"""Coverage, method `coverage-1`: how much of a target's outcomes a holder of another unit has shown, and why.

This is the definition, written to be read; `comparability.index` gives the same numbers for many units at once.

    coverage_x(A → B) = Σ w_b · value_x(b)     over the outcomes b of B and of its parts, Σ w_b = 1
    value_x(b)        = the largest match_x(a, b) over the outcomes a of A and of its parts
    match_x(a, b)     = shown_x(link of a) · needed_x(link of b) · kind_x, where the links lead to the same ESCO skill
                        or to one directly above or below; kind_x alone where the outcomes are the same or read the same

x is lower, expected or upper, each with its own numbers (`comparability.link_values`). Silence never counts against a
holder: in `upper` every unlinked b has value 1, and each unlinked a that met no b by text may show one more b.

Every reading grows with the holder's outcomes; lower and expected grow with the links of either side. Upper need not: a
link says what an outcome is about, and so what it is not about. Occupations, titles and fields play no part.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from passerelle.comparability.link_values import Values, best_link, counting
from passerelle.comparability.matches import Holder, Meeting
from passerelle.comparability.proximity import Proximity
from passerelle.comparability.wording import Nearest, nearest_wordings
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit, OutcomeLink
from passerelle.records.comparison import (
    NAMED_FROM,
    SHARE_DIGITS,
    SHARE_MARGIN,
    Coverage,
    OutcomeEvidence,
    OutcomeState,
)

METHOD = "coverage-1"
MOST_MATCHES = 5
"""Outcomes of the holder that a row of evidence names, each with its best match; the figures rest on all matches."""


@dataclass(slots=True)
class _Row:
    """What is found about one outcome of the target, before rounding.

    `read_alike` are the holder's outcomes that are this one, or read like it.
    """

    outcome: ComparedOutcome
    weight: float
    meetings: Sequence[Meeting]
    read_alike: set[str]
    values: Values


def covered(
    holder: ComparedUnit,
    target: ComparedUnit,
    proximity: Proximity,
    weights: Mapping[str, float] | None = None,
    *,
    essential: Collection[str] = frozenset(),
    links: Callable[[OutcomeLink], bool] | None = None,
    threshold: float = 0,
    wordings: bool = True,
) -> tuple[Coverage, tuple[OutcomeEvidence, ...]]:
    """How much of `target` a holder of `holder` has shown, and a row of evidence for each outcome of the target.

    `weights` by outcome (IRI), in any unit, zero allowed but not throughout (None: equal; see
    `comparability.weightings`). `links` and `threshold` choose the links that count on both sides, see `counting`.
    `essential` marks rows and moves no number: no weight makes up for an essential outcome that is missing.
    `wordings`: whether rows name the nearest wording, which costs more than everything else.

    Rows are in the order of the target's outcomes. A target without outcomes has the coverage 0, 0, 1, of which nothing
    is assessed. Raises KeyError for an outcome without weight, ValueError where the weights do not add up to anything.
    """
    holder, target = counting(holder, links, threshold), counting(target, links, threshold)
    if not target.outcomes:
        return Coverage(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0), ()
    shares = _shares(target, weights)
    found = Holder(holder.outcomes, proximity)
    rows = [_row(outcome, shares[outcome.iri], found) for outcome in target.outcomes]
    _raise_silent(rows, holder)
    nearest = nearest_wordings(holder.outcomes, target.outcomes) if wordings else {}
    return (
        _coverage(rows, holder),
        tuple(_evidence(row, row.outcome.iri in essential, nearest.get(row.outcome.iri)) for row in rows),
    )


def _shares(target: ComparedUnit, weights: Mapping[str, float] | None) -> dict[str, float]:
    masses = {outcome.iri: 1.0 if weights is None else weights[outcome.iri] for outcome in target.outcomes}
    total = math.fsum(masses.values())
    if total <= 0 or min(masses.values()) < 0:
        raise ValueError("weights that add up to nothing")
    return {iri: mass / total for iri, mass in masses.items()}


def _row(outcome: ComparedOutcome, weight: float, holder: Holder) -> _Row:
    meetings = holder.meetings(outcome)
    best = [max((getattr(meeting.values, name) for meeting in meetings), default=0.0) for name in Values._fields]
    values = Values(*best)
    if not outcome.links:
        values = values._replace(upper=1.0)
    return _Row(outcome, weight, meetings, holder.met_by_text(outcome), values)


def _raise_silent(rows: Sequence[_Row], holder: ComparedUnit) -> None:
    """Let each outcome of the holder that says nothing show one of the target, where it gains most."""
    met = {outcome for row in rows for outcome in row.read_alike}
    silent = sum(not outcome.links and outcome.iri not in met for outcome in holder.outcomes)
    open_rows = [row for row in rows if row.values.upper < 1]
    gains = heapq.nsmallest(silent, open_rows, key=lambda row: (-row.weight * (1 - row.values.upper), row.outcome.iri))
    for row in gains:
        row.values = row.values._replace(upper=1.0)


def _coverage(rows: Sequence[_Row], holder: ComparedUnit) -> Coverage:
    linked_holder = any(outcome.links for outcome in holder.outcomes)
    best = {row.outcome.iri: best_link(row.outcome) for row in rows}
    sharing = Counter(link.skill for link in best.values() if link is not None)

    def collapses(row: _Row) -> bool:
        link = best[row.outcome.iri]
        return link is not None and sharing[link.skill] > 1

    lower, expected, upper = (
        _rounded(row.weight * getattr(row.values, name) for row in rows) for name in Values._fields
    )
    behind = _links_behind(rows)
    classes = Counter(link.link_class for link in behind)
    return Coverage(
        lower,
        expected,
        upper,
        assessed=_rounded(row.weight for row in rows if row.read_alike or (row.outcome.links and linked_holder)),
        unlinked=_rounded(row.weight for row in rows if not row.outcome.links),
        collapsed=_rounded(row.weight for row in rows if collapses(row)),
        outcomes=len(rows),
        links=len(behind),
        reviewed_links=classes["reviewed"] + classes["official"],
        declared_links=classes["declared"],
        machine_links=classes["machine"],
        uncalibrated_links=sum(link.link_class == "machine" and not link.calibrated for link in behind),
        named=sum(_rounded((row.values.expected,)) >= NAMED_FROM for row in rows),
    )


def _links_behind(rows: Sequence[_Row]) -> list[OutcomeLink]:
    """The links of the best match of each outcome that is expected to some part, one for each outcome and skill."""
    found: dict[tuple[str, str], OutcomeLink] = {}
    for row in rows:
        if row.values.expected > 0:
            best = row.meetings[0]
            for outcome, link in ((best.outcome, best.holder_link), (row.outcome.iri, best.target_link)):
                if link is not None:
                    found[outcome, link.skill] = link
    return list(found.values())


def _evidence(row: _Row, essential: bool, nearest: Nearest | None) -> OutcomeEvidence:
    lower, expected, upper = (round(value, SHARE_DIGITS) for value in row.values)
    best: dict[str, Meeting] = {}
    for meeting in row.meetings:
        best.setdefault(meeting.outcome, meeting)
    return OutcomeEvidence(
        row.outcome.iri,
        _state(row),
        round(row.weight, SHARE_DIGITS),
        lower,
        expected,
        upper,
        essential=essential,
        matches=tuple(meeting.record() for meeting in islice(best.values(), MOST_MATCHES)),
        nearest_wording=nearest.outcome if nearest else "",
        similarity=nearest.similarity if nearest else 0.0,
    )


def _state(row: _Row) -> OutcomeState:
    if row.values.lower >= 1:
        return "shown"
    if row.values.expected > 0:
        return "partly-shown"
    if not row.outcome.links:
        return "unlinked"
    return "possible" if row.values.upper > 0 else "not-shown"


def _rounded(shares: Iterable[float]) -> float:
    """A sum of shares; exact before rounding, so that the order of outcomes plays no part."""
    return min(1.0, round(math.fsum(shares) + SHARE_MARGIN, SHARE_DIGITS))
