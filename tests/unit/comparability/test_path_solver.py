"""The choice of units: the best set is found where simple rules fail, and what is not known is said."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.comparability.path_bound import quick_bound
from passerelle.comparability.path_problem import PathProblem
from passerelle.comparability.path_solver import best_selection
from passerelle.records.path_questions import Fewest

UNKNOWN = float("nan")
SECONDS = 20.0


def problem(
    outcomes: int,
    shown: list[dict[int, float]],
    most: int,
    *,
    held: dict[int, float] | None = None,
    hours: list[float] | None = None,
    fewest: Fewest = "units",
) -> PathProblem:
    """Outcomes count from 1 and weigh the same; `shown` says for each candidate what it shows of which."""
    values = np.zeros((outcomes, len(shown)))
    for unit, each in enumerate(shown):
        for outcome, value in each.items():
            values[outcome - 1, unit] = value
    have = np.array([(held or {}).get(outcome, 0.0) for outcome in range(1, outcomes + 1)])
    stated = np.array(hours or [UNKNOWN] * len(shown))
    return PathProblem(np.full(outcomes, 1 / outcomes), have, values, stated, most, fewest)


def wholly(*outcomes: int) -> dict[int, float]:
    return dict.fromkeys(outcomes, 1.0)


def test_the_best_pair_is_found_where_the_best_first_unit_leads_astray() -> None:
    # A {2,4,5} is the best first unit; with any other it makes 4 of 5, and so does whatever one exchange leads to.
    # C {1,4,5} and D {2,3} make 5 of 5.
    found = problem(5, [wholly(2, 4, 5), wholly(3), wholly(1, 4, 5), wholly(2, 3)], 2)
    assert found.share(found.improved(found.greedy())) == pytest.approx(4 / 5)
    best = best_selection(found, SECONDS)
    assert sorted(best.chosen) == [2, 3]
    assert best.share == pytest.approx(1)
    assert best.bound == pytest.approx(1)
    assert best.proven
    assert best.few_proven


def test_shares_are_of_the_greatest_value_and_what_is_held_is_free() -> None:
    # held: 0.5 of outcome 1. A adds (0.8 - 0.5)/2 = 0.15, B adds 0.25/2 = 0.125; together 0.5/2 + 0.275 = 0.525.
    found = problem(2, [{1: 0.8}, {2: 0.25}, {1: 0.4}], 3, held={1: 0.5})
    best = best_selection(found, SECONDS)
    assert sorted(best.chosen) == [0, 1]
    assert best.share == pytest.approx(0.525)
    assert best.few_proven


def test_no_more_units_than_are_needed() -> None:
    # one unit shows all that three others show, though two of those come first by name
    found = problem(3, [wholly(1), wholly(2), wholly(3), wholly(1, 2, 3)], 3)
    assert best_selection(found, SECONDS).chosen == (3,)
    nothing = problem(3, [{1: 0.0}], 3)
    assert best_selection(nothing, SECONDS).chosen == ()
    assert best_selection(problem(3, [], 3), SECONDS).share == 0


def test_a_unit_of_unknown_workload_is_not_free() -> None:
    # outcome 1 by a unit of 300 h or one that states nothing; outcome 2 by the latter kind alone
    shown = [wholly(1), wholly(1), wholly(2)]
    found = problem(2, shown, 2, hours=[UNKNOWN, 300.0, UNKNOWN], fewest="workload")
    best = best_selection(found, SECONDS)
    assert sorted(best.chosen) == [1, 2]
    assert best.few_proven
    # 120 h + 100 h in two units are less than 250 h in one; counted in units, the one is better
    shown = [wholly(1, 2), wholly(1), wholly(2)]
    hours = [250.0, 120.0, 100.0]
    assert sorted(best_selection(problem(2, shown, 2, hours=hours, fewest="workload"), SECONDS).chosen) == [1, 2]
    assert best_selection(problem(2, shown, 2, hours=hours), SECONDS).chosen == (0,)


def test_coverage_comes_before_workload() -> None:
    shown = [wholly(1), wholly(1, 2)]
    best = best_selection(problem(2, shown, 1, hours=[10.0, UNKNOWN], fewest="workload"), SECONDS)
    assert best.chosen == (1,)


def test_units_that_would_do_as_much_are_named() -> None:
    found = problem(3, [wholly(1, 2), wholly(3), wholly(3), wholly(2)], 2)
    assert found.instead((0, 1), 1).tolist() == [2]
    assert found.instead((0, 1), 0).tolist() == []
    assert found.ordered((1, 0)) == (0, 1)


def crowded(candidates: int = 500, outcomes: int = 120) -> PathProblem:
    random = np.random.default_rng(4)
    values = (random.random((outcomes, candidates)) < 0.15) * random.random((outcomes, candidates))
    return PathProblem(np.full(outcomes, 1 / outcomes), np.zeros(outcomes), values, np.full(candidates, UNKNOWN), 10)


def test_a_search_that_ends_early_says_how_far_it_may_be_from_the_best() -> None:
    found = crowded()
    best = best_selection(found, 0.01)
    assert not best.proven
    assert not best.few_proven
    assert found.share(found.greedy()) <= best.share < best.bound <= found.limit
    assert best.share == pytest.approx(found.share(best.chosen))
    # no better one is known to be possible than what the relaxation allows, which is far below all units together
    assert best.bound - best.share < 0.3 * (found.limit - best.share)


VALUES = st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0])
SMALL = st.integers(1, 6).flatmap(
    lambda outcomes: st.lists(st.lists(VALUES, min_size=outcomes, max_size=outcomes), min_size=1, max_size=7)
)


@settings(deadline=None, max_examples=60)
@given(SMALL, st.integers(1, 4), st.sampled_from(["units", "workload"]), st.data())
def test_it_equals_the_best_of_all_sets(
    rows: list[list[float]], most: int, fewest: Fewest, data: st.DataObject
) -> None:
    values = np.array(rows).T
    hours = data.draw(st.lists(st.sampled_from([UNKNOWN, 10.0, 20.0]), min_size=len(rows), max_size=len(rows)))
    outcomes = values.shape[0]
    found = PathProblem(np.full(outcomes, 1 / outcomes), np.zeros(outcomes), values, np.array(hours), most, fewest)
    every = [each for count in range(most + 1) for each in combinations(range(len(rows)), count)]
    largest = max(map(found.share, every))
    cheapest = min(found.cost(each) for each in every if found.share(each) >= largest - 1e-9)
    best = best_selection(found, SECONDS)
    assert best.proven
    assert best.few_proven
    assert best.share == pytest.approx(largest)
    assert found.cost(best.chosen) == pytest.approx(cheapest)
    assert quick_bound(found, best.share) >= largest - 1e-9
