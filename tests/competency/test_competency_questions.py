"""Each competency question of the ontology has, on the demonstration, the rows that were worked out by hand.

Expected rows come from the truth table of `data/demo/README.md`, never from an answer. A cell is an IRI shortened by
the query's own prefixes, the lexical form of a literal, or empty for an unbound variable.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

FOLDER = Path(__file__).parents[2] / "ontology" / "competency"
QUERIES = sorted(FOLDER.glob("*.rq"))
HEADER = ("id", "question_en", "question_fr", "limits_en", "limits_fr")
ANALYST_QUESTIONS = range(1, 16)


def header(text: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        if not line.startswith("# "):
            break
        name, _, value = line.removeprefix("# ").partition(": ")
        found[name] = value
    return found


def compact(term: object, prefixes: dict[str, str]) -> str:
    if term is None:
        return ""
    if not isinstance(term, ox.NamedNode):
        return term.value
    fitting = [name for name, start in prefixes.items() if term.value.startswith(start)]
    if not fitting:
        return f"<{term.value}>"
    name = max(fitting, key=lambda each: len(prefixes[each]))
    return f"{name}:{term.value.removeprefix(prefixes[name])}"


def answered(store: ox.Store, text: str) -> list[list[str]]:
    prefixes = dict(re.findall(r"^PREFIX (\w*): <([^>]+)>", text, re.MULTILINE))
    solutions = store.query(text, use_default_graph_as_union=True)
    columns = [variable.value for variable in solutions.variables]
    return [columns, *([compact(row[name], prefixes) for name in columns] for row in solutions)]


@pytest.fixture(scope="session")
def demo_store(demo_release) -> ox.Store:
    return ox.Store.read_only(str(demo_release.store))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_answer_is_what_was_worked_out_by_hand(path: Path, demo_store: ox.Store) -> None:
    expected = path.with_suffix(".expected.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in expected.splitlines()]
    assert answered(demo_store, path.read_text(encoding="utf-8")) == rows


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_header_asks_and_limits_in_both_languages(path: Path) -> None:
    found = header(path.read_text(encoding="utf-8"))
    assert tuple(found) == HEADER
    assert found["id"] == path.stem
    assert all(found.values())
    assert found["question_fr"].endswith(" ?")
    assert found["question_en"].endswith("?")


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_rows_have_a_stable_order(path: Path) -> None:
    assert "\nORDER BY " in path.read_text(encoding="utf-8")


def test_every_analysts_question_is_asked() -> None:
    numbers = {int(path.stem.partition("-")[0]) for path in QUERIES}
    assert numbers.issuperset(ANALYST_QUESTIONS)
    assert len(numbers) == len(QUERIES) >= 20


def test_every_expected_file_belongs_to_a_query() -> None:
    expected = {path.name.removesuffix(".expected.tsv") for path in FOLDER.glob("*.expected.tsv")}
    assert expected == {path.stem for path in QUERIES}
