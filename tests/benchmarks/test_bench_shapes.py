"""A catalogue of a million triples against its shapes: batches of records, and one call over all of it.

The peer is one pyshacl-turbo call over all terms at once, after they were loaded; ours validates while records come in.
Each runs in a process of its own, because memory that was used once is seldom given back.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

TRIPLES = 1_000_000
MOST_TIMES_THE_CALL = 1.2
MOST_PEAK_BYTES = 300e6

PROGRAM = Path(__file__).parent / "catalogue_shapes_run.py"


def measured(way: str, file: Path) -> dict[str, float]:
    outcome = subprocess.run([sys.executable, str(PROGRAM), way, str(file)], check=True, capture_output=True, text=True)
    return dict(json.loads(outcome.stdout))


def test_batches_cost_little_and_stay_small(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.nq"
    made = measured("make", file)
    whole = measured("whole", file)
    batches = measured("batches", file)
    ratio = batches["seconds"] / whole["seconds"]
    print(f"\n{made['triples']:.0f} triples of {made['records']:.0f} records")
    print(f"one call: {whole['seconds']:.1f} s, peak {whole['peak'] / 1e6:.0f} MB")
    print(f"batches: {batches['seconds']:.1f} s, peak {batches['peak'] / 1e6:.0f} MB: {ratio:.2f} times")
    assert made["triples"] >= TRIPLES
    assert batches["findings"] == whole["findings"]
    assert ratio <= MOST_TIMES_THE_CALL
    assert batches["peak"] <= MOST_PEAK_BYTES
