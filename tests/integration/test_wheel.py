"""The wheel carries ontology, shapes, mappings and data, and finds them without a checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def unpacked(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def test_the_demo_builds_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    config = unpacked / "passerelle" / "_resources" / "data" / "demo" / "passerelle.toml"
    command = [sys.executable, "-m", "passerelle", "build", "--config", str(config), "--releases", str(tmp_path / "r")]
    environment = {"PYTHONPATH": str(unpacked), "LC_ALL": "C.UTF-8"}
    built = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert "Published" in built.stdout


@pytest.mark.parametrize("form", ["html", "json"])
def test_a_credential_is_validated_by_the_wheel_alone(unpacked: Path, tmp_path: Path, form: str) -> None:
    """Rules, contexts, lists, messages, templates and style come out of the wheel."""
    credential = tmp_path / "credential.ttl"
    credential.write_text("<urn:x:1> a <http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential> .")
    command = [sys.executable, "-m", "passerelle", "validate", "--no-release", "--format", form, str(credential)]
    environment = {"PYTHONPATH": str(unpacked), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "ELM-EDC-EuropeanDigitalCredential-credentialProfiles-minCount" in done.stdout


def test_the_schema_of_reports_travels_in_the_wheel(unpacked: Path) -> None:
    assert (unpacked / "passerelle/_resources/data/schemas/validation-report.schema.json").is_file()


def test_licences_travel_in_the_wheel(unpacked: Path) -> None:
    licences = {path.read_text(encoding="utf-8").split("\n")[0] for path in unpacked.rglob("LICENSE")}
    assert any("European Union Public Licence" in line for line in licences)
    assert any("Creative Commons Attribution 4.0" in line for line in licences)
