"""Whatever JSON comes, reading it ends with triples that RDF allows, or with a refusal that says why."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, NotReadable
from passerelle.validation.credentials.reading.json_ld import read_json_ld
from passerelle.validation.credentials.reading.json_text import parse
from unit.validation.credentials.reading.oracle import BADGES, DEFAULT, EDC, V2

KEYS = st.sampled_from(
    (
        *("@context", "@id", "@type", "@value", "@language", "@list", "@set", "@graph", "@reverse", "@included"),
        *("@nest", "@index", "@direction", "@json", "@none", "@vocab", "@base", "@container", "@propagate", "@foo", ""),
        *(
            "id",
            "type",
            "title",
            "hasClaim",
            "proof",
            "issuer",
            "notation",
            "elm:x",
            "_:b",
            "a b",
            "urn:a b",
            "dateModified",
        ),
    )
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        (EDC, V2, BADGES, "@id", "@type", "_:b", "urn:a b", "http://[", "Person", "VerifiableCredential", "en")
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=25,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(value=VALUES, contexts=st.sampled_from((None, DEFAULT, (V2, EDC), EDC)))
def test_any_json(value: Any, contexts: Any) -> None:
    if isinstance(value, dict) and contexts is not None:
        value = {"@context": contexts, **value}
    try:
        reading = read_json_ld(parse(json.dumps(value)), "", DEFAULT)
    except NotReadable as refusal:
        assert all(each.code.startswith("ELM-") for each in refusal.observations)
        return
    for subject, predicate, each in (*reading.triples, *(triple for _, triple in reading.named)):
        assert subject.kind != LITERAL
        assert predicate.kind == IRI
        for term in (subject, predicate, each):
            if term.kind == IRI:
                assert list(ox.parse(f"<{term.value}> <urn:p> <urn:o> .", format=ox.RdfFormat.N_TRIPLES))
            elif term.kind == BLANK:
                assert ox.BlankNode(term.value)
            elif term.language:
                assert ox.Literal(term.value, language=term.language)
        assert reading.source.spot(subject.node, predicate.value, each.node).pointer is not None
    assert reading.triples or any(each.code == "ELM-READING-NO-TRIPLES" for each in reading.observations)
    assert reading.observations == tuple(reading.observations)
