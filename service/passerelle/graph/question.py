"""A query on its way to a store: its text, the format of the answer, and the dataset that it sees."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

from passerelle.graph.limits import Limits

Kind = Literal["solutions", "boolean", "triples"]
"""What a query answers: SELECT gives solutions, ASK a boolean, CONSTRUCT and DESCRIBE triples."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query and how to answer it.

    `media_type` names the format of the answer. With neither `default_graphs` nor `named_graphs` (IRIs given by the
    protocol, which then replace what the query says) the query sees the union of all graphs; with `own_dataset` it
    sees what its own FROM clauses say. `limits` of None are those of the service; `network` is asked where the query
    names endpoints for SERVICE that the administrator allows.
    """

    query: str
    media_type: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    own_dataset: bool = False
    limits: Limits | None = None
    network: bool = False

    def encoded(self) -> bytes:
        """As JSON in UTF-8, for the pipe to a worker."""
        return json.dumps(asdict(self), ensure_ascii=True).encode("ascii")

    @classmethod
    def decoded(cls, data: bytes) -> Question:
        """The question behind `encoded`."""
        fields = json.loads(data)
        fields["default_graphs"] = tuple(fields["default_graphs"])
        fields["named_graphs"] = tuple(fields["named_graphs"])
        if fields["limits"] is not None:
            fields["limits"] = Limits(**fields["limits"])
        return cls(**fields)
