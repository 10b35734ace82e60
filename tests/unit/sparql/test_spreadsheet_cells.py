"""Cells that a spreadsheet would take for formulas: guarded, however the answer is cut into pieces."""

from __future__ import annotations

import csv
import io
import random
from itertools import pairwise

import pytest

from passerelle.sparql.spreadsheet_cells import SpreadsheetCells


def rewritten(data: bytes, cuts: list[int]) -> bytes:
    cells = SpreadsheetCells()
    edges = [0, *sorted(cuts), len(data)]
    pieces = [data[start:stop] for start, stop in pairwise(edges)]
    return b"".join(map(cells.feed, pieces)) + cells.end()


def written(rows: list[list[str]], quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    output = io.StringIO(newline="")
    csv.writer(output, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return output.getvalue().encode()


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


GUARDED = [
    ("=1+1", "'=1+1"),
    ('=HYPERLINK("https://example.org/?"&A1,"x")', '\'=HYPERLINK("https://example.org/?"&A1,"x")'),
    ("+33 1 23 45 67 89", "'+33 1 23 45 67 89"),
    ("-5 + cmd|' /C calc'!A0", "'-5 + cmd|' /C calc'!A0"),
    ("@SUM(1,2)", "'@SUM(1,2)"),
    ("\t=1", "'\t=1"),
    ("\r=1", "'\r=1"),
    ("\n=1", "'\n=1"),
    ("-", "'-"),
    ("+1+2", "'+1+2"),
    ("-1,5", "'-1,5"),
    ('-5"', "'-5\""),
    ("-INF", "'-INF"),
    ("-1e", "'-1e"),
    ("-" + "1" * 101, "'-" + "1" * 101),
    # as they are
    ("-5", "-5"),
    ("+3.2", "+3.2"),
    ("-.5", "-.5"),
    ("-1.0E-7", "-1.0E-7"),
    ("-" + "1" * 100, "-" + "1" * 100),
    ("a=1", "a=1"),
    ("5", "5"),
    ("", ""),
    ('"=1"', '"=1"'),
    ("a, =1", "a, =1"),
    ("a\r\n=1", "a\r\n=1"),
    ('a",=1', 'a",=1'),
    ("é @", "é @"),
    ("2026-11-22", "2026-11-22"),
    ("https://example.org/?a=1", "https://example.org/?a=1"),
]


@pytest.mark.parametrize(("cell", "expected"), GUARDED, ids=range(len(GUARDED)))
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL], ids=["some quoted", "all quoted"])
def test_a_cell_alone_first_and_last_in_each_cut(cell: str, expected: str, quoting: int) -> None:
    rows = [["x", "y", "z"], [cell, "middle", cell], ["left", cell, "right"]]
    data = written(rows, quoting)
    whole = rewritten(data, [])
    assert read(whole) == [["x", "y", "z"], [expected, "middle", expected], ["left", expected, "right"]]
    assert all(rewritten(data, [cut]) == whole for cut in range(len(data) + 1))
    assert rewritten(data, list(range(len(data)))) == whole


def test_tables_at_random_in_pieces_at_random() -> None:
    draw = random.Random(20261123)
    alphabet = '=+-@\t\r\n",15.eEé a'
    for _ in range(400):
        rows = [
            ["".join(draw.choices(alphabet, k=draw.choice((0, 1, 2, 3, 8, 120)))) for _ in range(3)]
            for _ in range(draw.randint(1, 6))
        ]
        data = written(rows, draw.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
        expected = [[guarded(cell) for cell in row] for row in rows]
        cuts = [draw.randint(0, len(data)) for _ in range(draw.randint(0, 40))]
        assert read(rewritten(data, cuts)) == expected


def guarded(cell: str) -> str:
    """The rule again, in other words: a sign before what Python takes for a finite number of ASCII digits stays."""
    if not cell or cell[0] not in "=+-@\t\r\n":
        return cell
    if cell[0] in "+-" and set(cell[1:]) <= set("0123456789.eE+-") and cell[1:2] not in "+-" and len(cell) <= 101:
        try:
            float(cell)
        except ValueError:
            return f"'{cell}"
        return cell
    return f"'{cell}"


def test_no_more_than_an_undecided_number_is_held_back() -> None:
    cells = SpreadsheetCells()
    sent = 0
    for position in range(2000):
        sent += len(cells.feed(b"x\r\n-1" if position == 0 else b"1"))
        assert position + 5 - sent <= 110


def test_the_last_cell_needs_no_line_end() -> None:
    assert rewritten(b"x\r\n-5", []) == b"x\r\n-5"
    assert rewritten(b"x\r\n-a", []) == b"x\r\n'-a"
    assert rewritten(b'x\r\n"-5"', []) == b'x\r\n"-5"'
    assert rewritten(b"", []) == b""
