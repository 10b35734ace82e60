"""The peak of resident memory between two moments, from the kernel."""

from __future__ import annotations

import resource
from pathlib import Path


def reset_peak() -> None:
    """Start measuring anew (Linux: writing 5 to clear_refs resets VmHWM); without effect elsewhere."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def peak_bytes() -> int:
    """The peak since `reset_peak` in bytes, or since the process started where the kernel cannot reset it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024
