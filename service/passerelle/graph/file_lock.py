"""The writer's lock of a folder of releases (flock), waited for up to a limit."""

from __future__ import annotations

import fcntl
import threading


def locked(file: int, patience: float) -> bool:
    """Whether this open file (a descriptor) holds its lock now; waits `patience` seconds at most for who holds it.

    flock itself knows no limit, so a thread waits in our place. A caller that gives up closes the file: should the
    thread be given the lock after that, the kernel takes it back at once, as nothing has the file open any more.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if patience <= 0:
            return False
    else:
        return True
    held = threading.Event()

    def wait() -> None:
        fcntl.flock(file, fcntl.LOCK_EX)
        held.set()

    threading.Thread(target=wait, name="release-lock", daemon=True).start()
    return held.wait(patience)
