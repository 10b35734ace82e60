"""What keeps a test from running for ever; it measures nothing."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

GUARD_SECONDS = 60
"""Far beyond what any case needs: it only turns an endless run into a failure."""


@contextmanager
def never_endless() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError("endless run")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(GUARD_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
