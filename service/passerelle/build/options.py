"""What a build is asked to do: sources and switches, from `passerelle.toml` and the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from passerelle.errors import SettingsError
from passerelle.records.place import Place


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Sources of one build; each tuple may be empty. Paths are as given, relative to the working folder."""

    rncp: tuple[Path, ...] = ()
    rs: tuple[Path, ...] = ()
    france_competences_csv: tuple[Path, ...] = ()
    esco: tuple[Path, ...] = ()
    rome: tuple[Path, ...] = ()
    rome3: tuple[Path, ...] = ()
    rome_esco: tuple[Path, ...] = ()
    qualifications: tuple[Path, ...] = ()
    units: tuple[Path, ...] = ()
    rdf: tuple[Path, ...] = ()
    reviews: tuple[Path, ...] = ()
    demo: bool = False
    strict: bool = False
    publish_partners: bool = False
    links: bool = True
    encoder: str = ""
    shacl: bool = True

    @property
    def paths(self) -> list[Path]:
        """All source paths, in the order of the fields."""
        return [path for name in PATH_OPTIONS for path in getattr(self, name)]

    def updated(self, values: Mapping[str, Any]) -> BuildOptions:
        """A copy in which what was given on the command line (not empty, not None) takes the place of the file's.

        Review logs are added to the file's: decisions that a build is not given would be undone.
        """
        given = {name: value for name, value in values.items() if value not in (None, ())}
        if "reviews" in given:
            known = {path.resolve() for path in self.reviews}
            given["reviews"] = (*self.reviews, *(path for path in given["reviews"] if path.resolve() not in known))
        return replace(self, **given)


PATH_OPTIONS = tuple(f.name for f in fields(BuildOptions) if f.type == "tuple[Path, ...]")
SWITCHES = tuple(f.name for f in fields(BuildOptions) if f.type == "bool")
WORDS = tuple(f.name for f in fields(BuildOptions) if f.type == "str")
FOLDERS = frozenset({"rncp", "rs", "france_competences_csv", "esco"})
"""Options that also take a folder: the files of an unpacked archive."""
SINGLE = frozenset({"rncp", "rs", "france_competences_csv", "rome", "rome3", "rome_esco"})
"""Options of which a build takes one file: a second one would describe the same records again."""


def read_options(path: Path) -> BuildOptions:
    """The `[build]` table of a TOML file; paths are relative to that file.

    Raises SettingsError for an unknown key, a wrong type, or two files where one is taken.
    """
    place = Place(file=path.name)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError("setting-file", place=place, reason=str(error)) from error
    values: dict[str, Any] = {}
    for key, value in document.get("build", {}).items():
        name = key.replace("-", "_")
        if (name in SWITCHES and isinstance(value, bool)) or (name in WORDS and isinstance(value, str)):
            values[name] = value
        elif name in PATH_OPTIONS and isinstance(value, str | list):
            given = [value] if isinstance(value, str) else value
            values[name] = tuple(path.parent / str(each) for each in given)
        else:
            known = ", ".join(option.replace("_", "-") for option in (*PATH_OPTIONS, *SWITCHES, *WORDS))
            raise SettingsError("setting-unknown", place=place, name=key, known=known)
    return checked(BuildOptions(**values), place)


def checked(options: BuildOptions, place: Place) -> BuildOptions:
    """`options`, if each path exists and no single option has two files. Raises SettingsError."""
    for name in SINGLE:
        if len(getattr(options, name)) > 1:
            raise SettingsError("build-one-file", place=place, option=name.replace("_", "-"))
    for name in PATH_OPTIONS:
        for path in getattr(options, name):
            if not path.exists():
                raise SettingsError("build-no-file", place=place, path=path)
            if path.is_dir() and name not in FOLDERS:
                raise SettingsError("build-folder", place=place, path=path, option=name.replace("_", "-"))
    if options.rome3 and not options.rome:
        raise SettingsError("build-rome3-alone", place=place)
    return options
