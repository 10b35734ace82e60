"""Batches sum up: counts, examples and the findings file do not depend on how records were batched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.records.finding import Finding, Severity
from passerelle.validation.batches import EXAMPLES, BatchValidator, FindingsLog, RuleCount, ValidationSummary
from passerelle.validation.engine import ReleaseEngine
from passerelle.validation.shapes import Profile
from unit.validation.planted import broken_quads, good_quads, moved


class _OneFindingASubject:
    """Stands in for an engine: a warning for each subject, and remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def validate(self, quads: Iterable[ox.Quad]) -> Sequence[Finding]:
        subjects = sorted({quad.subject.value for quad in quads})
        self.batches.append(len(subjects))
        return [
            Finding(Severity.WARNING, "urn:rule", subject, "Odd.", "Étrange.", "dcterms:title") for subject in subjects
        ]


def _record(number: int) -> list[ox.Quad]:
    subject = ox.NamedNode(f"urn:record:{number:03}")
    return [ox.Quad(subject, ox.NamedNode("urn:p"), ox.Literal(value)) for value in range(3)]


def _run(path: Path, numbers: Iterable[int], **limits: int) -> tuple[ValidationSummary, list[int]]:
    engine = _OneFindingASubject()
    with FindingsLog(path) as log:
        validator = BatchValidator(engine, log, **limits)
        for number in numbers:
            validator.add(_record(number))
        return validator.finish(), engine.batches


def test_counts_of_seven_records_in_batches_of_three(tmp_path: Path) -> None:
    summary, batches = _run(tmp_path / "validation.jsonl", range(7), batch_records=3)
    assert batches == [3, 3, 1]
    assert summary == ValidationSummary(
        records=7,
        triples=21,
        batches=3,
        violations=0,
        warnings=7,
        infos=0,
        rules=(
            RuleCount(
                "urn:rule",
                Severity.WARNING,
                7,
                "Odd.",
                "Étrange.",
                ("urn:record:000", "urn:record:001", "urn:record:002", "urn:record:003", "urn:record:004"),
            ),
        ),
    )
    assert EXAMPLES == 5
    assert summary.conforms


def test_large_records_close_a_batch_early(tmp_path: Path) -> None:
    _, batches = _run(tmp_path / "validation.jsonl", range(5), batch_records=100, batch_triples=6)
    assert batches == [2, 2, 1]


def test_another_order_gives_the_same_counts_and_examples(tmp_path: Path) -> None:
    one, _ = _run(tmp_path / "a.jsonl", range(20), batch_records=3)
    other, _ = _run(tmp_path / "b.jsonl", reversed(range(20)), batch_records=3)
    assert one.rules == other.rules


def test_what_two_batches_share_counts_once(tmp_path: Path) -> None:
    summary, batches = _run(tmp_path / "validation.jsonl", [1, 2, 1, 2], batch_records=2)
    assert batches == [2, 2]
    assert summary.warnings == 2


def test_nothing_to_validate(tmp_path: Path) -> None:
    summary, batches = _run(tmp_path / "validation.jsonl", [], batch_records=3)
    assert (summary, batches) == (ValidationSummary(), [])
    assert summary.conforms
    assert (tmp_path / "validation.jsonl").read_text(encoding="utf-8") == ""


def test_findings_file_has_one_json_object_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "validation.jsonl"
    _run(path, [4, 5], batch_records=1)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {
            "severity": "Warning",
            "rule": "urn:rule",
            "focus": f"urn:record:00{number}",
            "message_en": "Odd.",
            "message_fr": "Étrange.",
            "path": "dcterms:title",
        }
        for number in (4, 5)
    ]
    assert "Étrange" in lines[0]


def test_summary_survives_the_manifest(tmp_path: Path) -> None:
    summary, _ = _run(tmp_path / "validation.jsonl", range(7), batch_records=3)
    stored = json.loads(json.dumps(summary.as_json()))
    assert stored["conforms"] is True
    assert stored["rules"][0]["severity"] == "Warning"
    assert ValidationSummary.from_json(stored) == summary


def test_findings_across_records_join_the_summary_and_violations_come_first(tmp_path: Path) -> None:
    with FindingsLog(tmp_path / "validation.jsonl") as log:
        validator = BatchValidator(_OneFindingASubject(), log, batch_records=10)
        validator.add(_record(1))
        log.add([Finding(Severity.VIOLATION, "urn:across", "urn:record:001", "Wrong.", "Faux.")])
        summary = validator.finish()
    assert (summary.violations, summary.warnings) == (1, 1)
    assert [count.rule for count in summary.rules] == ["urn:across", "urn:rule"]
    assert not summary.conforms


@pytest.mark.parametrize("batch_records", [1, 2, 100])
def test_real_engine_counts_alike_whatever_the_batch(batch_records: int, tmp_path: Path) -> None:
    no_assessment = "DELETE WHERE { ?b psl:assessmentMethods ?t }"
    with FindingsLog(tmp_path / "validation.jsonl") as log:
        validator = BatchValidator(ReleaseEngine(Profile.of_release()), log, batch_records=batch_records)
        for number in range(3):
            quads = good_quads() if number == 1 else broken_quads(no_assessment)
            validator.add(moved(quads, f"https://example.org/{number}"))
        summary = validator.finish()
    assert (summary.records, summary.violations, summary.warnings) == (3, 0, 2)
    assert summary.rules[0].examples == (
        "https://example.org/0/id/rncp/99001/bloc/RNCP99001BC01",
        "https://example.org/2/id/rncp/99001/bloc/RNCP99001BC01",
    )
