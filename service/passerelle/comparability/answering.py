"""Answers to questions about the units of a release, as documents and as reports: for the command line and for workers.

Both ask here, so that all faces say the same.
"""

from __future__ import annotations

import json
from pathlib import Path

from passerelle.comparability.combination_documents import combination_document
from passerelle.comparability.combinations import combination
from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.correspondence_check import check
from passerelle.comparability.correspondence_documents import correspondence_document
from passerelle.comparability.documents import comparison_document, unit_document
from passerelle.comparability.given_pairs import given_pairs
from passerelle.comparability.neighbour_answers import nearest_document
from passerelle.comparability.neighbours import surroundings
from passerelle.comparability.path_documents import path_document
from passerelle.comparability.paths import path
from passerelle.comparability.questions import (
    ComparisonQuestion,
    NearestQuestion,
    Question,
    ReportQuestion,
    UnitQuestion,
)
from passerelle.comparability.reports import html_report, pdf_report
from passerelle.comparability.reports.blocks import Report
from passerelle.comparability.reports.contents import Signature, comparison_report
from passerelle.comparability.surroundings_documents import surroundings_document
from passerelle.comparability.words import Json, Words
from passerelle.graph.release import Release
from passerelle.messages import LANGUAGES, Language, message
from passerelle.records.path_questions import CombinationQuestion, PathQuestion, SurroundingsQuestion


class Answering:
    """Answers from one release. Not for several threads."""

    def __init__(self, release: Release) -> None:
        """Open it. Raises DamagedRelease."""
        self._comparisons = Comparisons(release)
        self._words: dict[Language, Words] = {
            language: Words(self._comparisons.reader, release.manifest, language) for language in LANGUAGES
        }

    def warm(self) -> None:
        """Load what the first question would wait for: fonts, templates, the index."""
        empty = Report("-", "en", ())
        html_report.write(empty)
        pdf_report.write(empty, author="", day="2000-01-01", footer="")
        self._comparisons.warm()
        labels = list(self._comparisons.labels())
        for words in self._words.values():
            words.learn(labels)

    def answer(self, question: Question, language: Language) -> bytes:
        """The answer as it goes out: JSON in UTF-8, or a report in its format. Raises what the methods below raise."""
        if isinstance(question, ReportQuestion):
            return self.report(question, language)
        if isinstance(question, ComparisonQuestion):
            document = self.comparison(question, language)
        elif isinstance(question, NearestQuestion):
            document = self.nearest(question, language)
        elif isinstance(question, PathQuestion):
            document = self.path(question, language)
        elif isinstance(question, CombinationQuestion):
            document = self.combination(question, language)
        elif isinstance(question, SurroundingsQuestion):
            document = self.surroundings(question, language)
        else:
            document = self.unit(question, language)
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

    def comparison(self, question: ComparisonQuestion, language: Language) -> Json:
        """See `documents.comparison_document`. Raises UnknownUnit, ParameterError."""
        found = self._comparisons.compare(question.first, question.second, question.purpose, question.essential)
        return comparison_document(found, self._words[language], arithmetic=question.arithmetic)

    def nearest(self, question: NearestQuestion, language: Language) -> Json:
        """See `documents.neighbours_document`. Raises UnknownUnit, ParameterError, NoComparison."""
        return nearest_document(self._comparisons, question, self._words[language])

    def path(self, question: PathQuestion, language: Language) -> Json:
        """See `path_documents.path_document`. Raises UnknownUnit, ParameterError, NoComparison."""
        return path_document(path(self._comparisons, question), question, self._words[language])

    def combination(self, question: CombinationQuestion, language: Language) -> Json:
        """See `combination_documents.combination_document`. Raises UnknownUnit."""
        return combination_document(combination(self._comparisons, question), self._words[language])

    def surroundings(self, question: SurroundingsQuestion, language: Language) -> Json:
        """See `surroundings_documents.surroundings_document`. Raises UnknownUnit, NoComparison."""
        return surroundings_document(surroundings(self._comparisons, question), self._words[language])

    def correspondences(self, pairs: Path | None, language: Language) -> Json:
        """See `correspondence_documents.correspondence_document`; with the pairs of a file, if one is given.

        Reads all units of the kinds that occur. Raises MalformedInput, NoComparison.
        """
        given = given_pairs(pairs, self._comparisons.reader.identified) if pairs else ()
        return correspondence_document(check(self._comparisons, given), self._words[language])

    def unit(self, question: UnitQuestion, language: Language) -> Json:
        """See `documents.unit_document`. Raises UnknownUnit."""
        return unit_document(self._comparisons.unit(question.unit), self._words[language])

    def report(self, question: ReportQuestion, language: Language) -> bytes:
        """A comparison for printing, with the name of who answers for it. Raises UnknownUnit, ParameterError."""
        document = self.comparison(question.comparison, language)
        report = comparison_report(document, Signature(question.analyst, question.day))
        if question.form == "html":
            return html_report.write(report).encode()
        footer = message("comparison-footer").what(language, release=document["release"]["identifier"])
        return pdf_report.write(report, author=question.analyst, day=question.day, footer=footer)
