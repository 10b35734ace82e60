"""A file of text vectors, so that no text is encoded twice by the same encoder.

Rows are 16-bit floats: 1.8 kB a text of the packaged encoder. Nothing stays open between two calls, and each call is
one transaction, so that processes and threads may share a file.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from passerelle.errors import SettingsError
from passerelle.records.place import Place

Row = npt.NDArray[np.float16]
Key = bytes

_TABLE = "CREATE TABLE IF NOT EXISTS vector (text BLOB PRIMARY KEY, row BLOB NOT NULL)"
_AT_ONCE = 500
"""Keys a question; SQLite takes 999 in its oldest supported versions."""

_PATIENCE = 60.0
"""Seconds that a process waits while another one writes; a transaction takes milliseconds."""


def vector_key(encoder: str, text: str, language: str, *, label: bool) -> Key:
    """The key of a text as an encoder (name and version) takes it: in a language, as a label or as a question."""
    parts = (encoder, language, "label" if label else "question", text)
    return hashlib.sha256("\0".join(parts).encode()).digest()[:16]


class VectorStore:
    """Vectors in the file `path`, which is made with its folder when it is first written to.

    A file that is `published` never changes and is only read. Raises SettingsError where the file cannot be used.
    """

    def __init__(self, path: Path, *, published: bool = False) -> None:
        self._path = path
        self._published = published

    def get(self, keys: Iterable[Key]) -> dict[Key, Row]:
        """The vectors of those texts that are known."""
        pending = list(dict.fromkeys(keys))
        if not pending or not self._path.is_file():
            return {}
        found: dict[Key, Row] = {}
        with self._opened() as connection:
            for start in range(0, len(pending), _AT_ONCE):
                asked = pending[start : start + _AT_ONCE]
                marks = ",".join("?" * len(asked))
                # the statement holds question marks alone, never a value
                rows = connection.execute(f"SELECT text, row FROM vector WHERE text IN ({marks})", asked)  # noqa: S608
                found.update((bytes(text), np.frombuffer(row, np.float16)) for text, row in rows)
        return found

    def put(self, vectors: Mapping[Key, Row]) -> None:
        """Keep vectors, all or none; a text that another process kept meanwhile stays as it is."""
        if not vectors:
            return
        with self._opened() as connection:
            rows = [(key, row.astype(np.float16).tobytes()) for key, row in vectors.items()]
            connection.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?)", rows)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._published:
                uri = f"{self._path.absolute().as_uri()}?immutable=1"
                connection = sqlite3.connect(uri, uri=True)
            else:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(self._path, timeout=_PATIENCE)
            with closing(connection):
                if not self._published:
                    connection.execute(_TABLE)
                with connection:
                    yield connection
        except (sqlite3.Error, OSError) as error:
            raise SettingsError("vectors-unusable", place=Place(file=str(self._path)), reason=str(error)) from error
