"""The body of an engine's response as a file that says when it did not come whole."""

from __future__ import annotations

import io
import threading
from typing import TYPE_CHECKING

import requests
import urllib3

from passerelle.errors import AnswerTooLarge, BackendFailed, PasserelleError, QueryTimeout

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK_BYTES = 64 * 1024
_OVERHEAD = 4
"""JSON and N-Triples are longer than CSV, by less than this."""


class Received(io.RawIOBase):
    """Read by one thread, given up by any. `failure` is why reading ended, as a parser may hide the exception.

    urllib3 checks that a body has the length that was announced, and that chunks end with the last one.
    """

    def __init__(self, response: requests.Response, byte_limit: int) -> None:
        self._raw: urllib3.HTTPResponse = response.raw
        self._response = response
        self._left = byte_limit * _OVERHEAD
        self._limit = byte_limit
        self._given_up = threading.Event()
        self.failure: PasserelleError | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Raises OSError; `failure` says why."""
        view = memoryview(buffer).cast("B")
        try:
            if self._given_up.is_set():
                raise OSError
            # what is there at the moment, instead of waiting for a full block
            block = self._raw.read1(min(len(view), _BLOCK_BYTES))
            if self._given_up.is_set():
                raise OSError
        except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError) as error:
            raise self._failed(error) from None
        self._left -= len(block)
        if self._left < 0:
            self.failure = AnswerTooLarge("answer-bytes", limit=self._limit)
            raise OSError
        view[: len(block)] = block
        return len(block)

    def give_up(self) -> None:
        """Wake up whoever reads."""
        self._given_up.set()
        try:
            self._raw.shutdown()
        except (ValueError, OSError, RuntimeError):  # it has ended already
            return

    def close(self) -> None:
        """Close the connection, unless the body was read to its end: then it is used again."""
        self._response.close()
        super().close()

    def _failed(self, error: Exception) -> OSError:
        timeout = self._given_up.is_set() or isinstance(error, urllib3.exceptions.ReadTimeoutError | TimeoutError)
        self.failure = QueryTimeout("remote-timeout") if timeout else BackendFailed("remote-cut")
        return OSError()
