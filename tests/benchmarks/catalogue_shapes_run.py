"""One way of validating the catalogue, alone in its process: prints seconds, peak memory and number of findings."""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from passerelle.graph.statements.dispatch import write_record
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import Minting
from passerelle.records.tally import Tally
from passerelle.sources.france_competences_xml import FranceCompetencesXml
from passerelle.validation.batches import BatchValidator, FindingsLog
from passerelle.validation.engine import ReleaseEngine
from passerelle.validation.shapes import Profile

TRIPLES = 1_000_000
FICHES = 4_200
BATCH = 500
MARK = ox.NamedNode("urn:passerelle:record")


def records(path: Path) -> Iterator[list[ox.Quad]]:
    """The quads of each record: a line with the marker ends it."""
    held: list[ox.Quad] = []
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS):
        if quad.predicate == MARK:
            yield held
            held = []
        else:
            held.append(quad)


def make(path: Path) -> dict[str, float]:
    """Write the quads of a generated catalogue, with a marker after each record."""
    from generated_catalogue import write_xml

    minting = Minting()
    writer = GraphWriter(minting.graph("rncp"), minting)
    marker = ox.Quad(ox.NamedNode("urn:passerelle:end"), MARK, ox.Literal(""))
    triples = count = 0
    with tempfile.TemporaryDirectory() as folder, path.open("wb") as output:
        source = Path(folder) / "export_fiches_RNCP_V4_1_2026-11-22.xml"
        write_xml(source, FICHES, seed=20261122)
        for record in FranceCompetencesXml(source, "rncp").read(Tally()):
            write_record(writer, record)
            drained = writer.drain()
            triples += len(drained)
            count += 1
            ox.serialize(itertools.chain(drained, [marker]), output, format=ox.RdfFormat.N_QUADS)
    return {"triples": triples, "records": count}


def whole(path: Path) -> dict[str, float]:
    """One call over everything."""
    engine = ReleaseEngine(Profile.of_release())
    quads = [quad for record in records(path) for quad in record]
    started = time.perf_counter()
    findings = engine.validate(quads)
    return {"seconds": time.perf_counter() - started, "findings": len(findings)}


def batches(path: Path) -> dict[str, float]:
    """Batches of records, as the build does; reading the records is not counted."""
    engine = ReleaseEngine(Profile.of_release())
    taken = 0.0
    with tempfile.TemporaryDirectory() as folder, FindingsLog(Path(folder) / "findings.jsonl") as log:
        validator = BatchValidator(engine, log, batch_records=BATCH)
        for record in records(path):
            started = time.perf_counter()
            validator.add(record)
            taken += time.perf_counter() - started
        started = time.perf_counter()
        summary = validator.finish()
        taken += time.perf_counter() - started
    return {"seconds": taken, "findings": summary.violations + summary.warnings + summary.infos}


def peak_bytes() -> int:
    """The largest resident size so far: VmHWM, because ru_maxrss is inherited from the parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    measured = {"make": make, "whole": whole, "batches": batches}[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps({**measured, "peak": peak_bytes()}))
