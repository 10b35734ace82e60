"""How ESCO skills stand to each other: directly broader and narrower ones, and how specific one is."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from typing import Protocol

Closer = Callable[[str], tuple[Collection[str], Collection[str]]]
"""The skills directly broader and directly narrower than one; `UnitReader.closer_skills` is such a function."""


class Proximity(Protocol):
    """What coverage asks of the hierarchy. Skill groups never appear in it, occupations neither."""

    def broader(self, skill: str) -> Collection[str]:
        """The skills directly broader than a skill (IRIs)."""
        ...

    def narrower(self, skill: str) -> Collection[str]:
        """The skills directly narrower than a skill (IRIs)."""
        ...

    def information(self, skill: str) -> float | None:
        """The intrinsic information content of a skill, from 0 to 1; None for what the loaded ESCO does not have."""
        ...


class SkillHierarchy:
    """A `Proximity` that asks for a skill's neighbours when they are first needed, and keeps them."""

    def __init__(self, closer: Closer, skills: Callable[[], Iterable[str]]) -> None:
        self._closer = closer
        self._skills = skills
        self._known: frozenset[str] | None = None
        self._neighbours: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self._information: dict[str, float] = {}

    @classmethod
    def of_pairs(cls, pairs: Iterable[tuple[str, str]], skills: Iterable[str] = ()) -> SkillHierarchy:
        """From pairs (narrower, broader), and further skills that stand alone."""
        stated = list(pairs)
        broader: dict[str, set[str]] = {}
        narrower: dict[str, set[str]] = {}
        for below, above in stated:
            broader.setdefault(below, set()).add(above)
            narrower.setdefault(above, set()).add(below)
        known = {*skills, *broader, *narrower}
        return cls(lambda skill: (broader.get(skill, set()), narrower.get(skill, set())), lambda: known)

    def broader(self, skill: str) -> frozenset[str]:
        """See `Proximity`."""
        return self._closest(skill)[0]

    def narrower(self, skill: str) -> frozenset[str]:
        """See `Proximity`."""
        return self._closest(skill)[1]

    def information(self, skill: str) -> float | None:
        """See `Proximity`: 1 − log(n + 1) / log(N), with n narrower skills at all depths among N skills of ESCO.

        Source: N. Seco, T. Veale, J. Hayes, An intrinsic information content metric for semantic similarity in
        WordNet, ECAI 2004. A skill without narrower ones has 1; how often units use a skill plays no part.
        """
        if self._known is None:
            self._known = frozenset(self._skills())
        if skill not in self._known:
            return None
        if skill not in self._information:
            total = max(2, len(self._known))
            self._information[skill] = 1 - math.log(len(self._below(skill)) + 1) / math.log(total)
        return self._information[skill]

    def _closest(self, skill: str) -> tuple[frozenset[str], frozenset[str]]:
        found = self._neighbours.get(skill)
        if found is None:
            above, below = self._closer(skill)
            found = self._neighbours[skill] = (frozenset(above), frozenset(below))
        return found

    def _below(self, skill: str) -> set[str]:
        """The skills below one at all depths; cycles end where they began."""
        found: set[str] = set()
        pending = [skill]
        while pending:
            for each in self.narrower(pending.pop()):
                if each != skill and each not in found:
                    found.add(each)
                    pending.append(each)
        return found
