"""A validation process: opens the release, ties its own hands, then validates what comes on its standard input.

Started by `worker_process` as a script (`python -I worker.py START`), never imported by another program. What it
reads comes from strangers: it may read files, but not write one, and reach neither the network nor another process.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO

if __name__ == "__main__":
    # isolated mode knows neither the script's folder nor PYTHONPATH
    sys.path.insert(0, str(Path(__file__).parents[3]))

from passerelle.errors import PasserelleError
from passerelle.graph.processes.confinement import allow_cpu, confine, tie_hands
from passerelle.graph.processes.frames import Frame, read_frame, write_frame
from passerelle.graph.reference import ReleaseReference
from passerelle.validation.credentials.codec import encode
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.validator import CredentialValidator
from passerelle.validation.credentials.worker_messages import OUT_OF_MEMORY, STOPPED, Question, Start

_TYPICAL = (
    b"<urn:uuid:0> a <http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential> ;"
    b" <http://data.europa.eu/snb/model/elm/credentialProfiles> <http://data.europa.eu/snb/credential/1> ."
)


def main(start: str) -> None:
    """Serve questions until the standard input ends."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    started = Start.decoded(start)
    confine(started.address_space, started.parent)
    try:
        reference = ReleaseReference.open(started.release) if started.release else None
        validator = CredentialValidator(reference, shapes=started.shapes, limits=Limits(bytes=started.document_bytes))
    except PasserelleError as error:
        write_frame(answers, Frame.ERROR, json.dumps(_failure_of(error)).encode())
        return
    tie_hands()
    if started.warm:
        # loads the tables and compiles the shapes that nearly every credential is checked against
        validator.validate(_TYPICAL, media_type="text/turtle")
    # what is there now stays for good: it need not be looked through for each credential
    gc.collect()
    gc.freeze()
    write_frame(answers, Frame.READY)
    while (received := read_frame(questions)) is not None:
        if not _answer(validator, Question.decoded(received[1]), started.cpu_seconds, answers):
            return


def _answer(validator: CredentialValidator, question: Question, cpu_seconds: float, answers: BinaryIO) -> bool:
    """Answer for each document in turn; whether this process can go on."""
    for document in question.documents:
        allow_cpu(cpu_seconds)
        try:
            report = validator.validate(
                document.data,
                document.name,
                document.media_type,
                profile=question.profile,
                stage=question.stage,
                max_results=question.max_results,
            )
            frame, content = Frame.END, encode(report)
        except MemoryError:
            frame, content = Frame.ERROR, json.dumps({"error": OUT_OF_MEMORY}).encode()
        except Exception as error:  # noqa: BLE001  # a defect of ours about one file must not cost the others
            frame, content = Frame.ERROR, json.dumps({"error": STOPPED, "at": _place_of(error)}).encode()
        try:
            write_frame(answers, frame, content)
        except OSError:  # nobody reads any longer
            return False
        if frame is Frame.ERROR:
            return False
    return True


def _place_of(error: Exception) -> str:
    """The kind of an error and the line that raised it; not its text, which may quote the credential."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} {Path(frames[-1].filename).name}:{frames[-1].lineno}"


def _failure_of(error: PasserelleError) -> dict[str, Any]:
    """What keeps this process from starting."""
    parameters = {name: str(value) for name, value in error.parameters.items()}
    return {
        "error": type(error).__name__,
        "message_id": error.message_id,
        "parameters": parameters,
        "file": error.place.file,
        "line": error.place.line,
    }


if __name__ == "__main__":
    main(sys.argv[1])
