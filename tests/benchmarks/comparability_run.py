"""One measurement of coverage at size, in a process of its own: prints a line of JSON.

python comparability_run.py make FOLDER                    the index of 60,000 French and 100,000 foreign units
python comparability_run.py ours FOLDER ROWS               best pairs of the first ROWS French units, both directions
python comparability_run.py scipy FOLDER ROWS              two sparse products of the same matrices, each with top 5
python comparability_run.py rows FOLDER                    rows of 200 units against all, and the figures of lists
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy.sparse as sp

import generated_index
from passerelle.comparability.index.all_pairs import best_pairs
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.pairs import coverages
from passerelle.comparability.index.ranked_pairs import Pairing, RankedPairs
from passerelle.comparability.index.shares import shares
from passerelle.comparability.index.terms import expanded_terms, joined_terms, outcome_terms, unit_terms

FRENCH, FOREIGN = 60_000, 100_000
MOST = 5
CHUNK = 500
NOTHING = np.empty(0, np.int64)


def make(folder: Path) -> dict[str, float]:
    index = generated_index.index(FRENCH, FOREIGN)
    index.write(folder, RankedPairs(NOTHING, NOTHING), NOTHING.reshape(0, 2))
    return {"links": len(index.tables.links.skill), "outcomes": index.tables.outcome_count}


def ours(index: CoverageIndex, rows: int) -> dict[str, float]:
    """French rows against foreign units; the first rows of the catalogue are as good a sample as any."""
    catalogue = np.arange(len(index.iris)) < FRENCH
    few = np.arange(len(index.iris)) < 2
    best_pairs(index.tables, Pairing(few, 0.2, MOST))
    catalogue[rows:] = False
    started = time.perf_counter()
    found = best_pairs(index.tables, Pairing(catalogue, 0.2, MOST))
    return {"seconds": time.perf_counter() - started, "found": len(found.unit)}


def plain(index: CoverageIndex, rows: int) -> dict[str, float]:
    """The products of what a row asks for and what others hold, and of what it holds and what others need."""
    tables = index.tables
    keys = len(tables.skills) + len(tables.key_kind)
    outcomes, _ = tables.outcomes.all_of(np.arange(rows))
    started = time.perf_counter()
    others = unit_terms(tables, outcome_terms(tables))
    own = joined_terms(expanded_terms(tables, outcomes), np.diff(tables.outcomes.starts)[:rows])
    prepared = time.perf_counter() - started
    started = time.perf_counter()
    met = 0
    for mine, theirs in ((own.needs, others.holds), (own.holds, others.needs)):
        left = sp.csr_matrix((mine, own.keys, own.starts), shape=(rows, keys))
        right = sp.csr_matrix((theirs, others.keys, others.starts), shape=(len(index.iris), keys)).T.tocsr()
        met += top(left, right)
    return {"seconds": time.perf_counter() - started, "prepared": prepared, "met": met}


def top(left: sp.csr_matrix, right: sp.csr_matrix) -> int:
    """The five greatest of each row of the product, as one writes it."""
    met = 0
    for begin in range(0, left.shape[0], CHUNK):
        product = left[begin : begin + CHUNK] @ right
        met += product.nnz
        for row in range(product.shape[0]):
            start, end = product.indptr[row], product.indptr[row + 1]
            values = product.data[start:end]
            best = np.argpartition(values, -MOST)[-MOST:] if len(values) > MOST else np.arange(len(values))
            product.indices[start:end][best[np.argsort(-values[best])]]
    return met


def latencies(ask: Callable[[int], object], units: list[int]) -> dict[str, float]:
    ask(units[0])
    seconds = []
    for unit in units:
        started = time.perf_counter()
        ask(unit)
        seconds.append(time.perf_counter() - started)
    return {"median": float(np.median(seconds)), "p95": float(np.percentile(seconds, 95))}


def figures(index: CoverageIndex, target: int) -> object:
    """What a list of 20 units is made of, but for the texts and facts of these 20."""
    expected = shares(index.holders_of(index.iris[target]).expected)
    reverse = shares(index.targets_of(index.iris[target]).expected)
    best = np.lexsort((-reverse, -expected))[:20]
    targets = np.full(len(best), target)
    return [coverages(index.tables, index.inverse, *both) for both in ((best, targets), (targets, best))]


def main() -> None:
    what, folder = sys.argv[1], Path(sys.argv[2])
    index = CoverageIndex.open(folder) if what != "make" else None
    if index is None:
        said = make(folder)
    elif what in {"ours", "scipy"}:
        said = (ours if what == "ours" else plain)(index, int(sys.argv[3]))
    else:
        units = np.random.default_rng(1).choice(len(index.iris), 200, replace=False).tolist()
        asked: dict[str, Callable[[int], object]] = {
            "holders": lambda unit: index.holders_of(index.iris[unit]),
            "targets": lambda unit: index.targets_of(index.iris[unit]),
            "nearest": lambda unit: figures(index, unit),
        }
        said = {f"{name} {part}": value for name, ask in asked.items() for part, value in latencies(ask, units).items()}
    print(json.dumps({**said, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


if __name__ == "__main__":
    main()
