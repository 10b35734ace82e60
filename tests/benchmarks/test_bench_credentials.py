"""The credential validator against pySHACL in the same run: one warm credential, large ones, a folder of ten thousand.

The peer is what a project does today: PyLD with the official contexts held in memory, then pySHACL with the official
shapes parsed once. Ours reads the submitted bytes and runs layers 1 to 8 with a release, and the seal where there is
one.
"""

from __future__ import annotations

import base64
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from official_shapes import bare_credential, official_results, official_triples
from passerelle.graph.reference import ReleaseReference
from passerelle.graph.release import Release
from passerelle.validation.credentials.model import CredentialReport, Verdict
from passerelle.validation.credentials.validator import CredentialValidator

ROUNDS = 80
MOST_OF_PYSHACL_ALONE = 5 / 11
"""5 ms where pySHACL takes 11 for the shapes alone."""
MOST_MILLISECONDS_LARGE = 100
CREDENTIALS = 10_000
PEER_CREDENTIALS = 60
LEAST_TIMES_THE_PEER = 15
MOST_GROWTH_BYTES = 40e6
SEALED = ("AA-Annex1-MC-signed", "Sample-CertOfPart-signed", "Sample-MC-Annex1-signed", "Sample-MastersDegree-signed")


@pytest.fixture(scope="module")
def samples(reference: Path) -> Path:
    return reference / "elm" / "samples"


@pytest.fixture(scope="module")
def validator(demo_release: Release) -> CredentialValidator:
    return CredentialValidator(ReleaseReference.open(demo_release))


def milliseconds(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    act()
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)


def test_one_warm_credential(reference: Path, samples: Path, validator: CredentialValidator) -> None:
    document = bare_credential(samples / "Sample-CertOfPart-signed.jsonld")
    data = json.dumps(document, ensure_ascii=False).encode()
    graph = official_triples(reference, document)
    assert validator.validate(data, "credential.jsonld").verdict is Verdict.VALID
    ours = milliseconds(lambda: validator.validate(data, "credential.jsonld"))
    shapes_alone = milliseconds(lambda: official_results(reference, "edc-generic-full", graph), 12)
    print(f"\n{len(graph)} triples: ours {ours:.2f} ms (all layers), pySHACL {shapes_alone:.2f} ms (shapes alone)")
    assert ours <= MOST_OF_PYSHACL_ALONE * shapes_alone


def blown_up(path: Path, size: int) -> bytes:
    """The bare credential of a sample, with one picture that makes it `size` bytes."""
    document = bare_credential(path)
    picture = base64.b64encode(os.urandom(size * 3 // 4)).decode()
    replaced = [_with_content(document, picture)]
    assert any(replaced)
    return json.dumps(document, ensure_ascii=False).encode()


def _with_content(value: Any, picture: str) -> bool:
    if isinstance(value, list):
        return any(_with_content(each, picture) for each in value)
    if isinstance(value, dict):
        if isinstance(value.get("content"), str):
            value["content"] = picture
            return True
        return any(_with_content(each, picture) for each in value.values())
    return False


def test_large_credentials(samples: Path, validator: CredentialValidator) -> None:
    files = {name: (samples / f"{name}.jsonld").read_bytes() for name in SEALED}
    files["blown up to 1.3 MB"] = blown_up(samples / "Sample-MastersDegree-signed.jsonld", 1_000_000)
    slowest = 0.0
    for name, data in files.items():
        taken = milliseconds(partial(validator.validate, data, "credential.jsonld"), 12)
        print(f"\n{name}: {len(data) / 1e6:.2f} MB, {taken:.1f} ms")
        slowest = max(slowest, taken)
    assert slowest <= MOST_MILLISECONDS_LARGE


@pytest.fixture(scope="module")
def many(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Ten thousand credentials without their pictures: each has its own id and its own date of birth."""
    folder = tmp_path_factory.mktemp("credentials")
    document = bare_credential(samples / "Sample-CertOfPart-signed.jsonld")
    _with_content(document, "")
    text = json.dumps(_without_pictures(document), ensure_ascii=False)
    for number in range(CREDENTIALS):
        (folder / f"{number:05}.jsonld").write_text(text.replace(document["id"], f"urn:credential:{number}"))
    return folder


def _without_pictures(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_pictures(each) for each in value]
    if isinstance(value, dict):
        return {key: _without_pictures(each) for key, each in value.items()}
    return value[:40] if isinstance(value, str) and len(value) > 5_000 else value


def test_ten_thousand_in_a_folder(reference: Path, many: Path, demo_release: Release) -> None:
    files = sorted(many.iterdir())[:PEER_CREDENTIALS]
    started = time.perf_counter()
    for path in files:
        official_results(reference, "edc-generic-full", official_triples(reference, bare_credential(path)))
    peer = len(files) / (time.perf_counter() - started)
    started = time.perf_counter()
    command = [sys.executable, "-m", "passerelle", "validate", str(many), "--format", "json", "--jobs", "2"]
    command += ["--releases", str(demo_release.folder.parent), "--output", os.devnull, "--quiet"]
    outcome = subprocess.run(command, check=False, capture_output=True, text=True)
    ours = CREDENTIALS / (time.perf_counter() - started)
    assert outcome.returncode == 0, outcome.stderr[-2000:]
    print(f"\nours {ours:.0f} credentials a second (2 processes, start included), peer {peer:.1f}")
    print(f"{ours / peer:.1f} times the peer")
    assert ours >= LEAST_TIMES_THE_PEER * peer


def test_memory_is_flat(samples: Path, validator: CredentialValidator) -> None:
    data = (samples / "Sample-MastersDegree-signed.jsonld").read_bytes()

    def run(times: int) -> CredentialReport:
        return [validator.validate(data, "credential.jsonld") for _ in range(times)][-1]

    run(20)
    before = resident_bytes()
    for _ in range(10):
        run(20)
    grown = resident_bytes() - before
    print(f"\n200 more credentials of 0.5 MB: {grown / 1e6:.1f} MB more resident")
    assert grown <= MOST_GROWTH_BYTES


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
