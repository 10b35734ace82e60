"""Validates records in batches while they are imported, and sums up what was found."""

from __future__ import annotations

import bisect
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyoxigraph as ox

from passerelle.records.finding import Finding, Severity
from passerelle.validation.engine import ShapesEngine

EXAMPLES = 5
"""How many focus nodes the summary names for each rule; all of them stand in the findings file."""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often one rule was broken: its sentences, the count, and some focus nodes (IRIs, the smallest ones).

    The sentences of a rule across records are those of its first finding, with that finding's values.
    """

    rule: str
    severity: Severity
    count: int
    message_en: str
    message_fr: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValidationSummary:
    """What a validation found in all, for the manifest.

    `records`, `triples` and `batches` say how much was validated, `rules` is ordered by severity, then count, then IRI.
    """

    records: int = 0
    triples: int = 0
    batches: int = 0
    violations: int = 0
    warnings: int = 0
    infos: int = 0
    rules: tuple[RuleCount, ...] = field(default=())

    @property
    def conforms(self) -> bool:
        """Whether nothing breaks answers; warnings and notes do not count."""
        return self.violations == 0

    def as_json(self) -> dict[str, Any]:
        """The summary as plain JSON values, with `conforms`."""
        return {"conforms": self.conforms, **asdict(self)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The reverse of `as_json`. Raises KeyError, TypeError or ValueError for anything else."""
        rules = (
            RuleCount(**{**rule, "severity": Severity(rule["severity"]), "examples": tuple(rule["examples"])})
            for rule in value["rules"]
        )
        plain = {name: value[name] for name in ("records", "triples", "batches", "violations", "warnings", "infos")}
        return cls(**plain, rules=tuple(rules))


class FindingsLog:
    """Counts findings and appends each to a JSON Lines file; use it as a context manager.

    A finding counts once, however many batches meet it: an organisation that many records share is in many batches.
    One line: severity, rule, focus, path, component, value, message_en, message_fr; empty fields are left out.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._counts: Counter[str] = Counter()
        self._first: dict[str, Finding] = {}
        self._examples: dict[str, list[str]] = {}
        self._seen: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, findings: Iterable[Finding]) -> None:
        """Count and write these findings. Raises OSError when the file cannot be written."""
        for finding in findings:
            identity = hash((finding.key, finding.value))
            if identity in self._seen:
                continue
            self._seen.add(identity)
            self._counts[finding.rule] += 1
            self._first.setdefault(finding.rule, finding)
            self._keep(self._examples.setdefault(finding.rule, []), finding.focus)
            line = {name: value for name, value in asdict(finding).items() if value}
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")

    @staticmethod
    def _keep(examples: list[str], focus: str) -> None:
        # the smallest ones, so that another order of the same inputs gives the same summary
        if focus not in examples and (len(examples) < EXAMPLES or focus < examples[-1]):
            bisect.insort(examples, focus)
            del examples[EXAMPLES:]

    def summary(self, records: int = 0, triples: int = 0, batches: int = 0) -> ValidationSummary:
        """What has been added so far."""
        totals: Counter[Severity] = Counter()
        for rule, count in self._counts.items():
            totals[self._first[rule].severity] += count
        return ValidationSummary(
            records,
            triples,
            batches,
            totals[Severity.VIOLATION],
            totals[Severity.WARNING],
            totals[Severity.INFO],
            tuple(sorted(map(self._count, self._counts), key=_rank)),
        )

    def _count(self, rule: str) -> RuleCount:
        first = self._first[rule]
        examples = tuple(self._examples[rule])
        return RuleCount(rule, first.severity, self._counts[rule], first.message_en, first.message_fr, examples)


class BatchValidator:
    """Collects records and validates them `batch_records` at a time, or earlier when they grow beyond `batch_triples`.

    A record comes with everything that it states in one call of `add`, because the shapes look at nothing else.
    Memory: the quads of one batch and about 0.5 kB a triple within the engine.
    """

    def __init__(
        self, engine: ShapesEngine, log: FindingsLog, *, batch_records: int, batch_triples: int = 50_000
    ) -> None:
        self._engine = engine
        self._log = log
        self._batch_records = batch_records
        self._batch_triples = batch_triples
        self._pending: list[ox.Quad] = []
        self._pending_records = 0
        self._records = 0
        self._triples = 0
        self._batches = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="shapes")
        self._running: Future[Sequence[Finding]] | None = None

    def add(self, quads: Iterable[ox.Quad], records: int = 1) -> None:
        """Take the quads of `records` whole records; validates when the batch is full."""
        self._pending.extend(quads)
        self._pending_records += records
        if self._pending_records >= self._batch_records or len(self._pending) >= self._batch_triples:
            self.flush()

    def finish(self) -> ValidationSummary:
        """Validate what is left and sum up everything that the log has, findings of other rules included."""
        self.flush()
        self._collect()
        self._thread.shutdown()
        return self._log.summary(self._records, self._triples, self._batches)

    def flush(self) -> None:
        """Validate what has been collected, so that the next record is not judged together with it."""
        if not self._pending:
            return
        quads, self._pending = self._pending, []
        self._collect()
        self._running = self._thread.submit(self._engine.validate, quads)
        self._records += self._pending_records
        self._triples += len(quads)
        self._batches += 1
        self._pending_records = 0

    def _collect(self) -> None:
        """Wait for the batch that is being validated; its errors are raised here."""
        if self._running is not None:
            self._log.add(self._running.result())
            self._running = None


def _rank(count: RuleCount) -> tuple[int, int, str]:
    return list(Severity).index(count.severity), -count.count, count.rule
