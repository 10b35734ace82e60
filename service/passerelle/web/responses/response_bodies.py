"""Response bodies that tell when they have ended, however they end: whole, broken off, or left by the client.

A class and no generator: a generator that was never started runs no `finally`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class ObservedBody(Iterator[bytes]):
    """A body that calls `ended` once, when it is closed."""

    def __init__(self, body: Iterable[bytes], ended: Callable[[], None]) -> None:
        self._body = body
        self._pieces = iter(body)
        self._ended: Callable[[], None] | None = ended

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Close what is inside, then tell."""
        ended, self._ended = self._ended, None
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            if ended is not None:
                ended()


def observed_file(body: Iterable[bytes], environ: WSGIEnvironment, ended: Callable[[], None]) -> bool:
    """Whether a body is a file that the server itself sends (PEP 3333); then it tells as well, and stays as it is."""
    wrapper = environ.get("wsgi.file_wrapper")
    if not isinstance(wrapper, type) or not isinstance(body, wrapper):
        return False
    file: Any = body
    inner = ObservedBody((), ended)
    close = getattr(file, "close", None)

    def close_and_tell() -> None:
        try:
            if close is not None:
                close()
        finally:
            inner.close()

    file.close = close_and_tell
    return True
