"""Packages of ESCO made small: what is read, what is noticed, what is refused."""

from __future__ import annotations

import csv
import shutil
import zipfile
from pathlib import Path

import pytest

from passerelle.errors import InputError, MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.messages import message
from passerelle.records.concept import (
    BroaderRelation,
    Concept,
    ConceptScheme,
    ConceptTexts,
    OccupationSkillRelation,
    SchemeMembership,
    SkillSkillRelation,
)
from passerelle.records.tally import Reject, Tally
from passerelle.sources.archive import ArchiveLimits
from passerelle.sources.esco import EscoDataset
from small_esco import ESCO, Table, small_esco_tables, write_small_esco

SKILL = ESCO + "skill/"
TECHNICIAN = ESCO + "occupation/solar-technician"


def read(*paths: Path, limits: ArchiveLimits | None = None) -> tuple[list[object], Tally, list[Reject]]:
    noted: list[Reject] = []
    tally = Tally(noted.append)
    records: list[object] = list(EscoDataset(paths, limits).read(tally))
    for note in noted:
        # every note can be said in both languages
        assert message(note.message_id).what("en", **note.parameters)
        assert message(note.message_id).what("fr", **note.parameters)
    return records, tally, noted


def refusal(error: InputError) -> str:
    """The message identifier, after saying it in both languages."""
    assert error.what("en")
    assert error.what("fr")
    assert "{" not in error.remedy("fr")
    return error.message_id


def without_column(table: Table, column: str) -> Table:
    position = list(table[0]).index(column)
    return [[cell for number, cell in enumerate(row) if number != position] for row in table]


def test_a_skill_with_everything(tmp_path: Path) -> None:
    records, _, _ = read(write_small_esco(tmp_path))
    assert (
        Concept(
            SKILL + "mount-panels",
            "skill",
            schemes=(ESCO + "concept-scheme/member-skills", ESCO + "concept-scheme/skills"),
            skill_type=ESCO + "skill-type/skill",
            reuse_level=ESCO + "skill-reuse-level/sector-specific",
        )
        in records
    )
    texts = ConceptTexts(SKILL + "mount-panels", "en", "mount panels", ("install panels", "put up panels"))
    assert texts in records
    assert BroaderRelation(SKILL + "mount-panels", SKILL + "install") in records


def test_a_collection_fills_what_the_skill_lacks(tmp_path: Path) -> None:
    records, _, _ = read(write_small_esco(tmp_path))
    (solar,) = [each for each in records if isinstance(each, Concept) and each.iri == SKILL + "solar-energy"]
    assert solar.skill_type == ESCO + "skill-type/knowledge"
    assert solar.reuse_level == ESCO + "skill-reuse-level/cross-sector"
    (texts,) = [each for each in records if isinstance(each, ConceptTexts) and each.iri == SKILL + "solar-energy"]
    assert texts.alternative == ("power of the sun", "solar power", "sun power")
    assert texts.description == "Energy that the sun gives."
    assert SchemeMembership(SKILL + "solar-energy", ESCO + "concept-scheme/green") in records


def test_relations_keep_their_direction_and_strength(tmp_path: Path) -> None:
    records, _, _ = read(write_small_esco(tmp_path))
    assert [each for each in records if isinstance(each, OccupationSkillRelation)] == [
        OccupationSkillRelation(TECHNICIAN, SKILL + "mount-panels", "essential"),
        OccupationSkillRelation(TECHNICIAN, SKILL + "solar-energy", "essential"),
        OccupationSkillRelation(TECHNICIAN, SKILL + "wire-panels", "optional"),
    ]
    # the original skill needs the related one: mounting panels is helped by knowing about solar energy
    assert SkillSkillRelation(SKILL + "mount-panels", SKILL + "solar-energy", "optional") in records


def test_a_second_language_adds_texts_only(tmp_path: Path) -> None:
    english, french = write_small_esco(tmp_path), write_small_esco(tmp_path, language="fr")
    records, tally, noted = read(french, english)
    assert tally.accepted["concept"] == 9
    # nine concepts again, and the row of the French collection
    assert tally.accepted["label"] == 9 + 1
    assert tally.accepted["relation"] == 4 + 2 + 3 + 1
    assert tally.accepted["row compared"] == 4 + 2 + 3 + 1
    assert not noted
    labels = {each.preferred for each in records if isinstance(each, ConceptTexts) and each.iri == TECHNICIAN}
    assert labels == {"solar technician", "technicien solaire/technicienne solaire"}
    again, _, _ = read(english, french)
    assert again == records


def test_another_number_of_relations_in_another_language_is_noticed(tmp_path: Path) -> None:
    tables = small_esco_tables("fr")
    tables["occupationSkillRelations"] = tables["occupationSkillRelations"][:-1]
    records, _, noted = read(write_small_esco(tmp_path), write_small_esco(tmp_path, tables, "fr"))
    assert [(note.message_id, note.parameters["found"], note.parameters["expected"]) for note in noted] == [
        ("esco-relations-differ", 2, 3)
    ]
    assert sum(isinstance(each, OccupationSkillRelation) for each in records) == 3


def test_a_concept_of_the_second_language_alone_is_read_with_its_facts(tmp_path: Path) -> None:
    tables = small_esco_tables()
    tables["skills"] = tables["skills"][:-1]
    records, tally, noted = read(write_small_esco(tmp_path, tables), write_small_esco(tmp_path, language="fr"))
    assert tally.accepted["concept"] == 9
    assert any(isinstance(each, Concept) and each.iri == SKILL + "solar-energy" for each in records)
    assert not noted


def test_a_folder_reads_like_the_archive(tmp_path: Path) -> None:
    path = write_small_esco(tmp_path)
    folder = tmp_path / path.stem
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    assert read(folder)[0] == read(path)[0]
    names = [file.name for file in EscoDataset([folder]).provenance().files]
    assert len(names) == 9
    assert "skills_en.csv" in names


def test_an_unresolved_reference_is_kept_and_noticed(tmp_path: Path) -> None:
    tables = small_esco_tables()
    lost = (TECHNICIAN, "essential", "", SKILL + "nowhere")
    tables["occupationSkillRelations"] = (*tables["occupationSkillRelations"], lost)
    records, tally, noted = read(write_small_esco(tmp_path, tables))
    assert OccupationSkillRelation(TECHNICIAN, SKILL + "nowhere", "essential") in records
    assert [(note.message_id, note.place.line, note.place.record) for note in noted] == [
        ("esco-unresolved", 5, SKILL + "nowhere")
    ]
    assert tally.accepted["relation"] == 11


@pytest.mark.parametrize(
    ("row", "identifier"),
    [
        ((TECHNICIAN, "desirable", "", SKILL + "mount-panels"), "esco-relation-type"),
        ((TECHNICIAN, "essential", "", "https://example.org/skill"), "esco-iri"),
        ((TECHNICIAN, "essential", "", SKILL + "a> <b"), "esco-iri"),
        ((TECHNICIAN, "essential"), "table-row-length"),
        ((TECHNICIAN, "essential", "", SKILL + "mount-panels", "more"), "table-row-length"),
    ],
)
def test_a_bad_relation_is_rejected_and_the_rest_is_read(tmp_path: Path, row: tuple[str, ...], identifier: str) -> None:
    tables = small_esco_tables()
    header, *rows = tables["occupationSkillRelations"]
    tables["occupationSkillRelations"] = (header, row, *rows)
    records, tally, noted = read(write_small_esco(tmp_path, tables))
    assert [(note.message_id, note.place.line) for note in noted] == [(identifier, 2)]
    assert tally.rejected == {"relation": 1}
    assert tally.read["relation"] == 11
    assert sum(isinstance(each, OccupationSkillRelation) for each in records) == 3


def test_a_concept_twice_in_a_table_is_rejected(tmp_path: Path) -> None:
    tables = small_esco_tables()
    tables["skills"] = (*tables["skills"], tables["skills"][1])
    _, tally, noted = read(write_small_esco(tmp_path, tables))
    assert [note.message_id for note in noted] == ["esco-twice"]
    assert tally.read["concept"] + tally.read["label"] == 10


def test_unknown_values_and_columns_are_noticed(tmp_path: Path) -> None:
    tables = small_esco_tables()
    header, first, *rows = tables["skills"]
    odd = ["" if cell == "released" else cell.replace("skill/competence", "talent") for cell in first]
    tables["skills"] = ((*header, "mood"), *((*row, "") for row in (odd, *rows)))
    tables["somethingElse"] = (("a",), ("b",))
    records, _, noted = read(write_small_esco(tmp_path, tables))
    assert [note.message_id for note in noted] == ["esco-file-unknown", "table-column-unknown", "esco-value"]
    (mount,) = [each for each in records if isinstance(each, Concept) and each.iri == SKILL + "mount-panels"]
    assert mount.skill_type == ""


def test_a_hierarchy_row_adds_the_step_that_the_relations_lack(tmp_path: Path) -> None:
    tables = small_esco_tables()
    tables["broaderRelationsSkillPillar"] = tables["broaderRelationsSkillPillar"][:-1]
    header = [f"Level {level} {what}" for what in ("URI", "preferred term") for level in range(4)]
    # short rows: trailing empty cells are left out
    tables["skillsHierarchy"] = (header, (SKILL + "all",), (SKILL + "all", SKILL + "install"))
    records, tally, noted = read(write_small_esco(tmp_path, tables))
    assert BroaderRelation(SKILL + "install", SKILL + "all") in records
    assert [note.message_id for note in noted] == ["esco-hierarchy-only"]
    assert tally.accepted["hierarchy row"] == 2


def test_a_very_wide_cell_of_the_concept_schemes(tmp_path: Path) -> None:
    tables = small_esco_tables()
    top = ",\n".join([SKILL + "all", *(f"{SKILL}gone-{number}" for number in range(20_000))])
    assert len(top) > 651_423
    tables["conceptSchemes"] = (
        ("conceptSchemeUri", "preferredLabel", "hasTopConcept"),
        (ESCO + "concept-scheme/skills", "ESCO skills", top),
    )
    before = csv.field_size_limit()
    records, _, noted = read(write_small_esco(tmp_path, tables))
    assert ConceptScheme(ESCO + "concept-scheme/skills", "en", "ESCO skills", "", (SKILL + "all",)) in records
    assert [(note.message_id, note.parameters) for note in noted] == [
        ("esco-top-unresolved", {"count": 20_000, "total": 20_001})
    ]
    assert csv.field_size_limit() == before


def test_a_wide_cell_elsewhere_is_refused(tmp_path: Path) -> None:
    tables = small_esco_tables()
    header, *rows = tables["skills"]
    tables["skills"] = (header, [*rows[0][:-1], "x" * 200_000])
    with pytest.raises(MalformedInput) as caught:
        read(write_small_esco(tmp_path, tables))
    assert refusal(caught.value) == "table-csv"
    assert caught.value.place.line == 2


@pytest.mark.parametrize("version", ["1.0.9", "1.3.0", "2.0.0"])
def test_another_version_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(UnexpectedInput) as caught:
        EscoDataset([write_small_esco(tmp_path, version=version)])
    assert refusal(caught.value) == "esco-version"
    assert version in caught.value.what()


@pytest.mark.parametrize("version", ["1.1.0", "1.1.2", "1.2.0", "1.2.1"])
def test_a_supported_version_is_the_edition(tmp_path: Path, version: str) -> None:
    assert EscoDataset([write_small_esco(tmp_path, version=version)]).provenance().edition == version


def test_two_versions_are_refused(tmp_path: Path) -> None:
    paths = [write_small_esco(tmp_path), write_small_esco(tmp_path, language="fr", version="1.2.1")]
    with pytest.raises(UnexpectedInput) as caught:
        EscoDataset(paths)
    assert refusal(caught.value) == "esco-versions-differ"
    assert "1.2.0, 1.2.1" in caught.value.what()


def test_a_language_unlike_its_tables_is_refused(tmp_path: Path) -> None:
    path = write_small_esco(tmp_path)
    renamed = path.rename(tmp_path / path.name.replace("- en -", "- fr -"))
    with pytest.raises(UnexpectedInput) as caught:
        EscoDataset([renamed])
    assert refusal(caught.value) == "esco-language"
    assert caught.value.parameters == {"announced": "fr", "found": "en"}


def test_a_language_twice_is_refused(tmp_path: Path) -> None:
    path = write_small_esco(tmp_path)
    copy = tmp_path / (path.stem + " (1).zip")
    shutil.copyfile(path, copy)
    assert EscoDataset([copy]).version == "1.2.0"
    with pytest.raises(UnexpectedInput) as caught:
        EscoDataset([path, copy])
    assert refusal(caught.value) == "esco-language-twice"


def test_a_name_that_tells_no_version_is_refused(tmp_path: Path) -> None:
    renamed = write_small_esco(tmp_path).rename(tmp_path / "esco.zip")
    with pytest.raises(UnexpectedInput) as caught:
        EscoDataset([renamed])
    assert refusal(caught.value) == "esco-name"


def test_an_archive_without_concepts_is_refused(tmp_path: Path) -> None:
    tables = {"skillGroups": small_esco_tables()["skillGroups"]}
    with pytest.raises(UnexpectedInput) as caught:
        EscoDataset([write_small_esco(tmp_path, tables)])
    assert refusal(caught.value) == "esco-no-table"


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    tables = small_esco_tables()
    tables["skills"] = without_column(without_column(tables["skills"], "skillType"), "inScheme")
    with pytest.raises(UnexpectedInput) as caught:
        read(write_small_esco(tmp_path, tables))
    assert refusal(caught.value) == "table-columns"
    assert caught.value.parameters["missing"] == "skillType, inScheme"
    assert caught.value.place.file.endswith("csv.zip/skills_en.csv")


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedInput) as caught:
        read(write_small_esco(tmp_path, {"skills": ()}))
    assert refusal(caught.value) == "table-columns"


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    path = write_small_esco(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(MalformedInput) as caught:
        EscoDataset([path])
    assert refusal(caught.value) == "archive-damaged"


@pytest.mark.parametrize(
    ("tail", "identifier"),
    [(b'Concept,"cut in the mid', "table-csv"), (b"Concept,\xe9t\xe9", "table-encoding")],
)
def test_a_cut_or_wrongly_encoded_table_is_refused(tmp_path: Path, tail: bytes, identifier: str) -> None:
    path = tmp_path / "ESCO dataset - v1.2.0 - classification - fr - csv.zip"
    header = b"conceptUri,skillType,reuseLevel,preferredLabel,altLabels,inScheme,description\r\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("skills_fr.csv", header + tail)
    with pytest.raises(MalformedInput) as caught:
        read(path)
    assert refusal(caught.value) == identifier
    assert caught.value.place.file.endswith("skills_fr.csv")


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    tables = small_esco_tables()
    row = tables["skills"][1]
    tables["skills"] = (tables["skills"][0], *([row] * 30_000))
    with pytest.raises(UnsafeInput):
        read(write_small_esco(tmp_path, tables), limits=ArchiveLimits(ratio=2))


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    tally = Tally(on_progress=lambda done, total: steps.append((done, total)))
    list(EscoDataset([write_small_esco(tmp_path)]).read(tally))
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1] > 0
