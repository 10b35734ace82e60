"""Releases: publishing, pointing, removing, and what a killed or second builder leaves."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from passerelle.errors import (
    BuildInProgress,
    DamagedRelease,
    NoCurrentRelease,
    ReleaseInUse,
    ReleaseSwitched,
    UnknownRelease,
)
from passerelle.graph.damage import reason_of
from passerelle.graph.manifest import Manifest
from passerelle.graph.release import Release, Releases
from small_manifest import manifest

FIRST = "20260101T000000Z-00000001"
SECOND = "20260102T000000Z-00000002"


def publish(releases: Releases, identifier: str) -> Release:
    with releases.writing():
        staging = releases.stage(identifier)
        staging.store.mkdir()
        manifest("https://example.org", identifier=identifier).write(staging.folder)
        return releases.publish(staging)


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    return Releases(tmp_path / "releases")


def test_nothing_is_current_before_the_first_build(releases: Releases) -> None:
    assert releases.list() == []
    with pytest.raises(NoCurrentRelease):
        releases.current()


def test_the_newest_release_becomes_current_and_rolling_back_is_pointing_back(releases: Releases) -> None:
    publish(releases, FIRST)
    publish(releases, SECOND)
    assert [release.identifier for release in releases.list()] == [FIRST, SECOND]
    assert releases.current().identifier == SECOND
    releases.activate(FIRST)
    assert releases.current().identifier == FIRST


def test_activating_works_while_a_build_is_running(releases: Releases) -> None:
    publish(releases, FIRST)
    publish(releases, SECOND)
    with releases.writing():
        releases.activate(FIRST)
    assert releases.current().identifier == FIRST


def test_the_current_release_cannot_be_removed_another_can(releases: Releases) -> None:
    publish(releases, FIRST)
    publish(releases, SECOND)
    with pytest.raises(ReleaseInUse):
        releases.remove(SECOND)
    releases.remove(FIRST)
    assert [release.identifier for release in releases.list()] == [SECOND]


@pytest.mark.parametrize("identifier", ["20200101T000000Z-0000000a", "../../etc", "current", ""])
def test_unknown_names_are_refused_and_lead_nowhere(releases: Releases, identifier: str) -> None:
    publish(releases, FIRST)
    for act in (releases.get, releases.activate, releases.remove):
        with pytest.raises(UnknownRelease):
            act(identifier)


def test_the_leftovers_of_a_killed_build_are_cleared_by_the_next(releases: Releases) -> None:
    publish(releases, FIRST)
    left = releases.folder / ".building-20260101T000001Z-deadbeef"
    (left / "store").mkdir(parents=True)
    assert releases.current().identifier == FIRST
    publish(releases, SECOND)
    assert not left.exists()


def _try_to_write(folder: Path, answer: multiprocessing.Queue[str]) -> None:
    try:
        with Releases(folder).writing():
            answer.put("wrote")
    except BuildInProgress as error:
        answer.put(error.what("fr"))


def test_of_two_builders_the_second_gets_a_clear_error(releases: Releases) -> None:
    context = multiprocessing.get_context("spawn")
    answer: multiprocessing.Queue[str] = context.Queue()
    with releases.writing():
        other = context.Process(target=_try_to_write, args=(releases.folder, answer))
        other.start()
        assert answer.get(timeout=60) == "Une autre construction écrit dans ce dossier de versions."
        other.join()


def test_a_release_without_a_readable_manifest_is_named_as_damaged(releases: Releases) -> None:
    release = publish(releases, FIRST)
    (release.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(DamagedRelease) as caught:
        releases.current()
    assert FIRST in str(caught.value)


def test_activating_tells_what_was_current_and_can_depend_on_it(releases: Releases) -> None:
    publish(releases, FIRST)
    publish(releases, SECOND)
    assert releases.activate(FIRST) == SECOND
    with pytest.raises(ReleaseSwitched, match=FIRST):
        releases.activate(FIRST, instead_of=SECOND)
    assert releases.activate(SECOND, instead_of=FIRST) == FIRST
    assert releases.current().identifier == SECOND


def test_a_manifest_is_read_once_as_long_as_it_stays(releases: Releases, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = publish(releases, FIRST), publish(releases, SECOND)
    manifests = [each.manifest for each in releases.list()]
    with monkeypatch.context() as changed:
        changed.setattr(Manifest, "read_from", None)
        assert all(each.manifest is known for each, known in zip(releases.list(), manifests, strict=True))
    (first.folder / "manifest.json").write_text("{", encoding="utf-8")
    assert [each.identifier for each in releases.list()] == [SECOND]
    (first.folder / "manifest.json").write_text(first.manifest.text(), encoding="utf-8")
    assert [each.manifest for each in releases.list()] == [first.manifest, second.manifest]


def test_what_is_left_out_of_the_list_is_said_once(releases: Releases, caplog: pytest.LogCaptureFixture) -> None:
    folder = publish(releases, FIRST).folder
    publish(releases, SECOND)
    (folder / "manifest.json").unlink()
    for _ in range(3):
        assert [each.identifier for each in releases.list()] == [SECOND]
    assert [record.getMessage() for record in caplog.records] == [f"release {FIRST} is left out: release-damaged"]


def test_a_release_is_there_or_not(releases: Releases) -> None:
    publish(releases, FIRST)
    publish(releases, SECOND)
    assert [releases.holds(name) for name in (FIRST, SECOND, "current", "..", "", "a\0")] == [True, True] + [False] * 4
    releases.remove(FIRST)
    assert not releases.holds(FIRST)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (FileNotFoundError(2, "No such file", "/srv/releases/a/index.json"), "[Errno 2] No such file: 'index.json'"),
        (OSError("IO error: While opening /srv/releases/a/store/12.sst: x"), "IO error: While opening 12.sst: x"),
        (ValueError("format 4, see https://example.org/a/b"), "format 4, see https://example.org/a/b"),
    ],
)
def test_what_is_damaged_is_told_without_the_folders_of_the_machine(error: Exception, told: str) -> None:
    assert reason_of(error) == told
