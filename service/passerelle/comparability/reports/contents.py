"""The contents of a report on a comparison, in the order in which an analyst asks: finding, numbers, evidence, rest."""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.comparability.reports.blocks import (
    Block,
    Cell,
    Column,
    Items,
    Paragraph,
    Phrase,
    Report,
    Section,
    Table,
    Terms,
    paragraph,
    plain,
)
from passerelle.comparability.reports.completion import completion_sections
from passerelle.comparability.reports.evidence import (
    elements_section,
    essential_outcome,
    lacking_section,
    outcomes_section,
)
from passerelle.comparability.reports.phrases import Phrases
from passerelle.comparability.reports.provenance import method_section, related_section, sources_section
from passerelle.comparability.words import Json

NUMBERS = ("lower", "expected", "upper", "upperAtMost", "assessed", "unlinked", "collapsed")


_TO_FILL_IN = "_" * 40


@dataclass(frozen=True, slots=True)
class Signature:
    """Who answers for a report, and its day (ISO 8601)."""

    analyst: str
    day: str


def comparison_report(document: Json, signature: Signature | None = None) -> Report:
    """The report on a comparison; with a `signature` it is one to be filed, with both units and the method in full."""
    phrases = Phrases(document["language"])
    first, second = document["first"], document["second"]
    contents = _Contents(document, phrases)
    sections = [
        *([contents.details(signature)] if signature else []),
        contents.finding(),
        lacking_section(document["forward"], phrases),
        *completion_sections(document, phrases),
        related_section(document, phrases),
        contents.coverage(),
        outcomes_section(document["forward"], phrases, "outcomes"),
        *contents.parts(),
        elements_section(document, phrases),
        contents.sensitivity(),
        *contents.nearer(),
        contents.reverse(full=signature is not None),
        method_section(document, phrases, signed=signature is not None),
        sources_section(document, phrases),
        Section("caution", phrases.say("comparison-caution"), (paragraph(document["notRecognition"], "notice"),
                                                               paragraph(document["silence"]))),
        *([contents.conclusion(signature)] if signature else []),
    ]  # fmt: skip
    title = phrases.say("comparison-title", first=phrases.unit(first), second=phrases.unit(second))
    return Report(title, phrases.language, tuple(sections))


class _Contents:
    def __init__(self, document: Json, phrases: Phrases) -> None:
        self._document = document
        self._phrases = phrases
        self._say = phrases.say

    def details(self, signature: Signature) -> Section:
        release = self._document["release"]
        rows = (
            (self._say("comparison-purpose"), plain(self._document["purpose"]["label"])),
            (self._say("comparison-analyst"), plain(signature.analyst)),
            (self._say("comparison-report-day"), plain(signature.day)),
            (self._say("comparison-release"), plain(f"{release['identifier']} ({release['created'][:10]})")),
            (self._say("comparison-method"), plain(self._document["method"])),
        )
        demo = (paragraph(self._say("comparison-demo"), "notice"),) if release["demo"] else ()
        blocks: tuple[Block, ...] = (*demo, Terms(rows), paragraph(self._document["notRecognition"], "notice"))
        return Section("report", self._say("comparison-section-report"), blocks)

    def conclusion(self, signature: Signature) -> Section:
        """Where the person who answers for it writes what they conclude; nothing here concludes for them."""
        names = ("conclusion-text", "function", "signature")
        rows = tuple((self._say(f"comparison-{name}"), plain(_TO_FILL_IN)) for name in names)
        signed = (self._say("comparison-analyst"), plain(signature.analyst))
        return Section(
            "conclusion", self._say("comparison-section-conclusion"), (Terms((*rows[:1], signed, *rows[1:])),)
        )

    def finding(self) -> Section:
        document, finding = self._document, self._document["forward"]["finding"]
        lead = self._say("comparison-reads", purpose=document["purpose"]["label"])
        blocks: list[Block] = [
            Terms((
                (self._say("comparison-first"), self._unit(document["first"])),
                (self._say("comparison-second"), self._unit(document["second"])),
            )),
            Paragraph((Phrase(lead), Phrase(finding["label"] + ".", strong=True)), "lead"),
            *self._essential(),
            paragraph(document["forward"]["sensitivity"]["sentence"]),
            paragraph(document["purpose"]["remark"]),
            *self._rule(finding),
        ]  # fmt: skip
        return Section("finding", self._say("comparison-section-finding"), tuple(blocks))

    def coverage(self) -> Section:
        document = self._document
        forward, reverse = document["forward"]["coverage"], document["reverse"]["coverage"]
        share = self._phrases.share
        rows = [
            (
                plain(self._say(f"comparison-number-{name}")),
                plain(share(forward[name])),
                plain(share(reverse[name])),
                plain(document["meanings"][name]),
            )
            for name in NUMBERS
        ]
        rows += [
            (
                plain(self._say("comparison-number-named")),
                plain(self._named(forward)),
                plain(self._named(reverse)),
                plain(document["meanings"]["named"]),
            ),
            (
                plain(self._say("comparison-number-reviewed")),
                plain(self._reviewed(forward)),
                plain(self._reviewed(reverse)),
                plain(document["meanings"]["reviewedShare"]),
            ),
        ]
        columns = (
            Column(self._say("comparison-column-number"), share=2),
            Column(self._say("comparison-column-forward"), numeric=True),
            Column(self._say("comparison-column-reverse"), numeric=True),
            Column(self._say("comparison-column-meaning"), share=5),
        )
        table = Table(self._say("comparison-caption-coverage"), columns, tuple(rows))
        note = paragraph(self._phrases.rests_on(forward))
        return Section("coverage", self._say("comparison-section-coverage"), (table, note))

    def parts(self) -> tuple[Section, ...]:
        parts = self._document["forward"]["parts"]
        if not parts:
            return ()
        share = self._phrases.share
        columns = (
            Column(self._say("comparison-column-part"), share=4),
            *(Column(self._say(f"comparison-number-{name}"), numeric=True) for name in NUMBERS[:3]),
        )
        rows = tuple(
            ((self._phrases.thing(each["unit"]),), *(plain(share(each["coverage"][name])) for name in NUMBERS[:3]))
            for each in parts
        )
        table = Table(self._say("comparison-caption-parts"), columns, rows)
        note = paragraph(self._say("comparison-parts-upper"), "hint")
        return (Section("parts", self._say("comparison-section-parts"), (table, note)),)

    def sensitivity(self) -> Section:
        forward = self._document["forward"]
        share = self._phrases.share
        sentence = paragraph(forward["sensitivity"]["sentence"])
        columns = (
            Column(self._say("comparison-column-assumption"), share=4),
            *(Column(self._say(f"comparison-number-{name}"), numeric=True) for name in NUMBERS[:3]),
            Column(self._say("comparison-column-finding"), share=3),
        )
        rows = tuple(
            (
                plain(each["label"]),
                *(plain(share(each["coverage"][name])) for name in NUMBERS[:3]),
                plain(self._stays(each)),
            )
            for each in forward["variants"]
        )
        table = (Table(self._say("comparison-caption-sensitivity"), columns, rows),) if rows else ()
        return Section("sensitivity", self._say("comparison-section-sensitivity"), (sentence, *table))

    def nearer(self) -> tuple[Section, ...]:
        nearer = self._document["nearer"]
        if not nearer:
            return ()
        items = tuple(
            (self._phrases.thing(each["unit"]), Phrase(self._phrases.share(each["expected"]))) for each in nearer
        )
        note = paragraph(self._say("comparison-nearer-note"))
        return (Section("nearer", self._say("comparison-section-nearer"), (note, Items(items))),)

    def reverse(self, *, full: bool) -> Section:
        reverse = self._document["reverse"]
        lead = Paragraph(
            (Phrase(self._say("comparison-reads-reverse")), Phrase(reverse["finding"]["label"] + ".", strong=True))
        )
        sensitivity = paragraph(reverse["sensitivity"]["sentence"])
        blocks: tuple[Block, ...] = (lead, *self._rule(reverse["finding"]), sensitivity)
        if full:
            blocks += outcomes_section(reverse, self._phrases, "reverse").blocks
        return Section("reverse", self._say("comparison-section-reverse"), blocks)

    def _unit(self, unit: Json) -> Cell:
        title = self._phrases.text(unit["title"], thing=unit["iri"], strong=True)
        return (title, Phrase(f"{unit['identifier']}, {self._phrases.about(unit)}"))

    def _rule(self, finding: Json) -> tuple[Block, ...]:
        rows: list[tuple[str, Cell]] = [(self._say("comparison-rule"), self._named_rule(finding["rule"]))]
        if finding["matrixRow"]["name"] and finding["applies"]:
            allowed = self._say("comparison-allowed", finding=finding["allowed"]["label"])
            rows.append((self._say("comparison-matrix"), (*self._named_rule(finding["matrixRow"]), Phrase(allowed))))
        if finding["bounded"]:
            rows.append((self._say("comparison-bounded"), plain(self._say("comparison-bounded-text"))))
        if finding.get("unreviewed"):
            rows.append((self._say("comparison-unreviewed"), plain(self._say("comparison-unreviewed-text"))))
        if finding["reasons"]:
            reasons = ", ".join(each["label"] for each in finding["reasons"])
            rows.append((self._say("comparison-reasons"), plain(reasons)))
        return (Terms(tuple(rows)),)

    def _named_rule(self, rule: Json) -> Cell:
        label = Phrase(f"{rule['label']} [{rule['name']}]" if rule["label"] != rule["name"] else rule["name"])
        source = (self._say("comparison-rule-source", source=rule["basis"]),) if rule["basis"] else ()
        why = ". ".join(each for each in (rule["reason"], *source) if each)
        return (label, Phrase(why)) if why else (label,)

    def _stays(self, variant: Json) -> str:
        if not variant["changes"]:
            return self._say("comparison-same-nothing-changed")
        return self._say("comparison-same") if variant["stable"] else str(variant["finding"]["label"])

    def _essential(self) -> tuple[Block, ...]:
        """How it stands with the outcomes that the analyst marked, where the finding is read."""
        marked = [each for each in self._document["forward"]["outcomes"] if each["essential"]]
        if not marked:
            return ()
        items = tuple(essential_outcome(each, self._phrases) for each in marked)
        return (paragraph(self._say("comparison-essential-lead")), Items(items))

    def _named(self, coverage: Json) -> str:
        return self._say("comparison-count-of", count=coverage["named"], total=coverage["outcomes"])

    def _reviewed(self, coverage: Json) -> str:
        if not coverage["links"]["all"]:
            return self._say("comparison-no-number")
        return self._phrases.share(coverage["reviewedShare"])
