"""The outcomes of a target, one by one, with what shows each of them: the rows that a coverage adds up."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.link_values import Values, is_linked
from passerelle.comparability.matches import Holder, Meeting
from passerelle.comparability.wording import Nearest
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit
from passerelle.records.comparison import OutcomeEvidence, OutcomeState, share


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What is found about one outcome of the target, before rounding.

    `meetings` are the best matches, the first being the one that is expected to show the outcome. `read_alike` are the
    holder's outcomes that are this one, or read like it. `firmly`: linked by more than a machine; `at_most` is the
    upper value where all else is silent, before what is silent in the holder's unit raises it.
    """

    outcome: ComparedOutcome
    linked: bool
    weight: float
    meetings: Sequence[Meeting]
    read_alike: set[str]
    values: Values
    firmly: bool
    at_most: float


def row_of(outcome: ComparedOutcome, weight: float, holder: Holder) -> OutcomeRow:
    """The row of an outcome of the target."""
    linked, firmly, values = is_linked(outcome), is_linked(outcome, firmly=True), holder.values(outcome)
    at_most = values.upper if firmly else 1.0
    if not linked:
        values = values._replace(upper=1.0)
    meetings = holder.meetings(outcome, parameters().most_matches)
    return OutcomeRow(outcome, linked, weight, meetings, holder.met_by_text(outcome), values, firmly, at_most)


def silent_in(rows: Sequence[OutcomeRow], holder: ComparedUnit, *, firmly: bool = False) -> set[str]:
    """The outcomes of the holder that say nothing: not linked, and met by no outcome of the target."""
    met = {outcome for row in rows for outcome in row.read_alike}
    return {
        outcome.iri for outcome in holder.outcomes if outcome.iri not in met and not is_linked(outcome, firmly=firmly)
    }


def raised(rows: Sequence[OutcomeRow], silent: int) -> list[OutcomeRow]:
    """The rows where so many outcomes of the holder that say nothing show one each, where they gain most."""
    open_rows = (row for row in rows if row.values.upper < 1)
    gains = heapq.nsmallest(silent, open_rows, key=lambda row: (-row.weight * (1 - row.values.upper), row.outcome.iri))
    shown = {row.outcome.iri for row in gains}
    return [replace(row, values=row.values._replace(upper=1.0)) if row.outcome.iri in shown else row for row in rows]


def evidence_of(row: OutcomeRow, unheard: int, essential: bool, nearest: Nearest | None) -> OutcomeEvidence:
    """The record of a row; `unheard`: how many outcomes of the holder say nothing that more than a machine says."""
    lower, expected, upper = map(share, row.values)
    return OutcomeEvidence(
        row.outcome.iri,
        _state(row, unheard),
        share(row.weight),
        lower,
        expected,
        upper,
        essential=essential,
        matches=tuple(meeting.record() for meeting in row.meetings),
        nearest_wording=nearest.outcome if nearest else "",
        similarity=nearest.similarity if nearest else 0.0,
    )


def _state(row: OutcomeRow, unheard: int) -> OutcomeState:
    if row.values.lower >= 1:
        return "shown"
    if is_named(row):
        return "partly-shown"
    if not row.linked and share(row.values.expected) == 0:
        return "unlinked"
    # any of the holder's outcomes that say nothing may be this one: a figure counts each once, a name must not choose
    return "possible" if row.values.upper > 0 or row.at_most > 0 or unheard else "not-shown"


def is_named(row: OutcomeRow) -> bool:
    """Whether evidence names the outcome as shown, in part at least (`named-from`)."""
    return share(row.values.expected) >= parameters().named_from
