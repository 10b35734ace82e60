"""What earlier releases described and one no longer does: `withdrawn.tsv` beside its store, never in the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from passerelle.errors import DamagedRelease
from passerelle.records.place import Place
from passerelle.resources import rows

FILE_NAME = "withdrawn.tsv"
_COLUMNS = ("iri", "last_release", "withdrawn", "successors")


@dataclass(frozen=True, slots=True)
class WithdrawnThing:
    """One thing: the last release that described it, the moment (ISO 8601) of the first one that did not.

    `successors` are the IRIs that the last release stated by `dcterms:isReplacedBy`.
    """

    iri: str
    last_release: str
    withdrawn: str
    successors: tuple[str, ...] = ()


def write_withdrawn(folder: Path, things: Iterable[WithdrawnThing]) -> None:
    """Write the file into the folder of a release that is being built, sorted by IRI."""
    ordered = sorted(things, key=lambda each: each.iri)
    lines = [_COLUMNS, *((each.iri, each.last_release, each.withdrawn, " ".join(each.successors)) for each in ordered)]
    (folder / FILE_NAME).write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")


@lru_cache(maxsize=4)
def withdrawn_things(folder: Path) -> Mapping[str, WithdrawnThing]:
    """What is withdrawn as of a release, by IRI; none where the release has no such file. Kept: releases never change.

    Raises DamagedRelease.
    """
    try:
        return {
            row["iri"]: WithdrawnThing(
                row["iri"], row["last_release"], row["withdrawn"], tuple(row["successors"].split())
            )
            for row in rows(folder / FILE_NAME)
        }
    except FileNotFoundError:
        return {}
    except (OSError, KeyError, AttributeError, UnicodeDecodeError) as error:
        raise DamagedRelease("release-damaged", place=Place(file=folder.name), reason=FILE_NAME) from error
