"""Reads a review log: SSSOM TSV, one decision a line, append-only, outside of every release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sssom_pydantic import Record

from passerelle.graph.links import MATCH_RELATIONS, curie
from passerelle.linking.sssom_table import SssomTable, Unusable
from passerelle.namespaces import expand
from passerelle.records.place import Place
from passerelle.records.provenance import Licence, Provenance, SourceFile
from passerelle.records.review import Review
from passerelle.records.tally import Reject, Tally

MANUAL = expand("semapv:ManualMappingCuration")
REVIEWER = ("reviewer_id", "reviewer_label", "author_id", "author_label")
"""The columns of SSSOM one of which must say who decided."""
UNSPECIFIED_LICENCE = "https://w3id.org/sssom/license/unspecified"


class ReviewLog:
    """A `Source` of `Review` records.

    Columns: subject_id (outcome) and object_id (ESCO skill) as IRI or CURIE, predicate_id (a SKOS mapping relation),
    predicate_modifier (`Not` rejects), mapping_justification (semapv:ManualMappingCuration), mapping_date, one of the
    reviewer or author columns; optional subject_label, the reviewed text. Other SSSOM columns are allowed and unused.
    """

    kind = "reviews"

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def slug(self) -> str:
        """`reviews-` and the file's name without its endings; a log has no graph of its own."""
        name = re.sub(r"[^a-z0-9]+", "-", self.path.name.lower().removesuffix(".tsv").removesuffix(".sssom"))
        return f"reviews-{name.strip('-')}"

    def provenance(self) -> Provenance:
        """See `Source`; licence and edition stand in the log's header. Raises InputError."""
        header = SssomTable(self.path).header
        licence = str(header.license or UNSPECIFIED_LICENCE)
        attribution_en, attribution_fr = f"Review log {self.path.name}", f"Journal de revue {self.path.name}"
        return Provenance(
            attribution_en,
            attribution_fr,
            str(header.mapping_set_title or ""),
            Licence(licence, licence, attribution_en, attribution_fr),
            str(header.mapping_set_version or ""),
            (SourceFile.of(self.path),),
        )

    def read(self, tally: Tally) -> Iterator[Review]:
        """Yield the decisions in the file's order, counted as item `review`.

        Raises InputError where the file is no SSSOM TSV at all.
        """
        table = SssomTable(self.path)
        for place, record, _ in table.records():
            try:
                review = _review(record, table, place)
            except Unusable as reason:
                tally.reject(Reject("review", reason.message_id, place, reason.parameters))
                continue
            tally.accept("review")
            yield review


def _review(record: Record | Unusable, table: SssomTable, place: Place) -> Review:
    if isinstance(record, Unusable):
        raise record
    relation = relation_of(record, table)
    if table.expanded(record.mapping_justification) != MANUAL:
        raise Unusable("review-justification", value=record.mapping_justification)
    if record.mapping_date is None:
        raise Unusable("review-undated")
    if not any(getattr(record, name) for name in REVIEWER):
        raise Unusable("review-anonymous")
    return Review(
        table.expanded(record.subject_id),
        table.expanded(record.object_id),
        relation,
        record.predicate_modifier != "Not",
        record.mapping_date.isoformat(),
        record.subject_label or "",
        place,
    )


def relation_of(record: Record, table: SssomTable) -> str:
    """The relation as a CURIE of SKOS. Raises Unusable for any other predicate."""
    relation = table.expanded(record.predicate_id)
    if relation not in {expand(name) for name in MATCH_RELATIONS}:
        raise Unusable("review-relation", value=record.predicate_id)
    return curie(relation)
