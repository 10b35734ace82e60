"""The parent's end of one validation process."""

from __future__ import annotations

import json
import logging
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from passerelle import errors
from passerelle.errors import CapacityError, PasserelleError, ValidationOutOfMemory, ValidationTimeout, WorkerLost
from passerelle.graph.processes.child_process import ChildProcess, DeadlinePassed
from passerelle.graph.processes.frames import Frame
from passerelle.records.place import Place
from passerelle.settings import Settings
from passerelle.validation.credentials.codec import NotAReport, decode
from passerelle.validation.credentials.model import CredentialReport
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.worker_messages import OUT_OF_MEMORY, STOPPED, Question, Start

_LOG = logging.getLogger(__name__)
_SCRIPT = Path(__file__).with_name("worker.py")
_PLACE = re.compile(r"\w{1,60} [\w.]{1,60}:\d{1,6}")
_MEGABYTE = 1024**2


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What a validation process works with, and what it may use.

    `release` is the folder of a release, `shapes` are SHACL files of the user. `seconds` is the time for one document,
    `bytes` the address space of the process, `document_bytes` the size of the largest document that is read.
    """

    release: Path | None = None
    shapes: tuple[Path, ...] = ()
    seconds: float = 20.0
    bytes: int = 2 * 1024**3
    document_bytes: int = Limits().bytes
    warm: bool = False

    @classmethod
    def of(
        cls, settings: Settings, release: Path | None, *, shapes: tuple[Path, ...] = (), warm: bool = False
    ) -> WorkerOptions:
        """As the administrator has set it."""
        return cls(
            release,
            shapes,
            seconds=settings.validation_seconds,
            bytes=settings.worker_bytes,
            document_bytes=settings.validation_bytes,
            warm=warm,
        )


class ValidationProcess(ChildProcess):
    """One confined process that validates documents."""

    frame_limit = 64 * _MEGABYTE

    def __init__(self, options: WorkerOptions) -> None:
        self.options = options
        limits = (options.bytes, options.seconds, options.document_bytes)
        start = Start(os.getpid(), *limits, options.release, options.shapes, options.warm)
        super().__init__(_SCRIPT, [start.encoded()], own_group=True)

    def deadline(self) -> float:
        """When a document that is begun now must have been answered (monotonic seconds)."""
        return time.monotonic() + self.options.seconds

    def submit(self, question: Question, deadline: float) -> None:
        """Send documents. Raises Killed, BrokenPipeError when it died before, ValidationTimeout."""
        try:
            self.send(question.encoded(), deadline)
        except DeadlinePassed:
            raise self.timeout() from None

    def answer(self, deadline: float) -> CredentialReport:
        """The report about the next of the documents.

        Raises ValidationTimeout, ValidationOutOfMemory, WorkerLost, Killed: after each, the process is of no use.
        """
        try:
            frame, content = self.read(deadline)
        except DeadlinePassed:
            raise self.timeout() from None
        if frame is Frame.ERROR:
            raise self._failure_of(content)
        try:
            return decode(content)
        except NotAReport:
            raise self.lost() from None

    def timeout(self) -> CapacityError:
        """The error of a document that takes too long."""
        return ValidationTimeout("validation-timeout", seconds=f"{self.options.seconds:g}")

    def out_of_memory(self) -> CapacityError:
        """The error of a document that needs more memory than it may have."""
        return ValidationOutOfMemory("validation-out-of-memory", megabytes=self.options.bytes // _MEGABYTE)

    def lost(self) -> CapacityError:
        """The error of a process that ended in any other way."""
        return WorkerLost("validation-lost")

    def not_started(self) -> CapacityError:
        """The error of a process that never became ready."""
        return WorkerLost("validation-start")

    def error_of(self, content: bytes) -> PasserelleError:
        """What kept it from starting: it has read nothing of a stranger's yet, so its words are taken."""
        failure = json.loads(content)
        kind: type[PasserelleError] = getattr(errors, failure["error"])
        place = Place(file=failure["file"], line=failure["line"])
        return kind(failure["message_id"], place=place, **failure["parameters"])

    def _failure_of(self, content: bytes) -> CapacityError:
        """Why a document has no answer: whatever the process says, it is one of these two."""
        try:
            failure = json.loads(content)
        except (ValueError, RecursionError):
            return self.lost()
        if not isinstance(failure, dict):
            return self.lost()
        if failure.get("error") == OUT_OF_MEMORY:
            return self.out_of_memory()
        if failure.get("error") == STOPPED:
            at = failure.get("at")
            if isinstance(at, str) and _PLACE.fullmatch(at):
                _LOG.error("a validation failed at %s", at)
        return self.lost()
