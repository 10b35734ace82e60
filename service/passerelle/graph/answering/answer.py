"""An answer whose first byte is there, and the rest of it as it comes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from passerelle.graph.answering.question import Kind


class AnswerBody(Iterator[bytes]):
    """The pieces of an answer. Raises CapacityError when it breaks off: whoever relays it must break off as well.

    A class with `close`, not a generator: a generator that was never started runs no `finally`. `length` is the number
    of bytes in all where that is known already, because the answer is short.
    """

    length: int | None = None

    @abstractmethod
    def __next__(self) -> bytes:
        """The next piece."""

    @abstractmethod
    def close(self) -> None:
        """Give up what has not been read; more than once does no harm."""


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """An answer whose first byte is there. `body` must be read to its end or closed.

    `more_rows` says whether a row limit that the client asked for left rows out; None where it asked for none.
    """

    kind: Kind
    media_type: str
    body: AnswerBody
    more_rows: bool | None = None
