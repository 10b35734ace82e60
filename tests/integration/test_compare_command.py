"""`passerelle compare` and the same question over HTTP, as an analyst meets them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from passerelle.cli import main
from passerelle.graph.release import Release
from running_server import served

FIRST, SECOND = "RNCP990005BC02", "RNCP990006BC02"
ANALYST = "Zoë Ünal-Quatorze"


@dataclass(frozen=True, slots=True)
class Told:
    """What the command said."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run(*arguments: str) -> Told:
    """In this process, which has the program loaded already."""
    result = CliRunner(env={"LC_ALL": "C.UTF-8"}).invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return Told(result.exit_code, result.stdout_bytes, result.stderr_bytes)


@pytest.fixture(scope="module")
def releases(demo_release: Release) -> str:
    return str(demo_release.folder.parent)


def compare(releases: str, *options: str, purpose: str = "bloc-exemption") -> Told:
    return run("compare", FIRST, SECOND, "--purpose", purpose, "--releases", releases, *options)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            ["INDICATIVE FINDING", "50%", "the same skill: “adapt energy distribution schedules”", "not recognition"],
        ),
        ("fr", ["CONSTAT INDICATIF", "50\u202f%", "la même compétence : « adapter", "ne vaut pas reconnaissance"]),
    ],
)
def test_a_terminal_shows_the_finding_the_numbers_and_the_evidence(
    releases: str, language: str, expected: list[str]
) -> None:
    answer = compare(releases, "--lang", language)
    assert answer.returncode == 0
    text = " ".join(answer.stdout.decode().replace("\u00a0", " ").split(" "))
    flat = " ".join(text.replace("\n", " ").split(" "))
    for each in expected:
        assert " ".join(each.split()) in " ".join(flat.split())
    assert answer.stderr  # that this is a demonstration, and no recognition


def test_the_command_and_a_real_server_give_the_same_document(releases: str) -> None:
    told = json.loads(compare(releases, "--format", "json").stdout)
    with served(Path(releases), "workers=1", "comparison_workers=1") as server:
        connection = server.connect()
        query = urlencode({"first": FIRST, "second": SECOND, "purpose": "bloc-exemption"})
        connection.request("GET", f"/api/v1/compare?{query}", headers={"Accept": "application/json"})
        response = connection.getresponse()
        assert response.status == 200
        assert json.loads(response.read()) == told
        form = urlencode(
            {"first": FIRST, "second": SECOND, "purpose": "bloc-exemption", "analyst": ANALYST, "format": "pdf"}
        )
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/compare/report", form, headers=kind)
        response = connection.getresponse()
        assert (response.status, response.headers["Content-Type"]) == (200, "application/pdf")
        assert response.read().startswith(b"%PDF-")
        connection.close()
        server.process.terminate()
        logged = "".join(server.process.communicate(timeout=60))
    assert "/compare/report" in logged
    assert "Quatorze" not in logged


def test_reports_go_into_a_file_and_need_a_name(releases: str, tmp_path: Path) -> None:
    for form, start in (("html", b"<!doctype html>"), ("pdf", b"%PDF-")):
        target = tmp_path / f"report.{form}"
        made = compare(releases, "--format", form, "--analyst", ANALYST, "--to", str(target))
        assert (made.returncode, made.stdout) == (0, b"")
        assert target.read_bytes().startswith(start)
        nameless = compare(releases, "--format", form)
        assert nameless.returncode == 2
        assert b"needs the name of the person" in nameless.stderr


def test_what_is_wrong_is_said_without_a_traceback(releases: str) -> None:
    for arguments, said in (
        (("compare", "RNCP1", SECOND, "--purpose", "bloc-exemption"), b"RNCP1"),
        (("compare", FIRST, SECOND, "--purpose", "equivalence"), b"bloc-exemption, prior-learning-file"),
        (("compare", FIRST, FIRST, "--purpose", "bloc-exemption"), b"same unit"),
        (("compare", FIRST, "\x1b[31m", "--purpose", "bloc-exemption"), b"can name nothing"),
    ):
        answer = run(*arguments, "--releases", releases)
        assert answer.returncode == 2
        assert said in b" ".join(answer.stderr.split())
        assert b"Traceback" not in answer.stderr
        assert b"\x1b[31m" not in answer.stderr
