"""What one decision about a link would do to every comparison: the expected coverage of all pairs, before and after.

Exact for method `coverage-1`, reading `expected`, in which only the outcome of the link and what meets it through its
skill or a direct neighbour of that skill can move. See `comparability.review_queue` for what is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.meetings import Side, textual
from passerelle.comparability.index.neighbours import alike, expanded
from passerelle.comparability.index.ragged import Floats, Integers, places
from passerelle.comparability.index.values import EXPECTED, kinds, needed, shown


@dataclass(frozen=True, slots=True)
class Question:
    """A link to decide about: outcome and skill by their numbers, `link` its number where it is among the links.

    `probability` that the decision is to accept. `shows` and `needs` are what the link counts for now (0 where it is
    none), `shows_accepted` and `needs_accepted` once it is accepted, in the reading `expected`; rejected it is none.
    """

    outcome: int
    skill: int
    link: int | None
    probability: float
    shows: float
    needs: float
    shows_accepted: float
    needs_accepted: float


@dataclass(frozen=True, slots=True)
class Moves:
    """How the expected coverage of ordered pairs moves: a number a pair, if accepted and if rejected, both absolute.

    `holder` and `target` are unit numbers; pairs that neither decision moves are left out.
    """

    holder: Integers
    target: Integers
    accepted: Floats
    rejected: Floats


class CoverageMoves:
    """Moves of the pairs of a release; everything that does not depend on the question is made once.

    `owner`, `shown` and `needed` say of each link which outcome it belongs to, and what it counts for in the reading
    `expected`; `holding` gives the units that have each outcome, `sizes` how many outcomes each unit has, at least 1.
    """

    def __init__(self, index: CoverageIndex) -> None:
        self.index = index
        self.tables = tables = index.tables
        self._inverse = inverse = index.inverse
        self.owner: Integers = np.repeat(
            np.arange(tables.outcome_count, dtype=np.int64), np.diff(tables.links.starts).astype(np.int64)
        )
        self.shown: Floats = shown(tables.links)[:, EXPECTED]
        self.needed: Floats = needed(tables.links)[:, EXPECTED]
        self.holding = inverse.units
        self.sizes: Floats = np.maximum(inverse.size, 1).astype(np.float64)

    def held(self, skills: Integers) -> tuple[Integers, Floats, Integers]:
        """What holders linked to these skills meet: skills of targets, what such a match counts for, and from which."""
        found, kind, which = expanded(self.tables, skills, "broader-skill", "narrower-skill")
        return found, kinds()[kind, EXPECTED], which

    def asked(self, skills: Integers) -> tuple[Integers, Floats, Integers]:
        """What targets linked to these skills are met by: skills of holders, and the same."""
        found, kind, which = expanded(self.tables, skills, "narrower-skill", "broader-skill")
        return found, kinds()[kind, EXPECTED], which

    def of(self, question: Question) -> Moves:
        """All moves, both directions, of every unit that has the outcome; none with its own parts and wholes."""
        found = []
        for unit in self.holding[question.outcome].tolist():
            others = np.ones(len(self.sizes), np.bool_)
            others[self.index.family_of(unit)] = False
            for moves in (self._as_holder(question, unit), self._as_target(question, unit)):
                moving = others & ((moves[0] > 0) | (moves[1] > 0))
                which = np.flatnonzero(moving)
                found.append((unit, which, moves[0][which], moves[1][which]))
        return Moves(
            np.concatenate(
                [_side(unit, which, turned=bool(place % 2)) for place, (unit, which, *_) in enumerate(found)]
            ),
            np.concatenate([_side(unit, which, turned=not place % 2) for place, (unit, which, *_) in enumerate(found)]),
            np.concatenate([accepted for *_, accepted, _ in found]),
            np.concatenate([rejected for *_, rejected in found]),
        )

    def _as_holder(self, question: Question, unit: int) -> tuple[Floats, Floats]:
        """Moves of coverage(unit → X), for every unit X."""
        reached = self._reached(question, unit)
        outcomes = np.unique(self._inverse.needs.of(self.held(np.array([question.skill]))[0])[0])
        positions, which = places(self.tables.links.starts, outcomes)
        textually = self._by_text(unit, outcomes)
        values = []
        for reach in reached:
            best = textually.copy()
            np.maximum.at(best, which, reach[self.tables.links.skill[positions]] * self.needed[positions])
            values.append(best)
        units, of = self.holding.all_of(outcomes)
        moves = []
        for value in values[1:]:
            change = np.abs(value - values[0])
            moves.append(np.bincount(units, change[of], len(self.sizes)) / self.sizes)
        return moves[0], moves[1]

    def _reached(self, question: Question, unit: int) -> tuple[Floats, Floats, Floats]:
        """What the unit's outcomes give for each skill that a target may ask for: now, accepted and rejected."""
        positions, _ = places(self.tables.links.starts, self.tables.outcomes[unit])
        positions = positions[positions != question.link] if question.link is not None else positions
        rest = np.zeros(len(self.tables.skills))
        skills, counts, which = self.held(self.tables.links.skill[positions])
        np.maximum.at(rest, skills, self.shown[positions][which] * counts)
        around, counts, _ = self.held(np.array([question.skill]))
        now, accepted = rest.copy(), rest.copy()
        np.maximum.at(now, around, question.shows * counts)
        np.maximum.at(accepted, around, question.shows_accepted * counts)
        return now, accepted, rest

    def _by_text(self, unit: int, outcomes: Integers) -> Floats:
        """What the unit shows of each of these outcomes by text alone."""
        holder = Side.of(self.tables, np.array([unit]))
        met = textual(self.tables, holder, Side(np.zeros(len(outcomes), np.int64), outcomes))
        best = np.zeros(len(outcomes))
        np.maximum.at(best, met.row, met.values[EXPECTED])
        return best

    def _as_target(self, question: Question, unit: int) -> tuple[Floats, Floats]:
        """Moves of coverage(X → unit), for every unit X: of the unit's outcomes only the question's own can move."""
        rest = np.zeros(len(self.sizes))
        similar, counts = alike(self.tables, self._inverse, question.outcome)
        units, which = self.holding.all_of(similar)
        np.maximum.at(rest, units, counts[EXPECTED, which])
        start, end = self.tables.links.starts[question.outcome], self.tables.links.starts[question.outcome + 1]
        for link in range(int(start), int(end)):
            if link != question.link:
                reach = self._holders(int(self.tables.links.skill[link]))
                np.maximum(rest, reach * self.needed[link], out=rest)
        reach = self._holders(question.skill)
        now = np.maximum(rest, reach * question.needs)
        accepted = np.maximum(rest, reach * question.needs_accepted)
        weight = 1 / self.sizes[unit]
        return np.abs(accepted - now) * weight, np.abs(rest - now) * weight

    def _holders(self, skill: int) -> Floats:
        """What each unit gives for a skill that a target asks for."""
        skills, counts, _ = self.asked(np.array([skill]))
        units, values, which = self._inverse.holders.of(skills)
        reach = np.zeros(len(self.sizes))
        np.maximum.at(reach, units, values[EXPECTED] * counts[which])
        return reach


def _side(unit: int, others: Integers, *, turned: bool) -> Integers:
    return others if turned else np.full(len(others), unit, np.int64)
