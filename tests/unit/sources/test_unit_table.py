"""The unit table: what rows become, and where every bad row goes."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from passerelle.errors import MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.graph.statements.units import write_unit
from passerelle.graph.statements.writer import GraphWriter
from passerelle.messages import catalogue
from passerelle.namespaces import Minting
from passerelle.records.tally import Reject, Tally
from passerelle.records.text import LanguageText, outcome_hash
from passerelle.records.unit import Credits, Unit
from passerelle.records.unit_tables import countries, unit_table_columns
from passerelle.sources.archive import ArchiveLimits
from passerelle.sources.unit_table import UnitTable
from passerelle.sources.unit_template import unit_table_metadata, unit_template

MINTING = Minting("https://example.org/b")
SKILL = "http://data.europa.eu/esco/skill/0a6fd0a9-f6a4-4f24-9e28-0d5b9a1d1c11"
FULL = {
    "unit_id": "IT:solar:1",
    "unit_title": "Montaggio fotovoltaico",
    "unit_kind": "component",
    "qualification_id": "IT:solar",
    "qualification_title": "Tecnico solare",
    "country": "IT",
    "language": "it",
    "eqf_level": "4",
    "nqf_level": "Livello 4",
    "isced_f": "0713 0732",
    "credits": "1,5",
    "credit_framework": "ECVET",
    "hours": "37.5",
    "awarding_body": "Regione Esempio",
    "outcome_no": "1",
    "outcome_text": "1) Montare i moduli",
    "esco_skills": SKILL,
    "source_url": "https://example.it/1",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
}

HEADER = "unit_id,unit_title,country,language,outcome_text\n"


def table(path: Path, *rows: dict[str, str], columns: list[str] | None = None, delimiter: str = ",") -> Path:
    columns = columns or [column.name for column in unit_table_columns()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", delimiter=delimiter, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(path: Path) -> tuple[list[Unit], Tally, list[Reject]]:
    set_aside: list[Reject] = []
    tally = Tally(on_reject=set_aside.append)
    return list(UnitTable(path, ArchiveLimits(), MINTING).read(tally)), tally, set_aside


def row(**changes: str) -> dict[str, str]:
    return FULL | changes


def test_a_full_row_becomes_its_unit_and_the_whole_it_is_part_of(tmp_path: Path) -> None:
    units, tally, set_aside = read(table(tmp_path / "italy.csv", row()))
    unit, whole = units
    assert unit.iri == "https://example.org/b/id/unit/IT/solar/1"
    assert unit.identifier == "IT:solar:1"
    assert unit.titles == (LanguageText("Montaggio fotovoltaico", "it"),)
    assert (unit.kind, unit.eqf_level, unit.nqf_level) == ("component", 4, "Livello 4")
    assert unit.country_iri == "http://publications.europa.eu/resource/authority/country/ITA"
    assert (unit.isced_f, unit.credits, str(unit.hours)) == (("0713", "0732"), Credits("1.5", "ECVET"), "37.5")
    assert unit.whole == whole.iri == "https://example.org/b/id/unit/IT/solar"
    assert (whole.kind, whole.titles, whole.outcomes) == ("not-stated", (LanguageText("Tecnico solare", "it"),), ())
    [outcome] = unit.outcomes
    assert (outcome.text, outcome.language, outcome.number, outcome.skills) == (
        "1) Montare i moduli",
        "it",
        "1",
        (SKILL,),
    )
    assert tally.accepted == {"row": 1, "unit": 1, "outcome": 1, "qualification": 1}
    assert set_aside == []


def test_the_statements_of_a_full_row(tmp_path: Path) -> None:
    units, _, _ = read(table(tmp_path / "italy.csv", row()))
    writer = GraphWriter(MINTING.graph("italy"), MINTING)
    write_unit(writer, units[0])
    stated = {
        (q.subject.value, q.predicate.value.split("#")[-1].split("/")[-1], q.object.value) for q in writer.drain()
    }
    unit = "https://example.org/b/id/unit/IT/solar/1"
    text_hash = outcome_hash("Montare i moduli", "it")
    outcome = f"{unit}/outcome/{text_hash}"
    psl = "https://w3id.org/passerelle/ontology#"
    vocabulary = "https://w3id.org/passerelle/vocabulary/"
    assert {
        (unit, "type", psl + "ComparableSpecification"),
        (unit, "unitKind", vocabulary + "unit-kind/component"),
        (unit, "eqfLevelNumber", "4"),
        (unit, "levelBasis", vocabulary + "level-basis/stated"),
        (unit, "EQFLevel", "http://data.europa.eu/snb/eqf/4"),
        (unit, "isPartOf", "https://example.org/b/id/unit/IT/solar"),
        (unit, "ISCEDFCode", "http://data.europa.eu/snb/isced-f/0713"),
        (unit, "volumeOfLearning", "PT37H30M"),
        (unit, "license", "https://creativecommons.org/licenses/by/4.0/"),
        (unit, "page", "https://example.it/1"),
        (unit, "hasOutcome", outcome),
        (outcome, "type", psl + "LearningOutcome"),
        (outcome, "title", "Montare i moduli"),
        (outcome, "outcomeHash", text_hash),
        (outcome, "sourceNumber", "1"),
        (outcome, "relatedESCOSkill", SKILL),
    } <= stated
    [points] = [value for subject, name, value in stated if subject == unit and name == "creditPoint"]
    assert (points, "point", "1.5") in stated
    assert (points, "framework", "http://data.europa.eu/snb/education-credit/60b314e826") in stated


def test_what_the_source_leaves_empty_is_not_stated(tmp_path: Path) -> None:
    columns = ["unit_id", "unit_title", "country", "language", "outcome_text"]
    [unit], tally, _ = read(table(tmp_path / "x.csv", row(), columns=columns))
    assert (unit.kind, unit.eqf_level, unit.credits, unit.hours, unit.whole) == ("not-stated", None, None, None, "")
    writer = GraphWriter(MINTING.graph("x"), MINTING)
    write_unit(writer, unit)
    quads = writer.drain()
    assert [q.object.value for q in quads if q.predicate.value.endswith("#levelBasis")] == [
        "https://w3id.org/passerelle/vocabulary/level-basis/not-stated"
    ]
    assert not [q for q in quads if "EQFLevel" in q.predicate.value or "eqfLevelNumber" in q.predicate.value]
    assert tally.accepted == {"row": 1, "unit": 1, "outcome": 1}


@pytest.mark.parametrize(
    ("changes", "message_id"),
    [
        ({"unit_id": ""}, "unit-table-required"),
        ({"unit_title": ""}, "unit-table-required"),
        ({"country": ""}, "unit-table-required"),
        ({"country": "QQ"}, "unit-table-country"),
        ({"unit_id": "IT:so lar"}, "unit-table-identifier"),
        ({"unit_id": "IT:..:x"}, "unit-table-identifier"),
        ({"unit_id": "https://example.org/b/id/rncp/1"}, "unit-table-identifier"),
        ({"outcome_text": ""}, "unit-table-no-outcome"),
        ({"outcome_text": "3) 4)"}, "unit-table-no-outcome"),
        ({"outcome_text": "bell\x07"}, "unit-table-control"),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected_and_the_rest_is_read(
    tmp_path: Path, changes: dict[str, str], message_id: str
) -> None:
    good = row(unit_id="IT:solar:2", unit_title="Altro")
    units, tally, set_aside = read(table(tmp_path / "x.csv", row(**changes), good))
    assert [reject.message_id for reject in set_aside] == [message_id]
    assert set_aside[0].place.line == 2
    assert (tally.accepted["row"], tally.rejected["row"], tally.read["row"]) == (1, 1, 2)
    assert "https://example.org/b/id/unit/IT/solar/2" in {unit.iri for unit in units}


def test_a_unit_whose_only_row_holds_no_outcome_is_kept(tmp_path: Path) -> None:
    units, tally, _ = read(table(tmp_path / "x.csv", row(outcome_text="")))
    assert (units[0].titles[0].text, units[0].outcomes) == ("Montaggio fotovoltaico", ())
    assert (tally.accepted["unit"], tally.accepted["outcome"], tally.rejected["row"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("changes", "message_id", "attribute", "left"),
    [
        ({"unit_kind": "module"}, "unit-table-kind", "kind", "not-stated"),
        ({"unit_kind": "bloc"}, "unit-table-kind", "kind", "not-stated"),
        ({"unit_kind": "specific-certification"}, "unit-table-kind", "kind", "not-stated"),
        ({"eqf_level": "9"}, "unit-table-level", "eqf_level", None),
        ({"eqf_level": "IV"}, "unit-table-level", "eqf_level", None),
        ({"credits": "4 -6"}, "unit-table-number", "credits", None),
        ({"credits": "-1"}, "unit-table-number", "credits", None),
        ({"credits": ""}, "unit-table-framework-alone", "credits", None),
        ({"hours": "NaN"}, "unit-table-number", "hours", None),
        ({"isced_f": "07131 0732"}, "unit-table-field", "isced_f", ("0732",)),
        ({"source_url": "see web"}, "unit-table-iri", "page", ""),
        ({"licence": "http://a b"}, "unit-table-iri", "licence", ""),
        ({"qualification_id": "a b"}, "unit-table-identifier", "whole", ""),
    ],
)
def test_a_value_that_cannot_be_used_is_dropped_with_a_notice(
    tmp_path: Path, changes: dict[str, str], message_id: str, attribute: str, left: object
) -> None:
    units, tally, _ = read(table(tmp_path / "x.csv", row(**changes)))
    assert getattr(units[0], attribute) == left
    assert tally.notices == {message_id: 1}
    assert (tally.accepted["row"], tally.rejected["row"]) == (1, 0)


def test_bad_skills_and_language_are_dropped_with_a_notice(tmp_path: Path) -> None:
    skills = f"{SKILL}|http://data.europa.eu/esco/occupation/1"
    units, tally, _ = read(table(tmp_path / "x.csv", row(esco_skills=skills, language="italiano!")))
    assert units[0].outcomes[0].skills == (SKILL,)
    assert units[0].titles[0].language == "und"
    assert tally.notices == {"unit-table-skill": 1, "unit-table-language": 1}


def test_another_title_under_the_same_identifier_is_another_unit(tmp_path: Path) -> None:
    other = row(unit_title="Posa di tetti", outcome_text="Posare tegole")
    units, tally, set_aside = read(table(tmp_path / "x.csv", row(), other, row(outcome_text="Collaudare")))
    by_title = {unit.titles[0].text: unit.iri for unit in units}
    assert by_title["Montaggio fotovoltaico"] == "https://example.org/b/id/unit/IT/solar/1"
    assert by_title["Posa di tetti"].startswith("https://example.org/b/id/unit/IT/solar/1~")
    outcomes = {iri: [o.text for u in units if u.iri == iri for o in u.outcomes] for iri in by_title.values()}
    assert outcomes[by_title["Posa di tetti"]] == ["Posare tegole"]
    assert outcomes[by_title["Montaggio fotovoltaico"]] == ["1) Montare i moduli", "Collaudare"]
    assert [reject.message_id for reject in set_aside] == ["unit-table-title-differs", "unit-table-reappears"]
    assert tally.accepted["unit"] == 2


def test_a_title_in_another_language_is_a_translation(tmp_path: Path) -> None:
    translated = row(unit_title="Mounting photovoltaics", language="en", outcome_text="Mount the modules")
    units, tally, set_aside = read(table(tmp_path / "x.csv", row(), translated))
    assert [title.language for title in units[0].titles] == ["it", "en"]
    assert [outcome.language for outcome in units[0].outcomes] == ["it", "en"]
    assert (tally.accepted["unit"], set_aside) == (1, [])


def test_rows_of_a_unit_that_disagree_keep_the_first_value(tmp_path: Path) -> None:
    rows = [row(), row(eqf_level="5", outcome_text="b"), row(eqf_level="5", outcome_text="c"), row(eqf_level="")]
    units, tally, set_aside = read(table(tmp_path / "x.csv", *rows))
    assert units[0].eqf_level == 4
    assert [r.parameters["column"] for r in set_aside if r.message_id == "unit-table-contradiction"] == ["eqf_level"]
    assert tally.accepted == {"row": 4, "unit": 1, "outcome": 3, "qualification": 1}


def test_a_repeated_outcome_counts_once(tmp_path: Path) -> None:
    units, tally, _ = read(table(tmp_path / "x.csv", row(), row(outcome_no="2", outcome_text="2)  Montare i moduli")))
    assert len(units[0].outcomes) == 2  # the second adds its skill statement, and no outcome
    assert (tally.accepted["row"], tally.accepted["outcome"]) == (2, 1)
    assert tally.notices == {"unit-table-repeated": 1}


def test_a_whole_with_rows_of_its_own_keeps_its_kind(tmp_path: Path) -> None:
    whole = row(unit_id="IT:solar", unit_title="Tecnico solare", unit_kind="full-qualification", qualification_id="")
    units, tally, _ = read(table(tmp_path / "x.csv", row(), whole))
    assert [unit.kind for unit in units if unit.iri.endswith("/IT/solar")] == ["full-qualification"]
    assert tally.accepted["qualification"] == 0


def test_iris_and_country_aliases(tmp_path: Path) -> None:
    rows = [
        row(unit_id="https://units.example.gr/7", country="EL", qualification_id="https://example.org/b/id/rncp/1"),
        row(unit_id="EL:x:1", country="EL", unit_title="Β", qualification_id=""),
    ]
    units, _, set_aside = read(table(tmp_path / "x.csv", *rows))
    assert [(unit.iri, unit.country) for unit in units] == [
        ("https://units.example.gr/7", "GR"),
        ("https://example.org/b/id/unit/GR/x/1", "GR"),
    ]
    assert units[0].whole == "https://example.org/b/id/rncp/1"
    assert set_aside == []


def test_semicolons_and_a_byte_order_mark_are_understood(tmp_path: Path) -> None:
    path = table(tmp_path / "x.csv", row(), delimiter=";")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read(path)[1].accepted["row"] == 1


def test_cells_too_few_and_quotes_out_of_place(tmp_path: Path) -> None:
    path = table(tmp_path / "x.csv", row())
    good = path.read_text(encoding="utf-8").splitlines()[1]
    path.write_text("\n".join([path.read_text("utf-8").splitlines()[0], "a,b", '"a"b,c', good]) + "\n", "utf-8")
    _, tally, set_aside = read(path)
    assert [(r.message_id, r.place.line) for r in set_aside] == [
        ("unit-table-cells", 2),
        ("unit-table-row-unreadable", 3),
    ]
    assert (tally.accepted["row"], tally.rejected["row"]) == (1, 2)


@pytest.mark.parametrize(
    ("content", "error", "message_id", "line"),
    [
        ("", UnexpectedInput, "unit-table-empty", None),
        ("unit_id,unit_title\n", UnexpectedInput, "unit-table-columns", 1),
        ("unit_id,unit_id,unit_title,country,language,outcome_text\n", UnexpectedInput, "unit-table-column-twice", 1),
        (HEADER + 'IT:1,T,IT,it,"open\nmore\n', MalformedInput, "unit-table-quotes", 2),
        (HEADER + "IT:1,T,IT,it,\udce9\n", MalformedInput, "unit-table-encoding", None),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used(
    tmp_path: Path, content: str, error: type[Exception], message_id: str, line: int | None
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(error) as raised:
        read(path)
    assert raised.value.message_id == message_id  # type: ignore[attr-defined]
    if line is not None:
        assert raised.value.place.line == line  # type: ignore[attr-defined]


def test_an_unknown_column_is_told_and_a_bomb_is_refused(tmp_path: Path) -> None:
    columns = [*FULL, "remarks"]
    assert read(table(tmp_path / "x.csv", row(), columns=columns))[1].notices == {"unit-table-column-unknown": 1}
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzip.compress(b"unit_id,unit_title,country,language,outcome_text\n" + b"a" * 5_000_000, mtime=0))
    with pytest.raises(UnsafeInput):
        list(UnitTable(bomb, ArchiveLimits(ratio=10), MINTING).read(Tally()))


def test_the_template_is_a_table_that_reads_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "template.csv"
    path.write_text(unit_template(), "utf-8")
    assert next(csv.reader(io.StringIO(unit_template()))) == [column.name for column in unit_table_columns()]
    _, tally, set_aside = read(path)
    assert (tally.accepted["unit"], set_aside) == (1, [])


def test_metadata_and_data_dictionary_agree(root: Path) -> None:
    written = (root / "mappings" / "unit-table.csvw.json").read_text("utf-8")
    assert written == unit_table_metadata()
    assert [column["name"] for column in json.loads(written)["columns"]] == [c.name for c in unit_table_columns()]


def test_countries_lead_to_the_authority_list(reference: Path) -> None:
    with (reference / "elm" / "vocabularies" / "codelists-from-xsd.tsv").open(encoding="utf-8") as file:
        known = {r["iri"] for r in csv.DictReader(file, delimiter="\t") if r["list"] == "country"}
    assert {country.iri for country in countries().values()} <= known
    assert (countries()["EL"], countries()["UK"]) == (countries()["GR"], countries()["GB"])


@pytest.mark.parametrize(
    ("name", "units", "outcomes", "qualifications", "rows", "rejected", "notices"),
    [
        (
            *("switzerland.csv", 827, 3638, 159, 3761, 0),
            {"unit-table-title-differs": 45, "unit-table-reappears": 36, "unit-table-repeated": 123},
        ),
        ("germany.csv.gz", 8149, 33_004, 266, 42_628, 9510, {"unit-table-repeated": 114}),
        ("estonia.csv", 850, 3486, 34, 3493, 6, {"unit-table-number": 1, "unit-table-repeated": 1}),
    ],
)
def test_the_real_files_load_with_every_row_accounted_for(
    reference: Path,
    name: str,
    units: int,
    outcomes: int,
    qualifications: int,
    rows: int,
    rejected: int,
    notices: dict[str, int],
) -> None:
    set_aside: list[Reject] = []
    tally = Tally(on_reject=set_aside.append)
    found: dict[str, set[str]] = {}
    for unit in UnitTable(reference / "foreign-units" / name, ArchiveLimits(), MINTING).read(tally):
        found.setdefault(unit.iri, set()).update(outcome.hash for outcome in unit.outcomes)
    assert tally.read["row"] == rows
    assert tally.rejected == ({"row": rejected} if rejected else {})
    assert tally.notices == notices
    assert len(set_aside) == rejected + sum(notices.values())
    assert (len(found), sum(map(len, found.values()))) == (units + qualifications, outcomes)
    assert tally.accepted == {
        "row": rows - rejected,
        "unit": units,
        "outcome": outcomes,
        "qualification": qualifications,
    }
    for reject in set_aside[:50]:
        text = catalogue()[reject.message_id]
        assert text.what("fr", **reject.parameters)
        assert text.what("en", **reject.parameters)


def test_slugs(tmp_path: Path) -> None:
    assert UnitTable(tmp_path / "Germany 2026.csv.gz").slug == "units-germany-2026"
    assert UnitTable(tmp_path / "Ελλάδα.csv").slug.startswith("units-")
    assert UnitTable(tmp_path / "Ελλάδα.csv").slug != UnitTable(tmp_path / "Κύπρος.csv").slug
