"""IRI prefixes of the vocabularies in use, and the minting of our own IRIs."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote

ONTOLOGY = "https://w3id.org/passerelle/ontology"
VOCABULARY = "https://w3id.org/passerelle/vocabulary/"

PREFIXES: dict[str, str] = {
    "psl": ONTOLOGY + "#",
    "pslv": VOCABULARY,
    "elm": "http://data.europa.eu/snb/model/elm/",
    "esco": "http://data.europa.eu/esco/model#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "prov": "http://www.w3.org/ns/prov#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "adms": "http://www.w3.org/ns/adms#",
    "rov": "http://www.w3.org/ns/regorg#",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "person": "http://www.w3.org/ns/person#",
    "cred": "https://www.w3.org/2018/credentials#",
    "ob": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#",
    "schema": "https://schema.org/",
    "spdx": "http://spdx.org/rdf/terms#",
    "sssom": "https://w3id.org/sssom/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "void": "http://rdfs.org/ns/void#",
    "sh": "http://www.w3.org/ns/shacl#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

EQF = "http://data.europa.eu/snb/eqf/"
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
ESCO_SKILL = "http://data.europa.eu/esco/skill/"

DEMO_BASE = "https://w3id.org/passerelle/demo"
"""The default base; anyone who publishes sets their own, because every IRI of a release stands under it."""

_FICHE = re.compile(r"(RNCP|RS)0*([1-9][0-9]{0,8})")


def expand(curie: str) -> str:
    """The IRI of a CURIE with one of PREFIXES. Raises KeyError for an unknown prefix.

    >>> expand("psl:Bloc")
    'https://w3id.org/passerelle/ontology#Bloc'
    """
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


def segment(text: str) -> str:
    """`text` as one path segment of an IRI: everything but unreserved characters percent-encoded."""
    return quote(text.strip(), safe="-._~")


def short_hash(*parts: str) -> str:
    """32 hexadecimal digits over the parts, for IRIs of things that have no name of their own."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Minting:
    """Mints every IRI under one base (no trailing slash)."""

    base: str = DEMO_BASE

    def graph(self, name: str) -> str:
        """A named graph; all under `{base}/graph/` are reserved for us."""
        return f"{self.base}/graph/{name}"

    def identifier(self, *segments: str) -> str:
        """`{base}/id/…` with each segment percent-encoded."""
        return f"{self.base}/id/" + "/".join(segment(part) for part in segments)

    def fiche(self, number: str) -> str:
        """The qualification of a fiche number such as `RNCP37674` or `RS5000`. Raises ValueError for any other form.

        >>> Minting().fiche("RNCP37674")
        'https://w3id.org/passerelle/demo/id/rncp/37674'
        """
        match = _FICHE.fullmatch(number.strip())
        if match is None:
            raise ValueError(number)
        return self.identifier(match[1].lower(), match[2])

    def record(self, number: str) -> str:
        """The catalogue record of a fiche (a thing apart from the qualification)."""
        return self.fiche(number) + "/record"

    def registration(self, number: str) -> str:
        """The registration of a fiche: a legal act with dates."""
        return self.fiche(number) + "/registration"

    def bloc(self, number: str, code: str) -> str:
        """A bloc of a fiche. Codes are unique within their fiche only, so the fiche is part of the IRI."""
        return f"{self.fiche(number)}/bloc/{segment(code)}"

    def outcome(self, unit: str, text_hash: str) -> str:
        """An outcome of `unit` (an IRI, ours or foreign) by the hash of its text."""
        if unit.startswith(self.base + "/id/"):
            return f"{unit}/outcome/{text_hash}"
        return self.identifier("outcome", short_hash(unit), text_hash)

    def link(self, outcome: str, skill: str) -> str:
        """The node of the link between an outcome and a skill (one node a pair)."""
        return self.identifier("link", short_hash(outcome, skill))

    def genid(self, document: str, label: str) -> str:
        """A skolem IRI for a blank node or document-local id of the document with that SHA-256 (RDF 1.1, 3.5)."""
        return f"{self.base}/.well-known/genid/{document[:16]}/{segment(label)}"

    def is_ours(self, iri: str) -> bool:
        """Whether a statement about this subject by a foreign file is a claim, not a fact of ours."""
        return iri.startswith((self.base + "/id/", self.base + "/graph/", ONTOLOGY + "#", VOCABULARY))
