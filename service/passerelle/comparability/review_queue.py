"""Which links a person should look at first: those whose decision is likely to move most comparisons.

The measure, for one link between an outcome a and a skill:

    impact = Σ over ordered pairs of units ( p · |C_accepted − C_now| + (1 − p) · |C_rejected − C_now| )

C is the expected coverage of the pair (method `coverage-1`, equal weights), p how likely the decision is to accept: the
machine's confidence, and what `mappings/review-chances.tsv` supposes of a declared link and of a decision that was sent
back. Pairs of a unit with its own parts and wholes do not count. So a link weighs much where it is uncertain,
where the skill is shared by many units, and where the units have few outcomes. It says nothing about who is right, and
no country or unit is preferred.

First a bound for every link at once, from sums over skills (never smaller than the impact), then the impact itself in
the order of the bounds until no bound is left that could still come among the best. The order is that of the impact,
then of outcome and skill (IRIs). Of the best, `review_items` puts those first whose decision changes most findings.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from passerelle.comparability.index import arrays
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.postings import inverse_of
from passerelle.comparability.index.ragged import Floats, Integers
from passerelle.comparability.index.table_reading import read_tables
from passerelle.comparability.index.text_keys import TextKeys
from passerelle.comparability.index.values import RELATIONS
from passerelle.comparability.link_values import class_values, needs, shows
from passerelle.comparability.review_impact import CoverageMoves, Moves, Question
from passerelle.graph.all_units import AllUnits
from passerelle.records.compared_unit import LINK_CLASSES, LinkClass
from passerelle.records.mapping_table import rows
from passerelle.records.review_item import Impact

NOTICEABLE = 0.05
"""Of expected coverage, from which a pair counts as moved: one outcome of a unit that has twenty."""
EXACT = 5_000
"""Links whose impact is computed at most, beside the wanted number: a few minutes on the largest release."""

_DIGITS = 6
_MACHINE, _DECLARED = LINK_CLASSES.index("machine"), LINK_CLASSES.index("declared")
_REVIEWED: LinkClass = "reviewed"
_ACCEPTED_DECLARED = "skos:closeMatch"
"""The relation that a declared link is thought to be accepted with: an issuer names none of its own."""


@cache
def chances() -> dict[str, float]:
    """How likely a review is to accept, for the states that have no confidence of their own.

    Where the table names none, what a link of that class is expected to be worth (`link-classes.tsv`).
    """
    found = rows("review-chances.tsv")
    return {row["state"]: float(row["chance"] or class_values()[row["state"]].expected) for row in found}


def index_of(folder: Path, units: Callable[[TextKeys], AllUnits]) -> CoverageIndex:
    """The index of the release in `folder`, or one read from its store where it has none."""
    if (folder / arrays.FOLDER).is_dir():
        return CoverageIndex.open(folder)
    texts = TextKeys()
    tables = read_tables(units(texts), texts)
    return CoverageIndex(tables, inverse_of(tables))


class ReviewQueue:
    """The links of a release that no one reviewed, ranked."""

    def __init__(self, index: CoverageIndex) -> None:
        self.tables = index.tables
        self.moves = CoverageMoves(index)
        self._bounds = _Bounds(self.moves)

    def unreviewed(self, classes: Sequence[LinkClass] = ("machine", "declared")) -> Integers:
        """The numbers of the links of these classes."""
        wanted = [LINK_CLASSES.index(name) for name in classes]
        return np.flatnonzero(np.isin(self.tables.links.link_class, wanted))

    def question(self, link: int) -> Question:
        """The question whether a link of the tables is right."""
        links = self.tables.links
        declared = links.link_class[link] == _DECLARED
        relation = _ACCEPTED_DECLARED if declared else RELATIONS[links.relation[link]]
        chance = chances()["declared"] if declared else float(links.confidence[link])
        return self._question(
            int(self.moves.owner[link]), int(links.skill[link]), link, chance, relation,
            float(self.moves.shown[link]), float(self.moves.needed[link]),
        )  # fmt: skip

    def absent(self, outcome: int, skill: int, relation: str) -> Question:
        """The question about a pair, which may be no link now, that was decided with `relation` (a CURIE) before."""
        start, end = self.tables.links.starts[outcome], self.tables.links.starts[outcome + 1]
        for link in range(int(start), int(end)):
            if self.tables.links.skill[link] == skill:
                shown, needed = float(self.moves.shown[link]), float(self.moves.needed[link])
                return self._question(outcome, skill, link, chances()["sent-back"], relation, shown, needed)
        return self._question(outcome, skill, None, chances()["sent-back"], relation, 0.0, 0.0)

    def relation(self, question: Question) -> str:
        """The relation (CURIE) with which a link of the tables would be accepted."""
        links, link = self.tables.links, question.link
        if link is None or links.link_class[link] == _DECLARED:
            return _ACCEPTED_DECLARED
        return RELATIONS[int(links.relation[link])]

    def _question(
        self, outcome: int, skill: int, link: int | None, chance: float, relation: str, shown: float, needed: float
    ) -> Question:
        reviewed = class_values()[_REVIEWED].expected
        accepted = reviewed * shows()[relation].expected, reviewed * needs()[relation].expected
        return Question(outcome, skill, link, chance, shown, needed, *accepted)

    def ranked(
        self, links: Integers, others: Sequence[Question], top: int, wanted: Callable[[Question], bool]
    ) -> list[tuple[Question, Impact]]:
        """The `top` questions with the largest impact, best first, among `links` (numbers) and `others`.

        `wanted` is asked about a question before its impact is computed, and may refuse it. Past EXACT computed ones
        the best of those are given.
        """
        bounds = np.concatenate([self._bounds.of_links(links), [self._bounds.of(each) for each in others]])
        kept: list[tuple[float, int, int, Question, Impact]] = []
        for computed, place in enumerate(np.argsort(-bounds, kind="stable").tolist()):
            if len(kept) >= top and (bounds[place] < kept[0][0] - 10**-_DIGITS or computed >= EXACT + top):
                break
            question = self.question(int(links[place])) if place < len(links) else others[place - len(links)]
            if not wanted(question):
                continue
            impact = self.impact(question)
            # a heap gives up its smallest: the smallest impact, and of equal ones the last outcome and skill
            entry = (impact.score, -question.outcome, -question.skill, question, impact)
            if len(kept) < top:
                heapq.heappush(kept, entry)
            elif entry[:3] > kept[0][:3]:
                heapq.heapreplace(kept, entry)
        return [(question, impact) for *_, question, impact in sorted(kept, key=lambda each: each[:3], reverse=True)]

    def impact(self, question: Question) -> Impact:
        """The impact of one question."""
        moves = self.moves.of(question)
        chance = question.probability
        score = float(np.sum(chance * moves.accepted + (1 - chance) * moves.rejected))
        pairs = max(int(np.sum(each > NOTICEABLE)) for each in (moves.accepted, moves.rejected))
        return Impact(round(score, _DIGITS), self._units(question, moves), pairs)

    def _units(self, question: Question, moves: Moves) -> int:
        own = self.moves.holding[question.outcome]
        return len(np.setdiff1d(np.union1d(moves.holder, moves.target), own))


class _Bounds:
    """An impact that cannot be exceeded, from sums over each skill and its neighbours."""

    def __init__(self, moves: CoverageMoves) -> None:
        self._moves = moves
        tables = moves.tables
        units = moves.holding
        owners = np.repeat(np.arange(len(units)), np.diff(units.starts))
        self._holders: Floats = np.bincount(owners, minlength=len(units)).astype(np.float64)
        self._weights: Floats = np.bincount(owners, 1 / moves.sizes[units.values], len(units)).astype(np.float64)
        skills, count = tables.links.skill, len(tables.skills)
        asked = np.bincount(skills, moves.needed * self._weights[moves.owner], count).astype(np.float64)
        held = np.bincount(skills, moves.shown * self._holders[moves.owner], count).astype(np.float64)
        self._asked, self._held = self._around(asked, holder=True), self._around(held, holder=False)

    def _around(self, sums: Floats, *, holder: bool) -> Floats:
        """Sums over each skill and its direct neighbours, weighted by what such a match counts for."""
        skills = np.arange(len(self._moves.tables.skills))
        found, counts, which = self._moves.held(skills) if holder else self._moves.asked(skills)
        return np.bincount(which, sums[found] * counts, len(skills)).astype(np.float64)

    def of_links(self, links: Integers) -> Floats:
        """The bounds of links of the tables; see `ReviewQueue.question` for what they are asked about."""
        if not len(links):
            return np.empty(0)
        tables = self._moves.tables
        outcome, skill = self._moves.owner[links], tables.links.skill[links]
        declared = tables.links.link_class[links] == _DECLARED
        reviewed = class_values()[_REVIEWED].expected
        by_relation = [[table[name].expected for name in RELATIONS] for table in (shows(), needs())]
        relation = np.where(declared, RELATIONS.index(_ACCEPTED_DECLARED), tables.links.relation[links])
        shown, needed = (np.array(each)[relation] * reviewed for each in by_relation)
        chance = np.where(declared, chances()["declared"], tables.links.confidence[links])
        return self._bound(outcome, skill, chance, self._moves.shown[links], self._moves.needed[links], shown, needed)

    def of(self, question: Question) -> float:
        """The bound of one question."""
        one = [np.array([each]) for each in (question.outcome, question.skill, question.probability)]
        counts = (question.shows, question.needs, question.shows_accepted, question.needs_accepted)
        return float(self._bound(*one, *(np.array([each]) for each in counts))[0])

    def _bound(
        self,
        outcome: Integers,
        skill: Integers,
        chance: Floats,
        shown: Floats,
        needed: Floats,
        shown_accepted: Floats,
        needed_accepted: Floats,
    ) -> Floats:
        held = chance * np.abs(shown_accepted - shown) + (1 - chance) * shown
        asked = chance * np.abs(needed_accepted - needed) + (1 - chance) * needed
        as_holder = held * self._holders[outcome] * self._asked[skill]
        return as_holder + asked * self._weights[outcome] * self._held[skill]
