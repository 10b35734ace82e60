"""The server's end of one query process."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from passerelle import errors
from passerelle.errors import CapacityError, PasserelleError, QueryOutOfMemory, QueryTooComplex, WorkerLost
from passerelle.graph.answering.question import Question
from passerelle.graph.processes.child_process import ChildProcess
from passerelle.settings import Settings

_SCRIPT = Path(__file__).with_name("worker_process.py")


class QueryProcess(ChildProcess):
    """One process that answers queries from one store."""

    def __init__(self, store: Path, settings: Settings, *, network: bool = False) -> None:
        """Start it; with `network` it may ask endpoints elsewhere. Raises WorkerLost."""
        cpu_seconds = settings.query_seconds + settings.stream_seconds
        limits = (str(settings.worker_bytes), str(cpu_seconds), "network" if network else "alone")
        # the engine asks for memory and gives it back more than for anything else
        environment = {"LD_PRELOAD": settings.allocator} if settings.allocator else {}
        super().__init__(_SCRIPT, [str(store), str(os.getpid()), *limits], environment=environment)

    def ask(self, question: Question, deadline: float) -> None:
        """Send a question. Raises BrokenPipeError when it died before, DeadlinePassed when it does not take it."""
        self.send(question.encoded(), deadline)

    def error_of(self, content: bytes) -> PasserelleError:
        """The error that an error frame stands for."""
        try:
            failure: dict[str, Any] = json.loads(content)
            if failure["error"] == QueryOutOfMemory.__name__:
                return self.out_of_memory()
            kind = getattr(errors, failure["error"])
            if issubclass(kind, PasserelleError):
                told: PasserelleError = kind(failure["message_id"], **failure["parameters"])
                return told
        except (ValueError, KeyError, TypeError, AttributeError):  # not what our own program says
            pass
        return self.lost()

    def overflowed(self) -> PasserelleError:
        """The error of a query that is nested or chained deeper than its stack allows."""
        return QueryTooComplex("query-stack")

    def not_started(self) -> CapacityError:
        """The error of a process that never became ready."""
        return WorkerLost("worker-start")

    def out_of_memory(self) -> CapacityError:
        """The error of a query that needs more memory than it may have."""
        return QueryOutOfMemory("query-out-of-memory")
