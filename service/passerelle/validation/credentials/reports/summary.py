"""Counts over many reports, kept while they pass by: what is held does not grow with their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from passerelle.records.finding import Severity
from passerelle.validation.credentials.model import CredentialFinding, CredentialReport, Layer, Verdict

MOST_CODES = 15
"""Codes that a summary names."""


class Summary:
    """How many files have which verdict, and in how many each error and each warning occurs."""

    def __init__(self) -> None:
        self.verdicts: Counter[Verdict] = Counter()
        self.files_with: Counter[str] = Counter()
        self.severities: dict[str, Severity] = {}
        self.official_conforms = 0
        self.missed = 0

    @property
    def files(self) -> int:
        """How many reports were counted."""
        return self.verdicts.total()

    def add(self, report: CredentialReport) -> None:
        """Counts one report. `missed` are those that the official profile lets pass and we do not."""
        self.verdicts[report.verdict] += 1
        conforms = report.official is not None and report.official.conforms is True
        self.official_conforms += conforms
        self.missed += conforms and report.verdict is Verdict.INVALID
        for code, severity in {each.code: each.severity for each in report.findings if _counts(each)}.items():
            self.files_with[code] += 1
            self.severities.setdefault(code, severity)

    def most_frequent(self) -> list[tuple[str, int]]:
        """The codes that occur in most files, each with the number of files; equal numbers by code."""
        return sorted(self.files_with.items(), key=lambda item: (-item[1], item[0]))[:MOST_CODES]


def counting(reports: Iterable[CredentialReport], summary: Summary) -> Iterator[CredentialReport]:
    """The reports, each counted as it passes."""
    for each in reports:
        summary.add(each)
        yield each


def _counts(finding: CredentialFinding) -> bool:
    """Whether it is an error or a warning of ours."""
    return finding.layer is not Layer.SHAPES and finding.severity is not Severity.INFO and not finding.set_aside_by
