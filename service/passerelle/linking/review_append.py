"""Appends decisions to a review log: under a lock, whole or not at all, and never changing what stands there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from passerelle.errors import InputError
from passerelle.graph.file_lock import locked
from passerelle.linking.review_lines import LogDecision, LogHeader, longer_log, new_log
from passerelle.linking.review_log import ReviewLog
from passerelle.records.place import Place
from passerelle.records.review import Review
from passerelle.records.tally import Tally

PATIENCE = 60.0
"""Seconds to wait for another import into a log of the same folder, which takes some at most."""


class OpenLog:
    """A review log that nobody else appends to for now."""

    def __init__(self, path: Path, header: LogHeader) -> None:
        self.path = path
        self._header = header

    def reviews(self) -> list[Review]:
        """The decisions that stand in it; of a log that is not there yet, none. Raises InputError."""
        return list(ReviewLog(self.path).read(Tally())) if self.path.exists() else []

    def append(self, decisions: Sequence[LogDecision]) -> None:
        """Put decisions at the end, in the given order.

        The new state is written aside, read back, and takes the old one's place in one step, so that a reader sees the
        one or the other. Columns and prefixes that the log lacks are added; its lines stay as they are. Raises
        InputError where the log cannot be read, OSError.
        """
        if not decisions:
            return
        before = self.reviews()
        header = self._header
        exists = self.path.exists()
        text = longer_log(self.path, header.base, decisions) if exists else new_log(header, decisions)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.", suffix=".tsv")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            after = list(ReviewLog(fresh).read(Tally()))
            if [_content(each) for each in after[: len(before)]] != [_content(each) for each in before] or len(
                after
            ) != len(before) + len(decisions):
                raise InputError("review-log-damaged", place=Place(self.path.name))
            if exists:
                shutil.copymode(self.path, fresh)
            else:
                fresh.chmod(0o644)
            fresh.replace(self.path)
        finally:
            fresh.unlink(missing_ok=True)


@contextmanager
def appending(path: Path, header: LogHeader) -> Iterator[OpenLog]:
    """Hold the log at `path` for appending; who comes second waits. A log that is not there is made with `header`.

    The lock is on the log's folder, because the file itself is replaced; the kernel frees it however we end. Raises
    InputError where another one holds it for longer than PATIENCE.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        if not locked(folder, PATIENCE):
            raise InputError("review-log-held", place=Place(path.name), seconds=int(PATIENCE))
        yield OpenLog(path, header)
    finally:
        os.close(folder)


def _content(review: Review) -> tuple[object, ...]:
    return (*review.pair, review.relation, review.accepted, review.date, review.text)
