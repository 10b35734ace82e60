"""IRIs of a link set as CURIEs: SSSOM has no other form for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from passerelle.namespaces import ONTOLOGY, PREFIXES

_BUILT_IN = frozenset({"semapv", "skos"})
"""Those that we use of the prefixes that every reader knows (SSSOM 1.1, "IRI prefixes")."""


class Curies:
    """Prefixes that do not depend on what a set holds, so that equal links are written alike in every set.

    `base` is where the identifiers of a release stand. An IRI of somebody else gets a prefix made of its host.
    """

    def __init__(self, base: str) -> None:
        self._fixed = {
            "base": base,
            "esco": "http://data.europa.eu/esco/",
            "psl": f"{ONTOLOGY}#",
            "semapv": PREFIXES["semapv"],
            "skos": PREFIXES["skos"],
        }
        self._foreign: dict[str, str] = {}

    def curie(self, iri: str) -> str:
        """The CURIE of an IRI.

        >>> Curies("https://example.org/id/").curie("https://example.org/id/rncp/1")
        'base:rncp/1'
        >>> Curies("https://example.org/id/").curie("http://units.example.net/a")
        'http-units.example.net:a'
        """
        for prefix, namespace in self._fixed.items():
            if iri.startswith(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        parts = urlsplit(iri)
        if parts.netloc:
            namespace = f"{parts.scheme}://{parts.netloc}/"
            prefix = "".join(each if each.isalnum() or each == "." else "-" for each in parts.netloc.lower())
            prefix = prefix if parts.scheme == "https" else f"{parts.scheme}-{prefix}"
        else:
            prefix, namespace = parts.scheme, f"{parts.scheme}:"
        self._foreign[prefix] = namespace
        return f"{prefix}:{iri.removeprefix(namespace)}"

    def know(self, prefix_map: Mapping[str, str]) -> None:
        """Take over what `prefix_map` gave for another set under the same base."""
        self._foreign |= prefix_map

    def prefix_map(self, used: Iterable[str]) -> dict[str, str]:
        """The namespaces of some prefixes that `curie` gave, sorted by prefix; SSSOM has its own built in."""
        known = {**self._foreign, **self._fixed}
        return {prefix: known[prefix] for prefix in sorted(used) if prefix not in _BUILT_IN}
