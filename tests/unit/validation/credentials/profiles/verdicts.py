"""What the official shapes say under pySHACL, beside what ours say: sets of (focus node, path, component)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import rdflib
from rdflib.namespace import RDF, SH

from passerelle.validation.credentials.model import Triple
from passerelle.validation.credentials.profiles.names import components
from passerelle.validation.credentials.profiles.results import observation_of
from passerelle.validation.credentials.profiles.run import ProfileRun, shape_files
from passerelle.validation.credentials.rules import rules_of
from passerelle.validation.engine import Reference
from passerelle.validation.shapes import structure_of
from passerelle.validation.terms import of_rdflib
from unit.validation.credentials.profiles.official import FILES, graph_of

FAMILIES = {
    "edc": (
        "edc-generic-no-cv",
        "edc-generic-full",
        "edc-accredited",
        "edc-converted",
        "edc-issued-by-mandate",
        "edc-diploma-supplement",
    ),
    "loq": ("loq", "loq-mdr"),
    "ams": ("ams", "ams-mdr"),
}
"""Profiles that one run serves: their shapes have names that tell them apart, and do not influence each other."""

Verdict = frozenset[tuple[str, str, str]]

_JAVA = (
    ("^(?i)(http|https)", "^(?:[Hh][Tt][Tt][Pp]|[Hh][Tt][Tt][Pp][Ss])"),
    ("[[A-Fa-f0-9]\\:\\.]*", "[A-Fa-f0-9:.]*"),
    ("[%[\\p{L}\\p{Nl}\\p{Nd}]]*", "[%\\w]*"),
)
"""What Python's regular expressions lack, in the three broken patterns."""


@cache
def _official(reference: Path, family: str) -> tuple[Reference, dict[str, str]]:
    """The engine of a family, and the profile of each of its shapes (blank ones given names, patterns repaired)."""
    triples: list[Triple] = []
    of_shape: dict[str, str] = {}
    for profile in FAMILIES[family]:
        graph = graph_of(reference, profile)
        named: dict[rdflib.term.Node, rdflib.term.Node] = {}
        for part in set(graph.objects(None, SH.property)):
            if isinstance(part, rdflib.BNode):
                named[part] = rdflib.URIRef(f"urn:shape:{profile}:{len(named)}")
        mended = rdflib.Graph()
        for subject, predicate, value in graph:
            right = _repaired(str(value)) if predicate == SH.pattern else named.get(value, value)
            mended.add((named.get(subject, subject), predicate, right))
        kinds = set(mended.subjects(RDF.type, SH.NodeShape)) | set(mended.subjects(SH.path, None))
        of_shape |= {str(shape): profile for shape in kinds if isinstance(shape, rdflib.URIRef)}
        triples += of_rdflib(mended)
    return Reference(triples), of_shape


def _repaired(pattern: str) -> rdflib.Literal:
    for java, python in _JAVA:
        pattern = pattern.replace(java, python)
    return rdflib.Literal(pattern)


@cache
def _ours(family: str) -> tuple[Reference, dict[str, str]]:
    files = dict(zip(FAMILIES[family], shape_files(FAMILIES[family]), strict=True))
    of_code = {code: profile for profile, path in files.items() for code in rules_of(path)}
    return Reference(structure_of(files.values())), of_code


def official(reference: Path, family: str, triples: Sequence[Triple]) -> dict[str, Verdict]:
    """What the official shapes of each profile of a family say under pySHACL."""
    engine, of_shape = _official(reference, family)
    found = [
        (of_shape[each.shape], (each.focus.node, each.path.iri if each.path else "", _component(each.component)))
        for each in engine.results(triples)
    ]
    return _composed(family, found)


def ours_by_reference(family: str, triples: Sequence[Triple]) -> dict[str, Verdict]:
    """What our shapes say under pySHACL."""
    engine, of_code = _ours(family)
    seen = map(observation_of, engine.results(triples))
    return _composed(family, [(of_code[each.code], (each.node, each.path, each.component)) for each in seen])


def ours(family: str, triples: Sequence[Triple]) -> dict[str, Verdict]:
    """What our shapes say under the fast engine."""
    return {
        profile: frozenset(
            (each.node, each.path, each.component) for each in ProfileRun.of(profile).check(triples).official
        )
        for profile in FAMILIES[family]
    }


def _composed(family: str, found: Iterable[tuple[str, tuple[str, str, str]]]) -> dict[str, Verdict]:
    by_profile: dict[str, set[tuple[str, str, str]]] = {}
    for profile, result in found:
        by_profile.setdefault(profile, set()).add(result)
    assert by_profile.keys() <= FILES.keys()
    return {
        profile: frozenset().union(*(by_profile.get(each, set()) for each in components(profile)))
        for profile in FAMILIES[family]
    }


def _component(iri: str) -> str:
    return f"sh:{iri.removeprefix(str(SH))}"
