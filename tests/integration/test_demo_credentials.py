"""The demonstration credentials get the verdicts and codes that their README says, worked out by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rdflib

from official_shapes import bare_credential, official_results, official_triples
from passerelle.graph.reference import ReleaseReference
from passerelle.graph.release import Release
from passerelle.records.finding import Severity
from passerelle.validation.credentials.model import CredentialFinding, CredentialReport, Layer, Stage
from passerelle.validation.credentials.validator import CredentialValidator

CREDENTIALS = Path(__file__).parents[2] / "data" / "demo" / "credentials"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Row = Mapping[str, str]


def rows() -> Iterator[Row]:
    """The rows of the second table of the README by its heads."""
    text = (CREDENTIALS / "README.md").read_text(encoding="utf-8")
    lines = [line for line in text[text.index("| file | stage |") :].splitlines() if line.startswith("|")]
    head, _, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    yield from (dict(zip(head, cells, strict=True)) for cells in body)


ROWS = list(rows())


def codes(cell: str) -> set[str]:
    return set(re.findall(r"ELM-[A-Z-]+", cell))


@pytest.fixture(scope="module")
def validator(demo_release: Release) -> CredentialValidator:
    return CredentialValidator(ReleaseReference.open(demo_release))


def report_of(validator: CredentialValidator, row: Row) -> CredentialReport:
    path = CREDENTIALS / row["file"].strip("`")
    return validator.validate(path.read_bytes(), path.name, stage=Stage(row["stage"]), now=NOW)


def all_of(report: CredentialReport) -> Iterator[CredentialFinding]:
    for each in report.findings:
        yield each
        yield from each.consequences


def name(row: Row) -> str:
    return f"{row['file']}-{row['stage']}"


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_verdicts(validator: CredentialValidator, row: Row) -> None:
    report = report_of(validator, row)
    assert report.verdict == row["verdict"], [(each.severity, each.code) for each in report.findings]
    assert report.omitted == 0


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_codes(validator: CredentialValidator, row: Row) -> None:
    found = list(all_of(report_of(validator, row)))
    ours = {
        each.code
        for each in found
        if each.severity is not Severity.INFO and each.layer not in (Layer.PROFILE, Layer.REPAIRED)
    }
    assert ours == codes(row["violations and warnings"])
    assert {each.code for each in found if each.layer is Layer.NATIONAL} == codes(row["national layer"])


@pytest.mark.parametrize("row", [row for row in ROWS if row["official"] != "not asked"], ids=name)
def test_official_verdicts(validator: CredentialValidator, row: Row) -> None:
    report = report_of(validator, row)
    if row["verdict"] == "not-checkable":
        return  # the official tool calls conforming what it has no shape for
    assert report.official is not None
    assert report.official.conforms is (row["official"] == "conforms")
    counted = re.match(r"\d+", row["official"])
    assert report.official.violations == int(counted[0] if counted else 0)


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@pytest.mark.parametrize("row", [row for row in ROWS if row["official"] != "not asked"], ids=name)
def test_the_official_tools_say_what_the_table_says(reference: Path, row: Row) -> None:
    path = CREDENTIALS / row["file"].strip("`")
    if path.suffix == ".ttl":
        data = rdflib.Graph().parse(path, format="turtle")
    else:
        data = official_triples(reference, bare_credential(path))
    results = official_results(reference, "edc-generic-full", data)
    counted = re.match(r"\d+", row["official"])
    assert len(results) == int(counted[0] if counted else 0), results


def test_every_file_is_in_both_tables() -> None:
    files = {path.name for path in CREDENTIALS.iterdir()} - {"README.md"}
    text = (CREDENTIALS / "README.md").read_text(encoding="utf-8")
    assert {row["file"].strip("`") for row in ROWS} == files
    assert all(text.count(f"| `{each}` |") >= 2 for each in files)


def test_nobody_in_them_is_real_and_nothing_is_large() -> None:
    for path in CREDENTIALS.iterdir():
        text = path.read_text(encoding="utf-8")
        assert len(text) < 12_000, path.name
        numbers = re.findall(r"(?:RNCP|RS)(\d+)", text)
        assert all(each.startswith("9900") for each in numbers), path.name
        # no address but of example.org
        assert all(each.endswith("example.org") for each in re.findall(r"[\w.]+@[\w.]+\w", text))
        if path.suffix == ".json":
            json.loads(text)
