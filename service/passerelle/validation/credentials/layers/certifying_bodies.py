"""Whether who awarded is among those that a certification's entry lists: by SIREN, else by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import chain
from typing import NamedTuple

from passerelle.graph.certification import Organisation, ReferencedCertification
from passerelle.namespaces import expand
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.french_words import folded

_NAMES = tuple(map(expand, ("rov:legalName", "skos:prefLabel", "skos:altLabel", "schema:name")))
_IDENTIFIERS = (
    *map(expand, ("rov:registration", "elm:eidasLegalIdentifier", "elm:vatIdentifier", "elm:taxIdentifier")),
    expand("adms:identifier"),
    expand("ob:otherIdentifier"),
)
_CODES = (expand("skos:notation"), expand("ob:identifier"))
_SPACING = re.compile(r"[\s.\-]")
_SIREN = re.compile(r"(?<![0-9])(?:FR[0-9A-Z]{2})?([0-9]{9})(?:[0-9]{5})?(?![0-9])")


class Standing(Enum):
    """What the entry says of who awarded."""

    CERTIFYING = "certifying"
    FORMERLY = "formerly"
    AUTHORISED = "authorised"
    NOT_LISTED = "not-listed"


class Body(NamedTuple):
    """An awarding body of the credential, with the name (else the identifier) that it bears there; "" for neither."""

    node: str
    name: str


class Listed(NamedTuple):
    """How it is listed; `since` is the day from which a former certifying body is no longer active, where stated."""

    kind: Standing
    since: str = ""


def standing_of(
    graph: CredentialGraph, bodies: Sequence[str], certification: ReferencedCertification, day: str
) -> tuple[Body, Listed]:
    """The awarding body that stands best in the entry on an ISO day, and how; the first one where none is listed."""
    order = list(Standing)
    found = [(_body(graph, each), _listed(graph, each, certification, day)) for each in bodies]
    return min(found, key=lambda each: order.index(each[1].kind))


def _listed(graph: CredentialGraph, body: str, certification: ReferencedCertification, day: str) -> Listed:
    sirens, names = frozenset(_sirens(graph, body)), {folded(each) for each in graph.texts(body, *_NAMES)}
    for each in certification.certifying_bodies:
        if _same(each, sirens, names):
            gone = not each.active and not (day and each.since and day < each.since)
            return Listed(Standing.FORMERLY, each.since) if gone else Listed(Standing.CERTIFYING)
    if any(_same(each, sirens, names) for each in certification.partners):
        return Listed(Standing.AUTHORISED)
    return Listed(Standing.NOT_LISTED)


def _same(listed: Organisation, sirens: frozenset[str], names: set[str]) -> bool:
    # the first nine digits of a SIRET are the legal person, whichever of its places awarded
    if listed.siret and listed.siret[:9] in sirens:
        return True
    return any(folded(each) in names for each in (listed.name, *listed.other_names) if each)


def _sirens(graph: CredentialGraph, body: str) -> Iterator[str]:
    for identifier in graph.objects(body, *_IDENTIFIERS):
        for code in graph.texts(identifier, *_CODES):
            yield from _SIREN.findall(_SPACING.sub("", code.upper()))


def _body(graph: CredentialGraph, node: str) -> Body:
    codes = (code for each in graph.objects(node, *_IDENTIFIERS) for code in graph.texts(each, *_CODES))
    return Body(node, next((each for each in chain(graph.texts(node, *_NAMES), codes) if each.strip()), ""))
