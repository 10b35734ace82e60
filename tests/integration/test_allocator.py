"""Query processes with an allocator of the administrator's choice: it is used, and the limits hold as without it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from passerelle.errors import QueryOutOfMemory, SettingsError
from passerelle.graph.answering.question import Question
from passerelle.graph.answering.workers import WorkerPool
from passerelle.settings import Settings
from passerelle.web.http.server import serve
from small_release import NUMBERS, small_release

SETTINGS = Settings(workers=1, query_seconds=60.0, worker_bytes=512 * 1024**2)
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <https://example.org/passerelle/number> ?o }"
# each REPLACE makes the text ten times longer: 10^10 characters at the end
BOMB = (
    "SELECT (STRLEN(?j) AS ?n) { BIND('aaaaaaaaaa' AS ?a) "
    + " ".join(
        f"BIND(REPLACE(?{before}, 'a', 'aaaaaaaaaa') AS ?{after})"
        for before, after in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + " }"
)


def jemalloc() -> str:
    """Where the library is; skipped without it."""
    found = next(Path("/usr/lib").glob("*-linux-*/libjemalloc.so.2"), None)
    if found is None:
        pytest.skip("no jemalloc here (Debian: libjemalloc2)")
    return str(found)


def test_a_query_process_uses_it_and_tells_when_memory_ends(tmp_path: Path) -> None:
    library = jemalloc()
    store = small_release(tmp_path) / "store"
    with WorkerPool(store, replace(SETTINGS, allocator=library)) as pool:
        if os.geteuid() == 0:  # others may not look into a query process
            maps = Path(f"/proc/{pool.process_identifiers[0]}/maps").read_text()
            assert "libjemalloc.so.2" in maps
        with pytest.raises(QueryOutOfMemory):
            b"".join(pool.run(Question(BOMB, "text/csv")).body)
        assert b"".join(pool.run(Question(COUNT, "text/csv")).body).split() == [b"n", str(NUMBERS).encode()]


@pytest.mark.parametrize("value", ["/nowhere/libjemalloc.so.2", "libjemalloc.so.2", "/tmp"])
def test_what_is_no_library_keeps_the_service_from_starting(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match="allocator"):
        serve(Settings(releases=tmp_path, allocator=value))
