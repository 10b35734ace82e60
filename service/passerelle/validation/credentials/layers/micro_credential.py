"""Layer 7: the elements of a European micro-credential (Council Recommendation of 16 June 2022, Annex I).

No official profile demands them: what is missing is a warning, and only for a credential that says it is a
micro-credential. A micro-credential never stands in for a qualification, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from passerelle.namespaces import expand
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.annex import At, Element, Way, elements
from passerelle.validation.credentials.model import LITERAL, AnnexElement, Observation

_WORD = re.compile(
    r"mi[ck]ro[\s-]?(?:credential|credencia|credenzial|cr[eé]dential|certific|zertifi|accr[eé]dit|kwalifika|po[sś]wiadcz)",
    re.IGNORECASE,
)
"""How languages write micro-credential, as far as we know."""
_PROFILES, _TYPE = expand("elm:credentialProfiles"), expand("dcterms:type")
_LABEL, _TITLE, _NAME = expand("skos:prefLabel"), expand("dcterms:title"), expand("schema:name")
_DISPLAY = expand("elm:displayParameter")
_SUBJECT, _ISSUER = expand("cred:credentialSubject"), expand("cred:issuer")
_CLAIM, _PART = expand("elm:hasClaim"), expand("elm:hasPart")
_SPECIFIED_BY, _PROVEN_BY, _INFLUENCED_BY = (
    expand("elm:specifiedBy"),
    expand("elm:provenBy"),
    expand("elm:influencedBy"),
)
_ACTIVITY = frozenset((expand("elm:LearningActivity"), expand("elm:LearningActivitySpecification")))
_ASSESSMENT = frozenset((expand("elm:LearningAssessment"), expand("elm:LearningAssessmentSpecification")))
_ACHIEVEMENT, _KIND = expand("ob:achievement"), expand("ob:achievementType")
_OPEN_BADGE = expand("ob:OpenBadgeCredential")
_CREDENTIAL = expand("elm:EuropeanDigitalCredential")
_CARRIERS = {
    "ELM-MICRO-COUNTRY": _ISSUER,
    "ELM-MICRO-AWARDING-BODY": _ISSUER,
    "ELM-MICRO-DATE": expand("cred:issued"),
}
"""What the European profiles demand of every credential, by the element that their own finding covers."""


def observe(graph: CredentialGraph, roots: Sequence[str]) -> tuple[tuple[AnnexElement, ...], list[Observation]]:
    """The elements of Annex I, each with the paths that hold it, and what is missing of a micro-credential.

    Of several credentials in one file the first is told. `present` of the level is None where there is none: the
    annex asks for it if applicable.
    """
    if not roots:
        return (), []
    root = roots[0]
    places = _places(graph, root)
    badge = _OPEN_BADGE in graph.types(root)
    found = tuple(_element(graph, each, places) for each in elements(badge))
    return found, list(_missing(graph, root, places, found))


def _places(graph: CredentialGraph, root: str) -> Mapping[At, list[str]]:
    subjects = graph.objects(root, _SUBJECT)
    badges = [each for subject in subjects for each in graph.objects(subject, _ACHIEVEMENT)]
    claims = [
        *_reached(graph, [each for subject in subjects for each in graph.objects(subject, _CLAIM)], _PART),
        *badges,
    ]
    specifications = [*_from(graph, claims, _SPECIFIED_BY), *badges]
    proofs = [*_from(graph, claims, _PROVEN_BY), *_from(graph, specifications, _PROVEN_BY)]
    proofs += [each for each in claims if graph.types(each) & _ASSESSMENT]
    activities = [*_from(graph, claims, _INFLUENCED_BY), *_from(graph, specifications, _INFLUENCED_BY)]
    activities += [each for each in claims if graph.types(each) & _ACTIVITY]
    return {
        At.CREDENTIAL: [root],
        At.SUBJECT: subjects,
        At.ISSUER: graph.objects(root, _ISSUER),
        At.CLAIM: claims,
        At.SPECIFICATION: specifications,
        At.ACTIVITY: [*activities, *_from(graph, activities, _SPECIFIED_BY)],
        At.ASSESSMENT: [*proofs, *_from(graph, proofs, _SPECIFIED_BY)],
    }


def _from(graph: CredentialGraph, nodes: Iterable[str], path: str) -> list[str]:
    return list(dict.fromkeys(each for node in nodes for each in graph.objects(node, path)))


def _reached(graph: CredentialGraph, starts: Iterable[str], path: str) -> list[str]:
    """The nodes and all that follows from them by the property, each once."""
    found: dict[str, None] = {}
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = None
            waiting.extend(graph.objects(node, path))
    return list(found)


def _element(graph: CredentialGraph, element: Element, places: Mapping[At, list[str]]) -> AnnexElement:
    shown: list[str] = []
    for way in element.ways:
        nodes = places[way.at]
        if nodes and way.shown not in shown and _holds(graph, way, nodes):
            shown.append(way.shown)
    present = None if element.conditional and not shown else bool(shown)
    return AnnexElement(element.code, element.mandatory, present, *element.labels, found=tuple(shown))


def _holds(graph: CredentialGraph, way: Way, nodes: Sequence[str]) -> bool:
    """Whether one of the nodes has a value at the end of the path that says something."""
    for step in way.path[:-1]:
        nodes = [each for node in nodes for each in graph.objects(node, step)]
    last = way.path[-1]
    for node in nodes:
        for value in graph.values(node, last):
            if way.ending:
                if value.value.startswith(way.ending):
                    return True
            elif value.kind != LITERAL or value.value.strip():
                return True
    return False


def _missing(
    graph: CredentialGraph, root: str, places: Mapping[At, list[str]], found: Sequence[AnnexElement]
) -> Iterator[Observation]:
    wanted = [each for each in found if each.mandatory]
    held = sum(each.present is True for each in wanted)
    told = {"present": str(held), "mandatory": str(len(wanted))}
    reason = next(_said(graph, root, places), "")
    if not reason:
        yield Observation("ELM-MICRO-NOT-STATED", root, parameters=told)
        return
    european = _CREDENTIAL in graph.types(root)
    for each in found:
        carrier = _CARRIERS.get(each.code, "") if european else ""
        if carrier and not graph.values(root, carrier):
            continue  # told once, by the profile
        if not each.present:
            yield Observation(each.code, root, parameters={"reason": reason, **told})


def _said(graph: CredentialGraph, root: str, places: Mapping[At, list[str]]) -> Iterator[str]:
    """The words by which a credential calls itself a micro-credential: of its profile or type, or in its own title."""
    for node in (root, *places[At.CLAIM], *places[At.SPECIFICATION]):
        for concept in graph.values(node, _PROFILES, _TYPE):
            texts = [concept.value] if concept.kind == LITERAL else graph.texts(concept.node, _LABEL)
            yield from (text for text in texts if _WORD.search(text))
        yield from (text for text in graph.texts(node, _KIND) if _WORD.search(text))
    # titles of what was learnt do not count: one can learn about micro-credentials
    for node in (root, *graph.objects(root, _DISPLAY)):
        yield from (text for text in graph.texts(node, _TITLE, _NAME) if _WORD.search(text))
