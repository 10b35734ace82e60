"""Documents that take long to write, kept by all that they depend on: for what ResponseCache cannot know to be old.

ResponseCache keeps what one release says; what is said of all releases changes when another is published or removed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

KEPT = 16
"""Documents: the catalogue in each format under a few addresses."""


class WrittenDocuments:
    """The documents that were asked for last. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()

    def of(self, key: Hashable, write: Callable[[], bytes]) -> bytes:
        """The document of `key`, which `write` writes where it is not there yet."""
        with self._lock:
            content = self._kept.get(key)
            if content is not None:
                self._kept.move_to_end(key)
                return content
        content = write()
        with self._lock:
            self._kept[key] = content
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return content
