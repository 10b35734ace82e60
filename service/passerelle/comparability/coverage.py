"""Coverage, method `coverage-1`: how much of a target's outcomes a holder of another unit has shown, and why.

This is the definition, written to be read; `comparability.index` gives the same numbers for many units at once.

    coverage_x(A → B) = Σ w_b · value_x(b)     over the outcomes b of B and of its parts, Σ w_b = 1
    value_x(b)        = the largest match_x(a, b) over the outcomes a of A and of its parts
    match_x(a, b)     = shown_x(link of a) · needed_x(link of b) · kind_x, where the links lead to the same ESCO skill
                        or to one directly above or below; kind_x alone where the outcomes are the same or read the same

x is lower, expected or upper, each with its own numbers (`comparability.link_values`). Silence never counts against a
holder: in `upper` every unlinked b has value 1, and each unlinked a that met no b by text may show one more b.

An outcome is linked only by a link that is as likely right as not: what its class is expected to be worth, times a
machine's confidence, reaches `linked-from` of `mappings/coverage-parameters.tsv`. Fainter links show what they show and
take nothing away.

Every reading grows with the holder's outcomes; lower and expected grow with the links of either side. Upper grows with
faint links; with others it need not: such a link says what an outcome is about, and so what it is not about.
Occupations, titles and fields play no part.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.link_values import Values, best_link, counting, is_linked
from passerelle.comparability.matches import Holder, Meeting
from passerelle.comparability.one_to_one import assigned
from passerelle.comparability.proximity import Proximity
from passerelle.comparability.wording import Nearest, nearest_wordings
from passerelle.records.compared_unit import REVIEWED_CLASSES, ComparedOutcome, ComparedUnit, OutcomeLink
from passerelle.records.comparison import Coverage, OutcomeEvidence, OutcomeState, share

METHOD = "coverage-1"


@dataclass(slots=True)
class _Row:
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
    one_to_one: bool = False,
) -> tuple[Coverage, tuple[OutcomeEvidence, ...]]:
    """How much of `target` a holder of `holder` has shown, and a row of evidence for each outcome of the target.

    `weights` by outcome (IRI), in any unit, zero allowed but not throughout (None: equal; see
    `comparability.weightings`). `links` and `threshold` choose the links that count on both sides, see `counting`.
    `essential` marks rows and moves no number: no weight makes up for an essential outcome that is missing.
    `wordings`: whether rows name the nearest wording, which costs more than everything else. `one_to_one`: a variant in
    which each outcome of the holder shows at most one of the target, see `comparability.one_to_one`; its rows name the
    match that is counted alone.

    Rows are in the order of the target's outcomes. A target without outcomes has the coverage 0, 0, 1, of which nothing
    is assessed. Raises KeyError for an outcome without weight, ValueError where the weights do not add up to anything.
    """
    holder, target = counting(holder, links, threshold), counting(target, links, threshold)
    if not target.outcomes:
        return Coverage(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0), ()
    shares = _shares(target, weights)
    found = Holder(holder.outcomes, proximity)
    rows = [_row(outcome, shares[outcome.iri], found) for outcome in target.outcomes]
    silent = _silent(rows, holder)
    if one_to_one:
        _assign(rows, holder, shares, silent, proximity)
    else:
        _raise_silent(rows, len(silent))
    unheard = len(_silent(rows, holder, firmly=True))
    nearest = nearest_wordings(holder.outcomes, target.outcomes) if wordings else {}
    return (
        _coverage(rows, holder, unheard),
        tuple(_evidence(row, unheard, row.outcome.iri in essential, nearest.get(row.outcome.iri)) for row in rows),
    )


def _shares(target: ComparedUnit, weights: Mapping[str, float] | None) -> dict[str, float]:
    masses = {outcome.iri: 1.0 if weights is None else weights[outcome.iri] for outcome in target.outcomes}
    total = math.fsum(masses.values())
    if total <= 0 or min(masses.values()) < 0:
        raise ValueError("weights that add up to nothing")
    return {iri: mass / total for iri, mass in masses.items()}


def _row(outcome: ComparedOutcome, weight: float, holder: Holder) -> _Row:
    linked, firmly, values = is_linked(outcome), is_linked(outcome, firmly=True), holder.values(outcome)
    at_most = values.upper if firmly else 1.0
    if not linked:
        values = values._replace(upper=1.0)
    meetings = holder.meetings(outcome, parameters().most_matches)
    return _Row(outcome, linked, weight, meetings, holder.met_by_text(outcome), values, firmly, at_most)


def _silent(rows: Sequence[_Row], holder: ComparedUnit, *, firmly: bool = False) -> set[str]:
    """The outcomes of the holder that say nothing: not linked, and met by no outcome of the target."""
    met = {outcome for row in rows for outcome in row.read_alike}
    return {
        outcome.iri for outcome in holder.outcomes if outcome.iri not in met and not is_linked(outcome, firmly=firmly)
    }


def _raise_silent(rows: Sequence[_Row], silent: int) -> None:
    """Let so many outcomes of the holder that say nothing show one of the target each, where they gain most."""
    open_rows = [row for row in rows if row.values.upper < 1]
    gains = heapq.nsmallest(silent, open_rows, key=lambda row: (-row.weight * (1 - row.values.upper), row.outcome.iri))
    for row in gains:
        row.values = row.values._replace(upper=1.0)


def _assign(
    rows: Sequence[_Row], holder: ComparedUnit, shares: Mapping[str, float], silent: set[str], proximity: Proximity
) -> None:
    found = assigned(holder.outcomes, [row.outcome for row in rows], shares, silent, proximity)
    for row in rows:
        row.values, meeting = found[row.outcome.iri]
        row.meetings = () if meeting is None else (meeting,)


def _upper_at_most(rows: Sequence[_Row], unheard: int) -> float:
    """As `upper`, where an outcome that a machine alone linked says nothing on either side."""
    gains = heapq.nlargest(unheard, (row.weight * (1 - row.at_most) for row in rows))
    return _sum((*(row.weight * row.at_most for row in rows), *gains))


def _coverage(rows: Sequence[_Row], holder: ComparedUnit, unheard: int) -> Coverage:
    linked_holder = any(map(is_linked, holder.outcomes))
    firm_holder = any(is_linked(outcome, firmly=True) for outcome in holder.outcomes)
    best = {row.outcome.iri: best_link(row.outcome) for row in rows}
    sharing = Counter(link.skill for link in best.values() if link is not None)

    def collapses(row: _Row) -> bool:
        link = best[row.outcome.iri]
        return link is not None and sharing[link.skill] > 1

    lower, expected, upper = (_sum(row.weight * getattr(row.values, name) for row in rows) for name in Values._fields)
    behind, matches = _links_behind(rows), _linked_matches(rows)
    classes = Counter(link.link_class for link in behind)
    return Coverage(
        lower,
        expected,
        upper,
        assessed=_sum(row.weight for row in rows if row.read_alike or (row.linked and linked_holder)),
        unlinked=_sum(row.weight for row in rows if not row.linked),
        collapsed=_sum(row.weight for row in rows if collapses(row)),
        outcomes=len(rows),
        links=len(behind),
        reviewed_links=classes["reviewed"] + classes["official"],
        declared_links=classes["declared"],
        machine_links=classes["machine"],
        uncalibrated_links=sum(link.link_class == "machine" and not link.calibrated for link in behind),
        named=sum(_is_named(row) for row in rows),
        linked_matches=len(matches),
        reviewed_matches=sum(all(link.link_class in REVIEWED_CLASSES for link in each) for each in matches),
        assessed_firmly=_sum(row.weight for row in rows if row.read_alike or (row.firmly and firm_holder)),
        upper_at_most=_upper_at_most(rows, unheard),
        indistinct=_sum(row.weight for row in rows if collapses(row) and not row.read_alike),
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


def _linked_matches(rows: Sequence[_Row]) -> list[tuple[OutcomeLink, OutcomeLink]]:
    """The two links of the best match of each outcome that is expected to some part, where it rests on links."""
    best = (row.meetings[0] for row in rows if row.values.expected > 0)
    return [(each.holder_link, each.target_link) for each in best if each.holder_link and each.target_link]


def _evidence(row: _Row, unheard: int, essential: bool, nearest: Nearest | None) -> OutcomeEvidence:
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


def _state(row: _Row, unheard: int) -> OutcomeState:
    if row.values.lower >= 1:
        return "shown"
    if _is_named(row):
        return "partly-shown"
    if not row.linked and share(row.values.expected) == 0:
        return "unlinked"
    # any of the holder's outcomes that say nothing may be this one: a figure counts each once, a name must not choose
    return "possible" if row.values.upper > 0 or row.at_most > 0 or unheard else "not-shown"


def _is_named(row: _Row) -> bool:
    """Whether evidence names the outcome as shown, in part at least (`named-from`)."""
    return share(row.values.expected) >= parameters().named_from


def _sum(shares: Iterable[float]) -> float:
    """A sum of shares; exact before rounding, so that the order of outcomes plays no part."""
    return share(math.fsum(shares))
