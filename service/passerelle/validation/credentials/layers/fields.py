"""Layer 6: what a credential says in one place against what it says in another, and against today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers import moments, placement, wholes
from passerelle.validation.credentials.layers.dates import Dates
from passerelle.validation.credentials.layers.parties import Parties
from passerelle.validation.credentials.layers.quantities import Quantities
from passerelle.validation.credentials.layers.statements import Statements
from passerelle.validation.credentials.layers.texts import Texts
from passerelle.validation.credentials.model import Observation


def observe(graph: CredentialGraph, roots: Sequence[str], now: datetime) -> Iterator[Observation]:
    """What contradicts itself in a credential; `now` is aware, `roots` are the credentials (`Term.node`).

    ELM-FIELDS-PROFILE is not told here: the validator knows which profile fits.
    """
    statements = Statements(graph)
    parts = wholes.parts(statements)
    yield from Dates(graph, statements, moments.at(now)).observe(roots)
    yield from wholes.cycles(statements)
    yield from Quantities(graph, statements, parts).observe()
    yield from Texts(graph, statements, parts).observe(roots)
    yield from Parties(graph, statements).observe(roots)
    yield from placement.observe(graph, roots)
