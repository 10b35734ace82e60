"""The table of constraints is what the official profiles enforce, and the shapes are what the table says."""

from __future__ import annotations

from pathlib import Path

import pytest

from passerelle.resources import rows
from passerelle.validation.credentials.profiles import generation, names
from passerelle.validation.credentials.profiles.names import PROFILES, components, profile_folder
from passerelle.validation.credentials.profiles.tables import table
from passerelle.validation.credentials.rules import rules_of
from unit.validation.credentials.profiles.official import COLUMNS, FILES, rows_of


@pytest.mark.parametrize("profile", FILES)
def test_the_table_is_what_the_official_shapes_enforce(profile: str, reference: Path) -> None:
    stated = list(rows(profile_folder() / "tables" / f"{profile}.tsv"))
    assert stated == list(rows_of(reference, profile))


def test_every_profile_has_a_table_and_every_table_a_profile() -> None:
    assert {path.stem for path in (profile_folder() / "tables").glob("*.tsv")} == set(PROFILES)
    assert tuple(names.descriptions()) == PROFILES
    assert set(FILES) == set(PROFILES) - {"open-badges-3"}


@pytest.mark.parametrize("profile", PROFILES)
def test_columns_are_the_same_in_all_tables(profile: str) -> None:
    header = (profile_folder() / "tables" / f"{profile}.tsv").read_text(encoding="utf-8").partition("\n")[0]
    assert header.split("\t") == COLUMNS


def test_committed_shapes_are_what_is_generated() -> None:
    generated = dict(generation.documents())
    committed = {path.stem: path.read_text(encoding="utf-8") for path in profile_folder().glob("*.ttl")}
    assert committed.keys() == generated.keys()
    assert [name for name in generated if committed[name] != generated[name]] == []
    assert max(len(text.encode()) for text in generated.values()) < 1_000_000


def test_generation_writes_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "profile_folder", lambda: tmp_path)
    generation.main()
    committed = {path.name: path.read_bytes() for path in profile_folder().glob("*.ttl")}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == committed


@pytest.mark.parametrize("profile", PROFILES)
def test_every_constraint_is_a_rule(profile: str) -> None:
    stated = {each.code(names.descriptions()[profile]) for each in generation.constraints(profile)}
    assert stated == rules_of(profile_folder() / f"{profile}.ttl").keys()
    assert {names.profile_of(code) for code in stated} == {profile}


def test_a_profile_does_not_repeat_its_base() -> None:
    """The diploma supplement names classes and datatypes again that the generic profile has."""
    codes = {
        each.code(names.descriptions()["edc-diploma-supplement"])
        for each in generation.constraints("edc-diploma-supplement")
    }
    assert "ELM-EDC-SUPPLEMENT-Person-dateOfBirth-minCount" in codes
    assert "ELM-EDC-SUPPLEMENT-Person-dateOfBirth-datatype" not in codes
    assert "ELM-EDC-SUPPLEMENT-Qualification-hasPart-minCount" in codes
    assert "ELM-EDC-SUPPLEMENT-Qualification-hasPart-class" not in codes


def test_constraints_of_one_class_by_hand() -> None:
    """`elm:Amount` of the generic profile, read in the official file: unit 1..1 concept, value 1..1 decimal."""
    rows = {row.path: row.cells for row in table("edc-generic-no-cv") if row.target == "elm:Amount"}
    assert rows == {
        "elm:unit": {"min": "1", "max": "1", "class": "skos:Concept"},
        "elm:value": {"min": "1", "max": "1", "datatype": "xsd:decimal"},
    }


def test_what_has_no_effect_is_not_stated() -> None:
    """Deactivated shapes, and a misspelt `sh:nodekind`."""
    rows = [row for row in table("edc-generic-no-cv") if row.path == "elm:citizenshipCountry"]
    assert [row.cells for row in rows] == [{"class": "skos:Concept"}]
    assert not any(row.target == "cred:VerifiableCredential" for row in table("edc-generic-no-cv"))


def test_composition() -> None:
    generic = ("edc-generic-no-cv", "edc-generic-full")
    assert components("edc-diploma-supplement") == (*generic, "edc-accredited", "edc-diploma-supplement")
    assert components("edc-converted") == (*generic, "edc-converted")
    assert components("loq-mdr") == ("loq", "loq-mdr")
    assert components("open-badges-3") == ("open-badges-3",)
