"""Each named query gives the rows that a reader of `fixture.ttl` works out by hand.

The fixture is loaded into two graphs: in the union of graphs a statement of two sources comes twice, and no count may
change for that.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.namespaces import expand
from passerelle.queries import catalogue

BASE = "https://example.org/r"
EDITION = f"<{BASE}/id/source/s> <{expand('dcterms:issued')}> '2026-08-16'^^<{expand('xsd:date')}> ."
SHORT = {
    BASE + "/id/": "",
    "http://data.europa.eu/esco/skill/": "s:",
    "http://data.europa.eu/esco/occupation/": "occ:",
    "http://publications.europa.eu/resource/authority/country/": "",
    "https://w3id.org/passerelle/vocabulary/": "",
    "http://www.w3.org/2004/02/skos/core#": "skos:",
    "https://w3id.org/semapv/vocab/": "semapv:",
}


@pytest.fixture(scope="module")
def store() -> ox.Store:
    data = (Path(__file__).parent / "fixture.ttl").read_bytes()
    store = ox.Store()
    for name in ("one", "two"):
        graph = ox.NamedNode(f"{BASE}/graph/{name}")
        store.load(data, ox.RdfFormat.TURTLE, to_graph=graph)
        edition = f"<{graph.value}> <{expand('prov:wasDerivedFrom')}> <{BASE}/id/source/s> . " + EDITION
        store.load(edition.encode(), ox.RdfFormat.TURTLE, to_graph=graph)
    return store


def short(term) -> str | None:
    if term is None:
        return None
    for start, prefix in SHORT.items():
        if term.value.startswith(start):
            return prefix + term.value.removeprefix(start)
    return term.value


def rows(store: ox.Store, name: str, columns: str, **values: str) -> list[tuple[str | None, ...]]:
    """The columns of the answer, IRIs shortened, unbound as None."""
    answer = store.query(catalogue()[name].bind(values, BASE), use_default_graph_as_union=True)
    assert isinstance(answer, ox.QuerySolutions)
    known = {variable.value for variable in answer.variables}
    assert set(columns.split()) <= known
    return [tuple(short(row[column]) for column in columns.split()) for row in answer]


SHARING = "unit title country level levelBasis kind sharedSkills coveredOutcomes linkedOutcomes outcomes reviewedShare"
ITALIAN = ("https://it.example/u1", "Inspection", "ITA", "4", "level-basis/stated", "unit-kind/micro-credential",
           "2", "2", "2", "3", "0.25")  # fmt: skip
RS = ("rs/9", "Travail en hauteur", "FRA", None, "level-basis/not-stated", "unit-kind/specific-certification",
      "1", "1", "2", "3", "1")  # fmt: skip
DUTCH = ("https://nl.example/u3", "Keuzedeel", "NLD", None, "level-basis/not-stated", "unit-kind/component",
         "1", "1", "2", "3", "0.5")  # fmt: skip


def test_units_sharing_skills_rest_on_stated_links_at_the_level_or_one_beside(store):
    assert rows(store, "units-sharing-skills", SHARING, unit="RNCP1BC01") == [ITALIAN, DUTCH]


def test_units_sharing_skills_of_its_own_country_are_asked_for(store):
    assert rows(store, "units-sharing-skills", SHARING, unit="RNCP1BC01", country="FR") == [RS]


def test_units_sharing_skills_in_one_country(store):
    assert rows(store, "units-sharing-skills", SHARING, unit="RNCP1BC01", country="IT") == [ITALIAN]
    assert rows(store, "units-sharing-skills", "title", unit="RNCP1BC01", country="IT", language="it") == [
        ("Ispezione",)
    ]


def test_units_sharing_skills_further_apart_in_level(store):
    units = [row[0] for row in rows(store, "units-sharing-skills", "unit", unit="RNCP1BC01", levels="2")]
    assert units == ["https://it.example/u1", "https://it.example/u2", "https://nl.example/u3"]
    # level 4 is one below level 5, so an exact level leaves only the units that state none
    exact = [row[0] for row in rows(store, "units-sharing-skills", "unit", unit="RNCP1BC01", levels="0")]
    assert exact == ["https://nl.example/u3"]


def test_units_sharing_skills_with_a_whole_certification_leaves_its_own_blocs_out(store):
    columns = "unit sharedSkills linkedOutcomes outcomes"
    assert rows(store, "units-sharing-skills", columns, unit="RNCP1", country="FR") == [("rs/9", "1", "3", "4")]


def test_shared_and_missing(store):
    columns = "position skill label firstStates firstTexts secondStates secondTexts"
    assert rows(store, "shared-and-missing", columns, first="RNCP1", second="https://it.example/u1") == [
        ("both", "s:inspect", "inspect turbines", "accepted", "Inspecter une éolienne", "declared", "Ispezionare"),
        ("both", "s:plan", "plan work", "official", "Planifier", "declared", "Pianificare"),
        ("first-only", "s:sort", "sort waste", "declared", "Trier les déchets", None, None),
        ("first-unlinked", None, None, None, "Rédiger", None, None),
        ("second-unlinked", None, None, None, None, None, "Differenziare"),
    ]
    turned = rows(
        store, "shared-and-missing", "position label", first="https://it.example/u1", second="RNCP1", language="fr"
    )
    assert ("second-only", "trier les déchets") in turned


def test_official_correspondences_are_directed_and_set_to_set(store):
    columns = "direction declaredBy sourceQualification sourceBlocs targetQualification targetBlocs extent notDescribed"
    (row,) = rows(store, "official-correspondences", columns, unit="RNCP1BC02")
    assert row[:3] == ("from", "rncp/1/record", "rncp/1")
    assert set(f"{BASE}/id/{row[3]}".split()) == {f"{BASE}/id/rncp/1/bloc/RNCP1BC0{n}" for n in (1, 2)}
    assert row[4:] == ("rncp/4", "rncp/4/bloc/RNCP4BC01", "correspondence-extent/not-stated", "2")
    assert rows(store, "official-correspondences", "direction correspondence", unit="RNCP4BC01") == [
        ("to", "rncp/1/correspondence/x")
    ]
    assert rows(store, "official-correspondences", "direction", unit="RS9") == []


def test_successors_over_several_steps_by_the_shortest_way(store):
    columns = "successor steps identifier title level endDate active described last"
    assert rows(store, "successors", columns, fiche="RNCP1") == [
        ("rncp/2", "1", "RNCP2", "Technicien des parcs", "5", None, "true", "true", "false"),
        ("rncp/5", "1", None, None, None, None, None, "false", "false"),
        ("rncp/3", "2", None, None, None, None, None, "false", "false"),
        ("rncp/4", "2", None, None, None, None, None, "false", "true"),
    ]


@pytest.mark.parametrize(
    ("fiche", "day", "status", "contradiction"),
    [
        # on 2026-08-16, the day of the edition, RNCP1 is registered and active, and RS9 registered but inactive
        ("RNCP1", "2021-01-15", "not-yet-effective", "false"),
        ("RNCP1", "2021-02-01", "registered", "false"),
        ("RNCP1", "2026-08-31", "registered", "false"),
        ("RNCP1", "2026-09-01", "award-period", "false"),
        ("RNCP1", "2027-02-28", "award-period", "false"),
        ("RNCP1", "2027-03-01", "ended", "false"),
        ("RNCP2", "2026-08-31", "not-yet-effective", None),
        ("RNCP2", "2026-11-22", "not-stated", None),
        ("RS9", "2026-11-22", "registered", "true"),
        ("RS9", "2027-01-01", "ended", "true"),
    ],
)
def test_status_on_a_day(store, fiche, day, status, contradiction):
    assert rows(store, "status-on-a-day", "identifier day status contradiction", fiche=fiche, day=day) == [
        (fiche, day, f"registration-status/{status}", contradiction)
    ]


def test_status_shows_the_facts_of_the_source(store):
    columns = "sourceActive ficheState decisionDate effectDate endDate awardDeadline"
    assert rows(store, "status-on-a-day", columns, fiche="RNCP1", day="2026-11-22") == [
        ("true", "Publiée", "2021-01-10", "2021-02-01", "2026-08-31", "2027-02-28")
    ]


@pytest.mark.parametrize(
    ("fiche", "day", "condition", "statement"),
    [
        ("RNCP1", "2026-08-31", "met", "Registration condition met on 2026-08-31"),
        ("RNCP1", "2026-11-22", "not-met", "Registration condition not met on 2026-11-22"),
        ("RNCP1", "2021-01-15", "not-met", "Registration condition not met on 2021-01-15"),
        ("RNCP2", "2026-11-22", "not-stated",
         "The source does not state whether the registration condition was met on 2026-11-22"),
    ],
)  # fmt: skip
def test_registration_condition_on_a_day(store, fiche, day, condition, statement):
    columns = "registrationCondition statement_en"
    found = rows(store, "registration-condition-for-funding-on-a-day", columns, fiche=fiche, day=day)
    assert found == [(condition, statement)]


def test_a_rome_code_has_certifications_occupations_and_blocs(store):
    columns = "row thing title level relation appellations"
    assert rows(store, "blocs-and-occupations-of-a-rome-code", columns, code="i1306") == [
        ("occupation", "occ:inspector", "inspector", None, "skos:exactMatch", "1"),
        ("occupation", "occ:technician", "wind turbine technician", None, "skos:closeMatch", "2"),
        ("certification", "rncp/1", "Technicien éolien", "5", None, "0"),
        ("bloc", "rncp/1/bloc/RNCP1BC01", "Inspecter", "5", None, "0"),
        ("bloc", "rncp/1/bloc/RNCP1BC02", "Trier", "5", None, "0"),
    ]


def test_entries_without_occupation(store):
    assert rows(store, "entries-without-occupation", "kind identifier title level active") == [
        ("unit-kind/full-qualification", "RNCP2", "Technicien des parcs", "5", "true"),
        ("unit-kind/specific-certification", "RS9", "Travail en hauteur", None, "false"),
    ]
    assert len(rows(store, "entries-without-occupation", "kind", limit="1")) == 1


@pytest.mark.parametrize(
    ("values", "found"),
    [({}, 1), ({"level": "5"}, 1), ({"level": "6"}, 0), ({"field": "25"}, 1), ({"field": "33"}, 0),
     ({"level": "5", "field": "227"}, 1)],
)  # fmt: skip
def test_open_to_recognition_of_prior_learning_by_level_and_field_never_rs(store, values, found):
    columns = "certification identifier level active endDate"
    expected = [("rncp/1", "RNCP1", "5", "true", "2026-08-31")] * found
    assert rows(store, "open-to-recognition-of-prior-learning", columns, **values) == expected


def test_green_skills_by_level(store):
    columns = "level skill label units reviewedShare"
    assert rows(store, "green-skills-by-level", columns) == [
        (None, "s:inspect", "inspect turbines", "1", "1"),
        ("4", "s:inspect", "inspect turbines", "1", "0"),
        ("5", "s:inspect", "inspect turbines", "1", "1"),
        ("5", "s:sort", "sort waste", "1", "0"),
        ("7", "s:inspect", "inspect turbines", "1", "0"),
    ]
    assert rows(store, "green-skills-by-level", "level skill", country="IT", level="4") == [("4", "s:inspect")]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-06-15", "3", [("2026-08-31", "RNCP1", "true")]),
        ("2026-06-15", "2", []),
        ("2026-08-31", "1", [("2026-08-31", "RNCP1", "true")]),
        ("2026-09-01", "3", []),
        ("2026-06-30", "6", [("2026-08-31", "RNCP1", "true")]),
        ("2026-06-15", "7", [("2026-08-31", "RNCP1", "true"), ("2026-12-31", "RS9", "false")]),
        ("2024-12-31", "24", [("2026-08-31", "RNCP1", "true"), ("2026-12-31", "RS9", "false")]),
    ],
)
def test_registrations_ending_within_some_months(store, day, months, expected):
    columns = "endDate identifier successor"
    assert rows(store, "registrations-ending-within", columns, day=day, months=months) == expected


def test_who_awards_and_who_trains_stay_apart(store):
    columns = "row name scope state since count"
    assert rows(store, "who-awards-who-trains", columns, unit="RNCP1") == [
        ("awards", "Ancien certificateur", None, "Inactif", None, None),
        ("awards", "Ministère fictif", None, "Actif", "2021-01-01", None),
        ("authorised-count", None, None, None, None, "3"),
        ("authorised", "Centre fictif", "authorisation-scope/train", None, None, None),
    ]
    of_bloc = rows(store, "who-awards-who-trains", columns, unit="RNCP1BC02")
    assert of_bloc == rows(store, "who-awards-who-trains", columns, unit="RNCP1")
    assert rows(store, "who-awards-who-trains", "row name", unit="https://it.example/u1") == [
        ("awards", "Ente fittizio")
    ]


def test_a_learning_activity_may_lead_somewhere_or_is_recognised_by_a_decision(store):
    columns = "activity title country duration unit unitTitle recognised body date"
    first = (
        "https://pill.example/1",
        "Reading data",
        "ITA",
        "PT40M",
        "https://it.example/u1",
        "Inspection",
        "false",
        None,
        None,
    )
    assert rows(store, "learning-activities-and-what-they-may-lead-to", columns) == [
        first,
        ("https://pill.example/2", "Heights", "GRC", None, "https://it.example/u1", "Inspection", "true",
         "https://it.example/ente", "2026-05-12"),
        ("https://pill.example/3", "Nowhere yet", None, None, None, None, "false", None, None),
    ]  # fmt: skip
    assert rows(store, "learning-activities-and-what-they-may-lead-to", columns, country="IT") == [first]


def test_links_awaiting_review_are_the_candidates_the_surest_first(store):
    columns = "confidence outcome outcomeText skill label relation method confidenceStatus"
    near = ("0.5", "o/n1", "Plannen", "s:inspect", "inspect turbines", "skos:closeMatch",
            "semapv:LexicalSimilarityThresholdMatching", "confidence-status/uncalibrated")  # fmt: skip
    exact = ("0.9", "o/3", "Rédiger", "s:report", "write reports", "skos:exactMatch", "semapv:LexicalMatching",
             "confidence-status/uncalibrated")  # fmt: skip
    assert rows(store, "links-awaiting-review", columns) == [exact, near]
    assert rows(store, "links-awaiting-review", columns, limit="1") == [exact]
    assert rows(store, "links-awaiting-review", columns, unit="https://nl.example/u3") == [near]
    assert rows(store, "links-awaiting-review", columns, unit="RNCP1") == [exact]


def test_data_sources(store):
    columns = "source title publisher edition licence attribution file sha256 graph"
    assert rows(store, "data-sources-and-licences", columns, language="fr") == [
        ("source/rncp", "Répertoire national", "France compétences", "4.1",
         "https://www.etalab.gouv.fr/licence-ouverte-open-licence", "France compétences", "rncp.xml", "00ff",
         BASE + "/graph/rncp"),
    ]  # fmt: skip


def test_units_are_found_by_words_of_any_title(store):
    assert rows(store, "units-by-title", "unit title country", words="ISPEZ") == [
        ("https://it.example/u1", "Ispezione", "ITA")
    ]
    assert rows(store, "units-by-title", "unit", words="keuzedeel", country="IT") == []


NEAREST = "unit title country level lower expected reverseLower reverseExpected reviewedShareBothWays"
# assertion 2 names the bloc second, so its own figures stand; 1 and 3 name it first, so theirs are turned round
DUTCH_NEAREST = ("https://nl.example/u3", "Keuzedeel", "NLD", None, "0.25", "0.75", "0.1", "0.2", "0.5")
ITALIAN_NEAREST = ("https://it.example/u1", "Inspection", "ITA", "4", "0", "0.6", "0", "0.5", "0")
DEGREE_NEAREST = ("https://it.example/u2", "Laurea", "ITA", "7", "0", "0.1", "0", "0.9", "0.2")


def test_nearest_units_turn_an_assertion_towards_the_unit_asked_about(store):
    found = rows(store, "nearest-units", NEAREST, unit="RNCP1BC01")
    assert found == [DUTCH_NEAREST, ITALIAN_NEAREST, DEGREE_NEAREST]


def test_nearest_units_of_a_country_and_a_level(store):
    italian = rows(store, "nearest-units", NEAREST, unit="RNCP1BC01", country="IT")
    assert italian == [ITALIAN_NEAREST, DEGREE_NEAREST]
    # the bloc is at level 5: level 7 is two steps away, and a unit without a level stays
    assert rows(store, "nearest-units", NEAREST, unit="RNCP1BC01", levels="1") == [DUTCH_NEAREST, ITALIAN_NEAREST]


def test_blocs_that_a_holder_has_shown_something_of(store):
    columns = "unit title certification name lower expected reviewedShareBothWays"
    found = rows(store, "nearest-blocs-of-other-certifications", columns, unit="https://it.example/u1")
    whole = [row for row in found if row[0] == "rncp/8/bloc/01"]
    assert whole == [("rncp/8/bloc/01", "Bloc huit", "rncp/8", "Certification huit", "0.3", "0.4", "1")]
    assert [row[0] for row in found] == ["rncp/1/bloc/RNCP1BC01", "rncp/8/bloc/01"]


def test_assertions_that_rest_on_unreviewed_links(store):
    # by the greater of both figures: 0.9 before 0.6; no link of the first was reviewed, of the other a fifth
    asked = "assertions-on-unreviewed-links", "second expected reverseExpected reviewedShareBothWays"
    assert rows(store, *asked) == [("https://it.example/u1", "0.5", "0.6", "0")]
    assert rows(store, *asked, percent="20", unit="RNCP1BC01") == [
        ("https://it.example/u2", "0.9", "0.1", "0.2"),
        ("https://it.example/u1", "0.5", "0.6", "0"),
    ]
