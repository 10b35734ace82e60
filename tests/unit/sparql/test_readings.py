"""Texts made at random: whatever is sent ends in an answer or a refusal, and quick and thorough checks agree."""

from __future__ import annotations

import random

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.errors import PasserelleError
from passerelle.graph.remote.paths import repeats_rows
from passerelle.sparql.authorise import authorise, plain_form, scanned

GRAPH = "g:1"
LIMIT = 65_536
WORDS = [
    *["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE", "FROM", "NAMED", "WHERE", "SERVICE", "SILENT"],
    *["INSERT", "CLEAR ALL", "LOAD", "DEFINE", "FILTER", "BIND", "VALUES", "UNION", "OPTIONAL", "GROUP BY", "LIMIT 1"],
    *["NOW()", "RAND", "UUID(", "BNODE", "COUNT(*)", "DISTINCT", "from", "service", "now", "bif:x", "<sql:x>", "GRAPH"],
    *["g:", "g:x", "g:1", "<g:1>", "<http://x/a#b>", "<b#'>", "<", ">", "?a", "?from", "_:a", "'x'", "1", "2.", "a"],
    *["'", '"', "'''", '"""', "{", "}", "(", ")", "[", "]", ";", ".", ",", "*", "+", "/", "|", "^", "!", "=", "#"],
    *["\n", "\r", " ", "\\", "\\u0053", "\\u0022", "\\uD800", "\\U00110000", "\\U0000007B", "é", "ſ", "ı", "\0"],
    *["\u2028", "\ufeff", "\ud800"],
]
QUERIES = st.builds(
    lambda parts, space, inside: ("SELECT * { " if inside else "") + space.join(parts),
    st.lists(st.sampled_from(WORDS), max_size=30),
    st.sampled_from(["", " "]),
    st.booleans(),
)


@given(st.one_of(st.text(), QUERIES))
@settings(max_examples=1000, deadline=None)
def test_every_text_is_authorised_or_refused(query: str) -> None:
    endpoints: frozenset[str]
    for endpoints in (frozenset(), frozenset({"g:1", "http://x/a#b"})):
        try:
            authorised = authorise(query, {GRAPH}, size_limit=LIMIT, service_endpoints=endpoints)
        except PasserelleError as error:
            assert 400 <= error.http_status < 500
            assert error.what("fr")
            assert error.remedy("en")
        else:
            assert set(authorised.services) <= endpoints
            assert repeats_rows(query) in (True, False)


@given(QUERIES)
@settings(max_examples=2000, deadline=None)
def test_what_passes_quickly_passes_the_scan(query: str) -> None:
    form = plain_form(query, query.upper())
    if form is None:
        return
    quick = authorise(query, {GRAPH}, size_limit=LIMIT)
    assert (quick.form, quick.own_dataset, quick.services) == (form, False, ())
    try:
        thorough = scanned(query, {GRAPH}, frozenset())
    except PasserelleError as error:
        # two readings, and nothing to hide in the second; otherwise it is no query at all
        assert error.message_id == "sparql-ambiguous" or is_no_query(query)
    else:
        assert (thorough.form, thorough.deterministic) == (form, quick.deterministic)
        assert not thorough.own_dataset or is_no_query(query)


def is_no_query(query: str) -> bool:
    try:
        ox.Store().query(query)
    except (SyntaxError, UnicodeEncodeError):
        return True
    return False


def test_no_dataset_of_its_own_goes_unseen() -> None:
    store = ox.Store()
    # without FROM a query sees this, with FROM it sees a graph that holds nothing
    store.add(ox.Quad(ox.NamedNode("http://a"), ox.NamedNode("http://p"), ox.Literal("x")))
    pieces = [
        *["FROM <g:1>", "FROM NAMED <g:1>", "FROMg:1", "from#\n<g:1>", "fromNAMED<g:1>", "FROM g:1", "#FROM <g:1>"],
        *[
            "\\u0046ROM <g:1>",
            " ",
            "#",
            "\n",
            "\r",
            "WHERE",
            "FROM ?g",
            "(2 AS ?from)",
            "?fromFROM<g:1>",
            "FROM NAMEDg:1",
            "FROMNAMEDg:1",
        ],
    ]
    choose = random.Random(20261123)
    own = {True: 0, False: 0}
    for _ in range(10_000):
        clause = "".join(choose.choice(pieces) for _ in range(choose.randint(0, 4)))
        query = f"PREFIX g:<g:> SELECT (1 AS ?one){clause}{{ ?s ?p ?o }}"
        try:
            found = any(True for _ in store.query(query))  # type: ignore[union-attr]  # SELECT gives solutions
            authorised = authorise(query, {GRAPH}, size_limit=LIMIT)
        except (PasserelleError, SyntaxError):
            continue
        assert authorised.own_dataset is not found, query
        own[authorised.own_dataset] += 1
    assert min(own.values()) > 100
