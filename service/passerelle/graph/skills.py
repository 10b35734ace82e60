"""The ESCO skills of a store: their texts, their relations, and who needs them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from passerelle.graph.statements.writer import TYPE, term
from passerelle.namespaces import Minting
from passerelle.records.text import LanguageText

_NEEDS = ("esco:relatedEssentialSkill", "esco:relatedOptionalSkill")


def preferred_labels(store: ox.Store, minting: Minting) -> Iterator[tuple[str, LanguageText]]:
    """Everything in graph `esco` with its preferred labels, in the store's order: a question for each is far dearer."""
    graph = ox.NamedNode(minting.graph("esco"))
    for quad in store.quads_for_pattern(None, term("skos:prefLabel"), None, graph):
        subject, text = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(text, ox.Literal) and text.language:
            yield subject.value, LanguageText(text.value, text.language)


class SkillGraph:
    """The graph `esco` of a store, read in whole properties: a question for each skill takes ten times as long."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._skills = {
            quad.subject.value
            for quad in store.quads_for_pattern(None, TYPE, term("esco:Skill"), None)
            if isinstance(quad.subject, ox.NamedNode)
        }

    def texts(self, curie: str) -> Iterator[tuple[str, str, str]]:
        """Skill (IRI), language tag and text of every literal of a property that has a language."""
        for quad in self._store.quads_for_pattern(None, term(curie), None, None):
            subject, text = quad.subject, quad.object
            if isinstance(text, ox.Literal) and text.language and self._is_skill(subject):
                yield str(getattr(subject, "value", "")), text.language, text.value

    def relations(self, curie: str) -> dict[str, tuple[str, ...]]:
        """What each skill points to with a property (IRIs, sorted)."""
        found: dict[str, set[str]] = defaultdict(set)
        for quad in self._store.quads_for_pattern(None, term(curie), None, None):
            if isinstance(quad.object, ox.NamedNode) and self._is_skill(quad.subject):
                found[str(getattr(quad.subject, "value", ""))].add(quad.object.value)
        return {skill: tuple(sorted(each)) for skill, each in found.items()}

    def needs(self) -> Iterator[str]:
        """The skill of each relation from an occupation to a skill, essential or optional."""
        for curie in _NEEDS:
            for quad in self._store.quads_for_pattern(None, term(curie), None, None):
                if isinstance(quad.object, ox.NamedNode):
                    yield quad.object.value

    def _is_skill(self, node: object) -> bool:
        return isinstance(node, ox.NamedNode) and node.value in self._skills
