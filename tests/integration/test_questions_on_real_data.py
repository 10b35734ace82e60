"""Named questions on the real extracts, with rows read off the XML and CSV files by hand."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from conftest import REAL_BASE
from passerelle.graph.release import Release
from passerelle.graph.solutions import select
from passerelle.namespaces import VOCABULARY, Minting
from passerelle.queries import named_query

MINTING = Minting(REAL_BASE)
XML, CSV = MINTING.identifier("source", "rs"), MINTING.identifier("source", "france-competences-csv")


@pytest.fixture(scope="module")
def store(real_release: Release) -> ox.Store:
    return ox.Store.read_only(str(real_release.store))


def ask(store: ox.Store, name: str, columns: str, **values: str) -> list[tuple[str | None, ...]]:
    solutions = select(store, named_query(name).bind(values, REAL_BASE), union=True)
    return [tuple(None if row[c] is None else row[c].value for c in columns.split()) for row in solutions]


@pytest.mark.parametrize(
    ("fiche", "day", "status"),
    [
        ("RNCP35809", "2021-08-31", "not-yet-effective"),  # effect 01/09/2021, end 31/08/2026
        ("RNCP35809", "2021-09-01", "registered"),
        ("RNCP35809", "2026-08-31", "registered"),
        ("RNCP35809", "2026-09-01", "ended"),
        ("RNCP36490", "2022-06-01", "registered"),  # no effect: decision 01/06/2022
        ("RNCP40344", "2028-03-29", "award-period"),  # end 28/03/2028, awards until 28/03/2032
        ("RNCP40344", "2032-03-28", "award-period"),
        ("RNCP40344", "2032-03-29", "ended"),
        ("RS6232", "2026-06-22", "award-period"),  # end 25/01/2026, awards until 25/07/2026
        ("RS6232", "2026-07-26", "ended"),
        ("RNCP509", "2026-11-22", "ended"),  # end 31/08/2023, neither decision nor effect
        ("RNCP509", "2020-01-01", "not-stated"),
    ],
)
def test_status_on_a_day(store: ox.Store, fiche: str, day: str, status: str) -> None:
    assert ask(store, "status-on-a-day", "status", fiche=fiche, day=day) == [
        (f"{VOCABULARY}registration-status/{status}",)
    ]


def test_two_sources_of_one_fiche_are_two_rows_and_never_mixed(store: ox.Store) -> None:
    # RS5000: the export of 2024-02-22 says active, decided 13/06/2019; that of 2026 inactive, decided 24/05/2019
    columns = "source decisionDate sourceActive contradiction edition"
    assert ask(store, "status-on-a-day", columns, fiche="RS5000", day="2024-03-01") == [
        (CSV, "2019-06-13", "true", "false", "2024-02-22"),
        (XML, "2019-05-24", "false", None, None),
    ]


@pytest.mark.parametrize(
    ("fiche", "day", "condition"),
    [
        ("RNCP36490", "2026-11-22", "met"),
        ("RS6232", "2026-06-22", "not-met"),
        ("RNCP509", "2026-11-22", "not-met"),
        ("RNCP509", "2020-01-01", "not-stated"),
    ],
)
def test_registration_condition(store: ox.Store, fiche: str, day: str, condition: str) -> None:
    name = "registration-condition-for-funding-on-a-day"
    assert ask(store, name, "registrationCondition", fiche=fiche, day=day) == [(condition,)]


@pytest.mark.parametrize(
    ("fiche", "successors"),
    [
        ("RNCP34762", [("RNCP39568", "false")]),  # named by the older fiche
        ("RNCP14506", [("RNCP36490", "true")]),  # named by the newer one alone
        ("RNCP1020", [("RNCP35809", "true"), ("RNCP41827", "false")]),  # each direction once
        ("RNCP36612", []),
    ],
)
def test_successors_in_either_direction(store: ox.Store, fiche: str, successors: list[tuple[str, str]]) -> None:
    found = ask(store, "successors", "successor described", fiche=fiche)
    assert found == [(MINTING.fiche(number), described) for number, described in successors]


def test_correspondences_of_a_bloc_are_those_that_name_it(store: ox.Store) -> None:
    bloc = MINTING.bloc("RNCP35419", "RNCP35419BC04")
    rows = ask(store, "official-correspondences", "direction sourceQualification targetBlocs", unit="RNCP35419BC04")
    assert rows
    assert {direction for direction, _, _ in rows} == {"to"}
    assert {source for _, source, _ in rows} == {MINTING.fiche("RNCP36490")}
    assert all(bloc in str(targets) for _, _, targets in rows)


def test_vae_never_lists_the_rs_even_where_a_fiche_says_so(store: ox.Store) -> None:
    rows = ask(store, "open-to-recognition-of-prior-learning", "identifier level")
    numbers = {number for number, _ in rows}
    # all nine RNCP fiches of the XML, and what the CSV opens "Par expérience"; RS5000 says Oui and stays out
    assert {"RNCP34762", "RNCP35809", "RNCP35625", "RNCP35419", "RNCP37488", "RNCP40344", "RNCP36612"} <= numbers
    assert not {number for number in numbers if str(number).startswith("RS")}
    level_five = ask(store, "open-to-recognition-of-prior-learning", "identifier", level="5", field="326")
    assert level_five == [("RNCP37674",)]


def test_registrations_ending_within_six_months(store: ox.Store) -> None:
    rows = ask(store, "registrations-ending-within", "identifier endDate successor", day="2026-11-22", months="6")
    # RNCP36490 ends on 01/06/2027, ten days too late
    assert rows == [("RS5719", "2026-12-31", "false"), ("RS6547", "2027-03-27", "false")]


def test_entries_without_an_occupation(store: ox.Store) -> None:
    numbers = {number for (number,) in ask(store, "entries-without-occupation", "identifier")}
    assert {"RS6232", "RS5719", "RS6547", "RS5000", "RS5568"} <= numbers
    assert "RNCP36490" not in numbers


def test_units_without_links_give_no_row_rather_than_a_guess(store: ox.Store) -> None:
    assert ask(store, "units-sharing-skills", "unit", unit="RNCP37674BC01") == []
