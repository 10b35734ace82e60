"""The ROME workbook and the tables of ROME 3 codes, as published."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from passerelle.errors import InputError, MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.records.crosswalk import RomeAppellation, RomeConcept, RomeThreeCode
from passerelle.records.tally import Reject, Tally
from passerelle.sources.archive import ArchiveLimits
from passerelle.sources.csv_tables import column_tables
from passerelle.sources.rome import RomeCodes


@pytest.fixture(scope="module")
def rome(reference: Path) -> Path:
    return reference / "rome"


@pytest.fixture(scope="module")
def tree(rome: Path) -> list[object]:
    return list(RomeCodes(rome / "rome_metiers.xlsx").read(Tally()))


def refusal(error: InputError) -> str:
    assert error.what("en")
    assert error.what("fr")
    return error.message_id


def test_the_tree_has_what_the_workbook_says_of_itself(tree: list[object]) -> None:
    # sheet "Définition": 14 grands domaines, 110 domaines professionnels, 1584 fiches ROME, 13120 appellations
    kinds = Counter(record.kind if isinstance(record, RomeConcept) else "appellation" for record in tree)
    assert kinds == {"major-domain": 14, "domain": 110, "occupation": 1584, "appellation": 13120}


def test_the_first_row_of_a_code_is_the_occupation(tree: list[object]) -> None:
    assert tree[:4] == [
        RomeConcept("A", "major-domain", "Agriculture et Pêche, Espaces naturels et Espaces verts, Soins aux animaux"),
        RomeConcept("A11", "domain", "Engins agricoles et forestiers", broader="A"),
        RomeConcept("A1101", "occupation", "Conducteur / Conductrice d'engins agricoles", "6", "A11"),
        RomeAppellation("11987", "Chauffeur / Chauffeuse de machines agricoles", "A1101"),
    ]


def test_a_code_of_a_fiche_that_rome_never_had_is_not_invented(tree: list[object]) -> None:
    codes = {record.code for record in tree if isinstance(record, RomeConcept)}
    assert "A1501" in codes
    assert "A1500" not in codes


def test_every_rome_3_code_is_a_rome_4_code_as_well(rome: Path, tree: list[object]) -> None:
    # so a fiche's ROME 3 code resolves without any table of ROME 3
    codes = {record.code for record in tree if isinstance(record, RomeConcept)}
    with (rome / "rome_v347" / "metiers.csv").open(encoding="utf-8-sig", newline="") as file:
        rome3 = {row["code_rome"] for row in csv.DictReader(file)}
    assert len(rome3) == 532
    assert rome3 <= codes


def test_rome_3_codes_by_appellation(rome: Path) -> None:
    tally = Tally()
    records = list(RomeCodes(rome / "rome_metiers.xlsx", rome / "rome_code_to_esco_occupation.csv").read(tally))
    rome4 = {record.ogr: record.rome4 for record in records if isinstance(record, RomeAppellation)}
    rome3 = [record for record in records if isinstance(record, RomeThreeCode)]
    assert RomeThreeCode("appellation", "15244", "B1603") in rome3
    assert rome4["15244"] == "B1607"
    assert len(rome3) == 11118
    assert sum(rome4[record.code] != record.rome3 for record in rome3) == 3239
    assert tally.accepted == {"concept": 1708, "appellation": 13120, "row": 11118}
    assert not tally.rejected
    assert not tally.notices


def test_rome_3_codes_by_rome_4_code(rome: Path) -> None:
    path = rome / "unix_referentiel_code_rome_v460_utf8.csv"
    records = RomeCodes(rome / "rome_metiers.xlsx", path).read(Tally())
    rome3 = [record for record in records if isinstance(record, RomeThreeCode)]
    assert RomeThreeCode("occupation", "A1102", "A1101") in rome3
    assert len(rome3) == 1584
    assert sum(record.code != record.rome3 for record in rome3) == 1584 - 532


def test_the_competences_of_rome_3_are_refused_with_the_reason(rome: Path) -> None:
    source = RomeCodes(rome / "rome_metiers.xlsx", rome / "rome_v347" / "correspondances.csv")
    with pytest.raises(UnexpectedInput) as caught:
        list(source.read(Tally()))
    assert refusal(caught.value) == "rome3-columns"
    assert "code_rome, code_ogr" in caught.value.what()
    assert "competences, not appellations" in caught.value.remedy()


def test_bad_rows_of_rome_3_are_rejected(rome: Path, tmp_path: Path) -> None:
    path = tmp_path / "rome3.csv"
    path.write_text("ogr_appellation,rome3_code\n15244,B1603\nGemmologue,B1603\n15244,B16\n15245,Z9999\n")
    noted: list[Reject] = []
    records = RomeCodes(rome / "rome_metiers.xlsx", path).read(Tally(noted.append))
    rome3 = [record.code for record in records if isinstance(record, RomeThreeCode)]
    assert rome3 == ["15244", "15245"]
    assert [(note.message_id, note.place.line) for note in noted] == [
        ("rome-row", 3),
        ("rome-row", 4),
        ("rome-unknown", 5),
    ]


def test_the_edition_is_the_day_of_the_tree(rome: Path) -> None:
    provenance = RomeCodes(rome / "rome_metiers.xlsx").provenance()
    assert provenance.edition == "ROME 4, 2025-09-18"
    assert [file.name for file in provenance.files] == ["rome_metiers.xlsx"]


def test_every_column_of_the_real_tables_is_in_the_field_table(rome: Path) -> None:
    tables = column_tables("rome.fields.tsv")
    for table, name in (
        ("rome3-by-appellation", "rome_code_to_esco_occupation.csv"),
        ("rome3-by-code", "unix_referentiel_code_rome_v460_utf8.csv"),
    ):
        with (rome / name).open(encoding="utf-8-sig", newline="") as file:
            assert set(next(csv.reader(file))) == set(tables[table])


def test_a_file_that_is_no_workbook_is_refused(rome: Path, tmp_path: Path) -> None:
    text = tmp_path / "rome_metiers.xlsx"
    text.write_text("Code OGR\n", encoding="utf-8")
    archive = tmp_path / "other.xlsx"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("readme.txt", "not a workbook")
    for path in (text, archive):
        with pytest.raises(InputError) as caught:
            RomeCodes(path).provenance()
        assert refusal(caught.value) in {"rome-not-xlsx", "archive-damaged"}
    for path in (rome / "rome_code_to_esco_occupation.csv",):
        with pytest.raises(UnexpectedInput) as refused:
            RomeCodes(path).provenance()
        assert refusal(refused.value) == "rome-not-xlsx"


def test_a_damaged_workbook_is_refused(rome: Path, tmp_path: Path) -> None:
    whole = (rome / "rome_metiers.xlsx").read_bytes()
    cut = tmp_path / "rome_metiers.xlsx"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MalformedInput) as caught:
        RomeCodes(cut).provenance()
    assert refusal(caught.value) == "archive-damaged"


def _edited(source: Path, target: Path, member: str, old: str, new: str) -> Path:
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as write:
        for name in read.namelist():
            data = read.read(name)
            if name == member:
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            write.writestr(name, data)
    return target


def test_a_workbook_without_the_sheet_or_its_column_is_refused(rome: Path, tmp_path: Path) -> None:
    real = rome / "rome_metiers.xlsx"
    other = _edited(real, tmp_path / "a.xlsx", "xl/workbook.xml", "Arbo Principale", "Arbo Thematique")
    with pytest.raises(UnexpectedInput) as caught:
        RomeCodes(other).provenance()
    assert refusal(caught.value) == "rome-sheet"
    assert "Arbo Thematique" in caught.value.what()
    renamed = _edited(real, tmp_path / "b.xlsx", "xl/sharedStrings.xml", "Code OGR<", "Code<")
    with pytest.raises(UnexpectedInput) as refused:
        list(RomeCodes(renamed).read(Tally()))
    assert refusal(refused.value) == "rome-header"


def test_a_workbook_that_is_a_bomb_is_refused(rome: Path) -> None:
    with pytest.raises(UnsafeInput):
        RomeCodes(rome / "rome_metiers.xlsx", limits=ArchiveLimits(ratio=2)).provenance()
