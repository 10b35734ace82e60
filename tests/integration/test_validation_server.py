"""The validator behind the real server: large files, refusals that arrive, and nothing on disk or in a log."""

from __future__ import annotations

import json
import os
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from raw_http import ask
from running_server import Server, served
from small_release import IDENTIFIER

MARK = "Marquée-Zoé-51c0de"
LIMIT = 2 * 1024 * 1024
BOUNDARY = "b0undary"
CREDENTIAL_TYPE = "http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential"


@pytest.fixture(scope="module")
def server(releases: Path) -> Iterator[Server]:
    with served(releases, "workers=1", "validation_workers=1", f"validation_bytes={LIMIT}") as running:
        yield running


def post(server: Server, data: bytes, media_type: str = "application/ld+json") -> tuple[int, dict[str, object]]:
    connection = server.connect()
    connection.request("POST", "/validate", data, {"Content-Type": media_type})
    response = connection.getresponse()
    body = json.loads(response.read())
    connection.close()
    return response.status, body


def sample() -> bytes:
    """A credential of 1.3 MB that names a person in every note, as expanded JSON-LD."""
    note = "http://data.europa.eu/snb/model/elm/additionalNote"
    notes = [{"@value": f"{MARK} {number}"} for number in range(31_000)]
    return json.dumps([{"@id": "urn:credential:1", "@type": [CREDENTIAL_TYPE], note: notes}]).encode()


def in_form(data: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{MARK}.jsonld"\r\n\r\n'
    return head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


def test_a_credential_is_validated_against_the_release(server: Server) -> None:
    turtle = f"<urn:credential:1> a <{CREDENTIAL_TYPE}> .".encode()
    status, document = post(server, turtle, "text/turtle")
    assert status == 200
    (report,) = document["reports"]  # type: ignore[misc]
    assert report["verdict"] == "invalid"  # type: ignore[index]
    assert report["release"] == IDENTIFIER  # type: ignore[index]
    status, document = post(server, b"{}")
    assert status == 200
    assert document["reports"][0]["verdict"] == "not-checkable"  # type: ignore[index]
    connection = server.connect()
    connection.request("GET", "/healthz")
    health = json.loads(connection.getresponse().read())
    connection.close()
    assert health["validations"]["answered"] >= 2
    assert health["validations"]["running"] == 0


@pytest.mark.parametrize("size", [LIMIT + 1, 20 * LIMIT])
@pytest.mark.parametrize("media_type", ["application/json", f"multipart/form-data; boundary={BOUNDARY}", "text/csv"])
def test_a_refusal_arrives_although_the_file_was_not_wanted(server: Server, size: int, media_type: str) -> None:
    data = in_form(b"x" * size) if "multipart" in media_type else b"x" * size
    status, problem = post(server, data, media_type)
    assert status == (415 if media_type == "text/csv" else 413)
    assert str(problem["type"]).endswith("validate-media-type" if media_type == "text/csv" else "validate-too-large")


def test_a_body_in_chunks_and_a_body_that_breaks_off(server: Server) -> None:
    connection = server.connect()
    connection.request(
        "POST", "/validate", iter([b"{", b"}"]), {"Content-Type": "application/json"}, encode_chunked=True
    )
    response = connection.getresponse()
    assert response.status == 200
    response.read()
    connection.close()
    for address, media_type in (("/validate", "application/json"), ("/sparql", "application/sparql-query")):
        broken = server.connect()
        broken.putrequest("POST", address)
        broken.putheader("Content-Type", media_type)
        broken.putheader("Transfer-Encoding", "chunked")
        broken.endheaders(b"no chunk\r\n{}\r\n0\r\n\r\n")
        answer = broken.getresponse()
        assert (answer.status, json.loads(answer.read())["type"].rpartition("/")[2]) == (400, "page-bad-request")
        broken.close()
    assert post(server, b"{}")[0] == 200


def test_nothing_of_a_credential_reaches_the_disk_or_a_log(releases: Path, tmp_path: Path) -> None:
    before = time.time() - 1
    os_folders = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.cwd()]
    with served(releases, "workers=1", "validation_workers=1") as server:
        for data, media_type in (
            (sample(), "application/ld+json"),
            (in_form(sample()), f"multipart/form-data; boundary={BOUNDARY}"),
            (sample()[:-1], "application/ld+json"),
            (in_form(sample())[:-20], f"multipart/form-data; boundary={BOUNDARY}"),
        ):
            assert len(data) > 1_300_000
            post(server, data, media_type)
        # files that were unlinked at once are still open
        assert [path for path in _open_files(server.process.pid) if MARK.encode() in _content(path)] == []
        server.process.terminate()
        output, errors = server.process.communicate(timeout=60)
    assert MARK not in output + errors
    changed = [
        path
        for folder in (*os_folders, releases, tmp_path)
        for path in _changed_since(folder, before)
        if MARK.encode() in _content(path)
    ]
    assert [path for path in changed if path != Path(__file__)] == []


def dripping(server: Server, sent: bytes, source: str = "127.0.0.1") -> socket.socket:
    """A connection that has sent the beginning of a request, and says no more."""
    parts = urlsplit(server.address)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=60, source_address=(source, 0))
    connection.sendall(sent)
    return connection


HEAD = b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"


def test_a_body_that_does_not_come_ends_by_its_deadline(releases: Path) -> None:
    with served(releases, "threads=4", "workers=1", "validation_workers=1", "body_seconds=1") as slow:
        for sent in (HEAD, HEAD.replace(b"/validate", b"/sparql").replace(b"/json", b"/sparql-query")):
            with dripping(slow, sent) as connection:
                answer = connection.makefile("rb").read()  # ends, as the server closes the connection
                assert answer.startswith(b"HTTP/1.1 408 ")
                assert b"page-too-slow" in answer
                assert b"1 seconds" in answer
        assert post(slow, b"{}")[0] == 200


def test_slow_bodies_leave_threads_to_others(releases: Path) -> None:
    with (
        served(releases, "threads=4", "workers=1", "validation_workers=1", "body_seconds=600") as slow,
        ExitStack() as stack,
    ):
        waiting = {stack.enter_context(dripping(slow, HEAD)) for _ in range(6)}
        while len(waiting) > 2:  # its share
            for connection in select.select(waiting, [], [], 60)[0]:
                assert connection.recv(65_536).startswith(b"HTTP/1.1 429 ")
                waiting.remove(connection)
        for path in ("/sparql?query=ASK%7B%7D", "/"):
            assert ask(slow, path, source="127.0.0.2").status == 200
        for connection in waiting:
            connection.sendall(b"}" + b" " * 48)
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
        assert post(slow, b"{}")[0] == 200


def test_slow_bodies_of_many_clients_leave_threads_to_the_pages(releases: Path) -> None:
    with (
        served(releases, "threads=8", "workers=1", "validation_workers=1", "body_seconds=600") as slow,
        ExitStack() as stack,
    ):
        waiting = {stack.enter_context(dripping(slow, HEAD, f"127.0.1.{each}")) for each in range(1, 6)}
        # half of the threads read bodies; of the two other places, the refused one may hold its own a moment longer
        while len(waiting) > 4:
            for connection in select.select(waiting, [], [], 60)[0]:
                assert connection.recv(65_536).startswith(b"HTTP/1.1 503 ")
                waiting.remove(connection)
        assert ask(slow, "/sparql?query=ASK%7B%7D").status == 200
        for connection in waiting:
            connection.sendall(b"}" + b" " * 48)
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


def _open_files(process: int) -> Iterator[Path]:
    """The regular files that the server's processes have open for writing or reading."""
    below = [process]
    while below:
        parent = below.pop()
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            below += [int(child) for child in task.read_text().split()]
        try:
            links = list(Path(f"/proc/{parent}/fd").iterdir())
        except PermissionError:  # the server closes itself to all but the administrator
            continue
        for link in links:
            try:
                if os.path.isfile(link):  # noqa: PTH113  # follows the link also to what was unlinked
                    yield link
            except OSError:
                continue


def _changed_since(folder: Path, moment: float) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in (".venv", ".git", "__pycache__")]
        for name in names:
            path = Path(parent, name)
            try:
                if path.is_file() and path.stat().st_mtime >= moment and path.stat().st_size < 64 * 1024**2:
                    yield path
            except OSError:
                continue


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
