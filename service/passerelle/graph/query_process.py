"""The server's end of one query process: start it, ask it, read its frames before a deadline, kill it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any, cast

from passerelle import errors
from passerelle.errors import PasserelleError, QueryOutOfMemory, WorkerLost
from passerelle.graph.frames import HEAD_BYTES, Frame, head, parse_head
from passerelle.graph.question import Question
from passerelle.settings import Settings

_SCRIPT = Path(__file__).with_name("worker_process.py")
_START_SECONDS = 30.0
_READ_BYTES = 256 * 1024
# each thread of RocksDB would reserve an arena of 64 MB: 450 to 710 MB of address space at the start, 260 with two
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}
# what the allocators of Rust and C++ say before they abort
_OUT_OF_MEMORY = (b"memory allocation of", b"bad_alloc")


class DeadlinePassed(Exception):
    """The next frame did not come in time."""


class Killed(Exception):
    """The process was ended by somebody else (SIGKILL): the administrator, the kernel, or this pool's own keeper."""


class QueryProcess:
    """One query process. Used by one thread at a time; `kill` may be called by any."""

    def __init__(self, store: Path, settings: Settings) -> None:
        """Start it; the thread that does so must live as long as the process (PR_SET_PDEATHSIG looks at the thread)."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed by kill
        self._buffer = bytearray()
        cpu_seconds = settings.query_seconds + settings.stream_seconds
        self._process = subprocess.Popen(  # noqa: S603  # our own script under our own interpreter
            [
                sys.executable,
                "-I",
                str(_SCRIPT),
                str(store),
                str(os.getpid()),
                str(settings.worker_bytes),
                str(cpu_seconds),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            env=_ENVIRONMENT,
        )
        # both are pipes, as asked for above
        self._questions = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self.expires = float("inf")
        """When the running answer must have ended (monotonic seconds)."""
        self.expired = False

    @property
    def identifier(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Wait until it has opened the store. Raises DamagedRelease, WorkerLost."""
        try:
            frame, content = self.read(time.monotonic() + _START_SECONDS)
        except (DeadlinePassed, Killed):
            raise WorkerLost("worker-start") from None
        if frame is Frame.ERROR:
            raise error_of(content)

    def ask(self, question: Question) -> None:
        """Send a question. Raises BrokenPipeError when it died before."""
        content = question.encoded()
        data = memoryview(head(Frame.QUESTION, len(content)) + content)
        while data:
            data = data[self._questions.write(data) or 0 :]

    def read(self, deadline: float) -> tuple[Frame, bytes]:
        """The next frame.

        Raises DeadlinePassed; QueryOutOfMemory, WorkerLost or Killed when the process ended.
        """
        frame, length = parse_head(self._take(HEAD_BYTES, deadline))
        return frame, self._take(length, deadline)

    def kill(self) -> None:
        """End it at once, and release what it holds."""
        self._process.kill()

    def reap(self) -> None:
        """Wait for its end and close the pipes; by the thread that used it last."""
        self.kill()
        self._process.wait()
        for pipe in (self._questions, self._answers, self._errors):
            pipe.close()

    def _take(self, length: int, deadline: float) -> bytes:
        descriptor = self._answers.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while len(self._buffer) < length:
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not poll.poll(remaining * 1000):
                raise DeadlinePassed
            data = os.read(descriptor, _READ_BYTES)
            if not data:
                raise self._end()
            self._buffer += data
        taken = bytes(self._buffer[:length])
        del self._buffer[:length]
        return taken

    def _end(self) -> Exception:
        code = self._process.wait()
        if code == -signal.SIGKILL:
            return Killed()
        self._errors.seek(0)
        said = self._errors.read()
        # what else it said may quote the data, so it is neither kept nor logged
        if code == -signal.SIGABRT and any(mark in said for mark in _OUT_OF_MEMORY):
            return QueryOutOfMemory("query-out-of-memory")
        return WorkerLost("worker-lost")


def error_of(content: bytes) -> PasserelleError:
    """The error that an error frame stands for."""
    failure: dict[str, Any] = json.loads(content)
    if failure["error"] == QueryOutOfMemory.__name__:
        return QueryOutOfMemory("query-out-of-memory")
    if failure["error"] == WorkerLost.__name__:
        return WorkerLost("worker-lost")
    kind: type[PasserelleError] = getattr(errors, failure["error"])
    return kind(failure["message_id"], **failure["parameters"])
