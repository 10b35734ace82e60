"""Opens what a reviewer hands in, whichever of the two forms it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from passerelle.errors import MalformedInput
from passerelle.linking.submitted import SubmittedRow, submitted_table
from passerelle.linking.submitted_workbook import submitted_workbook
from passerelle.records.place import Place
from passerelle.records.tally import Tally

_ZIP = b"PK\x03\x04"


def submitted_rows(path: Path, tally: Tally) -> Iterator[SubmittedRow]:
    """The rows of a workbook (told by its first bytes) or an SSSOM TSV. Raises InputError."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_ZIP))
    except OSError as error:
        reason = error.strerror or str(error)
        raise MalformedInput("review-log-unreadable", place=Place(path.name), reason=reason) from error
    yield from submitted_workbook(path, tally) if start == _ZIP else submitted_table(path, tally)
