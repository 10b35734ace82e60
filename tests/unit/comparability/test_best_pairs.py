"""The best pairs of all units: found by sums and worked out, kept when links change, chosen within room and budget."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import generated_index
from generated_units import Units, index_of, link_sets, units
from passerelle.comparability.assertions import TRIPLES, chosen
from passerelle.comparability.index.all_pairs import add_up, best_pairs
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.postings import inverse_of
from passerelle.comparability.index.ranked_pairs import (
    GREATER,
    OTHER,
    SCORE,
    Pairing,
    RankedPairs,
    in_order,
    lists_of,
    ranks_of,
    refreshed,
)
from passerelle.comparability.index.tables import with_links
from passerelle.comparability.index.terms import Terms
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit, OutcomeLink


def catalogue_of(index: CoverageIndex) -> Pairing:
    """Two a country, from a tenth on; the French units are the catalogue."""
    return Pairing(index.in_countries(("FR",)), 0.1, 2)


def by_rows(index: CoverageIndex, rules: Pairing) -> RankedPairs:
    """The best pairs from the rows of every unit: slow, and plain."""
    found_units, found_ranks = [], []
    for unit in range(len(index.iris)):
        row = ranks_of(index.tables, index.inverse, rules, unit)
        others = np.flatnonzero(row)
        ranks = row[others] | (OTHER - others)
        lists = lists_of(index.tables, rules, np.full(len(others), unit), ranks)
        for each in np.unique(lists):
            best = np.sort(ranks[lists == each])[::-1][: rules.most]
            found_units += [unit] * len(best)
            found_ranks += best.tolist()
    return in_order(index.tables, rules, np.array(found_units, np.int64), np.array(found_ranks, np.int64))


def same(first: RankedPairs, second: RankedPairs) -> bool:
    return first.unit.tolist() == second.unit.tolist() and first.rank.tolist() == second.rank.tolist()


@pytest.mark.parametrize("threads", [1, 2])
def test_best_pairs_are_those_of_the_rows(threads: int) -> None:
    index = generated_index.index(french=60, foreign=120)
    rules = replace(catalogue_of(index), most=5)
    found = best_pairs(index.tables, rules, threads)
    assert len(found.unit) > 500
    assert same(found, by_rows(index, rules))


def test_without_a_unit_of_the_catalogue_there_is_no_pair() -> None:
    index = generated_index.index(french=0, foreign=5)
    rules = Pairing(np.zeros(5, np.bool_), 0.1, 2)
    found = best_pairs(index.tables, rules)
    assert len(found.unit) == 0
    assert chosen(index, rules, found, 80).pairs.tolist() == []


def test_a_unit_that_is_met_through_many_keys_worth_nothing_is_met_once() -> None:
    # room is for each unit once; one row asks for three keys, and unit 1 has them all, with a confidence of 0
    worth_nothing = np.zeros(3)
    asked = Terms(np.array([0, 3]), np.array([0, 1, 2]), np.ones(3), np.ones(3))
    having = Terms(np.array([0, 1, 2, 3]), np.array([1, 1, 1]), worth_nothing, worth_nothing)
    met, reached = np.full(2, -1), np.full(2, -1)
    assert add_up.py_func(asked, 0, having, np.zeros((2, 2)), met, reached, np.zeros(3)) == 1
    assert met.tolist() == [1, -1]


@pytest.mark.parametrize("outcomes", [0, 1])
def test_units_without_links_or_without_outcomes_make_no_pair(outcomes: int) -> None:
    made = [
        ComparedUnit(
            iri=f"https://example.org/{country}",
            identifier="",
            kind="bloc",
            titles=(),
            country=country,
            outcomes=tuple(
                ComparedOutcome(f"https://example.org/{country}/{each}", "", ()) for each in range(outcomes)
            ),
        )
        for country in ("FR", "IT")
    ]
    index = index_of(made)
    assert len(best_pairs(index.tables, catalogue_of(index)).unit) == 0
    assert len(best_pairs(index.tables, Pairing(np.zeros(2, np.bool_), 0.1, 2)).unit) == 0
    nothing = index_of(())
    assert len(best_pairs(nothing.tables, catalogue_of(nothing)).unit) == 0


@given(units(most=7), st.data())
@settings(max_examples=60, deadline=None)
def test_best_pairs_of_odd_units_are_those_of_the_rows(made: Units, data: st.DataObject) -> None:
    index = index_of(made.units, made.broader)
    rules = replace(catalogue_of(index), others_too=data.draw(st.booleans()))
    assert same(best_pairs(index.tables, rules, 2), by_rows(index, rules))


@given(units(most=7), st.data())
@settings(max_examples=150, deadline=None)
def test_lists_after_a_change_of_links_are_those_of_a_new_search(made: Units, data: st.DataObject) -> None:
    index = index_of(made.units, made.broader)
    rules = replace(catalogue_of(index), others_too=data.draw(st.booleans()))
    count = index.tables.outcome_count
    chosen_outcomes = data.draw(st.sets(st.integers(0, count - 1), max_size=2)) if count else set()
    links = {outcome: data.draw(link_sets) for outcome in sorted(chosen_outcomes)}
    tables = with_links(index.tables, links)
    inverse = inverse_of(tables)
    changed = {*inverse.units.all_of(np.array(sorted(links), np.int64))[0].tolist()}
    found = refreshed(by_rows(index, rules), tables, inverse, rules, changed)
    assert same(found, by_rows(CoverageIndex(tables, inverse), rules))


def test_a_changed_link_costs_few_rows_and_gives_the_same_lists() -> None:
    index = generated_index.index(french=60, foreign=120)
    rules = replace(catalogue_of(index), most=5)
    before = best_pairs(index.tables, rules)
    links = {3: (), 40: (OutcomeLink(index.tables.skills[7], "reviewed", "skos:exactMatch"),)}
    tables = with_links(index.tables, links)
    inverse = inverse_of(tables)
    changed = {*inverse.units.all_of(np.array([3, 40]))[0].tolist()}
    assert same(refreshed(before, tables, inverse, rules, changed), by_rows(CoverageIndex(tables, inverse), rules))


def test_a_link_to_a_skill_that_no_link_named_before_is_taken_in() -> None:
    index = generated_index.index(french=3, foreign=3)
    first = OutcomeLink("http://data.europa.eu/esco/skill/!", "reviewed", "skos:exactMatch")
    tables = with_links(index.tables, {0: (first,), 1: ()})
    assert tables.skills[0] == first.skill
    assert [tables.skills[each] for each in tables.links.skill[:1]] == [first.skill]
    assert len(tables.closer.values) == len(index.tables.closer.values)
    # the others point where they pointed
    old, new = index.tables.links, tables.links
    assert [index.tables.skills[each] for each in old.skill[old.starts[2] :]] == [
        tables.skills[each] for each in new.skill[new.starts[2] :]
    ]


def ranked(index: CoverageIndex, rules: Pairing, *pairs: tuple[int, int, int]) -> RankedPairs:
    """Pairs of (unit, other, score), seen from both sides."""
    both = [*pairs, *((other, unit, score) for unit, other, score in pairs)]
    ranks = [(score << SCORE) | (score << GREATER) | (OTHER - other) for _, other, score in both]
    return in_order(index.tables, rules, np.array([unit for unit, _, _ in both]), np.array(ranks, np.int64))


def test_a_pair_is_asserted_where_either_end_chose_it_and_the_budget_keeps_the_best() -> None:
    index = generated_index.index(french=4, foreign=1)
    rules = Pairing(np.arange(5) < 4, 0.1, 2)
    # unit 4 is the one of another country: its best two are 1 and 0; it did not choose 2, but 2 has no other there
    pairs = ranked(index, rules, (0, 4, 8000), (1, 4, 9000), (2, 3, 100))
    of_two = ranked(index, rules, (2, 4, 7000))
    seen_from_two = of_two.unit == 2
    pairs = in_order(
        index.tables,
        rules,
        np.concatenate((pairs.unit, of_two.unit[seen_from_two])),
        np.concatenate((pairs.rank, of_two.rank[seen_from_two])),
    )
    found = chosen(index, rules, pairs, 100 * TRIPLES)
    assert found.pairs.tolist() == [[1, 4], [0, 4], [2, 4], [2, 3]]
    assert found.cut == 0
    within = chosen(index, rules, pairs, 2 * TRIPLES + 7)
    assert (within.pairs.tolist(), within.cut) == ([[1, 4], [0, 4]], 2)


def test_pairs_without_a_french_unit_get_what_the_budget_leaves() -> None:
    index = generated_index.index(french=2, foreign=2)
    rules = Pairing(np.array([True, True, False, False]), 0.1, 5, others_too=True)
    # the pair of 2 and 3 is the best of all, and stands behind those of 0 and of 1
    pairs = ranked(index, rules, (2, 3, 9000), (0, 1, 3000), (1, 2, 5000))
    assert chosen(index, rules, pairs, 3 * TRIPLES).pairs.tolist() == [[1, 2], [0, 1], [2, 3]]
    within = chosen(index, rules, pairs, 2 * TRIPLES)
    assert (within.pairs.tolist(), within.cut) == ([[1, 2], [0, 1]], 1)


def test_the_french_unit_comes_first_and_of_two_the_first_iri() -> None:
    index = generated_index.index(french=2, foreign=1)
    rules = Pairing(np.array([False, False, True]), 0.1, 5)
    assert chosen(index, rules, ranked(index, rules, (0, 2, 5)), 80).pairs.tolist() == [[2, 0]]
    rules = Pairing(np.array([True, True, False]), 0.1, 5)
    assert chosen(index, rules, ranked(index, rules, (1, 0, 5)), 80).pairs.tolist() == [[0, 1]]
