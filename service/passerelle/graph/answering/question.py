"""A query on its way to a store: its text, the format of the answer, and the dataset that it sees."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Literal

from passerelle.graph.answering.limits import Limits

Kind = Literal["solutions", "boolean", "triples"]
"""What a query answers: SELECT gives solutions, ASK a boolean, CONSTRUCT and DESCRIBE triples."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query and how to answer it.

    `media_type` names the format of the answer. With neither `default_graphs` nor `named_graphs` (IRIs given by the
    protocol, which then replace what the query says) the query sees the union of all graphs; with `own_dataset` it
    sees what its own FROM clauses say. `limits` of None are those of the service; `network` is asked where the query
    names endpoints for SERVICE that the administrator allows. `base_iri` is what relative IRIs of a query without BASE
    are resolved against (RFC 3986, 5.1.4); empty: they are an error. `kind` is what the query answers, by its form;
    None: solutions or triples, as the format says.
    """

    query: str
    media_type: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    own_dataset: bool = False
    limits: Limits | None = None
    network: bool = False
    base_iri: str = ""
    kind: Kind | None = None

    def encoded(self) -> bytes:
        """As JSON in UTF-8, for the pipe to a worker."""
        limits = self.limits
        content = {name: getattr(self, name) for name in _FIELDS}
        content["limits"] = None if limits is None else (limits.seconds, limits.rows, limits.bytes, limits.asked_rows)
        return json.dumps(content, ensure_ascii=True).encode("ascii")

    @classmethod
    def decoded(cls, data: bytes) -> Question:
        """The question behind `encoded`."""
        content = json.loads(data)
        content["default_graphs"] = tuple(content["default_graphs"])
        content["named_graphs"] = tuple(content["named_graphs"])
        if content["limits"] is not None:
            content["limits"] = Limits(*content["limits"])
        return cls(**content)


_FIELDS = tuple(field.name for field in fields(Question))
