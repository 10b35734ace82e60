"""Publishing into a real Virtuoso: all graphs or none, whatever fails on the way, and readers never see a mixture."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from passerelle.cli.commands import main
from passerelle.errors import BackendFailed, Overloaded
from passerelle.graph.answering.question import Question
from passerelle.graph.release import Release, Releases
from passerelle.graph.remote.bulk_files import write_bulk_files
from passerelle.graph.remote.graph_store import GraphStore
from passerelle.graph.remote.opening import open_remote
from passerelle.graph.remote.publishing import Plan, Publisher
from passerelle.settings import Settings
from published_store import writing
from small_release import ESCO, RNCP, small_release
from virtuoso import PASSWORD, Virtuoso, running_virtuoso

FIRST, SECOND = "20261122T120000Z-0a1b2c3d", "20261123T120000Z-0a1b2c3e"
TITLES = 'SELECT ?t { ?u <http://purl.org/dc/terms/title> ?t . FILTER(LANG(?t) = "fr") }'
OLD, NEW = "Ancien titre", "Nouveau titre"


class Stopped(Exception):
    """What the failing store raises: nothing of the publisher runs after it, as after a kill."""


class StoppingStore(GraphStore):
    """A store whose publisher dies before its n-th request that changes anything."""

    def __init__(self, store: GraphStore, steps: int) -> None:
        self.__dict__.update(store.__dict__)
        self.left = steps

    def step(self) -> None:
        if not self.left:
            raise Stopped
        self.left -= 1

    def write(self, graph: str, pieces: Iterable[bytes]) -> None:
        for number, piece in enumerate(pieces):
            self.step()
            self._send("POST" if number else "PUT", graph, piece)

    def copy(self, source: str, target: str) -> None:
        self.step()
        super().copy(source, target)

    def drop(self, graph: str) -> None:
        self.step()
        super().drop(graph)

    def update(self, update: str) -> None:
        self.step()
        super().update(update)


@pytest.fixture(scope="module")
def store(virtuoso_alone: Virtuoso) -> Virtuoso:
    return virtuoso_alone


@pytest.fixture(scope="module")
def virtuoso_alone(virtuoso: Virtuoso, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    """One that no other test publishes into; `virtuoso` says whether there can be any."""
    with running_virtuoso(tmp_path_factory.mktemp("virtuoso-alone")) as server:
        yield server


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    folder = tmp_path_factory.mktemp("releases")
    small_release(folder, FIRST, title=OLD)
    small_release(folder, SECOND, title=NEW)
    return Releases(folder).list()


def publish(server: Virtuoso, release: Release, *, steps: int | None = None, take_over: bool = False) -> Plan:
    target, publications = writing(server)
    publisher = Publisher(target if steps is None else StoppingStore(target, steps), publications)
    return publisher.publish(release, take_over=take_over)


def seen(server: Virtuoso) -> str:
    """What a reader sees: the title, or that a switch is under way."""
    try:
        _, backend = open_remote(Settings(backend=server.endpoint))
    except Overloaded as error:
        return error.message_id
    try:
        body = b"".join(backend.run(Question(TITLES, "text/csv")).body)
    finally:
        backend.close()
    return body.decode().splitlines()[1]


def left_over(server: Virtuoso) -> set[str]:
    query = 'SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), "urn:passerelle:")) }'
    return {line.strip('"') for line in server.get(query)[2].decode().splitlines()[1:]}


def test_a_release_is_published_and_the_next_one_replaces_only_what_changed(
    store: Virtuoso, releases: list[Release]
) -> None:
    publish(store, releases[0])
    assert seen(store) == OLD
    plan = publish(store, releases[1])
    assert (plan.written, plan.kept, plan.dropped) == ((RNCP,), (ESCO,), ())
    assert seen(store) == NEW
    manifest, backend = open_remote(Settings(backend=store.endpoint))
    backend.close()
    assert manifest == releases[1].manifest
    assert left_over(store) == {"urn:passerelle:control", f"urn:passerelle:manifest:{SECOND}"}


def test_killed_anywhere_readers_see_one_release_whole_or_503_and_the_next_publication_mends_it(
    store: Virtuoso, releases: list[Release]
) -> None:
    publish(store, releases[0])
    views = []
    for steps in range(100):
        try:
            publish(store, releases[1], steps=steps)
        except Stopped:
            views.append(seen(store))
        else:
            break
        publish(store, releases[0], take_over=True)
        assert seen(store) == OLD
        assert left_over(store) == {"urn:passerelle:control", f"urn:passerelle:manifest:{FIRST}"}
    assert seen(store) == NEW
    # first the old one, then the switch, then the new one; never back, never anything else
    assert list(dict.fromkeys(views)) == [OLD, "remote-switching", NEW]
    assert views == sorted(views, key=[OLD, "remote-switching", NEW].index)


def test_of_two_publications_the_second_is_refused_or_stops_the_first(store: Virtuoso, releases: list[Release]) -> None:
    publish(store, releases[0])
    outcomes: list[str] = []

    def meanwhile(step: str, graph: str) -> None:
        if step != "staged" or outcomes:
            return
        try:
            publish(store, releases[0])
        except BackendFailed as error:
            outcomes.append(error.message_id)
        assert publish(store, releases[0], take_over=True).written == ()

    with pytest.raises(BackendFailed) as raised:
        Publisher(*writing(store), meanwhile).publish(releases[1])
    assert (outcomes, raised.value.message_id) == (["publish-locked"], "publish-locked")
    assert seen(store) == OLD
    publish(store, releases[1])
    assert seen(store) == NEW
    assert left_over(store) == {"urn:passerelle:control", f"urn:passerelle:manifest:{SECOND}"}


def test_a_running_facade_goes_over_to_what_was_published_without_a_failed_question(
    store: Virtuoso, releases: list[Release]
) -> None:
    publish(store, releases[0])
    _, backend = open_remote(Settings(backend=store.endpoint))
    assert OLD in b"".join(backend.run(Question(TITLES, "text/csv")).body).decode()
    publish(store, releases[1])
    assert NEW in b"".join(backend.run(Question(TITLES, "text/csv")).body).decode()
    assert backend.manifest.identifier == SECOND
    backend.close()


def test_an_answer_that_a_switch_overtook_is_no_answer(store: Virtuoso, releases: list[Release]) -> None:
    publish(store, releases[0])
    _, backend = open_remote(Settings(backend=store.endpoint))
    published = backend._published
    publish(store, releases[1])
    with pytest.raises(Overloaded) as raised:
        backend._publications.check(published)
    assert raised.value.message_id == "remote-switching"
    backend.close()


def test_a_store_that_loses_triples_leaves_readers_what_they_had(store: Virtuoso, releases: list[Release]) -> None:
    publish(store, releases[0])
    target, publications = writing(store)

    class Losing(GraphStore):
        def __init__(self) -> None:
            self.__dict__.update(target.__dict__)

        def write(self, graph: str, pieces: Iterable[bytes]) -> None:
            super().write(graph, (piece[: piece.index(b"\n") + 1] for piece in pieces))

    with pytest.raises(BackendFailed) as raised:
        Publisher(Losing(), publications).publish(releases[1])
    assert raised.value.parameters == {"graph": RNCP, "found": 1, "expected": 2}
    assert seen(store) == OLD


def test_the_command_publishes_and_says_what_it_would_do(
    store: Virtuoso, releases: list[Release], tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n")
    publish(store, releases[0])
    command = ["--lang", "en", "publish", SECOND, "--releases", str(releases[0].folder.parent), "--to", store.update]
    command += ["--graph-store", store.graph_store, "--user", "dba", "--password-file", str(secret)]
    planned = CliRunner().invoke(main, [*command, "--dry-run"])
    assert (planned.exit_code, seen(store)) == (0, OLD), planned.output
    assert CliRunner().invoke(main, command).exit_code == 0
    assert seen(store) == NEW
    refused = CliRunner().invoke(main, [*command[:-1], str(tmp_path / "absent")])
    assert refused.exit_code == 2


def test_the_bulk_files_load_with_their_script(
    virtuoso: Virtuoso, releases: list[Release], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running_virtuoso(tmp_path_factory.mktemp("virtuoso-bulk")) as server:
        folder = server.folder / "bulk"
        files = write_bulk_files(releases[1], folder)
        named = {path.read_text().strip() for path in files if path.suffix == ".graph"}
        assert named == {RNCP, ESCO, f"urn:passerelle:manifest:{SECOND}"}
        assert len(gzip.decompress((folder / "0000.nt.gz").read_bytes()).splitlines()) == 300
        subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, check=True)
        server.sql((folder / "load.sql").read_text())
        assert seen(server) == NEW
        # what was loaded from files is known to the next publication
        assert publish(server, releases[1]).kept == (ESCO, RNCP)


def test_bulk_files_are_not_mixed_with_others(releases: list[Release], tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    with pytest.raises(FileExistsError):
        write_bulk_files(releases[0], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_the_journal_is_readable(store: Virtuoso, releases: list[Release]) -> None:
    publish(store, releases[0])
    _, publications = writing(store)
    journal = json.loads(publications.values("urn:passerelle:control", "urn:passerelle:journal")[0])
    assert journal["release"] == FIRST
    assert journal["sizes"] == {ESCO: 300, RNCP: 2}
    assert (journal["copies"], journal["drops"], journal["staged"]) == ({}, [], [])
