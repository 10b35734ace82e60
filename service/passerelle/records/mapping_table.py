"""Reads the plain tables under `mappings/`: tab separated, no quoting, one header line, `#` starts a comment line."""

from __future__ import annotations

from functools import cache

from passerelle.resources import folder


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `mappings/{name}` by column name. Raises FileNotFoundError."""
    lines = (folder("mappings") / name).read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line.strip() and not line.startswith("#")]
    header = lines[0].split("\t")
    return tuple(dict(zip(header, line.split("\t") + [""] * len(header), strict=False)) for line in lines[1:])


@cache
def value_table(name: str, key: str = "source_value", value: str = "concept") -> dict[str, str]:
    """Column `key` to column `value` of `mappings/{name}`."""
    return {row[key]: row[value] for row in rows(name)}
