"""Reads and writes mapping sets between any two vocabularies as SSSOM TSV (https://w3id.org/sssom)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import curies
import pydantic
import sssom_pydantic
import yaml
from sssom_pydantic import MappingSetRecord, Record

from passerelle.errors import MalformedInput, UnexpectedInput
from passerelle.namespaces import PREFIXES
from passerelle.records.crosswalk import MappingSet
from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally

_ALWAYS = ("skos", "semapv")


@dataclass(frozen=True, slots=True)
class SssomMapping:
    """One mapping. `subject` and `object` are IRIs, `relation` and `justification` CURIEs of skos and semapv."""

    subject: str
    relation: str
    object: str
    justification: str
    subject_label: str = ""
    object_label: str = ""
    comment: str = ""


def write_sssom(path: Path, about: MappingSet, mappings: Iterable[SssomMapping], prefixes: Mapping[str, str]) -> int:
    """Write a mapping set and return how many mappings it holds.

    The rows are sorted by subject, relation and object, and the columns stand in SSSOM's own order, so that equal
    content is an equal file. `prefixes` must cover every subject, object and the two sources; `about.identifier` and
    `about.licence` are IRIs. Raises ValueError for an IRI that no prefix covers, OSError.
    """
    converter = curies.Converter.from_prefix_map({**{name: PREFIXES[name] for name in _ALWAYS}, **prefixes})
    shared: dict[str, Any] = {
        "subject_source": _curie(converter, about.subject_source),
        "subject_source_version": about.subject_version,
        "object_source": _curie(converter, about.object_source),
        "object_source_version": about.object_version,
        "author_label": [about.author] if about.author else None,
        "publication_date": about.published,
    }
    shared = {name: value for name, value in shared.items() if value}
    ordered = sorted(mappings, key=lambda each: (each.subject, each.relation, each.object))
    records = [
        Record(
            subject_id=_curie(converter, mapping.subject),
            subject_label=mapping.subject_label or None,
            predicate_id=mapping.relation,
            object_id=_curie(converter, mapping.object),
            object_label=mapping.object_label or None,
            mapping_justification=mapping.justification,
            comment=mapping.comment or None,
            **shared,
        )
        for mapping in ordered
    ]
    metadata = MappingSetRecord.model_validate(
        {
            "mapping_set_id": about.identifier,
            "mapping_set_title": about.title,
            **({"mapping_set_version": about.version} if about.version else {}),
            **({"license": about.licence} if about.licence else {}),
            **({"comment": about.comment} if about.comment else {}),
        }
    )
    text = io.StringIO(newline="")
    sssom_pydantic.write_unprocessed(records, text, metadata=metadata, converter=converter)
    # the library ends metadata lines with LF and rows with CRLF
    path.write_text(text.getvalue().replace("\r\n", "\n"), encoding="utf-8", newline="\n")
    return len(records)


def read_sssom(path: Path, tally: Tally) -> tuple[MappingSet, list[SssomMapping]]:
    """Read a mapping set; a row that is no mapping is rejected (item: mapping).

    Raises UnexpectedInput for a file without the metadata of a mapping set, MalformedInput for one that is unreadable.
    """
    place = Place(file=path.name)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MalformedInput("table-encoding", place=place, reason=str(error)) from error
    found: list[SssomMapping] = []
    first: Record | None = None
    try:
        with sssom_pydantic.io.read_unprocessed_iterable(io.StringIO(text)) as reading:
            converter = reading.converter
            for line, record in reading.records:
                # the library gives the first row the number of the header
                where = Place(path.name, line + 1)
                if not isinstance(record, Record):
                    tally.reject(Reject("mapping", "sssom-row", where, {"reason": _reason(record.exception)}))
                    continue
                subject, object_ = _iri(converter, record.subject_id), _iri(converter, record.object_id)
                if subject is None or object_ is None:
                    unknown = record.subject_id if subject is None else record.object_id
                    tally.reject(Reject("mapping", "sssom-prefix", where, {"curie": unknown[:200]}))
                    continue
                tally.accept("mapping")
                first = first or record
                found.append(
                    SssomMapping(
                        subject,
                        record.predicate_id,
                        object_,
                        record.mapping_justification,
                        record.subject_label or "",
                        record.object_label or "",
                        record.comment or "",
                    )
                )
            return _about(reading.mapping_set, first, converter), found
    except (ValueError, KeyError, StopIteration, RecursionError, yaml.YAMLError) as error:
        raise UnexpectedInput("sssom-file", place=place, reason=_reason(error)) from error


def _about(metadata: sssom_pydantic.MappingSet, first: Record | None, converter: curies.Converter) -> MappingSet:
    def expanded(curie: str | None) -> str:
        return (_iri(converter, curie) or curie) if curie else ""

    return MappingSet(
        identifier=str(metadata.id),
        title=metadata.title or "",
        version=metadata.version or "",
        published=str((first and first.publication_date) or metadata.publication_date or ""),
        author=", ".join((first and first.author_label) or ()),
        licence=str(metadata.license or ""),
        subject_source=expanded(first.subject_source if first else None),
        subject_version=(first and first.subject_source_version) or "",
        object_source=expanded(first.object_source if first else None),
        object_version=(first and first.object_source_version) or "",
        comment=metadata.comment or "",
    )


def _iri(converter: curies.Converter, curie: str) -> str | None:
    return converter.expand(curie, strict=False, passthrough=False)


def _reason(error: Exception) -> str:
    """The cause in one line; of a failed model, the fields and what is wrong with each."""
    if isinstance(error, pydantic.ValidationError):
        causes = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)]
        return "; ".join(causes)[:300]
    return " ".join(str(error).split())[:300] or type(error).__name__


def _curie(converter: curies.Converter, iri: str) -> str:
    curie = converter.compress(iri) if iri else ""
    if curie is None:
        raise ValueError(iri)
    return curie
