"""Files made to exhaust or to mislead a reader: each is refused with a message, quickly and in little memory."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from french_fixture import MINTING, export, minimum, read_xml
from passerelle.errors import MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.messages import message
from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally
from passerelle.sources.archive import open_input
from passerelle.sources.csv_tables import Column, TableForm, read_table
from passerelle.sources.rdf_file import RdfFile
from passerelle.sources.rome import RomeCodes
from passerelle.sources.sssom import read_sssom
from passerelle.sources.unit_table import UnitTable

EDC = "http://data.europa.eu/snb/model/context/edc-ap"
UNIT_COLUMNS = "unit_id,unit_title,country,language,outcome_text,source_url,licence,credits"
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">{}</rdf:RDF>'


def _read_rdf(path: Path) -> list[object]:
    return list(RdfFile(path, minting=MINTING).read(Tally()))


def _units(folder: Path, text: str) -> tuple[list[object], list[Reject]]:
    path = folder / "units.csv"
    path.write_text(text, encoding="utf-8")
    rejects: list[Reject] = []
    return list(UnitTable(path, minting=MINTING).read(Tally(on_reject=rejects.append))), rejects


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_methods_that_unpack_without_a_bound_are_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("export.xml", export(minimum()))
    with open_input(path) as files, pytest.raises(UnexpectedInput) as refused:
        files.open("export.xml")
    assert refused.value.message_id == "archive-method"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"@id": "http://x/s", "http://x/p": ' + "9" * 5000 + "}", "rdf-syntax"),
        ('{"@id": "http://x/s", "http://x/p": "\\ud800"}', "rdf-encoding"),
        ('{"@id": "http://x/s", "\\udfff": "x"}', "rdf-encoding"),
        (json.dumps({"@context": [EDC] * 10_001, "@id": "http://x/s"}), "rdf-json-contexts"),
        ("{" + ",".join(f'"k{i}": 1' for i in range(100_000)) + ', "k99999": 1}', "rdf-json-key-twice"),
    ],
    ids=["long integer", "half a surrogate pair", "in a key", "contexts", "one key twice among many"],
)
def test_json_that_would_stop_the_build_with_a_traceback_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((MalformedInput, UnsafeInput)) as refused:
        _read_rdf(path)
    assert refused.value.message_id == reason
    assert message(reason).what("fr", **refused.value.parameters)


@pytest.mark.parametrize("text", ["#" * 17_000_000, '<http://x/s> <http://x/p> "' + "x" * 17_000_000 + '" .'])
def test_a_token_longer_than_the_parser_takes_is_an_error_of_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnsafeInput) as refused:
        _read_rdf(path)
    assert refused.value.message_id == "rdf-large"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<rdf:Description><x:p>" * 50_000 + "</x:p></rdf:Description>" * 50_000, "rdf-xml-deep"),
        ("<rdf:Description " + " ".join(f'x:a{i}="1"' for i in range(50_000)) + "/>", "rdf-xml-attributes"),
        ("<rdf:Description " + " ".join(f'xmlns:a{i}="u:{i}"' for i in range(50_000)) + "/>", "rdf-xml-attributes"),
    ],
    ids=["depth", "attributes", "namespaces"],
)
def test_rdf_xml_that_takes_its_parser_quadratic_time_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "a.rdf"
    path.write_text(RDF.format(content), encoding="utf-8")
    with pytest.raises(UnsafeInput) as refused:
        _read_rdf(path)
    assert refused.value.message_id == reason


def test_rdf_xml_of_ordinary_shape_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.rdf"
    inner = "<x:p><rdf:Description>" * 60 + "<x:q>é</x:q>" + "</rdf:Description></x:p>" * 60
    path.write_text(RDF.format(f'<rdf:Description rdf:about="http://x.org/s">{inner}</rdf:Description>'), "utf-8")
    (batch,) = RdfFile(path, minting=MINTING).read(Tally())
    assert len(batch.quads) == 61


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        (UNIT_COLUMNS + "," + ",".join(f"c{i}" for i in range(100_000)), UnexpectedInput, "unit-table-wide"),
        ("x" * 200_000, MalformedInput, "unit-table-quotes"),
        (UNIT_COLUMNS + "\n" + "x" * 5_000_000, MalformedInput, "unit-table-line"),
    ],
    ids=["columns", "header cell", "line"],
)
def test_unit_tables_out_of_all_proportion_are_refused(
    tmp_path: Path, text: str, kind: type[Exception], reason: str
) -> None:
    with pytest.raises(kind) as refused:
        _units(tmp_path, text)
    assert refused.value.message_id == reason  # type: ignore[attr-defined]


@pytest.mark.parametrize("cell", ["1e-99999999", "1_0", "٣", "1e3", "NaN"])
def test_credits_are_plain_decimal_numbers(tmp_path: Path, cell: str) -> None:
    row = f"u1,Souder,FR,fr,Souder un câble,https://x.org/u,CC0,{cell}"
    (unit,), rejects = _units(tmp_path, f"{UNIT_COLUMNS}\n{row}\n")
    assert unit.credits is None  # type: ignore[attr-defined]
    assert [reject.message_id for reject in rejects] == ["unit-table-number"]


@pytest.mark.parametrize(("cell", "points"), [("10", "10"), ("7,5", "7.5"), ("0.25", "0.25"), (".5", "0.5")])
def test_credits_are_read_with_point_and_comma(tmp_path: Path, cell: str, points: str) -> None:
    row = f'u1,Souder,FR,fr,Souder un câble,https://x.org/u,CC0,"{cell}"'
    (unit,), rejects = _units(tmp_path, f"{UNIT_COLUMNS}\n{row}\n")
    assert unit.credits.points == points  # type: ignore[attr-defined]
    assert rejects == []


def test_a_line_without_end_is_not_read_whole() -> None:
    form = TableForm({"a": Column("t", "a", True, "1", "", "", "")}, "row")
    stream = io.BytesIO(b"a\n" + b"x" * (16 * 1024**2 + 1))
    with pytest.raises(MalformedInput) as refused:
        list(read_table(stream, Place("t.csv"), form, Tally()))
    assert (refused.value.message_id, refused.value.place.line) == ("table-line", 2)


def test_digits_of_other_scripts_are_no_fiche_number(tmp_path: Path) -> None:
    reading = read_xml(tmp_path, export(minimum("RNCP٣٤")))
    assert reading.fiches == []
    assert reading.reasons() == ["fiche-number-malformed"]


def _workbook_with(cell: bytes, root: Path, folder: Path) -> Path:
    path = folder / "rome.xlsx"
    with (
        zipfile.ZipFile(root / "data" / "demo" / "rome_metiers.xlsx") as good,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        for name in good.namelist():
            content = good.read(name)
            if name.startswith("xl/worksheets/"):
                content = content.replace(b"</sheetData>", cell + b"</sheetData>")
            changed.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>',
        b"<row r = '1048576'><c r = 'XFD1048576' t='inlineStr'><is><t>x</t></is></c></row>",
        b'<row r="900000"><c r="Z900000"><v>1</v></c></row>',
    ],
    ids=["corner", "written otherwise", "long and wide"],
)
def test_a_workbook_with_a_cell_far_out_is_refused_before_the_reader_sees_it(
    root: Path, tmp_path: Path, cell: bytes
) -> None:
    with pytest.raises(UnsafeInput) as refused:
        list(RomeCodes(_workbook_with(cell, root, tmp_path)).read(Tally()))
    assert refused.value.message_id == "rome-extent"


def test_a_deeply_nested_header_of_a_mapping_set_is_an_error_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_text("#x: " + "[" * 20_000 + "]" * 20_000 + "\nsubject_id\tpredicate_id\tobject_id\n", "utf-8")
    with pytest.raises(UnexpectedInput) as refused:
        read_sssom(path, Tally())
    assert refused.value.message_id == "sssom-file"
