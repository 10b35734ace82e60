"""A query process: opens a store read-only, then answers one question after the other from its standard input.

Started by `graph.workers` as a script (`python -I worker_process.py STORE PARENT ADDRESS_SPACE CPU_SECONDS`), never
imported by the server. Query and serialisation run in one thread, and the answer goes out as it is computed.
"""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

if __name__ == "__main__":
    # isolated mode knows neither the script's folder nor PYTHONPATH
    sys.path.insert(0, str(Path(__file__).parents[2]))

from passerelle.errors import PasserelleError, QueryRefused
from passerelle.graph.confinement import allow_cpu, confine, tie_hands
from passerelle.graph.embedded import EmbeddedStore
from passerelle.graph.frames import BODY_BYTES, Frame, read_frame, write_frame
from passerelle.graph.question import Question


class _Broken(Exception):
    """The server no longer reads."""


class _Frames(io.RawIOBase):
    """The raw end of a buffered file: what reaches it goes to the server in frames, after a header frame.

    The newest piece is held back until the next one comes, so that the last travels in the end frame: the server then
    knows of a short answer that it is whole, and an error while it was computed is still told before the first byte.
    """

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._started = False
        self._held = b""
        self._failed = False
        self.kind = ""
        self.media_type = ""

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        content = bytes(data)
        if not self._failed:
            if self._held:
                self._start()
                self._send(Frame.BODY, self._held)
            self._held = content
        return len(content)

    def end(self) -> None:
        """Send the last piece: the answer is whole."""
        self._start()
        self._send(Frame.END, self._held)

    def fail(self, failure: dict[str, object]) -> None:
        """Send an error instead of the rest; what the buffer above still writes is dropped."""
        self._failed = True
        self._send(Frame.ERROR, json.dumps(failure).encode())

    def _start(self) -> None:
        if not self._started:
            self._started = True
            self._send(Frame.HEADER, json.dumps({"kind": self.kind, "media_type": self.media_type}).encode())

    def _send(self, frame: Frame, content: bytes) -> None:
        try:
            write_frame(self._pipe, frame, content)
        except OSError as error:
            self._failed = True
            raise _Broken from error


def _answer(store: EmbeddedStore, question: Question, pipe: BinaryIO) -> None:
    frames = _Frames(pipe)
    output = io.BufferedWriter(frames, BODY_BYTES)
    failure: dict[str, object]
    try:
        answer = store.ask(question)
        frames.kind, frames.media_type = answer.kind, answer.media_type
        answer.write(output)
        output.flush()
        frames.end()
    except PasserelleError as error:
        failure = failure_of(error)
    except MemoryError:
        failure = {"error": "QueryOutOfMemory"}
    except PermissionError:
        # sockets are what a query process is refused (`confinement`)
        service = "service" in question.query.lower()
        failure = failure_of(QueryRefused("sparql-service")) if service else {"error": "WorkerLost"}
    except (OSError, RuntimeError, ValueError):
        failure = {"error": "WorkerLost"}
    else:
        return
    frames.fail(failure)


def failure_of(error: PasserelleError) -> dict[str, object]:
    """An error as the content of an error frame."""
    parameters = {name: str(value) for name, value in error.parameters.items()}
    return {"error": type(error).__name__, "message_id": error.message_id, "parameters": parameters}


def main(store: str, parent: str, address_space: str, cpu_seconds: str) -> None:
    """Serve questions until the standard input ends."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    confine(int(address_space), int(parent))
    try:
        opened = EmbeddedStore.open(Path(store))
    except PasserelleError as error:
        write_frame(answers, Frame.ERROR, json.dumps(failure_of(error)).encode())
        return
    tie_hands()
    write_frame(answers, Frame.READY)
    while (received := read_frame(questions)) is not None:
        allow_cpu(float(cpu_seconds))
        try:
            _answer(opened, Question.decoded(received[1]), answers)
        except _Broken:
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
