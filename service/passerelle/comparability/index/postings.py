"""Who has what: for each skill the units that show it and the outcomes that need it, made from the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.index.ragged import Floats, Integers, Lists, Truths, first_of_runs, places, starts_of
from passerelle.comparability.index.tables import OutcomeTables, Tables
from passerelle.comparability.index.values import READINGS, certainty, needed, shown


@dataclass(frozen=True, slots=True)
class Postings:
    """For each skill (list `i` from `starts[i]`) its members, ascending, and what each counts for (a row a reading)."""

    starts: Integers
    members: Integers
    values: Floats

    def of(self, skills: Integers) -> tuple[Integers, Floats, Integers]:
        """Members and values (a row a reading) of these skills, and for each the number within `skills` of its own."""
        found, owner = places(self.starts, skills)
        return self.members[found], self.values[:, found], owner


class Known(Protocol):
    """What the figures of pairs ask of outcomes and units beside the tables; for its parts see `Inverse`."""

    @property
    def linked(self) -> Truths:
        """Which outcomes are linked."""

    @property
    def size(self) -> Integers:
        """Outcomes of each unit."""

    @property
    def best(self) -> Integers:
        """The skill of each outcome's best link, -1 without any."""


@dataclass(frozen=True, slots=True)
class Inverse:
    """The tables read the other way round.

    `holders`: for each skill the units whose outcomes show it, and how far the best of them does. `needs`: for each
    skill the outcomes linked to it, and how much of each it stands for. `units`: for each outcome the units that have
    it. `alike`: for each key of texts the outcomes that have it. `linked`: which outcomes are linked
    (`link_values.is_linked`). `size`: outcomes of each unit, `silent`: how many of them are not linked. `speaking`:
    which units have a link of any class and confidence. `best`: the skill of each outcome's best link
    (`link_values.best_link`), -1 without any.
    """

    holders: Postings
    needs: Postings
    units: Lists
    alike: Lists
    linked: Truths
    size: Integers
    silent: Integers
    speaking: Truths
    best: Integers

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As `arrays.write` takes them."""
        found: dict[str, npt.NDArray[Any]] = {
            "outcome-linked": self.linked,
            "unit-size": self.size,
            "unit-silent": self.silent,
            "unit-speaking": self.speaking,
            "outcome-best": self.best,
        }
        for name, postings in (("holders", self.holders), ("needs", self.needs)):
            found |= {f"{name}-{part}": getattr(postings, part) for part in Postings.__slots__}
        for name, lists in (("units", self.units), ("alike", self.alike)):
            found |= {f"{name}-{part}": getattr(lists, part) for part in Lists.__slots__}
        return found

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Inverse:
        """What `arrays` gave."""
        return cls(
            holders=Postings(*(arrays[f"holders-{part}"] for part in Postings.__slots__)),
            needs=Postings(*(arrays[f"needs-{part}"] for part in Postings.__slots__)),
            units=Lists(*(arrays[f"units-{part}"] for part in Lists.__slots__)),
            alike=Lists(*(arrays[f"alike-{part}"] for part in Lists.__slots__)),
            linked=arrays["outcome-linked"],
            size=arrays["unit-size"],
            silent=arrays["unit-silent"],
            speaking=arrays["unit-speaking"],
            best=arrays["outcome-best"],
        )


ARRAYS = (
    "outcome-linked",
    "unit-size",
    "unit-silent",
    "unit-speaking",
    "outcome-best",
    *(f"{name}-{part}" for name in ("holders", "needs") for part in Postings.__slots__),
    *(f"{name}-{part}" for name in ("units", "alike") for part in Lists.__slots__),
)
"""The names of all that `Inverse.arrays` gives."""


def inverse_of(tables: Tables) -> Inverse:
    """Everything that follows from the tables."""
    owner = np.repeat(np.arange(len(tables.outcomes), dtype=np.int32), np.diff(tables.outcomes.starts))
    found, which = places(tables.links.starts, tables.outcomes.values)
    holders = _greatest(tables.links.skill[found], owner[which], shown(tables.links)[found], len(tables.skills))
    outcome = np.repeat(np.arange(tables.outcome_count, dtype=np.int32), np.diff(tables.links.starts))
    needs = _greatest(tables.links.skill, outcome, needed(tables.links), len(tables.skills))
    linked = linked_outcomes(tables)
    silent = np.bincount(owner, ~linked[tables.outcomes.values], minlength=len(tables.outcomes))
    return Inverse(
        holders=holders,
        needs=needs,
        units=tables.outcomes.inverse(tables.outcome_count),
        alike=tables.keys.inverse(len(tables.key_kind)),
        linked=linked,
        size=np.diff(tables.outcomes.starts).astype(np.int32),
        silent=silent.astype(np.int32),
        speaking=np.bincount(owner[which], minlength=len(tables.outcomes)) > 0,
        best=best_skills(tables),
    )


def linked_outcomes(tables: OutcomeTables) -> Truths:
    """Which outcomes are linked (`link_values.is_linked`)."""
    outcome = np.repeat(np.arange(tables.outcome_count, dtype=np.int32), np.diff(tables.links.starts))
    linked = np.zeros(tables.outcome_count, np.bool_)
    linked[outcome[certainty(tables.links) >= parameters().linked_from]] = True
    return linked


def best_skills(tables: OutcomeTables) -> Integers:
    """The skill of each outcome's best link (`link_values.best_link`), -1 without any."""
    links = tables.links
    outcome = np.repeat(np.arange(tables.outcome_count), np.diff(links.starts))
    order = np.lexsort((links.skill, links.relation, -links.confidence, links.link_class, outcome))
    best = np.full(tables.outcome_count, -1, np.int32)
    some = np.diff(links.starts) > 0
    best[some] = links.skill[order[links.starts[:-1][some]]]
    return best


def _greatest(skills: Integers, members: Integers, values: Floats, count: int) -> Postings:
    """For each skill its members, each once with the greatest value in each reading."""
    order = np.lexsort((members, skills))
    skills, members = skills[order], members[order]
    begin = np.flatnonzero(first_of_runs(skills, members))
    best = np.empty((READINGS, len(begin)), np.float64)
    for reading in range(READINGS if len(begin) else 0):
        best[reading] = np.maximum.reduceat(values[order, reading], begin)
    return Postings(starts_of(np.bincount(skills[begin], minlength=count)), members[begin], best)
