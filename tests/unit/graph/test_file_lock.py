"""A file lock that is waited for up to a limit."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from passerelle.graph.file_lock import locked


def test_a_lock_is_waited_for_until_it_is_free_or_patience_ends(tmp_path: Path) -> None:
    first, second, third = (os.open(tmp_path, os.O_RDONLY) for _ in range(3))
    assert locked(first, 0)
    assert not locked(second, 0)
    assert not locked(second, 0.01)
    os.close(second)
    found: list[bool] = []
    waiting = threading.Thread(target=lambda: found.append(locked(third, 60)))
    waiting.start()
    # whoever gave up above has closed its file, so the lock goes to the one that still waits
    os.close(first)
    waiting.join()
    assert found == [True]
    os.close(third)
