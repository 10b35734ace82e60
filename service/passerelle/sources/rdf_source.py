"""What every source that is one RDF file has in common, whatever is read out of it."""

from __future__ import annotations

from pathlib import Path

from passerelle.namespaces import Minting
from passerelle.records.provenance import Provenance
from passerelle.sources.archive import ArchiveLimits
from passerelle.sources.rdf_document import RdfDocument, rdf_provenance
from passerelle.sources.slug import slug_of


class RdfSource:
    """One RDF file, in any format of `rdf_document.FORMATS`, also as `.gz`; `kind` is what its option is called."""

    kind = "rdf"

    def __init__(self, path: Path, limits: ArchiveLimits | None = None, minting: Minting | None = None) -> None:
        self.path = path
        self.minting = minting or Minting()
        self._limits = limits

    @property
    def slug(self) -> str:
        """The kind and the file's name without endings."""
        return slug_of(self.kind, self.path)

    def provenance(self) -> Provenance:
        """The file as measured."""
        return rdf_provenance(self.path)

    def document(self) -> RdfDocument:
        """The file, opened; see `RdfDocument` for what it raises."""
        return RdfDocument(self.path, self._limits, self.minting)
