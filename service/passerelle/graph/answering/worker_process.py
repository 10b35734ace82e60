"""A query process: opens a store read-only, then answers one question after the other from its standard input.

Started by `workers` as a script (`python -I worker_process.py STORE PARENT ADDRESS_SPACE CPU_SECONDS NETWORK`), never
imported by the server. Query and serialisation run in one thread, and the answer goes out as it is computed.
"""

from __future__ import annotations

import io
import json
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

if __name__ == "__main__":
    # isolated mode knows neither the script's folder nor PYTHONPATH
    sys.path.insert(0, str(Path(__file__).parents[3]))

from passerelle.errors import BackendFailed, PasserelleError, QueryRefused, WorkerLost
from passerelle.graph.answering.answer_writer import AnswerWriter, EnoughRows, FrameSender, ServerGone
from passerelle.graph.answering.embedded import EmbeddedStore
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Question
from passerelle.graph.processes.confinement import allow_cpu, confine, tie_hands
from passerelle.graph.processes.frames import BODY_BYTES, Frame, read_frame, write_frame

STACK_BYTES = 256 * 1024 * 1024
"""For the thread that runs queries: the engine recurses over chains and nests. 64 kB of them need up to 128 MB."""


def _answer(store: EmbeddedStore, question: Question, limits: Limits, pipe: BinaryIO) -> None:
    writer: AnswerWriter | None = None
    failure: dict[str, object]
    try:
        answer = store.ask(question)
        asked = limits.asked_rows or 0
        send = FrameSender(pipe, answer.kind, answer.media_type)
        writer = AnswerWriter(
            send, answer.kind, answer.media_type, limits, lambda: store.ask(question).has_more_than(asked)
        )
        output = io.BufferedWriter(writer, BODY_BYTES)
        with suppress(EnoughRows):
            answer.write(output, writer.counted)
            output.flush()
        writer.end()
    except PasserelleError as error:
        failure = failure_of(error)
    except MemoryError:
        failure = {"error": "QueryOutOfMemory"}
    except PermissionError:
        # sockets are what a query process is refused (`confinement`)
        service = "service" in question.query.lower()
        failure = failure_of(QueryRefused("sparql-service") if service else WorkerLost("worker-lost"))
    except OSError:
        failure = failure_of(BackendFailed("service-failed") if question.network else WorkerLost("store-gone"))
    except RuntimeError:
        # what the store raises where a file of it is missing or damaged
        failure = failure_of(WorkerLost("store-gone"))
    except ValueError:
        failure = failure_of(WorkerLost("worker-lost"))
    else:
        return
    if writer is not None:
        writer.close_off()
    _send(pipe, Frame.ERROR, json.dumps(failure).encode())


def _send(pipe: BinaryIO, frame: Frame, content: bytes) -> None:
    try:
        write_frame(pipe, frame, content)
    except OSError as error:
        raise ServerGone from error


def failure_of(error: PasserelleError) -> dict[str, object]:
    """An error as the content of an error frame."""
    parameters = {name: str(value) for name, value in error.parameters.items()}
    return {"error": type(error).__name__, "message_id": error.message_id, "parameters": parameters}


def _serve(store: EmbeddedStore, cpu_seconds: float, questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer questions until the standard input ends."""
    with suppress(ServerGone):
        # the server may lower the priority of the thread that does the work
        _send(answers, Frame.READY, str(threading.get_native_id()).encode())
        while (received := read_frame(questions)) is not None:
            allow_cpu(cpu_seconds)
            question = Question.decoded(received[1])
            if question.limits is None:
                raise TypeError("the server sends the limits")
            _answer(store, question, question.limits, answers)


def main(store: str, parent: str, address_space: str, cpu_seconds: str, network: str) -> None:
    """Serve questions until the standard input ends."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    confine(int(address_space) + STACK_BYTES, int(parent), network=network == "network")
    try:
        opened = EmbeddedStore.open(Path(store))
    except PasserelleError as error:
        write_frame(answers, Frame.ERROR, json.dumps(failure_of(error)).encode())
        return
    tie_hands()
    # only a thread can have a larger stack than the system gives; it is mapped as it is used
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_serve, args=(opened, float(cpu_seconds), questions, answers))
    thread.start()
    thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
