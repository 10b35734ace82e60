"""How a step of the verification ends it: with the observation that says why."""

from __future__ import annotations

from passerelle.validation.credentials.model import Observation, SealStatus

_SHOWN = 200
"""Characters of a foreign text that a report repeats."""


def shown(value: object) -> str:
    """A foreign value for a report: cut, and free of the halves of characters that JSON escapes can leave."""
    return str(value)[:_SHOWN].encode("utf-8", "replace").decode("utf-8")


class SealRefused(Exception):
    """The signature is not verified, or cannot be: `status` says which. Never leaves the package `seal`."""

    def __init__(self, code: str, status: SealStatus = SealStatus.FAILED, **parameters: object) -> None:
        super().__init__(code)
        self.status = status
        self.observation = Observation(code, parameters={name: shown(value) for name, value in parameters.items()})
