"""Spreadsheets as clients: an address whose CSV Excel opens as a table, with its accents, in one go."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode

import pytest

from passerelle.namespaces import Minting
from raw_http import ask
from running_server import Server

FICHE = Minting().fiche("RNCP990001")
TITLE = "Technicien de maintenance d'éoliennes (démonstration)"
AWKWARD = """\
SELECT ?title ?text ?number ?day ?nothing {
  VALUES (?text ?number ?day ?nothing) {
    ("a, b; \\"c\\"\\nd" 0.25 "2026-11-22"^^<http://www.w3.org/2001/XMLSchema#date> UNDEF)
  }
  <%s> <http://purl.org/dc/terms/title> ?title
}"""
QUERY = AWKWARD % FICHE
POWER_QUERY = {"Accept": "*/*", "User_Agent": "Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)"}
ADDRESSES = [
    "/sparql?" + urlencode({"query": QUERY, "format": "excel"}),
    "/queries/units-sharing-skills?" + urlencode({"unit": "RNCP990002BC01", "format": "excel"}),
]


@pytest.mark.parametrize("address", ADDRESSES, ids=["any query", "a named query"])
def test_a_table_for_excel(server: Server, address: str) -> None:
    answer = ask(server, address, **POWER_QUERY)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    # without the mark Excel takes the bytes for its local code page when a file is double-clicked
    assert answer.body.startswith("\N{BYTE ORDER MARK}".encode())
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    assert answer.body.endswith(b"\r\n")
    text = answer.body.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}


def test_cells_are_quoted_where_they_must_be(server: Server) -> None:
    answer = ask(server, ADDRESSES[0])
    assert answer.body.decode("utf-8-sig").partition("\r\n")[0] == "title,text,number,day,nothing"
    (row,) = csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""))
    expected = {"title": TITLE, "text": 'a, b; "c"\nd', "number": "0.25", "day": "2026-11-22", "nothing": ""}
    assert row == expected


def test_without_the_mark_where_programs_read(server: Server) -> None:
    answer = ask(server, ADDRESSES[0].replace("format=excel", "format=csv"))
    assert answer.body.startswith(b"title,")


def test_a_formula_is_text_for_excel_and_itself_for_programs(server: Server) -> None:
    query = """SELECT ?text ?number { VALUES (?text ?number) { ("=HYPERLINK(1,2)" -5) ("@a" -3.2) ("-1+1" 1) } }"""
    address = "/sparql?" + urlencode({"query": query, "format": "excel"})
    excel = ask(server, address).body.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(excel, newline="")))
    assert rows == [["text", "number"], ["'=HYPERLINK(1,2)", "-5"], ["'@a", "-3.2"], ["'-1+1", "1"]]
    exact = ask(server, address.replace("format=excel", "format=csv")).body.decode()
    assert exact == 'text,number\r\n"=HYPERLINK(1,2)",-5\r\n@a,-3.2\r\n-1+1,1\r\n'


def test_a_long_table_for_excel_comes_whole(server: Server) -> None:
    numbers = " ".join(f"({'-' if number % 3 else '+'}{number})" for number in range(1, 9))
    query = f"""SELECT (CONCAT("=", STR(?a), ",", STR(?b), STR(?c), STR(?d), STR(?e)) AS ?text) ?a {{
      VALUES (?a) {{ {numbers} }} VALUES (?b) {{ {numbers} }} VALUES (?c) {{ {numbers} }}
      VALUES (?d) {{ {numbers} }} VALUES (?e) {{ {numbers} }} }}"""
    address = "/sparql?" + urlencode({"query": query, "format": "excel"})
    exact = ask(server, address.replace("format=excel", "format=csv")).body.decode()
    excel = ask(server, address).body.decode("utf-8-sig")
    expected = [[f"'{text}", number] for text, number in list(csv.reader(io.StringIO(exact, newline="")))[1:]]
    assert len(expected) == 8**5
    assert list(csv.reader(io.StringIO(excel, newline="")))[1:] == expected
