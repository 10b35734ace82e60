"""The staged store: who owns it, and that nobody keeps it past its end."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from passerelle.build.staged import StagedStore, StoreStillOpen
from passerelle.graph.links import LinkGraph
from passerelle.namespaces import Minting

QUADS = [
    ox.Quad(ox.NamedNode(f"https://example.org/{number}"), ox.NamedNode("https://example.org/p"), ox.Literal("x"))
    for number in range(5)
]


class DiskUsage(NamedTuple):
    total: int
    used: int
    free: int


def test_everything_is_there_for_a_reader_after_the_end(tmp_path: Path) -> None:
    with StagedStore(tmp_path / "store", chunk_quads=3) as staged:
        staged.add(QUADS)
    assert set(ox.Store.read_only(str(tmp_path / "store"))) == set(QUADS)


def test_a_kept_store_is_found_out(tmp_path: Path) -> None:
    kept = []
    with pytest.raises(StoreStillOpen), StagedStore(tmp_path / "store", chunk_quads=3) as staged:
        kept.append(LinkGraph(staged.store, Minting()))
    kept.clear()


def test_a_kept_iterator_is_found_out(tmp_path: Path) -> None:
    kept = []
    with pytest.raises(StoreStillOpen), StagedStore(tmp_path / "store", chunk_quads=3) as staged:
        staged.add(QUADS)
        staged.flush()
        kept.append(staged.store.quads_for_pattern(None, None, None, None))
    kept.clear()


def test_what_is_only_held_by_a_cycle_is_let_go(tmp_path: Path) -> None:
    class Reader:
        def __init__(self, store: ox.Store) -> None:
            self.store = store
            self.size = lru_cache(self._size)

        def _size(self) -> int:
            return len(self.store)

    with StagedStore(tmp_path / "store", chunk_quads=3) as staged:
        assert Reader(staged.store).size() == 0
    assert len(ox.Store.read_only(str(tmp_path / "store"))) == 0


def test_the_store_is_not_to_be_had_afterwards(tmp_path: Path) -> None:
    with StagedStore(tmp_path / "store", chunk_quads=3) as staged:
        pass
    with pytest.raises(StoreStillOpen):
        staged.add(QUADS)


def test_what_went_wrong_inside_is_told_and_not_hidden(tmp_path: Path) -> None:
    kept = []
    with pytest.raises(LookupError), StagedStore(tmp_path / "store", chunk_quads=3) as staged:
        kept.append(staged.store)
        raise LookupError
    kept.clear()


@pytest.mark.parametrize("room", ["plenty", "none"])
def test_compacting_loses_nothing_and_is_left_out_on_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: str
) -> None:
    merged: list[None] = []
    if room == "none":
        monkeypatch.setattr("passerelle.build.staged.shutil.disk_usage", lambda _: DiskUsage(total=1, used=1, free=0))
        monkeypatch.setattr(ox.Store, "optimize", lambda _: merged.append(None), raising=False)
    with StagedStore(tmp_path / "store", chunk_quads=3) as staged:
        staged.add(QUADS)
        staged.compact()
    assert set(ox.Store.read_only(str(tmp_path / "store"))) == set(QUADS)
    assert not merged
