"""What sources say units are about, as arrays: read, written, kept by a derived index, counted by country."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import generated_index
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.ragged import Lists
from passerelle.comparability.index.tables import with_links
from passerelle.comparability.index.unit_contexts import ARRAYS, UnitContexts, UnitsByThing
from passerelle.comparability.neighbour_bases import Bases, Basis
from passerelle.comparability.stated_context import CountryContext, contexts
from passerelle.records.compared_unit import OutcomeLink

PLACE = {"a": 0, "b": 1, "c": 2}
STATED = UnitContexts(
    occupations=UnitsByThing.read([("c", "F1605"), ("a", "F1605"), ("c", "F1605"), ("stub", "F1605")], PLACE),
    fields=UnitsByThing.read([("b", "0713"), ("b", "0714")], PLACE),
    specialities=UnitsByThing.read([], PLACE),
)


def test_units_are_found_by_what_is_said_of_them() -> None:
    # of "stub" no source describes anything: it is no unit
    for given in (STATED, UnitContexts.of(STATED.arrays())):
        assert given.occupations.having("F1605").tolist() == [0, 2]
        assert [given.fields.having(each).tolist() for each in ("0713", "0714", "0715", "")] == [[1], [1], [], []]
        assert given.specialities.having("255").tolist() == []
    assert set(STATED.arrays()) == {*ARRAYS}


def index() -> CoverageIndex:
    """Four French units, of which the first has the second as a part, and two of other countries."""
    made = generated_index.index(french=4, foreign=2)
    place = {iri: number for number, iri in enumerate(made.iris)}
    stated = UnitContexts(
        UnitsByThing.read([(made.iris[0], "F1605"), (made.iris[5], "F1605")], place),
        UnitsByThing.read([(made.iris[5], "0713"), (made.iris[2], "0713")], place),
        UnitsByThing.read([(made.iris[2], "255"), (made.iris[0], "255")], place),
    )
    countries = np.array(
        [generated_index.FRANCE] * 4 + [generated_index.COUNTRIES.index(each) for each in ("IT", "ES")]
    )
    tables = replace(
        made.tables,
        parts=Lists.of(np.array([0]), np.array([1]), 6),
        country=countries.astype(np.uint8),
        level=np.array([4, 4, 0, 5, 0, 6], np.int8),
        contexts=stated,
    )
    return CoverageIndex(tables, replace(made.inverse, speaking=np.array([True, False, True, False, False, True])))


def test_a_part_counts_with_what_its_whole_has() -> None:
    # France: units 0 and 1 (its part) have the occupation and by their speciality a field, unit 2 has a field by both
    assert list(contexts(index())) == [
        CountryContext("ES", units=1, with_level=1, with_occupation=1, with_field=1, linked=1),
        CountryContext("FR", units=4, with_level=3, with_occupation=2, with_field=3, linked=2),
        CountryContext("IT", units=1, with_level=0, with_occupation=0, with_field=0, linked=0),
    ]


def test_other_links_leave_what_units_are_about() -> None:
    tables = index().tables
    link = OutcomeLink("http://data.europa.eu/esco/skill/new", "reviewed", "skos:exactMatch")
    assert with_links(tables, {0: [link]}).contexts is tables.contexts


def test_each_basis_counts_once_and_stands_in_the_order_of_its_offers() -> None:
    same, shared = Basis("same-occupation", "F1605"), Basis("coverage")
    offers = [(same, np.array([3, 1])), (shared, np.array([1, 2])), (same, np.array([1, 0]))]
    found = Bases(offers, allowed=np.array([False, True, True, True, True]))
    assert (found.places.tolist(), found.counts.tolist()) == ([1, 2, 3], [2, 1, 1])
    assert found.of([3, 1]) == [(same,), (same, shared)]
