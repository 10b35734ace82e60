"""The lines of a review log: decisions as rows of SSSOM TSV, in a new log or at the end of one that stands."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sssom_pydantic.api import MappingSetRecord

from passerelle.linking.review_log import UNSPECIFIED_LICENCE
from passerelle.linking.sssom_table import SssomTable
from passerelle.namespaces import ESCO_SKILL, PREFIXES

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "reviewer_id",
    "reviewer_label",
    "subject_source_version",
    "object_source_version",
    "mapping_date",
    "comment",
)
"""The columns of a new log, in SSSOM's own order."""

_ORCID = re.compile(r"(?:https?://orcid\.org/|orcid:)(\d{4}-\d{4}-\d{4}-\d{3}[\dX])", re.IGNORECASE)
_ORCID_PREFIX = "https://orcid.org/"


@dataclass(frozen=True, slots=True)
class LogDecision:
    """A decision as it goes into a log: `relation` a CURIE, `date` ISO 8601, the versions are editions of sources."""

    outcome: str
    skill: str
    relation: str
    accepted: bool
    date: str
    reviewer: str
    text: str = ""
    skill_label: str = ""
    outcome_version: str = ""
    skill_version: str = ""
    comment: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """Outcome and skill."""
        return (self.outcome, self.skill)


@dataclass(frozen=True, slots=True)
class LogHeader:
    """What the header of a new log says: `identifier` and `licence` are IRIs, `base` that of the release."""

    identifier: str
    title: str
    base: str
    licence: str = UNSPECIFIED_LICENCE
    comment: str = ""


def new_log(header: LogHeader, decisions: Sequence[LogDecision]) -> str:
    """The whole text of a log that holds these decisions alone."""
    prefixes = _prefixes({}, decisions, header.base)
    rows = [_row(each, prefixes) for each in decisions]
    columns = [name for name in COLUMNS if name == "predicate_modifier" or any(row.get(name) for row in rows)]
    return _head({**_metadata(header), "curie_map": prefixes}) + "\t".join(columns) + "\n" + _lines(rows, columns)


def longer_log(path: Path, base: str, decisions: Sequence[LogDecision]) -> str:
    """The whole text of the log at `path` with these decisions after its own; `base` is that of the release.

    Columns and prefixes that it lacks are added; its lines stay as they are. Raises InputError, OSError.
    """
    table = SssomTable(path)
    known = dict(table.metadata.get("curie_map") or {}) if isinstance(table.metadata, dict) else {}
    prefixes = _prefixes(known, decisions, base)
    rows = [_row(each, prefixes) for each in decisions]
    used = {name for row in rows for name, value in row.items() if value}
    columns = [*table.columns, *(name for name in COLUMNS if name in used and name not in table.columns)]
    old = path.read_text(encoding="utf-8-sig").split("\n")
    if old and not old[-1].strip():
        old.pop()
    head = old[: table.head]
    if prefixes != known and isinstance(table.metadata, dict):
        head = [*_head({**table.metadata, "curie_map": prefixes}).splitlines(), head[-1]]
    added = len(columns) - len(table.columns)
    head[-1] = "\t".join([head[-1], *columns[len(table.columns) :]])
    body = [f"{line}{_padding(line, len(table.columns), added)}" for line in old[table.head :]]
    return "\n".join([*head, *body]) + "\n" + _lines(rows, columns)


def _metadata(header: LogHeader) -> dict[str, Any]:
    record = MappingSetRecord.model_validate(
        {
            "mapping_set_id": header.identifier,
            "mapping_set_title": header.title,
            "license": header.licence,
            **({"comment": header.comment} if header.comment else {}),
        }
    )
    return record.model_dump(mode="json", exclude_none=True, exclude_unset=True)


def _prefixes(known: Mapping[str, str], decisions: Sequence[LogDecision], base: str) -> dict[str, str]:
    """`known` and what else the decisions need, so that each end is a CURIE: SSSOM takes nothing else."""
    found = dict(known)
    wanted = {"esco": ESCO_SKILL, "semapv": PREFIXES["semapv"], "skos": PREFIXES["skos"]}
    if any(_ORCID.fullmatch(each.reviewer) for each in decisions):
        wanted["orcid"] = _ORCID_PREFIX
    if any(each.outcome.startswith(base + "/id/") for each in decisions):
        wanted["outcome"] = base + "/id/"
    for name, start in wanted.items():
        if start not in found.values():
            found[_free(name, found)] = start
    for iri in [end for each in decisions for end in each.pair]:
        if _curie(iri, found) == iri:
            start = iri[: max(iri.rfind("/"), iri.rfind("#"), iri.rfind(":")) + 1]
            found[_free("source", found)] = start
    return found


def _free(name: str, taken: Mapping[str, str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}{number}"
    return candidate


def _curie(iri: str, prefixes: Mapping[str, str]) -> str:
    """The CURIE by the longest prefix; the IRI itself where none covers it."""
    fitting = [(start, name) for name, start in prefixes.items() if iri.startswith(start) and iri != start]
    if not fitting:
        return iri
    start, name = max(fitting, key=lambda each: (len(each[0]), each[1]))
    return f"{name}:{iri[len(start) :]}"


def _row(decision: LogDecision, prefixes: Mapping[str, str]) -> dict[str, str]:
    orcid = _ORCID.fullmatch(decision.reviewer)
    row = {
        "subject_id": _curie(decision.outcome, prefixes),
        "subject_label": decision.text,
        "predicate_id": _curie(PREFIXES["skos"] + decision.relation.partition(":")[2], prefixes),
        "predicate_modifier": "" if decision.accepted else "Not",
        "object_id": _curie(decision.skill, prefixes),
        "object_label": decision.skill_label,
        "mapping_justification": _curie(PREFIXES["semapv"] + "ManualMappingCuration", prefixes),
        "reviewer_id": _curie(_ORCID_PREFIX + orcid[1].upper(), prefixes) if orcid else "",
        "reviewer_label": "" if orcid else decision.reviewer,
        "subject_source_version": decision.outcome_version,
        "object_source_version": decision.skill_version,
        "mapping_date": decision.date,
        "comment": decision.comment,
    }
    return {name: " ".join(value.split()) for name, value in row.items()}


def _lines(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(
        [row.get(name, "") for name in columns] for row in rows
    )
    return text.getvalue()


def _head(metadata: Mapping[str, Any]) -> str:
    dumped = yaml.safe_dump(dict(metadata), allow_unicode=True, sort_keys=False, width=10_000)
    return "".join(f"#{line}\n" for line in dumped.splitlines())


def _padding(line: str, columns: int, added: int) -> str:
    """The tabs that a line needs to reach the columns that were added, also one that leaves its last cells out."""
    if not added or not line.strip():
        return ""
    try:
        cells = len(next(csv.reader([line], delimiter="\t", strict=True)))
    except csv.Error:
        cells = line.count("\t") + 1  # a spoilt row stays one
    return "\t" * (max(columns - cells, 0) + added)
