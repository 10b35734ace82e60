"""Link sets are canonical SSSOM TSV that another reader of SSSOM understands."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import sssom_pydantic
import yaml

from passerelle.graph.link_rows import LinkRow
from passerelle.graph.manifest import SourceEntry
from passerelle.linking.link_set import LinkSets
from passerelle.records.compared_unit import LINK_CLASSES
from small_manifest import manifest, source

BASE = "https://example.org/r"
SKILL = "http://data.europa.eu/esco/skill/"


def entry(slug: str, kind: str, edition: str) -> SourceEntry:
    return source(slug, kind=kind, edition=edition, attribution_en=f"From {slug}")


ITALY = replace(entry("italy", "qualifications", ""), publisher="Ufficio di prova")
MANIFEST = manifest(
    BASE,
    identifier="20261122T000000Z-0000",
    created="2026-11-22T00:00:00+00:00",
    demo=False,
    software="passerelle 1",
    versions={"software": "1.2", "linker": "link-2-rank-1"},
    sources=(entry("rncp", "rncp", "2026-11-01"), ITALY, entry("esco", "esco", "1.2.0")),
)
SETS = LinkSets(MANIFEST)


def row(outcome: str, skill: str, state: str, **more: str) -> LinkRow:
    values = {
        "outcome": outcome if ":" in outcome else f"{BASE}/id/rncp/1/outcome/{outcome}",
        "text": f"Text of {outcome}",
        "skill": SKILL + skill,
        "skill_label": f"label {skill}",
        "state": state,
        "relation": "skos:closeMatch",
        "justification": "semapv:LexicalMatching",
        "source": "rncp",
        "confidence": "0.5" if state == "candidate" else "",
        "status": "uncalibrated" if state == "candidate" else "",
        "date": "",
        **more,
    }
    return LinkRow(**values)


ROWS = [
    row("a", "two", "candidate", text='Quotes " and\ttabs', confidence="0.25"),
    row("a", "one", "candidate", status="calibrated"),
    row("b", "one", "accepted", relation="skos:exactMatch", justification="semapv:ManualMappingCuration",
        date="2026-10-05"),
    row("b", "two", "rejected", justification="semapv:ManualMappingCuration", date="2026-10-06"),
    row("https://italia.example.org/o/1", "one", "declared", relation="skos:mappingRelation",
        justification="semapv:UnspecifiedMatching", source="italy"),
]  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    targets = {each: tmp_path / f"{each}.sssom.tsv" for each in LINK_CLASSES}
    assert SETS.write(ROWS, targets) == {"reviewed": 2, "official": 0, "declared": 1, "machine": 2}
    return targets


def parsed(path: Path) -> tuple[dict[str, object], list[dict[str, str]]]:
    text = path.read_bytes().decode("utf-8")
    assert "\r" not in text
    lines = text.splitlines(keepends=True)
    header = yaml.safe_load("".join(line[1:] for line in lines if line.startswith("#")))
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    return header, list(rows)


def test_what_holds_for_a_whole_set_stands_in_its_header(files):
    header, rows = parsed(files["machine"])
    assert list(header) == [
        "sssom_version", "curie_map", "mapping_set_id", "mapping_set_version", "mapping_set_title",
        "mapping_set_description", "license", "subject_source", "subject_source_version", "object_source",
        "object_source_version", "mapping_tool", "mapping_tool_version", "mapping_date", "publication_date", "comment",
        "extension_definitions",
    ]  # fmt: skip
    assert header["mapping_set_id"] == f"{BASE}/id/link-set/20261122T000000Z-0000/machine"
    assert header["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert (header["subject_source"], header["subject_source_version"]) == ("base:source/rncp", "2026-11-01")
    assert (header["object_source"], header["object_source_version"]) == ("esco:concept-scheme/skills", "1.2.0")
    assert (header["mapping_tool"], header["mapping_tool_version"]) == ("Passerelle", "1.2 (link-2-rank-1)")
    assert (header["mapping_date"], header["comment"]) == ("2026-11-22", "From esco From italy From rncp")
    assert "candidates" in str(header["mapping_set_title"])
    assert "candidats" in str(header["mapping_set_title"])
    # skos and semapv are built in; what is unused is not declared
    assert list(header["curie_map"]) == ["base", "esco", "psl"]
    assert list(rows[0]) == [
        "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification",
        "author_label", "confidence", "confidence_status",
    ]  # fmt: skip


def test_the_author_is_the_tool_or_the_publisher_of_the_source_and_no_person(files):
    assert {each["author_label"] for each in parsed(files["machine"])[1]} == {"Passerelle"}
    assert [each["author_label"] for each in parsed(files["declared"])[1]] == ["Ufficio di prova"]
    # a reviewer is a person, whom the review log names
    assert "author_label" not in parsed(files["reviewed"])[1][0]
    # the library's mappings leave out labels of authors, its records keep them
    assert sssom_pydantic.read_unprocessed(files["machine"]).records[0].author_label == ["Passerelle"]


def test_rows_are_sorted_and_keep_their_texts(files):
    rows = parsed(files["machine"])[1]
    assert [(each["object_id"], each["confidence"], each["confidence_status"]) for each in rows] == [
        ("esco:skill/two", "0.25", "uncalibrated"),
        ("esco:skill/one", "0.5", "calibrated"),
    ], "the label comes before the object, and a quotation mark before a letter"
    assert rows[0]["subject_label"] == 'Quotes " and\ttabs'


def test_rejected_links_stand_among_the_reviewed_ones_with_their_days(files):
    header, rows = parsed(files["reviewed"])
    assert "mapping_date" not in header, "two days"
    assert "mapping_tool" not in header
    assert [(each["object_id"], each["predicate_modifier"], each["mapping_date"]) for each in rows] == [
        ("esco:skill/two", "Not", "2026-10-06"),
        ("esco:skill/one", "", "2026-10-05"),
    ]


def test_outcomes_of_others_have_a_prefix_of_their_host(files):
    header, rows = parsed(files["declared"])
    assert header["curie_map"]["italia.example.org"] == "https://italia.example.org/"
    assert rows[0]["subject_id"] == "italia.example.org:o/1"
    assert "subject_source_version" not in header, "the source states no edition"


@pytest.mark.parametrize("link_class", LINK_CLASSES)
def test_another_reader_understands_it_and_writes_the_same_rows(files, link_class, tmp_path):
    pack = sssom_pydantic.read(files[link_class])
    again = tmp_path / "again.sssom.tsv"
    sssom_pydantic.write(pack.mappings, again, metadata=pack.mapping_set, converter=pack.converter, sort=False)
    reread = sssom_pydantic.read(again)
    assert list(reread.mappings) == list(pack.mappings)
    if pack.mappings:
        ours, theirs = (
            [*csv.reader((line for line in path.read_text("utf-8").splitlines() if line[0] != "#"), delimiter="\t")]
            for path in (files[link_class], again)
        )
        # it has no room for an author's label
        kept = [place for place, name in enumerate(ours[0]) if name != "author_label"]
        assert [[row[place] for place in kept] for row in ours] == theirs
