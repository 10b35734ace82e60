"""What an engine elsewhere leaves out of an answer is its failure, not ours."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from passerelle.errors import BackendFailed
from passerelle.web.responses.answers import results


class Body(list[bytes]):
    def close(self) -> None:
        """Nothing to give up."""


def served(document: object) -> Any:
    """A façade before an engine that answers every question with this document."""
    answer = SimpleNamespace(body=Body([json.dumps(document).encode()]), more_rows=None)
    return SimpleNamespace(folder=None, backend=SimpleNamespace(run=lambda question: answer))


def test_variables_that_were_not_asked_for_are_a_failure_of_the_engine() -> None:
    document = {"head": {"vars": ["other"]}, "results": {"bindings": [{"other": {"type": "uri", "value": "urn:x"}}]}}
    (row,) = results(served(document), "SELECT ?thing {}")["results"]["bindings"]
    assert row["other"]["value"] == "urn:x"
    assert row.get("thing") is None
    with pytest.raises(BackendFailed):
        row["thing"]
    with pytest.raises(BackendFailed):
        results(served({"head": {}, "boolean": True}), "SELECT ?thing {}")["results"]
