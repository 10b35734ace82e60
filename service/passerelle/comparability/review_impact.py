"""What one decision about a link would do to every comparison: the expected coverage of all pairs, before and after.

Exact for method `coverage-1`, reading `expected`, in which only the outcome of the link and what meets it through its
skill or a direct neighbour of that skill can move. See `comparability.review_queue` for what is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.comparability.index.ragged import Floats, Integers, Lists, Truths, places
from passerelle.comparability.index.tables import Tables
from passerelle.comparability.index.values import EXPECTED, kinds, needed, shown
from passerelle.comparability.link_values import match_values

_KINDS = list(match_values())
_SAME = _KINDS.index("same-skill")
_NARROWER, _BROADER = _KINDS.index("narrower-skill"), _KINDS.index("broader-skill")


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
    """Moves of the pairs of a release; everything that does not depend on the question is made once."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        links = tables.links
        self._kinds = kinds()[:, EXPECTED]
        self.owner: Integers = np.repeat(
            np.arange(tables.outcome_count, dtype=np.int64), np.diff(links.starts).astype(np.int64)
        )
        self.shown: Floats = shown(links)[:, EXPECTED]
        self.needed: Floats = needed(links)[:, EXPECTED]
        self.by_skill = Lists.of(links.skill, np.arange(len(links.skill)), len(tables.skills))
        self.holding = tables.outcomes.inverse(tables.outcome_count)
        self._sharing = tables.keys.inverse(len(tables.key_kind))
        self.sizes: Floats = np.maximum(np.diff(tables.outcomes.starts), 1).astype(np.float64)

    def family(self, unit: int) -> Integers:
        """A unit, its parts and its wholes: nothing is compared with them."""
        tables = self.tables
        return np.concatenate([[unit], tables.parts[unit], tables.wholes[unit]]).astype(np.int64)

    def neighbours(self, skill: int) -> tuple[Integers, Floats, Floats]:
        """A skill and those directly above and below it, and what a match of it with each of them counts for.

        First where the holder's link is to `skill` and the target's to the other, then the other way round.
        """
        near, below = self.tables.closer[skill], self._below(skill)
        held = np.where(below, self._kinds[_BROADER], self._kinds[_NARROWER])
        asked = np.where(below, self._kinds[_NARROWER], self._kinds[_BROADER])
        same = [self._kinds[_SAME]]
        return np.concatenate([[skill], near]).astype(np.int64), np.r_[same, held], np.r_[same, asked]

    def _below(self, skill: int) -> Truths:
        starts = self.tables.closer.starts
        return self.tables.closer_below[starts[skill] : starts[skill + 1]]

    def of(self, question: Question) -> Moves:
        """All moves, both directions, of every unit that has the outcome."""
        found = []
        for unit in self.holding[question.outcome].tolist():
            others = np.ones(len(self.tables.outcomes), np.bool_)
            others[self.family(unit)] = False
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
        skills, _, _ = self.neighbours(question.skill)
        linked, _ = self.by_skill.all_of(skills)
        outcomes = np.unique(self.owner[linked])
        if not len(outcomes):
            nothing = np.zeros(len(self.sizes))
            return nothing, nothing
        positions, which = places(self.tables.links.starts, outcomes)
        textual = self._by_text(unit, outcomes)
        values = []
        for reach in reached:
            best = textual.copy()
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
        skills = self.tables.links.skill[positions].astype(np.int64)
        np.maximum.at(rest, skills, self.shown[positions] * self._kinds[_SAME])
        near, of = places(self.tables.closer.starts, skills)
        kind = np.where(self.tables.closer_below[near], self._kinds[_BROADER], self._kinds[_NARROWER])
        np.maximum.at(rest, self.tables.closer.values[near], self.shown[positions][of] * kind)
        around, held, _ = self.neighbours(question.skill)
        now, accepted = rest.copy(), rest.copy()
        np.maximum.at(now, around, question.shows * held)
        np.maximum.at(accepted, around, question.shows_accepted * held)
        return now, accepted, rest

    def _by_text(self, unit: int, outcomes: Integers) -> Floats:
        """What the unit shows of each of these outcomes by text alone."""
        own, _ = self.tables.keys.all_of(self.tables.outcomes[unit])
        keys, of = self.tables.keys.all_of(outcomes)
        value = np.where(np.isin(keys, own), self._kinds[self.tables.key_kind[keys]], 0.0)
        best = np.zeros(len(outcomes))
        np.maximum.at(best, of, value)
        return best

    def _as_target(self, question: Question, unit: int) -> tuple[Floats, Floats]:
        """Moves of coverage(X → unit), for every unit X: of the unit's outcomes only the question's own can move."""
        rest = np.zeros(len(self.sizes))
        keys = self.tables.keys[question.outcome]
        sharing, of = self._sharing.all_of(keys)
        units, which = self.holding.all_of(sharing)
        np.maximum.at(rest, units, self._kinds[self.tables.key_kind[keys]][of][which])
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
        skills, _, asked = self.neighbours(skill)
        linked, of = self.by_skill.all_of(skills)
        units, which = self.holding.all_of(self.owner[linked])
        reach = np.zeros(len(self.sizes))
        np.maximum.at(reach, units, (self.shown[linked] * asked[of])[which])
        return reach


def _side(unit: int, others: Integers, *, turned: bool) -> Integers:
    return others if turned else np.full(len(others), unit, np.int64)
