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


def test_licences_travel_in_the_wheel(unpacked: Path) -> None:
    licences = {path.read_text(encoding="utf-8").split("\n")[0] for path in unpacked.rglob("LICENSE")}
    assert any("European Union Public Licence" in line for line in licences)
    assert any("Creative Commons Attribution 4.0" in line for line in licences)
