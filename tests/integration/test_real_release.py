"""One release of all real files: everything is accounted for, every trap of the real extracts is handled.

Expected values were counted in the files with grep and a spreadsheet, or stand in `domain.md`.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import REAL_BASE
from passerelle.graph.manifest import SourceEntry
from passerelle.graph.release import Release
from passerelle.graph.solutions import select
from passerelle.namespaces import PREFIXES, Minting

MINTING = Minting(REAL_BASE)
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def store(real_release: Release) -> ox.Store:
    return ox.Store.read_only(str(real_release.store))


@pytest.fixture(scope="module")
def entries(real_release: Release) -> dict[str, SourceEntry]:
    return {entry.slug: entry for entry in real_release.manifest.sources}


def values(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    return [
        tuple("" if cell is None else cell.value for cell in row) for row in select(store, PROLOGUE + query, union=True)
    ]


def count(store: ox.Store, pattern: str) -> int:
    return int(values(store, f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")[0][0])


def test_the_french_extracts_are_complete(entries: dict[str, SourceEntry]) -> None:
    rncp, rs = entries["rncp"], entries["rs"]
    assert (rncp.accepted["fiche"], rncp.accepted["bloc"], rncp.accepted["correspondence"]) == (9, 39, 31)
    assert rs.accepted["fiche"] == 5
    assert rncp.rejected == rs.rejected == {}


def test_esco_is_complete(store: ox.Store, entries: dict[str, SourceEntry]) -> None:
    assert count(store, "?x a esco:Occupation") == 3039
    assert count(store, "?x a esco:Skill") == 13_936
    assert count(store, "?x a esco:Skill ; skos:prefLabel ?l . FILTER(LANG(?l) = 'fr')") == 13_191
    # three skills without an English label, and four skill groups that no table describes
    assert entries["esco"].unresolved == 7


def test_the_crosswalk_is_complete_and_its_retired_targets_are_listed(
    real_release: Release, entries: dict[str, SourceEntry]
) -> None:
    assert entries["rome-esco"].accepted["row"] == 11_118
    # described by no table of the loaded zips (grep)
    assert real_release.manifest.retired == [
        "http://data.europa.eu/esco/occupation/81309031-dad2-4a7a-bde6-7f6e518f89ff",
        "http://data.europa.eu/esco/occupation/98562ce3-9632-4226-b129-c67eb9c54f0f",
        "http://data.europa.eu/esco/occupation/a9e54177-a185-404d-b6e6-15663d31137e",
    ]
    text = (real_release.folder / "rome-esco.sssom.tsv").read_text(encoding="utf-8")
    relations = re.findall(r"\tskos:(\w+)Match\t", text)
    assert {name: relations.count(name) for name in ("exact", "close", "broad", "narrow")} == {
        "exact": 1144,
        "close": 4597,
        "broad": 5086,
        "narrow": 291,
    }


@pytest.mark.parametrize(
    ("name", "rows"), [("switzerland.csv", 3761), ("germany.csv.gz", 42_628), ("estonia.csv", 3493)]
)
def test_every_row_of_the_foreign_units_is_accounted_for(
    entries: dict[str, SourceEntry], reference: Path, name: str, rows: int
) -> None:
    entry = entries["units-" + name.partition(".")[0]]
    assert entry.read["row"] == rows == entry.accepted["row"] + entry.rejected.get("row", 0)
    data = (reference / "foreign-units" / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
    assert entry.files[0].size == len(data)
    assert text.startswith("unit_id,")


def test_foreign_units_state_neither_level_nor_skill(store: ox.Store) -> None:
    of_country = "?x a psl:ComparableSpecification ; dcterms:spatial ?c . FILTER(!STRENDS(STR(?c), '/FRA'))"
    assert count(store, of_country) > 9_800
    assert count(store, of_country + " ?x psl:eqfLevelNumber ?n") == 0
    basis = "<https://w3id.org/passerelle/vocabulary/level-basis/not-stated>"
    assert count(store, of_country + f" ?x psl:levelBasis {basis}") == count(store, of_country)


def test_a_fiche_is_a_record_a_registration_and_a_qualification(store: ox.Store) -> None:
    number = "RNCP35809"
    record, registration, fiche = MINTING.record(number), MINTING.registration(number), MINTING.fiche(number)
    assert values(
        store, f"SELECT ?v {{ <{record}> psl:sourceActive ?v ; psl:ficheState ?s . FILTER(STR(?s) = 'Publiée') }}"
    ) == [("true",)]
    assert values(store, f"SELECT ?v {{ <{registration}> psl:endDate ?v }}") == [("2026-08-31",)]
    assert values(store, f"SELECT ?v {{ <{fiche}> psl:eqfLevelNumber ?v }}") == [("5",)]
    assert values(store, f"SELECT ?v {{ <{fiche}> psl:endDate ?v }}") == []


def test_active_is_that_of_the_fiche_and_not_of_a_jury(store: ox.Store) -> None:
    # RNCP35625: FICHE/ACTIF Non, although SI_JURY_FI/ACTIF and others are Oui
    record = MINTING.record("RNCP35625")
    assert values(store, f"SELECT ?v ?s {{ <{record}> psl:sourceActive ?v ; psl:ficheState ?s }}") == [
        ("false", "Modifications à valider par le ministère")
    ]


def test_succession_names_numbers_and_leads_to_stubs(store: ox.Store) -> None:
    fiche = MINTING.fiche("RNCP34762")
    assert values(store, f"SELECT ?v {{ <{fiche}> dcterms:isReplacedBy ?v }}") == [(MINTING.fiche("RNCP39568"),)]
    assert count(store, f"VALUES ?x {{ <{MINTING.fiche('RNCP39568')}> }} ?x a psl:Unresolved") == 1


def test_an_old_rome_code_stays_unresolved_and_is_not_taken_for_described(store: ox.Store) -> None:
    code = MINTING.identifier("rome", "A1500")
    assert count(store, f"VALUES ?x {{ <{code}> }} ?x a psl:Unresolved") == 1
    assert count(store, f"VALUES ?x {{ <{code}> }} ?x a psl:RomeOccupation") == 0


def test_rs_entries_have_no_level_and_no_occupation(store: ox.Store) -> None:
    rs = "?x a psl:SpecificCertification"
    assert count(store, rs) >= 5
    assert count(store, rs + " . { ?x elm:EQFLevel ?l } UNION { ?x psl:targetOccupation ?l }") == 0


def test_no_partner_is_named(store: ox.Store, reference: Path) -> None:
    names: set[str] = set()
    for catalogue in ("RNCP", "RS"):
        path = reference / "french-catalogue" / f"export_fiches_{catalogue}_V4_1_extract.xml"
        names |= set(re.findall(r"<NOM_PARTENAIRE>([^<]+)</NOM_PARTENAIRE>", path.read_text(encoding="utf-8")))
    assert len(names) == 17
    graphs = [ox.NamedNode(MINTING.graph(name)) for name in ("rncp", "rs", "france-competences-csv", "provenance")]
    literals = {
        quad.object.value
        for graph in graphs
        for quad in store.quads_for_pattern(None, None, None, graph)
        if isinstance(quad.object, ox.Literal)
    }
    assert not names & literals


def test_nothing_that_builds_lacks_a_licence(entries: dict[str, SourceEntry]) -> None:
    for entry in entries.values():
        assert entry.licence_name
        assert entry.attribution_fr
    assert "Licence Ouverte" in entries["rncp"].licence_name
    assert "ESCO" in entries["esco"].attribution_en


def test_shapes_find_no_violation_in_real_data(real_release: Release) -> None:
    violations = [rule for rule in real_release.manifest.validation["rules"] if rule["severity"] == "Violation"]
    assert violations == []
