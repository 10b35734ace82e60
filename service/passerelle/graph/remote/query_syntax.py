"""Whose fault it is that an engine does not compile a query: that of the text, or that of the engine.

Virtuoso says `37000` of both. The parser of our own engine decides, on a store without triples and in a confined
process: deep texts overflow its stack, and what it parsed it also runs.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from passerelle.errors import BackendFailed, CapacityError, PasserelleError, QuerySyntaxError, QueryTooComplex
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.query_process import QueryProcess
from passerelle.graph.answering.question import Question
from passerelle.graph.processes.child_process import DeadlinePassed, Killed
from passerelle.graph.processes.frames import Frame
from passerelle.settings import Settings

_SECONDS = 5.0
"""Parsing takes milliseconds: what runs for longer has been parsed."""


def judged(question: Question, refusal: QuerySyntaxError, settings: Settings) -> PasserelleError:
    """The error for a text that the engine took for no SPARQL: with the place of the mistake, or that it is valid.

    Where that cannot be found out it is the `refusal` of the engine. A text too deep for our parser is QueryTooComplex.
    """
    # no graph is there; SERVICE is not asked, as the process has no network
    alone = replace(
        question,
        default_graphs=(),
        named_graphs=(),
        own_dataset=True,
        limits=question.limits or Limits.of(settings),
        network=False,
    )
    try:
        with tempfile.TemporaryDirectory(prefix="passerelle-") as folder:
            ox.Store(folder).flush()
            error = _said(alone, Path(folder), settings)
    except QueryTooComplex as too_deep:
        return too_deep
    except (OSError, CapacityError, Killed):
        return refusal
    return error if isinstance(error, QuerySyntaxError) else BackendFailed("remote-cannot")


def _said(question: Question, store: Path, settings: Settings) -> PasserelleError | None:
    """What a process of our own says of it; None where it answers, or goes on.

    Raises QueryTooComplex; CapacityError, Killed, OSError where it cannot be asked.
    """
    process = QueryProcess(store, settings)
    try:
        process.wait_until_ready()
        deadline = time.monotonic() + _SECONDS
        process.ask(question, deadline)
        frame, content = process.read(deadline)
        return process.error_of(content) if frame is Frame.ERROR else None
    except DeadlinePassed:
        return None
    finally:
        process.reap()
