"""A validation process that does what the document tells it, to try what its parent makes of that."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "service"))

from passerelle.graph.processes.confinement import confine, tie_hands
from passerelle.graph.processes.frames import Frame, head, read_frame, write_frame
from passerelle.validation.credentials.codec import encode
from passerelle.validation.credentials.model import CredentialReport, Stage, Verdict
from passerelle.validation.credentials.worker_messages import OUT_OF_MEMORY, STOPPED, Document, Question, Start


def tried(action: Callable[[], object]) -> str:
    """Whether the process may do this."""
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "allowed"


def called(name: str, *arguments: object) -> None:
    """Call the C library; raises OSError as Python's own functions do."""
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)


def report(document: Document, stage: Stage, told: str = "") -> bytes:
    return encode(CredentialReport(document.name, Verdict.VALID, stage, told, size=len(document.data)))


def tries(folder: str) -> str:
    there = Path(folder) / "there"
    actions: dict[str, Callable[[], object]] = {
        "read": there.read_bytes,
        "write": lambda: (Path(folder) / "new").write_bytes(b"x"),
        "append": lambda: there.open("ab"),
        "make": (Path(folder) / "folder").mkdir,
        "remove": there.unlink,
        "rename": lambda: there.rename(there.with_name("elsewhere")),
        "connect": socket.socket,
        "run": lambda: os.execv("/bin/true", ["true"]),
        "kill": lambda: os.kill(os.getppid(), 0),
        "fork": os.fork,
        "memory": lambda: os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY),
        "environment": Path(f"/proc/{os.getppid()}/environ").read_bytes,
        "descriptor": lambda: os.pidfd_open(os.getppid()),
        "rights": lambda: there.chmod(0o777),
        "times": lambda: os.utime(there),
        "attribute": lambda: os.setxattr(there, "user.x", b"x"),
        "root": lambda: os.chroot("/"),
        "mount": lambda: called("mount", b"none", folder.encode(), b"tmpfs", 0, None),
        "priority": lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19),
        "affinity": lambda: os.sched_setaffinity(os.getppid(), {0}),
        "shared": lambda: called("shmget", 0, 4096, 0o1600),
        "signal": lambda: called("tgkill", os.getppid(), os.getppid(), 0),
        "thread": lambda: threading.Thread(target=int).start(),
    }
    return " ".join(f"{name}:{tried(action)}" for name, action in actions.items())


def main() -> None:
    start = Start.decoded(sys.argv[1])
    confine(start.address_space, start.parent)
    tie_hands()
    answers = os.fdopen(os.dup(1), "wb")
    write_frame(answers, Frame.READY)
    while (received := read_frame(sys.stdin.buffer)) is not None:
        question = Question.decoded(received[1])
        for document in question.documents:
            order, _, argument = document.data.decode().partition(" ")
            if order == "endless":
                signal.pause()
            elif order == "memory":
                try:
                    bytearray(start.address_space)
                except MemoryError:
                    write_frame(answers, Frame.ERROR, json.dumps({"error": OUT_OF_MEMORY}).encode())
                return
            elif order == "defect":
                at = {"error": STOPPED, "at": argument or "KeyError fields.py:12"}
                write_frame(answers, Frame.ERROR, json.dumps(at).encode())
                return
            elif order == "abort":
                os.write(2, argument.encode())
                os.abort()
            elif order == "garbage":
                os.write(1, argument.encode())
                signal.pause()
            elif order == "answer":
                write_frame(answers, Frame.END, argument.encode())
            elif order == "long":
                os.write(1, head(Frame.END, 2**31))
                signal.pause()
            elif order == "try":
                write_frame(answers, Frame.END, report(document, question.stage, tries(argument)))
            elif order == "big":
                write_frame(answers, Frame.END, report(document, question.stage, "x" * int(argument)))
            else:
                write_frame(answers, Frame.END, report(document, question.stage, f"{question.profile}"))


if __name__ == "__main__":
    main()
