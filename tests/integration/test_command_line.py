"""The command line as a person meets it: help in both languages, questions, tables, releases."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from passerelle.graph.release import Release


def run(*arguments: str, language: str = "en", given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8" if language == "en" else "fr_FR.UTF-8"}
    command = [sys.executable, "-m", "passerelle", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, input=given, timeout=120
    )


@pytest.fixture(scope="module")
def releases(demo_release: Release) -> str:
    return str(demo_release.folder.parent)


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["build", "--help"], ["releases", "--help"], ["query", "--help"]]
)
def test_help_speaks_the_users_language(arguments: list[str]) -> None:
    english, french = run(*arguments), run(*arguments, language="fr")
    assert "Usage" in english.stdout + english.stderr
    assert english.stdout + english.stderr != french.stdout + french.stderr
    assert "Traceback" not in english.stderr


def test_the_option_wins_over_the_environment() -> None:
    assert run("--lang", "fr", "build", "--help").stdout == run("build", "--help", language="fr").stdout


def test_questions_are_listed_with_titles(releases: str) -> None:
    listed = run("query", "--releases", releases)
    assert "units-sharing-skills" in listed.stdout
    assert listed.returncode == 0


def test_a_named_question_as_json_csv_and_table(releases: str) -> None:
    asked = ["query", "--releases", releases, "--name", "units-sharing-skills", "--param", "unit=RNCP990002BC01"]
    answers = json.loads(run(*asked, "--format", "json").stdout)
    # data/demo/README.md, truth table: what is at level 5 ± 1 or states no level, in other countries, most shared first
    units = [row["unit"]["value"] for row in answers["results"]["bindings"]]
    assert units[0] == "https://italia.example.org/qualifica/manutenzione-eolica"
    assert len(units) == 7
    rows = list(csv.DictReader(StringIO(run(*asked, "--format", "csv").stdout)))
    assert [row["unit"] for row in rows] == units
    shown = run(*asked)
    assert all(unit in shown.stdout for unit in units if "example.org" in unit)
    assert "demonstration" in shown.stderr
    assert "not a recognition decision" in shown.stderr


def test_what_no_source_describes_is_said_beside_the_empty_answer(releases: str) -> None:
    asked = ["query", "--releases", releases, "--name", "units-sharing-skills", "--param"]
    unknown = run(*asked, "unit=RNCP990002BC99")
    assert "No loaded source describes RNCP990002BC99" in unknown.stderr
    assert "No loaded source" not in run(*asked, "unit=RNCP990002BC01").stderr


def test_a_query_from_a_file_and_from_standard_input(releases: str, tmp_path: Path) -> None:
    query = "SELECT (COUNT(DISTINCT ?b) AS ?blocs) { ?b a <https://w3id.org/passerelle/ontology#Bloc> }"
    file = tmp_path / "blocs.rq"
    file.write_text(query, encoding="utf-8")
    expected = "blocs\r\n15\r\n"
    from_file = subprocess.run(
        [sys.executable, "-m", "passerelle", "query", str(file), "--releases", releases, "--format", "csv"],
        capture_output=True,
        check=True,
    )
    assert from_file.stdout.decode() == expected
    assert run("query", "-", "--releases", releases, "--format", "csv", given=query).stdout.splitlines() == [
        "blocs",
        "15",
    ]


def test_construct_gives_turtle(releases: str, tmp_path: Path) -> None:
    file = tmp_path / "graph.rq"
    file.write_text("CONSTRUCT { ?b a <http://example.org/B> } { ?b a <https://w3id.org/passerelle/ontology#Bloc> }")
    made = run("query", str(file), "--releases", releases)
    assert made.returncode == 0
    assert made.stdout.count("<http://example.org/B>") == 15
    refused = run("query", str(file), "--releases", releases, "--format", "csv")
    assert refused.returncode == 2
    assert "cannot be written as csv" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--name", "no-such-question"], "no-such-question"),
        (["--name", "units-sharing-skills"], "unit"),
        (["--name", "units-sharing-skills", "--param", "unit"], "name=value"),
        (["--name", "units-sharing-skills", "--param", "unit=x> { } #"], "unit"),
        (["-"], "updates"),
        (["--release", "20200101T000000Z-00000000", "--name", "data-sources-and-licences"], "no release named"),
    ],
)
def test_what_cannot_be_asked_is_explained(releases: str, arguments: list[str], said: str) -> None:
    asked = run("query", "--releases", releases, *arguments, given="INSERT DATA { <x:a> <x:b> <x:c> }")
    assert asked.returncode == 2
    assert said in asked.stderr
    assert "Traceback" not in asked.stderr


def test_releases_are_listed_and_shown(releases: str, demo_release: Release) -> None:
    listed = run("releases", "list", "--releases", releases)
    assert f"→   {demo_release.identifier}" in listed.stdout
    shown = run("releases", "show", "--releases", releases, language="fr")
    assert "Licence Ouverte" in shown.stdout
    assert "Ceci est une démonstration" in shown.stdout


def test_the_unit_template_is_a_table_that_builds(tmp_path: Path) -> None:
    template = tmp_path / "units.csv"
    template.write_text(run("units", "template").stdout, encoding="utf-8")
    built = run("build", "--units", str(template), "--releases", str(tmp_path / "releases"))
    assert built.returncode == 0, built.stdout + built.stderr
