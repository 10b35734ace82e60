"""What `passerelle link` answers: outcomes with their candidates, as text for people, as JSON and as SSSOM TSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from passerelle.cli.console import language, say
from passerelle.graph.link_rows import LinkRow, LinkRows
from passerelle.graph.links import LinkGraph
from passerelle.graph.release import Release
from passerelle.linking.labels import primary
from passerelle.linking.link_set import LinkSets
from passerelle.records.link import UNSTATED_RELATION, Candidate
from passerelle.records.mapping_table import rows
from passerelle.records.text import LanguageText


@dataclass(frozen=True, slots=True)
class LinkedText:
    """An outcome (IRI, empty for a text of the command line), its wordings and candidates, and what it is linked to."""

    outcome: str
    texts: tuple[LanguageText, ...]
    candidates: tuple[Candidate, ...]
    links: tuple[LinkRow, ...] = ()


class LinkAnswers:
    """Writes linked texts of a release, whose links `graph` and `rows` read."""

    def __init__(self, release: Release, graph: LinkGraph, rows: LinkRows) -> None:
        self._release = release
        self._graph = graph
        self._rows = rows

    def label(self, skill: str, tag: str) -> str:
        """The preferred label of a skill in a language, else in English, else its IRI."""
        for each in (primary(tag), "en"):
            for label in self._graph.labels_of(skill, each):
                if label.preferred:
                    return label.text
        return skill

    def lines(self, found: Iterator[LinkedText]) -> Iterator[str]:
        """For people: the text, and a line for each candidate."""
        by_context = False
        for each in found:
            confidences = [float(candidate.confidence) for candidate in each.candidates]
            by_context |= confidences != sorted(confidences, reverse=True)
            words = each.texts[0] if each.texts else LanguageText(each.outcome, "")
            yield f"{words.text} [{words.language}]" + (f"  {each.outcome}" if each.outcome else "")
            links = {link.skill: link for link in each.links}
            for candidate in each.candidates:
                link = links.get(candidate.skill)
                yield "  " + say(
                    "cli-link-candidate",
                    confidence=_decimal(candidate.confidence),
                    status=say(f"cli-link-{candidate.status}"),
                    state=say(f"cli-link-state-{link.state if link else 'candidate'}"),
                    relation=_relation(link.relation if link else candidate.relation),
                    label=self.label(candidate.skill, language()),
                    skill=candidate.skill,
                )
            proposed = {candidate.skill for candidate in each.candidates}
            for stated in each.links:
                if stated.skill not in proposed and stated.state != "candidate":
                    state, relation = say(f"cli-link-state-{stated.state}"), _relation(stated.relation)
                    label = self.label(stated.skill, language())
                    yield "  " + say("cli-link-stated", state=state, relation=relation, label=label, skill=stated.skill)
            if not each.candidates and not each.links:
                yield "  " + say("cli-link-none")
        if by_context:
            yield say("cli-link-order")

    def document(self, found: Iterator[LinkedText], linker: str) -> dict[str, Any]:
        """The answer as JSON."""
        return {
            "release": self._release.identifier,
            "linker": linker,
            "order": say("cli-link-order"),
            "esco": next((e.edition for e in self._release.manifest.sources if e.kind == "esco"), ""),
            "outcomes": [self._described(each) for each in found],
        }

    def _described(self, each: LinkedText) -> dict[str, Any]:
        states = {link.skill: link.state for link in each.links}
        described: dict[str, Any] = {
            "outcome": each.outcome,
            "texts": [asdict(text) for text in each.texts],
            "candidates": [
                {
                    **asdict(candidate),
                    "confidence": float(candidate.confidence),
                    "state": states.get(candidate.skill, "candidate"),
                    "label": self.label(candidate.skill, language()),
                }
                for candidate in each.candidates
            ],
        }
        stated = [link for link in each.links if link.state != "candidate"]
        if each.outcome:
            described["links"] = [
                {"skill": link.skill, "label": link.skill_label, "state": link.state, "relation": link.relation}
                for link in stated
            ]
        else:
            del described["outcome"]
        return described

    def write_sssom(self, found: Iterator[LinkedText], target: Path) -> tuple[int, int]:
        """The candidates as SSSOM TSV; returns how many, and how many were left out.

        Left out are pairs that the release has as reviewed, official or declared: they are no mere candidates any more,
        and stand in the link sets of those classes.
        """
        sets = LinkSets(self._release.manifest)
        sources = self._sources()
        rows: list[LinkRow] = []
        left_out = 0
        for each in found:
            settled = {link.skill for link in each.links if link.state != "candidate"}
            rows += [self._link_row(each, one, sources) for one in each.candidates if one.skill not in settled]
            left_out += sum(one.skill in settled for one in each.candidates)
        rows.sort(key=lambda row: sets.outcome_order(row.outcome))
        return sets.write(rows, {"machine": target})["machine"], left_out

    def _link_row(self, each: LinkedText, candidate: Candidate, sources: Mapping[str, str]) -> LinkRow:
        return LinkRow(
            each.outcome,
            each.texts[0].text if each.texts else "",
            candidate.skill,
            self.label(candidate.skill, "en"),
            "candidate",
            candidate.relation,
            candidate.justification,
            sources.get(each.outcome, ""),
            candidate.confidence,
            candidate.status,
            "",
        )

    def _sources(self) -> dict[str, str]:
        return {row.outcome: row.source for row in self._rows.rows(str)}


def _decimal(value: str) -> str:
    return value.replace(".", ",") if language() == "fr" else value


def _relation(curie: str) -> str:
    """What a relation says, with SKOS's name, which a review gives."""
    if curie == UNSTATED_RELATION:
        return say("cli-link-no-relation")
    label = next(row[f"label_{language()}"] for row in rows("match-relations.tsv") if row["relation"] == curie)
    return f"{label} ({curie.partition(':')[2]})"
