"""Releases: immutable folders that are built aside, verified, renamed into place, and pointed at by `current`.

    releases/
      current -> 20261122T183000Z-1a2b3c4d     the one that is served
      20261122T183000Z-1a2b3c4d/               store/, manifest.json, rejects.jsonl, validation.jsonl …
      .building-20261122T183000Z-1a2b3c4d/     a build under way, or the leftover of one that was killed
      .lock                                    held (flock) by the one writer
      .pointer.lock                            held for an instant by whoever changes `current` or removes

pyoxigraph lets a second process open a store for writing without an error, so the lock is ours. The kernel
releases it when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from passerelle.errors import (
    BuildInProgress,
    DamagedRelease,
    NoCurrentRelease,
    ReleaseError,
    ReleaseInUse,
    UnknownRelease,
)
from passerelle.graph.manifest import Manifest
from passerelle.records.place import Place

_CURRENT = "current"
_STAGING = ".building-"
_REMOVED = ".removing-"
_IDENTIFIER = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}(?:-[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Release:
    """A published release. Nothing in its folder ever changes."""

    folder: Path
    manifest: Manifest

    @property
    def identifier(self) -> str:
        """Its name: time of the build (UTC) and the first digits of the hash of its inputs."""
        return self.folder.name

    @property
    def store(self) -> Path:
        """The RocksDB folder, to be opened read-only."""
        return self.folder / "store"

    def copy_store(self, target: Path) -> None:
        """Copy the store by hard links (RocksDB files are never changed, so both stay what they are)."""
        ox.Store.read_only(str(self.store)).backup(target)


@dataclass(frozen=True, slots=True)
class Staging:
    """The folder in which a release is being built."""

    folder: Path

    @property
    def store(self) -> Path:
        """The RocksDB folder, open for writing in the building process alone."""
        return self.folder / "store"


class Releases:
    """The releases folder. Reading needs no lock; one process at a time builds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pointer = str(folder / _CURRENT)

    def list(self) -> list[Release]:
        """All published releases, oldest first; damaged ones are left out (`get` tells what is wrong with one)."""
        if not self.folder.is_dir():
            return []
        names = sorted(entry.name for entry in self.folder.iterdir() if _IDENTIFIER.fullmatch(entry.name))
        found = []
        for name in names:
            with suppress(DamagedRelease, UnknownRelease):  # it may be removed just now
                found.append(self.get(name))
        return found

    def get(self, identifier: str) -> Release:
        """The release of that name. Raises UnknownRelease, DamagedRelease."""
        folder = self.folder / identifier
        if not _IDENTIFIER.fullmatch(identifier) or not folder.is_dir():
            raise UnknownRelease("release-unknown", identifier=identifier)
        return Release(folder, Manifest.read_from(folder))

    def current_identifier(self) -> str | None:
        """The name of the current release; None before the first build."""
        try:
            # asked with each request: pathlib takes four times as long
            return os.readlink(self._pointer).rpartition("/")[2]  # noqa: PTH115
        except FileNotFoundError:
            return None

    def current(self) -> Release:
        """The release that is served. Raises NoCurrentRelease, DamagedRelease."""
        identifier = self.current_identifier()
        if identifier is None:
            raise NoCurrentRelease("release-none", place=Place(file=self.folder.name))
        return self.get(identifier)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock, and clear what killed builds left. Raises BuildInProgress at once when it is held."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / ".lock").open("a")
        except OSError as error:
            reason = error.strerror or str(error)
            raise ReleaseError("release-folder", place=Place(file=str(self.folder)), reason=reason) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BuildInProgress("release-build-in-progress", place=Place(file=self.folder.name)) from None
            for entry in self.folder.iterdir():
                if entry.name.startswith((_STAGING, _REMOVED)):
                    shutil.rmtree(entry)
            yield

    def stage(self, identifier: str) -> Staging:
        """A fresh folder to build in; call it while holding `writing`."""
        folder = self.folder / f"{_STAGING}{identifier}"
        folder.mkdir()
        return Staging(folder)

    def free_identifier(self, identifier: str) -> str:
        """`identifier`, or with the next number when two builds of the same inputs fall into one second."""
        candidate, number = identifier, 1
        while (self.folder / candidate).exists():
            number += 1
            candidate = f"{identifier}-{number}"
        return candidate

    def publish(self, staging: Staging) -> Release:
        """Make a verified staging folder durable, rename it into place and point `current` at it."""
        _sync_tree(staging.folder)
        folder = self.folder / staging.folder.name.removeprefix(_STAGING)
        staging.folder.rename(folder)
        _sync(self.folder)
        with self._pointing():
            self._point_at(folder.name)
        return self.get(folder.name)

    def activate(self, identifier: str) -> Release:
        """Point `current` at a release that exists: rolling back is pointing back, also while a build is running."""
        with self._pointing():
            release = self.get(identifier)
            self._point_at(identifier)
        return release

    def remove(self, identifier: str) -> None:
        """Delete a release that is not the current one. Raises ReleaseInUse, UnknownRelease."""
        with self._pointing():
            if identifier == self.current_identifier():
                raise ReleaseInUse("release-in-use", identifier=identifier)
            folder = self.folder / identifier
            if not _IDENTIFIER.fullmatch(identifier) or not folder.is_dir():
                raise UnknownRelease("release-unknown", identifier=identifier)
            # renamed first, so that a removal that is interrupted leaves no half release under a valid name
            aside = self.folder / f"{_REMOVED}{identifier}"
            folder.rename(aside)
            shutil.rmtree(aside)

    @contextmanager
    def _pointing(self) -> Iterator[None]:
        # apart from the writer's lock and held for an instant only: who removes must not race with who activates
        with (self.folder / ".pointer.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _point_at(self, identifier: str) -> None:
        fresh = self.folder / ".current"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(identifier)
        fresh.replace(self.folder / _CURRENT)
        _sync(self.folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)
