"""The ten CSV files: the real extract, their oddities, and what each kind of damage is answered with."""

from __future__ import annotations

import shutil
import unicodedata
import zipfile
from pathlib import Path

import pytest

from french_fixture import Stated, read_source
from generated_catalogue import CSV_HEADERS, write_csv
from passerelle.errors import InputError, MalformedInput, UnexpectedInput
from passerelle.records.fiche import Certifier, Fiche
from passerelle.records.mapping_table import rows
from passerelle.records.text import Code
from passerelle.sources.france_competences_csv import FIELDS, FranceCompetencesCsv
from passerelle.sources.france_competences_values import TRANSFORMS


@pytest.fixture(scope="module")
def real(reference: Path) -> Path:
    return reference / "french-catalogue" / "csv-2024-02-22"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three RNCP and two RS fiches, made up, in ten files."""
    made = tmp_path / "csv"
    made.mkdir()
    write_csv(made, 3, 2, seed=7)
    return made


def named(folder: Path, name: str) -> Path:
    return folder / f"export_fiches_CSV_{name}_2026_08_16.csv"


def by_number(fiches: list[Fiche]) -> dict[str, Fiche]:
    return {fiche.number: fiche for fiche in fiches}


def test_the_real_extract_is_accounted_for(real: Path) -> None:
    source = FranceCompetencesCsv(real)
    reading = read_source(source)
    assert (source.slug, source.provenance().edition, len(source.provenance().files)) == (
        "france-competences-csv", "2024-02-22", 10
    )  # fmt: skip
    # data rows: 9 succession, 6 blocs, 2 CCN, 6 certifiers, 5 Formacode, 10 NSF, 10 partners, 15 ROME, 34 routes
    assert reading.tally.accepted == {"fiche": 9, "bloc": 6, "row": 96}
    assert reading.tally.rejected == {"row": 1}
    assert reading.reasons() == ["rs-open-to-vae", "rs-open-to-vae", "row-without-fiche"]
    assert reading.rejects[-1].place.record == "RNCP38228"
    assert reading.rejects[-1].place.line == 3


def test_the_oddities_of_the_real_extract(real: Path) -> None:
    fiches = by_number(read_source(FranceCompetencesCsv(real)).fiches)
    assert fiches["RNCP509"].certifiers == (
        Certifier("MINISTERE DE L'EDUCATION NATIONALE ET DE LA JEUNESSE", "11004301500012"),
    )
    assert fiches["RNCP509"].speciality_fields == (Code("251", "Mécanique générale et de précision, usinage"),)
    assert fiches["RNCP509"].formacodes == (Code("42872", "Sécurité incendie"),)
    assert fiches["RNCP509"].short_form == Code("CAP", "Certificat d'aptitude professionnelle")
    assert (fiches["RNCP509"].level, fiches["RNCP509"].active, fiches["RS5000"].active) == (3, False, True)
    assert len(fiches["RNCP509"].routes) == 6
    assert all(route.open for route in fiches["RNCP509"].routes)
    assert Code("H1102", "Management et ingénierie d'affaires") in fiches["RNCP4049"].occupations
    assert (fiches["RNCP4049"].replaces, fiches["RNCP4049"].replaced_by) == (("RNCP1197",), ("RNCP22094",))
    assert fiches["RNCP19468"].replaced_by == ("RS6117",)
    assert fiches["RNCP19468"].level is None
    assert fiches["RS6117"].collective_agreements == (Code("3117", "Boulangerie-pâtisserie (Entreprises artisanales)"),)
    assert [fiches[number].partner_count for number in ("RS5000", "RS6117", "RNCP19468")] == [3, 6, 1]
    assert [bloc.key for bloc in fiches["RNCP509"].blocs][:2] == ["RNCP509BC05", "RNCP509BC06"]


def test_partners_are_published_on_demand_and_only_organisations(real: Path) -> None:
    fiches = by_number(read_source(FranceCompetencesCsv(real, publish_partners=True)).fiches)
    assert [partner.name for partner in fiches["RS5000"].partners] == []
    # an institute may bear its owner's name: neither its word nor its private SIRET shows what it is
    assert [partner.name for partner in fiches["RNCP19468"].partners] == []
    assert fiches["RS5000"].partner_count == 3


def test_every_column_of_the_real_files_is_in_the_field_table(real: Path) -> None:
    known = {(row["file"], row["column"]) for row in rows(FIELDS)}
    found = set()
    for name in CSV_HEADERS:
        (path,) = [path for path in real.iterdir() if f"CSV_{name}_2024" in unicodedata.normalize("NFC", path.name)]
        header = path.read_text(encoding="utf-8").splitlines()[0]
        assert header.replace('"', "").split(";") == CSV_HEADERS[name].split()
        found |= {(name, column) for column in CSV_HEADERS[name].split()}
    assert found == known
    for row in rows(FIELDS):
        dropped = row["transform"] == "dropped"
        assert bool(row["reason"]) == dropped
        assert dropped or (row["field"] and row["transform"].removesuffix("-list") in TRANSFORMS)


def test_names_in_either_normal_form_and_the_zip(folder: Path, tmp_path: Path) -> None:
    expected = by_number(read_source(FranceCompetencesCsv(folder)).fiches)
    path = tmp_path / "export-fiches-csv-2026-08-16.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, unicodedata.normalize("NFD", file.name))
    assert by_number(read_source(FranceCompetencesCsv(path)).fiches) == expected
    assert len(expected) == 5


def test_a_byte_order_mark_is_accepted(folder: Path) -> None:
    expected = read_source(FranceCompetencesCsv(folder)).fiches
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_source(FranceCompetencesCsv(folder)).fiches == expected


def test_rows_of_a_fiche_may_stand_anywhere(folder: Path) -> None:
    expected = by_number(read_source(FranceCompetencesCsv(folder)).fiches)
    for path in folder.iterdir():
        header, *lines = path.read_bytes().splitlines(keepends=True)
        # stable: the order within a fiche stays
        path.write_bytes(header + b"".join(sorted(lines, key=lambda line: line.split(b";")[0][::-1])))
    assert set(map(repr, Stated(list(expected.values())).quads)) == set(
        map(repr, Stated(read_source(FranceCompetencesCsv(folder)).fiches).quads)
    )


def remove(path: Path) -> None:
    path.unlink()


def copy(path: Path) -> None:
    shutil.copy(path, path.with_name(path.name.replace("2026_08_16", "2026_08_15")))


def drop_columns(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("Actif", "Autre"), encoding="utf-8")


def latin(path: Path) -> None:
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join([*lines[:3], b'"RNCP900003";"\xe9t\xe9"', *lines[3:]]))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes().rstrip()[:-5])


def emptied(path: Path) -> None:
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])


DAMAGE = [
    (remove, "Nsf", UnexpectedInput, "csv-file-missing", "Nsf", None),
    (remove, "VoixdAccès", UnexpectedInput, "csv-file-missing", "VoixdAccès", None),
    (copy, "Rome", UnexpectedInput, "csv-file-twice", "Rome", None),
    (drop_columns, "Standard", UnexpectedInput, "table-columns", "Actif", None),
    (latin, "Rome", MalformedInput, "table-encoding", "export_fiches_CSV_Rome", 4),
    (cut, "Standard", MalformedInput, "table-csv", "export_fiches_CSV_Standard", 6),
    (emptied, "Standard", UnexpectedInput, "fiches-none", "export_fiches_CSV_Standard", None),
]


@pytest.mark.parametrize(("damage", "name", "kind", "reason", "said", "line"), DAMAGE, ids=[row[3] for row in DAMAGE])
def test_damage_is_named(
    folder: Path, damage: object, name: str, kind: type[InputError], reason: str, said: str, line: int | None
) -> None:
    damage(named(folder, name))  # type: ignore[operator]
    with pytest.raises(kind) as caught:
        read_source(FranceCompetencesCsv(folder))
    assert caught.value.message_id == reason
    assert said in str(caught.value)
    assert caught.value.place.line == line


def append(folder: Path, name: str, line: str) -> None:
    with named(folder, name).open("a", encoding="utf-8", newline="") as file:
        file.write(line + "\r\n")


def test_bad_rows_are_set_aside_one_by_one(folder: Path) -> None:
    before = read_source(FranceCompetencesCsv(folder))
    append(folder, "Standard", named(folder, "Standard").read_text(encoding="utf-8").splitlines()[1])
    append(folder, "Standard", '"1";"RNCP900009";;;;;;;;;;;;;;')
    append(folder, "Standard", '"1";"RNCP900010";"trop court"')
    append(folder, "Rome", '"RNCP900009";"A0000";"d\'une fiche écartée"')
    append(folder, "Rome", '"sans numéro";"A0000";"x"')
    append(folder, "VoixdAccès", '"RNCP900001";"Par magie"')
    append(folder, "Certificateurs", '"RNCP900001";"123";"CENTRE FICTIF"')
    after = read_source(FranceCompetencesCsv(folder))
    assert after.tally.accepted["fiche"] == before.tally.accepted["fiche"] == 5
    assert after.tally.rejected == {"fiche": 3, "row": 2}
    assert after.tally.accepted["row"] == before.tally.accepted["row"] + 2
    new = sorted(set(after.reasons()) - {"rs-open-to-vae"})
    assert new == [
        "fiche-duplicate", "fiche-title-missing", "row-without-fiche", "table-row-length", "value-access-route",
        "value-siret",
    ]  # fmt: skip
