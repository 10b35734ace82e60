"""Where a service answers: the addresses that descriptions name, below one root."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of a service whose root (no trailing slash) is `root`."""

    root: str

    @property
    def endpoint(self) -> str:
        """SPARQL over the current release."""
        return f"{self.root}/sparql"

    @property
    def catalogue(self) -> str:
        """The catalogue of all releases."""
        return f"{self.root}/catalogue"

    @property
    def void(self) -> str:
        """The VoID of the current release."""
        return f"{self.root}/.well-known/void"

    @property
    def interface(self) -> str:
        """The description of the HTTP interface (OpenAPI)."""
        return f"{self.root}/openapi.json"

    def endpoint_of(self, release: str) -> str:
        """SPARQL over one release."""
        return f"{self.root}/releases/{quote(release, safe='')}/sparql"

    def void_of(self, release: str) -> str:
        """The VoID of one release."""
        return f"{self.root}/releases/{quote(release, safe='')}/void"

    def graph_of(self, release: str, slug: str, format_name: str = "") -> str:
        """The download of one named graph, in a format (`turtle` …), else in what is asked for by Accept."""
        address = f"{self.root}/releases/{quote(release, safe='')}/graph/{quote(slug, safe='')}"
        return f"{address}?format={format_name}" if format_name else address
