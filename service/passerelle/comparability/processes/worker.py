"""A comparison process: opens a release, ties its own hands, then answers what comes on its standard input.

Started by `comparison_process` as a script (`python -I worker.py START`), never imported by another program.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

if __name__ == "__main__":
    # isolated mode knows neither the script's folder nor PYTHONPATH
    sys.path.insert(0, str(Path(__file__).parents[3]))

from passerelle.comparability.answering import Answering
from passerelle.comparability.questions import STOPPED, decoded
from passerelle.errors import PasserelleError
from passerelle.graph.manifest import Manifest
from passerelle.graph.processes.confinement import allow_cpu, confine, tie_hands
from passerelle.graph.processes.frames import Frame, read_frame, write_frame
from passerelle.graph.release import Release

_YOUNG, _ALL = 1, 2
_QUESTIONS = 500
"""After so many questions all garbage is looked for: a tenth of a second; otherwise what is young, a millisecond."""


def main(start: str) -> None:
    """Answer questions until the standard input ends."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    parent, address_space, cpu_seconds, folder = json.loads(start)
    confine(address_space, parent)
    release = Path(folder)
    try:
        answering = Answering(Release(release, Manifest.read_from(release)))
        answering.warm()
    except PasserelleError as error:
        write_frame(answers, Frame.ERROR, _failure_of(error))
        return
    tie_hands()
    # what is there now stays for good: it need not be looked through for each question
    gc.collect()
    gc.freeze()
    write_frame(answers, Frame.READY)
    # nobody waits while garbage is looked for: that is done when an answer has gone out
    gc.disable()
    with suppress(OSError):  # nobody reads any longer
        for number in count(1):
            received = read_frame(questions)
            if received is None:
                return
            allow_cpu(cpu_seconds)
            if not _answer(answering, received[1], answers):
                return
            gc.collect(_ALL if number % _QUESTIONS == 0 else _YOUNG)


def _answer(answering: Answering, content: bytes, answers: BinaryIO) -> bool:
    """Answer one question; whether this process can go on."""
    try:
        question, language = decoded(content)
        answer = answering.answer(question, language)
    except PasserelleError as error:
        write_frame(answers, Frame.ERROR, _failure_of(error))
        return True
    except MemoryError:
        write_frame(answers, Frame.ERROR, json.dumps({"error": "QueryOutOfMemory"}).encode())
        return False
    except Exception as error:  # noqa: BLE001  # a defect of ours about one question must not cost the others
        write_frame(answers, Frame.ERROR, json.dumps({"error": STOPPED, "at": _place_of(error)}).encode())
        return False
    write_frame(answers, Frame.WHOLE, answer)
    return True


def _place_of(error: Exception) -> str:
    """The kind of an error and the line that raised it; not its text, which may quote the question."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} {Path(frames[-1].filename).name}:{frames[-1].lineno}"


def _failure_of(error: PasserelleError) -> bytes:
    parameters = {name: str(value) for name, value in error.parameters.items()}
    failure = {"error": type(error).__name__, "message_id": error.message_id, "parameters": parameters}
    return json.dumps(failure).encode()


if __name__ == "__main__":
    main(sys.argv[1])
