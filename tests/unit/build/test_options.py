"""Options of a build from a file and from the command line."""

from __future__ import annotations

from pathlib import Path

from passerelle.build.options import BuildOptions


def test_the_command_line_adds_review_logs_and_replaces_all_else(tmp_path: Path) -> None:
    first, second = tmp_path / "a.tsv", tmp_path / "b.tsv"
    options = BuildOptions(reviews=(first,), esco=(first,))
    given = options.updated(
        {"reviews": (tmp_path / "." / "a.tsv", second), "esco": (second,), "rome": (), "base": None}
    )
    # the same log twice is one log
    assert (given.reviews, given.esco) == ((first, second), (second,))
    assert options.updated({"reviews": ()}).reviews == (first,)
