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
from dataclasses import replace
from types import MappingProxyType

from passerelle.comparability.link_values import Values, best_link, counting, is_linked
from passerelle.comparability.matches import Holder
from passerelle.comparability.one_to_one import assigned
from passerelle.comparability.outcome_rows import OutcomeRow, evidence_of, is_named, raised, row_of, silent_in
from passerelle.comparability.proximity import Proximity
from passerelle.comparability.wording import Nearest, nearest_wordings
from passerelle.records.compared_unit import REVIEWED_CLASSES, ComparedUnit, OutcomeLink
from passerelle.records.comparison import Coverage, OutcomeEvidence, share

METHOD = "coverage-1"


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
    count = Count(holder, target, proximity, weights, links=links, threshold=threshold)
    if one_to_one:
        return count.one_to_one(essential)
    return count.covered(essential, nearest_wordings(holder.outcomes, target.outcomes)[0] if wordings else {})


class Count:
    """The outcomes of a target, each with what shows it; see `covered` for the arguments and what is raised."""

    def __init__(
        self,
        holder: ComparedUnit,
        target: ComparedUnit,
        proximity: Proximity,
        weights: Mapping[str, float] | None = None,
        *,
        links: Callable[[OutcomeLink], bool] | None = None,
        threshold: float = 0,
    ) -> None:
        self._holder, self._target = counting(holder, links, threshold), counting(target, links, threshold)
        self._proximity = proximity
        self._shares = _shares(self._target, weights) if target.outcomes else {}
        found = Holder(self._holder.outcomes, proximity)
        self._rows = [row_of(outcome, self._shares[outcome.iri], found) for outcome in self._target.outcomes]
        self._silent = silent_in(self._rows, self._holder)
        self._unheard = len(silent_in(self._rows, self._holder, firmly=True))

    def covered(
        self, essential: Collection[str] = frozenset(), wordings: Mapping[str, Nearest] = MappingProxyType({})
    ) -> tuple[Coverage, tuple[OutcomeEvidence, ...]]:
        """The coverage, and its evidence with these nearest wordings (`wording.nearest_wordings`)."""
        return self._told(raised(self._rows, len(self._silent)), essential, wordings)

    def one_to_one(self, essential: Collection[str] = frozenset()) -> tuple[Coverage, tuple[OutcomeEvidence, ...]]:
        """The variant in which each outcome of the holder shows at most one of the target."""
        found = assigned(self._holder.outcomes, self._target.outcomes, self._shares, self._silent, self._proximity)
        rows = []
        for row in self._rows:
            values, meeting = found[row.outcome.iri]
            rows.append(replace(row, values=values, meetings=() if meeting is None else (meeting,)))
        return self._told(rows, essential, {})

    def _told(
        self, rows: Sequence[OutcomeRow], essential: Collection[str], nearest: Mapping[str, Nearest]
    ) -> tuple[Coverage, tuple[OutcomeEvidence, ...]]:
        if not rows:
            return Coverage(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0), ()
        return (
            _coverage(rows, self._holder, self._unheard),
            tuple(
                evidence_of(row, self._unheard, row.outcome.iri in essential, nearest.get(row.outcome.iri))
                for row in rows
            ),
        )


def _shares(target: ComparedUnit, weights: Mapping[str, float] | None) -> dict[str, float]:
    masses = {outcome.iri: 1.0 if weights is None else weights[outcome.iri] for outcome in target.outcomes}
    total = math.fsum(masses.values())
    if total <= 0 or min(masses.values()) < 0:
        raise ValueError("weights that add up to nothing")
    return {iri: mass / total for iri, mass in masses.items()}


def _upper_at_most(rows: Sequence[OutcomeRow], unheard: int) -> float:
    """As `upper`, where an outcome that a machine alone linked says nothing on either side."""
    gains = heapq.nlargest(unheard, (row.weight * (1 - row.at_most) for row in rows))
    return _sum((*(row.weight * row.at_most for row in rows), *gains))


def _coverage(rows: Sequence[OutcomeRow], holder: ComparedUnit, unheard: int) -> Coverage:
    linked_holder = any(map(is_linked, holder.outcomes))
    firm_holder = any(is_linked(outcome, firmly=True) for outcome in holder.outcomes)
    best = {row.outcome.iri: best_link(row.outcome) for row in rows}
    sharing = Counter(link.skill for link in best.values() if link is not None)

    def collapses(row: OutcomeRow) -> bool:
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
        named=sum(is_named(row) for row in rows),
        linked_matches=len(matches),
        reviewed_matches=sum(all(link.link_class in REVIEWED_CLASSES for link in each) for each in matches),
        assessed_firmly=_sum(row.weight for row in rows if row.read_alike or (row.firmly and firm_holder)),
        upper_at_most=_upper_at_most(rows, unheard),
        indistinct=_sum(row.weight for row in rows if collapses(row) and not row.read_alike),
    )


def _links_behind(rows: Sequence[OutcomeRow]) -> list[OutcomeLink]:
    """The links of the best match of each outcome that is expected to some part, one for each outcome and skill."""
    found: dict[tuple[str, str], OutcomeLink] = {}
    for row in rows:
        if row.values.expected > 0:
            best = row.meetings[0]
            for outcome, link in ((best.outcome, best.holder_link), (row.outcome.iri, best.target_link)):
                if link is not None:
                    found[outcome, link.skill] = link
    return list(found.values())


def _linked_matches(rows: Sequence[OutcomeRow]) -> list[tuple[OutcomeLink, OutcomeLink]]:
    """The two links of the best match of each outcome that is expected to some part, where it rests on links."""
    best = (row.meetings[0] for row in rows if row.values.expected > 0)
    return [(each.holder_link, each.target_link) for each in best if each.holder_link and each.target_link]


def _sum(shares: Iterable[float]) -> float:
    """A sum of shares; exact before rounding, so that the order of outcomes plays no part."""
    return share(math.fsum(shares))
