"""Who names a French certification in a credential, and within which award it is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from passerelle.namespaces import expand
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.awards import CREDENTIALS, Award, awards_of
from passerelle.validation.credentials.layers.french_numbers import Mention, in_address, in_code, in_title
from passerelle.validation.credentials.model import LITERAL

_NOTATION, _SCHEME_NAME = expand("skos:notation"), expand("elm:schemeName")
_ALIGNMENT = expand("ob:alignment")
_HAS_PART, _IS_PART_OF = expand("elm:hasPart"), expand("elm:isPartOf")

_TITLES = frozenset((expand("dcterms:title"), expand("skos:altLabel"), expand("schema:name")))
_CODES = frozenset((_NOTATION, *(expand(f"ob:{each}") for each in ("identifier", "humanCode", "targetCode"))))
_POINTS_AT_OWNER = frozenset(
    (
        *(expand(f"elm:{each}") for each in ("specifiedBy", "hasPart", "isPartOf", "specialisationOf")),
        expand("ob:achievement"),
    )
)
_ADDRESSES = frozenset(
    (
        *(expand(f"elm:{each}") for each in ("contentUrl", "landingPage", "qualificationCode")),
        expand("foaf:homepage"),
        expand("schema:targetUrl"),
        expand("ob:targetUrl"),
    )
)
_SCHEMES = {_SCHEME_NAME: _NOTATION, expand("schema:targetFramework"): expand("ob:targetCode")}
"""By the property that names a scheme, the property of the code that stands in it."""
_NAMING = _TITLES | _CODES | _ADDRESSES | _POINTS_AT_OWNER | _SCHEMES.keys()
_CARRIED_BY = (
    *(expand(each) for each in ("adms:identifier", "foaf:homepage", "elm:landingPage", "elm:displayParameter")),
    expand("elm:qualificationCode"),
    expand("ob:otherIdentifier"),
    _ALIGNMENT,
)
_CARRIERS = frozenset(
    (
        *(expand(f"elm:{each}") for each in ("Identifier", "LegalIdentifier", "WebResource", "DisplayParameter")),
        *(expand(f"ob:{each}") for each in ("IdentifierEntry", "Alignment")),
        expand("schema:AlignmentObject"),
    )
)
_NO_OWNERS = frozenset(
    (
        *(expand(f"elm:{each}") for each in ("Organisation", "Person", "Agent", "Group", "LearningOutcome", "Note")),
        *(expand(each) for each in ("skos:Concept", "skos:ConceptScheme", "dcterms:Location")),
        *(expand(f"ob:{each}") for each in ("Profile", "Image", "ResultDescription")),
    )
)
_HINT = re.compile(r"rncp|\bRS|francecompetences|/id/rs/|r[ée]pertoire", re.IGNORECASE)
_LONGEST = 2000
"""Longer values are pictures and long texts, which mention much that the credential is not about."""


class Role(Enum):
    """What naming a certification means for the award."""

    AWARDED = "awarded"
    """It is what is awarded, or a part of that."""
    WITHIN = "within"
    """What is awarded is a part of it."""
    ALIGNED = "aligned"
    """A badge says that it can be compared, which claims nothing about who may award it."""
    NAMED = "named"
    """It is named, but not as something that is awarded."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A number or a bloc that `owner` (a specification, an achievement, a credential) names.

    `node`, `path` and `value` are where it stands; `path` is empty for the node's own IRI. `also` are the codes of
    blocs of the same number that the owner names beside it, "" for the whole.
    """

    mention: Mention
    owner: str
    node: str
    path: str
    value: str
    role: Role = Role.NAMED
    award: Award | None = None
    also: frozenset[str] = frozenset()


class _Found(dict[tuple[str, Mention], tuple[str, str, str, bool]]):
    """Where each owner first names each number: node, path, value, whether as an alignment."""

    def blocs(self) -> dict[tuple[str, str], set[str]]:
        """The blocs, or "" for the whole, that an owner names of a number."""
        named: dict[tuple[str, str], set[str]] = {}
        for owner, mention in self:
            named.setdefault((owner, mention.number), set()).add(mention.bloc)
        return named


def references(graph: CredentialGraph, roots: Sequence[str], base: str) -> list[Reference]:
    """Every certification and bloc that the credential names, once an owner. `base` is that of our own IRIs.

    What the credential or the achievement repeats of its specification is left out, and so is the number of a whole
    beside the one bloc of it that the same owner names.
    """
    found = _found(graph, roots, base)
    if not found:
        return []
    placed = _placed(graph, roots)
    named = found.blocs()
    result: list[Reference] = []
    narrowest: dict[tuple[str, str, str], int] = {}
    for (owner, mention), (node, path, value, aligned) in found.items():
        blocs = named[owner, mention.number]
        if not mention.bloc and len(blocs) == 2:
            continue
        role, award = placed.get(owner, (Role.NAMED, None))
        also = frozenset(blocs - {mention.bloc}) if len(blocs) > 2 else frozenset[str]()
        reference = Reference(mention, owner, node, path, value, Role.ALIGNED if aligned else role, award, also)
        result.append(reference)
        if award is not None and not aligned:
            for bloc in {mention.bloc, ""}:
                key = (award.node, mention.number, bloc)
                narrowest[key] = min(narrowest.get(key, 9), _distance(reference, roots))
    return [
        each
        for each in result
        if each.award is None
        or each.role is Role.ALIGNED
        or _distance(each, roots) <= narrowest[each.award.node, each.mention.number, each.mention.bloc]
    ]


def _distance(reference: Reference, roots: Sequence[str]) -> int:
    """How far the owner is from the specification, which says best what is awarded."""
    if reference.owner in roots:
        return 2
    return 1 if reference.award is not None and reference.owner == reference.award.node else 0


def _found(graph: CredentialGraph, roots: Sequence[str], base: str) -> _Found:
    found = _Found()
    for mention, owner, node, path, value in _mentions(graph, roots, base):
        for each, aligned in _owners(graph, owner):
            if mention.number.startswith("RS") and path == _NOTATION and _is_own_number(graph, each, node):
                continue
            found.setdefault((each, mention), (node, path, value, aligned))
    return found


def _is_own_number(graph: CredentialGraph, owner: str, identifier: str) -> bool:
    # the number of a certificate may well begin with RS, which is a country too
    return bool(graph.types(owner) & CREDENTIALS) and not graph.texts(identifier, _SCHEME_NAME)


def _mentions(graph: CredentialGraph, roots: Sequence[str], base: str) -> Iterator[tuple[Mention, str, str, str, str]]:
    """Mention, the node that it is about, and node, path, value of its place; titles last, being the least exact."""
    titles = []
    for subject, predicate, term in graph.triples:
        path, text = predicate.value, term.value
        if path not in _NAMING or len(text) > _LONGEST or not _HINT.search(text):
            continue
        node = subject.node
        if path in _TITLES:
            titles += [(each, node, node, path, text) for each in in_title(text)]
        elif path in _SCHEMES:
            for code in graph.texts(node, _SCHEMES[path]):
                yield from ((each, node, node, _SCHEMES[path], code) for each in in_code(code, text))
        elif path in _CODES:
            scheme = next(iter(graph.texts(node, *_SCHEMES)), "")
            yield from ((each, node, node, path, text) for each in in_code(text, scheme))
        elif path in _ADDRESSES:
            yield from ((each, node, node, path, text) for each in in_address(text, base))
        elif term.kind != LITERAL:
            yield from ((each, text, node, path, text) for each in in_address(text, base))
    for root in roots:
        if _HINT.search(root):
            yield from ((each, root, root, "", root) for each in in_address(root, base))
    yield from titles


def _owners(graph: CredentialGraph, node: str) -> Iterator[tuple[str, bool]]:
    """Whose number this is, and whether as an alignment: that of an identifier or a page is its bearer's."""
    bearers = graph.subjects(node, *_CARRIED_BY)
    if bearers:
        aligned = set(graph.subjects(node, _ALIGNMENT))
        for each in dict.fromkeys(bearers):
            if not graph.types(each) & _NO_OWNERS:
                yield each, each in aligned
    elif not graph.types(node) & (_NO_OWNERS | _CARRIERS):
        yield node, False


def _placed(graph: CredentialGraph, roots: Sequence[str]) -> dict[str, tuple[Role, Award]]:
    """What each node is for which award; what is nearer to an award comes first."""
    awards = list(awards_of(graph, roots))
    placed: dict[str, tuple[Role, Award]] = {}
    for award in awards:
        for each in (award.node, *award.specifications):
            placed.setdefault(each, (Role.AWARDED, award))
    for role, path in ((Role.AWARDED, _HAS_PART), (Role.WITHIN, _IS_PART_OF)):
        for award in awards:
            for each in _closure(graph, award.specifications, path):
                placed.setdefault(each, (role, award))
    if len(awards) == 1:
        # a number on the credential itself is about the one thing that it awards
        for root in roots:
            placed.setdefault(root, (Role.AWARDED, awards[0]))
    return placed


def _closure(graph: CredentialGraph, starts: Iterable[str], path: str) -> Iterator[str]:
    open_ends, seen = list(starts), set(starts)
    while open_ends:
        for each in graph.objects(open_ends.pop(), path):
            if each not in seen:
                seen.add(each)
                open_ends.append(each)
                yield each
