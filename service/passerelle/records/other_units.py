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
    expected to show by `named-from` (`mappings/coverage-parameters.tsv`) or more. A holder of it, of the completions
    before it and of what is held already is expected to have shown `together` of the target, with a lower bound of
    `together_lower`; `adds` and `adds_lower` are how much more that is than without it. `links` are those behind the
    outcomes that it adds anything to; `reviewed_links` of them are reviewed or official, `machine_links` a machine's.
    """

    unit: ComparedUnit
    adds: float
    adds_lower: float
    together: float
    together_lower: float
    outcomes: tuple[str, ...]
    links: int = 0
    reviewed_links: int = 0
    machine_links: int = 0
