"""How much a pool of processes takes on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Places:
    """How much a pool takes on: `places` at once, `queue` waiting for at most `wait_seconds`.

    `overloaded` is the message for those who find no place, `gone` for those who come when what the processes work on
    cannot be opened any more. `spares` more processes than places are kept warm. A process that has worked for
    `slow_seconds` on one question gets a lower priority. A retired pool closes when nobody has asked it anything for
    `grace_seconds`.
    """

    places: int
    queue: int
    wait_seconds: float
    overloaded: str
    gone: str = "worker-start"
    spares: int = 1
    slow_seconds: float = float("inf")
    grace_seconds: float = 30.0
