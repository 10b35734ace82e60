"""The official crosswalk from ROME to ESCO, as published, and as SSSOM."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from passerelle.errors import MalformedInput, UnexpectedInput
from passerelle.namespaces import Minting
from passerelle.records.crosswalk import CrosswalkMapping, MappingSet
from passerelle.records.tally import Reject, Tally
from passerelle.sources.csv_tables import column_tables
from passerelle.sources.rome_esco import RomeEscoCrosswalk
from passerelle.sources.sssom import SssomMapping, read_sssom, write_sssom

NAME = "FR_20230607_mapping_esco_rome.csv"
OCCUPATION = "http://data.europa.eu/esco/occupation/"
PREAMBLE = "Mapping project version,V9\nClassification 1 Name,ESCO\nClassification 2 Name,ROME \n\n"
HEADER = (
    "classification 1 ID,classification 1 prefered label,classification 2 ID,classification 2 prefered label,"
    "mapping relation\n"
)


@pytest.fixture(scope="module")
def crosswalk(reference: Path) -> RomeEscoCrosswalk:
    return RomeEscoCrosswalk(reference / "rome" / NAME)


@pytest.fixture(scope="module")
def mappings(crosswalk: RomeEscoCrosswalk) -> list[CrosswalkMapping]:
    return [record for record in crosswalk.read(Tally()) if isinstance(record, CrosswalkMapping)]


def test_the_set_says_who_made_it_and_of_which_versions(crosswalk: RomeEscoCrosswalk) -> None:
    about = crosswalk.mapping_set()
    assert (about.author, about.version, about.published) == ("Pôle emploi - France", "V1.4", "2022-06-07")
    assert (about.subject_source, about.subject_version) == ("ROME", "V3.0")
    assert (about.object_source, about.object_version) == ("ESCO", "1.0.9")
    assert crosswalk.provenance().edition == "V1.4, 2022-06-07, ROME V3.0, ESCO 1.0.9"


def test_rows_and_relations(crosswalk: RomeEscoCrosswalk) -> None:
    tally = Tally()
    relations = Counter(record.relation for record in crosswalk.read(tally) if isinstance(record, CrosswalkMapping))
    assert relations == {
        "skos:exactMatch": 1144,
        "skos:closeMatch": 4597,
        "skos:broadMatch": 5086,
        "skos:narrowMatch": 291,
    }
    assert tally.read == tally.accepted == {"row": 11118}


@pytest.mark.parametrize(
    ("ogr", "label", "relation", "occupation_label"),
    [
        # a gemmologist may be an expert or not: ESCO's expert is the narrower one, read from ROME
        ("15244", "Gemmologue", "skos:narrowMatch", "gemmologue-expert/gemmologue-experte"),
        # a family office manages wealth for one family: ESCO's wealth manager is the broader one
        ("200141", "Family office", "skos:broadMatch", "gestionnaire de patrimoine financier"),
        # the manager of bonds is one kind of the manager of financial wealth
        ("15305", "Gérant / Gérante d'obligations", "skos:broadMatch", "gestionnaire de patrimoine financier"),
        # a Know Your Customer analyst deals with one of the credit risk analyst's questions
        ("38325", "Analyste Know Your Customer - KYC", "skos:broadMatch", "analyste de risques crédits"),
        # a props person for special effects is one kind of props person
        ("10205", "Accessoiriste en effets spéciaux", "skos:broadMatch", "accessoiriste"),
    ],
)
def test_relations_read_from_rome_to_esco(
    mappings: list[CrosswalkMapping], ogr: str, label: str, relation: str, occupation_label: str
) -> None:
    # five rows read by hand: in the other direction (ESCO is the first column) each of them would be false
    found = [(each.label, each.relation, each.occupation_label) for each in mappings if each.ogr == ogr]
    assert (label, relation, occupation_label) in found


def test_the_real_columns_are_in_the_field_table(reference: Path) -> None:
    tables = column_tables("rome.fields.tsv")
    with (reference / "rome" / NAME).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[:16]
    assert set(rows[15]) == set(tables["rome-esco"])
    assert {row[0] for row in rows[:14]} == set(tables["rome-esco-preamble"])


def test_as_sssom_and_back(crosswalk: RomeEscoCrosswalk, mappings: list[CrosswalkMapping], tmp_path: Path) -> None:
    path = tmp_path / "rome-esco.sssom.tsv"
    assert crosswalk.write_sssom(path, Minting("https://example.org/x")) == 11118
    tally = Tally()
    about, read = read_sssom(path, tally)
    assert tally.read == tally.accepted == {"mapping": 11118}
    assert about == MappingSet(
        identifier="https://example.org/x/id/mapping-set/rome-esco",
        title="ESCO - ROME",
        version="V1.4",
        published="2022-06-07",
        author="Pôle emploi - France",
        licence="http://data.europa.eu/eli/dec/2011/833/oj",
        subject_source="https://example.org/x/id/rome",
        subject_version="V3.0",
        object_source="http://data.europa.eu/esco/concept-scheme/occupations",
        object_version="1.0.9",
    )
    gem = SssomMapping(
        "https://example.org/x/id/rome/appellation/15244",
        "skos:narrowMatch",
        OCCUPATION + "f87779ae-7389-44e7-b155-16e87904857e",
        "semapv:UnspecifiedMatching",
        "Gemmologue",
        "gemmologue-expert/gemmologue-experte",
    )
    assert gem in read
    assert {(each.subject.rsplit("/", 1)[1], each.relation, each.object) for each in read} == {
        (each.ogr, each.relation, each.occupation) for each in mappings
    }


def test_the_header_is_found_by_its_names(tmp_path: Path) -> None:
    path = tmp_path / "crosswalk.csv"
    # other place, other order of columns
    path.write_text(
        "\ufeff" + PREAMBLE + "mapping relation,classification 2 ID,classification 2 prefered label,"
        "classification 1 ID,classification 1 prefered label\n"
        f"skos:closeMatch,15244,Gemmologue,{OCCUPATION}a,expert\n",
        encoding="utf-8",
    )
    records = list(RomeEscoCrosswalk(path).read(Tally()))
    assert records[1:] == [CrosswalkMapping("15244", "Gemmologue", "skos:closeMatch", OCCUPATION + "a", "expert")]


def test_bad_rows_are_rejected_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "crosswalk.csv"
    good = f"{OCCUPATION}a,expert,15244,Gemmologue,skos:closeMatch\n"
    bad = [
        good,
        good.replace("15244", "ROME"),
        good.replace("closeMatch", "almostMatch"),
        good.replace("occupation/a", "skill/a"),
        good.replace("https://", "").replace(OCCUPATION, "javascript:"),
        f"{OCCUPATION}a,expert\n",
    ]
    path.write_text(PREAMBLE + HEADER + good + "".join(bad), encoding="utf-8")
    noted: list[Reject] = []
    tally = Tally(noted.append)
    records = list(RomeEscoCrosswalk(path).read(tally))
    assert len(records) == 2
    assert [(note.message_id, note.place.line) for note in noted] == [
        ("crosswalk-twice", 7),
        ("crosswalk-row", 8),
        ("crosswalk-row", 9),
        ("crosswalk-row", 10),
        ("crosswalk-row", 11),
        ("table-row-length", 12),
    ]
    assert tally.read["row"] == 7


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        (PREAMBLE + HEADER.replace("mapping relation", "relation"), "crosswalk-header"),
        ("", "crosswalk-header"),
        ("a,b\n" * 200 + HEADER, "crosswalk-header"),
        (PREAMBLE.replace("ROME ", "CP2011") + HEADER, "crosswalk-classifications"),
        (HEADER, "crosswalk-classifications"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str, identifier: str) -> None:
    path = tmp_path / "crosswalk.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnexpectedInput) as caught:
        list(RomeEscoCrosswalk(path).read(Tally()))
    assert caught.value.message_id == identifier
    assert caught.value.what("fr")


def test_another_country_is_refused(reference: Path) -> None:
    others = sorted((reference / "occupation-crosswalks").glob("*.csv"))
    assert others
    for path in others:
        with pytest.raises(UnexpectedInput) as caught:
            list(RomeEscoCrosswalk(path).read(Tally()))
        assert caught.value.message_id in {"crosswalk-header", "crosswalk-classifications"}


def test_sssom_is_the_same_in_any_order_and_keeps_to_its_prefixes(tmp_path: Path) -> None:
    about = MappingSet(
        "https://example.org/set", "A set", subject_source="https://a.org/s", object_source="https://b.org/s"
    )
    prefixes = {"a": "https://a.org/", "b": "https://b.org/"}
    one = SssomMapping(
        "https://a.org/1", "skos:exactMatch", "https://b.org/1", "semapv:ManualMappingCuration", "Un", "One"
    )
    two = SssomMapping("https://a.org/2", "skos:closeMatch", "https://b.org/1", "semapv:ManualMappingCuration")
    write_sssom(tmp_path / "x.tsv", about, [one, two], prefixes)
    write_sssom(tmp_path / "y.tsv", about, [two, one], prefixes)
    assert (tmp_path / "x.tsv").read_bytes() == (tmp_path / "y.tsv").read_bytes()
    assert b"\r" not in (tmp_path / "x.tsv").read_bytes()
    assert read_sssom(tmp_path / "x.tsv", Tally())[1] == [one, two]
    with pytest.raises(ValueError, match=r"https://c\.org/1"):
        write_sssom(tmp_path / "z.tsv", about, [SssomMapping("https://c.org/1", "", "", "")], prefixes)


def test_bad_rows_of_sssom_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "bad.sssom.tsv"
    path.write_text(
        "#mapping_set_id: https://example.org/set\n#curie_map:\n#  a: https://a.org/\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "a:1\tskos:exactMatch\ta:2\tsemapv:UnspecifiedMatching\n"
        "b:1\tskos:exactMatch\ta:2\tsemapv:UnspecifiedMatching\n"
        "a:1\t\ta:2\tsemapv:UnspecifiedMatching\n",
        encoding="utf-8",
    )
    noted: list[Reject] = []
    tally = Tally(noted.append)
    _, read = read_sssom(path, tally)
    assert [each.subject for each in read] == ["https://a.org/1"]
    assert [(note.message_id, note.place.line) for note in noted] == [("sssom-prefix", 6), ("sssom-row", 7)]
    assert "predicate_id" in str(noted[1].parameters["reason"])
    assert tally.read["mapping"] == 3


@pytest.mark.parametrize("text", ["", "subject_id\tobject_id\na:1\ta:2\n", "#mapping_set_id: [\n", "#- a\n"])
def test_a_file_without_metadata_is_no_mapping_set(tmp_path: Path, text: str) -> None:
    path = tmp_path / "no.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnexpectedInput) as caught:
        read_sssom(path, Tally())
    assert caught.value.message_id == "sssom-file"


def test_a_mapping_set_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.sssom.tsv"
    path.write_bytes("#mapping_set_title: Métiers\n".encode("latin-1"))
    with pytest.raises(MalformedInput):
        read_sssom(path, Tally())
