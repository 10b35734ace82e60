"""Workbooks that reviewers hand in: what is read, and hostile ones that are refused before they are opened."""

from __future__ import annotations

import datetime
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from passerelle.errors import InputError, MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.linking import workbook_guard
from passerelle.linking.review_columns import choices, review_columns
from passerelle.linking.submitted_file import submitted_rows
from passerelle.messages import LANGUAGES
from passerelle.records.tally import Reject, Tally

OUTCOME, SKILL, OTHER = (
    "https://example.org/u/outcome/1",
    "http://data.europa.eu/esco/skill/a",
    "http://data.europa.eu/esco/skill/b",
)
ACCEPTED = {"decision": "accept", "relation": "closeMatch"}
ROW = {"text": "Souder", "outcome": OUTCOME, "skill": SKILL}


def workbook(path: Path, *rows: dict[str, object], language: str = "en", first: str = "Links") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = first
    columns = review_columns()
    sheet.append([column.header(language) for column in columns])
    for row in rows:
        sheet.append([row.get(column.name, "") for column in columns])
    book.save(path)
    return path


def read(path: Path):
    rejects: list[Reject] = []
    rows = list(submitted_rows(path, Tally(on_reject=rejects.append)))
    return rows, [(each.message_id, each.place.line) for each in rejects]


@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_are_understood_in_both_languages(tmp_path: Path, language: str):
    rows = [
        {**ROW, "decision": decision.label(language), "relation": relation.label(language),
         "corrected_skill": OTHER if decision.value == "correct" else "", "date": datetime.date(2026, 1, 2)}
        for decision in choices("decision") for relation in choices("relation")
    ]  # fmt: skip
    found, rejects = read(workbook(tmp_path / "r.xlsx", *rows, language=language))
    wanted = [(decision.value, relation.value) for decision in choices("decision") for relation in choices("relation")]
    assert rejects == []
    assert [(row.decision, row.relation) for row in found] == wanted
    assert {row.date for row in found} == {"2026-01-02"}


def test_columns_may_be_moved_and_sheets_stand_before(tmp_path: Path):
    path = workbook(tmp_path / "r.xlsx", {**ROW, "decision": "ACCEPT", "relation": "closeMatch", "comment": "so it is"})
    book = openpyxl.load_workbook(path)
    book.create_sheet("Notes", 0)["C7"] = "=SUM(A1:A2)"
    book["Links"].move_range(book["Links"].dimensions, cols=3)
    book.save(path)
    ((row,), rejects) = read(path)
    assert (row.decision, row.relation, row.comment, rejects) == ("accept", "skos:closeMatch", "so it is", [])


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"decision": "maybe"}, "review-import-decision"),
        ({"decision": "accept", "relation": "sameAs"}, "review-relation"),
        ({"decision": "correct"}, "review-import-correction"),
        ({"corrected_skill": OTHER}, "review-import-correction"),
        ({"decision": "correct", "corrected_skill": "weld"}, "review-import-iri"),
        ({**ACCEPTED, "date": "31/12/2026"}, "review-import-date"),
        ({**ACCEPTED, "comment": '=HYPERLINK("http://x.example")'}, "review-import-formula"),
        ({"decision": '=IF(1=1,"accept","")', "relation": "closeMatch"}, "review-import-formula"),
        ({"outcome": "=cmd|' /C calc'!A0"}, "review-import-formula"),
        ({"outcome": ""}, "review-import-iri"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_is_named_and_the_rest_is_read(
    tmp_path: Path, given: dict[str, object], reason: str
):
    found, rejects = read(workbook(tmp_path / "r.xlsx", ROW, {**ROW, **given}, ROW))
    assert len(found) == 2
    assert rejects == [(reason, 3)]


def test_an_untouched_row_decides_nothing_and_empty_lines_are_none(tmp_path: Path):
    found, rejects = read(workbook(tmp_path / "r.xlsx", ROW, {}, {**ROW, "comment": "hm", "reviewer": "A. Person"}))
    assert [row.decision for row in found] == ["", ""]
    assert rejects == []


def test_another_workbook_is_refused(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.append(["Learning outcome", "Language"])
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(UnexpectedInput):
        read(tmp_path / "r.xlsx")


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, changed: dict[str, bytes]) -> Path:
    whole = {**members(path), **changed}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in whole.items():
            archive.writestr(name, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        "<c r='xfd1048576'/>",
        '<c s="1" r="&#88;FD1048576"/>',
        f'<x:c xmlns:x="{MAIN}" r="XFD1048576"/>',
    ],
)
def test_a_cell_in_the_last_corner_is_refused_before_room_is_made_for_it(tmp_path: Path, cell: str):
    path = workbook(tmp_path / "r.xlsx", ROW)
    sheet = members(path)[SHEET].replace(b"</sheetData>", f"<row>{cell}</row></sheetData>".encode())
    with pytest.raises(UnsafeInput) as error:
        read(rewritten(path, {SHEET: sheet}))
    assert error.value.message_id == "review-workbook-extent"


def test_a_part_that_unpacks_to_much_is_refused_although_the_archive_denies_it(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(workbook_guard, "MAXIMUM_UNPACKED", 1024**2)
    path = rewritten(workbook(tmp_path / "r.xlsx", ROW), {"xl/media/image1.png": bytes(4 * 1024**2)})
    data = bytearray(path.read_bytes())
    real = struct.pack("<I", 4 * 1024**2)
    start = 0
    while (start := data.find(real, start)) >= 0:  # the sizes in both headers
        data[start : start + 4] = struct.pack("<I", 10)
        start += 4
    path.write_bytes(bytes(data))
    with pytest.raises(UnsafeInput) as error:
        read(path)
    assert error.value.message_id == "review-workbook-unpacked"


def test_entities_many_elements_and_large_files_are_refused(tmp_path: Path, monkeypatch):
    path = workbook(tmp_path / "r.xlsx", ROW)
    sheet = members(path)[SHEET]
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + sheet[sheet.index(b"<worksheet") :]
    with pytest.raises(UnsafeInput) as error:
        read(rewritten(path, {SHEET: laughs}))
    assert error.value.message_id == "review-workbook-doctype"
    rewritten(path, {SHEET: sheet})
    for name, limit in (("ELEMENTS", 20), ("BYTES", 100), ("PARTS", 2)):
        with monkeypatch.context() as small:
            small.setattr(workbook_guard, f"MAXIMUM_{name}", limit)
            with pytest.raises(UnsafeInput):
                read(path)
    assert len(read(path)[0]) == 1


def test_a_sheet_that_hides_from_the_check_is_refused(tmp_path: Path):
    path = workbook(tmp_path / "r.xlsx", ROW)
    parts = members(path)
    rels = parts["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"worksheets/sheet1.bin")
    moved = parts[SHEET].replace(b"</sheetData>", b'<row><c r="XFD1048576"/></row></sheetData>')
    with pytest.raises(MalformedInput):
        read(rewritten(path, {"xl/_rels/workbook.xml.rels": rels, "xl/worksheets/sheet1.bin": moved}))


@pytest.mark.parametrize("damage", [b"PK\x03\x04", b"PK\x03\x04" + bytes(100), b"not a workbook at all"])
def test_what_is_no_workbook_is_refused_with_a_reason(tmp_path: Path, damage: bytes):
    path = tmp_path / "r.xlsx"
    path.write_bytes(damage)
    with pytest.raises(InputError) as error:
        read(path)
    for language in LANGUAGES:
        assert error.value.what(language)
        assert error.value.remedy(language)
