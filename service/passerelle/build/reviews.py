"""The review logs of a release: read as sources, and kept beside the store so that a derived release has them all."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from passerelle.build.memory import peak_bytes, reset_peak
from passerelle.build.rejects import RejectsFile
from passerelle.errors import InputError
from passerelle.linking.review_log import ReviewLog
from passerelle.records.place import Place
from passerelle.records.review import Review
from passerelle.records.tally import Tally

_FOLDER = "reviews"


def read_logs(logs: Sequence[ReviewLog], rejects: RejectsFile) -> tuple[list[Review], list[dict[str, Any]]]:
    """All decisions of the logs, and the sums of each log."""
    decisions: list[Review] = []
    sums: list[dict[str, Any]] = []
    for log in logs:
        reset_peak()
        started = time.monotonic()
        tally = Tally(rejects.recorder(log.slug))
        decisions += log.read(tally)
        sums.append(sums_of(tally, 0, started))
    return decisions, sums


def sums_of(tally: Tally, quads: int, started: float) -> dict[str, Any]:
    """The sums of one source, as `SourceEntry` takes them; `started` is a reading of `time.monotonic`."""
    return {
        "read": dict(tally.read),
        "accepted": dict(tally.accepted),
        "rejected": dict(tally.rejected),
        "notices": dict(tally.notices),
        "quads": quads,
        "seconds": round(time.monotonic() - started, 3),
        "peak_bytes": peak_bytes(),
    }


def keep_logs(logs: Sequence[ReviewLog], release: Path) -> None:
    """Copy the logs into the folder of a release. Reviewers are named there, and in no graph.

    The time of last change is kept: it stands in the provenance graph, which must not depend on when we copied.
    """
    folder = release / _FOLDER
    folder.mkdir()
    for log in logs:
        shutil.copy2(log.path, folder / log.path.name)


def kept_logs(release: Path) -> list[ReviewLog]:
    """The logs that a release was built with."""
    folder = release / _FOLDER
    return [ReviewLog(path) for path in sorted(folder.iterdir())] if folder.is_dir() else []


def known_decisions(release: Path, logs: Iterable[Path]) -> list[Review]:
    """The decisions of a release's logs; of `logs`, one of the same name stands for its later state."""
    given = [ReviewLog(path) for path in logs]
    slugs = {log.slug for log in given}
    kept = [log for log in kept_logs(release) if log.slug not in slugs]
    return [review for log in (*kept, *given) for review in log.read(Tally())]


def decisions_of_others(release: Path, log: Path, standing: Iterable[Review]) -> list[Review]:
    """The decisions of a release's logs without the one of the name of `log`, in which `standing` stand.

    Raises InputError where the release has a log of this name with decisions that the file lacks: a derived release
    would lose them.
    """
    others: list[Review] = []
    known = {_content(review) for review in standing}
    for kept in kept_logs(release):
        reviews = list(kept.read(Tally()))
        if kept.slug != ReviewLog(log).slug:
            others += reviews
        elif lost := sum(_content(review) not in known for review in reviews):
            raise InputError("review-log-other", place=Place(log.name), name=kept.path.name, count=lost)
    return others


def missing_decisions(release: Path, given: Iterable[Review]) -> dict[str, int]:
    """How many decisions of each log (its file name) of a release are not among those that are given now.

    A log that cannot be read any more is left to the derived release or the review that asks for it.
    """
    known = {_content(review) for review in given}
    found: dict[str, int] = {}
    for log in kept_logs(release):
        try:
            lost = sum(_content(review) not in known for review in log.read(Tally()))
        except InputError:
            continue
        if lost:
            found[log.path.name] = lost
    return found


def _content(review: Review) -> tuple[object, ...]:
    return (*review.pair, review.relation, review.accepted, review.date)
