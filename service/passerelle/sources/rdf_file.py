"""Reads any RDF file as it is: named graphs kept, ours reserved, statements about our things kept as claims."""

from __future__ import annotations

from collections.abc import Iterator

from passerelle.errors import UnexpectedInput
from passerelle.records.statements import ForeignStatements
from passerelle.records.tally import Tally
from passerelle.sources.rdf_source import RdfSource
from passerelle.sources.rdf_statements import key_notice, persons, sorted_statements


class RdfFile(RdfSource):
    """One RDF file of `--rdf`. See `sources.source.Source`."""

    def read(self, tally: Tally) -> Iterator[ForeignStatements]:
        """Yield the statements in batches, counting item `quad` (and `claim`, those of them about our things).

        The file is read twice: who is a person may stand after what is said of them. Raises what `RdfDocument`
        raises, and UnexpectedInput for a file that holds no statement.
        """
        document = self.document()
        excluded = persons(document.quads())
        quads = document.quads(tally, key_notice(tally, document.place))
        yield from sorted_statements(quads, self.slug, self.minting, tally, excluded=excluded, place=document.place)
        if not tally.read["quad"]:
            raise UnexpectedInput("rdf-empty", place=document.place)
