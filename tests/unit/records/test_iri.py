"""What counts as an IRI is an IRI for the store too, and nothing that could break out of a query."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.records.iri import is_iri


@pytest.mark.parametrize(
    "text",
    [
        "https://w3id.org/passerelle/demo/id/rncp/1/bloc/RNCP1BC01",
        "http://data.europa.eu/esco/skill/2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f",
        "https://ellada.example.org/αναγνώριση?x=1&y=%C3%A9#μέρος",
        "https://example.org:8080/a",
        "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
    ],
)
def test_names_that_people_give(text):
    assert is_iri(text)


@pytest.mark.parametrize(
    "text",
    ["", "a", "http://", "http:///x", "https://a b", "http://a/[b]", "http://a/%zz", "http://a:b/", "http://a/#x#y",
     "http://a/<", "http://a/>", "http://a/\\u003e", "http://a/\n", "http://a/\u2028", "http://a/\ud800", "file:///etc/passwd",
     "javascript:alert(1)", "urn:", "http://user@host/", "http://a/" + "x" * 2_000],
)  # fmt: skip
def test_what_is_refused(text):
    assert not is_iri(text)


@given(
    st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=12),
    st.sampled_from(["http://a.b/", "https://a", "urn:"]),
)
def test_the_store_takes_whatever_is_accepted(text, start):
    if is_iri(start + text):
        node = ox.NamedNode(start + text)
        answer = ox.Store().query(f"SELECT * WHERE {{ BIND({node} AS ?node) }}")
        assert [row["node"] for row in answer] == [node]
