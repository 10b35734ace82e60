"""Import of a generated RNCP export against its floor: one lxml pass plus a bulk load of the same quads.

`make bench` runs it; the figures are ratios within one run. The floor parses the same XML and loads the same quads,
so what lies above it is what we do in between: mapping, splitting, minting, counting.
"""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from lxml import etree

from generated_catalogue import write_xml
from passerelle.build.staged import StagedStore
from passerelle.graph.release import Releases
from passerelle.graph.statements.dispatch import write_record
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import Minting
from passerelle.records.tally import Tally
from passerelle.sources.france_competences_xml import FranceCompetencesXml

SEED = 20261122
CHUNK = 200_000
MOST_TIMES_THE_FLOOR = 2.5
MOST_PEAK_BYTES = 1.5e9


@dataclass(frozen=True)
class Measured:
    fiches: int
    megabytes: float
    quads: int
    floor_seconds: float
    import_seconds: float

    @property
    def ratio(self) -> float:
        return self.import_seconds / self.floor_seconds


def timed(act: Callable[[], int]) -> tuple[float, int]:
    gc.collect()
    started = time.perf_counter()
    result = act()
    return time.perf_counter() - started, result


def iterparse_pass(path: Path) -> int:
    count = 0
    for _, element in etree.iterparse(str(path), tag="FICHE"):
        count += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def import_into(path: Path, store: Path) -> int:
    minting = Minting()
    writer = GraphWriter(minting.graph("rncp"), minting)
    quads = 0
    with StagedStore(store, CHUNK) as staged:
        for record in FranceCompetencesXml(path, "rncp").read(Tally()):
            write_record(writer, record)
            drained = writer.drain()
            quads += len(drained)
            staged.add(drained)
    return quads


def load_into(pieces: list[bytes], store: Path) -> int:
    target = ox.Store(store)
    for piece in pieces:
        target.bulk_load(io.BytesIO(piece), ox.RdfFormat.N_QUADS)
    target.flush()
    return len(target)


def as_pieces(path: Path) -> list[bytes]:
    """The import's quads as N-Quads, in chunks as large as those of the import."""
    minting = Minting()
    writer = GraphWriter(minting.graph("rncp"), minting)
    pieces: list[bytes] = []
    pending: list[ox.Quad] = []

    def close() -> None:
        pieces.append(ox.serialize(pending, format=ox.RdfFormat.N_QUADS) or b"")
        pending.clear()

    for record in FranceCompetencesXml(path, "rncp").read(Tally()):
        write_record(writer, record)
        pending += writer.drain()
        if len(pending) >= CHUNK:
            close()
    close()
    return pieces


def measure(folder: Path, fiches: int) -> Measured:
    path = folder / f"{fiches}.xml"
    write_xml(path, fiches=fiches, seed=SEED)
    pieces = as_pieces(path)
    # twice in turn, the better of each: the machine's other work must not decide
    floors, imports, quads = [], [], 0
    for turn in range(2):
        parse, _ = timed(lambda: iterparse_pass(path))
        load, _ = timed(lambda turn=turn: load_into(pieces, folder / f"floor-{fiches}-{turn}"))
        floors.append(parse + load)
        seconds, quads = timed(lambda turn=turn: import_into(path, folder / f"import-{fiches}-{turn}"))
        imports.append(seconds)
    measured = Measured(fiches, path.stat().st_size / 1e6, quads, min(floors), min(imports))
    print(
        f"\n{fiches} fiches, {measured.megabytes:.0f} MB, {quads} quads: floor {measured.floor_seconds:.1f} s, "
        f"import {measured.import_seconds:.1f} s, ratio {measured.ratio:.2f}"
    )
    return measured


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return measure(tmp_path_factory.mktemp("small"), 5_000)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return measure(tmp_path_factory.mktemp("large"), 20_000)


def test_import_stays_near_its_floor(small: Measured, large: Measured) -> None:
    assert small.ratio <= MOST_TIMES_THE_FLOOR
    assert large.ratio <= MOST_TIMES_THE_FLOOR


def test_growth_is_linear(small: Measured, large: Measured) -> None:
    growth = (large.import_seconds / large.quads) / (small.import_seconds / small.quads)
    print(f"\nseconds a quad at 20,000 fiches against 5,000: {growth:.2f} times")
    assert growth <= 1.25


def test_peak_memory_of_a_whole_build(tmp_path: Path) -> None:
    """Full ESCO in two languages and 20,000 fiches, with links and SHACL, in a process of its own."""
    reference = Path(os.environ.get("PASSERELLE_REFERENCE", Path(__file__).parents[3] / "shared" / "reference"))
    if not reference.is_dir():
        pytest.skip(f"no reference data at {reference}: set PASSERELLE_REFERENCE")
    export = tmp_path / "rncp.xml"
    write_xml(export, fiches=20_000, seed=SEED)
    command = [sys.executable, "-m", "passerelle", "build", "--rncp", str(export), "--releases", str(tmp_path / "r")]
    for path in sorted((reference / "esco").glob("*.zip")):
        command += ["--esco", str(path)]
    # not from the usage of the child: Linux hands the parent's own peak on to it
    finished = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    assert finished.returncode in (0, 1)
    manifest = Releases(tmp_path / "r").current().manifest
    print(
        f"\nwhole build: {manifest.triples} triples, {manifest.seconds:.0f} s, peak {manifest.peak_bytes / 1e6:.0f} MB"
    )
    assert manifest.peak_bytes < MOST_PEAK_BYTES
