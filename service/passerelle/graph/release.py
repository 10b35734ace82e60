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
import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from passerelle.errors import (
    BuildInProgress,
    DamagedRelease,
    NoCurrentRelease,
    ReleaseError,
    ReleaseInUse,
    ReleaseSwitched,
    UnknownRelease,
)
from passerelle.graph.damage import reason_of
from passerelle.graph.file_lock import locked
from passerelle.graph.manifest import FILE_NAME, Manifest
from passerelle.records.place import Place

_LOG = logging.getLogger(__name__)
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

    def open_store(self) -> ox.Store:
        """The store, read-only; several processes may have it open. Raises DamagedRelease."""
        try:
            return ox.Store.read_only(str(self.store))
        except (OSError, ValueError) as error:
            raise DamagedRelease(
                "store-unreadable", place=Place(file=self.store.name), reason=reason_of(error)
            ) from error

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


_Written = tuple[int, int, int]
"""What tells one file from another that took its place: inode, bytes, time of the last change (nanoseconds)."""


class Releases:
    """The releases folder. Reading needs no lock; one process at a time builds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pointer = str(folder / _CURRENT)
        self._manifests: dict[str, tuple[_Written, Manifest]] = {}
        self._left_out: dict[str, str] = {}

    def list(self) -> list[Release]:
        """All published releases, oldest first; damaged ones are left out (`get` tells what is wrong with one)."""
        if not self.folder.is_dir():
            return []
        names = sorted(entry.name for entry in self.folder.iterdir() if _IDENTIFIER.fullmatch(entry.name))
        found, left_out = [], {}
        for name in names:
            try:
                found.append(self.get(name))
            except DamagedRelease as error:
                left_out[name] = error.message_id
                if name not in self._left_out:  # once, and not with each request
                    _LOG.warning("release %s is left out: %s", name, error.message_id)
            except UnknownRelease:
                pass  # it is removed just now
        self._left_out = left_out
        for name in self._manifests.keys() - set(names):
            self._manifests.pop(name, None)
        return found

    def holds(self, identifier: str) -> bool:
        """Whether a release of that name is there; its manifest is not looked at."""
        # asked with each request for a past release
        return _IDENTIFIER.fullmatch(identifier) is not None and os.path.isdir(  # noqa: PTH112
            f"{self.folder}/{identifier}"
        )

    def get(self, identifier: str) -> Release:
        """The release of that name. Raises UnknownRelease, DamagedRelease."""
        folder = self.folder / identifier
        if not _IDENTIFIER.fullmatch(identifier) or not folder.is_dir():
            raise UnknownRelease("release-unknown", identifier=identifier)
        return Release(folder, self._manifest(folder))

    def _manifest(self, folder: Path) -> Manifest:
        """The manifest of a release, read once as long as its file stays what it is. Raises DamagedRelease."""
        try:
            status = (folder / FILE_NAME).stat()
        except OSError:
            return Manifest.read_from(folder)  # which tells what is wrong
        written = (status.st_ino, status.st_size, status.st_mtime_ns)
        known = self._manifests.get(folder.name)
        if known is not None and known[0] == written:
            return known[1]
        manifest = Manifest.read_from(folder)
        self._manifests[folder.name] = (written, manifest)
        return manifest

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
    def writing(self, patience: float = 0.0) -> Iterator[None]:
        """Hold the writer's lock, and clear what killed builds left.

        Raises BuildInProgress when somebody else still holds it after `patience` seconds.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / ".lock").open("a")
        except OSError as error:
            reason = error.strerror or str(error)
            raise ReleaseError("release-folder", place=Place(file=str(self.folder)), reason=reason) from error
        with lock:
            if not locked(lock.fileno(), patience):
                raise BuildInProgress("release-build-in-progress", place=Place(file=self.folder.name))
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

    def activate(self, identifier: str, *, instead_of: str | None = None) -> str | None:
        """Point `current` at a release that exists, and return the name that it pointed at until then.

        Rolling back is pointing back, also while a build is running. With `instead_of` only if that is the current one
        at this moment. Raises UnknownRelease, DamagedRelease; ReleaseSwitched if another one is.
        """
        with self._pointing():
            before = self.current_identifier()
            if instead_of is not None and before != instead_of:
                raise ReleaseSwitched("release-switched", identifier=before or "")
            self.get(identifier)
            self._point_at(identifier)
        return before

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
