"""What one query may use: time, rows, bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from passerelle.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one query. What goes beyond is an error, never a cut answer that passes for a whole one.

    `seconds` until the first byte; `rows` solutions or triples and `bytes` of the serialised answer at most.
    `asked_rows` is the number of rows after which the client itself asked to end: the answer then says whether there
    are more (`QueryAnswer.more_rows`).
    """

    seconds: float
    rows: int
    bytes: int
    asked_rows: int | None = None

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """What the service allows."""
        return cls(settings.query_seconds, settings.answer_rows, settings.answer_bytes)

    def lowered(self, seconds: float | None = None, rows: int | None = None) -> Limits:
        """These limits, or the lower ones that a client asks for; it cannot raise them. None is not asked."""
        return replace(
            self,
            seconds=self.seconds if seconds is None else min(self.seconds, seconds),
            asked_rows=None if rows is None else min(self.rows, rows),
        )
