"""The rooms of the package: imports go one way, and each foreign library stays in its room."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

FIRST_ROW = {"settings", "errors", "namespaces", "records", "resources", "messages", "contexts"}
MAY_IMPORT = {
    "sources": FIRST_ROW,
    "graph": FIRST_ROW,
    "linking": FIRST_ROW | {"graph"},
    "comparability": FIRST_ROW | {"graph", "linking"},
    "validation": FIRST_ROW | {"graph"},
    "queries": FIRST_ROW,
    "sparql": FIRST_ROW | {"graph"},
    "build": FIRST_ROW | {"sources", "graph", "linking", "comparability", "validation", "queries"},
    "web": FIRST_ROW | {"graph", "sparql", "queries", "comparability", "validation"},
    "cli": FIRST_ROW
    | {"sources", "graph", "linking", "comparability", "validation", "queries", "sparql", "build", "web"},
}
ONLY_IN = {
    "flask": {"web"},
    "gunicorn": {"web"},
    "werkzeug": {"web"},
    "lxml": {"sources"},
    "click": {"cli"},
    "rich": {"cli"},
    "cryptography": {"validation"},
    "jinja2": {"validation", "comparability"},  # reports as pages; the pages of the service are Flask's
    "numba": {"comparability", "linking"},
    "numpy": {"linking", "comparability"},
    "scipy": {"linking", "comparability"},
    "typst": {"comparability"},
    "xlsxwriter": {"linking"},
    "pyshacl": {"validation"},
    "pyshacl_turbo": {"validation"},
    "requests": {"graph"},
    "urllib3": {"graph"},
    "SPARQLWrapper": {"graph"},
    # its parser in the RDF sources, its terms in the build and on the command line; a store is opened in graph/ alone
    "pyoxigraph": {"graph", "validation", "build", "cli", "sources"},
}


def modules(root: Path) -> Iterator[tuple[str, Path, ast.Module]]:
    package = root / "service" / "passerelle"
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        yield parts[0], path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """What a module needs when it runs; what it names for the type checker alone does not bind it."""
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_imports_go_one_way(root: Path) -> None:
    wrong = []
    for room, path, tree in modules(root):
        allowed = MAY_IMPORT.get(room, FIRST_ROW) | {room}
        for name in imported(tree):
            parts = name.split(".")
            if parts[0] == "passerelle" and len(parts) > 1 and parts[1] not in allowed and room != "__main__":
                wrong.append(f"{path.relative_to(root)} imports {name}")
    assert wrong == []


def test_foreign_libraries_stay_in_their_rooms(root: Path) -> None:
    wrong = []
    for room, path, tree in modules(root):
        for name in imported(tree):
            rooms = ONLY_IN.get(name.split(".")[0])
            if rooms is not None and room not in rooms:
                wrong.append(f"{path.relative_to(root)} imports {name}")
    assert wrong == []


def test_every_module_says_what_it_is_for(root: Path) -> None:
    assert [str(path) for _, path, tree in modules(root) if not ast.get_docstring(tree)] == []


@pytest.mark.parametrize("word", ["utils", "helpers", "manager"])
def test_no_module_has_a_name_that_says_nothing(root: Path, word: str) -> None:
    assert [path for _, path, _ in modules(root) if word in path.stem] == []


def test_a_start_without_a_remote_engine_loads_no_http_client(root: Path) -> None:
    program = (
        "import sys, passerelle.web.application; print(*{'requests', 'urllib3', 'SPARQLWrapper'} & {*sys.modules})"
    )
    command = [sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONPATH": str(root / "service")}
    ended = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert ended.stdout.split() == []
