"""What a reviewer hands in: the rows of an edited export, as SSSOM TSV or as a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sssom_pydantic import Record

from passerelle.linking.review_log import MANUAL, relation_of
from passerelle.linking.sssom_table import SssomTable, Unusable
from passerelle.namespaces import expand
from passerelle.records.link import UNSTATED_RELATION
from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally

Decision = Literal["", "accept", "reject", "correct"]

CORRECTED_SKILL = "review_corrected_skill"
"""The column of a table in which a correction names the right skill."""

_FORMULA = re.compile(r"'*[=+\-@]")


@dataclass(frozen=True, slots=True)
class SubmittedRow:
    """A row of a review file; `decision` is empty where the reviewer left it alone.

    `outcome`, `skill` and `corrected` are IRIs (`corrected` only with the decision `correct`), `relation` is a CURIE of
    SKOS or empty, `date` ISO 8601 or empty; `text` is the wording that the reviewer saw.
    """

    place: Place
    outcome: str
    skill: str
    decision: Decision
    relation: str = ""
    corrected: str = ""
    reviewer: str = ""
    date: str = ""
    comment: str = ""
    text: str = ""
    skill_label: str = ""


def submitted_table(path: Path, tally: Tally) -> Iterator[SubmittedRow]:
    """The rows of an SSSOM TSV; one that cannot be read is rejected (item: row).

    A row is a decision when its mapping_justification is semapv:ManualMappingCuration, and no decision as long as it is
    the machine's or the issuer's; then nothing else of a decision may be filled in. A decision that names a skill in
    CORRECTED_SKILL is a correction: one row, so that the rejection never stands without its replacement. Raises
    InputError.
    """
    table = SssomTable(path)
    for place, record, cells in table.records():
        try:
            yield _submitted(record, table, place, cells)
        except Unusable as reason:
            tally.reject(Reject("row", reason.message_id, place, reason.parameters))


def _submitted(record: Record | Unusable, table: SssomTable, place: Place, cells: Mapping[str, str]) -> SubmittedRow:
    if isinstance(record, Unusable):
        raise record
    outcome, skill = table.expanded(record.subject_id), table.expanded(record.object_id)
    names = (*(record.reviewer_id or ()), *(record.reviewer_label or ()))
    names = names or (*(record.author_id or ()), *(record.author_label or ()))
    negative = record.predicate_modifier == "Not"
    corrected = cells.get(CORRECTED_SKILL, "")
    decision: Decision = ""
    if table.expanded(record.mapping_justification) == MANUAL:
        decision = "correct" if corrected else "reject" if negative else "accept"
    elif negative or names or corrected or record.mapping_date is not None:
        raise Unusable("review-import-unjustified", value=record.mapping_justification)
    return SubmittedRow(
        place,
        outcome,
        skill,
        decision,
        _relation(record, table) if decision else "",
        table.expanded(corrected) if corrected else "",
        reviewer=" | ".join(names),
        date=record.mapping_date.isoformat() if record.mapping_date else "",
        comment=unguarded(record.comment or "") if decision else "",
        text=unguarded(record.subject_label or ""),
        skill_label=unguarded(record.object_label or ""),
    )


def _relation(record: Record, table: SssomTable) -> str:
    """The relation that was chosen, empty where none was."""
    return "" if table.expanded(record.predicate_id) == expand(UNSTATED_RELATION) else relation_of(record, table)


def guarded(text: str) -> str:
    """`text` on one line, with an apostrophe in front where a spreadsheet would take it for a formula (OWASP)."""
    folded = " ".join(text.split())
    return f"'{folded}" if _FORMULA.match(folded) else folded


def unguarded(text: str) -> str:
    """What `guarded` was given.

    >>> unguarded(guarded("=1+1")), unguarded("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
