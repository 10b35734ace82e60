"""The candidates of every text of a release, kept beside its store: no text is ranked twice.

A derived release and a rebuild give an outcome the candidates that it had, without a ranker; only texts that are new,
or met another ranker or another ESCO, are ranked. A key is the normalised text and its primary language.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from passerelle.errors import DamagedRelease
from passerelle.graph.damage import reason_of
from passerelle.linking.ranking import RankedSkill
from passerelle.records.place import Place
from passerelle.records.text import normalised

FILE_NAME = "links/candidates.sqlite"
"""Below the folder of a release."""

Key = bytes

_TABLES = """
CREATE TABLE origin (ranker TEXT NOT NULL, skills TEXT NOT NULL);
CREATE TABLE skill (number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE way (
  number INTEGER PRIMARY KEY, calibrated INTEGER NOT NULL, relation TEXT NOT NULL, justification TEXT NOT NULL,
  method TEXT NOT NULL, UNIQUE (calibrated, relation, justification, method)
);
CREATE TABLE candidates (text BLOB PRIMARY KEY, ranked TEXT NOT NULL) WITHOUT ROWID;
"""
_AT_ONCE = 500
"""Keys a question; SQLite takes 999 in its oldest supported versions."""

_Way = tuple[bool, str, str, str]


def key_of(text: str, language: str) -> Key:
    """The key of a text in a language (primary subtag)."""
    return hashlib.sha256(f"{normalised(text)}\n{language}".encode()).digest()[:16]


class CandidateMemory:
    """A file of candidates, open for reading and, where it was created here, for writing.

    `ranker` is the version of what ranked (with its encoder's), `skills` the hash of the ESCO texts it knew.
    """

    def __init__(self, connection: sqlite3.Connection, ranker: str, skills: str) -> None:
        self._connection = connection
        self.ranker = ranker
        self.skills = skills
        self._skills: dict[int, str] = dict(connection.execute("SELECT number, iri FROM skill"))
        self._ways: dict[int, _Way] = {
            number: (bool(calibrated), relation, justification, method)
            for number, calibrated, relation, justification, method in connection.execute("SELECT * FROM way")
        }
        self._skill_numbers = {iri: number for number, iri in self._skills.items()}
        self._way_numbers = {way: number for number, way in self._ways.items()}

    @classmethod
    def create(cls, release: Path | None, ranker: str, skills: str) -> CandidateMemory:
        """A new, empty one in the folder of a release that is being built, or one that is forgotten (None)."""
        path = release / FILE_NAME if release else None
        if path:
            path.parent.mkdir(exist_ok=True)
        connection = sqlite3.connect(path or ":memory:")
        # nobody reads the folder before it is published, and a build that dies is thrown away
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        connection.execute("INSERT INTO origin VALUES (?, ?)", (ranker, skills))
        return cls(connection, ranker, skills)

    @classmethod
    def open(cls, release: Path) -> CandidateMemory | None:
        """That of a published release; None where the release has none. Raises DamagedRelease."""
        path = release / FILE_NAME
        if not path.is_file():
            return None
        try:
            # the service reads in several threads, one after the other: the file never changes
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False)
            ranker, skills = next(connection.execute("SELECT ranker, skills FROM origin"))
            return cls(connection, ranker, skills)
        except (sqlite3.DatabaseError, StopIteration) as error:
            raise DamagedRelease("release-damaged", place=Place(file=path.name), reason=reason_of(error)) from error

    def get(self, keys: Iterable[Key]) -> dict[Key, tuple[RankedSkill, ...]]:
        """The candidates of those texts that it knows; a text without any has an empty tuple."""
        found: dict[Key, tuple[RankedSkill, ...]] = {}
        pending = list(keys)
        for start in range(0, len(pending), _AT_ONCE):
            asked = pending[start : start + _AT_ONCE]
            marks = ",".join("?" * len(asked))
            # the statement holds question marks alone, never a value
            rows = self._connection.execute(f"SELECT text, ranked FROM candidates WHERE text IN ({marks})", asked)  # noqa: S608
            found.update((bytes(text), self._read(ranked)) for text, ranked in rows)
        return found

    def put(self, candidates: Mapping[Key, Iterable[RankedSkill]]) -> None:
        """Keep the candidates of texts, in their order."""
        rows = [(key, self._written(ranked)) for key, ranked in candidates.items()]
        self._connection.executemany("INSERT OR REPLACE INTO candidates VALUES (?, ?)", rows)

    def __len__(self) -> int:
        """How many texts it knows."""
        with closing(self._connection.execute("SELECT COUNT(*) FROM candidates")) as counted:
            return int(next(counted)[0])

    def close(self) -> None:
        """Write what is pending, and let the file go."""
        self._connection.commit()
        self._connection.close()

    def _read(self, ranked: str) -> tuple[RankedSkill, ...]:
        return tuple(
            RankedSkill(self._skills[skill], score, confidence, *self._ways[way])
            for skill, way, score, confidence in json.loads(ranked)
        )

    def _written(self, ranked: Iterable[RankedSkill]) -> str:
        rows = [
            (
                self._skill(each.skill),
                self._way((each.calibrated, each.relation, each.justification, each.method)),
                round(each.score, 5),
                round(each.confidence, 4),
            )
            for each in ranked
        ]
        return json.dumps(rows, separators=(",", ":"))

    def _skill(self, iri: str) -> int:
        number = self._skill_numbers.get(iri)
        if number is None:
            number = self._skill_numbers[iri] = len(self._skill_numbers) + 1
            self._skills[number] = iri
            self._connection.execute("INSERT INTO skill VALUES (?, ?)", (number, iri))
        return number

    def _way(self, way: _Way) -> int:
        number = self._way_numbers.get(way)
        if number is None:
            number = self._way_numbers[way] = len(self._way_numbers) + 1
            self._ways[number] = way
            self._connection.execute("INSERT INTO way VALUES (?, ?, ?, ?, ?)", (number, *way))
        return number
