"""`passerelle validate` as a person or a script meets it: verdicts, exit codes, forms, many files, memory, Ctrl-C."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from passerelle.cli import main
from passerelle.graph.release import Release

MEGABYTE = 1024**2
VALID, INVALID, NOT_CHECKABLE = "Sample-MC-Annex1-signed.jsonld", "cred1.jsonld", "credNoType.jsonld"
# runs the command, then tells the most memory (kB) that it, and one of its processes, ever held
MEASURED = """
import resource, sys
from passerelle.cli import main
try:
    main()
finally:
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        print(resource.getrusage(who).ru_maxrss, file=sys.stderr)
"""


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "passerelle", "validate", *map(str, arguments)]


@dataclass(frozen=True, slots=True)
class Told:
    """What the command said."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run(*arguments: object, given: bytes = b"", language: str = "en") -> Told:
    """In this process, which has the program loaded already; what validates is processes of its own in any case."""
    runner = CliRunner(env={"LC_ALL": "C.UTF-8" if language == "en" else "fr_FR.UTF-8"})
    result = runner.invoke(main, ["validate", *map(str, arguments)], input=given)
    return Told(result.exit_code, result.stdout_bytes, result.stderr_bytes)


def reports(output: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(output)["reports"]
    return found


@pytest.fixture(scope="module")
def samples(reference: Path) -> Path:
    return reference / "elm" / "samples"


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ([VALID], 0),
        ([INVALID], 1),
        ([NOT_CHECKABLE], 2),
        ([VALID, NOT_CHECKABLE], 2),
        ([NOT_CHECKABLE, INVALID, VALID], 1),
    ],
)
def test_the_exit_code_is_the_verdict(samples: Path, names: list[str], code: int) -> None:
    told = run("--no-release", *(samples / name for name in names))
    assert told.returncode == code, told.stderr
    shown = run("--no-release", "--quiet", *(samples / name for name in names))
    assert (shown.returncode, shown.stdout, shown.stderr) == (code, b"", b"")


def test_a_folder_in_every_form(samples: Path, tmp_path: Path) -> None:
    for name in (VALID, INVALID, NOT_CHECKABLE):
        shutil.copy(samples / name, tmp_path)
    (tmp_path / "notes.md").write_text("not a credential")
    told = {
        form: run("--no-release", "--format", form, tmp_path) for form in ("text", "json", "html", "turtle", "sarif")
    }
    assert {each.returncode for each in told.values()} == {1}
    assert b"Left out of folders and archives: 1" in told["json"].stderr
    found = reports(told["json"].stdout)
    # capitals come first
    assert [Path(each["name"]).name for each in found] == [VALID, INVALID, NOT_CHECKABLE]
    assert [each["verdict"] for each in found] == ["valid", "invalid", "not-checkable"]
    assert len(json.loads(told["sarif"].stdout)["runs"]) == 1
    assert len(list(ox.parse(told["turtle"].stdout, format=ox.RdfFormat.TURTLE))) > 0
    assert told["html"].stdout.lower().startswith(b"<!doctype html>")
    for name in (VALID, INVALID, NOT_CHECKABLE):
        assert name.encode() in told["text"].stdout
        assert name.encode() in told["html"].stdout


def test_an_archive_gives_the_same_reports_as_the_folder(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "credentials"
    folder.mkdir()
    with zipfile.ZipFile(tmp_path / "credentials.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (INVALID, NOT_CHECKABLE):
            shutil.copy(samples / name, folder)
            archive.write(samples / name, name)
    unpacked, packed = (
        reports(run("--no-release", "--format", "json", path).stdout) for path in ("credentials", "credentials.zip")
    )
    assert [each.pop("name") for each in packed] == [f"credentials.zip/{name}" for name in (INVALID, NOT_CHECKABLE)]
    assert [each.pop("name") for each in unpacked] == [f"credentials/{name}" for name in (INVALID, NOT_CHECKABLE)]
    assert packed == unpacked


def test_standard_input(samples: Path) -> None:
    told = run("--no-release", "--format", "json", "-", given=(samples / INVALID).read_bytes())
    (found,) = reports(told.stdout)
    assert (told.returncode, found["name"], found["verdict"]) == (1, "-", "invalid")


def test_the_language_of_the_report_and_of_the_help() -> None:
    rubbish = b"neither JSON nor RDF"
    french = run("--no-release", "--lang", "fr", "-", given=rubbish)
    assert french.stdout == run("--no-release", "-", given=rubbish, language="fr").stdout
    assert french.stdout != run("--no-release", "-", given=rubbish).stdout
    assert french.returncode == 2
    english, french_help = (
        subprocess.run(
            command(*asked, "--help"), capture_output=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
        )
        for asked in ((), ("--lang", "fr"))
    )
    assert b"Profile to check against" in english.stdout
    assert "Profil de référence".encode() in french_help.stdout


def test_options_of_the_check(samples: Path) -> None:
    unsigned = samples / "Sample-MC-Annex1-unsigned.jsonld"
    asked = ("--no-release", "--format", "json", unsigned)
    issued, draft = run(*asked), run(*asked, "--stage", "draft")
    assert reports(issued.stdout)[0]["stage"] == "issued"
    assert (issued.returncode, draft.returncode) == (1, 0)
    assert reports(draft.stdout)[0]["stage"] == "draft"
    assert reports(run(*asked, "--profile", "loq").stdout)[0]["profile"] == "loq"
    capped = reports(run(*asked, "--max-results", "1").stdout)[0]
    assert len(capped["findings"]) == 1


def test_ones_own_shapes_are_told_beside_ours(samples: Path, tmp_path: Path) -> None:
    shapes = tmp_path / "own.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> ."
        " [] a sh:NodeShape ; sh:targetClass <http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential> ;"
        " sh:property [ sh:path <https://example.org/never-there> ; sh:minCount 1 ] ."
    )
    told = run("--no-release", "--format", "json", "--shapes", shapes, samples / VALID)
    assert reports(told.stdout)[0]["shapes"][0]["conforms"] is False
    # they never change our verdict
    assert told.returncode == 0


def test_the_release_is_named(samples: Path, demo_release: Release, tmp_path: Path) -> None:
    asked = ("--format", "json", samples / VALID, "--releases")
    folder, identifier = demo_release.folder.parent, demo_release.identifier
    assert reports(run(*asked, folder).stdout)[0]["release"] == identifier
    assert reports(run(*asked, folder, "--release", identifier).stdout)[0]["release"] == identifier
    assert not reports(run(*asked, folder, "--no-release").stdout)[0]["release"]
    assert not reports(run(*asked, tmp_path).stdout)[0]["release"]
    assert run(*asked, folder, "--release", "20200101T000000Z-00000000").returncode == 2


def test_a_report_in_a_file_that_stands_among_the_credentials(samples: Path, tmp_path: Path) -> None:
    shutil.copy(samples / INVALID, tmp_path)
    for _ in range(2):
        told = run("--no-release", "--format", "json", "--output", tmp_path / "report.json", tmp_path)
        assert (told.returncode, told.stdout) == (1, b"")
        assert len(reports((tmp_path / "report.json").read_bytes())) == 1
        assert sorted(path.name for path in tmp_path.iterdir()) == [INVALID, "report.json"]


def test_a_pipe_gets_the_report_and_stays_a_pipe(samples: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        content = reader.submit(pipe.read_bytes)
        assert run("--no-release", "--format", "json", "--output", pipe, samples / VALID).returncode == 0
        assert len(reports(content.result(60))) == 1
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent.json"], "absent.json"),
        (["empty"], "nothing to check"),
        (["--shapes", "absent.ttl", "-"], "absent.ttl"),
        (["--shapes", "broken.ttl", "-"], "broken.ttl"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    (tmp_path / "broken.ttl").write_text("no Turtle")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    told = run("--no-release", *arguments, given=b"{}")
    assert told.returncode == 2
    assert words in told.stderr.decode()
    assert b"Traceback" not in told.stderr


def test_a_reader_that_goes_away_is_no_error(samples: Path, tmp_path: Path) -> None:
    for number in range(50):
        shutil.copy(samples / INVALID, tmp_path / f"{number}.jsonld")
    with subprocess.Popen(
        command("--no-release", "--format", "json", tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


def test_an_interrupt_leaves_no_process_behind(samples: Path, tmp_path: Path) -> None:
    for number in range(2000):
        (tmp_path / f"{number}.jsonld").symlink_to(samples / INVALID)
    with subprocess.Popen(
        command("--no-release", "--format", "json", "--jobs", 2, tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.read(100_000)
        workers = [
            int(each)
            for task in Path(f"/proc/{process.pid}/task").iterdir()
            for each in (task / "children").read_text().split()
        ]
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in told
    assert len(workers) == 2
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


def test_memory_does_not_grow_with_the_number_of_files(samples: Path, tmp_path: Path) -> None:
    peaks = []
    for count in (100, 300):
        folder = tmp_path / str(count)
        folder.mkdir()
        for number in range(count):
            (folder / f"{number}.jsonld").symlink_to(samples / INVALID)
        told = subprocess.run(
            [
                sys.executable,
                "-c",
                MEASURED,
                "validate",
                "--no-release",
                "--format",
                "json",
                "--jobs",
                "1",
                str(folder),
            ],
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert len(reports(told.stdout)) == count
        peaks.append([int(line) * 1024 for line in told.stderr.split()[-2:]])
    for few, more in zip(*peaks, strict=True):
        assert more - few < 8 * MEGABYTE
