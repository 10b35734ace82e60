"""Fixtures of all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of real data; the test is skipped where it is absent, and fails there in CI."""
    folder = Path(os.environ.get("PASSERELLE_REFERENCE", ROOT.parent / "shared" / "reference"))
    if not folder.is_dir():
        reason = f"no reference data at {folder}: set PASSERELLE_REFERENCE"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
