"""Reads any RDF file as it is: named graphs kept, ours reserved, statements about our things kept as claims."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from passerelle.errors import UnexpectedInput
from passerelle.namespaces import Minting
from passerelle.records.provenance import Provenance
from passerelle.records.statements import ForeignStatements
from passerelle.records.tally import Tally
from passerelle.sources.archive import ArchiveLimits
from passerelle.sources.rdf_document import RdfDocument, rdf_provenance
from passerelle.sources.rdf_statements import key_notice, persons, sorted_statements
from passerelle.sources.slug import slug_of


class RdfFile:
    """One RDF file of `--rdf`, in any format of `rdf_document.FORMATS`, also as `.gz`. See `sources.source.Source`."""

    kind = "rdf"

    def __init__(self, path: Path, limits: ArchiveLimits | None = None, minting: Minting | None = None) -> None:
        self.path = path
        self._limits = limits
        self._minting = minting or Minting()

    @property
    def slug(self) -> str:
        """`rdf-` and the file's name without endings."""
        return slug_of(self.kind, self.path)

    def provenance(self) -> Provenance:
        """The file as measured."""
        return rdf_provenance(self.path)

    def read(self, tally: Tally) -> Iterator[ForeignStatements]:
        """Yield the statements in batches, counting item `quad` (and `claim`, those of them about our things).

        The file is read twice: who is a person may stand after what is said of them. Raises what `RdfDocument`
        raises, and UnexpectedInput for a file that holds no statement.
        """
        document = RdfDocument(self.path, self._limits, self._minting)
        excluded = persons(document.quads())
        quads = document.quads(tally, key_notice(tally, document.place))
        yield from sorted_statements(quads, self.slug, self._minting, tally, excluded=excluded, place=document.place)
        if not tally.read["quad"]:
            raise UnexpectedInput("rdf-empty", place=document.place)
