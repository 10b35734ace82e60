"""Reads a review log: SSSOM TSV, one decision a line, append-only, outside of every release."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

import yaml
from curies import Converter
from sssom_pydantic import Record
from sssom_pydantic.api import MappingSetRecord
from sssom_pydantic.io import read_unprocessed, row_to_record

from passerelle.errors import MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.graph.links import MATCH_RELATIONS, curie
from passerelle.namespaces import expand
from passerelle.records.iri import is_iri
from passerelle.records.place import Place
from passerelle.records.provenance import Licence, Provenance, SourceFile
from passerelle.records.review import Review
from passerelle.records.tally import Reject, Tally

MAXIMUM_BYTES = 256 * 1024**2
"""A million decisions; a log is read as a whole to find out early that it is text."""

REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
MANUAL = expand("semapv:ManualMappingCuration")
UNSPECIFIED_LICENCE = "https://w3id.org/sssom/license/unspecified"
_REVIEWER = ("reviewer_id", "reviewer_label", "author_id", "author_label")


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases: a few lines of them unfold to gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


def _header(text: str) -> object:
    loader = _PlainLoader(text)
    try:
        return loader.get_single_data() or {}
    finally:
        loader.dispose()


class _Unusable(Exception):
    def __init__(self, message_id: str, **parameters: object) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.parameters = parameters


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
        header = self._open()[1]
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

        Each physical line is one row, so that an unclosed quotation mark spoils its own line only. Raises InputError
        where the file is no SSSOM TSV at all.
        """
        lines, header, converter = self._open()
        start = next(number for number, line in enumerate(lines) if not line.startswith("#"))
        columns = [name.strip() for name in lines[start].split("\t")]
        propagated = header.get_propagatable()
        for number, line in enumerate(lines[start + 1 :], start + 2):
            if not line.strip():
                continue
            place = Place(self.path.name, number)
            try:
                record = _record(line, columns, propagated, converter)
                review = _review(record, converter, place)
            except _Unusable as reason:
                tally.reject(Reject("review", reason.message_id, place, reason.parameters))
                continue
            tally.accept("review")
            yield review

    def _open(self) -> tuple[list[str], MappingSetRecord, Converter]:
        place = Place(self.path.name)
        try:
            size = self.path.stat().st_size
            if size > MAXIMUM_BYTES:
                raise UnsafeInput("review-log-size", place=place, size=size, limit=MAXIMUM_BYTES)
            lines = self.path.read_text(encoding="utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise MalformedInput("review-log-unreadable", place=place, reason=_brief(error)) from error
        names = next((line for line in lines if not line.startswith("#")), "")
        missing = [name for name in REQUIRED if name not in {each.strip() for each in names.split("\t")}]
        if missing:
            raise UnexpectedInput("review-log-columns", place=place, columns=", ".join(missing))
        try:
            header = _header("\n".join(line.lstrip("#") for line in lines if line.startswith("#")))
            record = MappingSetRecord.model_validate(header)
            converter = read_unprocessed(StringIO(names + "\n"), metadata=record).converter
        except (ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
            raise MalformedInput("review-log-unreadable", place=place, reason=_brief(error)) from error
        return lines, record, converter


def _record(line: str, columns: list[str], propagated: Mapping[str, str | list[str]], converter: Converter) -> Record:
    try:
        values = next(csv.reader([line], delimiter="\t", strict=True))
    except csv.Error as error:
        raise _Unusable("review-row", reason=_brief(error)) from error
    if len(values) > len(columns):
        raise _Unusable("review-row", reason=f"{len(values)} / {len(columns)}")
    # the library lets the header overrule the row; SSSOM means the header to fill what the row leaves open
    row: dict[str, str | list[str]] = dict(propagated)
    row.update({name: value.strip() for name, value in zip(columns, values, strict=False) if name and value.strip()})
    try:
        return row_to_record(row, converter=converter)
    except ValueError as error:
        raise _Unusable("review-row", reason=_brief(error)) from error


def _review(record: Record, converter: Converter, place: Place) -> Review:
    relation = _expanded(record.predicate_id, converter)
    justification = _expanded(record.mapping_justification, converter)
    if relation not in {expand(name) for name in MATCH_RELATIONS}:
        raise _Unusable("review-relation", value=record.predicate_id)
    if justification != MANUAL:
        raise _Unusable("review-justification", value=record.mapping_justification)
    if record.mapping_date is None:
        raise _Unusable("review-undated")
    if not any(getattr(record, name) for name in _REVIEWER):
        raise _Unusable("review-anonymous")
    return Review(
        _expanded(record.subject_id, converter),
        _expanded(record.object_id, converter),
        curie(relation),
        record.predicate_modifier != "Not",
        record.mapping_date.isoformat(),
        record.subject_label or "",
        place,
    )


def _expanded(value: str, converter: Converter) -> str:
    """The IRI that a CURIE or IRI stands for, refused where it could not be a node."""
    iri = value if is_iri(value) else converter.expand(value)
    if iri is None or not is_iri(iri):
        raise _Unusable("review-iri", value=value)
    return iri


def _brief(error: Exception) -> str:
    """The first lines of a library's message, on one line."""
    return " ".join(str(error).split())[:300]
