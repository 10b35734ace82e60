"""Other units that stand beside the finding about two: nearer targets, and units that could complete what is held."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Nearer:
    """Another target of the same country and kind that the holder's unit covers more of."""

    unit: str
    expected: float


@dataclass(frozen=True, slots=True)
class Completion:
    """A further unit (IRI) that would show outcomes of the target which nothing that is held shows.

    `outcomes` (IRIs) are those that it is expected to show by `named-from` (`mappings/coverage-parameters.tsv`) or
    more; with it, and with the completions named before it, a holder is expected to have shown `adds` more of the
    target, and `adds_lower` more by reviewed and official links alone. `links` are those behind `adds`;
    `reviewed_links` of them are reviewed or official, `machine_links` a machine's.
    """

    unit: str
    adds: float
    adds_lower: float
    outcomes: tuple[str, ...]
    links: int = 0
    reviewed_links: int = 0
    machine_links: int = 0
