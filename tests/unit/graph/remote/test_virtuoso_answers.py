"""Answers of Virtuoso are read by the form of the query, and never without a bound."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest

from passerelle.errors import BackendFailed
from passerelle.graph.answering.question import Kind
from passerelle.graph.remote.virtuoso import Virtuoso

ASKED = b"""
{ "head": { "link": [], "vars": ["__ASK_RETVAL"] },
  "results": { "distinct": false, "ordered": true, "bindings": [
    { "__ASK_RETVAL": { "type": "integer", "value": "1" }} ] } }"""


class Endless(io.RawIOBase):
    """A line without an end; `taken` bytes of it were read."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = len(memoryview(buffer))
        memoryview(buffer).cast("B")[:] = b" " * size
        self.taken += size
        return size


def opened(content: io.RawIOBase, kind: Kind) -> Any:
    media_type = "application/n-triples" if kind == "triples" else "application/sparql-results+json"
    response: Any = SimpleNamespace(headers={"Content-Type": media_type})
    return Virtuoso(None).opened(response, io.BufferedReader(content), kind)


def test_an_ask_is_read_by_the_form_of_the_query() -> None:
    assert json.loads(opened(io.BytesIO(ASKED), "boolean").read()) == {"head": {}, "boolean": True}  # type: ignore[arg-type]
    lines = opened(io.BytesIO(ASKED), "solutions")  # type: ignore[arg-type]
    assert b"".join(iter(lines.read, b"")) == ASKED


@pytest.mark.parametrize(("kind", "most"), [("boolean", 100_000), ("solutions", 20_000_000), ("triples", 20_000_000)])
def test_a_line_without_an_end_is_not_read_for_ever(kind: Kind, most: int) -> None:
    endless = Endless()
    with pytest.raises(BackendFailed):
        opened(endless, kind).read()
    assert endless.taken < most
