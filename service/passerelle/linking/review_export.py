"""Writes links that wait for a person as SSSOM TSV, best first, so that an untouched row is no decision."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sssom_pydantic
from curies import Converter
from sssom_pydantic import MappingSetRecord

from passerelle.linking.review_columns import choice_label, review_columns
from passerelle.linking.submitted import guarded
from passerelle.messages import Language, message
from passerelle.namespaces import ESCO_SKILL, PREFIXES
from passerelle.records.link import UNSTATED_RELATION
from passerelle.records.review_item import ReviewItem

LABEL_CHARACTERS = 32_000
"""Of a cell: a spreadsheet takes 32,767, and drops a longer one without a word."""

_ORDER = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "reviewer_label",
    "subject_source_version",
    "object_source_version",
    "mapping_date",
    "confidence",
    "comment",
)
"""SSSOM's own order of its slots; the extension slots follow in the order of `review-columns.tsv`."""


@dataclass(frozen=True, slots=True)
class ExportedRelease:
    """What a review file says about where it comes from: the release, its creation (ISO 8601), base, linker, rights.

    `purpose` is what the purpose whose findings are counted is called.
    """

    identifier: str
    created: str
    base: str
    linker: str
    purpose: Mapping[Language, str]
    attributions: tuple[str, ...]


def write_review_table(path: Path, items: Sequence[ReviewItem], release: ExportedRelease, language: Language) -> None:
    """Write an SSSOM TSV with a row for each item, in the given order.

    mapping_justification is how the link came about (semapv:LexicalMatching …, semapv:UnspecifiedMatching where an
    issuer or an earlier decision says it), never semapv:ManualMappingCuration: who reviews puts that in, with a
    reviewer and a date, and `Not` as predicate_modifier to reject. predicate_id is UNSTATED_RELATION where nothing
    names a relation, as with every link of an issuer. The header says for which purpose findings are counted, and what
    the numbers of each column are. Raises OSError.
    """
    extensions = [column for column in review_columns() if column.slot.startswith("review_")]
    columns = [*_ORDER, *(column.slot for column in extensions)]
    prefixes = _prefixes(items, release.base)
    metadata = {
        "mapping_set_id": f"{release.base}/id/review/{release.identifier}",
        "mapping_set_title": message("review-export-title").what(language, release=release.identifier),
        "mapping_set_description": message("review-export-how").what(language),
        "comment": " ".join([export_purpose(release, language), *_numbers(language)]),
        "license": "https://w3id.org/sssom/license/unspecified",
        "other": "; ".join(release.attributions),
        "mapping_tool": "passerelle",
        "mapping_tool_version": release.linker,
        "curie_map": prefixes,
        "extension_definitions": [
            {"slot_name": column.slot, "type_hint": f"xsd:{column.datatype}"} for column in extensions
        ],
    }
    record = MappingSetRecord.model_validate({name: value for name, value in metadata.items() if value})
    converter = Converter.from_prefix_map(prefixes)
    text = io.StringIO(newline="")
    sssom_pydantic.io.write_metadata(record, text)
    text.write("\t".join(columns) + "\n")
    for item in items:
        row = _row(item, language, converter)
        text.write("\t".join(_cell(row.get(name, "")) for name in columns) + "\n")
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")


def values_of(item: ReviewItem, language: Language) -> dict[str, str]:
    """The cells of an item by the names of `review-columns.tsv`, as texts; columns of the reviewer are left out."""
    impact = item.impact
    return {
        "text": item.text[:LABEL_CHARACTERS],
        "language": item.language,
        "unit_title": item.unit_title,
        "unit_identifier": item.unit_identifier,
        "country": item.country,
        "skill_label": item.skill_label,
        "skill_description": item.skill_description[:LABEL_CHARACTERS],
        "state": item.state,
        "earlier": earlier_of(item, language),
        "confidence": item.confidence,
        "confidence_status": item.confidence_status,
        "impact_findings": f"{impact.findings:g}" if impact else "",
        "impact_score": f"{impact.score:.4f}" if impact else "",
        "impact_pairs": str(impact.pairs) if impact else "",
        "impact_units": str(impact.units) if impact else "",
        "justification": item.justification,
        "outcome_version": item.outcome_version,
        "skill_version": item.skill_version,
        "outcome": item.outcome,
        "skill": item.skill,
    }


def export_purpose(release: ExportedRelease, language: Language) -> str:
    """The sentence that names the purpose of a file."""
    return message("review-export-purpose").what(language, purpose=release.purpose[language])


def _numbers(language: Language) -> list[str]:
    """What stands in each column of numbers."""
    return [
        f"{column.slot}: {column.explanation(language)}."
        for column in review_columns()
        if column.slot and column.datatype in ("double", "integer")
    ]


def earlier_of(item: ReviewItem, language: Language) -> str:
    """Why decisions were sent back, and what had been decided, in some sentences; empty for all other items."""
    said = [message(f"review-because-{reason}").what(language) for reason in item.reasons]
    for review in item.earlier:
        name = "review-had-accepted" if review.accepted else "review-had-rejected"
        relation = choice_label("relation", review.relation, language)
        about = {"date": review.date, "relation": relation, "text": review.text or "–", "skill": review.skill}
        said.append(message(name).what(language, **about))
    return " ".join(said)


def _row(item: ReviewItem, language: Language, converter: Converter) -> dict[str, str]:
    values = values_of(item, language)
    row = {column.slot: values.get(column.name, "") for column in review_columns() if column.slot}
    row["subject_id"] = converter.compress(item.outcome) or item.outcome
    row["object_id"] = converter.compress(item.skill) or item.skill
    row["predicate_id"] = item.relation or UNSTATED_RELATION
    return row


def _prefixes(items: Sequence[ReviewItem], base: str) -> dict[str, str]:
    found = {
        "esco": ESCO_SKILL,
        "outcome": base + "/id/",
        "semapv": PREFIXES["semapv"],
        "skos": PREFIXES["skos"],
        "xsd": PREFIXES["xsd"],
    }
    for iri in [end for item in items for end in (item.outcome, item.skill)]:
        if not any(iri.startswith(start) for start in found.values()):
            start = iri[: max(iri.rfind("/"), iri.rfind("#"), iri.rfind(":")) + 1]
            found[f"source{len(found)}"] = start
    return found


def _cell(text: str) -> str:
    folded = guarded(text)
    return f'"{folded.replace(chr(34), chr(34) * 2)}"' if '"' in folded else folded
