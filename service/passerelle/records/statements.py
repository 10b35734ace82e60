"""Statements of a foreign file, sorted into those that stand as they are and those about our own things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import Quad


@dataclass(frozen=True, slots=True)
class ForeignStatements:
    """A batch of statements of the source with that slug, skolemised.

    A quad of the default graph belongs into the source's graph; a named graph is kept. `claims` are statements whose
    subject is ours: what a foreign file says about them is kept as its claim, never as a fact.
    """

    source: str
    quads: tuple[Quad, ...] = ()
    claims: tuple[Quad, ...] = ()


@dataclass(frozen=True, slots=True)
class RdfOutcome:
    """A learning outcome as a foreign file words it: `texts` by language tag, `skills` that the issuer declares.

    `iri` is the file's own where it is global; `node` is what the file's statements call it. `titled` says whether
    the file itself gives it a title.
    """

    iri: str
    node: str
    texts: tuple[tuple[str, str], ...] = ()
    skills: tuple[str, ...] = ()
    titled: bool = True


@dataclass(frozen=True, slots=True)
class RdfUnit:
    """Our reading of a qualification that a foreign file describes: only what it states, in the terms we compare by.

    `kind` is a concept of the unit-kind vocabulary; `countries`, `parts` and `bodies` are IRIs; `eqf_level` is None
    where the file states none, or several.
    """

    iri: str
    kind: str
    eqf_level: int | None
    countries: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    outcomes: tuple[RdfOutcome, ...] = ()
