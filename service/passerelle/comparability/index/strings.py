"""Many sorted texts in two arrays: their UTF-8 bytes one after another, and where each ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from passerelle.comparability.index.ragged import starts_of


class SortedTexts(Sequence[str]):
    """Texts in code point order, which is also the order of their bytes; they are decoded when asked for."""

    def __init__(self, starts: npt.NDArray[np.integer[Any]], data: npt.NDArray[np.uint8]) -> None:
        self.starts = starts
        self.data = data
        # single numbers and bytes come five times as fast out of these
        self._starts, self._data = starts.data, data.data

    @classmethod
    def of(cls, texts: Iterable[str]) -> SortedTexts:
        """The texts, which must be in order and each once."""
        encoded = [text.encode() for text in texts]
        lengths = np.fromiter((len(each) for each in encoded), np.int64, len(encoded))
        return cls(starts_of(lengths), np.frombuffer(b"".join(encoded), np.uint8))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __iter__(self) -> Iterator[str]:
        return (self[number] for number in range(len(self)))

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        return self._bytes(number % len(self)).decode()

    def _bytes(self, number: int) -> bytes:
        return self._data[self._starts[number] : self._starts[number + 1]].tobytes()

    def find(self, text: str) -> int | None:
        """The number of a text; None where it is not among them."""
        wanted = text.encode()
        place = self._before(wanted)
        return place if place < len(self) and self._bytes(place) == wanted else None

    def starting(self, prefix: str) -> slice:
        """The numbers of the texts that begin like this."""
        wanted = prefix.encode()
        # no byte of UTF-8 is as great as this one
        return slice(self._before(wanted), self._before(wanted + b"\xff"))

    def _before(self, wanted: bytes) -> int:
        """How many texts stand before `wanted`."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low
