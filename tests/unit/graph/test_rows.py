"""Counting and cutting rows in the bytes of an answer, against parsers of each format, over any chunk boundary."""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.graph.answering.rows import RowCut, row_counter

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"
FORMATS = {
    JSON: ox.QueryResultsFormat.JSON,
    XML: ox.QueryResultsFormat.XML,
    CSV: ox.QueryResultsFormat.CSV,
    TSV: ox.QueryResultsFormat.TSV,
}
NAMESPACE = "{http://www.w3.org/2005/sparql-results#}"

# texts made of what the formats are made of
texts = st.text(st.sampled_from('{}[]",:\\<>&/\r\n\t result'), max_size=12)
values = st.one_of(st.none(), texts)
tables = st.lists(st.tuples(values, values), max_size=8)
places = st.lists(st.integers(0, 2000), max_size=12)


def serialised(table: list[tuple[str | None, str | None]], media_type: str) -> bytes:
    """As the engine writes it."""
    rows = " ".join(f"({' '.join('UNDEF' if v is None else json.dumps(v) for v in row)})" for row in table)
    found = ox.Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {rows} }} }}")
    assert isinstance(found, ox.QuerySolutions)
    written = found.serialize(format=FORMATS[media_type])
    assert written is not None
    return written


def spaced(table: list[tuple[str | None, str | None]]) -> bytes:
    """JSON with white space, as other engines write it."""
    rows: list[dict[str, Any]] = [
        {name: {"type": "literal", "value": v} for name, v in zip("ab", row, strict=True) if v is not None}
        for row in table
    ]
    document = {"head": {"link": [], "vars": ["a", "b"]}, "results": {"distinct": False, "bindings": rows}}
    return json.dumps(document, indent=3).encode()


def pieces(data: bytes, at: list[int]) -> list[bytes]:
    marks = [0, *sorted(place % (len(data) + 1) for place in at), len(data)]
    return [data[start:end] for start, end in pairwise(marks)]


def parsed(data: bytes, media_type: str) -> list[Any]:
    """The rows, by a parser."""
    if media_type == JSON:
        return list(json.loads(data)["results"]["bindings"])
    if media_type == XML:
        results = ElementTree.fromstring(data).iter(f"{NAMESPACE}result")
        return [ElementTree.tostring(result) for result in results]
    if media_type == CSV:
        return list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]
    return data.decode().split("\n")[1:-1]


def counted(data: bytes, media_type: str, at: list[int]) -> int:
    counter = row_counter(media_type)
    for piece in pieces(data, at):
        counter.feed(piece)
    return counter.rows


def cut(data: bytes, media_type: str, rows: int, at: list[int]) -> tuple[bytes, bool]:
    cutting = RowCut(row_counter(media_type), rows)
    passed = b"".join(cutting.passing(piece) for piece in pieces(data, at))
    return passed + cutting.rest(), cutting.more


@pytest.mark.parametrize("media_type", FORMATS)
@given(table=tables, at=places)
def test_rows_are_counted_as_a_parser_counts_them(
    media_type: str, table: list[tuple[str | None, str | None]], at: list[int]
) -> None:
    data = serialised(table, media_type)
    assert counted(data, media_type, at) == len(table) == len(parsed(data, media_type))


@given(table=tables, at=places)
def test_white_space_between_rows_changes_nothing(table: list[tuple[str | None, str | None]], at: list[int]) -> None:
    assert counted(spaced(table), JSON, at) == len(table)


@pytest.mark.parametrize("media_type", FORMATS)
@given(table=tables, rows=st.integers(0, 9), at=places)
def test_an_answer_is_cut_after_a_row_and_says_whether_there_are_more(
    media_type: str, table: list[tuple[str | None, str | None]], rows: int, at: list[int]
) -> None:
    data = serialised(table, media_type)
    passed, more = cut(data, media_type, rows, at)
    assert parsed(passed, media_type) == parsed(data, media_type)[:rows]
    assert more == (len(table) > rows)
    if not more:
        assert passed == data


@given(table=tables, rows=st.integers(0, 9), at=places)
def test_an_answer_with_white_space_is_cut_cleanly(
    table: list[tuple[str | None, str | None]], rows: int, at: list[int]
) -> None:
    data = spaced(table)
    passed, more = cut(data, JSON, rows, at)
    assert parsed(passed, JSON) == parsed(data, JSON)[:rows]
    assert more == (len(table) > rows)


@pytest.mark.parametrize("cut_at", range(1, 200, 7))
def test_layouts_of_other_engines(cut_at: int) -> None:
    document = (
        b'<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n <head>\n'
        b'  <variable name="result"/>\n </head>\n <results distinct="false" ordered="true">\n'
        b'  <result index="0">\n   <binding name="result"><literal>results</literal></binding>\n  </result>\n'
        b"  <result />\n  <result\n></result>\n </results>\n</sparql>"
    )
    assert counted(document, XML, [cut_at]) == 3
    passed, more = cut(document, XML, 2, [cut_at, 3 * cut_at])
    assert len(parsed(passed, XML)) == 2
    assert more
    assert counted(b'"a"\n"x\ny"\n2', CSV, [cut_at]) == 2
    assert counted(b"?a\r\n1\r\n2", TSV, [cut_at]) == 2


@pytest.mark.parametrize(("media_type", "data"), [(JSON, b'{"head":{},"boolean":true}'), (CSV, b""), (TSV, b"")])
def test_no_rows_where_there_are_none(media_type: str, data: bytes) -> None:
    assert counted(data, media_type, [1, 2, 3]) == 0
