"""Other units that stand beside the finding about two: nearer targets, and units that could complete what is held."""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.records.compared_unit import ComparedUnit


@dataclass(frozen=True, slots=True)
class Nearer:
    """Another target of the same country and kind that the holder's unit covers more of."""

    unit: str
    expected: float


@dataclass(frozen=True, slots=True)
class Completion:
    """A further unit that would show outcomes of the target which nothing that is held shows.

    `unit` has no outcomes here, and of its facts the status of its registration. `outcomes` (IRIs) are those that it is
    expected to show by `named-from` (`mappings/coverage-parameters.tsv`) or more; with it, and with the completions
    before it, a holder is expected to have shown `adds` more of the target, and `adds_lower` more by reviewed or
    official links, or the same text, alone. `links` are those behind all that it shows of the target by itself;
    `reviewed_links` of them are reviewed or official, `machine_links` a machine's.
    """

    unit: ComparedUnit
    adds: float
    adds_lower: float
    outcomes: tuple[str, ...]
    links: int = 0
    reviewed_links: int = 0
    machine_links: int = 0
