"""Properties that stand on the wrong kind of node: what the model has for claims on a person, and so on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from passerelle.namespaces import PREFIXES, expand
from passerelle.resources import rows
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.model import Observation
from passerelle.validation.credentials.profiles.names import PROFILES, profile_folder
from passerelle.validation.credentials.profiles.tables import iri, local_name, table
from passerelle.validation.credentials.wording import Label, label

_CREDENTIAL = expand("elm:EuropeanDigitalCredential")
_ABOVE = {
    expand(below): expand(above)
    for below, above in (
        ("elm:EuropeanDigitalCredential", "cred:VerifiableCredential"),
        ("elm:EuropeanDigitalPresentation", "cred:VerifiablePresentation"),
        ("elm:LearningAchievement", "elm:Claim"),
        ("elm:LearningActivity", "elm:Claim"),
        ("elm:LearningAssessment", "elm:Claim"),
        ("elm:LearningEntitlement", "elm:Claim"),
        ("elm:LearningAchievementSpecification", "elm:Specification"),
        ("elm:LearningActivitySpecification", "elm:Specification"),
        ("elm:LearningAssessmentSpecification", "elm:Specification"),
        ("elm:LearningEntitlementSpecification", "elm:Specification"),
        ("elm:Qualification", "elm:LearningAchievementSpecification"),
        ("elm:AwardingBody", "elm:Agent"),
        ("elm:Organisation", "elm:Agent"),
        ("elm:Person", "elm:Agent"),
        ("elm:LegalIdentifier", "elm:Identifier"),
        ("elm:Identifier", "adms:Identifier"),
        ("elm:WebResource", "foaf:Document"),
    )
}
"""The class above each class of the model (ELM 3.2; presentations and identifiers as its vocabulary has them)."""
_GENERAL = tuple(PREFIXES[each] for each in ("dcterms", "skos", "adms", "rdf", "rdfs"))
"""Vocabularies whose properties may describe anything."""
_ABSTRACT = frozenset((expand("elm:Claim"), expand("elm:Specification")))
"""Classes that nobody uses: those below them are named instead."""
_BADGES = "open-badges-3"
_MOST_NAMED = 6
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


class _Places(NamedTuple):
    """What each class may have, upper and lower classes included, and which classes a property belongs to."""

    allowed: Mapping[str, frozenset[str]]
    owners: Mapping[str, tuple[str, ...]]


def observe(graph: CredentialGraph, roots: Sequence[str]) -> Iterator[Observation]:
    """Each property of a node that the profiles only have for other classes than those of the node.

    Told of European credentials alone: the profiles of LOQ and AMS are closed, and say so themselves. A node of an
    unknown class, or of none, can have what it likes. What an upper class has and what a lower one adds are both right:
    a node may be of a narrower class than it says.
    """
    if not any(_CREDENTIAL in graph.types(root) for root in roots):
        return
    places = _places()
    for node in graph.nodes:
        classes = graph.types(node)
        if not classes:
            continue
        fitting = [places.allowed.get(each) for each in classes]
        if None in fitting:
            continue
        for path in graph.properties(node):
            if path in places.owners and not any(each is not None and path in each for each in fitting):
                yield _told(graph, node, path, sorted(classes), places.owners[path])


def _told(graph: CredentialGraph, node: str, path: str, classes: Sequence[str], owners: Sequence[str]) -> Observation:
    """The classes of nodes that the credential has are named before others."""
    stands_on = classes[0]
    present = [each for each in owners if any(True for _ in graph.instances(each))]
    targets = present or owners
    return Observation(
        "ELM-FIELDS-PROPERTY-MISPLACED",
        node,
        path,
        parameters={
            "key": _keys().get(path) or local_name(path),
            **_both("class", (label(stands_on),)),
            **_both("owners", [label(each) for each in owners]),
            "types": _joined([f"`{local_name(each)}`" for each in targets]),
        },
    )


def _both(name: str, labels: Sequence[Label]) -> dict[str, str]:
    return {name: _joined([each.en for each in labels]), f"{name}_fr": _joined([each.fr for each in labels])}


def _joined(names: Sequence[str]) -> str:
    return ", ".join((*names[:_MOST_NAMED], _ELLIPSIS) if len(names) > _MOST_NAMED else names)


@cache
def _keys() -> Mapping[str, str]:
    """The JSON keys that differ from the local name of the property."""
    return {row["iri"]: row["key"] for row in rows(profile_folder() / "terms.tsv") if row["key"]}


@cache
def _places() -> _Places:
    own: dict[str, set[str]] = {}
    owners: dict[str, dict[str, None]] = {}
    # a credential may also hold what only the profiles of LOQ and AMS speak of; badges have terms that none has
    for profile in PROFILES:
        for row in table(profile) if profile != _BADGES else ():
            if row.target:
                properties = own.setdefault(iri(row.target), set())
                if row.path:
                    properties.add(iri(row.path))
                    owners.setdefault(iri(row.path), {})[iri(row.target)] = None
    family = {each: _above(each) for each in dict.fromkeys((*own, *_ABOVE, *_ABOVE.values()))}
    allowed = {
        each: frozenset(
            path
            for other, over in family.items()
            if other in above or each in over or other == each
            for path in own.get(other, ())
        )
        for each, above in family.items()
    }
    judged = {
        path: tuple(each for each in classes if each not in _ABSTRACT) or tuple(classes)
        for path, classes in owners.items()
        if not path.startswith(_GENERAL)
    }
    return _Places(allowed, judged)


def _above(name: str) -> frozenset[str]:
    """All classes above one."""
    found = set()
    while name in _ABOVE:
        name = _ABOVE[name]
        found.add(name)
    return frozenset(found)
