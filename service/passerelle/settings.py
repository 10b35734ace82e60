"""All settings in one frozen object; each field carries its unit and the reason for its default."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from passerelle.errors import SettingsError
from passerelle.namespaces import DEMO_BASE
from passerelle.records.place import NOWHERE, Place


def _setting(default: Any, unit: str, reason: str, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"unit": unit, "reason": reason})


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of build and service. Set by `passerelle.toml`, then `PASSERELLE_*` variables, then the command line."""

    base: str = _setting(DEMO_BASE, "IRI", "every IRI of a release stands under it; the default says that it is a demo")
    releases: Path = _setting(Path("var/releases"), "folder", "inside the checkout, so that trying leaves no trace")
    host: str = _setting("127.0.0.1", "address", "reachable from this machine alone unless the administrator decides")
    port: int = _setting(8080, "TCP port", "free on most machines and needs no privilege")
    public_url: str = _setting("", "URL", "what links and descriptions say; empty: the address that was asked")
    publisher: str = _setting("", "name", "who answers for the data, which DCAT-AP wants; empty: the demonstration")
    contact: str = _setting("", "URL", "of whom to ask about the data: a page, or mailto:; empty: none is named")
    backend: str = _setting("", "URL", "a SPARQL 1.1 endpoint that answers instead of our own query processes")
    backend_user: str = _setting("", "name", "for an endpoint that asks who reads")
    backend_password: str = _setting("", "text", "by the environment, as the command line shows in lists", secret=True)
    workers: int = _setting(4, "processes", "twice the cores of the smallest machine, as slow readers hold one each")
    threads: int = _setting(32, "threads", "more than workers and queue, so that pages answer while queries wait")
    query_seconds: float = _setting(20.0, "seconds", "an analyst's aggregation over full ESCO takes under 5")
    stream_seconds: float = _setting(300.0, "seconds", "a million rows take 5, on a busy machine 120")
    idle_seconds: float = _setting(30.0, "seconds", "between two pieces of an answer, and for a client that stalls")
    body_seconds: float = _setting(60.0, "seconds", "a client sends its request in; 7 MB at 1 Mbit a second")
    query_bytes: int = _setting(65_536, "bytes", "the longest hand-written query we have seen has 9 kB")
    answer_rows: int = _setting(10_000_000, "rows", "all triples of a large release; what is longer is a download")
    answer_bytes: int = _setting(4 * 1024**3, "bytes", "ten million rows of the longest kind we have seen")
    service_endpoints: str = _setting("", "URLs", "SERVICE may name these (separated by spaces) and no others")
    client_queries: int = _setting(2, "requests", "at work at once for one client: half of the query processes")
    client_waiting: int = _setting(8, "requests", "waiting for one client: half of the queue; a browser opens 6")
    client_rate: float = _setting(50.0, "requests a second", "ten times a quick analyst with a script; 0: no limit")
    client_burst: int = _setting(200, "requests", "a page of links checked at once, before the rate counts")
    proxies: int = _setting(0, "proxies", "how many of ours stand in front and name the client in X-Forwarded-For")
    header_seconds: float = _setting(10.0, "seconds", "for the header of a request; browsers send it in one piece")
    cache_bytes: int = _setting(64 * 1024**2, "bytes", "answers that are asked for again and again; 0: none kept")
    past_releases: int = _setting(2, "releases", "past ones open for queries at once, with one process each")
    admin_token: str = _setting("", "text", "bearer token of administrators; without it no /admin", secret=True)
    log_queries: str = _setting("hash", "none, hash, shape", "a shape is the query without its literals")
    worker_bytes: int = _setting(
        2 * 1024**3, "bytes", "address space of a query, validation or comparison process; RocksDB maps files into it"
    )
    allocator: str = _setting("", "file", "a library as libjemalloc.so.2 spares query processes a tenth; empty: none")
    validation_workers: int = _setting(
        2, "processes", "a credential takes milliseconds; two, so that a slow one blocks none"
    )
    validation_seconds: float = _setting(10.0, "seconds", "a sealed credential of 1.3 MB takes a tenth of one")
    validation_bytes: int = _setting(
        33_554_432, "bytes", "sixty times the largest sample; pictures and annexes make size"
    )
    comparison_workers: int = _setting(
        2, "processes", "a comparison takes milliseconds; two, so that a printed report blocks none"
    )
    comparison_seconds: float = _setting(10.0, "seconds", "the largest pair of qualifications takes under one")
    queue: int = _setting(16, "requests", "waiting requests beyond it are refused at once rather than late")
    archive_ratio: int = _setting(200, "times", "official exports compress 8 to 12 times; a bomb a thousand")
    archive_bytes: int = _setting(8 * 1024**3, "bytes", "ten times the largest export, in all members together")
    vectors: str = _setting(
        "", "folder", "of the vectors of a sentence encoder outside releases; empty: the user's cache (XDG)"
    )
    chunk_quads: int = _setting(200_000, "quads", "bounds the memory of one bulk load")
    comparability_triples: int = _setting(
        1_000_000, "triples", "125,000 pairs of units; beside it, whole catalogues have some ten million"
    )
    shacl_batch: int = _setting(500, "records", "validation needs 1 GB a million triples; a batch has about 50,000")

    @classmethod
    def of(cls, path: Path | None = None, environment: Mapping[str, str] | None = None, **given: object) -> Settings:
        """Read `[service]` of a TOML file, then the environment, then `given` (None means not given).

        Raises SettingsError for an unknown name or a value of the wrong type, naming the place.
        """
        settings = cls()
        if path is not None:
            settings = settings.updated(_section(path), Place(file=path.name))
        environment = os.environ if environment is None else environment
        names = {f"PASSERELLE_{f.name.upper()}": f.name for f in fields(cls)}
        found = {name: environment[variable] for variable, name in names.items() if variable in environment}
        settings = settings.updated(found, Place(file="PASSERELLE_*"))
        return settings.updated({k: v for k, v in given.items() if v is not None}, NOWHERE)

    def updated(self, values: Mapping[str, object], place: Place) -> Settings:
        """A copy with these values, converted to each field's type."""
        known = {f.name: f for f in fields(self)}
        converted: dict[str, Any] = {}
        for name, value in values.items():
            if name not in known:
                raise SettingsError("setting-unknown", place=place, name=name, known=", ".join(sorted(known)))
            kind = type(getattr(self, name))
            try:
                converted[name] = Path(str(value)) if issubclass(kind, Path) else kind(value)
            except (TypeError, ValueError) as error:
                raise SettingsError(
                    "setting-type", place=place, name=name, value=value, unit=known[name].metadata["unit"]
                ) from error
        if "base" in converted:
            converted["base"] = str(converted["base"]).rstrip("/")
            if not converted["base"].startswith(("http://", "https://")):
                raise SettingsError("setting-base", place=place, value=converted["base"])
        return replace(self, **converted)


def _section(path: Path) -> Mapping[str, object]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError("setting-file", place=Place(file=path.name), reason=str(error)) from error
    section = document.get("service", {})
    if not isinstance(section, dict):
        raise SettingsError("setting-file", place=Place(file=path.name), reason="[service] is not a table")
    return section
