"""The parent's end of one comparison process."""

from __future__ import annotations

import json
import logging
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path

from passerelle import errors
from passerelle.comparability.questions import STOPPED, Question, encoded
from passerelle.errors import (
    CapacityError,
    PasserelleError,
    QueryOutOfMemory,
    QueryTimeout,
    ReleaseError,
    RequestError,
    WorkerLost,
)
from passerelle.graph.processes.child_process import ChildProcess, DeadlinePassed
from passerelle.graph.processes.frames import Frame
from passerelle.messages import Language
from passerelle.settings import Settings

_SCRIPT = Path(__file__).with_name("worker.py")
_PLACE = re.compile(r"\w{1,60} [\w.]{1,60}:\d{1,6}")
_LOG = logging.getLogger(__name__)
_MEGABYTE = 1024**2
# a pool of threads in each process would reserve address space for each, and compete for the same cores
_ONE_THREAD: Mapping[str, str] = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)


class ComparisonProcess(ChildProcess):
    """One confined process that answers questions about the units of one release."""

    frame_limit = 64 * _MEGABYTE

    def __init__(self, release: Path, settings: Settings) -> None:
        """Start it over the folder of a release. Raises WorkerLost."""
        self._seconds = settings.comparison_seconds
        self._bytes = settings.worker_bytes
        start = [os.getpid(), self._bytes, self._seconds, str(release.absolute())]
        super().__init__(_SCRIPT, [json.dumps(start)], own_group=True, environment=_ONE_THREAD)

    def deadline(self) -> float:
        """When a question that is asked now must have been answered (monotonic seconds)."""
        return time.monotonic() + self._seconds

    def ask(self, question: Question, language: Language, deadline: float) -> bytes:
        """The answer to a question.

        Raises what `Answering` raises, after which the process is as good as before; QueryTimeout, QueryOutOfMemory,
        WorkerLost, BrokenPipeError (it had died before), Killed, after which it is of no use.
        """
        try:
            self.send(encoded(question, language), deadline)
            frame, content = self.read(deadline)
        except DeadlinePassed:
            raise QueryTimeout("comparison-timeout", seconds=f"{self._seconds:g}") from None
        if frame is Frame.ERROR:
            raise self.error_of(content)
        return content

    def error_of(self, content: bytes) -> PasserelleError:
        """The error that an error frame stands for: about the question or the release, else the process is lost."""
        try:
            failure = json.loads(content)
            if failure["error"] == QueryOutOfMemory.__name__:
                return self.out_of_memory()
            if failure["error"] == STOPPED and _PLACE.fullmatch(failure["at"]):
                _LOG.error("a comparison failed at %s", failure["at"])
            kind = getattr(errors, failure["error"])
            if issubclass(kind, RequestError | ReleaseError):
                told: PasserelleError = kind(failure["message_id"], **failure["parameters"])
                return told
        except (ValueError, KeyError, TypeError, AttributeError):  # not what our own program says
            pass
        return self.lost()

    def not_started(self) -> CapacityError:
        """The error of a process that never became ready."""
        return WorkerLost("comparison-start")

    def out_of_memory(self) -> CapacityError:
        """The error of a comparison that needs more memory than it may have."""
        return QueryOutOfMemory("comparison-out-of-memory", megabytes=self._bytes // _MEGABYTE)

    def lost(self) -> CapacityError:
        """The error of a process that ended in any other way."""
        return WorkerLost("comparison-lost")
