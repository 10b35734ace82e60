"""What every source offers to the build."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from passerelle.records.provenance import Provenance
from passerelle.records.tally import Tally


class Source(Protocol):
    """A set of files of one format.

    `slug` names its graph (`{base}/graph/{slug}`), in lower case with hyphens, the same whatever the order of the
    command line; `kind` is the option that gave it (`rncp`, `esco`, `units` …).
    """

    @property
    def slug(self) -> str:
        """Name of the graph."""
        ...

    @property
    def kind(self) -> str:
        """Option of the command line, without dashes."""
        ...

    def provenance(self) -> Provenance:
        """Title, licence, edition and measured files. Raises InputError when a file cannot be read."""
        ...

    def read(self, tally: Tally) -> Iterator[object]:
        """Yield records (dataclasses of `passerelle.records`), streaming, and count them in `tally`.

        Raises InputError for a file that cannot be used at all. A bad record is rejected in `tally`, the rest is read.
        """
        ...
