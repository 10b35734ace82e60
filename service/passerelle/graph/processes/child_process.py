"""The parent's end of one confined process: start it, ask it, read its frames before a deadline, kill it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import IO, cast

from passerelle.errors import CapacityError, PasserelleError, WorkerLost
from passerelle.graph.processes.confinement import close_memory
from passerelle.graph.processes.frames import HEAD_BYTES, Frame, head, parse_head

_START_SECONDS = 30.0
_END_SECONDS = 10.0
_READ_BYTES = 256 * 1024
_SAID_BYTES = 64 * 1024
# a tenth of the share of processor time that a thread of normal priority gets (sched(7): 1.25 a step). Within one
# session or container, as our processes are, that holds with automatic grouping of sessions as well
_LOWERED_BY, _LOWEST_PRIORITY = 10, 19
# each thread of RocksDB would reserve an arena of 64 MB: 450 to 710 MB of address space at the start, 260 with two
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}
# what the allocators of Rust and C++ say before they abort
_OUT_OF_MEMORY = (b"memory allocation of", b"bad_alloc")


class DeadlinePassed(Exception):
    """The next frame did not come in time."""


class Killed(Exception):
    """The process was ended by somebody else (SIGKILL): the administrator, the kernel, or this pool's own keeper."""


class ChildProcess(ABC):
    """One confined process. Used by one thread at a time; `kill` may be called by any.

    Kinds of processes say in a subclass how they tell their failures.
    """

    frame_limit = 2**32
    """Bytes of the longest frame that is taken from it: whoever it may have been taken over by fills no memory here."""

    def __init__(
        self,
        script: Path,
        arguments: Sequence[str],
        *,
        own_group: bool = False,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Run a script of ours; the thread that does so must live as long as the process (see `confinement`).

        A process in its `own_group` is not interrupted by Ctrl-C: who started it ends it. Of variables it sees those
        that all have, and those of `environment`. Raises what `not_started` gives where the system has no process,
        memory or file descriptor left.
        """
        self._buffer = bytearray()
        # the process runs under the same user, and could read what other processes were asked
        close_memory()
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own script under our own interpreter
                [sys.executable, "-I", str(script), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env={**_ENVIRONMENT, **environment},
                process_group=0 if own_group else None,
            )
        except OSError:
            raise self.not_started() from None
        # all are pipes, as asked for above; the last is one because what a process says may quote its data, and that
        # must not reach a disk. It holds 64 kB, and a process that says more gets no further: its time runs out
        self._questions = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._said = cast("IO[bytes]", self._process.stderr)
        os.set_blocking(self._questions.fileno(), False)
        self._readable = select.poll()
        self._readable.register(self._answers.fileno(), select.POLLIN)
        self._working_thread = self._process.pid
        self.lower_at = float("inf")
        """When its priority is lowered (monotonic seconds), so that long work does not hold up short work."""
        self.lowered = False
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

    @abstractmethod
    def error_of(self, content: bytes) -> PasserelleError:
        """The error that an error frame stands for."""

    @abstractmethod
    def not_started(self) -> CapacityError:
        """The error of a process that never became ready."""

    @abstractmethod
    def out_of_memory(self) -> CapacityError:
        """The error of a process that ended because it may not have more memory."""

    def lost(self) -> CapacityError:
        """The error of a process that ended in any other way."""
        return WorkerLost("worker-lost")

    def overflowed(self) -> PasserelleError:
        """The error of a process that ended because its stack was full."""
        return self.lost()

    def wait_until_ready(self) -> None:
        """Wait until it can take a question. Raises what `error_of` and `not_started` give."""
        try:
            frame, content = self.read(time.monotonic() + _START_SECONDS)
        except (DeadlinePassed, Killed, PasserelleError):
            raise self.not_started() from None
        if frame is Frame.ERROR:
            raise self.error_of(content)
        if content:
            self._working_thread = int(content)

    def send(self, content: bytes, deadline: float) -> None:
        """Send a question. Raises BrokenPipeError when it died before, DeadlinePassed when it does not take it."""
        rest = memoryview(head(Frame.QUESTION, len(content)) + content)
        while rest:
            try:
                rest = rest[os.write(self._questions.fileno(), rest) :]
            except BlockingIOError:
                writable = select.poll()
                writable.register(self._questions.fileno(), select.POLLOUT)
                _wait(writable, deadline)

    def read(self, deadline: float) -> tuple[Frame, bytes]:
        """The next frame.

        Raises DeadlinePassed; Killed, or what `out_of_memory` and `lost` give when the process ended or talks nonsense.
        """
        start = self._take(HEAD_BYTES, deadline)
        try:
            frame, length = parse_head(start)
        except ValueError:
            raise self.lost() from None
        if length > self.frame_limit:
            raise self.lost()
        return frame, self._take(length, deadline)

    def lower_priority(self) -> None:
        """Let others go first; without privileges it cannot be raised again, so this is for its last question."""
        self.lower_at = float("inf")
        # Linux gives each thread a priority of its own
        with suppress(OSError):
            own = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, self._working_thread, min(own + _LOWERED_BY, _LOWEST_PRIORITY))
            self.lowered = True

    def kill(self) -> None:
        """End it at once, and release what it holds."""
        self._process.kill()

    def reap(self) -> None:
        """Wait for its end and close the pipes; by the thread that used it last."""
        self.kill()
        self._process.wait()
        for pipe in (self._questions, self._answers, self._said):
            pipe.close()

    def _take(self, length: int, deadline: float) -> bytes:
        while len(self._buffer) < length:
            _wait(self._readable, deadline)
            data = os.read(self._answers.fileno(), _READ_BYTES)
            if not data:
                raise self._end()
            self._buffer += data
        taken = bytes(self._buffer[:length])
        del self._buffer[:length]
        return taken

    def _end(self) -> Exception:
        try:
            code = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:  # it has closed its answers and lives on: nothing of ours does that
            return self.lost()
        if code == -signal.SIGKILL:
            return Killed()
        os.set_blocking(self._said.fileno(), False)
        said = self._said.read(_SAID_BYTES) or b""
        # what else it said may quote the data, so it is neither kept nor logged
        if code == -signal.SIGABRT and any(mark in said for mark in _OUT_OF_MEMORY):
            return self.out_of_memory()
        # the page that guards the stack was touched
        return self.overflowed() if code == -signal.SIGSEGV else self.lost()


def _wait(poll: select.poll, deadline: float) -> None:
    remaining = deadline - time.monotonic()
    if remaining <= 0 or not poll.poll(remaining * 1000):
        raise DeadlinePassed
