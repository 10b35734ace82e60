"""Words that people used for a skill where its label has others: learned from linked pairs, kept as hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from passerelle.linking.term_matrix import Rows, from_pairs

Hashes = npt.NDArray[np.uint32]


def hashed(stem: str) -> int:
    """32 bits that stand for a stem; no text of the pairs can be read out of them.

    >>> hashed("soud")
    4038592364
    """
    return int.from_bytes(hashlib.sha256(stem.encode()).digest()[:4], "big")


@dataclass(frozen=True, slots=True)
class WordAssociations:
    """What people call the words of labels, in one language.

    `label`, `query` and `probability` are three arrays of one length: P(stem that people use | stem of a label).
    A stem of a label that is not among them stands for itself alone. `used` and `times`: how often each stem was used.
    """

    language: str
    label: Hashes
    query: Hashes
    probability: npt.NDArray[np.float32]
    used: Hashes
    times: npt.NDArray[np.float32]

    @staticmethod
    def none(language: str) -> WordAssociations:
        """Nothing learned: every stem stands for itself."""
        hashes, values = np.zeros(0, np.uint32), np.zeros(0, np.float32)
        return WordAssociations(language, hashes, hashes, values, hashes, values)

    @staticmethod
    def read(path: Path, language: str) -> WordAssociations:
        """As `write` wrote them. Raises OSError, KeyError."""
        with np.load(path, allow_pickle=False) as arrays:
            return WordAssociations(
                language, *(arrays[name] for name in ("label", "query", "probability", "used", "times"))
            )

    def write(self, path: Path) -> None:
        """As a compressed archive of arrays. Raises OSError."""
        np.savez_compressed(
            path, label=self.label, query=self.query, probability=self.probability, used=self.used, times=self.times
        )

    def table(self, stems: Sequence[str]) -> tuple[Rows, dict[int, int]]:
        """One row for each of the label stems, and the columns of the stems that people use, by their hashes."""
        own = [hashed(stem) for stem in stems]
        columns = {each: number for number, each in enumerate(sorted({*own, *self.query.tolist()}))}
        said: dict[int, list[tuple[int, float]]] = {}
        for label, query, probability in zip(
            self.label.tolist(), self.query.tolist(), self.probability.tolist(), strict=True
        ):
            said.setdefault(label, []).append((query, probability))
        pairs: dict[tuple[int, int], float] = {}
        for row, stem in enumerate(own):
            for query, probability in said.get(stem, [(stem, 1.0)]):
                pairs[row, columns[query]] = probability
        return from_pairs(pairs, (len(own), len(columns))), columns
